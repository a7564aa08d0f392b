"""Renew the encryption key of the vault."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from shuniu.kernel import rotation
from shuniu.kernel.errors import ActionError
from shuniu.kernel.scope import Actor
from shuniu.kernel.trail import record
from shuniu.kernel.vault import VaultError, keyring


class Command(BaseCommand):
    help = (
        "Make a new encryption key and seal every personal number and confidential text anew. The site may run meanwhile; "
        "restart its processes afterwards and finish with --resume, which seals what they wrote with the old key. Old keys "
        "are kept, for backups. Stopped halfway: --resume goes on. Example: shuniu manage rotate_keys"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--resume", action="store_true", help="make no new key, only finish with the present one")

    def handle(self, *args: Any, resume: bool, **options: Any) -> None:
        try:
            version = keyring().current if resume else rotation.new_key()
            self.stdout.write(f"Sealing with key {version}.")
            done = rotation.reseal(self._report)
        except (ActionError, VaultError) as error:
            raise CommandError(f"{error}") from error
        actor, detail = Actor.system("command line"), {"version": version, "values": done}
        record("keys.rotated", None, actor=actor, now=timezone.now(), detail=detail)
        self.stdout.write(
            f"{done} values were sealed anew. Restart the site's processes, then run this with --resume once."
        )

    def _report(self, table: str, seen: int, done: int) -> None:
        self.stdout.write(f"{table}: {seen} rows looked at, {done} values sealed anew")

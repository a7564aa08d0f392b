"""An account from the command line, for a site that has no site operator yet."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from shuniu.accounts.actions.users import open_account
from shuniu.kernel.errors import ActionError
from shuniu.kernel.scope import Actor


class Command(BaseCommand):
    help = (
        "Create an account with a one-time password and no role. Two security officers then give it one on the web pages. "
        "Example: shuniu manage open_account chen.lan 陈岚"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", help="the user name of the new account")
        parser.add_argument("name", help="the name shown, e.g. 陈岚")
        parser.add_argument("--mobile", default="", help="a mobile number that can be used to sign in")

    def handle(self, *args: Any, username: str, name: str, mobile: str, **options: Any) -> None:
        actor, now = Actor.system("command line"), timezone.now()
        try:
            made = open_account(username=username, name=name, mobile_number=mobile, actor=actor, now=now)
        except ActionError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Account {made.user.username}, one-time password {made.password}")

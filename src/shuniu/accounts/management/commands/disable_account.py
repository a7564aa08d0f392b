"""Close an account from the command line, when nobody is left who could do it on the pages."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from shuniu.accounts.actions.users import disable_user
from shuniu.accounts.queries.users import find_user
from shuniu.kernel.errors import ActionError
from shuniu.kernel.scope import Actor


class Command(BaseCommand):
    help = "Disable an account and end its sessions at once. Example: shuniu manage disable_account wang.min"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", help="user name or mobile number of the account")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        user = find_user(username)
        if user is None:
            raise CommandError(f"There is no account {username}.")
        try:
            disable_user(user, actor=Actor.system("command line"), now=timezone.now())
        except ActionError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Account {user.username} is disabled.")

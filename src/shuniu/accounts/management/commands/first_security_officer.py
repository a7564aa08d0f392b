"""The first accounts of a site. Everybody else gets her role from two officers on the web pages."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from shuniu.accounts.actions.grants import grant_role
from shuniu.accounts.actions.users import open_account
from shuniu.accounts.queries.grants import holders
from shuniu.kernel.errors import ActionError
from shuniu.kernel.scope import Actor

ROLE = "security_officer"
ENOUGH = 2
"""Two officers can give every further role between them, one alone cannot."""


class Command(BaseCommand):
    help = (
        "Create a security officer from the server's own command line. Roles need two people, so run it twice, for two "
        "persons; after that it refuses. Example: shuniu manage first_security_officer wang.min 王敏"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", help="the user name of the new account")
        parser.add_argument("name", help="the name shown, e.g. 王敏")
        parser.add_argument("--mobile", default="", help="a mobile number that can be used to sign in")

    def handle(self, *args: Any, username: str, name: str, mobile: str, **options: Any) -> None:
        actor, now = Actor.system("command line"), timezone.now()
        today = timezone.localdate(now)
        try:
            with transaction.atomic():
                if holders(ROLE, on=today) >= ENOUGH:
                    raise CommandError(
                        "There are two security officers already; they give further roles on the web pages."
                    )
                made = open_account(username=username, name=name, mobile_number=mobile, actor=actor, now=now)
                grant_role(
                    made.user, role=ROLE, starts_on=today, reason="first officers of the site", actor=actor, now=now
                )
        except ActionError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Security officer {made.user.username}, one-time password {made.password}")

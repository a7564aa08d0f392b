"""How Django finds the account of a session."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend

from shuniu.accounts.models import User
from shuniu.kernel.notices.queries import unread_of
from shuniu.kernel.prepared import Prepared

ACCOUNT = Prepared(lambda key: User.objects.annotate(unread=unread_of("pk")).filter(pk=key), key=int)


class AccountBackend(ModelBackend):
    """The account comes with the number of its unread notices, so that the bell on every page costs no query."""

    def get_user(self, user_id: Any) -> User | None:
        user: User | None = ACCOUNT.instance(key=user_id)
        return user if user is not None and user.is_active else None

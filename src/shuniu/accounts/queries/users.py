"""Accounts, found and listed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from axes.models import AccessAttempt
from django.db.models import Count, Max, Q, QuerySet

from shuniu.accounts.models import ApiToken, RecoveryCode, SignIn, User
from shuniu.accounts.models.users import MOBILE_PURPOSE
from shuniu.accounts.rules.names import canonical, mobile
from shuniu.accounts.rules.roles import SessionLimits
from shuniu.kernel.text import normal
from shuniu.kernel.vault import blind_index


def all_users() -> QuerySet[User]:
    """Every account. Accounts belong to the site, not to a place in the tree; `user.view` opens them."""
    return User.objects.all()


def count_users() -> tuple[int, int]:
    """How many accounts may sign in, and how many there are."""
    count = User.objects.aggregate(active=Count("pk", filter=Q(is_active=True)), total=Count("pk"))
    return count["active"], count["total"]


def find_user(typed: str) -> User | None:
    """The account with this user name or mobile, however it is written; one query in either case."""
    number = mobile(typed)
    if number is not None:
        return User.objects.filter(mobile_index=blind_index(number, MOBILE_PURPOSE)).first()
    return User.objects.filter(username=canonical(typed)).first()


def search(rows: QuerySet[User], typed: str) -> QuerySet[User]:
    """Accounts whose user name or shown name begins as typed, or whose mobile it is in full."""
    number = mobile(typed)
    if number is not None:
        return rows.filter(mobile_index=blind_index(number, MOBILE_PURPOSE))
    name = normal(typed)
    return rows.filter(Q(username__prefix=canonical(name)) | Q(name__prefix=name)) if name else rows.none()


def live_sign_ins(user_id: int, *, limits: SessionLimits, now: datetime) -> QuerySet[SignIn]:
    """The user's sessions that still last, the latest used first."""
    rows = SignIn.objects.filter(user_id=user_id, started_at__gte=now - limits.absolute, seen_at__gte=now - limits.idle)
    return rows.order_by("-seen_at", "-pk")


def tokens_of(user_id: int) -> QuerySet[ApiToken]:
    """The user's API tokens, the newest first."""
    return ApiToken.objects.filter(user_id=user_id).order_by("-pk")


def unused_recovery_codes(user_id: int) -> int:
    return RecoveryCode.objects.filter(user_id=user_id, used_at=None).count()


def get_active_user(user_id: int) -> User | None:
    return User.objects.filter(pk=user_id, is_active=True).first()


def session_of(user_id: int, sign_in_id: int) -> SignIn | None:
    """The user's live session with this number."""
    return SignIn.objects.filter(pk=sign_in_id, user_id=user_id).select_related("user").first()


def last_attempt(name: str, source: str | None) -> datetime | None:
    """When a failure was last counted under this name or from this place."""
    attempts = AccessAttempt.objects.filter(Q(username=name) | Q(ip_address=source))
    last: datetime | None = attempts.aggregate(last=Max("attempt_time"))["last"]
    return last


def emails_of(users: Collection[int]) -> dict[int, str]:
    """The e-mail addresses of those accounts that gave one and may sign in."""
    rows = User.objects.filter(pk__in=users, is_active=True).only("pk", "email")
    return {user.pk: user.email for user in rows if user.email}


def mobiles_of(users: Collection[int]) -> dict[int, str]:
    """The mobiles of those accounts that have one and may sign in."""
    rows = User.objects.filter(pk__in=users, is_active=True).only("pk", "mobile")
    return {user.pk: user.mobile for user in rows if user.mobile}

"""Guessing is stopped by account and by place (django-axes counts), for passwords and one-time codes alike.

What is counted is a keyed hash of the account, never what was typed. A browser that has signed in to the account before
is counted apart from all others, so that a stranger who guesses cannot lock the owner out.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_cool_off
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import get_random_string

from shuniu.accounts.models import User
from shuniu.accounts.queries.users import find_user, last_attempt
from shuniu.accounts.rules.names import canonical
from shuniu.kernel.vault import blind_index
from shuniu.kernel.web.visitors import source_of

COOKIE = "known_browser"
COOKIE_AGE = timedelta(days=180)
SALT = "shuniu.accounts.known_browser"
UNKNOWN = "?"
"""Begins the counted name of an account that does not exist; no user name can begin with it."""


def account_name(typed: str) -> tuple[User | None, str]:
    """The account meant and the name its attempts are counted under, the same for its user name and its mobile."""
    user = find_user(typed)
    return user, user.username if user else UNKNOWN + canonical(typed)


def counting_key(request: HttpRequest, credentials: Mapping[str, Any] | None) -> str:
    """What axes counts attempts under: a hash of the account's name and, of a browser known there, of the browser."""
    name = str((credentials or {}).get("username") or "")
    return blind_index(f"{name}\n{_known_browser(request, name)}", "account.attempts").hex()


def is_locked(request: HttpRequest, name: str) -> bool:
    """Whether another attempt at this account from this place must be refused; the answer is then `locked_out`."""
    request.axes_credentials = {"username": name}  # type: ignore[attr-defined]
    request.axes_locked_out = not AxesProxyHandler.is_allowed(request, {"username": name})  # type: ignore[attr-defined]
    return was_locked(request)


def was_locked(request: HttpRequest) -> bool:
    """Whether this request was refused, or is the one after which the next will be."""
    return bool(getattr(request, "axes_locked_out", False))


def was_counted(request: HttpRequest) -> bool:
    """Whether this request added a failure. What comes while locked out is not counted."""
    return getattr(request, "axes_failures_since_start", None) is not None


def count_failure(request: HttpRequest, name: str) -> None:
    """Count a wrong attempt; `was_locked` says afterwards whether it was one too many."""
    AxesProxyHandler.user_login_failed(sender=__name__, credentials={"username": name}, request=request)


def forget_failures(request: HttpRequest, user: User) -> None:
    """A complete sign-in ends the count at this account from this browser."""
    AxesProxyHandler.reset_attempts(username=counting_key(request, {"username": user.username}))


def locked_until(request: HttpRequest, credentials: Mapping[str, Any] | None) -> datetime | None:
    """When the attempts that lead here are forgotten."""
    last = last_attempt(counting_key(request, credentials), source_of(request))
    cool_off = get_cool_off(request)
    return last + cool_off if last and cool_off else None


def remember_browser(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Mark the browser as one that has signed in to this account."""
    if not _known_browser(request, user.username):
        mark = signing.dumps([user.username, get_random_string(16)], salt=SALT)
        age = int(COOKIE_AGE.total_seconds())
        response.set_cookie(
            COOKIE, mark, max_age=age, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
        )


def _known_browser(request: HttpRequest, name: str) -> str:
    try:
        username, browser = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=COOKIE_AGE)
    except (signing.BadSignature, ValueError):
        return ""
    return browser if username == name else ""

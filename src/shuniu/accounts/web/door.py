"""The front door: from a name and a password, by way of a one-time code, to a session."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import cast

from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from shuniu.accounts.actions import second_factor, sign_ins, users
from shuniu.accounts.enums import Ending
from shuniu.accounts.models import User
from shuniu.accounts.queries.actors import NOBODY, actor_for
from shuniu.accounts.queries.users import get_active_user, session_of
from shuniu.accounts.rules.roles import catalogue
from shuniu.accounts.rules.sessions import browser_summary, one_time_password_is_over
from shuniu.accounts.web import lockout
from shuniu.kernel.web.requests import PageRequest
from shuniu.kernel.web.visitors import source_of

BACKEND = "shuniu.accounts.backends.AccountBackend"
PENDING = "pending"
"""Session key: the password was right, the one-time code is still asked for."""
SIGN_IN, SINCE, SEEN, ENDED = "sign_in", "since", "seen", "ended"
"""Session keys: the row of the session list; when it began and was last used (POSIX time); why the last one ended."""


def check_password(request: PageRequest, typed: str, password: str) -> User | None:
    """The account whose name (or mobile) and password these are. None, after the same work, whatever is wrong."""
    known, name = lockout.account_name(typed)
    found = authenticate(request, username=name, password=password)
    if isinstance(found, User):
        if one_time_password_is_over(
            catalogue().sign_in,
            must_change=found.must_change_password,
            changed_at=found.password_changed_at,
            now=request.now,
        ):
            lockout.count_failure(request, name)
        # Guesses sent at the same time are all let in before the first is counted: ask again.
        elif not lockout.is_locked(request, name):
            return found
    _tell_failure(request, known)
    return None


def me(request: PageRequest) -> User:
    """The account that is signed in; for pages that let nobody else in."""
    return cast("User", request.user)


def is_own_password(request: PageRequest, password: str) -> bool:
    """Whether it is the password of whoever is signed in; wrong ones count like at the door."""
    return check_password(request, me(request).username, password) == request.user


def check_code(request: PageRequest, user: User, code: str) -> bool:
    """Whether the one-time code or recovery code is right; wrong ones count like wrong passwords."""
    if lockout.is_locked(request, user.username):
        return False
    if second_factor.use_code(user, code=code, actor=actor_for(user, request.today), now=request.now):
        return True
    lockout.count_failure(request, user.username)
    _tell_failure(request, user)
    return False


def admit(request: PageRequest, user: User, target: str) -> HttpResponse:
    """After the right password: in, or on to the one-time code."""
    if not user.has_second_factor:
        return begin(request, user, target)
    request.session.cycle_key()
    request.session[PENDING] = {"user": user.pk, "at": request.now.timestamp(), "next": target}
    return HttpResponseRedirect(resolve_url("accounts:second_factor"))


def pending(request: PageRequest) -> tuple[User, str] | None:
    """Who has given the right password a short while ago, and where they wanted to go."""
    kept = request.session.get(PENDING)
    if not kept or request.now - _moment(kept["at"]) > catalogue().sign_in.second_step:
        return None
    user = get_active_user(kept["user"])
    return (user, kept["next"]) if user else None


def begin(request: PageRequest, user: User, target: str) -> HttpResponse:
    """Start a session under a new key and go where the visitor wanted."""
    request.session.pop(PENDING, None)
    login(request, user, backend=BACKEND)
    request.actor = actor_for(user, request.today)
    row = sign_ins.start_session(
        user,
        session_key=request.session.session_key or "",
        source=source_of(request),
        browser=browser_summary(request.headers.get("User-Agent", "")),
        limits=catalogue().limits(request.actor.roles),
        actor=request.actor,
        now=request.now,
    )
    request.session.update({SIGN_IN: row.pk, SINCE: request.now.timestamp(), SEEN: request.now.timestamp()})
    lockout.forget_failures(request, user)
    answer = HttpResponseRedirect(safe_target(request, target))
    lockout.remember_browser(request, answer, user)
    return answer


def leave(request: PageRequest, ending: Ending) -> None:
    """End the present session on the server too; what the browser keeps is worth nothing then."""
    row = session_of(me(request).pk, request.session.get(SIGN_IN, 0))
    if row is not None:
        sign_ins.end_session(row, ending=ending, actor=request.actor, now=request.now)
    logout(request)
    request.actor = NOBODY


def change_password(request: PageRequest, password: str) -> None:
    """Set the new password; this session goes on under a new key, all others end.

    Raises:
        AccountError: the password is refused.
    """
    user, row = me(request), request.session.get(SIGN_IN, 0)
    users.change_password(user, password=password, keep=row, actor=request.actor, now=request.now)
    update_session_auth_hash(request, user)
    if row:
        key = request.session.session_key or ""
        sign_ins.move_session(row, session_key=key, actor=request.actor, now=request.now)


def safe_target(request: PageRequest, target: str) -> str:
    """`target` where it lies on this site, else the home page."""
    hosts = {request.get_host()}
    safe = url_has_allowed_host_and_scheme(target, allowed_hosts=hosts, require_https=request.is_secure())
    return target if safe else resolve_url("portal:home")


def session_times(request: PageRequest) -> tuple[datetime, datetime]:
    """When the session began and was last used. One that does not say begins now."""
    now = request.now.timestamp()
    return _moment(request.session.setdefault(SINCE, now)), _moment(request.session.setdefault(SEEN, now))


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _tell_failure(request: PageRequest, user: User | None) -> None:
    source = source_of(request)
    if lockout.was_counted(request):
        sign_ins.record_failed_sign_in(user, source=source, actor=NOBODY, now=request.now)
        if lockout.was_locked(request):
            sign_ins.record_lockout(user, source=source, actor=NOBODY, now=request.now)

"""Sessions begun, noticed and ended, and sign-ins that failed."""

from __future__ import annotations

from datetime import datetime

from django.contrib.sessions.models import Session
from django.db import transaction

from shuniu.accounts.enums import Ending
from shuniu.accounts.models import SignIn, User
from shuniu.accounts.rules.roles import SessionLimits, catalogue
from shuniu.kernel.scope import Actor
from shuniu.kernel.trail import record


@transaction.atomic
def start_session(
    user: User,
    *,
    session_key: str,
    source: str | None,
    browser: str,
    limits: SessionLimits,
    actor: Actor,
    now: datetime,
) -> SignIn:
    """Note a session that was just begun. Forgets the user's sessions that are past every limit."""
    SignIn.objects.filter(user=user, started_at__lt=now - limits.absolute).delete()
    begun = SignIn.objects.create(
        user=user, session_key=session_key, started_at=now, seen_at=now, source=source, browser=browser
    )
    record("user.signed_in", user, actor=actor, now=now, detail={"source": source, "browser": browser})
    return begun


def note_seen(sign_in_id: int, *, actor: Actor, now: datetime) -> bool:
    """Note that a session is in use; False where it was ended. Leaves no trail: it would be one entry a minute."""
    return SignIn.objects.filter(pk=sign_in_id, user=actor.user_id).update(seen_at=now) == 1


def move_session(sign_in_id: int, *, session_key: str, actor: Actor, now: datetime) -> None:
    """Note the new key of a session whose key was changed in going on."""
    SignIn.objects.filter(pk=sign_in_id, user=actor.user_id).update(session_key=session_key, seen_at=now)


@transaction.atomic
def end_session(sign_in: SignIn, *, ending: Ending, actor: Actor, now: datetime) -> None:
    """End one session, here or on another device."""
    SignIn.objects.filter(pk=sign_in.pk).end()
    record("user.signed_out", sign_in.user, actor=actor, now=now, detail={"ending": ending.value, "sessions": 1})


@transaction.atomic
def end_other_sessions(user: User, *, but: int, actor: Actor, now: datetime) -> int:
    """End every session of the user except one; how many ended."""
    ended = user.sign_ins.exclude(pk=but).end()
    record("user.signed_out", user, actor=actor, now=now, detail={"ending": Ending.ENDED.value, "sessions": ended})
    return ended


def forget_old_sessions(*, actor: Actor, now: datetime) -> int:
    """Throw away what sessions past every limit left behind; how many. Their endings leave no trail: nobody was there."""
    del actor
    SignIn.objects.filter(started_at__lt=now - catalogue().member.absolute).delete()
    return Session.objects.filter(expire_date__lt=now).delete()[0]


def record_failed_sign_in(user: User | None, *, source: str | None, actor: Actor, now: datetime) -> None:
    """A wrong name, password or code. A name that does not exist is not kept: it may be somebody's password."""
    record("user.sign_in_failed", user, actor=actor, now=now, detail={"source": source})


def record_lockout(user: User | None, *, source: str | None, actor: Actor, now: datetime) -> None:
    """Too many wrong attempts at one account or from one place."""
    record("user.locked_out", user, actor=actor, now=now, detail={"source": source})

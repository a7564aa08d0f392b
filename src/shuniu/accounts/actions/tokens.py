"""API tokens given to oneself, and taken back."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shuniu.accounts.models import ApiToken, User
from shuniu.accounts.queries.actors import TOKEN_PURPOSE
from shuniu.accounts.rules.roles import catalogue
from shuniu.kernel.errors import ActionError
from shuniu.kernel.scope import Actor
from shuniu.kernel.text import normal
from shuniu.kernel.trail import record
from shuniu.kernel.vault import blind_index

PREFIX = "shuniu_"
"""So that a token is recognised where it was left by mistake."""


LONGEST_NAME = 60


class TokenError(ActionError):
    """A token was not made."""


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token as it is handed out. `text` is known at this moment only."""

    row: ApiToken
    text: str


@transaction.atomic
def create_token(
    user: User, *, name: str, scopes: Iterable[str], last_day: date, actor: Actor, now: datetime
) -> NewToken:
    """A token valid through `last_day`, with some of the permissions that the actor holds.

    Raises:
        TokenError: no name, no permission or one that is not held, or a day that is past or too far off.
    """
    chosen = sorted(set(scopes))
    _check(name, chosen, last_day, actor, now)
    text = PREFIX + secrets.token_urlsafe(32)
    row = ApiToken.objects.create(
        user=user,
        name=normal(name),
        token_hash=blind_index(text, TOKEN_PURPOSE),
        scopes=chosen,
        created_at=now,
        expires_at=timezone.make_aware(datetime.combine(last_day, time.min) + timedelta(days=1)),
    )
    record(
        "token.created",
        row,
        actor=actor,
        now=now,
        after={"name": row.name, "scopes": chosen, "expires_at": row.expires_at},
    )
    return NewToken(row, text)


@transaction.atomic
def revoke_token(token: ApiToken, *, actor: Actor, now: datetime) -> None:
    """Make a token worthless at once.

    Raises:
        TokenError: it was revoked before.
    """
    if not ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now):
        raise TokenError(_("This token was revoked before."))
    record("token.revoked", token, actor=actor, now=now, before={"name": token.name})


def note_token_used(token: ApiToken, *, actor: Actor, now: datetime) -> None:
    """Keep the day a token was last used on; at most one write a day and no trail."""
    today = timezone.localtime(now).date()
    if token.last_used_on != today:
        ApiToken.objects.filter(pk=token.pk, user=actor.user_id).update(last_used_on=today)


def _check(name: str, scopes: list[str], last_day: date, actor: Actor, now: datetime) -> None:
    today, longest = timezone.localtime(now).date(), catalogue().sign_in.token
    if not 0 < len(normal(name)) <= LONGEST_NAME:
        raise TokenError(_("Say in at most 60 characters what the token is for."))
    if not scopes or not all(actor.may(scope) for scope in scopes):
        raise TokenError(_("Choose among the permissions that you hold yourself."))
    if not today <= last_day <= today + longest:
        raise TokenError(_("A token lasts from today for at most {days} days.").format(days=longest.days))

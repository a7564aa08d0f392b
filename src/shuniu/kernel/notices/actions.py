"""What a reader does with notices. Reading leaves no entry in the trail: it changes nothing for anybody else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from shuniu.kernel import trail
from shuniu.kernel.errors import ActionError
from shuniu.kernel.notices.models import Notice, NoticeChoice
from shuniu.kernel.notices.queries import choices_of, notices_of
from shuniu.kernel.scope import Actor


@transaction.atomic(durable=True)
def mark_read(notice: Notice, *, actor: Actor, now: datetime) -> None:
    """The reader has opened it."""
    notices_of(actor).filter(pk=notice.pk, read_at=None).update(read_at=now)


@transaction.atomic(durable=True)
def mark_all_read(*, up_to: int, actor: Actor, now: datetime) -> int:
    """The reader has seen the list; `up_to` is the newest notice on it, so that nothing unseen is marked."""
    return notices_of(actor).filter(pk__lte=up_to, read_at=None).update(read_at=now)


@transaction.atomic(durable=True)
def choose_channels(wanted: Mapping[tuple[str, str], bool], *, actor: Actor, now: datetime) -> None:
    """Say which kinds are wanted by which channel. What is not named stays as it is.

    Raises:
        ActionError: nobody is signed in.
    """
    if actor.user_id is None:
        raise ActionError("Nobody is signed in.")
    before = choices_of([actor.user_id])
    changed = {key: one for key, one in wanted.items() if before.get((actor.user_id, *key)) is not one}
    for (kind, channel), one in changed.items():
        NoticeChoice.objects.update_or_create(
            user_id=actor.user_id, kind=kind, channel=channel, defaults={"wanted": one}
        )
    if changed:
        told = {f"{kind} {channel}": one for (kind, channel), one in changed.items()}
        trail.record("notice.channels_chosen", None, actor=actor, now=now, after=told)

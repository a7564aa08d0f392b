"""Clarifications and changes of a published notice."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from shuniu.hub.enums import ReleaseTag, TenderMethod, TenderState
from shuniu.hub.models import Tender, TenderNote
from shuniu.hub.releases import write_release
from shuniu.hub.tendering import day_of, days_between, given, locked, move, rule_for
from shuniu.kernel import trail
from shuniu.kernel.errors import ActionError
from shuniu.kernel.guards import require
from shuniu.kernel.scope import Actor
from shuniu.rulebook.public import check


@transaction.atomic(durable=True)
def publish_note(
    *,
    actor: Actor,
    now: datetime,
    tender: Tender,
    text: str,
    question: str = "",
    asked_on: date | None = None,
    new_due_at: datetime | None = None,
) -> TenderNote:
    """Publish a clarification or change. One that comes too late before the deadline has to move the deadline.

    Raises:
        PermissionDenied: `tender.edit` is missing where the buyer is.
        ActionError: the deadline has passed, or it is too near for a change and is not moved far enough.
    """
    tender = locked(tender)
    require(actor, "tender.edit", tender.organisation)
    if tender.state != TenderState.PUBLISHED or tender.due_at is None or now >= tender.due_at:
        raise ActionError(_("A notice is changed only while bids may come in."))
    if new_due_at is not None and new_due_at <= tender.due_at:
        raise ActionError(_("A deadline is moved to a later moment only."))
    _refuse_late(tender, day_of(new_due_at or tender.due_at), day_of(now))
    note: TenderNote = TenderNote.everything.create(
        tender=tender,
        number=tender.notes.count() + 1,
        question=question.strip(),
        asked_on=asked_on,
        text=given(text),
        at=now,
        new_due_at=new_due_at,
    )
    move(tender, TenderState.PUBLISHED, due_at=new_due_at or tender.due_at)
    write_release(tender, ReleaseTag.TENDER_UPDATE, now)
    detail = {"number": note.number, "due_at": tender.due_at}
    trail.record("tender.note_published", tender, actor=actor, now=now, detail=detail)
    return note


def _refuse_late(tender: Tender, due: date, today: date) -> None:
    method = TenderMethod(tender.method)
    if method is TenderMethod.SINGLE:
        return
    rule = rule_for(tender, f"tender.change_days.{method.value}", today)
    verdict = check(rule, days_between(rule, today, due))
    if verdict.ok is False:
        raise ActionError(_("{sentence} Move the deadline.").format(sentence=verdict.sentence))

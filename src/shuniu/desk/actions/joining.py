"""Notes, merging two cases about one thing, and handing a case to another line."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from shuniu.desk import clockwork
from shuniu.desk.actions.cases import begin_case
from shuniu.desk.casework import CaseError, add_step, locked, save_as_it_was, tell_trail
from shuniu.desk.enums import Audience, Channel, StepKind, Who
from shuniu.desk.filing import checked_text
from shuniu.desk.lineage import setup_of
from shuniu.desk.models import Case, ServiceLine
from shuniu.desk.sight import Sight
from shuniu.kernel.scope import Actor

LEADS = frozenset({Who.DISPATCHER, Who.SUPERVISOR})


@transaction.atomic(durable=True)
def add_note(case: Case, text: str, *, actor: Actor, now: datetime) -> None:
    """Keep a note that only those who serve the case read.

    Raises:
        PermissionDenied: the actor does not serve the case.
    """
    case = locked(case)
    if not Sight.of(actor).roles(case) & {*LEADS, Who.HANDLER}:
        raise PermissionDenied
    written = checked_text(text)
    if not written:
        raise CaseError(_("Please write a few words."))
    add_step(case, StepKind.NOTE, actor=actor, now=now, text=written, audience=Audience.STAFF)
    tell_trail("case.noted", case, actor, now)


@transaction.atomic(durable=True)
def merge_case(case: Case, into: Case, *, actor: Actor, now: datetime) -> Case:
    """Close a case as being about the same as another of its line, which is kept. Both filers keep following their own.

    Raises:
        PermissionDenied: the actor does not hand out cases of the line.
        CaseError: they are of different lines, one is closed, or they are merged the other way round already.
    """
    case, kept = (locked(one) for one in sorted((case, into), key=lambda one: one.pk))
    case, kept = (case, kept) if kept.pk == into.pk else (kept, case)
    sight = Sight.of(actor)
    if not (sight.roles(case) & LEADS and sight.roles(kept) & LEADS):
        raise PermissionDenied
    _refuse_merge(case, kept)
    _end(case, actor, now, StepKind.MERGED, _("Merged into {number}.").format(number=kept.number), merged_into=kept)
    text = _("{number} is about the same and was merged into this case.").format(number=case.number)
    add_step(kept, StepKind.MERGED, actor=actor, now=now, text=text, audience=Audience.STAFF)
    tell_trail("case.merged", case, actor, now, into=kept.number)
    return case


@transaction.atomic(durable=True)
def hand_over(
    case: Case, line: ServiceLine, *, title: str, answers: dict[str, object], text: str, actor: Actor, now: datetime
) -> Case:
    """Go on with a case in another line: a new case there that knows where it came from. The old one is closed, its
    history stays with it, and what was agreed to be handed on is in `answers`.

    Raises:
        PermissionDenied: the actor does not serve the case.
        CaseError: it is closed, the line is its own, or takes no cases.
    """
    case = locked(case)
    if not Sight.of(actor).roles(case) & {*LEADS, Who.HANDLER}:
        raise PermissionDenied
    line = (
        ServiceLine.everything.select_related("organisation__area", "current")
        .defer("setup", "current__setup")
        .get(pk=line.pk)
    )
    if case.closed_at is not None or line.pk == case.line_id:
        raise CaseError(_("Only an open case is handed over, and to another line."))
    if case.is_confidential and line.secrecy != case.secrecy:
        raise CaseError(_("A confidential case is handed over to a confidential line only."))
    made = begin_case(
        line, channel=Channel.ANONYMOUS if case.is_anonymous else Channel.HANDOVER, title=title, answers=answers,
        actor=actor, now=now, filer=case.filer, employer=case.employer,
        contact=(case.contact_name, case.contact_phone), origin=case,
    )  # fmt: skip
    told = _("Handed over to “{line}” as {number}.").format(line=line, number=made.number)
    _end(case, actor, now, StepKind.HANDED_OVER, f"{told}\n{checked_text(text)}".strip())
    tell_trail("case.handed_over", case, actor, now, to=made.number)
    return made


def _refuse_merge(case: Case, kept: Case) -> None:
    if case.pk == kept.pk or case.line_id != kept.line_id:
        raise CaseError(_("Only another case of the same line can be kept in its place."))
    if case.closed_at is not None or kept.merged_into_id is not None:
        raise CaseError(_("One of the two cases is closed or merged already."))


def _end(case: Case, actor: Actor, now: datetime, kind: StepKind, text: str, **columns: object) -> None:
    """Close a case outside its flow: whatever it waited for is now awaited elsewhere."""
    setup, before = setup_of(case.version), case.state
    case.state = next(stage.key for stage in setup.states if stage.final)
    case.closed_at = now
    for name, value in columns.items():
        setattr(case, name, value)
    clockwork.follow(case, before, case.state, now)
    save_as_it_was(case, before, "state", "closed_at", "due_at", *columns)
    add_step(case, kind, actor=actor, now=now, text=text, state=case.state)

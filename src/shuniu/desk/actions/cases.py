"""Opening a case and taking it through the states of its line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shuniu.accounts.public import User
from shuniu.desk import clockwork
from shuniu.desk.casework import (
    CaseError,
    Moved,
    add_step,
    index_title,
    locked,
    next_number,
    run_closings,
    run_effects,
    run_opening,
    save_as_it_was,
    tell_trail,
)
from shuniu.desk.enums import Asks, Channel, Event, StepKind, Who
from shuniu.desk.filing import checked_text, employer_of, read_title, require_filing
from shuniu.desk.handlers import Handler, refuse_handler
from shuniu.desk.lineage import flow_of_version, setup_of
from shuniu.desk.models import Case, CaseClock, CaseStep, ServiceLine
from shuniu.desk.rules.answers import read_answers
from shuniu.desk.rules.graph import CaseMove
from shuniu.desk.sight import Sight
from shuniu.desk.standing import view_of
from shuniu.desk.telling import tell
from shuniu.kernel.scope import Actor
from shuniu.kernel.text import normal
from shuniu.kernel.vault import blind_index
from shuniu.registry.public import Employer, Person

ONCE = "case.filed.once"
"""Purpose of the hash by which a form that is sent twice opens one case."""


def open_case(
    line: ServiceLine,
    *,
    channel: Channel,
    title: str,
    answers: Mapping[str, Any],
    actor: Actor,
    now: datetime,
    filer: Person | None = None,
    employer: Employer | None = None,
    contact: tuple[str, str] = ("", ""),
    origin: Case | None = None,
    handler: Handler | None = None,
    once: str = "",
) -> Case:
    """Open a case of a line. All that is only looked up is read before the transaction, for SQLite has one writer.

    Args:
        answers: by the keys of the line's questions; checked against them.
        filer: whom it is for, where that is somebody of the registry; `contact`: name and telephone where it is not.
        once: a word that a form carries, so that a form sent twice opens one case.

    Raises:
        PermissionDenied: the actor may neither file for herself here nor enter cases for others.
        CaseError: the line takes no cases now, or something is missing or wrong.
    """
    line = _line(line)
    require_filing(line, channel, filer, actor)
    draft = _draft(
        line, channel=channel, title=title, answers=answers, now=now, filer=filer, employer=employer, contact=contact,
        origin=origin, handler=handler, once=once,
    )  # fmt: skip
    with transaction.atomic(durable=True):
        return _keep(draft, once, actor, now)


def begin_case(line: ServiceLine, *, actor: Actor, now: datetime, once: str = "", **given: Any) -> Case:
    """As `open_case`, inside the transaction of another action that has checked the right; takes `receipt` as well."""
    return _keep(_draft(line, now=now, once=once, **given), once, actor, now)


@dataclass(frozen=True, slots=True)
class _Draft:
    """A case that is not saved yet, with its clocks and its answers as they were read."""

    case: Case
    clocks: list[CaseClock]
    answers: Mapping[str, Any]


def _draft(
    line: ServiceLine,
    *,
    channel: Channel,
    title: str,
    answers: Mapping[str, Any],
    now: datetime,
    filer: Person | None = None,
    employer: Employer | None = None,
    contact: tuple[str, str] = ("", ""),
    origin: Case | None = None,
    handler: Handler | None = None,
    once: str = "",
    receipt: bytes | None = None,
) -> _Draft:
    """Check what was given and put it together; nothing is written."""
    if line.current is None or not line.is_open:
        raise CaseError(_("“{line}” takes no new cases at present.").format(line=line))
    setup = setup_of(line.current)
    found = read_answers(setup.fields, answers)
    case = Case(
        line=line,
        version=line.current,
        organisation=line.organisation,
        secrecy=line.secrecy,
        channel=channel,
        state=setup.initial,
        title=read_title(title),
        answers=json.dumps(found, ensure_ascii=False) if found else "",
        filer=filer,
        contact_name=normal(contact[0])[:50],
        contact_phone=normal(contact[1])[:30],
        employer=employer or (employer_of(filer, timezone.localtime(now).date()) if filer else None),
        origin=origin,
        opened_at=now,
        receipt=receipt,
        once=blind_index(once, ONCE) if once else None,
    )
    _give(case, handler, now)
    return _Draft(case, clockwork.begin(case, line.current, found, now), found)


def _keep(draft: _Draft, once: str, actor: Actor, now: datetime) -> Case:
    """Write a case; the one that the same form has opened before, where there is one."""
    case = draft.case
    if known := _known(once):
        return known
    if not _insert(case, now):
        return _known(once) or case
    CaseClock.everything.bulk_create(draft.clocks)
    run_opening(case, draft.answers, actor, now)
    by_filer = case.channel in {Channel.WEB, Channel.ANONYMOUS}
    add_step(case, StepKind.OPENED, actor=actor, now=now, state=case.state, by_filer=by_filer)
    index_title(case)
    tell_trail("case.opened", case, actor, now, line=case.line.key, channel=str(case.channel))
    tell(case, Event.OPENED, now=now, but=actor.user_id)
    return case


@transaction.atomic(durable=True)
def move_case(
    case: Case,
    move: str,
    *,
    actor: Actor,
    now: datetime,
    text: str = "",
    handler: Handler | None = None,
    data: Mapping[str, Any] | None = None,
    as_filer: bool = False,
) -> Case:
    """Take a transition of the line's graph, with what it asks for; effects get `data`. Returns the case as it is then.

    Raises:
        PermissionDenied: the actor is nothing to the case that may take it.
        CaseError: what the transition asks for is missing. FlowError: the state or a guard does not allow it.
    """
    case = locked(case)
    return take(case, move, actor=actor, now=now, text=text, handler=handler, data=data, as_filer=as_filer)


def take(
    case: Case,
    move: str,
    *,
    actor: Actor,
    now: datetime,
    text: str = "",
    handler: Handler | None = None,
    data: Mapping[str, Any] | None = None,
    as_filer: bool = False,
) -> Case:
    """As `move_case`, inside the transaction of another action, on a case that is `locked`."""
    flow, setup = flow_of_version(case.version), setup_of(case.version)
    if setup.move(move) is None:
        raise CaseError(_("This line has no such step."))
    view = view_of(case, Sight.of(actor).roles(case, as_filer=as_filer), now)
    taken: CaseMove = flow.check(move, view, actor)  # type: ignore[assignment]
    written = _asked(taken, text, handler)
    before, was_closed = case.state, case.closed_at is not None
    case.state = str(taken.target)
    fields = ["state", "closed_at", "reopened", "answered_at", "due_at", *_give(case, handler, now)]
    _close_or_reopen(case, was_closed, closed=case.state in setup.finals, now=now)
    clockwork.follow(case, before, case.state, now)
    if taken.asks is Asks.ANSWER:
        _note_answer(case, now)
    save_as_it_was(case, before, *fields)
    kind = StepKind.ANSWER if taken.asks is Asks.ANSWER else StepKind.MOVED
    add_step(case, kind, actor=actor, now=now, text=written, state=case.state, by_filer=_by_filer(view.roles))
    run_effects(taken.effects, case, Moved(move, before, case.state, written, actor, now, data or {}))
    if case.closed_at is not None and not was_closed:
        run_closings(case, actor, now)
    tell_trail("case.moved", case, actor, now, move=move, state=case.state)
    tell(case, Event.ASSIGNED if handler else Event.MOVED, now=now, but=actor.user_id)
    return case


@transaction.atomic(durable=True)
def assign_case(case: Case, handler: Handler, *, actor: Actor, now: datetime) -> Case:
    """Give a case to somebody who serves the line, first or anew. Takes the transition that asks for a handler, where
    there is one from here.

    Raises:
        PermissionDenied: the actor neither hands out nor supervises cases of the line.
        CaseError: the handler does not serve the line, filed the case, or works for a firm that serves the employer.
    """
    case = locked(case)
    roles = Sight.of(actor).roles(case)
    if not roles & {Who.DISPATCHER, Who.SUPERVISOR}:
        raise PermissionDenied
    if case.closed_at is not None:
        raise CaseError(_("This case is closed. Reopen it first."))
    if case.handler_id == handler.user_id:
        return case
    available = flow_of_version(case.version).available(view_of(case, roles, now), actor)
    asking = [move for move in available if isinstance(move, CaseMove) and move.asks is Asks.HANDLER]
    if asking:
        return take(case, asking[0].name, actor=actor, now=now, handler=handler)
    before = case.state
    save_as_it_was(case, before, *_give(case, handler, now))
    _told_handler(case, handler, actor, now)
    tell(case, Event.ASSIGNED, now=now, but=actor.user_id)
    return case


@transaction.atomic(durable=True)
def answer_case(case: Case, text: str, *, actor: Actor, now: datetime) -> Case:
    """Write to whoever filed the case; the first answer stops the clocks that wait for one.

    Raises:
        PermissionDenied: the actor does not serve the case.
        CaseError: there is nothing to say, or the case is closed.
    """
    case = locked(case)
    if not Sight.of(actor).roles(case) & {Who.HANDLER, Who.DISPATCHER, Who.SUPERVISOR}:
        raise PermissionDenied
    written = _open_text(case, text)
    before = case.state
    _note_answer(case, now)
    save_as_it_was(case, before, "answered_at", "due_at")
    add_step(case, StepKind.ANSWER, actor=actor, now=now, text=written)
    tell_trail("case.answered", case, actor, now)
    tell(case, Event.MESSAGE, now=now, but=actor.user_id, whom=(Who.FILER,))
    return case


@transaction.atomic(durable=True)
def write_as_filer(case: Case, text: str, *, actor: Actor, now: datetime, as_filer: bool = False) -> Case:
    """What whoever filed the case adds. `as_filer`: holds the receipt of an anonymous one. Raises as `answer_case`."""
    return add_message(case, text, actor=actor, now=now, as_filer=as_filer)


def add_message(case: Case, text: str, *, actor: Actor, now: datetime, as_filer: bool = False) -> Case:
    """As `write_as_filer`, inside the transaction of another action."""
    case = locked(case)
    if Who.FILER not in Sight.of(actor).roles(case, as_filer=as_filer):
        raise PermissionDenied
    add_step(case, StepKind.MESSAGE, actor=actor, now=now, text=_open_text(case, text), by_filer=True)
    tell_trail("case.written_to", case, actor, now)
    tell(case, Event.MESSAGE, now=now, but=actor.user_id, whom=(Who.HANDLER, Who.DISPATCHER))
    return case


def close_case(case: Case, *, actor: Actor, now: datetime, text: str = "") -> Case:
    """Close a case by the transition that leads to an end from here. Raises as `move_case`."""
    setup = setup_of(case.version)
    ends = [move for move in setup.moves if case.state in move.source and move.target in setup.finals]
    if not ends:
        raise CaseError(_("This case cannot be closed in this state."))
    chosen = next((move for move in ends if move.name == "close"), ends[0])
    return move_case(case, chosen.name, actor=actor, now=now, text=text)


def reopen_case(case: Case, *, actor: Actor, now: datetime, text: str) -> Case:
    """Open a closed case again, within the rule's days. Raises as `move_case`."""
    setup = setup_of(case.version)
    back = [move for move in setup.moves if case.state in move.source and move.target not in setup.finals]
    if not back or case.closed_at is None:
        raise CaseError(_("This case cannot be opened again."))
    return move_case(case, back[0].name, actor=actor, now=now, text=text)


def _line(line: ServiceLine) -> ServiceLine:
    rows = ServiceLine.objects.unscoped(reason="whoever files a case need not see how the line is run")
    found: ServiceLine = (
        rows.select_related("organisation__area", "current").defer("setup", "current__setup").get(pk=line.pk)
    )
    return found


def _known(once: str) -> Case | None:
    rows = Case.objects.unscoped(reason="the same form, sent by the same person a second time")
    return rows.filter(once=blind_index(once, ONCE)).first() if once else None


def _insert(case: Case, now: datetime) -> bool:
    """Save a case under the next number; False where the same form has opened it at this very moment."""
    if case.once is None:
        _save(case, now)
        return True
    try:
        with transaction.atomic():
            _save(case, now)
    except IntegrityError:
        return False
    return True


def _save(case: Case, now: datetime) -> None:
    case.number = next_number(case.line, now)
    case.save(force_insert=True)


def _asked(move: CaseMove, text: str, handler: Handler | None) -> str:
    written = checked_text(text)
    if move.asks is Asks.HANDLER and handler is None:
        raise CaseError(_("Please choose who is to handle it."))
    if move.asks in {Asks.REASON, Asks.ANSWER} and not written:
        raise CaseError(_("Please write a few words; whoever filed the case will read them."))
    return written


def _open_text(case: Case, text: str) -> str:
    if case.closed_at is not None:
        raise CaseError(_("This case is closed. Reopen it first."))
    written = checked_text(text)
    if not written:
        raise CaseError(_("Please write a few words."))
    return written


def _give(case: Case, handler: Handler | None, now: datetime) -> list[str]:
    """Set who handles the case; the columns that change."""
    if handler is None:
        return []
    refuse_handler(case, handler, now)
    case.handler_id, case.professional, case.provider_id = handler.user_id, handler.professional, handler.provider_id
    return ["handler_id", "professional_id", "provider_id"]


def _told_handler(case: Case, handler: Handler, actor: Actor, now: datetime) -> CaseStep:
    name = User.objects.values_list("name", flat=True).get(pk=handler.user_id)
    tell_trail("case.assigned", case, actor, now, handler=handler.user_id)
    return add_step(case, StepKind.ASSIGNED, actor=actor, now=now, text=name)


def _close_or_reopen(case: Case, was_closed: bool, *, closed: bool, now: datetime) -> None:  # noqa: FBT001 -- before and after
    if closed and not was_closed:
        case.closed_at = now
    elif was_closed and not closed:
        case.closed_at, case.reopened = None, case.reopened + 1


def _note_answer(case: Case, now: datetime) -> None:
    case.answered_at = case.answered_at or now
    clockwork.stop(case, [clock.key for clock in setup_of(case.version).clocks if clock.answered], now)


def _by_filer(roles: frozenset[Who]) -> bool:
    return Who.FILER in roles and Who.HANDLER not in roles

"""The steps that actions on cases share, and the seam by which other parts of the room take part in them.

An effect is something a transition does besides moving the case: `register_effect("mediation.begin", label, run)` in the
room's `ready`; setups then name it by its key. `run` is called inside the transaction of the move.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from shuniu.desk.enums import Audience, StepKind
from shuniu.desk.models import Case, CaseStep, CaseWord, LineSerial, ServiceLine
from shuniu.desk.rules.graph import Part
from shuniu.desk.words import hashes
from shuniu.kernel import trail
from shuniu.kernel.errors import ActionError
from shuniu.kernel.scope import Actor


class CaseError(ActionError):
    """Something that cannot be done with a case now."""


class ChangedError(CaseError):
    """Somebody else was faster."""

    def __init__(self) -> None:
        super().__init__(_("Somebody else has changed this case. Please load the page again."))


@dataclass(frozen=True, slots=True)
class Moved:
    """A transition that is being taken, as effects get it."""

    name: str
    before: str
    after: str
    text: str
    actor: Actor
    now: datetime
    data: Mapping[str, Any] = field(default_factory=dict)


Effect = Callable[[Case, Moved], object]
_effects: Final[dict[str, tuple[Part, Effect]]] = {}


def register_effect(key: str, label: str | Promise, run: Effect) -> None:
    """Let setups name an effect."""
    _effects[key] = (Part(key, label), run)


def effects() -> dict[str, Part]:
    """Every effect that setups may name."""
    return {key: part for key, (part, _run) in _effects.items()}


def run_effects(keys: tuple[str, ...], case: Case, moved: Moved) -> None:
    """Do what a transition does besides. An effect that this installation has not (any more) is passed over."""
    for key in keys:
        if key in _effects:
            _effects[key][1](case, moved)


Opening = Callable[[Case, Mapping[str, Any], Actor, datetime], object]
_openings: Final[dict[str, Opening]] = {}
Closing = Callable[[Case, Actor, datetime], object]
_closings: Final[list[Closing]] = []


def register_opening(kind: str, run: Opening) -> None:
    """Have `run(case, answers, actor, now)` keep what a new case of lines of a kind needs beside it."""
    _openings[kind] = run


def run_opening(case: Case, answers: Mapping[str, Any], actor: Actor, now: datetime) -> None:
    """Do what a new case of this kind of line needs, in the transaction that opens it."""
    if case.line.kind in _openings:
        _openings[case.line.kind](case, answers, actor, now)


def register_closing(run: Closing) -> None:
    """Have `run(case, actor, now)` done whenever a case of any line has come to an end."""
    _closings.append(run)


def run_closings(case: Case, actor: Actor, now: datetime) -> None:
    """Do what the end of a case brings with it, in the transaction that ends it."""
    for run in _closings:
        run(case, actor, now)


def next_number(line: ServiceLine, now: datetime) -> str:
    """The next number of the line: its letters, the year, and a serial that two cases never share."""
    return next_numbers(line, timezone.localtime(now).year, 1)[0]


def next_numbers(line: ServiceLine, year: int, count: int) -> list[str]:
    """The next numbers of the line in a year, taken at once."""
    rows = LineSerial.everything.filter(line=line, year=year)
    if not rows.update(last=F("last") + count):
        LineSerial.everything.get_or_create(line=line, year=year)
        rows.update(last=F("last") + count)
    last = rows.values_list("last", flat=True)[0]
    letters = line.prefix or f"L{line.pk}-"
    return [f"{letters}{year}{serial:05d}" for serial in range(last - count + 1, last + 1)]


def index_title(case: Case) -> None:
    """Make an open case findable by the words of its title."""
    if not case.is_confidential:
        CaseWord.everything.bulk_create([CaseWord(case=case, word=word) for word in hashes(case.title)])


def add_step(
    case: Case,
    kind: StepKind,
    *,
    actor: Actor,
    now: datetime,
    text: str = "",
    state: str = "",
    by_filer: bool = False,
    audience: Audience = Audience.ALL,
) -> CaseStep:
    """A line of the case's history. Of an anonymous filer nothing is noted."""
    return CaseStep.everything.create(
        case=case,
        at=now,
        kind=kind,
        audience=audience,
        by_account=None if by_filer and case.is_anonymous else actor.user_id,
        by_name="" if by_filer else actor.name,
        by_filer=by_filer,
        state=state,
        text=text,
    )


def locked(case: Case) -> Case:
    """The case as it is now, held until the transaction ends; what belongs to it is read with it."""
    rows: QuerySet[Case] = Case.objects.unscoped(reason="the action has been given a case that its door found in sight")
    return (
        rows.select_for_update(of=("self",))
        .select_related("organisation__area", "line", "version")
        .defer("line__setup", "version__setup")
        .get(pk=case.pk)
    )


def save_as_it_was(case: Case, before: str, *fields: str) -> None:
    """Write some columns, if the case is still in the state it was read in.

    Raises:
        ChangedError: it is not.
    """
    rows = Case.objects.unscoped(reason="the action has checked what its actor is to the case")
    values = {name: getattr(case, name) for name in fields}
    if not rows.filter(pk=case.pk, state=before, erased_at=None).update(**values):
        raise ChangedError


def tell_trail(verb: str, case: Case, actor: Actor, now: datetime, **detail: object) -> None:
    """One entry of the trail: numbers and states, never content; nor who filed a confidential case."""
    if case.is_confidential and case.filer_id is not None and case.filer_id == actor.person_id:
        actor = Actor(None, _("Whoever filed it"))
    trail.record(verb, case, actor=actor, now=now, detail={"case": case.number, **detail})

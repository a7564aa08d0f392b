"""Counselling: consent, sessions, the crisis ladder, and figures that reveal nobody."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuniu.desk.enums import CrisisLevel, CrisisState, CrisisStep
from shuniu.kernel.flow import Flow, State, Transition

K = TypeVar("K", bound=Hashable)

SESSION, SESSIONS, GROUP = "counselling.session_minutes", "counselling.sessions", "group.suppression"
RESPOND: Final[Mapping[str, str]] = {
    CrisisLevel.RED: "crisis.red_minutes",
    CrisisLevel.ORANGE: "crisis.orange_minutes",
    CrisisLevel.YELLOW: "crisis.yellow_minutes",
    CrisisLevel.BLUE: "crisis.blue_minutes",
}
"""Ids of the rules that say within how many minutes each level is acted on."""
TELL, FOLLOW_UP, ESCALATE = "crisis.tell_minutes", "crisis.follow_up_hours", "crisis.escalate_minutes"


@dataclass(frozen=True, slots=True)
class Rung:
    """What a level of the crisis ladder asks: who acts, and what is done first."""

    level: str
    who: str | Promise
    act: str | Promise
    form: str | Promise
    steps: tuple[str, ...]

    @property
    def level_label(self) -> str | Promise:
        return CrisisLevel(self.level).label


LADDER: Final = (
    Rung(
        CrisisLevel.RED,
        _("Counsellor on the spot, duty supervisor, kin"),
        _(
            "Stay with the person. Call 120 or 110. Tell kin or the employer only what is needed to keep the person safe."
        ),
        _("Crisis report at once; the kin's signature on what they were told"),
        (CrisisStep.STAY, CrisisStep.TELL, CrisisStep.DAY, CrisisStep.THREE_DAYS, CrisisStep.WEEK),
    ),
    Rung(
        CrisisLevel.ORANGE,
        _("Counsellor and supervisor"),
        _("See an expert on the same day and agree on a safety plan with the person."),
        _("Crisis report, safety plan"),
        (CrisisStep.EXPERT, CrisisStep.DAY, CrisisStep.THREE_DAYS, CrisisStep.WEEK),
    ),
    Rung(
        CrisisLevel.YELLOW,
        _("Counsellor"),
        _("Talk again within three days; tell the supervisor."),
        _("Crisis report"),
        (CrisisStep.TALK, CrisisStep.WEEK),
    ),
    Rung(
        CrisisLevel.BLUE,
        _("Counsellor"),
        _("Go on with the sessions as agreed and look again each time."),
        _("Note in the record"),
        (CrisisStep.TALK,),
    ),
)


@dataclass(frozen=True, slots=True)
class CrisisLike:
    """What the flow needs to know of a crisis."""

    state: CrisisState


CRISIS: Final = Flow[CrisisLike](
    "desk.crisis",
    _("Crises"),
    initial=CrisisState.OPEN,
    states=(
        State(CrisisState.OPEN, CrisisState.OPEN.label, "bad"),
        State(CrisisState.CLOSED, CrisisState.CLOSED.label, "done"),
    ),
    transitions=(
        Transition("close", pgettext_lazy("crisis", "Close"), (CrisisState.OPEN,), CrisisState.CLOSED, "service.give"),
    ),
)


def rung(level: str) -> Rung:
    """What a level asks. StopIteration for a level that is none."""
    return next(one for one in LADDER if one.level == level)


def due_steps(
    level: str, at: datetime, *, respond: int, tell: int, follow_up: tuple[int, ...]
) -> Iterator[tuple[str, datetime]]:
    """What is to be done after a crisis was found at `at`, and by when.

    Args:
        level: of the ladder.
        at: when it was found; calendar time, for a crisis knows no office hours.
        respond: minutes until the first act.
        tell: minutes until kin or employer know what they must, at the highest level.
        follow_up: hours until the first, second and third look.
    """
    hours = dict(zip((CrisisStep.DAY, CrisisStep.THREE_DAYS, CrisisStep.WEEK), follow_up, strict=False))
    for step in rung(level).steps:
        if step in hours:
            yield step, at + timedelta(hours=hours[CrisisStep(step)])
        else:
            yield step, at + timedelta(minutes=tell if step == CrisisStep.TELL else respond)


def sessions_left(used: int, paid: int, extra: int) -> int:
    """Sessions of this matter and year that the union still pays."""
    return max(paid + extra - used, 0)


def suppressed(parts: Mapping[K, int], least: int) -> dict[K, int | None]:
    """The parts of a total that may be shown beside it; None for one that is kept back.

    A part below `least` people is kept back. So that nobody takes the shown parts from the total and learns the hidden
    ones, what is hidden adds up to at least `least` people in at least two parts: the smallest shown ones go, too. A part of
    none is shown only while nothing else is hidden, for it would tell the hidden ones apart.
    """
    hidden = {key for key, number in parts.items() if 0 < number < least}
    if not hidden:
        return dict(parts)
    by_size = iter(sorted((key for key in parts if key not in hidden), key=lambda key: (parts[key] == 0, parts[key])))
    while len(hidden) < 2 or sum(parts[key] for key in hidden) < least:
        following = next(by_size, None)
        if following is None:
            break
        hidden.add(following)
    return {key: None if key in hidden else number for key, number in parts.items()}


def total_shown(total: int, least: int) -> int | None:
    """A total that may be shown; None below the smallest group."""
    return total if total >= least else None

"""A day of duty and its swaps: the states they go through, and when one checks in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuniu.desk.enums import RosterState, ShiftState, SwapState
from shuniu.kernel.flow import Flow, State, Transition


@dataclass(frozen=True, slots=True)
class InState:
    """All that these flows need to know of a row."""

    state: str


ROSTER: Final = Flow[InState](
    "desk.roster",
    _("Duty rosters"),
    initial=RosterState.DRAFT,
    states=(
        State(RosterState.DRAFT, RosterState.DRAFT.label, "warn"),
        State(RosterState.PUBLISHED, RosterState.PUBLISHED.label, "good"),
    ),
    transitions=(
        Transition(
            "publish", pgettext_lazy("roster", "Publish"), (RosterState.DRAFT,), RosterState.PUBLISHED, "roster.approve"
        ),
    ),
)

DUTY: Final = Flow[InState](
    "desk.duty",
    _("Days of duty"),
    initial=ShiftState.PLANNED,
    states=(
        State(ShiftState.PLANNED, ShiftState.PLANNED.label, "neutral", limit="roster.checkin_minutes"),
        State(ShiftState.PRESENT, ShiftState.PRESENT.label, "good"),
        State(ShiftState.CALLED, ShiftState.CALLED.label, "warn"),
        State(ShiftState.COVERED, ShiftState.COVERED.label, "active"),
        State(ShiftState.MISSED, ShiftState.MISSED.label, "bad"),
    ),
    transitions=(
        Transition(
            "check_in",
            pgettext_lazy("duty day", "Check in"),
            (ShiftState.PLANNED, ShiftState.CALLED),
            ShiftState.PRESENT,
            "service.give",
        ),
        Transition(
            "call",
            pgettext_lazy("duty day", "Call the substitute"),
            (ShiftState.PLANNED,),
            ShiftState.CALLED,
            "roster.edit",
        ),
        Transition(
            "cover", pgettext_lazy("duty day", "Take over"), (ShiftState.CALLED,), ShiftState.COVERED, "service.give"
        ),
        Transition(
            "miss",
            pgettext_lazy("duty day", "Nobody came"),
            (ShiftState.PLANNED, ShiftState.CALLED),
            ShiftState.MISSED,
            "roster.edit",
        ),
    ),
)

SWAP: Final = Flow[InState](
    "desk.swap",
    _("Swaps of duty"),
    initial=SwapState.OFFERED,
    states=(
        State(SwapState.OFFERED, SwapState.OFFERED.label, "warn"),
        State(SwapState.TAKEN, SwapState.TAKEN.label, "warn"),
        State(SwapState.DONE, SwapState.DONE.label, "good"),
        State(SwapState.REFUSED, SwapState.REFUSED.label, "bad"),
        State(SwapState.WITHDRAWN, SwapState.WITHDRAWN.label, "done"),
        State(SwapState.LAPSED, SwapState.LAPSED.label, "done"),
    ),
    transitions=(
        Transition("take", pgettext_lazy("swap", "Take"), (SwapState.OFFERED,), SwapState.TAKEN, "service.give"),
        Transition("swap", pgettext_lazy("swap", "Take at once"), (SwapState.OFFERED,), SwapState.DONE, "service.give"),
        Transition("approve", pgettext_lazy("swap", "Approve"), (SwapState.TAKEN,), SwapState.DONE, "roster.approve"),
        Transition("refuse", pgettext_lazy("swap", "Refuse"), (SwapState.TAKEN, SwapState.OFFERED), SwapState.REFUSED, "roster.approve", danger=True),
        Transition("withdraw", pgettext_lazy("swap", "Withdraw"), (SwapState.OFFERED, SwapState.TAKEN), SwapState.WITHDRAWN, "service.give", danger=True),
        Transition("lapse", pgettext_lazy("swap", "Let lapse"), (SwapState.OFFERED, SwapState.TAKEN), SwapState.LAPSED, "roster.edit"),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Window:
    """When one checks in: from `opens` until `closes`; then the substitute is called."""

    opens: datetime
    closes: datetime

    def has(self, now: datetime) -> bool:
        return self.opens <= now <= self.closes

    def is_over(self, now: datetime) -> bool:
        return now > self.closes


def check_in_window(starts_at: datetime, before: int, after: int) -> Window:
    """The window of a duty that begins at `starts_at`; `before` and `after` in minutes."""
    return Window(starts_at - timedelta(minutes=before), starts_at + timedelta(minutes=after))

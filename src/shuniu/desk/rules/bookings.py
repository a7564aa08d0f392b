"""Bookings: the states they go through, and what may be done until when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuniu.desk.enums import BookingState as State_
from shuniu.desk.enums import WaitState
from shuniu.kernel.flow import Flow, State, Transition

LIVE: Final = (State_.HELD, State_.OFFERED, State_.CONFIRMED)
"""States that hold a place against others."""
SEATED: Final = (*LIVE, State_.ATTENDED, State_.MISSED)
"""States in which the place is, or was, taken."""

HOLD, CANCEL, NO_SHOWS, NO_SHOW_DAYS, WAIT = (
    "booking.hold_minutes", "booking.cancel_hours", "booking.no_shows", "booking.no_show_days", "booking.wait_days",
)  # fmt: skip
OFFER, REMIND, AHEAD, MOST = "booking.offer_hours", "booking.remind_hours", "booking.ahead_days", "booking.open_most"


@dataclass(frozen=True, slots=True)
class Kept:
    """What the flow needs to know of a booking: its state, and where the line lies."""

    state: State_


BOOKING: Final = Flow[Kept](
    "desk.booking",
    _("Bookings"),
    initial=State_.HELD,
    states=(
        State(State_.HELD, State_.HELD.label, "neutral", limit=HOLD),
        State(State_.OFFERED, State_.OFFERED.label, "warn", limit=OFFER),
        State(State_.CONFIRMED, State_.CONFIRMED.label, "active"),
        State(State_.ATTENDED, State_.ATTENDED.label, "good"),
        State(State_.MISSED, State_.MISSED.label, "bad"),
        State(State_.CANCELLED, State_.CANCELLED.label, "done"),
        State(State_.WITHDRAWN, State_.WITHDRAWN.label, "warn"),
        State(State_.LAPSED, State_.LAPSED.label, "done"),
    ),
    transitions=(
        Transition(
            "confirm", pgettext_lazy("booking", "Confirm"), (State_.HELD, State_.OFFERED), State_.CONFIRMED, "own.view"
        ),
        Transition(
            "lapse", pgettext_lazy("booking", "Let lapse"), (State_.HELD, State_.OFFERED), State_.LAPSED, "booking.edit"
        ),
        Transition("cancel", pgettext_lazy("booking", "Cancel"), LIVE, State_.CANCELLED, "own.view", danger=True),
        Transition(
            "withdraw", pgettext_lazy("booking", "Call off"), LIVE, State_.WITHDRAWN, "booking.edit", danger=True
        ),
        Transition(
            "attend", pgettext_lazy("booking", "Has come"), (State_.CONFIRMED,), State_.ATTENDED, "service.give"
        ),
        Transition(
            "miss",
            pgettext_lazy("booking", "Has not come"),
            (State_.CONFIRMED,),
            State_.MISSED,
            "service.give",
            danger=True,
        ),
    ),
)

WAITING: Final = Flow[Kept](
    "desk.waiting",
    _("Waiting list"),
    initial=WaitState.WAITING,
    states=(
        State(WaitState.WAITING, WaitState.WAITING.label, "neutral"),
        State(WaitState.OFFERED, WaitState.OFFERED.label, "warn", limit=OFFER),
        State(WaitState.BOOKED, WaitState.BOOKED.label, "good"),
        State(WaitState.LEFT, WaitState.LEFT.label, "done"),
        State(WaitState.PASSED, WaitState.PASSED.label, "done"),
    ),
    transitions=(
        Transition("offer", pgettext_lazy("waiting", "Offer a place"), (WaitState.WAITING,), WaitState.OFFERED, "booking.edit"),
        Transition("book", pgettext_lazy("waiting", "Take the place"), (WaitState.OFFERED,), WaitState.BOOKED, "own.view"),
        Transition("miss", pgettext_lazy("waiting", "Offer lapsed"), (WaitState.OFFERED,), WaitState.WAITING, "booking.edit"),
        Transition("leave", pgettext_lazy("waiting", "Leave the list"), (WaitState.WAITING, WaitState.OFFERED), WaitState.LEFT, "own.view"),
        Transition("pass", pgettext_lazy("waiting", "Days have passed"), (WaitState.WAITING,), WaitState.PASSED, "booking.edit"),
    ),
)  # fmt: skip


def held_until(now: datetime, minutes: int) -> datetime:
    """The end of a hold."""
    return now + timedelta(minutes=minutes)


def may_cancel(starts_at: datetime, now: datetime, hours: int) -> bool:
    """Whether there are still at least `hours` until it begins."""
    return starts_at - now >= timedelta(hours=hours)


def wait_until(missed: Iterable[datetime], *, most: int, within_days: int, wait_days: int) -> datetime | None:
    """The moment until which somebody who stayed away too often has to wait; None for everybody else.

    Args:
        missed: when the appointments that she did not come to began.
        most: from so many within `within_days` days on she waits `wait_days` days after the last of them.
    """
    ordered = sorted(missed)
    waits = [
        ordered[index] + timedelta(days=wait_days)
        for index in range(most - 1, len(ordered))
        if ordered[index] - ordered[index - most + 1] <= timedelta(days=within_days)
    ]
    return max(waits, default=None)


def remind_at(starts_at: datetime, hours: int) -> datetime:
    """When somebody is reminded."""
    return starts_at - timedelta(hours=hours)


def every_week(first: datetime, times: int, weeks: int = 1) -> list[datetime]:
    """The starts of a series: the same weekday and hour, `weeks` apart."""
    return [first + timedelta(weeks=weeks * number) for number in range(times)]


def last_day(today: date, ahead: int) -> date:
    """The last day that can be booked today."""
    return today + timedelta(days=ahead)

"""What a membership's events mean: which may follow which, what standing they give, and in which periods.

Source of the events and states: the membership rules cited in `docs/rooms/registry.md` (one admission, dynamic
transfer; membership follows the labour relation; nobody is ever deleted, a period is closed).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from shuniu.registry.enums import MembershipAct as Act
from shuniu.registry.enums import Standing

FOREVER = date(9999, 12, 31)

AFTER: dict[Act, Standing] = {
    Act.APPLIED: Standing.APPLIED,
    Act.APPROVED: Standing.ACTIVE,
    Act.REFUSED: Standing.REFUSED,
    Act.TRANSFERRED_OUT: Standing.ACTIVE,
    Act.TRANSFERRED_IN: Standing.ACTIVE,
    Act.RESERVED: Standing.RESERVED,
    Act.RESUMED: Standing.ACTIVE,
    Act.LEFT: Standing.LEFT,
    Act.EXPELLED: Standing.EXPELLED,
    Act.DIED: Standing.DECEASED,
}
"""The standing that each event leaves behind. A transfer issued leaves the member where she is until received."""

_NOT_A_MEMBER = frozenset({None, Standing.APPLIED, Standing.LEFT, Standing.EXPELLED, Standing.REFUSED})
_MEMBER = frozenset({Standing.ACTIVE, Standing.RESERVED})

BEFORE: dict[Act, frozenset[Standing | None]] = {
    Act.APPLIED: frozenset({None, Standing.LEFT, Standing.EXPELLED, Standing.REFUSED}),
    Act.APPROVED: _NOT_A_MEMBER,
    Act.REFUSED: frozenset({Standing.APPLIED}),
    Act.TRANSFERRED_OUT: _MEMBER,
    Act.TRANSFERRED_IN: _MEMBER,
    Act.RESERVED: frozenset({Standing.ACTIVE}),
    Act.RESUMED: frozenset({Standing.RESERVED}),
    Act.LEFT: _MEMBER,
    Act.EXPELLED: frozenset({Standing.ACTIVE}),
    Act.DIED: frozenset({None, Standing.APPLIED, Standing.ACTIVE, Standing.RESERVED, Standing.LEFT, Standing.EXPELLED}),
}
"""The standings in which each event may happen; None is a person without any event."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event of one person: what, with which union, on which day. The order of a list of events is their order."""

    act: Act
    organisation_id: int
    on: date


@dataclass(frozen=True, slots=True)
class Span:
    """A period `[starts_on, ends_on)` of one standing with one union."""

    organisation_id: int
    standing: Standing
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Today:
    """What the last event leaves: standing, home union, and the day of the first admission still in force."""

    standing: Standing
    organisation_id: int
    joined_on: date | None


class OutOfOrder(ValueError):  # noqa: N818 -- says what is wrong with the events
    """An event that may not happen in the standing of its day, or on a day before the event it follows.

    Attributes:
        event: the event that does not fit.
        standing: what the person's standing was; None without any event.
        since: the day of the event before it, if the days are what is wrong.
    """

    def __init__(self, event: Event, standing: Standing | None, since: date | None = None) -> None:
        super().__init__(f"{event.act.name} on {event.on} after {standing and standing.name}")
        self.event, self.standing, self.since = event, standing, since


def standing_on(events: Iterable[Event], day: date) -> Standing | None:
    """The standing on `day`; None for somebody who had no event by then."""
    standing = None
    for event in events:
        if event.on > day:
            break
        standing = AFTER[event.act]
    return standing


def check_order(events: Sequence[Event]) -> None:
    """Raise `OutOfOrder` at the first event that may not follow those before it."""
    standing: Standing | None = None
    last: Event | None = None
    for event in events:
        if last and event.on < last.on:
            raise OutOfOrder(event, standing, last.on)
        if standing not in BEFORE[event.act]:
            raise OutOfOrder(event, standing)
        standing, last = AFTER[event.act], event


def spans(events: Sequence[Event]) -> list[Span]:
    """The periods in which a person was a member or had membership reserved, oldest first.

    A standing that began and ended on one day held on no day and leaves no period.
    """
    found: list[Span] = []
    now: tuple[int, Standing, date] | None = None
    for event in events:
        after = AFTER[event.act]
        if event.act is Act.TRANSFERRED_OUT:
            continue
        place = (event.organisation_id, after) if after in _MEMBER else None
        if now and (place != now[:2]):
            if event.on > now[2]:
                found.append(Span(*now, event.on))
            now = None
        if place and now is None:
            now = (*place, event.on)
    if now:
        found.append(Span(*now, FOREVER))
    return found


def today(events: Sequence[Event]) -> Today:
    """What the events leave. `events` is not empty.

    `joined_on` is the day of admission and survives transfer and reservation; it is None outside membership.
    """
    joined: date | None = None
    home = events[-1].organisation_id
    standing: Standing = Standing.APPLIED
    for event in events:
        standing = AFTER[event.act]
        if event.act is Act.APPROVED:
            joined = event.on
        elif standing not in _MEMBER:
            joined = None
        if event.act is not Act.TRANSFERRED_OUT:
            home = event.organisation_id
    return Today(standing, home, joined)

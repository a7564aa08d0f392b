"""Standing and periods follow from events."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuniu.registry.enums import MembershipAct as Act
from shuniu.registry.enums import Standing
from shuniu.registry.rules.membership import (
    AFTER,
    BEFORE,
    FOREVER,
    Event,
    OutOfOrder,
    Span,
    check_order,
    spans,
    standing_on,
    today,
)

D = [date(2020, 1, 1) + timedelta(days=100 * n) for n in range(8)]


def events(*acts: tuple[Act, int, int]) -> list[Event]:
    return [Event(act, union, D[day]) for act, union, day in acts]


LIFE = events(
    (Act.APPLIED, 1, 0),
    (Act.APPROVED, 1, 1),
    (Act.TRANSFERRED_OUT, 1, 2),
    (Act.TRANSFERRED_IN, 2, 3),
    (Act.RESERVED, 2, 4),
    (Act.RESUMED, 2, 5),
    (Act.LEFT, 2, 6),
)


def test_a_life_in_the_union_leaves_its_periods() -> None:
    check_order(LIFE)

    assert spans(LIFE) == [
        Span(1, Standing.ACTIVE, D[1], D[3]),
        Span(2, Standing.ACTIVE, D[3], D[4]),
        Span(2, Standing.RESERVED, D[4], D[5]),
        Span(2, Standing.ACTIVE, D[5], D[6]),
    ]


def test_a_transfer_issued_leaves_the_member_where_she_is_until_it_is_received() -> None:
    assert spans(LIFE[:3]) == [Span(1, Standing.ACTIVE, D[1], FOREVER)]
    assert today(LIFE[:3]).organisation_id == 1
    assert today(LIFE[:4]).organisation_id == 2


def test_the_day_of_joining_survives_transfer_and_reservation_and_ends_with_membership() -> None:
    assert today(LIFE[:6]).joined_on == D[1]
    assert today(LIFE).joined_on is None


def test_standing_on_a_day_counts_the_day_of_the_event() -> None:
    assert standing_on(LIFE, D[1] - timedelta(days=1)) == Standing.APPLIED
    assert standing_on(LIFE, D[1]) == Standing.ACTIVE
    assert standing_on(LIFE, D[0] - timedelta(days=1)) is None


@pytest.mark.parametrize(
    "wrong",
    [
        events((Act.APPROVED, 1, 1), (Act.APPROVED, 2, 2)),
        events((Act.LEFT, 1, 1)),
        events((Act.APPROVED, 1, 1), (Act.DIED, 1, 2), (Act.APPROVED, 1, 3)),
        events((Act.APPLIED, 1, 1), (Act.TRANSFERRED_IN, 2, 2)),
        events((Act.APPROVED, 1, 1), (Act.RESUMED, 1, 2)),
    ],
)
def test_an_event_that_cannot_follow_is_refused(wrong: list[Event]) -> None:
    with pytest.raises(OutOfOrder) as refusal:
        check_order(wrong)

    assert refusal.value.event == wrong[-1]


def test_an_event_before_the_last_one_is_refused_with_that_day() -> None:
    with pytest.raises(OutOfOrder) as refusal:
        check_order(events((Act.APPROVED, 1, 3), (Act.LEFT, 1, 2)))

    assert refusal.value.since == D[3]


def test_a_standing_of_no_day_leaves_no_period() -> None:
    assert spans(events((Act.APPROVED, 1, 1), (Act.LEFT, 1, 1))) == []


@st.composite
def lives(draw: st.DrawFn) -> list[Event]:
    """Any order of events that is allowed, over three unions and a few days."""
    told: list[Event] = []
    standing: Standing | None = None
    day = D[0]
    for _ in range(draw(st.integers(1, 12))):
        possible = [act for act in Act if standing in BEFORE[act]]
        if not possible:
            break
        act = draw(st.sampled_from(possible))
        stays = act in {Act.TRANSFERRED_OUT, Act.RESERVED, Act.RESUMED, Act.LEFT, Act.EXPELLED, Act.DIED, Act.REFUSED}
        union = told[-1].organisation_id if stays and told else draw(st.integers(1, 3))
        day += timedelta(days=draw(st.integers(0, 3)))
        told.append(Event(act, union, day))
        standing = AFTER[act]
    return told


@given(lives(), st.integers(-2, 40))
def test_periods_agree_with_the_events_on_every_day(told: list[Event], offset: int) -> None:
    day = D[0] + timedelta(days=offset)
    holding = [span for span in spans(told) if span.starts_on <= day < span.ends_on]
    standing = standing_on(told, day)

    check_order(told)
    assert [span.standing for span in holding] == (
        [standing] if standing in {Standing.ACTIVE, Standing.RESERVED} else []
    )

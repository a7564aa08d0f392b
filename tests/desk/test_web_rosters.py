"""Pages of duty and bookings as people use them: a tap, a refusal, a stranger, and queries that do not grow."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from shuniu.desk.enums import BookingState
from shuniu.desk.models import Booking, Shift
from shuniu.desk.queries.bookings import free_slots
from tests.desk import objects_rosters as objects
from tests.factories import Cast

pytestmark = pytest.mark.django_db


def more_bookings(cast: Cast, number: int) -> None:
    """Copies of Bob's booking on later days, and copies of the lawyer's duty."""
    booking, shift = objects.booking(cast), objects.shift(cast)
    begun = Shift.everything.count()
    for step in range(begun, number):
        Booking.everything.create(
            line=booking.line, shown_to=booking.shown_to, professional=booking.professional, person=booking.person,
            starts_at=booking.starts_at + timedelta(days=step), ends_at=booking.ends_at + timedelta(days=step),
            state=BookingState.CONFIRMED, made_at=booking.made_at,
        )  # fmt: skip
        Shift.everything.create(
            roster=shift.roster, line=shift.line, day=shift.day + timedelta(days=step), professional=shift.professional
        )


def test_a_member_books_by_day_and_time_and_finds_it_among_her_bookings(cast: Cast) -> None:
    own, bob = objects.plan(cast), cast.bob.client
    first = timezone.localdate() + timedelta(days=2)
    slot = free_slots(own.line, first, first, now=timezone.now(), person=cast.bob.person)[0][0]
    page = bob.get(reverse("desk:book_line", args=[own.line.key]), {"day": first.isoformat()})

    held = bob.post(
        page.request["PATH_INFO"],
        {"professional": slot.professional.pk, "starts_at": slot.opening.starts_at.isoformat()},
    )
    bob.post(held["Location"], {"topic": "拖欠工资", "phone": ""})

    assert slot.opening.starts_at.isoformat() in page.content.decode()
    booking = Booking.everything.get()
    assert booking.state == BookingState.CONFIRMED
    shown = bob.get(reverse("desk:my_bookings")).content.decode()
    assert str(booking.line) in shown
    assert cast.charlie.client.get(reverse("desk:booking", args=[booking.pk])).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [{}, {"professional": "x", "starts_at": "gestern"}, {"professional": "9" * 30, "starts_at": "2026-13-45T99:00"}],
)
def test_a_time_that_is_none_is_answered_in_a_sentence(cast: Cast, wrong: dict[str, str]) -> None:
    url = reverse("desk:book_line", args=[objects.plan(cast).line.key])

    page = cast.bob.client.post(url, wrong, follow=True)

    assert "请选择时间。" in page.content.decode()
    assert not Booking.everything.exists()


@pytest.mark.parametrize("query", ["month=2026-99", "month=x", "day=gestern", "with=abc", "instead=1e9", "year=999999"])
def test_silly_addresses_are_no_errors(cast: Cast, query: str) -> None:
    line, roster = objects.plan(cast).line, objects.roster(cast)

    for url in (reverse("desk:book_line", args=[line.key]), reverse("desk:roster", args=[roster.pk])):
        assert cast.dana.client.get(f"{url}?{query}").status_code == 200


def test_a_seat_of_no_day_is_not_found(cast: Cast) -> None:
    roster = objects.roster(cast)

    for day, half in (("2026-02-30", "day"), ("x", "day"), ("2026-11-25", "night")):
        assert cast.dana.client.get(reverse("desk:shift_settle", args=[roster.pk, day, half, 0])).status_code == 404


@pytest.mark.parametrize("name", ["rosters", "roster", "my_days", "bookings", "my_bookings", "swaps", "plans"])
def test_queries_do_not_grow_with_rows(cast: Cast, name: str) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(url).status_code == 200
        return len(caught)

    objects.swap(cast), objects.plan(cast), objects.booking(cast)
    player = {"my_days": cast.lawyer, "my_bookings": cast.bob}.get(name, cast.dana)
    url = reverse(f"desk:{name}", args=[objects.roster(cast).pk] if name == "roster" else [])
    client = player.client
    more_bookings(cast, 2)
    queries()

    few = queries()
    more_bookings(cast, 4)

    assert queries() == few


def test_a_feed_is_a_calendar_of_times_without_names(cast: Cast) -> None:
    objects.booking(cast)

    page = cast.lawyer.client.post(reverse("desk:feed_make")).content.decode()
    address = page.split('value="http://testserver')[1].split('"')[0]
    answer = cast.erin.client.get(address)

    assert answer["Content-Type"].startswith("text/calendar")
    text = b"".join(answer) if answer.streaming else answer.content
    assert text.count(b"BEGIN:VEVENT") == 2
    assert "包一鸣" not in text.decode()


def test_help_is_found_without_an_account(cast: Cast) -> None:
    page = cast.erin.client.get(reverse("desk:help_now")).content.decode()

    assert 'href="tel:120"' in page
    assert "紧急求助" in page

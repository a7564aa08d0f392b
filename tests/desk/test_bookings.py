"""A time is given once; who may book, cancel and stay away is what the rules say; counsel is nobody else's business."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connections, transaction

from shuniu.desk import jobs
from shuniu.desk.actions import bookings, counselling, waiting
from shuniu.desk.actions.bookings import Details
from shuniu.desk.enums import BookingState, CrisisLevel, CrisisStep, Theme, WaitState
from shuniu.desk.models import Booking, Consent, Crisis, CrisisTask, ServiceLine, SessionNote, Shift, Waiter
from shuniu.desk.queries import bookings as queries
from shuniu.desk.queries import counselling as counsel
from shuniu.hub.models import Conflict, Professional
from shuniu.kernel.errors import ActionError
from shuniu.kernel.models import TrailEntry
from tests.desk.making import make_line
from tests.desk.rostering import SYSTEM, ZONE, at, link, make_counselling, make_plan, make_roster, make_team
from tests.factories import Cast
from tests.hub.making import make_professional, make_provider
from tests.registry.making import cover, make_district, make_employer, make_member

NOW = at(8)
NINE, TEN = at(9), at(10)


@pytest.fixture
def line(cast: Cast) -> ServiceLine:
    return make_line(cast.district)


@pytest.fixture
def lawyer(cast: Cast, line: ServiceLine) -> Professional:
    professional = link(make_professional(make_provider(cast.district, name="恒川律师事务所")), cast.lawyer)
    make_plan(line, professional)
    return professional


def hold(cast: Cast, line: ServiceLine, who: Professional, starts_at: datetime = NINE, now: datetime = NOW) -> Booking:
    return bookings.hold_slot(line, who.pk, starts_at, actor=cast.bob.actor, now=now)


def booked(
    cast: Cast, line: ServiceLine, who: Professional, starts_at: datetime = NINE, now: datetime = NOW
) -> Booking:
    what = Details(topic="拖欠工资怎么办", theme=Theme.STRESS if queries.needs_consent(line) else "")
    return bookings.confirm_booking(hold(cast, line, who, starts_at, now), what, actor=cast.bob.actor, now=now)


@pytest.mark.django_db
def test_a_member_holds_and_confirms_and_a_case_of_the_line_is_open(
    cast: Cast, line: ServiceLine, lawyer: Professional
) -> None:
    booking = hold(cast, line, lawyer)

    again = hold(cast, line, lawyer)
    done = bookings.confirm_booking(booking, Details(topic="拖欠工资怎么办"), actor=cast.bob.actor, now=NOW)
    twice = bookings.confirm_booking(booking, Details(topic="别的"), actor=cast.bob.actor, now=NOW)

    assert again.pk == booking.pk == twice.pk
    assert (done.state, twice.topic) == (BookingState.CONFIRMED, "拖欠工资怎么办")
    assert done.case is not None
    assert (done.case.filer_id, done.case.handler_id) == (cast.bob.actor.person_id, cast.lawyer.actor.user_id)
    assert line.cases.count() == 1


@pytest.mark.django_db
def test_a_time_that_is_taken_or_never_was_is_refused(cast: Cast, line: ServiceLine, lawyer: Professional) -> None:
    booked(cast, line, lawyer)
    other = make_member(cast.union, name="邱二")
    actor = type(cast.bob.actor)(None, "邱二", other.pk, cast.bob.actor.grants)

    for moment in (NINE, at(9, 30), at(12), at(7), at(9, day=date(2026, 3, 6)), at(9, day=date(2027, 3, 4))):
        with pytest.raises(ActionError, match="该时段已被预约"):
            bookings.hold_slot(line, lawyer.pk, moment, actor=actor, now=NOW)


@pytest.mark.django_db
def test_a_hold_ends_after_ten_minutes_and_another_takes_the_time(
    cast: Cast, line: ServiceLine, lawyer: Professional
) -> None:
    booking = hold(cast, line, lawyer)
    late = NOW + timedelta(minutes=10)

    with pytest.raises(ActionError, match="只为您保留到08:10"):
        bookings.confirm_booking(booking, Details(), actor=cast.bob.actor, now=late)
    other = bookings.hold_slot(line, lawyer.pk, NINE, actor=cast.dana.actor, now=late, for_others=True)

    booking.refresh_from_db()
    assert (booking.state, other.state) == (BookingState.LAPSED, BookingState.HELD)
    assert jobs.watch_bookings(late + timedelta(minutes=11)) == [other.pk]


@pytest.mark.django_db
def test_it_is_cancelled_a_day_ahead_and_not_later(cast: Cast, line: ServiceLine, lawyer: Professional) -> None:
    soon = booked(cast, line, lawyer)
    later = booked(cast, line, lawyer, at(9, day=date(2026, 3, 12)))

    with pytest.raises(ActionError, match="24小时"):
        bookings.cancel_booking(soon, actor=cast.bob.actor, now=NOW)
    bookings.cancel_booking(later, actor=cast.bob.actor, now=at(9, day=date(2026, 3, 11)))

    later.refresh_from_db()
    assert later.state == BookingState.CANCELLED
    with pytest.raises(PermissionDenied):
        bookings.cancel_booking(soon, actor=cast.charlie.actor, now=NOW)


@pytest.mark.django_db
def test_who_stays_away_twice_in_sixty_days_waits_thirty(cast: Cast, line: ServiceLine, lawyer: Professional) -> None:
    for day in (date(2026, 3, 5), date(2026, 3, 12)):
        booking = booked(cast, line, lawyer, at(9, day=day), now=at(8, day=day))
        bookings.settle_booking(booking, came=False, actor=cast.lawyer.actor, now=at(10, day=day))

    with pytest.raises(ActionError, match="2026年4月11日起可以再次预约"):
        hold(cast, line, lawyer, at(9, day=date(2026, 3, 19)), now=at(11, day=date(2026, 3, 12)))
    assert hold(cast, line, lawyer, at(9, day=date(2026, 4, 16)), now=at(9, 1, day=date(2026, 4, 11)))


@pytest.mark.django_db
def test_a_firm_that_serves_the_workers_employer_is_not_offered_and_the_reason_told(
    cast: Cast, line: ServiceLine, lawyer: Professional
) -> None:
    employer = make_employer(cast.town, name="云川机械厂")
    cover(cast.union, employer)
    Conflict.everything.create(provider=lawyer.provider, employer=employer, starts_on=date(2026, 1, 1))

    slots, barred = queries.free_slots(line, NINE.date(), NINE.date(), now=NOW, person=cast.bob.person)

    assert (slots, barred) == ([], ["恒川律师事务所"])
    with pytest.raises(ActionError, match="恒川律师事务所为您的用人单位"):
        hold(cast, line, lawyer)


@pytest.mark.django_db
def test_members_of_other_districts_and_nobody_in_particular_cannot_book(
    cast: Cast, line: ServiceLine, lawyer: Professional
) -> None:
    elsewhere = make_member(make_district()[1], name="外区人")
    stranger = type(cast.bob.actor)(None, "外", elsewhere.pk, cast.bob.actor.grants)

    with pytest.raises(ActionError, match="面向云川区总工会"):
        bookings.hold_slot(line, lawyer.pk, NINE, actor=stranger, now=NOW)
    for player in (cast.operator, cast.audit, cast.manager):
        with pytest.raises(PermissionDenied):
            bookings.hold_slot(line, lawyer.pk, NINE, actor=player.actor, now=NOW)


@pytest.mark.django_db
def test_a_clerk_books_for_a_caller_by_name(cast: Cast, line: ServiceLine, lawyer: Professional) -> None:
    booking = bookings.hold_slot(line, lawyer.pk, NINE, actor=cast.desk.actor, now=NOW, for_others=True)

    with pytest.raises(ActionError, match="为谁预约"):
        bookings.confirm_booking(booking, Details(), actor=cast.desk.actor, now=NOW)
    bookings.confirm_booking(booking, Details(name="秦女士", phone="13800000000"), actor=cast.desk.actor, now=NOW)

    booking.refresh_from_db()
    assert (booking.name, booking.case.contact_name if booking.case else "") == ("秦女士", "秦女士")


@pytest.mark.django_db
def test_the_waiting_list_is_offered_in_turn_and_an_offer_lapses(
    cast: Cast, line: ServiceLine, lawyer: Professional
) -> None:
    thursdays = [date(2026, 3, 5), date(2026, 3, 12)]
    for day in thursdays:
        for hour in (9, 10, 11):
            bookings.hold_slot(line, lawyer.pk, at(hour, day=day), actor=cast.dana.actor, now=NOW, for_others=True)
    waiter = waiting.join_waiting(line, from_day=thursdays[0], to_day=thursdays[1], actor=cast.bob.actor, now=NOW)
    assert jobs.fill_waiting(NOW) == []

    freed = NOW + timedelta(minutes=11)
    assert jobs.fill_waiting(freed) == [waiter.pk]
    waiter.refresh_from_db()
    assert waiter.booking is not None
    assert waiter.booking.starts_at == NINE
    assert jobs.fill_waiting(freed) == []

    over = waiter.booking.held_until
    assert over is not None
    jobs.watch_bookings(over)
    waiter.refresh_from_db()
    assert (waiter.state, waiter.booking) == (WaitState.WAITING, None)
    jobs.fill_waiting(at(8, day=date(2026, 3, 13)))
    assert Waiter.everything.get(pk=waiter.pk).state == WaitState.PASSED


@pytest.mark.django_db
def test_a_reminder_goes_out_once_a_day_ahead(cast: Cast, line: ServiceLine, lawyer: Professional) -> None:
    booking = booked(cast, line, lawyer, at(9, day=date(2026, 3, 12)))

    assert jobs.watch_bookings(at(8, 59, day=date(2026, 3, 11))) == []
    assert jobs.watch_bookings(at(9, 0, day=date(2026, 3, 11))) == [booking.pk]
    assert jobs.watch_bookings(at(9, 1, day=date(2026, 3, 11))) == []


@pytest.mark.django_db
def test_counsel_asks_for_consent_first_and_keeps_the_text_agreed_to(cast: Cast) -> None:
    line, counsellor = make_counselling(cast)

    with pytest.raises(ActionError, match="知情同意书"):
        hold(cast, line, counsellor)
    consent = counselling.give_consent(line, actor=cast.bob.actor, now=NOW)
    assert counselling.give_consent(line, actor=cast.bob.actor, now=NOW).pk == consent.pk
    assert "不足五人的分组不提供任何数字" in Consent.everything.get().text
    hold(cast, line, counsellor)

    counselling.withdraw_consent(consent, actor=cast.bob.actor, now=NOW)
    with pytest.raises(ActionError, match="知情同意书"):
        hold(cast, line, counsellor, TEN)


@pytest.mark.django_db
def test_the_union_pays_six_sessions_of_a_matter_and_more_with_approval(cast: Cast) -> None:
    line, counsellor = make_counselling(cast)
    counselling.give_consent(line, actor=cast.bob.actor, now=NOW)
    first = booked(cast, line, counsellor)
    bookings.settle_booking(first, came=True, actor=cast.lawyer.actor, now=NINE)
    late = at(10)

    with pytest.raises(ActionError, match="工会承担费用的6次"):
        bookings.book_series(first, times=6, actor=cast.lawyer.actor, now=late)
    course = Booking.everything.get(pk=first.pk).course
    assert course is not None
    with pytest.raises(PermissionDenied):
        counselling.approve_sessions(course, more=2, actor=cast.dana.actor, now=late)
    counselling.approve_sessions(course, more=2, actor=cast.mediator.actor, now=late)
    course.refresh_from_db()
    assert queries.sessions_of(course) == 1
    assert course.extra == 2


@pytest.mark.django_db
def test_a_series_is_booked_whole_or_not_at_all(cast: Cast) -> None:
    line, counsellor = make_counselling(cast)
    counselling.give_consent(line, actor=cast.bob.actor, now=NOW)
    first = booked(cast, line, counsellor)

    found = bookings.book_series(first, times=3, actor=cast.lawyer.actor, now=NOW)
    assert [one.starts_at.astimezone(ZONE).date() for one in found] == [
        date(2026, 3, 12), date(2026, 3, 19), date(2026, 3, 26),
    ]  # fmt: skip
    with pytest.raises(ActionError, match="本次未作任何预约"):
        bookings.book_series(first, times=1, actor=cast.lawyer.actor, now=NOW)
    assert Booking.everything.count() == 4


@pytest.mark.django_db
def test_counsel_is_seen_by_nobody_but_those_concerned(cast: Cast) -> None:
    line, counsellor = make_counselling(cast)
    counselling.give_consent(line, actor=cast.bob.actor, now=NOW)
    booking = booked(cast, line, counsellor)
    counselling.write_note(booking, text="仅督导可见的记录", actor=cast.lawyer.actor, now=at(10))

    sees = {name for name, player in cast.players() if queries.bookings(player.actor).filter(pk=booking.pk).exists()}
    reads = {name for name, player in cast.players() if SessionNote.objects.visible_to(player.actor).exists()}
    trail = " ".join(
        f"{one.actor_name} {one.actor_id} {one.changes}"
        for one in TrailEntry.objects.filter(verb__regex="^(booking|consent)")
    )

    assert sees == {"bob", "lawyer", "mediator"}
    assert reads == {"lawyer", "mediator"}
    assert "包一鸣" not in trail
    assert "仅督导可见" not in trail
    assert cast.bob.user is not None
    assert f" {cast.bob.user.pk} " not in trail


@pytest.mark.django_db
def test_a_red_crisis_lays_out_its_steps_and_a_late_one_goes_to_the_supervisor_once(cast: Cast) -> None:
    line, _counsellor = make_counselling(cast)

    crisis = counselling.report_crisis(
        line, level=CrisisLevel.RED, what="有计划和工具", whom="C0007", actor=cast.lawyer.actor, now=NOW
    )

    steps = {one.step: one.due_at - NOW for one in counsel.steps_of(crisis)}
    assert steps == {
        CrisisStep.STAY: timedelta(minutes=5),
        CrisisStep.TELL: timedelta(minutes=60),
        CrisisStep.DAY: timedelta(hours=24),
        CrisisStep.THREE_DAYS: timedelta(hours=72),
        CrisisStep.WEEK: timedelta(days=7),
    }
    stay = CrisisTask.everything.get(step=CrisisStep.STAY)
    assert jobs.watch_crises(NOW + timedelta(minutes=19)) == []
    assert jobs.watch_crises(NOW + timedelta(minutes=20)) == [stay.pk]
    assert jobs.watch_crises(NOW + timedelta(minutes=21)) == []
    counselling.do_step(stay, note="已陪伴并拨打120", actor=cast.lawyer.actor, now=NOW)
    with pytest.raises(ActionError, match="还有步骤未完成"):
        counselling.close_crisis(crisis, actor=cast.mediator.actor, now=NOW)
    for task in CrisisTask.everything.filter(done_at=None):
        counselling.do_step(task, note="已回访", actor=cast.mediator.actor, now=NOW)
    counselling.close_crisis(crisis, actor=cast.mediator.actor, now=NOW)


@pytest.mark.django_db
def test_crises_are_reported_by_counsellors_and_read_by_them_and_supervisors_only(cast: Cast) -> None:
    line, _counsellor = make_counselling(cast)
    for player in (cast.dana, cast.expert, cast.bob, cast.operator):
        with pytest.raises(PermissionDenied):
            counselling.report_crisis(line, level=CrisisLevel.BLUE, what="x", whom="", actor=player.actor, now=NOW)
    counselling.report_crisis(line, level=CrisisLevel.BLUE, what="x", whom="", actor=cast.lawyer.actor, now=NOW)

    assert {name for name, player in cast.players() if Crisis.objects.visible_to(player.actor).exists()} == {
        "lawyer", "mediator",
    }  # fmt: skip


@pytest.mark.django_db
def test_figures_of_counselling_hide_small_groups_and_what_would_reveal_them(cast: Cast) -> None:
    line, counsellor = make_counselling(cast)
    assert counsel.figures(line, 2026, NOW.date()).people is None
    for number in range(9):
        theme = Theme.STRESS if number < 7 else Theme.FAMILY
        person = make_member(cast.union, name=f"员{number}")
        actor = type(cast.bob.actor)(None, "员", person.pk, cast.bob.actor.grants)
        counselling.give_consent(line, actor=actor, now=NOW)
        day = date(2026, 3, 5) + timedelta(weeks=number // 3)
        booking = bookings.hold_slot(line, counsellor.pk, at(9 + number % 3, day=day), actor=actor, now=NOW)
        bookings.confirm_booking(booking, Details(theme=theme), actor=actor, now=NOW)
        bookings.settle_booking(booking, came=True, actor=cast.lawyer.actor, now=at(13, day=day))

    found = counsel.figures(line, 2026, NOW.date())

    assert (found.people, found.sessions) == (9, 9)
    assert found.themes[Theme.FAMILY] is None
    assert found.themes[Theme.STRESS] is None


def at_once(deeds: list[Callable[[], object]]) -> list[str]:
    """Do all deeds from one moment, each over a connection of its own; what each was refused with, empty where it was not."""
    refused = [""] * len(deeds)
    start = Barrier(len(deeds))

    def run(place: int) -> None:
        start.wait()
        while True:
            try:
                deeds[place]()
            except ActionError as error:
                refused[place] = str(error)
            except OperationalError:  # SQLite in memory does not wait for its turn
                continue
            finally:
                connections.close_all()
            return

    threads = [Thread(target=run, args=(place,)) for place in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


@pytest.mark.django_db(transaction=True)
def test_of_a_hundred_who_want_ten_places_at_one_moment_exactly_ten_get_one() -> None:
    with transaction.atomic():
        federation, _town = make_district()
        lawyer = make_professional(make_provider(federation))
    line = make_line(federation)
    make_plan(line, lawyer, capacity=10)

    def want() -> object:
        return bookings.hold_slot(line, lawyer.pk, NINE, actor=SYSTEM, now=NOW, for_others=True)

    refused = at_once([want] * 100)

    assert refused.count("") == 10
    assert sorted(Booking.everything.values_list("seat", flat=True)) == list(range(10))
    assert {text for text in refused if text} == {"该时段已被预约，请另选时间。"}


@pytest.mark.django_db
def test_a_published_roster_can_be_booked_in_its_office_hours(cast: Cast) -> None:
    line = make_line(cast.district)
    roster = make_roster(line, make_team(cast.district), slot_minutes=30)

    slots, _barred = queries.free_slots(line, NINE.date(), NINE.date(), now=NOW, person=cast.bob.person)

    hours = [slot.opening.starts_at.astimezone(ZONE).strftime("%H:%M") for slot in slots]
    assert hours[:2] == ["09:00", "09:30"]
    assert (hours[5], hours[6], hours[-1], len(hours)) == ("11:30", "13:30", "17:00", 14)
    assert Shift.everything.filter(roster=roster, day=NINE.date(), professional=slots[0].professional).exists()

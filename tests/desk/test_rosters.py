"""A roster from the first day to the last: filled, published, swapped, checked in to, and mended."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise, product

import pytest
from django.core.exceptions import PermissionDenied

from shuniu.desk import jobs
from shuniu.desk.actions import duties, rosters
from shuniu.desk.enums import Half, RosterState, ShiftState, SolvingState, SwapState
from shuniu.desk.models import Feed, Roster, Shift, Swap
from shuniu.desk.queries import rosters as queries
from shuniu.desk.rules.rosters import Place, breaches
from shuniu.hub.models import Absence, Professional
from shuniu.kernel.calendar import CalendarError
from shuniu.kernel.errors import ActionError
from shuniu.kernel.models import TrailEntry
from shuniu.kernel.notices.models import Notice
from shuniu.rulebook.models import UnitRule
from tests.desk.making import make_line
from tests.desk.rostering import FIRST, LAST, SYSTEM, at, link, make_roster, make_team
from tests.factories import Cast, make_player

pytestmark = pytest.mark.django_db
EARLY = at(9, day=date(2026, 2, 20))


@pytest.fixture
def team(cast: Cast) -> list[Professional]:
    return make_team(cast.district)


@pytest.fixture
def roster(cast: Cast, team: list[Professional]) -> Roster:
    link(team[0], cast.lawyer)
    link(team[2], cast.mediator)
    return make_roster(make_line(cast.district), team)


def shift_of(roster: Roster, professional: Professional, number: int = 0) -> Shift:
    rows = queries.all_shifts(roster).filter(professional=professional).order_by("day")
    return rows.select_related(
        "roster__line__organisation__area", "line__organisation__area", "professional", "substitute"
    )[number]


def swap_without_approval(roster: Roster) -> None:
    UnitRule.everything.create(
        organisation=roster.organisation, rule_id="roster.swap_approval", operator="EQ", numbers=[0],
        valid_from=FIRST, valid_to=date(9999, 12, 31), source_zh="本会规定", reason="试", set_by_name="戴娜",
        set_at=EARLY, path=roster.organisation.path,
    )  # fmt: skip


def test_a_month_is_filled_evenly_with_substitutes_of_other_firms(roster: Roster, team: list[Professional]) -> None:
    found = list(queries.all_shifts(roster).select_related("professional", "substitute").order_by("day"))
    firms = [one.professional.provider_id for one in found]

    assert roster.state == RosterState.PUBLISHED
    assert len(found) == 20
    assert {queries.loads_of(roster, queries.team_of(roster))[n].duties for n in range(10)} == {2}
    assert all(one != other for one, other in pairwise(firms))
    assert all(one.substitute and one.substitute.provider_id != one.professional.provider_id for one in found)


def test_only_a_planner_of_the_place_makes_and_publishes_rosters(cast: Cast, team: list[Professional]) -> None:
    line = make_line(cast.district)
    what = rosters.NewRoster(line=line, team=tuple(team), starts_on=FIRST, ends_on=LAST)

    for player in (cast.alice, cast.cadre, cast.desk, cast.lawyer, cast.operator):
        with pytest.raises(PermissionDenied):
            rosters.make_roster(what, actor=player.actor, now=EARLY)

    roster = rosters.make_roster(what, actor=cast.dana.actor, now=EARLY)
    with pytest.raises(PermissionDenied):
        rosters.publish_roster(roster, actor=cast.desk.actor, now=EARLY)


def test_an_unfilled_roster_is_not_published_and_a_year_without_calendar_is_not_begun(
    cast: Cast, team: list[Professional]
) -> None:
    line = make_line(cast.district)
    roster = rosters.make_roster(
        rosters.NewRoster(line=line, team=tuple(team), starts_on=FIRST, ends_on=LAST), actor=SYSTEM, now=EARLY
    )

    with pytest.raises(ActionError, match="2026年3月2日无人值班"):
        rosters.publish_roster(roster, actor=SYSTEM, now=EARLY)
    with pytest.raises(CalendarError, match="2027"):
        rosters.make_roster(
            rosters.NewRoster(line=line, team=tuple(team), starts_on=date(2026, 12, 1), ends_on=date(2027, 2, 1)),
            actor=SYSTEM, now=EARLY,
        )  # fmt: skip


def test_two_published_rosters_of_a_line_never_overlap(roster: Roster, team: list[Professional]) -> None:
    what = rosters.NewRoster(line=roster.line, team=tuple(team), starts_on=date(2026, 3, 20), ends_on=date(2026, 4, 20))

    with pytest.raises(ActionError, match="已有发布的值班表"):
        rosters.make_roster(what, actor=SYSTEM, now=EARLY)


def test_clashing_rules_are_told_and_kept_with_the_draft(cast: Cast, team: list[Professional]) -> None:
    for one in team:
        Absence.everything.create(
            professional=one, reason="leave", starts_on=date(2026, 3, 10), ends_on=date(2026, 3, 11)
        )

    roster = make_roster(make_line(cast.district), team, publish=False)

    assert roster.solving == SolvingState.FAILED
    (clash,) = roster.solved["clashes"]
    assert clash.startswith("2026年3月10日无人可值班：值班表全部10人均请假（律1")
    assert queries.all_shifts(roster).count() == 19


def test_an_absence_later_changes_few_days_and_none_gone_by(roster: Roster, team: list[Professional]) -> None:
    absent = shift_of(roster, team[4], 1)
    before = queries.plan_of(roster)
    Absence.everything.create(
        professional=team[4], reason="leave", starts_on=absent.day, ends_on=absent.day + timedelta(days=1)
    )

    days = rosters.repair_roster(roster, actor=SYSTEM, now=at(9, day=date(2026, 3, 4)))

    after = queries.plan_of(roster)
    assert absent.day in days
    assert len(days) <= 4
    assert all(before[place] == after[place] for place in before if place.day <= date(2026, 3, 4))
    assert rosters.repair_roster(roster, actor=SYSTEM, now=at(9, day=date(2026, 3, 4))) == []


def test_a_change_by_hand_keeps_to_the_rules_or_says_why_not(roster: Roster, team: list[Professional]) -> None:
    shift = shift_of(roster, team[0])
    place = Place(shift.day, Half.DAY, 0)
    following = queries.all_shifts(roster).filter(day__gt=shift.day).order_by("day").first()
    assert following is not None
    same_firm = next(one for one in team if one.provider_id == following.professional.provider_id)

    with pytest.raises(ActionError, match="间隔不足"):
        rosters.settle_shift(roster, place, same_firm, actor=SYSTEM, now=EARLY)
    rosters.settle_shift(roster, place, same_firm, despite="只有该所有空", actor=SYSTEM, now=EARLY)

    shift.refresh_from_db()
    assert (shift.professional_id, shift.is_settled) == (same_firm.pk, True)
    with pytest.raises(ActionError, match="不在本值班表范围内"):
        rosters.settle_shift(roster, Place(date(2026, 3, 7), Half.DAY, 0), team[0], actor=SYSTEM, now=EARLY)


def test_a_swap_is_offered_taken_approved_by_a_third_and_both_are_told(
    cast: Cast, roster: Roster, team: list[Professional]
) -> None:
    shift, given = _exchange(cast, roster, team)
    swap = duties.offer_shift(shift, reason="开庭", actor=cast.lawyer.actor, now=EARLY)

    state = duties.take_shift(swap, in_return=given, actor=cast.mediator.actor, now=EARLY)

    assert state == SwapState.TAKEN
    swap.refresh_from_db()
    with pytest.raises(PermissionDenied):
        duties.approve_swap(swap, actor=cast.desk.actor, now=EARLY)
    duties.approve_swap(swap, actor=cast.dana.actor, now=EARLY)
    shift.refresh_from_db()
    swap.refresh_from_db()
    assert (shift.professional_id, swap.state) == (given.professional_id, SwapState.DONE)
    assert Notice.objects.unscoped(reason="who was told").filter(kind="desk.duty").count() == 2
    verbs = list(TrailEntry.objects.filter(verb__startswith="duty.").values_list("verb", flat=True).order_by("number"))
    assert verbs == ["duty.offered", "duty.taken", "duty.swapped"]
    with pytest.raises(ActionError):
        duties.approve_swap(swap, actor=cast.dana.actor, now=EARLY)


def _exchange(cast: Cast, roster: Roster, team: list[Professional]) -> tuple[Shift, Shift]:
    """A duty of the first and one of somebody of another firm, now the cast's mediator, that can be exchanged."""
    task, plan = queries.task_of(roster), queries.plan_of(roster)
    for one, other, taker in product(range(2), range(2), team[2:]):
        shift, given = shift_of(roster, team[0], one), shift_of(roster, taker, other)
        after = plan | {Place(shift.day, "day", 0): taker.pk, Place(given.day, "day", 0): team[0].pk}
        if all(breach.is_wish for breach in breaches(task, after)):
            Professional.everything.filter(user=cast.mediator.user).update(user=None)
            link(taker, cast.mediator)
            return shift, shift_of(roster, taker, other)
    raise AssertionError("no two duties can be exchanged")


def test_a_swap_that_puts_a_firm_on_duty_two_days_running_is_refused(
    cast: Cast, roster: Roster, team: list[Professional]
) -> None:
    swap_free = None
    for shift in queries.all_shifts(roster).filter(professional__provider=team[0].provider).order_by("day"):
        neighbour = (
            queries.all_shifts(roster).filter(day__gt=shift.day).select_related("professional").order_by("day").first()
        )
        if neighbour and neighbour.professional.user_id is None and neighbour.day > FIRST:
            swap_free = neighbour
            break
    assert swap_free is not None
    other = make_player("professional", username="other")
    link(swap_free.professional, other)
    full = shift_of(roster, swap_free.professional, 0)
    offered = duties.offer_shift(
        queries.shifts(other.actor).get(pk=swap_free.pk), reason="", actor=other.actor, now=EARLY
    )

    with pytest.raises(ActionError, match="间隔不足"):
        duties.take_shift(offered, actor=cast.lawyer.actor, now=EARLY)
    assert full.professional_id == swap_free.professional_id


def test_nobody_offers_a_strangers_duty_or_takes_one_of_another_roster(
    cast: Cast, roster: Roster, team: list[Professional]
) -> None:
    shift = shift_of(roster, team[0])
    outsider = make_player("professional", username="outsider")

    with pytest.raises(ActionError, match="只有值班人本人"):
        duties.offer_shift(shift, reason="", actor=cast.mediator.actor, now=EARLY)
    swap = duties.offer_shift(shift, reason="", actor=cast.lawyer.actor, now=EARLY)
    with pytest.raises(ActionError, match="已发起换班"):
        duties.offer_shift(shift, reason="", actor=cast.lawyer.actor, now=EARLY)
    with pytest.raises(ActionError, match="只有本值班表的人员"):
        duties.take_shift(swap, actor=outsider.actor, now=EARLY)
    duties.withdraw_swap(swap, actor=cast.lawyer.actor, now=EARLY)
    assert not queries.swaps(outsider.actor).exists()


def test_offers_lapse_on_the_day_itself(cast: Cast, roster: Roster, team: list[Professional]) -> None:
    shift = shift_of(roster, team[0])
    swap = duties.offer_shift(shift, reason="", actor=cast.lawyer.actor, now=EARLY)

    assert jobs.lapse_swaps(at(9, day=shift.day - timedelta(days=1))) == []
    assert jobs.lapse_swaps(at(9, day=shift.day)) == [swap.pk]
    assert jobs.lapse_swaps(at(10, day=shift.day)) == []
    assert Swap.everything.get(pk=swap.pk).state == SwapState.LAPSED


def test_check_in_has_a_window_and_then_the_substitute_is_called_once(
    cast: Cast, roster: Roster, team: list[Professional]
) -> None:
    shift = shift_of(roster, team[0])
    Shift.everything.filter(pk=shift.pk).update(substitute=team[2])
    Shift.everything.filter(day__lt=shift.day).update(state=ShiftState.PRESENT)
    shift = shift_of(roster, team[0])

    with pytest.raises(ActionError, match="08:00起可以签到"):
        duties.check_in(shift, actor=cast.lawyer.actor, now=at(7, 59, shift.day))
    assert jobs.watch_duties(at(9, 15, shift.day)) == []
    assert jobs.watch_duties(at(9, 16, shift.day)) == [shift.pk]
    assert jobs.watch_duties(at(9, 17, shift.day)) == []

    shift = shift_of(roster, team[0])
    assert shift.state == ShiftState.CALLED
    assert duties.check_in(shift, actor=cast.mediator.actor, now=at(10, 0, shift.day)) == ShiftState.COVERED
    assert queries.on_duty(roster.line, shift.day)[0].name == team[2].name


def test_who_checks_in_in_time_is_present_and_nobody_is_called(
    cast: Cast, roster: Roster, team: list[Professional]
) -> None:
    shift = shift_of(roster, team[0])
    Shift.everything.filter(day__lt=shift.day).update(state=ShiftState.PRESENT)

    duties.check_in(shift, actor=cast.lawyer.actor, now=at(8, 55, shift.day))

    assert jobs.watch_duties(at(18, day=shift.day)) == []
    with pytest.raises(ActionError):
        duties.check_in(shift_of(roster, team[0]), actor=cast.lawyer.actor, now=at(9, 0, shift.day))
    assert queries.attendance(queries.all_shifts(roster), shift.day + timedelta(days=1)).missed == 0


def test_a_day_to_which_nobody_came_is_noted_when_it_is_over(roster: Roster) -> None:
    jobs.watch_duties(at(9, 30, FIRST))
    jobs.watch_duties(at(17, 31, FIRST))

    assert queries.all_shifts(roster).get(day=FIRST).state == ShiftState.MISSED


def test_a_feed_opens_by_its_secret_until_a_new_one_is_made_and_names_no_client(
    cast: Cast, roster: Roster, team: list[Professional]
) -> None:
    first = duties.make_feed(team[0], actor=cast.lawyer.actor, now=EARLY)
    second = duties.make_feed(team[0], actor=cast.lawyer.actor, now=EARLY)

    assert queries.feed_of(first) is None
    assert queries.feed_of(second) is not None
    assert second.encode() not in bytes(Feed.everything.get(ended_at=None).secret)
    with pytest.raises(ActionError):
        duties.make_feed(team[0], actor=cast.mediator.actor, now=EARLY)
    duties.end_feed(team[0], actor=cast.lawyer.actor, now=EARLY)
    assert queries.feed_of(second) is None


def test_a_stranger_sees_no_roster_and_a_professional_those_of_her_own(cast: Cast, roster: Roster) -> None:
    assert list(queries.rosters(cast.lawyer.actor)) == [roster]
    assert list(queries.rosters(cast.dana.actor)) == [roster]
    for player in (cast.expert, cast.manager, cast.charlie, cast.operator, cast.security, cast.audit, cast.bob):
        assert not queries.rosters(player.actor).exists(), player
        assert not queries.shifts(player.actor).exists(), player

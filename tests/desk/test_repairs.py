"""Repairs: two clocks, waits in sight, repeats, materials, who is called back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import given
from hypothesis import strategies as st

from shuniu.desk.actions import repairs as actions
from shuniu.desk.actions.cases import assign_case
from shuniu.desk.casework import CaseError
from shuniu.desk.enums import LineRole
from shuniu.desk.models import Case, CaseClock, PartsWait, Repair, ServiceLine
from shuniu.desk.repairing import place_index, split_place
from shuniu.desk.rules import repairs as rules
from shuniu.desk.rules.repairs import Repairer
from shuniu.kernel.errors import ActionError
from shuniu.kernel.scope import Actor
from shuniu.registry.models import Organisation, Person
from shuniu.voice.models import Invitation
from tests.desk.making import MORNING, SYSTEM, make_case, make_line, staff
from tests.factories import give, make_user
from tests.registry.making import actor_at, make_body, make_district, make_member

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@dataclass
class Workshop:
    """A union with a repairs line, its repairer, who hands out, and a member."""

    union: Organisation
    line: ServiceLine
    handler: Any
    mender: Actor
    desk: Actor
    member: Person

    def case(self, at: datetime = MORNING, **answers: Any) -> Case:
        given = {"fault": "leak", "place": "3号楼201", **answers}
        case = make_case(self.line, self.member, "水管漏水", answers=given, now=at)
        return assign_case(case, self.handler, actor=SYSTEM, now=at)

    def mended(self, at: datetime = MORNING, **answers: Any) -> Case:
        case = self.case(at, **answers)
        actions.move_repair(case, "arrive", actor=self.mender, now=at + 10 * MINUTE)
        return actions.move_repair(case, "fix", actor=self.mender, now=at + HOUR, text="已更换水管")


@pytest.fixture
def shop(db: None) -> Workshop:
    union = make_body(make_district()[1], name="学院工会")
    line = make_line(union, "repair")
    user = make_user(name="钱修")
    give(user, "professional")
    handler = staff(line, user)
    desk_user = make_user(name="戴派")
    staff(line, desk_user, LineRole.DISPATCHES)
    mender = actor_as(user, "service.give")
    return Workshop(union, line, handler, mender, actor_as(desk_user, "case.enter"), make_member(union))


def actor_as(user: Any, *rights: str) -> Actor:
    from shuniu.kernel.scope import Grant

    return Actor(user.pk, user.name, None, (Grant("test", None, "~", frozenset(rights)),))


def clock(case: Case, key: str) -> CaseClock:
    return CaseClock.everything.filter(case=case, key=key).latest("round")


@pytest.mark.parametrize(
    ("fault", "arrive", "fix"), [("leak", 15, 480), ("locked", 20, 480), ("door", 480, 1440), ("air", 1440, 4320)]
)
def test_each_class_of_fault_has_its_own_two_limits_round_the_clock(
    shop: Workshop, fault: str, arrive: int, fix: int
) -> None:
    night = MORNING + 13 * HOUR
    case = shop.case(night, fault=fault)

    assert clock(case, "visit").due_at == night + arrive * MINUTE
    assert clock(case, "solve").due_at == night + fix * MINUTE


def test_coming_stops_one_clock_and_mending_the_other(shop: Workshop) -> None:
    case = shop.mended()

    repair = Repair.everything.get(pk=case.pk)
    assert (repair.arrived_at, repair.fixed_at) == (MORNING + 10 * MINUTE, MORNING + HOUR)
    assert clock(case, "visit").stopped_at == repair.arrived_at
    assert clock(case, "solve").stopped_at == repair.fixed_at


def test_waiting_for_parts_stops_the_clock_and_is_charged_to_the_stores(shop: Workshop) -> None:
    case = shop.case()
    actions.move_repair(case, "arrive", actor=shop.mender, now=MORNING + 10 * MINUTE)
    actions.wait_for_parts(case, "DN20 阀门", actor=shop.mender, now=MORNING + HOUR, expected_on=date(2026, 3, 7))
    waiting = clock(case, "solve").due_at
    actions.move_repair(case, "go_on", actor=shop.mender, now=MORNING + 49 * HOUR)

    wait = PartsWait.everything.get()
    assert (wait.what, wait.charged_to, wait.ended_at) == ("DN20 阀门", "stores", MORNING + 49 * HOUR)
    assert waiting is None
    assert clock(case, "solve").due_at == MORNING + 480 * MINUTE + 48 * HOUR


def test_a_wait_says_what_is_missing_and_when_it_comes(shop: Workshop) -> None:
    case = shop.case()
    actions.move_repair(case, "arrive", actor=shop.mender, now=MORNING + MINUTE)

    with pytest.raises(CaseError):
        actions.wait_for_parts(case, "  ", actor=shop.mender, now=MORNING + HOUR)
    with pytest.raises(CaseError):
        actions.wait_for_parts(case, "阀门", actor=shop.mender, now=MORNING + HOUR, expected_on=date(2026, 3, 4))
    assert not PartsWait.everything.exists()


def test_a_step_sent_twice_is_taken_once(shop: Workshop) -> None:
    case = shop.case()
    actions.move_repair(case, "arrive", actor=shop.mender, now=MORNING + 5 * MINUTE)
    actions.move_repair(case, "arrive", actor=shop.mender, now=MORNING + 9 * MINUTE)
    for _ in range(2):
        actions.wait_for_parts(case, "阀门", actor=shop.mender, now=MORNING + HOUR)

    assert Repair.everything.get().arrived_at == MORNING + 5 * MINUTE
    assert PartsWait.everything.count() == 1


def test_another_repairer_takes_no_step_and_enters_no_material(shop: Workshop) -> None:
    case = shop.case()
    stranger = actor_as(make_user(), "service.give")

    with pytest.raises(PermissionDenied):
        actions.move_repair(case, "arrive", actor=stranger, now=MORNING)
    with pytest.raises(PermissionDenied):
        actions.add_material(case.repair, name="阀门", quantity=100, unit="个", price=1, actor=stranger, now=MORNING)


@pytest.mark.parametrize(
    ("after", "place", "fault", "repeats"),
    [
        (timedelta(days=7), "3号楼 201", "leak", True),
        (timedelta(days=7, minutes=1), "3号楼201", "leak", False),
        (timedelta(days=1), "3号楼202", "leak", False),
        (timedelta(days=1), "3号楼201", "power", False),
    ],
)
def test_the_same_fault_at_the_same_place_within_seven_days_is_a_repeat(
    shop: Workshop, after: timedelta, place: str, fault: str, *, repeats: bool
) -> None:
    first = shop.mended()

    again = shop.case(MORNING + HOUR + after, place=place, fault=fault)

    assert (Repair.everything.get(pk=again.pk).repeat_of_id == first.pk) is repeats


def test_materials_are_added_up_in_fen_and_bounds_are_kept(shop: Workshop) -> None:
    repair = shop.case(place_kind="home").repair
    actions.add_material(repair, name="电线", quantity=250, unit="米", price=333, actor=shop.mender, now=MORNING)
    actions.charge_labour(repair, 2000, actor=shop.mender, now=MORNING)

    assert repair.materials.get().total == 833  # 2.50 m at 3.33 yuan: 8.325, half up
    for quantity, price in ((0, 1), (-5, 1), (100, -1), (10**7, 1)):
        with pytest.raises(CaseError):
            actions.add_material(
                repair, name="x", quantity=quantity, unit="个", price=price, actor=shop.mender, now=MORNING
            )


def test_work_in_a_public_building_is_free(shop: Workshop) -> None:
    with pytest.raises(CaseError, match="免费"):
        actions.charge_labour(shop.case().repair, 100, actor=shop.mender, now=MORNING)


def test_the_worker_signs_off_and_is_asked_how_it_was(shop: Workshop) -> None:
    case = shop.mended()
    worker = actor_at(shop.union, "own.view", person_id=shop.member.pk)

    actions.move_repair(case, "close", actor=worker, now=MORNING + 2 * HOUR)

    case.refresh_from_db()
    invitation = Invitation.everything.get()
    assert (case.state, Repair.everything.get().signed_at) == ("closed", MORNING + 2 * HOUR)
    assert (invitation.subject_id, invitation.person_id, invitation.service["kind"]) == (
        case.pk,
        shop.member.pk,
        "repair",
    )
    assert invitation.barred["accounts"] == [shop.handler.user_id]


def test_what_is_not_mended_goes_back_and_its_clocks_run_anew(shop: Workshop) -> None:
    case = shop.mended()
    worker = actor_at(shop.union, "own.view", person_id=shop.member.pk)
    later = MORNING + 3 * HOUR

    actions.move_repair(case, "redo", actor=worker, now=later, text="还在漏")

    assert Repair.everything.get().fixed_at is None
    assert (clock(case, "visit").round, clock(case, "visit").due_at) == (2, later + 15 * MINUTE)


def test_at_least_thirty_percent_are_drawn_and_the_draw_only_grows(shop: Workshop) -> None:
    for number in range(4):
        shop.mended(place=f"1号楼{number}")
    cadre = actor_at(shop.union, "case.assign")

    first = actions.draw_calls(shop.union, date(2026, 3, 1), actor=cadre, now=MORNING)
    drawn = set(Repair.everything.filter(is_drawn=True).values_list("pk", flat=True))
    shop.mended(place="2号楼1")
    shop.mended(place="2号楼2")
    shop.mended(place="2号楼3")
    again = actions.draw_calls(shop.union, date(2026, 3, 31), actor=cadre, now=MORNING)

    assert (first, again) == (2, 3)
    assert drawn <= set(Repair.everything.filter(is_drawn=True).values_list("pk", flat=True))
    with pytest.raises(PermissionDenied):
        actions.draw_calls(shop.union, date(2026, 3, 1), actor=shop.mender, now=MORNING)


def test_a_repair_is_called_back_once_and_not_by_who_mended_it(shop: Workshop) -> None:
    repair = shop.mended().repair

    with pytest.raises(PermissionDenied):
        actions.call_back(repair, is_confirmed=True, note="", actor=shop.mender, now=MORNING + 2 * HOUR)
    actions.call_back(repair, is_confirmed=False, note="还漏", actor=shop.desk, now=MORNING + 2 * HOUR)
    with pytest.raises(ActionError):
        actions.call_back(repair, is_confirmed=True, note="", actor=shop.desk, now=MORNING + 3 * HOUR)

    repair.refresh_from_db()
    assert (repair.is_confirmed, repair.call_note) == (False, "还漏")


def test_who_knows_the_trade_and_has_least_in_hand_is_sent_first() -> None:
    people = [
        Repairer(1, "甲", is_skilled=False),
        Repairer(2, "乙", in_hand=3),
        Repairer(3, "丙", in_hand=1, sent_at=MORNING),
        Repairer(4, "丁", in_hand=1, sent_at=MORNING - HOUR),
        Repairer(5, "戊", in_hand=0, urgent_in_hand=1),
    ]

    assert [one.name for one in rules.by_fitness(people)] == ["丁", "丙", "乙", "戊", "甲"]


@given(st.sets(st.integers(1, 10_000), max_size=60), st.integers(0, 100), st.integers(0, 99), st.data())
def test_a_draw_is_large_enough_the_same_again_and_keeps_what_was_drawn(
    keys: set[int], share: int, seed: int, data: st.DataObject
) -> None:
    kept = data.draw(st.sets(st.sampled_from(sorted(keys)))) if keys else set()

    drawn = rules.sample(keys, share, seed, kept)

    assert drawn == rules.sample(sorted(keys, reverse=True), share, seed, kept)
    assert kept <= drawn <= keys
    assert len(drawn) * 100 >= len(keys) * share
    assert len(drawn) == max(len(kept), -(-len(keys) * share // 100))


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("3号楼201", ("3号楼", "201")),
        ("图书馆 二层大厅", ("图书馆", "二层大厅")),
        ("食堂", ("", "食堂")),
        ("楼201", ("", "楼201")),
    ],
)
def test_building_and_room_are_told_apart(text: str, place: tuple[str, str]) -> None:
    assert split_place(text) == place


def test_a_place_is_found_however_it_is_spaced() -> None:
    assert place_index("3号楼", "201 A") == place_index(" 3号楼 ", "201a")
    assert place_index("3号楼", "201") != place_index("3号楼", "202")


@pytest.mark.parametrize(("hour", "minute", "staffed"), [(7, 29, False), (7, 30, True), (21, 59, True), (22, 0, False)])
def test_the_phone_line_is_staffed_within_its_hours(hour: int, minute: int, *, staffed: bool) -> None:
    assert rules.phone_is_staffed((730, 2200), datetime(2026, 3, 5, hour, minute)) is staffed
    assert rules.clock_text(730) == "7:30"

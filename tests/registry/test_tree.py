from __future__ import annotations

from datetime import date
from time import perf_counter

import pytest

from shuniu.kernel.errors import ActionError
from shuniu.kernel.period import FOREVER
from shuniu.registry.enums import OrganisationType as Kind
from shuniu.registry.models import Organisation, Placement
from shuniu.registry.tree import leave, move, place
from tests.registry.making import FOUNDED, make_area, make_body, make_district

pytestmark = pytest.mark.django_db

MAY = date(2020, 5, 1)
JUNE = date(2020, 6, 1)


def places(body: Organisation) -> list[tuple[str, date, date]]:
    rows = Placement.everything.filter(organisation=body).order_by("starts_on")
    return [(row.path, row.starts_on, row.ends_on) for row in rows]


def now(body: Organisation) -> Organisation:
    return Organisation.everything.get(pk=body.pk)


def test_place_puts_children_in_order_below_their_parent() -> None:
    federation, town = make_district()
    union = make_body(town)

    assert (federation.path, town.path, union.path) == ("0001", "00010001", "000100010001")
    assert places(union) == [("000100010001", FOUNDED, FOREVER)]


def test_move_takes_the_subtree_along_and_keeps_where_it_was() -> None:
    federation, town = make_district()
    other = make_body(federation, Kind.TOWN)
    association = make_body(town, Kind.ASSOCIATION)
    union = make_body(association)

    moved = move(association, other, on=MAY)

    assert moved == 2
    assert now(association).parent_id == other.pk
    assert now(union).parent_id == association.pk
    assert now(union).path == "0001000200010001"
    assert places(union) == [("0001000100010001", FOUNDED, MAY), ("0001000200010001", MAY, FOREVER)]


def test_second_move_on_the_same_day_replaces_the_first() -> None:
    federation, town = make_district()
    other, third = make_body(federation, Kind.TOWN), make_body(federation, Kind.TOWN)
    union = make_body(town)

    move(union, other, on=MAY)
    move(union, third, on=MAY)

    assert [(start, end) for _path, start, end in places(union)] == [(FOUNDED, MAY), (MAY, FOREVER)]
    assert now(union).parent_id == third.pk
    assert Placement.everything.get(organisation=union, ends_on=FOREVER).parent_id == third.pk


def test_a_body_that_left_and_came_back_gets_a_place_nobody_had_before() -> None:
    federation, town = make_district()
    other = make_body(federation, Kind.TOWN)
    first = make_body(town)
    move(first, other, on=MAY)

    second = make_body(town, on=JUNE)
    move(now(first), town, on=JUNE)

    paths = [path for body in (first, second) for path, _start, _end in places(body)]
    assert len(set(paths)) == len(paths)


def test_move_refuses_a_ring() -> None:
    _federation, town = make_district()
    association = make_body(town, Kind.ASSOCIATION)
    inner = make_body(association, Kind.ASSOCIATION)

    with pytest.raises(ActionError, match="隶属于自身"):
        move(association, inner, on=MAY)
    with pytest.raises(ActionError, match="隶属于自身"):
        move(association, association, on=MAY)


def test_move_refuses_a_dissolved_parent_and_a_dissolved_body() -> None:
    federation, town = make_district()
    gone, union = make_body(federation, Kind.TOWN, name="西山镇总工会"), make_body(town)
    leave(gone, on=MAY)
    Organisation.everything.filter(pk=gone.pk).update(dissolved_on=MAY)

    with pytest.raises(ActionError, match="西山镇总工会已于2020年5月1日撤销"):
        move(union, gone, on=JUNE)
    with pytest.raises(ActionError, match="撤销"):
        move(now(gone), town, on=JUNE)


def test_move_refuses_a_kind_that_may_not_stand_there() -> None:
    federation, town = make_district()
    branch = make_body(make_body(town), Kind.BRANCH)

    with pytest.raises(ActionError, match="不能设在"):
        move(branch, federation, on=MAY)


def test_move_refuses_a_day_before_the_parent_or_any_body_below_came_to_its_place() -> None:
    federation, town = make_district()
    young = make_body(federation, Kind.TOWN, on=JUNE)
    association = make_body(town, Kind.ASSOCIATION)

    with pytest.raises(ActionError, match="自2020年6月1日起"):
        move(association, young, on=MAY)

    make_body(association, on=JUNE, name="晚到的工会")
    with pytest.raises(ActionError, match="晚到的工会"):
        move(association, make_body(federation, Kind.TOWN), on=MAY)


def test_place_begins_with_that_of_a_parent_that_came_later() -> None:
    federation, _town = make_district()
    young = make_body(federation, Kind.TOWN, on=JUNE)
    union = Organisation.everything.create(
        code="X1", name="早工会", type=Kind.PRIMARY, area=make_area(), founded_on=MAY
    )

    place(union, young, on=MAY)

    assert [(start, end) for _path, start, end in places(union)] == [(JUNE, FOREVER)]


def test_leave_closes_the_place_and_keeps_the_last_path() -> None:
    _federation, town = make_district()
    union = make_body(town)

    leave(union, on=MAY)

    assert places(union) == [("000100010001", FOUNDED, MAY)]
    assert now(union).path == "000100010001"


def test_leave_on_the_day_of_a_move_forgets_the_place_held_on_no_day() -> None:
    federation, town = make_district()
    union = make_body(town)
    move(union, make_body(federation, Kind.TOWN), on=MAY)

    leave(now(union), on=MAY)

    assert places(union) == [("000100010001", FOUNDED, MAY)]


def test_leave_refuses_while_bodies_stand_below() -> None:
    _federation, town = make_district()
    make_body(town)

    with pytest.raises(ActionError, match="下面还有组织"):
        leave(town, on=MAY)


def test_dissolved_bodies_follow_a_move_so_that_the_new_superior_can_look_them_up() -> None:
    federation, town = make_district()
    association = make_body(town, Kind.ASSOCIATION)
    gone = make_body(association)
    leave(gone, on=MAY)

    move(association, make_body(federation, Kind.TOWN), on=JUNE)

    assert now(gone).path == "0001000200010001"
    assert places(gone) == [("0001000100010001", FOUNDED, MAY)]


def test_changes_go_by_the_tree_as_it_is_and_not_as_a_page_saw_it() -> None:
    _federation, town = make_district()
    one, two = make_body(town, Kind.ASSOCIATION), make_body(town, Kind.ASSOCIATION)
    seen_one, seen_two = now(one), now(two)
    move(one, two, on=MAY)

    with pytest.raises(ActionError, match="隶属于自身"):
        move(seen_two, seen_one, on=MAY)
    union = make_body(seen_one, on=JUNE)

    assert (now(union).path or "").startswith(now(one).path or "-")
    assert now(one).parent_id == two.pk


def test_moving_eight_hundred_bodies_takes_less_than_half_a_second() -> None:
    federation, town = make_district()
    other = make_body(federation, Kind.TOWN)
    association = make_body(town, Kind.ASSOCIATION)
    rows = Organisation.everything.bulk_create(
        Organisation(
            code=f"M{n}",
            name=f"工会{n}",
            type=Kind.PRIMARY,
            area=make_area(),
            founded_on=FOUNDED,
            parent=association,
            path=f"{association.path}{n:04d}",
        )
        for n in range(1, 801)
    )
    Placement.everything.bulk_create(
        Placement(organisation=row, parent=association, path=row.path, starts_on=FOUNDED) for row in rows
    )

    started = perf_counter()
    moved = move(association, other, on=MAY)
    seconds = perf_counter() - started

    assert moved == 801
    assert Organisation.everything.filter(path__startswith="000100020001").count() == 801
    assert seconds < 0.5

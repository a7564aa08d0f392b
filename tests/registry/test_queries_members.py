"""Who is on a list of members: by name, by standing, by place and on which day; and never anybody out of sight."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shuniu.kernel.scope import Actor, Grant, Reach
from shuniu.kernel.text import initials
from shuniu.kernel.vault import blind_index
from shuniu.registry.enums import GroupTag, MembershipAct, OrganisationType, Sex, Standing
from shuniu.registry.ledger import Entry, enter
from shuniu.registry.models import Organisation, Person, PersonTag
from shuniu.registry.queries import bearers, members
from shuniu.registry.queries.members import EVERYONE, MemberFilter, search_members
from shuniu.registry.queries.sight import sight_of
from shuniu.registry.rules.people import ID_PURPOSE, MOBILE_PURPOSE, AgeBand, id_key
from tests.registry.making import actor_at, make_body, make_district, make_member

TODAY = date(2026, 11, 20)

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Organisation:
    return make_district()[1]


@pytest.fixture
def union(town: Organisation) -> Organisation:
    return make_body(town, name="甲厂工会")


def named(union: Organisation, name: str, **fields: object) -> Person:
    return make_member(union, name=name, initials=initials(name), **fields)


def found(body: Organisation, below: Organisation | None = None, **wanted: object) -> list[str]:
    """Names on the list of somebody who sees members at `body`."""
    sight = sight_of(actor_at(body, "member.view"), below)
    matches = search_members(sight, MemberFilter(**wanted), TODAY)  # type: ignore[arg-type]
    names = list(matches.rows.order_by("pk").values_list("name", flat=True))
    assert matches.count in {None, len(names)}
    return names


@pytest.mark.parametrize(
    ("fragment", "names"),
    [
        ("王", ["王志文", "欧阳王明", "买买提·王"]),
        ("志文", ["王志文", "李志文"]),
        ("文", ["王志文", "李志文"]),
        ("丽", ["张丽丽"]),
        ("明", ["欧阳王明"]),
        ("·王", ["买买提·王"]),
        ("%", []),
        ("_", []),
        ("zll", ["张丽丽"]),
        ("ZL", ["张丽丽"]),
        ("w", ["王志文"]),
    ],
)
def test_a_fragment_is_found_wherever_it_stands_in_the_name(
    union: Organisation, fragment: str, names: list[str]
) -> None:
    for name in ("王志文", "李志文", "张丽丽", "欧阳王明", "买买提·王"):
        named(union, name)

    assert found(union, name=fragment) == names


@pytest.mark.parametrize("limit", [0, 1, 100])
def test_common_and_rare_names_give_the_same_people(
    union: Organisation, town: Organisation, monkeypatch: pytest.MonkeyPatch, limit: int
) -> None:
    monkeypatch.setattr(bearers, "FEW_MATCHES", limit)
    monkeypatch.setattr(members, "FEW_MATCHES", limit)
    other = make_body(town)
    for name in ("王志文", "张丽丽", "王丽"):
        named(union, name)
    named(other, "王丽丽")

    sight = sight_of(actor_at(union, "member.view"))
    for fragment, names in (("丽", ["张丽丽", "王丽"]), ("王", ["王志文", "王丽"]), ("wl", ["王丽"])):
        rows = search_members(sight, MemberFilter(name=fragment), TODAY).rows
        assert list(rows.order_by("pk").values_list("name", flat=True)) == names


def test_without_a_name_the_list_shows_members_and_with_one_everybody(union: Organisation) -> None:
    named(union, "王志文")
    gone = named(union, "王丽")
    enter([Entry(gone.pk, union.pk, MembershipAct.LEFT, TODAY)])

    assert found(union) == ["王志文"]
    assert found(union, name="王") == ["王志文", "王丽"]
    assert found(union, standing=str(Standing.LEFT.value)) == ["王丽"]
    assert found(union, standing=EVERYONE) == ["王志文", "王丽"]
    assert found(union, name="王", standing=str(Standing.ACTIVE.value)) == ["王志文"]


def test_every_filter_narrows(union: Organisation) -> None:
    one = named(
        union,
        "王志文",
        on=date(2020, 5, 1),
        sex=Sex.MALE,
        born_on=date(1990, 1, 1),
        employment="platform",
        batch_id=7,
        confirmed_on=date(2026, 1, 1),
    )
    named(union, "张丽丽", on=date(2021, 5, 1), born_on=date(1960, 1, 1))
    PersonTag.everything.create(person=one, tag=GroupTag.COURIER)

    for wanted in (
        {"sex": Sex.MALE},
        {"age": AgeBand.THIRTIES},
        {"employment": "platform"},
        {"tag": GroupTag.COURIER},
        {"joined": 2020},
        {"batch": 7},
    ):
        assert found(union, **wanted) == ["王志文"], wanted
    assert found(union, unconfirmed_since=date(2025, 12, 1)) == ["张丽丽"]
    assert found(union, tag=GroupTag.RIDE) == []


def test_a_list_ends_at_the_border_of_what_is_in_sight(town: Organisation, union: Organisation) -> None:
    other_town = make_body(town.parent, OrganisationType.TOWN)
    named(union, "王志文")
    named(make_body(town), "王丽")
    named(make_body(other_town), "王明")

    assert town.parent is not None
    for name in ("王", ""):
        assert found(union, name=name) == ["王志文"]
        assert found(town, name=name) == ["王志文", "王丽"]
        assert found(town.parent, name=name) == ["王志文", "王丽", "王明"]
        assert found(town.parent, below=other_town, name=name) == ["王明"]
        assert found(town, below=other_town, name=name) == []


@pytest.mark.parametrize("few", [0, 10_000])
def test_small_and_large_parts_of_the_tree_give_the_same_people(
    town: Organisation, union: Organisation, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(members, "FEW_MEMBERS", few)
    named(union, "王志文", sex=Sex.MALE)
    named(make_body(town), "王丽", sex=Sex.MALE)

    assert found(union, sex=Sex.MALE) == ["王志文"]


def test_who_sees_the_only_tree_sees_people_without_a_union_too(town: Organisation) -> None:
    Person.everything.create(name="王无家", sex=Sex.MALE, standing=Standing.ACTIVE)

    assert town.parent is not None
    assert sight_of(actor_at(town.parent, "member.view")).whole
    assert found(town.parent) == ["王无家"]


def test_a_second_tree_keeps_each_to_its_own(town: Organisation, union: Organisation) -> None:
    named(union, "王志文")
    other = make_body(kind=OrganisationType.FEDERATION, name="另一区总工会")

    assert town.parent is not None
    assert not sight_of(actor_at(town.parent, "member.view")).whole
    assert found(other) == []
    assert found(town.parent) == ["王志文"]


def test_sight_for_two_rights_is_where_both_are_held(town: Organisation, union: Organisation) -> None:
    union.refresh_from_db()
    town.refresh_from_db()
    actor = Actor(
        1,
        "陈岚",
        None,
        (
            Grant("a", town.pk, town.path or "", frozenset({"member.view"})),
            Grant("b", union.pk, union.path or "", frozenset({"member.export"})),
        ),
    )

    assert sight_of(actor, None, "member.export").reach == Reach((union.path or "",))
    assert sight_of(actor, None, "member.reveal").reach == Reach(())


def test_a_number_finds_its_person_and_only_where_she_may_be_seen(town: Organisation, union: Organisation) -> None:
    number = "11010519491231002X"
    person = named(union, "王志文")
    person.id_index, person.mobile_index = (
        blind_index(id_key("resident", number), ID_PURPOSE),
        blind_index("13800001234", MOBILE_PURPOSE),
    )
    person.save()
    mine, stranger = actor_at(union, "member.view"), actor_at(make_body(town), "member.view")

    assert members.people_with_number(mine, number.lower()) == [person]
    assert members.people_with_number(mine, "138 0000 1234") == [person]
    assert members.people_with_number(stranger, number) == []
    for nonsense in ("", "王志文", "1' OR 1=1", "9" * 5000):
        assert members.people_with_number(mine, nonsense) == []


def test_members_of_another_day_are_those_of_that_day(town: Organisation, union: Organisation) -> None:
    day, actor = date(2022, 6, 1), actor_at(union, "member.view")
    stays = named(union, "王志文", on=date(2020, 1, 1))
    moved = named(union, "王丽", on=date(2020, 1, 1))
    named(union, "王明", on=date(2023, 1, 1))
    enter([Entry(moved.pk, make_body(town).pk, MembershipAct.TRANSFERRED_IN, date(2024, 1, 1))])

    rows = members.members_then(sight_of(actor), day, MemberFilter(), actor).order_by("pk")

    assert [(row.person_id, row.reachable) for row in rows] == [(stays.pk, True), (moved.pk, False)]
    named_rows = members.members_then(sight_of(actor), day, MemberFilter(name="丽"), actor)
    assert [row.person_id for row in named_rows] == [moved.pk]


def test_bodies_to_choose_are_those_above_primary_level_in_sight(town: Organisation, union: Organisation) -> None:
    other_town = make_body(town.parent, OrganisationType.TOWN)
    cadre = actor_at(town, "member.view")

    assert [pk for pk, _name in members.bodies_to_choose(cadre, None)] == [town.pk]
    assert [pk for pk, _name in members.bodies_to_choose(cadre, union)] == [town.pk, union.pk]
    assert other_town.pk not in dict(members.bodies_to_choose(cadre, None))


def test_finding_a_name_reads_no_person_but_those_of_the_page(
    union: Organisation,
    django_assert_num_queries,  # type: ignore[no-untyped-def]
) -> None:
    named(union, "王志文")
    sight = sight_of(actor_at(union, "member.view"))

    with django_assert_num_queries(2):
        list(search_members(sight, MemberFilter(name="王"), TODAY).rows[:51])


def test_the_search_of_names_uses_the_indexes(union: Organisation) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("the plan of PostgreSQL depends on statistics")
    with CaptureQueriesContext(connection) as captured:
        search_members(sight_of(actor_at(union, "member.view")), MemberFilter(name="志文"), TODAY)
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN " + captured[-1]["sql"])
        plan = " ".join(row[-1] for row in cursor.fetchall())

    for index in ("person_by_name", "person_by_tail_2", "person_by_tail_3", "person_by_long_name"):
        assert index in plan


SIGNS = ("%", "_", "\\", "'", "王", "志", "丽", "·", "a", "B")


@pytest.mark.parametrize("name", [a + b for a in SIGNS for b in ("", "%", "文", "z")])
def test_the_statement_kept_for_all_names_asks_what_the_query_asks(union: Organisation, name: str) -> None:
    sight = sight_of(actor_at(union))
    initials = name.isascii()
    asked = bearers.candidates(sight.people(), name.lower() if initials else name, initials=initials)
    sql, params = asked[: bearers.FEW_MATCHES + 1].query.sql_with_params()

    kept, places = bearers._statement(connection.vendor, sight, bearers.FEW_MATCHES, initials=initials)

    assert f"({sql})" in kept
    assert [bearers._with(one, name.lower() if initials else name) for one in places] == list(params)

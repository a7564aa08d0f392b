"""Officers from a spreadsheet: who is found, which posts and certificates are refused, changed, repeated and undone."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from shuniu.kernel.errors import ActionError
from shuniu.kernel.vault import blind_index
from shuniu.registry.enums import IdType, MembershipAct, PostKind
from shuniu.registry.imports.officers import OfficersImporter
from shuniu.registry.ledger import Entry, enter
from shuniu.registry.models import Area, Organisation, Person, Post, Qualification, Territory
from shuniu.registry.rules.people import ID_PURPOSE, MOBILE_PURPOSE, id_key
from tests.factories import Cast
from tests.registry.importing import File, columns_with_problems, problems
from tests.registry.making import make_member

pytestmark = pytest.mark.django_db

ID_NUMBER, MOBILE = "110105199003070025", "13900000000"


def known(union: Organisation, name: str = "林晓禾", id_number: str = ID_NUMBER, mobile: str = MOBILE) -> Person:
    person = make_member(union, name=name)
    person.id_index = blind_index(id_key(IdType.RESIDENT, id_number), ID_PURPOSE)
    person.mobile_index = blind_index(mobile, MOBILE_PURPOSE)
    person.save()
    return person


@pytest.fixture
def file(tmp_path: Path, cast: Cast) -> File:
    return File(OfficersImporter(), tmp_path, cast.cadre.actor)


@pytest.fixture
def person(cast: Cast) -> Person:
    return known(cast.union)


def row(**cells: str) -> dict[str, str]:
    plain = {
        "name": "林晓禾",
        "id_number": ID_NUMBER,
        "organisation": "云川机械厂工会",
        "kind": "主席",
        "starts_on": "2024-03-01",
    }
    return {**plain, **cells}


CERTIFICATE = {
    "qualification": "劳动关系协调师",
    "number": "XT-1",
    "level": "三级",
    "issued_on": "2022/5/1",
    "expires_on": "2027.5.1",
}


def test_a_post_and_a_certificate_are_entered(file: File, person: Person, cast: Cast) -> None:
    assert file.take(row(time="专职", **CERTIFICATE)) == (1, 0, 0, 0)

    post, certificate = Post.everything.get(), Qualification.everything.get()
    assert (post.person, post.organisation, post.kind, post.time) == (person, cast.union, "chair", "full")
    assert (post.starts_on, post.is_open) == (date(2024, 3, 1), True)
    assert (certificate.person, certificate.number, certificate.expires_on) == (person, "XT-1", date(2027, 5, 1))


def test_the_same_file_again_changes_nothing(file: File, person: Person) -> None:
    cells = row(time="专职", **CERTIFICATE)
    file.take(cells)

    assert file.take(cells) == (0, 0, 1, 0)
    assert (Post.everything.count(), Qualification.everything.count()) == (1, 1)


def test_a_post_may_change_its_time_and_end_and_undo_opens_it_again(file: File, person: Person) -> None:
    file.take(row(**CERTIFICATE))

    assert file.take(row(time="专职", ends_on="2025-03-01", **{**CERTIFICATE, "level": "二级"})) == (0, 1, 0, 0)
    post = Post.everything.get()
    assert (post.time, post.ends_on, Qualification.everything.get().level) == ("full", date(2025, 3, 1), "二级")
    file.undo()

    post.refresh_from_db()
    assert (post.time, post.is_open, Qualification.everything.get().level) == ("part", True, "三级")


def test_people_are_found_by_mobile_and_name(file: File, person: Person) -> None:
    assert file.take(row(id_number="", mobile="139 0000 0000")) == (1, 0, 0, 0)
    assert Post.everything.get().person == person


def test_a_post_held_before_stays_in_the_history(file: File, person: Person) -> None:
    earlier = row(kind="委员", starts_on="2018-03-01", ends_on="2021-03-01")

    assert file.take(earlier, row(kind="委员", starts_on="2022-03-01")) == (2, 0, 0, 0)
    assert file.take(earlier) == (0, 0, 1, 0)


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"name": "林晓和"}, "name"),
        ({"id_number": "110105199003070026"}, "id_number"),
        ({"id_number": ""}, "id_number"),
        ({"id_number": "", "mobile": "12345"}, "mobile"),
        ({"id_number": "", "mobile": "13911112222"}, "mobile"),
        ({"organisation": "不存在的工会"}, "organisation"),
        ({"organisation": "青石纺织厂工会"}, "organisation"),
        ({"kind": "董事长"}, "kind"),
        ({"kind": ""}, "kind"),
        ({"starts_on": "2999-01-01"}, "starts_on"),
        ({"starts_on": "2001-01-01"}, "starts_on"),
        ({"ends_on": "2024-03-01"}, "ends_on"),
        ({"qualification": "律师"}, "number"),
        ({**CERTIFICATE, "expires_on": "2020-01-01"}, "expires_on"),
    ],
)
def test_what_cannot_be_is_refused_at_its_column(
    file: File, person: Person, cells: dict[str, str], column: str
) -> None:
    stage = file.check(row(**cells))

    assert columns_with_problems(stage) == [(2, column)]
    assert ID_NUMBER not in str(problems(stage))
    file.apply(stage)
    assert not Post.everything.exists()


def test_somebody_of_another_town_is_nobody(file: File, cast: Cast) -> None:
    known(cast.other_union)

    assert columns_with_problems(file.check(row())) == [(2, "id_number")]


def test_only_members_are_elected_but_staff_may_be_anybody(file: File, person: Person, cast: Cast) -> None:
    enter([Entry(person.pk, cast.union.pk, MembershipAct.LEFT, date(2024, 1, 1))])

    assert columns_with_problems(file.check(row())) == [(2, "kind")]
    assert file.take(row(kind="组建指导员")) == (1, 0, 0, 0)


def test_a_second_chair_is_refused_in_the_registry_and_in_the_file(file: File, person: Person, cast: Cast) -> None:
    other = known(cast.union, "卫舟", "11010519491231002X", "13900001111")
    cells = row(name="卫舟", id_number="11010519491231002X")

    assert columns_with_problems(file.check(row(), cells)) == [(3, "kind")]
    Post.everything.create(person=other, organisation=cast.union, kind=PostKind.CHAIR, starts_on=date(2024, 1, 1))
    assert columns_with_problems(file.check(row())) == [(2, "kind")]


def test_who_spends_does_not_audit(file: File, person: Person, cast: Cast) -> None:
    Post.everything.create(person=person, organisation=cast.union, kind=PostKind.AUDIT, starts_on=date(2024, 1, 1))

    assert columns_with_problems(file.check(row())) == [(2, "kind")]


def test_a_post_with_another_beginning_is_not_silently_moved(file: File, person: Person) -> None:
    file.take(row())

    assert columns_with_problems(file.check(row(starts_on="2023-03-01"))) == [(2, "starts_on")]


def test_certificates_belong_to_one_person(file: File, person: Person, cast: Cast) -> None:
    known(cast.union, "卫舟", "11010519491231002X", "13900001111")
    other = {**CERTIFICATE, "name": "卫舟", "id_number": "11010519491231002X", "kind": "委员"}
    stage = file.check(row(**CERTIFICATE), row(**other), row(**{**CERTIFICATE, "kind": "委员"}))

    assert columns_with_problems(stage) == [(3, "number")]
    file.apply(stage)
    assert (Post.everything.count(), Qualification.everything.count()) == (2, 1)
    assert columns_with_problems(file.check(row(**other))) == [(2, "number")]


def test_undo_removes_what_is_new_and_refuses_once_an_area_hangs_on_it(file: File, person: Person) -> None:
    file.take(row(kind="组建指导员", **CERTIFICATE))
    file.undo()
    assert (Post.everything.count(), Qualification.everything.count()) == (0, 0)

    file.take(row(kind="组建指导员"))
    Territory.everything.create(post=Post.everything.get(), area=Area.objects.get(), starts_on=date(2024, 3, 1))
    with pytest.raises(ActionError, match="不能撤销"):
        file.undo()


def test_a_chair_appointed_meanwhile_stops_the_whole_file(file: File, person: Person, cast: Cast) -> None:
    stage = file.check(row())
    Post.everything.create(person=person, organisation=cast.union, kind=PostKind.CHAIR, starts_on=date(2024, 1, 1))

    with pytest.raises(ActionError, match="重新核对"):
        file.apply(stage)

"""Employers from a spreadsheet: what is refused and why, what a second import changes, what undo takes back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from shuniu.kernel.errors import ActionError
from shuniu.registry.enums import AreaKind
from shuniu.registry.imports.employers import EmployersImporter
from shuniu.registry.models import Area, Employer
from tests.factories import Cast
from tests.registry.importing import File, columns_with_problems, problems
from tests.registry.making import cover, make_area, make_employer

pytestmark = pytest.mark.django_db

CODE = "91350100M000100Y43"


@pytest.fixture
def file(tmp_path: Path, cast: Cast) -> Iterator[File]:
    return File(EmployersImporter(), tmp_path, cast.cadre.actor)  # type: ignore[return-value]


def row(**cells: str) -> dict[str, str]:
    plain = {
        "name": "远帆物流有限公司",
        "category": "私营企业",
        "industry": "物流",
        "area": "东湖街道",
        "headcount": "120",
    }
    return {**plain, **cells}


def test_a_new_employer_lies_with_the_body_of_its_area(file: File, cast: Cast) -> None:
    counts = file.take(
        row(
            credit_code=CODE,
            women="48",
            migrants="30",
            address="东湖路1号",
            opened_on="2019年5月1日",
            counted_on="2026/1/1",
        )
    )

    employer = Employer.everything.get()
    assert counts == (1, 0, 0, 0)
    assert (employer.territory, employer.area.name, employer.initials) == (cast.town, "东湖街道", "yfwlyxgs")
    assert (employer.category, employer.industry, employer.headcount, employer.women) == ("170", "G", 120, 48)
    assert (employer.opened_on, employer.credit_code, employer.batch_id) == (date(2019, 5, 1), CODE, 1)


def test_the_same_file_again_changes_nothing(file: File) -> None:
    file.take(row(credit_code=CODE, women="48"))

    assert file.take(row(credit_code=CODE, women="48")) == (0, 0, 1, 0)
    assert Employer.everything.count() == 1


def test_a_known_employer_is_corrected_and_undo_brings_back_what_stood_there(file: File) -> None:
    file.take(row(credit_code=CODE, women="48", address="东湖路1号"))

    assert file.take(row(credit_code=CODE, name="远帆供应链有限公司", headcount="90", women="40")) == (0, 1, 0, 0)
    employer = Employer.everything.get()
    assert (employer.name, employer.initials, employer.headcount, employer.address) == (
        "远帆供应链有限公司",
        "yfgylyxgs",
        90,
        "东湖路1号",
    )
    file.undo()

    employer.refresh_from_db()
    assert (employer.name, employer.initials, employer.headcount, employer.women) == (
        "远帆物流有限公司",
        "yfwlyxgs",
        120,
        48,
    )


def test_without_a_code_name_and_area_tell_who_it_is(file: File) -> None:
    make_area("西岭镇", AreaKind.TOWN)
    Area.objects.filter(name="西岭镇").update(parent=Area.objects.get(name="东湖街道"))
    file.take(row())

    assert file.take(row(headcount="130"), row(area="西岭镇")) == (1, 1, 0, 0)
    assert Employer.everything.count() == 2


def test_a_code_may_follow_later_but_not_change(file: File) -> None:
    file.take(row())
    file.take(row(credit_code=CODE))
    assert Employer.everything.get().credit_code == CODE

    stage = file.check(row(credit_code="91310115MA1K12345N"), row(credit_code="91350100M000100Y44"))

    assert columns_with_problems(stage) == [(2, "credit_code"), (3, "credit_code")]
    assert CODE not in problems(stage)[1][2]


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"name": ""}, "name"),
        ({"category": "俱乐部"}, "category"),
        ({"industry": ""}, "industry"),
        ({"area": "月球"}, "area"),
        ({"headcount": "很多"}, "headcount"),
        ({"headcount": "-1"}, "headcount"),
        ({"women": "121"}, "women"),
        ({"migrants": "121"}, "migrants"),
        ({"dispatched": "121"}, "dispatched"),
        ({"counted_on": "2999-01-01"}, "counted_on"),
        ({"opened_on": "2020-01-02", "closed_on": "2020-01-01"}, "closed_on"),
        ({"territory": "不存在的工会"}, "territory"),
    ],
)
def test_what_cannot_be_is_refused_at_its_column(file: File, cells: dict[str, str], column: str) -> None:
    stage = file.check(row(**cells))

    assert columns_with_problems(stage) == [(2, column)]
    assert stage.counts().wrong == 1
    file.apply(stage)
    assert not Employer.everything.exists()


def test_parts_are_held_against_the_staff_that_stands(file: File) -> None:
    file.take(row(credit_code=CODE, women="100"))

    assert columns_with_problems(file.check(row(credit_code=CODE, headcount="99"))) == [(2, "women")]


def test_repetitions_in_the_file_name_the_row_they_repeat(file: File) -> None:
    stage = file.check(
        row(credit_code=CODE), row(name="另一家", credit_code=CODE), row(credit_code=CODE, headcount="9")
    )

    assert [(row_no, column) for row_no, column, _told in problems(stage)] == [
        (3, "credit_code"),
        (4, "credit_code"),
        (4, "name"),
    ]
    assert problems(stage)[0][2] == "与第2行重复。"


def test_ground_that_the_actor_does_not_look_after_is_refused(file: File, cast: Cast, tmp_path: Path) -> None:
    foreign = make_employer(cast.other_town, "青石纺织有限公司", credit_code=CODE)

    stage = file.check(row(name="青石纺织有限公司", credit_code=CODE), row(name="甲", territory=cast.other_town.name))

    assert columns_with_problems(stage) == [(2, "name"), (3, "territory")]
    assert foreign.name not in str(problems(stage))
    chair = File(EmployersImporter(), tmp_path / "x", cast.alice.actor)
    chair.path.mkdir()
    assert columns_with_problems(chair.check(row())) == [(2, "area")]


def test_undo_removes_what_is_new_and_refuses_once_something_stands_upon_it(file: File, cast: Cast) -> None:
    file.take(row())
    file.undo()
    assert not Employer.everything.exists()

    file.take(row())
    cover(cast.union, Employer.everything.get())
    with pytest.raises(ActionError, match="不能撤销"):
        file.undo()
    assert Employer.everything.count() == 1


def test_a_row_that_somebody_else_entered_meanwhile_stops_the_whole_file(file: File, cast: Cast) -> None:
    stage = file.check(row(credit_code=CODE), row(name="另一家"))
    make_employer(cast.town, "远帆物流有限公司", credit_code=CODE)

    with pytest.raises(ActionError, match="重新核对"):
        file.apply(stage)
    assert Employer.everything.count() == 1

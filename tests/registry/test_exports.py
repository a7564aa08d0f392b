"""`shuniu export`: what goes out stays within reach, shows no number in full, and comes in again unchanged."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from shuniu import cli
from shuniu.kernel.exchange.exporter import exporters
from shuniu.registry.enums import OrganisationType, PostKind
from shuniu.registry.imports.employers import EmployersImporter
from shuniu.registry.imports.unions import UnionsImporter
from shuniu.registry.models import Organisation, Post, Term
from tests.factories import TODAY, Cast, Player
from tests.registry.importing import File, problems
from tests.registry.making import cover, make_body, make_employer, make_member

pytestmark = pytest.mark.django_db

ID_NUMBER, MOBILE = "110105199003070025", "13900000000"


def exported(key: str, player: Player) -> list[dict[str, str]]:
    """The rows of a table by the keys of its sheet's columns, as their cells read."""
    exporter: Any = exporters()[key]
    columns = [column.key for column in exporter.sheet.columns]
    plain = [["" if cell is None else str(cell) for cell in row] for row in exporter.rows(player.actor, TODAY)]
    return [dict(zip(columns, row, strict=True)) for row in plain]


@pytest.fixture
def filled(cast: Cast) -> Cast:
    cover(cast.union, make_employer(cast.town, "远帆物流有限公司", women=20, credit_code="91350100M000100Y43"))
    joint = make_body(cast.town, OrganisationType.JOINT, name="联合工会")
    for name in ("单位一", "单位二"):
        cover(joint, make_employer(cast.town, name))
    Organisation.everything.filter(pk=cast.union.pk).update(has_congress=True, approval_number="云工组〔2015〕1号")
    Term.everything.create(
        organisation=cast.union, number=2, starts_on=date(2024, 5, 1), years=5, due_on=date(2029, 5, 1)
    )
    return cast


@pytest.mark.parametrize(("key", "importer"), [("unions", UnionsImporter()), ("employers", EmployersImporter())])
def test_what_went_out_comes_in_and_changes_nothing(filled: Cast, tmp_path: Path, key: str, importer: Any) -> None:
    rows = exported(key, filled.dana)
    file = File(importer, tmp_path, filled.dana.actor)

    stage = file.check(*rows)

    assert problems(stage) == []
    assert stage.counts() == (0, 0, len(rows), 0, 0)
    assert len(rows) >= 3


def test_a_chair_takes_out_her_own_union_only(filled: Cast) -> None:
    assert [row["name"] for row in exported("unions", filled.alice)] == ["云川机械厂工会"]
    assert [row["name"] for row in exported("employers", filled.alice)] == ["远帆物流有限公司"]
    assert exported("employers", filled.charlie) == []


def test_numbers_of_people_go_out_masked(filled: Cast) -> None:
    person = make_member(filled.union, name="林晓禾", id_number=ID_NUMBER, mobile=MOBILE)
    Post.everything.create(person=person, organisation=filled.union, kind=PostKind.CHAIR, starts_on=date(2024, 3, 1))

    members, officers = exported("members", filled.cadre), exported("officers", filled.cadre)

    (row,) = [one for one in members if one["name"] == "林晓禾"]
    assert (row["id_number"], row["mobile"], row["organisation"]) == (
        "110*************25",
        "139****0000",
        filled.union.code,
    )
    assert [(one["name"], one["kind"], one["id_number"]) for one in officers] == [("林晓禾", "主席", "")]


def test_members_out_of_reach_stay_in(filled: Cast) -> None:
    assert [row["name"] for row in exported("members", filled.alice)] == ["包一鸣"]
    assert exported("members", filled.clerk) == []


def test_the_command_writes_csv_with_headers(filled: Cast, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert cli.main(["export", "unions", "--as", "dana"]) == 0

    text = capfdbinary.readouterr().out.decode("utf-8-sig")
    assert text.splitlines()[0].startswith("工会名称,")
    assert "云川机械厂工会" in text

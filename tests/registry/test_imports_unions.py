"""Union bodies from a spreadsheet: their place, employers and terms; what is refused, repeated, changed and undone."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import pytest

from shuniu.kernel.errors import ActionError
from shuniu.kernel.exchange.stage import Stage
from shuniu.registry.enums import OrganisationType
from shuniu.registry.imports.unions import UnionsImporter
from shuniu.registry.models import Coverage, Organisation, Placement, Term
from shuniu.registry.queries.organisations import subtree_on
from tests.factories import TODAY, Cast
from tests.registry.importing import File, columns_with_problems, problems
from tests.registry.making import cover, make_body, make_employer, make_member

pytestmark = pytest.mark.django_db

PHONE, ACCOUNT = "13900000000", "6222020200112233445"


@pytest.fixture
def file(tmp_path: Path, cast: Cast) -> File:
    return File(UnionsImporter(), tmp_path, cast.cadre.actor)


def row(cast: Cast, **cells: str) -> dict[str, str]:
    return {"name": "远帆物流有限公司工会", "parent": cast.town.name, "founded_on": "2019年5月1日", **cells}


def full(cast: Cast) -> dict[str, str]:
    make_employer(cast.town, "远帆物流有限公司")
    return row(
        cast,
        code="YF-1",
        type="基层工会",
        employers="远帆物流有限公司",
        approval_number="云工组〔2019〕7号",
        term_number="2",
        term_from="2024-05-01",
        term_due="2029-05-01",
        contact_phone=PHONE,
        bank_account=ACCOUNT,
        has_congress="是",
    )


def test_a_new_union_has_its_place_employer_and_term(file: File, cast: Cast) -> None:
    assert file.take(full(cast)) == (1, 0, 0, 0)

    union = Organisation.everything.get(code="YF-1")
    assert (union.parent, union.area, union.founded_on) == (cast.town, cast.town.area, date(2019, 5, 1))
    assert union.path
    assert union.path.startswith(cast.town.path or "?")
    assert union in subtree_on(TODAY, cast.town)
    assert Placement.everything.get(organisation=union).starts_on == date(2019, 5, 1)
    assert (union.initials, union.approval_number, union.has_congress) == ("yfwlyxgsgh", "云工组〔2019〕7号", True)
    assert (union.contact_phone, union.bank_account) == (PHONE, ACCOUNT)
    assert Coverage.everything.get().organisation == union
    term = Term.everything.get()
    assert (term.number, term.starts_on, term.years, term.due_on) == (2, date(2024, 5, 1), 5, date(2029, 5, 1))


def test_the_staging_file_holds_no_secret_in_clear(file: File, cast: Cast) -> None:
    stage = file.check(full(cast))

    stage.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    kept = stage.path.read_bytes()
    assert PHONE.encode() not in kept
    assert ACCOUNT.encode() not in kept
    assert "远帆物流有限公司工会".encode() in kept


def test_the_same_file_again_changes_nothing(file: File, cast: Cast) -> None:
    cells = full(cast)
    file.take(cells)

    assert file.take(cells) == (0, 0, 1, 0)
    assert file.take({**cells, "code": ""}) == (0, 0, 1, 0)
    assert (Coverage.everything.count(), Term.everything.count(), Placement.everything.count()) == (1, 1, 6)


def test_a_known_union_is_corrected_and_undo_brings_back_what_stood_there(file: File, cast: Cast) -> None:
    cells = full(cast)
    file.take(cells)
    make_employer(cast.town, "另一家单位")
    changed = {
        **cells,
        "name": "远帆供应链工会",
        "contact_phone": "13900009999",
        "term_number": "3",
        "term_from": "2026-03-01",
        "term_due": "2029-03-01",
    }

    assert file.take(changed) == (0, 1, 0, 0)
    union = Organisation.everything.get(code="YF-1")
    assert (union.name, union.contact_phone) == ("远帆供应链工会", "13900009999")
    assert list(Term.everything.order_by("number").values_list("number", "ended_on")) == [
        (2, date(2026, 3, 1)),
        (3, None),
    ]
    file.undo()

    union.refresh_from_db()
    assert (union.name, union.initials, union.contact_phone) == ("远帆物流有限公司工会", "yfwlyxgsgh", PHONE)
    assert list(Term.everything.values_list("number", "ended_on")) == [(2, None)]


def test_a_superior_may_stand_in_the_same_file_below_the_union_that_needs_it(file: File, cast: Cast) -> None:
    rows = [
        row(cast, name="分会", type="分会", parent="新工会"),
        row(cast, name="小组", type="小组", parent="分会"),
        row(cast, name="新工会", parent="物流业工会联合会"),
        row(cast, name="物流业工会联合会", type="工会联合会"),
    ]

    assert file.take(*rows) == (4, 0, 0, 0)
    found = {one.name: one for one in Organisation.everything.filter(batch_id=1).select_related("parent")}
    assert [found[name].parent.name for name in ("小组", "分会", "新工会", "物流业工会联合会")] == [
        "分会",
        "新工会",
        "物流业工会联合会",
        cast.town.name,
    ]
    for one in found.values():
        assert one.parent is not None
        assert (one.path or "")[:-4] == one.parent.path
        assert one.area == cast.town.area
    assert file.take(*rows) == (0, 0, 4, 0)


def test_superiors_that_turn_in_a_ring_or_are_wrong_are_told(file: File, cast: Cast) -> None:
    stage = file.check(
        row(cast, name="甲", type="工会联合会", parent="乙"),
        row(cast, name="乙", type="工会联合会", parent="甲"),
        row(cast, name="丙", parent="丁"),
        row(cast, name="丁", type="工会联合会", founded_on="2999-01-01"),
        row(cast, name="戊", parent="己"),
        row(cast, name="己", type="小组", parent="庚"),
        row(cast, name="庚"),
    )

    assert columns_with_problems(stage) == [
        (2, "parent"),
        (3, "parent"),
        (4, "parent"),
        (5, "founded_on"),
        (6, "parent"),
    ]
    assert "自身" in problems(stage)[0][2]
    file.apply(stage)
    assert set(Organisation.everything.filter(batch_id=1).values_list("name", flat=True)) == {"己", "庚"}


def test_a_long_chain_of_superiors_ends_in_a_sentence_and_not_in_a_crash(file: File, cast: Cast) -> None:
    rows = [row(cast, name=f"联合会{n}", type="工会联合会", parent=f"联合会{n + 1}") for n in range(3000)]
    stage = file.check(*rows, row(cast, name="联合会3000", type="工会联合会"))
    assert stage.counts().wrong == 0

    with pytest.raises(ActionError):
        file.apply(stage)
    assert not Organisation.everything.filter(batch_id=1).exists()


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"name": ""}, "name"),
        ({"parent": ""}, "parent"),
        ({"parent": "不存在的总工会"}, "parent"),
        ({"type": "分会"}, "parent"),
        ({"type": "俱乐部"}, "type"),
        ({"founded_on": ""}, "founded_on"),
        ({"founded_on": "2999-01-01"}, "founded_on"),
        ({"area": "月球"}, "area"),
        ({"credit_code": "81310112MC0000001A"}, "credit_code"),
        ({"employers": "不存在的单位"}, "employers"),
        ({"employers": "空单位"}, "employers"),
        ({"employers": "已建单位"}, "employers"),
        ({"employers": "单位一、单位二"}, "employers"),
        ({"type": "联合工会", "employers": "单位一"}, "employers"),
        ({"term_from": "2024-05-01"}, "term_years"),
        ({"term_from": "2024-05-01", "term_years": "4"}, "term_years"),
        ({"term_from": "2024-05-01", "term_years": "3", "term_due": "2028-05-01"}, "term_due"),
        ({"term_from": "2018-05-01", "term_years": "3"}, "term_from"),
        ({"has_congress": "也许"}, "has_congress"),
    ],
)
def test_what_cannot_be_is_refused_at_its_column(file: File, cast: Cast, cells: dict[str, str], column: str) -> None:
    make_employer(cast.town, "空单位", 0)
    cover(cast.union, make_employer(cast.town, "已建单位"))
    for name in ("单位一", "单位二"):
        make_employer(cast.town, name)

    stage = file.check(row(cast, **cells))

    assert columns_with_problems(stage) == [(2, column)]
    file.apply(stage)
    assert not Organisation.everything.filter(batch_id=1).exists()


@pytest.mark.parametrize(
    ("number", "years", "told"),
    [("第三届", "5年", (3, 5)), ("十二", "3", (12, 3)), ("2届", "五年", (2, 5)), ("二十", "3 年", (20, 3))],
)
def test_terms_are_read_as_cadres_write_them(
    file: File, cast: Cast, number: str, years: str, told: tuple[int, int]
) -> None:
    file.take(row(cast, term_number=number, term_years=years, term_from="2024-05-01"))

    assert Term.everything.values_list("number", "years").get() == told


def test_a_cell_that_cannot_be_read_is_told_once(file: File, cast: Cast) -> None:
    stage = file.check(row(cast, term_years="很久", term_from="2024-05-01"))

    assert columns_with_problems(stage) == [(2, "term_years")]


def test_a_joint_union_covers_several_employers(file: File, cast: Cast) -> None:
    for name in ("单位一", "单位二"):
        make_employer(cast.town, name)

    assert file.take(row(cast, type="联合工会", employers="单位一；单位二"))[0] == 1
    assert Coverage.everything.filter(starts_on=date(2019, 5, 1)).count() == 2


def test_two_rows_cannot_cover_one_employer(file: File, cast: Cast) -> None:
    make_employer(cast.town, "单位一")

    stage = file.check(row(cast, employers="单位一"), row(cast, name="另一工会", employers="单位一"))

    assert columns_with_problems(stage) == [(3, "employers")]


def test_moves_and_changes_of_type_are_not_made_by_a_file(file: File, cast: Cast) -> None:
    file.take(row(cast, code="YF-1"), row(cast, name="联合会", type="工会联合会"))

    stage = file.check(
        row(cast, code="YF-1", parent="联合会"),
        row(cast, code="YF-1", type="联合工会"),
    )

    assert columns_with_problems(stage)[:2] == [(2, "parent"), (3, "type")]
    warned = file.check(row(cast, code="YF-1", founded_on="2018-01-01"))
    assert [(one.column, one.severity) for one in warned.problems()] == [("founded_on", "warning")]
    assert file.take(row(cast, code="YF-1", founded_on="2018-01-01"))[2] == 1


def test_repetitions_in_the_file_name_the_row_they_repeat(file: File, cast: Cast) -> None:
    stage = file.check(row(cast, code="A"), row(cast, code="A", name="另一工会"), row(cast, code="B"))

    assert problems(stage) == [(3, "code", "与第2行重复。"), (4, "name", "与第2行重复。")]


def test_bodies_out_of_reach_are_neither_superiors_nor_changed(file: File, cast: Cast) -> None:
    stage = file.check(
        row(cast, parent=cast.other_town.name),
        row(cast, name="青石纺织厂工会", code=cast.other_union.code),
    )

    assert columns_with_problems(stage)[0] == (2, "parent")
    assert (3, "name") in columns_with_problems(stage)


def test_numbers_are_given_to_those_who_bring_none(file: File, cast: Cast) -> None:
    prefix = cast.town.area.code
    file.take(row(cast, name="甲工会"), row(cast, name="乙工会", code=f"{prefix}-00002"), row(cast, name="丙工会"))

    codes = dict(Organisation.everything.filter(batch_id=1).values_list("name", "code"))
    assert codes == {"甲工会": f"{prefix}-00001", "乙工会": f"{prefix}-00002", "丙工会": f"{prefix}-00003"}


def test_undo_takes_everything_back_unless_something_stands_upon_it(file: File, cast: Cast) -> None:
    cells = [full(cast), row(cast, name="分会", type="分会", parent="远帆物流有限公司工会")]
    before = set(Organisation.everything.values_list("pk", flat=True))
    file.take(*cells)
    file.undo()
    assert set(Organisation.everything.values_list("pk", flat=True)) == before
    assert (Coverage.everything.count(), Term.everything.count(), Placement.everything.count()) == (0, 0, 5)

    file.take(*cells)
    make_member(Organisation.everything.get(code="YF-1"))
    with pytest.raises(ActionError, match="不能撤销"):
        file.undo()


def test_a_superior_dissolved_meanwhile_stops_the_whole_file(file: File, cast: Cast) -> None:
    association = make_body(cast.town, OrganisationType.ASSOCIATION, name="联合会")
    stage = file.check(row(cast, parent="联合会"))
    Organisation.everything.filter(pk=association.pk).update(dissolved_on=TODAY)

    with pytest.raises(ActionError, match="重新核对"):
        file.apply(stage)


def load(importer: UnionsImporter, path: Path, cast: Cast, number: int) -> tuple[float, Stage]:
    file = File(importer, path, cast.dana.actor)
    rows = [
        row(cast, name=f"第{n}基层工会", code=f"N{n}", term_from="2024-05-01", term_years="5") for n in range(number)
    ]
    started = time.perf_counter()
    stage = file.check(*rows)
    file.apply(stage)
    return time.perf_counter() - started, stage


def test_two_thousand_unions_are_a_matter_of_seconds(tmp_path: Path, cast: Cast) -> None:
    """18,303 unions in well under a minute means 2,000 in well under six seconds."""
    seconds, stage = load(UnionsImporter(), tmp_path, cast, 2000)

    assert stage.counts().new == 2000
    assert Organisation.everything.filter(batch_id=1).count() == 2000
    assert seconds < 6

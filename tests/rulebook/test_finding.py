from collections.abc import Sequence
from datetime import date

import pytest
from django.utils import translation

from shuniu.kernel.period import FOREVER
from shuniu.rulebook.enums import Operator, Reason, UnitMay
from shuniu.rulebook.rules.book import official
from shuniu.rulebook.rules.finding import Found, NoRuleError, Place, Snapshot, decide
from shuniu.rulebook.rules.rule import ALWAYS, Rule, UnitValue
from tests.rulebook.making import limit, own

DAY = date(2026, 3, 1)
HERE = Place.of("shenzhen.futian", "000100020003")


def found(rules: Sequence[Rule], units: Sequence[UnitValue] = (), at: Place = HERE, on: date = DAY) -> Found:
    answer = decide(rules, units, on=on, at=at)
    assert answer is not None
    return answer


def test_a_place_holds_the_wider_ones_from_narrow_to_wide() -> None:
    assert HERE.jurisdictions == ("shenzhen.futian", "shenzhen")
    assert HERE.organisation_paths == ("000100020003", "00010002", "0001")
    assert Place.of() == Place()


@pytest.mark.parametrize(
    ("places", "winner"),
    [
        (["national"], "national"),
        (["national", "shenzhen"], "shenzhen"),
        (["shenzhen.futian", "national", "shenzhen"], "shenzhen.futian"),
        (["national", "shanghai"], "national"),
    ],
)
def test_the_narrowest_place_stands(places: list[str], winner: str) -> None:
    answer = found([limit(place=place) for place in places])

    assert answer.rule.jurisdiction.key == winner
    assert answer.considered[0].reason is Reason.STANDS
    assert all(one.reason is Reason.LESS_LOCAL for one in answer.considered[1:])
    assert "shanghai" not in [one.rule.jurisdiction.key for one in answer.considered]


def test_periods_are_half_open() -> None:
    old = limit(Operator.LE, 60, valid=(ALWAYS, date(2026, 1, 1)))
    new = limit(Operator.LE, 30, valid=(date(2026, 1, 1), FOREVER))

    before, after = found([old, new], on=date(2025, 12, 31)), found([old, new], on=date(2026, 1, 1))

    assert (before.rule.number, before.considered[1].reason) == (60, Reason.NOT_YET)
    assert (after.rule.number, after.considered[1].reason) == (30, Reason.ENDED)


def test_an_ended_local_rule_leaves_the_national_one() -> None:
    local = limit(Operator.LE, 10, place="shenzhen", valid=(ALWAYS, DAY))

    assert found([limit(), local]).rule.is_national


def test_a_stricter_unit_rule_stands_for_the_unit_and_all_below_it() -> None:
    units = [own(20, "00010002")]

    answer = found([limit()], units)

    assert (answer.rule.number, answer.rule.own) == (20, units[0])
    assert [one.reason for one in answer.considered] == [Reason.STANDS, Reason.REPLACED]


def test_the_nearest_units_rule_stands_before_the_ones_above_it() -> None:
    answer = found([limit()], [own(10, "000100020003"), own(20, "0001")])

    assert answer.rule.number == 10
    assert [one.reason for one in answer.considered] == [Reason.STANDS, Reason.REPLACED, Reason.REPLACED]


def test_a_unit_rule_that_the_law_has_overtaken_does_not_count() -> None:
    answer = found([limit(Operator.LE, 15)], [own(20)])

    assert (answer.rule.number, answer.rule.own) == (15, None)
    assert [one.reason for one in answer.considered] == [Reason.STANDS, Reason.LAXER]


def test_a_unit_rule_laxer_than_the_one_of_the_unit_above_does_not_count() -> None:
    answer = found([limit()], [own(10, "0001"), own(20, "00010002")])

    assert answer.rule.number == 10


@pytest.mark.parametrize(("unit_may", "number"), [(UnitMay.ANY, 99), (UnitMay.NONE, 30), (UnitMay.STRICTER, 30)])
def test_what_a_unit_may_is_the_rules_word(unit_may: UnitMay, number: int) -> None:
    assert found([limit(unit_may=unit_may)], [own(99)]).rule.number == number


def test_a_unit_rule_out_of_its_time_is_told_but_does_not_stand() -> None:
    units = [own(10, valid=(ALWAYS, DAY)), own(5, valid=(date(2026, 3, 2), FOREVER))]

    answer = found([limit()], units)

    assert answer.rule.number == 30
    assert {one.reason for one in answer.considered} == {Reason.STANDS, Reason.ENDED, Reason.NOT_YET}


def test_a_snapshot_asks_only_the_units_at_the_place() -> None:
    snapshot = Snapshot(DAY, {"test.rule": [limit()]}, (own(20, "0009"), own(25, "0001")))

    assert snapshot.find("test.rule", HERE).rule.number == 25
    assert snapshot.find("test.rule", Place()).rule.number == 30


def test_why_is_told_in_both_languages() -> None:
    snapshot = Snapshot(DAY, official().rules)

    local, national = snapshot.find("women.committee", Place.of("shanghai")), snapshot.find("term.years", Place())
    unit = found([limit()], [own(20)])

    assert local.why_zh == "按上海市的规定执行，优先于全国规定。"
    assert local.why_en == "The rule of Shanghai stands before the national one."
    assert national.why_zh == "按全国规定执行，没有更具体的现行地方规定。"
    assert unit.why_zh == "union at 0001依规定设置了本单位规则，按其执行。"
    with translation.override("zh-hans"):
        assert [one.why for one in local.considered][1:] == ["有更具体的地方规定优先适用。"]


def test_no_rule_in_force_is_a_sentence() -> None:
    snapshot = Snapshot(date(1999, 1, 1), official().rules)

    assert snapshot.get("committee.threshold", Place()) is None
    with translation.override("zh-hans"), pytest.raises(NoRuleError) as refusal:
        snapshot.find("committee.threshold", Place())
    assert str(refusal.value) == "1999年1月1日此处没有现行有效的规则“committee.threshold”。"


def test_every_rule_of_the_law_in_force_today_was_in_force_five_years_before() -> None:
    today, before = (Snapshot(day, official().rules) for day in (date(2026, 11, 22), date(2021, 11, 22)))

    for rule_id in official().topics:
        assert (today.get(rule_id, Place()) is None) == (before.get(rule_id, Place()) is None), rule_id

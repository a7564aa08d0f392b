from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import translation

from shuniu.kernel.errors import ActionError
from shuniu.kernel.models import TrailEntry
from shuniu.kernel.period import FOREVER
from shuniu.registry.models import Area
from shuniu.rulebook import actions
from shuniu.rulebook.enums import Operator, Reason
from shuniu.rulebook.models import UnitRule
from shuniu.rulebook.public import end_unit_rule, find, place_of, set_unit_rule, snapshot
from tests.factories import NOW, TODAY, Cast, Player

TOMORROW, NEXT_WEEK = TODAY + timedelta(days=1), TODAY + timedelta(days=7)
RULE = "transfer.open_days"


def set_days(
    player: Player, number: int = 20, *, body: Any = None, valid_from: date = TODAY, rule_id: str = RULE, **given: Any
) -> UnitRule:
    values = {"operator": Operator.LE, "numbers": [number], "source": "云工发〔2026〕3号", **given}
    return set_unit_rule(
        body or player.organisation, rule_id, valid_from=valid_from, actor=player.actor, now=NOW, **values
    )


def in_force(body: Any, on: date = TODAY, rule_id: str = RULE) -> tuple[int, ...]:
    return find(rule_id, on=on, at=place_of(body)).rule.numbers


def refusal(act: Callable[[], object]) -> str:
    with translation.override("zh-hans"), pytest.raises(ActionError) as refused:
        act()
    return str(refused.value)


def test_a_units_rule_holds_for_it_and_all_below_from_its_day_on(cast: Cast) -> None:
    set_days(cast.cadre, 20, valid_from=TOMORROW)

    assert in_force(cast.union, TODAY) == (30,)
    assert in_force(cast.union, TOMORROW) == (20,)
    assert in_force(cast.town, TOMORROW) == (20,)
    assert in_force(cast.other_union, TOMORROW) == (30,)
    assert in_force(cast.district, TOMORROW) == (30,)


def test_the_snapshot_says_the_same_with_two_queries(cast: Cast, django_assert_num_queries: Any) -> None:
    set_days(cast.cadre, 20)
    places = [place_of(body) for body in (cast.union, cast.other_union)]

    with django_assert_num_queries(1):
        day = snapshot(on=TODAY)
        numbers = [day.find(RULE, place).rule.number for place in places * 50]

    assert numbers == [20, 30] * 50


def test_the_next_rule_ends_the_one_before_it(cast: Cast) -> None:
    first = set_days(cast.alice, 20)

    set_days(cast.alice, 10, valid_from=NEXT_WEEK)

    first.refresh_from_db()
    assert first.valid_to == NEXT_WEEK
    assert (in_force(cast.union, TODAY), in_force(cast.union, NEXT_WEEK)) == ((20,), (10,))


def test_setting_a_rule_leaves_one_entry_in_the_trail(cast: Cast) -> None:
    set_days(cast.alice, 20)
    before = TrailEntry.objects.count()

    row = set_days(cast.alice, 10, valid_from=NEXT_WEEK, reason="职工要求")

    entry = TrailEntry.objects.latest("number")
    assert TrailEntry.objects.count() == before + 1
    assert (entry.verb, entry.target_id, entry.organisation_id) == ("rule.set", row.pk, cast.union.pk)
    assert (entry.changes["before"]["numbers"], entry.changes["after"]["numbers"]) == ([20], [10])
    assert entry.changes["after"]["reason"] == "职工要求"


def test_a_laxer_rule_is_refused_with_the_rule_above_it(cast: Cast) -> None:
    assert refusal(lambda: set_days(cast.alice, 31)) == "本单位规则只能比全国的规定更严：≤ 30天（本系统默认值）。"
    assert not UnitRule.everything.exists()


def test_the_rule_of_the_unit_above_is_the_floor(cast: Cast) -> None:
    set_days(cast.cadre, 20)

    assert refusal(lambda: set_days(cast.alice, 25)).startswith("本单位规则只能比东湖街道总工会的规定更严：≤ 20天")
    set_days(cast.alice, 15)
    assert in_force(cast.union) == (15,)


def test_a_rule_that_the_unit_above_overtakes_does_not_count(cast: Cast) -> None:
    set_days(cast.alice, 20)
    set_days(cast.cadre, 10, valid_from=TOMORROW)

    found = find(RULE, on=TOMORROW, at=place_of(cast.union))

    assert found.rule.number == 10
    assert found.considered[1].reason is Reason.LAXER


def test_a_lower_threshold_is_the_stricter_duty(cast: Cast) -> None:
    given = {"operator": Operator.GE, "rule_id": "committee.threshold"}

    assert refusal(lambda: set_days(cast.alice, 30, **given)).startswith("本单位规则只能比全国的规定更严")
    set_days(cast.alice, 20, **given)
    assert in_force(cast.union, rule_id="committee.threshold") == (20,)


def test_where_any_rule_may_be_set_the_number_is_free(cast: Cast) -> None:
    set_days(cast.alice, operator=Operator.EQ, numbers=[12, 9, 3], rule_id="term.warning_months")

    assert in_force(cast.union, rule_id="term.warning_months") == (12, 9, 3)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"rule_id": "no.such"}, "没有名为“no.such”的规则。"),
        ({"rule_id": "term.years_local", "operator": Operator.EQ, "numbers": [5]}, "本条规则不允许单位另行规定。"),
        ({"rule_id": "committee.size", "numbers": [5]}, "本条规则不允许单位另行规定。"),
        ({"operator": Operator.GE}, "比较方式与该规则不符。"),
        ({"numbers": []}, "数值应为一个或数个0至1000000000之间的整数。"),
        ({"numbers": [-1]}, "数值应为一个或数个0至1000000000之间的整数。"),
        ({"numbers": [5, 6]}, "数值应为一个数。"),
        ({"valid_from": TODAY - timedelta(days=1)}, "规则的生效日和终止日不得早于今天。"),
    ],
)
def test_rules_that_are_none_are_refused(cast: Cast, given: dict[str, Any], sentence: str) -> None:
    assert refusal(lambda: set_days(cast.alice, **given)) == sentence
    assert not UnitRule.everything.exists()


def test_no_rule_in_force_cannot_be_made_stricter(cast: Cast) -> None:
    given = {"rule_id": "vacancy.by_election_months", "numbers": [2]}

    assert refusal(lambda: set_days(cast.alice, **given)).endswith("没有现行有效的规则“vacancy.by_election_months”。")


def test_a_later_rule_must_be_ended_first(cast: Cast) -> None:
    set_days(cast.alice, 20, valid_from=NEXT_WEEK)

    assert refusal(lambda: set_days(cast.alice, 10, valid_from=TOMORROW)) == (
        "本单位已有一条自2026年3月12日起生效的规则，请先终止该条规则。"
    )
    assert refusal(lambda: set_days(cast.alice, 10, valid_from=NEXT_WEEK)).startswith("本单位已有一条")


def test_two_at_once_leave_one_rule(cast: Cast) -> None:
    """Whoever comes second has seen no open rule; the database refuses the second one, in a sentence."""
    set_days(cast.alice, 20)
    second = UnitRule.everything.get()
    second.pk = None

    assert refusal(lambda: actions._insert(second)) == "该规则刚刚被他人修改，请刷新页面后再操作。"
    assert UnitRule.everything.filter(valid_to=FOREVER).count() == 1


def test_strangers_and_clerks_may_not_set_a_rule(cast: Cast) -> None:
    for player in (cast.charlie, cast.clerk, cast.stranger, cast.operator, cast.bob):
        with pytest.raises(PermissionDenied):
            set_days(player, body=cast.union)
    assert not UnitRule.everything.exists()


def test_an_ended_rule_gives_way_to_the_one_above(cast: Cast) -> None:
    row = set_days(cast.alice, 20)

    end_unit_rule(row, on=NEXT_WEEK, actor=cast.alice.actor, now=NOW)

    assert (in_force(cast.union, NEXT_WEEK - timedelta(days=1)), in_force(cast.union, NEXT_WEEK)) == ((20,), (30,))
    assert TrailEntry.objects.latest("number").verb == "rule.ended"
    assert refusal(lambda: end_unit_rule(row, on=NEXT_WEEK, actor=cast.alice.actor, now=NOW)) == (
        "该规则已于2026年3月12日终止。"
    )


def test_a_rule_that_has_not_begun_is_withdrawn_and_may_be_set_again(cast: Cast) -> None:
    row = set_days(cast.alice, 20, valid_from=NEXT_WEEK)

    end_unit_rule(row, on=TODAY, actor=cast.alice.actor, now=NOW)
    set_days(cast.alice, 10, valid_from=TOMORROW)

    assert row.valid_to == NEXT_WEEK
    assert in_force(cast.union, NEXT_WEEK) == (10,)


def test_ending_is_refused_in_the_past_and_to_strangers(cast: Cast) -> None:
    row = set_days(cast.alice, 20)

    with pytest.raises(PermissionDenied):
        end_unit_rule(row, on=TOMORROW, actor=cast.charlie.actor, now=NOW)
    assert (
        refusal(lambda: end_unit_rule(row, on=TODAY - timedelta(days=1), actor=cast.alice.actor, now=NOW))
        == "规则的生效日和终止日不得早于今天。"
    )


def test_ending_what_somebody_else_just_ended_is_refused(cast: Cast) -> None:
    mine, theirs = set_days(cast.alice, 20), UnitRule.everything.get()
    end_unit_rule(theirs, on=TOMORROW, actor=cast.alice.actor, now=NOW)

    assert refusal(lambda: end_unit_rule(mine, on=NEXT_WEEK, actor=cast.alice.actor, now=NOW)) == (
        "该规则刚刚被他人修改，请刷新页面后再操作。"
    )


def test_the_area_says_which_local_rule_holds(cast: Cast) -> None:
    Area.objects.update(jurisdiction="shanghai")
    cast.union.refresh_from_db()

    found = find("women.committee", on=TODAY, at=place_of(cast.union))

    assert (found.rule.jurisdiction.key, found.rule.number) == ("shanghai", 25)

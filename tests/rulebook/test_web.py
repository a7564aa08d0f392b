from datetime import date, timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shuniu.registry.models import Area
from shuniu.rulebook.enums import Operator
from shuniu.rulebook.models import UnitRule
from shuniu.rulebook.public import set_unit_rule
from tests.factories import Cast, Player

LIST = "/rules/"
RULE = "/rules/transfer.open_days/"


def page(player: Player, url: str, **query: Any) -> HttpResponse:
    return player.client.get(url, query)


def text(response: HttpResponse) -> str:
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def own_rule(player: Player, number: int = 20) -> UnitRule:
    return set_unit_rule(
        player.organisation,
        "transfer.open_days",
        operator=Operator.LE,
        numbers=[number],
        valid_from=timezone.localdate(),
        source="云工发〔2026〕3号",
        actor=player.actor,
        now=timezone.now(),
    )


def test_the_list_shows_what_holds_for_the_readers_own_union(cast: Cast) -> None:
    Area.objects.update(jurisdiction="shanghai")

    shown = text(page(cast.alice, LIST))

    assert "日适用于云川机械厂工会" in shown
    assert "《上海市工会条例》第13条" in shown
    assert "《工会女职工委员会工作条例》" not in shown
    assert "仅见于重庆市、河南省" in shown


@pytest.mark.parametrize(
    ("query", "there", "gone"),
    [
        ({"q": "女职工"}, "women.committee", "term.years"),
        ({"q": "TERM OF A PRIMARY"}, "term.years/", "women.committee"),
        ({"q": "选举工作条例"}, "committee.size", "term.years/"),
        ({"group": "data"}, "group.suppression", "committee.size"),
    ],
)
def test_the_list_is_narrowed_by_text_and_subject(cast: Cast, query: dict[str, str], there: str, gone: str) -> None:
    shown = text(page(cast.alice, LIST, **query))

    assert there in shown
    assert gone not in shown


def test_nothing_found_says_what_to_do(cast: Cast) -> None:
    assert "没有" in text(page(cast.alice, LIST, q="zzz"))


def test_the_list_is_asked_on_a_day(cast: Cast) -> None:
    shown = text(page(cast.alice, LIST, on="2021-05-01", q="committee.threshold"))

    assert "（2001年修正）第10条" in shown
    assert "待核实" in shown


def test_htmx_gets_the_rows_that_the_page_has(cast: Cast) -> None:
    whole = text(page(cast.alice, LIST, q="届"))
    rows = text(cast.alice.client.get(LIST, {"q": "届"}, headers={"HX-Request": "true"}))

    assert rows.startswith('<div id="rows"')
    assert rows in whole


@pytest.mark.parametrize(
    "query",
    [
        *({"on": on} for on in ("2026-02-30", "x", "0001-01-01", "9999-12-31")),
        *({"place": place} for place in ("o:x", "o:99999999999999999999", "j:nowhere", "::", "o:²", "o:1")),
        {"group": "none", "q": "x" * 5000, "found": "-1", "by": "²"},
    ],
)
def test_silly_addresses_are_answered(cast: Cast, query: dict[str, str]) -> None:
    assert page(cast.alice, LIST, **query).status_code == 200
    assert page(cast.alice, RULE, **query).status_code == 200


def test_a_rules_page_tells_number_source_reason_and_other_places(cast: Cast) -> None:
    shown = text(page(cast.alice, "/rules/women.committee/", place="j:beijing"))

    assert "《北京市实施〈中华人民共和国工会法〉办法》（2015年）第9条" in shown
    assert "按北京市的规定执行，优先于全国规定。" in shown
    assert "有更具体的地方规定优先适用。" in shown
    assert all(f"place=j:{key}" in shown for key in ("shanghai", "henan", "chongqing", "national"))


def test_a_rules_page_speaks_english_when_asked(cast: Cast) -> None:
    client = cast.alice.client
    client.cookies["django_language"] = "en"

    shown = text(client.get("/rules/women.committee/", {"place": "j:shanghai"}))

    assert "The rule of Shanghai stands before the national one." in shown
    assert "按上海市" not in shown


def test_a_rule_that_holds_nowhere_here_says_so(cast: Cast) -> None:
    assert "没有适用的规定" in text(page(cast.alice, "/rules/vacancy.by_election_months/", place="j:national"))


def test_every_rule_has_a_page(cast: Cast) -> None:
    from shuniu.rulebook.public import official

    client = cast.dana.client
    for rule_id, rules in official().rules.items():
        place = {"place": rules[0].place_key}
        assert rules[0].citation.zh in text(client.get(reverse("rulebook:rule", args=[rule_id]), place))


@pytest.mark.parametrize(
    ("url", "query", "sentence", "state"),
    [
        ("committee.threshold", {"found": "24"}, "有会员24人，不足25人", "verdict-neutral"),
        ("committee.size", {"found": "8", "by": "100"}, "相差1人", "verdict-bad"),
        ("committee.size", {"found": "7", "by": "100"}, "符合规定", "verdict-good"),
        ("congress.quorum", {"found": "60", "base": "90"}, "可以开会", "verdict-good"),
    ],
)
def test_a_figure_can_be_tried(cast: Cast, url: str, query: dict[str, str], sentence: str, state: str) -> None:
    shown = text(page(cast.alice, f"/rules/{url}/", **query))

    assert sentence in shown
    assert state in shown
    assert f"/rules/{url}/?place=j:national" in shown


def test_a_figure_that_is_none_is_refused_at_its_field(cast: Cast) -> None:
    shown = text(page(cast.alice, "/rules/committee.size/", found="x"))

    assert "field-errors" in shown
    assert "verdict-" not in shown


def test_a_union_sets_and_ends_its_own_rule(cast: Cast) -> None:
    client, union = cast.alice.client, cast.union
    set_url = f"{RULE}own/?organisation={union.pk}"
    today = timezone.localdate()
    said = {"operator": "LE", "numbers": "２０", "valid_from": today.isoformat(), "source": "云工发〔2026〕3号"}

    assert set_url.replace("&", "&amp;") in text(client.get(RULE))
    assert "现行规定：全国，≤ 30天" in text(client.get(set_url))
    assert client.post(set_url, said)["Location"] == f"{RULE}?place=o:{union.pk}"

    row = UnitRule.everything.get()
    shown = text(client.get(RULE))
    assert (row.numbers, row.set_by_name) == ([20], "艾丽")
    assert "云川机械厂工会依规定设置了本单位规则" in shown
    end_url = reverse("rulebook:end_own", args=[row.pk])
    assert end_url in shown

    assert client.post(end_url, {"on": (today + timedelta(days=1)).isoformat()}).status_code == 302
    row.refresh_from_db()
    assert row.valid_to == today + timedelta(days=1)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"numbers": "31"}, "本单位规则只能比全国的规定更严"),
        ({"numbers": "abc"}, "“abc”应为整数"),
        ({"numbers": "1.5"}, "应为整数"),
        ({"numbers": "9" * 40}, "应为整数"),
        ({"numbers": ""}, "field-errors"),
        ({"operator": "GE"}, "field-errors"),
        ({"valid_from": "2020-01-01"}, "不得早于今天"),
        ({"valid_from": "soon"}, "field-errors"),
        ({"source": ""}, "field-errors"),
    ],
)
def test_a_wrong_form_is_shown_again_with_the_reason(cast: Cast, change: dict[str, str], sentence: str) -> None:
    said = {"operator": "LE", "numbers": "20", "valid_from": timezone.localdate().isoformat(), "source": "文件"}

    response = cast.alice.client.post(f"{RULE}own/?organisation={cast.union.pk}", {**said, **change})

    assert sentence in text(response)
    assert not UnitRule.everything.exists()


def test_money_is_asked_in_yuan(cast: Cast) -> None:
    url = f"/rules/organiser.allowance.founded/own/?organisation={cast.district.pk}"
    said = {"operator": "EQ", "numbers": "350.5", "valid_from": timezone.localdate().isoformat(), "source": "办法"}

    assert "金额（元）" in text(cast.dana.client.get(url))
    assert cast.dana.client.post(url, said).status_code == 302
    assert UnitRule.everything.get().numbers == [35050]
    assert "field-errors" in text(cast.dana.client.post(url, {**said, "numbers": "很多"}))


def test_strangers_see_neither_the_unit_nor_its_rule(cast: Cast) -> None:
    row = own_rule(cast.alice)
    end_url = reverse("rulebook:end_own", args=[row.pk])

    assert cast.charlie.client.get(f"{RULE}own/?organisation={cast.union.pk}").status_code == 404
    assert cast.charlie.client.post(end_url, {"on": timezone.localdate().isoformat()}).status_code == 404
    assert "云川机械厂工会" not in text(page(cast.charlie, RULE, place=f"o:{cast.union.pk}"))
    assert "云川机械厂工会" in text(page(cast.dana, RULE))


def test_a_clerk_reads_but_does_not_set(cast: Cast) -> None:
    row = own_rule(cast.alice)
    end_url = reverse("rulebook:end_own", args=[row.pk])

    shown = text(page(cast.clerk, RULE))
    assert "云川机械厂工会依规定设置了本单位规则" in shown
    assert end_url not in shown
    assert "/own/?organisation=" not in shown
    assert cast.clerk.client.get(f"{RULE}own/?organisation={cast.union.pk}").status_code == 403
    assert cast.clerk.client.post(end_url).status_code == 403


@pytest.mark.parametrize("url", [LIST, RULE])
def test_without_the_right_no_rule_is_shown(cast: Cast, url: str) -> None:
    assert cast.bob.client.get(url).status_code == 403
    assert Client().get(url).status_code == 302


def test_an_unknown_rule_or_unit_is_not_found(cast: Cast) -> None:
    client = cast.alice.client

    for url in ("/rules/no.such/", "/rules/no.such/own/", f"{RULE}own/", f"{RULE}own/?organisation=x"):
        assert client.get(url).status_code == 404
    assert client.get(f"{RULE}own/?organisation=99999999999999999999").status_code == 404
    assert client.get("/rules/own/999999/end/").status_code == 404


def test_where_no_rule_holds_none_can_be_set(cast: Cast) -> None:
    response = cast.alice.client.get(
        f"/rules/vacancy.by_election_months/own/?organisation={cast.union.pk}", follow=True
    )

    assert "没有现行有效的规则" in text(response)


@pytest.mark.parametrize("rules", [1, 3])
def test_queries_do_not_grow_with_the_units_own_rules(
    cast: Cast, rules: int, django_assert_max_num_queries: Any
) -> None:
    start = date(2026, 1, 1)
    for number in range(rules):
        day, after = start + timedelta(days=number), start + timedelta(days=number + 1)
        row = own_rule(cast.alice)
        UnitRule.everything.filter(pk=row.pk).update(valid_from=day, valid_to=after)
    client = cast.alice.client

    with django_assert_max_num_queries(10):
        client.get(RULE)

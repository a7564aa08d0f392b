from pathlib import Path

import pytest
from django.utils import translation

from shuniu.kernel.toml import DataFileError
from shuniu.rulebook.enums import Kind
from shuniu.rulebook.rules.book import Book, official
from shuniu.rulebook.rules.finding import NoRuleError

TOPICS = """
unknown = { zh = "无", en = "none" }
[units]
people = { zh = "人", en = "people" }
month_day = { zh = "日", en = "day" }
[measures]
members = { zh = "会员", en = "members" }
[groups]
organisation = { zh = "组织", en = "Organisation" }
[[topic]]
id = "a.limit"
group = "organisation"
title = { zh = "限", en = "Limit" }
kind = "limit"
unit = "people"
measure = "members"
unit_may = "stricter"
[topic.sentences]
pass = { zh = "{found}", en = "{found}" }
fail = { zh = "{needed}", en = "{needed}" }
[[topic]]
id = "a.duty"
group = "organisation"
title = { zh = "责", en = "Duty" }
kind = "duty"
unit = "people"
measure = "members"
[topic.sentences]
free = { zh = "无", en = "none" }
[[topic]]
id = "a.setting"
group = "organisation"
title = { zh = "值", en = "Setting" }
kind = "setting"
unit = "month_day"
[topic.sentences]
state = { zh = "{needed}", en = "{needed}" }
"""
HEAD = """
jurisdiction = { key = "national", zh = "全国", en = "National" }
[sources]
law = { zh = "法", en = "Law" }
"""
RULE = """
[[rule]]
id = "a.limit"
operator = "GE"
value = 3
source = "law"
"""


def load(tmp_path: Path, topics: str = TOPICS, rules: str = HEAD + RULE) -> Book:
    (tmp_path / "topics.toml").write_text(topics, encoding="utf-8")
    (tmp_path / "here.toml").write_text(rules, encoding="utf-8")
    return Book.load(tmp_path)


def refusal(tmp_path: Path, topics: str = TOPICS, rules: str = HEAD + RULE) -> str:
    with translation.override("en"), pytest.raises(DataFileError) as refused:
        load(tmp_path, topics, rules)
    return str(refused.value)


def test_the_shipped_rules_load_and_name_their_sources() -> None:
    book = official()

    assert {"national", "shanghai", "zhejiang", "henan", "chongqing", "beijing"} <= book.jurisdictions.keys()
    assert all(rules for rules in book.rules.values())
    assert all(rule.citation.zh and rule.citation.en for rules in book.rules.values() for rule in rules)


def test_every_sentence_of_a_shipped_topic_tells_its_number() -> None:
    for topic in official().topics.values():
        told = [case for case, text in topic.sentences.items() if "{needed}" in text.zh and "{needed}" in text.en]
        assert len(told) == len(topic.sentences) - 1, topic.id  # all but the missing figure
        assert topic.kind is Kind.SETTING or topic.measure


def test_a_small_book_loads(tmp_path: Path) -> None:
    book = load(tmp_path)

    assert [rule.number for rule in book.rules["a.limit"]] == [3]
    assert book.rules["a.duty"] == ()


def test_an_unknown_topic_is_refused_in_the_readers_language() -> None:
    with translation.override("zh-hans"), pytest.raises(NoRuleError) as refused:
        official().topic("no.such")

    assert str(refused.value) == "没有名为“no.such”的规则。"


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('kind = "limit"', 'kind = "cap"', "topics.toml, topic 1: “kind” must be limit, duty, setting."),
        ('unit = "people"', 'unit = "miles"', "topics.toml, topic 1: “unit” must be one of people, month_day."),
        ('measure = "members"', "", "topics.toml, topic 1: “measure” is missing."),
        ('group = "organisation"', 'group = "x"', "topics.toml, topic 1: “group” must be one of organisation."),
        ('id = "a.duty"', 'id = "a.limit"', "topics.toml, topic 2: “id” must be used once only."),
        (
            'pass = { zh = "{found}", en = "{found}" }',
            "",
            "topics.toml, topic 1, sentences: “pass” must be there, as a sentence in both languages.",
        ),
        (
            'fail = { zh = "{needed}"',
            'fail = { zh = "{total}"',
            "topics.toml, topic 1, sentences: “fail” must be a sentence with no other fields than "
            "base, by, found, gap, needed, rate, subject.",
        ),
        (
            'fail = { zh = "{needed}"',
            'fail = { zh = "{needed"',
            "topics.toml, topic 1, sentences: “fail” must be a sentence with no other fields than "
            "base, by, found, gap, needed, rate, subject.",
        ),
        ('zh = "限", ', "", "topics.toml, topic 1, title: “zh” is missing."),
        (
            'unit = "month_day"',
            'unit = "month_day"\nunit_may = "stricter"',
            "topics.toml, topic 3: “unit_may” must be any or none, since a setting is neither strict nor lax.",
        ),
    ],
)
def test_a_broken_topic_is_refused_with_its_place(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    assert refusal(tmp_path, topics=TOPICS.replace(old, new, 1)) == sentence


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('"a.limit"', '"a.limits"', "here.toml, rule 1: “id” must be one of a.limit, a.duty, a.setting."),
        ('"GE"', '"MORE"', "here.toml, rule 1: “operator” must be GE, GT, LE, LT, EQ, BETWEEN, TABLE."),
        ("value = 3", "", "here.toml, rule 1: “value” is missing."),
        ("value = 3", "value = 2.5", "here.toml, rule 1: “value” must be a whole number."),
        ("value = 3", "value = true", "here.toml, rule 1: “value” must be a whole number."),
        (
            "value = 3",
            "value = -3",
            "here.toml, rule 1: “value” must be one or a few whole numbers from 0 to 1000000000.",
        ),
        ("value = 3", "value = [3, 5]", "here.toml, rule 1: “value” must be one number."),
        (
            '"GE"\nvalue = 3',
            '"BETWEEN"\nvalue = [5, 3]',
            "here.toml, rule 1: “value” must be two numbers, the smaller one first.",
        ),
        (
            '"GE"\nvalue = 3',
            '"TABLE"\nbands = [{ from = 0, low = 3, high = 5 }]',
            "here.toml, rule 1: “bands” must be bands from 0 on in order, for a rule that says “by” which figure.",
        ),
        (
            '"GE"\nvalue = 3',
            '"TABLE"\nbands = [{ from = 0, low = 5, high = 3 }]',
            "here.toml, rule 1, bands 1: “high” must be no less than “low”.",
        ),
        (
            "value = 3",
            "value = 3\nper = 0",
            "here.toml, rule 1: “per” must be at least 1, and only for GE, GT, LE and LT.",
        ),
        ('source = "law"', 'source = "lore"', "here.toml, rule 1: “source” must be one of law."),
        ('source = "law"', "", "here.toml, rule 1: “source” is missing."),
        (
            "value = 3",
            "value = 3\nvalid_from = 2026-01-01\nvalid_to = 2026-01-01",
            "here.toml, rule 1: “valid_to” must be after “valid_from”.",
        ),
        ("value = 3", 'value = 3\nnotes = "x"', "here.toml, rule 1: the key “notes” is not known here."),
        (
            '"a.limit"',
            '"a.duty"',
            "here.toml, rule 1: “force” must be one for which the rule “a.duty” has the sentence",
        ),
        ('"a.limit"\noperator = "GE"', '"a.duty"\noperator = "LE"', "here.toml, rule 1: “operator” must be GE, GT."),
        (
            '"a.limit"\noperator = "GE"\nvalue = 3',
            '"a.setting"\noperator = "EQ"\nvalue = [13, 1]',
            "here.toml, rule 1: “value” must be a month and a day.",
        ),
    ],
)
def test_a_broken_rule_is_refused_with_its_place(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    assert refusal(tmp_path, rules=HEAD + RULE.replace(old, new, 1)).startswith(sentence)


def test_two_rules_for_the_same_place_and_day_are_refused(tmp_path: Path) -> None:
    closed = RULE + "valid_from = 2020-01-01\nvalid_to = 2026-01-01\n"

    assert refusal(tmp_path, rules=HEAD + closed + RULE + "valid_from = 2025-12-31\n") == (
        "Two rules “a.limit” of National hold on 2025-12-31."
    )
    assert len(load(tmp_path, rules=HEAD + closed + RULE + "valid_from = 2026-01-01\n").rules["a.limit"]) == 2


def test_a_broken_file_is_refused_in_chinese(tmp_path: Path) -> None:
    with translation.override("zh-hans"), pytest.raises(DataFileError) as refused:
        load(tmp_path, rules=HEAD + RULE.replace("value = 3", ""))

    assert str(refused.value) == "here.toml, rule 1：缺少“value”。"


def test_every_shipped_rule_is_told_in_the_docs() -> None:
    told = (Path(__file__).parents[2] / "docs/rooms/rulebook.md").read_text(encoding="utf-8")

    assert [rule_id for rule_id in official().topics if f"`{rule_id}`" not in told] == []


def test_topics_and_rules_of_a_place_may_stand_in_several_files(tmp_path: Path) -> None:
    more = TOPICS.partition("[[topic]]")[2].partition("[[topic]]")[0]
    (tmp_path / "topics-b.toml").write_text("[[topic]]" + more.replace("a.limit", "b.limit"), encoding="utf-8")
    (tmp_path / "national-b.toml").write_text(HEAD + RULE.replace("a.limit", "b.limit"), encoding="utf-8")

    book = load(tmp_path)

    assert [rule.number for key in ("a.limit", "b.limit") for rule in book.rules[key]] == [3, 3]


def test_a_unit_of_measure_is_named_in_one_file_only(tmp_path: Path) -> None:
    (tmp_path / "topics-b.toml").write_text('[units]\npeople = { zh = "名", en = "persons" }\n', encoding="utf-8")

    assert refusal(tmp_path) == "topics-b.toml, units: “people” must be stated once only."

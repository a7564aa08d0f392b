"""The annual return: its forms as data, its period, and its logic checks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from shuniu.kernel.toml import DataFileError
from shuniu.registry.enums import OrganisationType
from shuniu.registry.rules.returns import (
    Check,
    Judge,
    UnionFacts,
    form_on,
    forms,
    last_reference_day,
    period_until,
    read_forms,
)
from shuniu.rulebook.public import Place, official
from shuniu.rulebook.rules.finding import Snapshot

DAY = date(2026, 9, 30)
RULES = Snapshot(DAY, official().rules)


def rule(rule_id: str):  # type: ignore[no-untyped-def]
    return RULES.find(rule_id, Place()).rule


UNION = UnionFacts(
    pk=1,
    name="远帆物流有限公司工会",
    code="U1",
    type=OrganisationType.PRIMARY,
    employers=1,
    staff=120,
    staff_women=50,
    staff_migrants=30,
    members=100,
    women=40,
    migrants=20,
    committee=5,
    term=(date(2024, 5, 1), 5, date(2029, 5, 1)),
    size_rule=rule("committee.size"),
    term_rule=rule("term.years"),
    joint_rule=rule("joint.employers"),
)


def failed(**changes: object) -> list[Check]:
    return [check for check, _told in Judge().failures(replace(UNION, **changes))]  # type: ignore[arg-type]


def test_a_union_in_order_fails_nothing() -> None:
    assert failed() == []


@pytest.mark.parametrize(
    ("changes", "check"),
    [
        ({"staff": 0, "staff_women": 0, "staff_migrants": 0, "members": 0, "women": 0, "migrants": 0}, Check.STAFF),
        ({"members": 121}, Check.MEMBERS),
        ({"women": 101}, Check.WOMEN),
        ({"staff_women": 121}, Check.WOMEN),
        ({"migrants": 101}, Check.MIGRANTS),
        ({"staff_migrants": 121}, Check.MIGRANTS),
        ({"committee": 2}, Check.COMMITTEE),
        ({"committee": 8}, Check.COMMITTEE),
        ({"term": (date(2024, 5, 1), 4, date(2028, 5, 1))}, Check.TERM),
        ({"term": (date(2024, 5, 1), 5, date(2029, 4, 30))}, Check.TERM),
        ({"type": OrganisationType.JOINT}, Check.JOINT),
    ],
)
def test_each_logic_check_fails_on_its_own(changes: dict[str, object], check: Check) -> None:
    assert failed(**changes) == [check]


@pytest.mark.parametrize(
    "changes",
    [
        {"members": 120},
        {"women": 100},
        {"committee": 3},
        {"committee": 7},
        {"committee": 0},
        {"type": OrganisationType.JOINT, "employers": 2},
        {"term": (date(2024, 2, 29), 3, date(2027, 2, 28))},
        {"term": None},
        {"employers": 0, "staff": 0, "staff_women": 0, "staff_migrants": 0},
        {"type": OrganisationType.ORGANISER_POINT, "members": 9, "women": 4, "migrants": 2, "committee": 1},
    ],
)
def test_boundaries_and_what_is_not_known_pass(changes: dict[str, object]) -> None:
    assert failed(**changes) == []


def test_sentences_name_the_numbers() -> None:
    ((_check, told),) = Judge().failures(replace(UNION, members=121))

    assert told == "会员121人，多于职工120人。"


@pytest.mark.parametrize(
    ("today", "last"),
    [
        (date(2026, 9, 30), date(2025, 9, 30)),
        (date(2026, 10, 1), date(2026, 9, 30)),
        (date(2026, 1, 1), date(2025, 9, 30)),
    ],
)
def test_the_reference_day_is_the_end_of_the_last_whole_year(today: date, last: date) -> None:
    assert last_reference_day(rule("return.period"), today) == last


def test_the_period_runs_from_the_first_of_october() -> None:
    whole, begun = (period_until(rule("return.period"), day) for day in (DAY, date(2026, 10, 1)))

    assert (whole.first, whole.last) == (date(2025, 10, 1), DAY)
    assert (begun.first, begun.last) == (date(2026, 10, 1), date(2026, 10, 1))


def test_the_shipped_form_names_no_number_that_nobody_confirmed() -> None:
    assert [(form.number, form.issuer, form.approval) for form in forms()] == [("", "", "")]
    assert form_on(date(1950, 1, 1)) is forms()[0]


def test_a_later_form_replaces_the_earlier_one(tmp_path: Path) -> None:
    file = tmp_path / "forms.toml"
    form = """[[form]]
valid_from = {day}
title = {{ zh = "表", en = "Form" }}
[[form.table]]
key = "a"
title = {{ zh = "甲", en = "A" }}
lines = [{{ key = "{key}", unit = "people", zh = "甲", en = "A" }}]
"""
    file.write_text(form.format(day="2020-10-01", key="staff") + form.format(day="2016-10-01", key="members"))

    found = read_forms(file)

    assert [one.valid_from.year for one in found] == [2016, 2020]
    assert found[1].keys == {"staff"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "没有报表定义"),
        ("[[form]]\nvalid_from = 1", "valid_from"),
        ('[[form]]\nvalid_from = 2020-10-01\ntitle = { zh = "表", en = "F" }\ncolour = 1', "colour"),
        (
            '[[form]]\nvalid_from = 2020-10-01\ntitle = { zh = "表", en = "F" }\n[[form.table]]\nkey = "a"\n'
            'title = { zh = "甲", en = "A" }\nlines = [{ key = "x", unit = "cows", zh = "牛", en = "Cows" }]',
            "unit",
        ),
    ],
)
def test_a_broken_form_says_where_it_is_broken(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "forms.toml"
    file.write_text(text)

    with pytest.raises(DataFileError, match=told):
        read_forms(file)

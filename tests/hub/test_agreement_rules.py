"""The arithmetic of scores, consequences and payments: exact, in integers, against slow and obvious references."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuniu.hub.enums import Cycle, Measure
from shuniu.hub.rules.agreement_scores import Item, Score, Seen, Terms, digest, periods, read, score, told
from shuniu.hub.rules.agreements import months_between, paid_amount, split_plan
from shuniu.hub.rules.consequences import RULES, Consequence, follow
from shuniu.hub.rules.facts import ServiceFacts
from shuniu.hub.rules.standard_sets import ready_sets
from shuniu.kernel.money import yuan_in_words
from shuniu.rulebook.public import Place, find

TERMS = Terms(least_ratings=5, repeats=3, overdue_deduct=200)
BOOK = {rule_id: find(rule_id, on=date(2026, 10, 1), at=Place()).rule for rule_id in RULES}
ANSWERED = Item(1, "答复", Measure.ANSWERED, 4000, 9500, 100, 150)
RATING = Item(2, "评价", Measure.RATING, 4000, 450, 10, 200)
COMPLAINTS = Item(3, "投诉", Measure.COMPLAINTS, 1000, 0, 100, 200)
MANUAL = Item(4, "检查", Measure.MANUAL, 2000)


def one(item: Item, facts: ServiceFacts | None = None, seen: tuple[Seen, ...] = ()) -> Score:
    return score([item], facts, seen, TERMS)


@pytest.mark.parametrize(
    ("in_time", "off", "deducted"),
    [(96, 0, 0), (95, 0, 0), (94, 1, 150), (90, 5, 750), (0, 95, 4000)],
)
def test_a_rate_costs_points_for_each_point_below_its_target(in_time: int, off: int, deducted: int) -> None:
    (step,) = one(ANSWERED, ServiceFacts(answered=100, answered_in_time=in_time)).steps

    assert (step.found, step.base, step.figure) == (in_time, 100, in_time * 100)
    assert (step.off, step.deducted, step.got) == (off, deducted, 4000 - deducted)


def test_a_step_begun_counts_however_little_of_it() -> None:
    """94.9987 % is not 95 %, although it is shown as 95 %."""
    (step,) = one(ANSWERED, ServiceFacts(answered=15_155, answered_in_time=14_397)).steps

    assert (step.figure, step.off) == (9500, 1)


@given(
    base=st.integers(1, 10**6),
    share=st.fractions(0, 1),
    target=st.integers(0, 10_000),
    size=st.integers(1, 500),
    deduct=st.integers(0, 500),
)
def test_rates_agree_with_exact_fractions(base: int, share: Fraction, target: int, size: int, deduct: int) -> None:
    found = int(base * share)
    item = replace(ANSWERED, target=target, step=size, deduct=deduct)

    (step,) = one(item, ServiceFacts(answered=base, answered_in_time=found)).steps

    short = max(Fraction(0), Fraction(target, 100) - Fraction(100 * found, base))
    steps = math.ceil(short / Fraction(size, 100))
    assert (step.off, step.deducted) == (steps, min(item.points, steps * deduct))


@given(votes=st.lists(st.integers(1, 5), min_size=5, max_size=60), target=st.integers(100, 500))
def test_ratings_agree_with_exact_fractions(votes: list[int], target: int) -> None:
    item = replace(RATING, target=target)

    (step,) = one(item, ServiceFacts(ratings=len(votes), stars=sum(votes))).steps

    short = max(Fraction(0), Fraction(target, 100) - Fraction(sum(votes), len(votes)))
    assert step.off == math.ceil(short / Fraction(item.step, 100))


@pytest.mark.parametrize("ratings", [0, 4])
def test_few_ratings_say_nothing_instead_of_something_made_up(ratings: int) -> None:
    made = one(RATING, ServiceFacts(ratings=ratings, stars=ratings))

    assert (made.steps[0].got, made.steps[0].figure, made.total) == (None, None, None)


@pytest.mark.parametrize(("upheld", "deducted"), [(0, 0), (1, 200), (5, 1000), (9, 1000)])
def test_complaints_cost_points_up_to_all_of_them(upheld: int, deducted: int) -> None:
    (step,) = one(COMPLAINTS, ServiceFacts(served=30, complaints=9, complaints_upheld=upheld)).steps

    assert (step.deducted, step.base) == (deducted, 30)


def test_who_served_nobody_is_not_praised_for_no_complaint() -> None:
    assert one(COMPLAINTS, ServiceFacts()).steps[0].got is None


def test_nothing_is_assessed_where_nobody_counts() -> None:
    made = score([ANSWERED, RATING, COMPLAINTS, MANUAL], None, (), TERMS)

    assert (made.assessed, made.total, made.points) == (0, None, 11_000)


def test_an_item_without_a_single_inspection_is_not_assessed_and_a_clean_one_keeps_its_points() -> None:
    assert one(MANUAL).steps[0].got is None
    assert one(MANUAL, None, (Seen(4, date(2026, 3, 2)),)).steps[0].got == 2000


def found(day: int, issue: str = "无牌上岗", month: int = 3, *, overdue: bool = False) -> Seen:
    return Seen(4, date(2026, month, day), issue, 50, overdue)


def test_the_same_issue_three_times_in_a_month_brings_the_item_to_nothing() -> None:
    twice = one(MANUAL, None, (found(1), found(15), found(2, month=4)))
    thrice = one(MANUAL, None, (found(1), found(15), found(31)))

    assert (twice.steps[0].got, twice.steps[0].repeated) == (1850, "")
    assert (thrice.steps[0].got, thrice.steps[0].repeated) == (0, "无牌上岗")


def test_other_issues_do_not_add_up_to_a_repeat() -> None:
    made = one(MANUAL, None, (found(1), found(2), found(3, "未留档案")))

    assert made.steps[0].got == 2000 - 3 * 50


def test_what_is_not_put_right_in_time_costs_more() -> None:
    assert one(MANUAL, None, (found(1, overdue=True), found(2))).steps[0].deducted == 2 * 50 + 200


def test_the_score_is_the_share_of_what_could_be_assessed_rounded_down() -> None:
    facts = ServiceFacts(answered=100, answered_in_time=94, served=3)
    made = score([ANSWERED, RATING, COMPLAINTS], facts, (), TERMS)

    assert (made.got, made.assessed, made.points) == (4850, 5000, 9000)
    assert made.total == 9700


@given(
    answered=st.integers(0, 500), in_time=st.integers(0, 500), ratings=st.integers(0, 50), mean=st.integers(1, 5),
    upheld=st.integers(0, 20), issues=st.integers(0, 6),
)  # fmt: skip
def test_a_score_stays_between_nothing_and_a_hundred(
    answered: int, in_time: int, ratings: int, mean: int, upheld: int, issues: int
) -> None:
    facts = ServiceFacts(
        answered=answered, answered_in_time=min(answered, in_time), ratings=ratings, stars=ratings * mean,
        complaints=upheld, complaints_upheld=upheld, served=answered,
    )  # fmt: skip
    seen = tuple(found(day + 1, f"问题{day % 2}") for day in range(issues))

    made = score([ANSWERED, RATING, COMPLAINTS, MANUAL], facts, seen, TERMS)

    assert made.total is None or 0 <= made.total <= 10_000
    assert all(step.got is None or 0 <= step.got <= step.points for step in made.steps)
    assert read(told(made)) == made


def test_a_change_of_any_step_breaks_the_seal() -> None:
    made = told(score([ANSWERED, MANUAL], ServiceFacts(answered=9, answered_in_time=9), (), TERMS))
    changed = told(score([ANSWERED, MANUAL], ServiceFacts(answered=9, answered_in_time=8), (), TERMS))

    assert digest(made, 1) == digest(made, 1)
    assert len({digest(made, 1), digest(changed, 1), digest(made, 2)}) == 3


@pytest.mark.parametrize(
    ("total", "consequence", "percent"),
    [
        (10_000, Consequence.FULL, 100), (9000, Consequence.FULL, 100), (8999, Consequence.LESS, 95),
        (8000, Consequence.LESS, 95), (7999, Consequence.RECTIFY, 90), (7000, Consequence.RECTIFY, 90),
        (6999, Consequence.NO_RENEWAL, 90), (0, Consequence.NO_RENEWAL, 90), (None, Consequence.NOT_RATED, 100),
    ],
)  # fmt: skip
def test_consequences_follow_the_bars(total: int | None, consequence: Consequence, percent: int) -> None:
    followed = follow(total, 10_000, 10_000, BOOK)

    assert (followed.consequence, followed.percent) == (consequence, percent)


def test_a_score_that_rests_on_less_than_half_of_the_points_is_no_score() -> None:
    assert follow(3000, 4999, 10_000, BOOK).consequence is Consequence.NOT_RATED
    assert follow(3000, 5000, 10_000, BOOK).consequence is Consequence.NO_RENEWAL


def test_the_verdict_speaks_both_languages() -> None:
    verdict = follow(6950, 10_000, 10_000, BOOK).verdict

    assert verdict.sentence_zh == "考核得分69分，低于70分，扣减付款、限期整改，到期不再续签。"
    assert verdict.sentence_en.startswith("The score is 69, below 70 points")


@given(plan=st.integers(1, 10**13), percent=st.integers(0, 100))
def test_a_payment_is_the_plan_at_its_share_to_the_fen(plan: int, percent: int) -> None:
    paid = paid_amount(plan, percent)

    assert abs(Fraction(plan * percent, 100) - paid) <= Fraction(1, 2)
    assert 0 <= paid <= plan


@given(amount=st.integers(0, 10**12), shares=st.lists(st.integers(0, 100), min_size=1, max_size=5))
def test_a_split_plan_adds_up(amount: int, shares: list[int]) -> None:
    parts = [*[share * 100 // (sum(shares) or 1) for share in shares]]
    parts[-1] += 100 - sum(parts)

    assert sum(split_plan(amount, parts)) == amount


@given(
    start=st.dates(date(2015, 1, 1), date(2030, 1, 1)), days=st.integers(1, 1100), cycle=st.sampled_from(list(Cycle))
)
def test_periods_cover_a_term_without_gap_or_overlap(start: date, days: int, cycle: Cycle) -> None:
    end = start + timedelta(days=days)

    spans = periods(cycle, start, end)

    assert (spans[0][0], spans[-1][1]) == (start, end)
    assert all(left[1] == right[0] for left, right in pairwise(spans))
    assert all(first.day == 1 for first, _last in spans[1:])
    assert all((last - first).days <= (31 if cycle is Cycle.MONTH else 92) for first, last in spans)


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (date(2026, 1, 1), date(2027, 1, 1), 12), (date(2026, 1, 1), date(2027, 1, 2), 13),
        (date(2026, 1, 15), date(2026, 2, 15), 1), (date(2024, 2, 29), date(2027, 3, 1), 37),
    ],
)  # fmt: skip
def test_months_of_a_term(start: date, end: date, months: int) -> None:
    assert months_between(start, end) == months


@pytest.mark.parametrize("key", ["advice", "counselling", "repair", "volunteer"])
def test_ready_sets_add_up_to_a_hundred_points(key: str) -> None:
    items = ready_sets()[key].items

    assert sum(item.points for item in items) == 10_000
    assert all(item.deduct for item in items if item.measure is not Measure.MANUAL)


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (0, "人民币零元整"), (5, "人民币伍分"), (10, "人民币壹角整"), (15, "人民币壹角伍分"), (101, "人民币壹元零壹分"),
        (120050, "人民币壹仟贰佰元零伍角整"), (12345678901234, "人民币壹仟贰佰叁拾肆亿伍仟陆佰柒拾捌万玖仟零壹拾贰元叁角肆分"),
        (10001000000, "人民币壹亿零壹万元整"), (6007014, "人民币陆万零柒拾元零壹角肆分"), (10_000_000_000_000, "人民币壹仟亿元整"),
    ],
)  # fmt: skip
def test_amounts_in_words(fen: int, words: str) -> None:
    assert yuan_in_words(fen) == words


@given(fen=st.integers(1, 10**15))
def test_amounts_in_words_read_back(fen: int) -> None:
    assert _read_back(yuan_in_words(fen)) == fen


def _read_back(words: str) -> int:
    """A slow reader of Chinese capitals, written without a look at the writer."""
    digits = {name: value for value, name in enumerate("零壹贰叁肆伍陆柒捌玖")}
    places = {"拾": 10, "佰": 100, "仟": 1000}
    whole = section = digit = fen = 0
    for sign in words.removeprefix("人民币").removesuffix("整"):
        if sign in digits:
            digit = digits[sign]
        elif sign in places:
            section, digit = section + digit * places[sign], 0
        elif sign == "万":
            whole, section, digit = whole + (section + digit) * 10_000, 0, 0
        elif sign == "亿":
            whole, section, digit = (whole + section + digit) * 100_000_000, 0, 0
        elif sign == "元":
            fen, section, digit = (whole + section + digit) * 100, 0, 0
        else:
            fen, digit = fen + digit * (10 if sign == "角" else 1), 0
    return fen

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuniu.rulebook.enums import Case, Operator
from shuniu.rulebook.rules.book import official
from shuniu.rulebook.rules.finding import Place, Snapshot
from shuniu.rulebook.rules.rule import Rule
from shuniu.rulebook.rules.verdict import band, check, is_as_strict, year_start
from tests.rulebook.making import limit

TODAY = date(2026, 3, 1)


def rule(rule_id: str, jurisdiction: str = "") -> Rule:
    return Snapshot(TODAY, official().rules).find(rule_id, Place.of(jurisdiction)).rule


@pytest.mark.parametrize(
    ("operator", "numbers", "allowed"),
    [
        (Operator.GE, (3,), [3, 4, 5, 6]),
        (Operator.GT, (3,), [4, 5, 6]),
        (Operator.LE, (3,), [0, 1, 2, 3]),
        (Operator.LT, (3,), [0, 1, 2]),
        (Operator.EQ, (3, 5), [3, 5]),
        (Operator.BETWEEN, (3, 5), [3, 4, 5]),
    ],
)
def test_operators_include_or_exclude_their_number(
    operator: Operator, numbers: tuple[int, ...], allowed: list[int]
) -> None:
    tested = limit(operator, *numbers)

    assert [figure for figure in range(7) if check(tested, figure).ok] == allowed


@pytest.mark.parametrize(
    ("members", "done", "case", "ok"),
    [
        (24, None, Case.FREE, None),
        (24, True, Case.FREE, None),
        (25, None, Case.OPEN, None),
        (25, True, Case.PASS, True),
        (25, False, Case.FAIL, False),
        (None, False, Case.UNKNOWN, None),
    ],
)
def test_a_committee_is_due_from_twenty_five_members_on(
    members: int | None, done: bool | None, case: Case, ok: bool | None
) -> None:
    verdict = check(rule("committee.threshold"), members, done=done)

    assert (verdict.case, verdict.ok) == (case, ok)


def test_the_sentence_tells_figure_and_number_in_both_languages() -> None:
    verdict = check(rule("committee.threshold"), 24)

    assert verdict.sentence_zh == (
        "有会员24人，不足25人，可以单独建立工会委员会，可以与其他单位联合建立，也可以选举组织员一人。"
    )
    assert verdict.sentence_en == (
        "It has 24 members, fewer than 25: it may set up a committee, join with other units or elect one organiser."
    )
    assert verdict.needed == (25,)


def test_a_missing_figure_is_named() -> None:
    assert check(rule("women.committee", "beijing")).sentence_zh == "尚无女职工数据，无法按本规则判断。"
    assert check(rule("congress.quorum"), 5, base=0).case is Case.UNKNOWN
    assert check(rule("committee.size"), 5).case is Case.UNKNOWN


@pytest.mark.parametrize(
    ("jurisdiction", "women", "due"),
    [("", 9, False), ("", 10, True), ("henan", 10, True), ("shanghai", 24, False), ("shanghai", 25, True)],
)
def test_the_womens_committee_differs_by_place(jurisdiction: str, women: int, due: bool) -> None:
    assert (check(rule("women.committee", jurisdiction), women).case is Case.OPEN) == due


def test_what_may_be_done_is_neither_right_nor_wrong() -> None:
    national, shanghai = rule("officer.full_time"), rule("officer.full_time", "shanghai")

    assert (check(national, 200, done=False).case, check(national, 200, done=False).ok) == (Case.MAY, None)
    assert check(national, 200).sentence_zh == "有职工200人，达到200人，可以设专职工会主席。"
    assert check(shanghai, 200, done=False).ok is False
    assert check(national, 199).case is Case.FREE


@pytest.mark.parametrize(
    ("members", "low", "high"),
    [(0, 3, 5), (24, 3, 5), (25, 3, 7), (200, 3, 7), (201, 7, 15), (1000, 7, 15), (1001, 15, 21), (50001, 37, 45)],
)
def test_the_committee_band_follows_the_members(members: int, low: int, high: int) -> None:
    tested = rule("committee.size")

    assert (band(tested, members).low, band(tested, members).high) == (low, high)
    assert [check(tested, size, by=members).ok for size in (low - 1, low, high, high + 1)] == [False, True, True, False]


def test_a_single_number_beside_a_band_is_allowed_and_told() -> None:
    verdict = check(rule("committee.size"), 1, by=20)

    assert verdict.ok
    assert verdict.sentence_zh == "会员20人，委员会名额应为3–5（或1）人，现有委员1人，符合规定。"
    assert not check(rule("committee.size"), 1, by=25).ok


def test_a_failure_tells_how_far_away_it_is() -> None:
    assert check(rule("committee.size"), 9, by=100).sentence_zh.endswith("现有委员9人，相差2人。")


@pytest.mark.parametrize(("staff", "needed"), [(1000, 3), (1001, 4), (333, 1), (334, 2), (1, 1)])
def test_a_share_asks_for_whole_people_rounded_up(staff: int, needed: int) -> None:
    tested = rule("officer.full_time_ratio", "henan")

    assert check(tested, needed, base=staff).ok
    assert check(tested, needed - 1, base=staff).ok is False
    assert check(tested, needed, base=staff).needed == (needed,)


def test_quorum_and_majority_count_all_delegates() -> None:
    quorum, over_half, half = rule("congress.quorum"), rule("congress.majority"), rule("congress.majority", "shanghai")

    assert check(quorum, 60, base=90).ok
    assert check(quorum, 59, base=90).sentence_zh == "应到代表90人，实到59人，未达到2/3（至少60人），尚缺1人。"
    assert [check(over_half, votes, base=90).ok for votes in (31, 45, 46)] == [False, False, True]
    assert [check(half, votes, base=90).ok for votes in (31, 44, 45)] == [False, False, True]
    assert (check(over_half, 45, base=90).needed, check(half, 45, base=91).needed) == ((46,), (46,))


@given(
    st.sampled_from([Operator.GE, Operator.GT, Operator.LE, Operator.LT]),
    st.integers(1, 9),
    st.integers(1, 9),
    st.integers(1, 300),
    st.integers(0, 300),
)
def test_the_number_needed_is_the_edge_of_what_is_allowed(
    operator: Operator, part: int, per: int, base: int, found: int
) -> None:
    tested = limit(operator, part, per=per)
    verdict = check(tested, found, base=base)
    (edge,) = verdict.needed

    upward = operator in (Operator.GE, Operator.GT)
    assert verdict.ok == (found >= edge if upward else found <= edge)


def test_a_setting_is_told_and_never_judged() -> None:
    verdict = check(rule("term.warning_months"))

    assert (verdict.ok, verdict.needed) == (None, (6, 3, 1))
    assert verdict.sentence_zh == "届满前6、3、1个月分别提醒换届。"
    assert check(rule("organiser.allowance.founded")).sentence_zh == "每新建一家工会，补贴300.00元。"


@pytest.mark.parametrize(
    ("day", "start"),
    [
        (date(2026, 9, 30), date(2025, 10, 1)),
        (date(2026, 10, 1), date(2026, 10, 1)),
        (date(2026, 1, 1), date(2025, 10, 1)),
    ],
)
def test_the_year_of_the_return_begins_in_october(day: date, start: date) -> None:
    assert year_start(rule("return.period"), day) == start


def test_negative_figures_are_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        check(rule("committee.threshold"), -1)


@pytest.mark.parametrize(
    ("rule_id", "jurisdiction", "zh", "en"),
    [
        ("committee.threshold", "", "≥ 25人", "≥ 25 people"),
        ("congress.majority", "", "> 1/2", "> 1/2"),
        ("officer.full_time_ratio", "henan", "≥ 3‰", "≥ 3‰"),
        ("term.years", "", "3或5年", "3 or 5 years"),
        ("term.warning_months", "", "6、3、1个月", "6, 3, 1 months"),
        ("audit.committee.size", "", "3–11人", "3–11 people"),
        ("organiser.allowance.enrolled", "", "5.00元", "5.00 yuan"),
        ("return.period", "", "10月1日", "1 October"),
        ("committee.size", "", "按人数分7档", "7 bands by size"),
    ],
)
def test_values_read_well_in_both_languages(rule_id: str, jurisdiction: str, zh: str, en: str) -> None:
    value = rule(rule_id, jurisdiction).value

    assert (value.zh, value.en) == (zh, en)


def test_citations_name_law_and_article() -> None:
    citation = rule("committee.threshold").citation

    assert citation.zh == "《中华人民共和国工会法》（2021年修正）第11条"
    assert citation.en == "Trade Union Law (amended 2021), article 11"


@pytest.mark.parametrize(
    ("new", "old", "strict"),
    [
        (limit(Operator.LE, 20), limit(Operator.LE, 30), True),
        (limit(Operator.LE, 30), limit(Operator.LE, 30), True),
        (limit(Operator.LT, 30), limit(Operator.LE, 30), True),
        (limit(Operator.LE, 31), limit(Operator.LE, 30), False),
        (limit(Operator.LE, 30), limit(Operator.LT, 30), False),
        (limit(Operator.GT, 5), limit(Operator.GE, 5), True),
        (limit(Operator.GE, 4), limit(Operator.GE, 5), False),
        (limit(Operator.BETWEEN, 5, 9), limit(Operator.BETWEEN, 3, 11), True),
        (limit(Operator.BETWEEN, 5, 12), limit(Operator.BETWEEN, 3, 11), False),
        (limit(Operator.EQ, 3), limit(Operator.EQ, 3, 5), True),
        (limit(Operator.EQ, 4), limit(Operator.EQ, 3, 5), False),
        (limit(Operator.GE, 2, per=3), limit(Operator.GE, 1, per=2), False),
        (limit(Operator.GT, 1, per=2), limit(Operator.GE, 1, per=2), True),
        (limit(Operator.GE, 20, duty=True), limit(Operator.GE, 25, duty=True), True),
        (limit(Operator.GE, 30, duty=True), limit(Operator.GE, 25, duty=True), False),
        (limit(Operator.GT, 25, duty=True), limit(Operator.GE, 25, duty=True), False),
    ],
)
def test_strictness_is_allowing_less_and_asking_more(new: Rule, old: Rule, strict: bool) -> None:
    assert is_as_strict(new, old) == strict

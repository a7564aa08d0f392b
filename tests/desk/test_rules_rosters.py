"""A roster is fair, leaves no firm on duty two days running, and says why where it cannot be made."""

from __future__ import annotations

import random
from datetime import date
from itertools import pairwise
from time import monotonic

import pytest

from shuniu.desk.enums import BreachKind
from shuniu.desk.rules.rosters import (
    Candidate,
    Limits,
    Place,
    Task,
    breaches,
    changed,
    fits,
    halves_of,
    loads,
    places_of,
    spread,
    substitutes,
    weekday_loads,
)
from shuniu.desk.rules.slots import workdays
from shuniu.desk.rules.solving import repaired, solve, without
from shuniu.kernel.calendar import Calendar

YEAR = workdays(date(2026, 1, 1), date(2027, 1, 1), Calendar.official())
MAKE_UP, HOLIDAY = date(2026, 10, 10), date(2026, 10, 1)


def people(number: int = 22, a_firm: int = 2, **given: dict[int, frozenset[date]]) -> tuple[Candidate, ...]:
    away, avoids = given.get("away", {}), given.get("avoids", {})
    return tuple(
        Candidate(
            key,
            f"律师{key}",
            (key - 1) // a_firm + 1,
            f"第{(key - 1) // a_firm + 1}律师事务所",
            away.get(key, frozenset()),
            avoids.get(key, frozenset()),
        )
        for key in range(1, number + 1)
    )


def hard(task: Task, plan: dict[Place, int]) -> list[str]:
    return [one.sentence for one in breaches(task, plan) if not one.is_wish]


@pytest.fixture(scope="module")
def year() -> Task:
    """22 lawyers of 11 firms, each away for a week, some with a weekday they would rather not take."""
    away = {key: frozenset(day for day in YEAR if day.month == key % 12 + 1 and day.day < 8) for key in range(1, 23)}
    avoids = {key: frozenset(day for day in YEAR if day.weekday() == key % 5) for key in range(1, 23, 3)}
    return Task(places_of(YEAR, halves_of(whole_days=True), 1), people(away=away, avoids=avoids))


@pytest.fixture(scope="module")
def solved(year: Task) -> dict[Place, int]:
    return dict(solve(year).plan)


def test_a_year_has_every_working_day_with_the_make_up_days_and_without_holidays() -> None:
    assert len(YEAR) == 248
    assert MAKE_UP in YEAR
    assert HOLIDAY not in YEAR


def test_a_full_year_is_covered_evenly_and_no_firm_comes_two_days_running(year: Task, solved: dict[Place, int]) -> None:
    firm = {person.key: person.firm for person in year.people}
    ordered = [firm[solved[place]] for place in year.places]

    assert hard(year, solved) == []
    assert [place.day for place in solved] == YEAR
    assert spread(solved, year.people) <= 1
    assert all(one != other for one, other in pairwise(ordered))
    assert all(place.day not in year.by_key()[key].away for place, key in solved.items())


def test_wishes_are_heeded_where_they_can_be_and_mondays_are_shared(year: Task, solved: dict[Place, int]) -> None:
    against = [one for one in breaches(year, solved) if one.is_wish]
    by_weekday = weekday_loads(solved, year.people)

    assert against == []
    assert max(counted[0] for counted in by_weekday.values()) <= 4


def test_the_same_input_gives_the_same_roster() -> None:
    task = Task(places_of(YEAR[:40], ("day",), 1), people(8))

    assert solve(task).plan == solve(task).plan


def test_one_absence_changes_at_most_three_other_days(year: Task, solved: dict[Place, int]) -> None:
    chance = random.Random(11)
    for place in chance.sample(sorted(solved), 4):
        absent = solved[place]
        team = tuple(without(one, {place.day}) if one.key == absent else one for one in year.people)

        found = repaired(Task(year.places, team, year.limits), solved)

        assert found.is_possible
        assert len(set(changed(solved, found.plan)) - {place.day}) <= 3
        assert found.plan[place] != absent


def test_days_gone_by_are_not_touched_when_a_roster_is_mended(year: Task, solved: dict[Place, int]) -> None:
    place = next(one for one in sorted(solved) if one.day > date(2026, 9, 1))
    team = tuple(without(one, {place.day}) if one.key == solved[place] else one for one in year.people)
    kept = {one: key for one, key in solved.items() if one.day < date(2026, 9, 1)}

    found = repaired(Task(year.places, team, year.limits, kept), solved)

    assert min(changed(solved, found.plan)) >= date(2026, 9, 1)


def test_a_year_is_found_in_ten_seconds(year: Task) -> None:
    started = monotonic()

    solve(year)

    assert monotonic() - started < 10


def test_two_halves_and_two_seats_are_filled_by_four_firms() -> None:
    task = Task(places_of(YEAR[:10], halves_of(whole_days=False), 2), people(24, 2))

    plan = solve(task).plan

    assert hard(task, dict(plan)) == []
    assert len(plan) == 40


def test_a_day_on_which_all_are_away_is_named_and_the_rest_is_filled() -> None:
    day = YEAR[3]
    task = Task(places_of(YEAR[:8], ("day",), 1), people(6, away=dict.fromkeys(range(1, 7), frozenset({day}))))

    found = solve(task)

    assert not found.is_possible
    assert len(found.plan) == 7
    assert len(found.clashes) == 1
    assert found.clashes[0].days == (day,)
    assert "2026年1月7日" in found.clashes[0].sentence
    assert "全部6人" in found.clashes[0].sentence


def test_two_days_with_one_firm_only_name_the_firm_and_both_days() -> None:
    one, other = YEAR[3], YEAR[4]
    away = dict.fromkeys(range(3, 9), frozenset({one, other}))

    found = solve(Task(places_of(YEAR[:8], ("day",), 1), people(8, away=away)))

    firm_runs = [clash for clash in found.clashes if clash.kind is BreachKind.FIRM_RUN]
    assert [clash.days for clash in firm_runs] == [(one, other)]
    assert "第1律师事务所" in firm_runs[0].sentence
    assert "2026年1月7日" in firm_runs[0].sentence


def test_somebody_away_for_most_of_the_time_is_named_as_the_reason_for_uneven_loads() -> None:
    away = {1: frozenset(YEAR[1:40])}

    found = solve(Task(places_of(YEAR[:40], ("day",), 1), people(8, 1, away=away)))

    assert [clash.kind for clash in found.clashes] == [BreachKind.UNEVEN]
    assert "律师1只有1天" in found.clashes[0].sentence


def test_firms_may_rest_longer_where_the_rule_says_so() -> None:
    task = Task(places_of(YEAR[:12], ("day",), 1), people(8, 2), Limits(spread=1, firm_rest=3))

    plan = solve(task).plan

    firm = {person.key: person.firm for person in task.people}
    ordered = [firm[plan[place]] for place in task.places]
    assert all(len(set(ordered[start : start + 4])) == 4 for start in range(9))


def test_every_breach_of_a_roster_made_by_hand_is_told() -> None:
    days = YEAR[:4]
    team = people(4, 2, away={3: frozenset({days[2]})}, avoids={4: frozenset({days[3]})})
    task = Task(places_of(days, ("day",), 1), team)
    plan = {Place(days[0], "day", 0): 1, Place(days[1], "day", 0): 2, Place(days[2], "day", 0): 3}

    found = {one.kind for one in breaches(task, plan)}
    wished = breaches(task, plan | {Place(days[3], "day", 0): 4})

    assert found == {BreachKind.UNCOVERED, BreachKind.AWAY, BreachKind.FIRM_RUN}
    assert [one.people for one in wished if one.is_wish] == [(4,)]


def test_a_change_is_judged_by_what_it_adds_only() -> None:
    task = Task(places_of(YEAR[:3], ("day",), 1), people(6, 2))
    plan = {Place(YEAR[0], "day", 0): 1, Place(YEAR[1], "day", 0): 2, Place(YEAR[2], "day", 0): 3}

    assert [one.kind for one in fits(task, plan, Place(YEAR[2], "day", 0), 1)] == [
        BreachKind.FIRM_RUN,
        BreachKind.UNEVEN,
    ]
    assert fits(task, plan, Place(YEAR[2], "day", 0), 5) == []


def test_substitutes_are_others_of_other_firms_and_share_the_load(year: Task, solved: dict[Place, int]) -> None:
    found = substitutes(year, solved)
    team = year.by_key()
    counted = loads(found, year.people)

    assert found.keys() == solved.keys()
    assert all(team[found[place]].firm != team[key].firm for place, key in solved.items())
    assert all(place.day not in team[key].away for place, key in found.items())
    assert max(counted.values()) - min(counted.values()) <= 2


def test_a_roster_without_days_or_people_is_answered_too() -> None:
    assert solve(Task((), people(2))).plan == {}
    assert not solve(Task(places_of([YEAR[0]], ("day",), 1), ())).is_possible
    assert spread({}, ()) == 0

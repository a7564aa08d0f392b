"""Finding a duty roster with CP-SAT: the same input gives the same roster, and input that cannot work says why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from shuniu.desk.enums import BreachKind
from shuniu.desk.rules.rosters import Breach, Candidate, Place, Plan, Task, breaches, names_text, windows
from shuniu.kernel.web.formats import date_text

WORKERS: Final = 1
SEED: Final = 2026
WISH_COST, WEEKDAY_COST, CHANGE_COST = 4, 1, 50
UNCOVERED_COST, FIRM_COST, UNEVEN_COST = 10_000, 500, 500


@dataclass(frozen=True, slots=True)
class Solution:
    """What the solver found.

    `plan` is complete where `clashes` is empty. Otherwise it is the nearest there is, and each clash is a sentence about
    the rules that cannot hold together there. `optimal` is False when the time was over before nothing better was proven.
    """

    plan: Plan
    clashes: tuple[Breach, ...] = ()
    optimal: bool = True

    @property
    def is_possible(self) -> bool:
        return not self.clashes


def solve(
    task: Task, *, seconds: float = 8.0, before: Plan | None = None, tell: Callable[[int], None] | None = None
) -> Solution:
    """The fairest roster that keeps the rules.

    Args:
        task: seats, people, limits and what is kept.
        seconds: of work until the best found so far is taken; a measure of the solver's own, not of the clock on the wall.
        before: a roster that is changed on as few days as possible.
        tell: is told the number of rosters found so far.
    """
    if not task.places:
        return Solution({})
    found = _Model(task, before, relaxed=False).solve(seconds, tell)
    if found is not None:
        return found
    nearest = _Model(task, before, relaxed=True).solve(seconds, tell)
    plan = nearest.plan if nearest else {}
    return Solution(plan, tuple(_explained(task, plan)), optimal=False)


@dataclass
class _Model:
    """The roster as CP-SAT sees it; `relaxed`, every rule but absence may be broken at a cost, so that it says where."""

    task: Task
    before: Plan | None
    relaxed: bool
    costs: list[tuple[int, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        from ortools.sat.python import cp_model  # noqa: PLC0415 -- slow import

        self.cp, self.model = cp_model, cp_model.CpModel()
        self.on: dict[tuple[Place, int], Any] = {
            (place, person.key): self.model.new_bool_var("")
            for place in self.task.places
            for person in self.task.people
            if place.day not in person.away or self.task.kept.get(place) == person.key
        }
        self._cover()
        self._once_a_day()
        self._rest_firms()
        self._even_out()
        self._even_weekdays()
        self._wishes()
        self._keep()

    def solve(self, seconds: float, tell: Callable[[int], None] | None) -> Solution | None:
        """The roster found; None where there is none."""
        if self.costs:
            self.model.minimize(sum(cost * variable for cost, variable in self.costs))
        solver = self.cp.CpSolver()
        solver.parameters.num_workers = WORKERS
        solver.parameters.random_seed = SEED
        solver.parameters.interleave_search = False
        solver.parameters.max_deterministic_time = seconds
        status = solver.solve(self.model, _told(self.cp, tell) if tell else None)
        if status not in {self.cp.OPTIMAL, self.cp.FEASIBLE}:
            return None
        plan = {place: key for (place, key), variable in self.on.items() if solver.boolean_value(variable)}
        return Solution(dict(sorted(plan.items())), optimal=status == self.cp.OPTIMAL)

    def _cost(self, cost: int, variable: Any) -> None:
        self.costs.append((cost, variable))

    def _cover(self) -> None:
        by_place: dict[Place, list[Any]] = {place: [] for place in self.task.places}
        for (place, _key), variable in self.on.items():
            by_place[place].append(variable)
        for variables in by_place.values():
            if self.relaxed:
                gap = self.model.new_bool_var("")
                self._cost(UNCOVERED_COST, gap)
                variables.append(gap)
            self.model.add_exactly_one(variables)

    def _once_a_day(self) -> None:
        by_day: dict[tuple[date, int], list[Any]] = defaultdict(list)
        for (place, key), variable in self.on.items():
            by_day[place.day, key].append(variable)
        for variables in by_day.values():
            if len(variables) > 1:
                self.model.add_at_most_one(variables)

    def _rest_firms(self) -> None:
        if not self.task.limits.firm_rest:
            return
        firm_of = {person.key: person.firm for person in self.task.people}
        by_day: dict[tuple[int, date], list[Any]] = defaultdict(list)
        for (place, key), variable in self.on.items():
            if firm_of[key]:
                by_day[firm_of[key], place.day].append(variable)
        for firm in {firm for firm, _day in by_day}:
            for window in windows(self.task.days, self.task.limits.firm_rest):
                self._one_of(variable for day in window for variable in by_day.get((firm, day), ()))

    def _one_of(self, variables: Iterator[Any]) -> None:
        chosen = list(variables)
        if len(chosen) < 2:
            return
        if not self.relaxed:
            self.model.add_at_most_one(chosen)
            return
        more = self.model.new_int_var(0, len(chosen), "")
        self.model.add(sum(chosen) <= 1 + more)
        self._cost(FIRM_COST, more)

    def _even_out(self) -> None:
        if not self.task.people:
            return
        seats, limit = len(self.task.places), self.task.limits.spread
        least = self.model.new_int_var(0, seats, "")
        beyond: Any = 0
        if self.relaxed:
            beyond = self.model.new_int_var(0, seats, "")
            self._cost(UNEVEN_COST, beyond)
        for load in self._loads().values():
            self.model.add(load >= least)
            self.model.add(load <= least + limit + beyond)

    def _loads(self) -> dict[int, Any]:
        by_person: dict[int, list[Any]] = {person.key: [] for person in self.task.people}
        for (_place, key), variable in self.on.items():
            by_person[key].append(variable)
        return {key: sum(variables) if variables else 0 for key, variables in by_person.items()}

    def _even_weekdays(self) -> None:
        """Nobody gets all the Mondays: what exceeds an even share of a weekday costs something."""
        if self.before is not None or self.relaxed:
            return
        by_weekday: dict[tuple[int, int], list[Any]] = defaultdict(list)
        for (place, key), variable in self.on.items():
            by_weekday[place.day.weekday(), key].append(variable)
        seats: dict[int, int] = defaultdict(int)
        for place in self.task.places:
            seats[place.day.weekday()] += 1
        for (weekday, _key), variables in by_weekday.items():
            share, rest = divmod(seats[weekday], len(self.task.people))
            off = self.model.new_int_var(0, len(variables) + share, "")
            self.model.add(sum(variables) <= share + bool(rest) + off)
            self.model.add(sum(variables) >= share - off)
            self._cost(WEEKDAY_COST, off)

    def _wishes(self) -> None:
        avoided = {person.key: person.avoids for person in self.task.people}
        for (place, key), variable in self.on.items():
            if place.day in avoided[key]:
                self._cost(WISH_COST, variable)

    def _keep(self) -> None:
        for place, key in self.task.kept.items():
            if (place, key) in self.on:
                self.model.add(self.on[place, key] == 1)
        for (place, key), variable in self.on.items():
            if self.before is not None:
                was = self.before.get(place) == key
                self.model.add_hint(variable, was)
                if was:
                    self._cost(CHANGE_COST, 1 - variable)


def _told(cp: Any, tell: Callable[[int], None]) -> Any:
    class Told(cp.CpSolverSolutionCallback):  # type: ignore[misc]  # ortools carries no types
        found = 0

        def on_solution_callback(self) -> None:
            self.found += 1
            tell(self.found)

    return Told()


def _explained(task: Task, plan: Plan) -> Iterator[Breach]:
    """The breaches of the nearest roster, each with the reasons of those who might have helped."""
    for breach in breaches(task, plan):
        if breach.kind is BreachKind.UNCOVERED:
            yield Breach(breach.kind, breach.days, breach.people, _why_uncovered(task, plan, breach.days[0]))
        elif not breach.is_wish:
            yield Breach(breach.kind, breach.days, breach.people, _with_cause(task, breach))


def _why_uncovered(task: Task, plan: Plan, day: date) -> str:
    away = [person.name for person in task.people if day in person.away]
    taken = {plan[place] for place in plan if place.day == day}
    busy = [person.name for person in task.people if person.key in taken]
    if len(away) == len(task.people):
        sentence = _("Nobody can be on duty on {day}: all {n} people of the roster are away ({names}).")
        return sentence.format(day=date_text(day), n=len(away), names=names_text(away))
    sentence = _(
        "A seat on {day} stays empty: {away} of {n} people are away ({names}), {busy} are on duty that day already."
    )
    return sentence.format(
        day=date_text(day), away=len(away), n=len(task.people), names=names_text(away) or "-", busy=len(busy)
    )


def _with_cause(task: Task, breach: Breach) -> str:
    if breach.kind is BreachKind.FIRM_RUN:
        return " ".join([breach.sentence, *(_who_is_free(task, day) for day in dict.fromkeys(breach.days))])
    if breach.kind is BreachKind.UNEVEN:
        return " ".join([breach.sentence, *_who_is_away_most(task)])
    return breach.sentence


def _who_is_free(task: Task, day: date) -> str:
    free = [person for person in task.people if day not in person.away]
    firms = sorted({person.firm_name for person in free if person.firm})
    sentence = _("On {day} only {n} of {all} people are free, of these firms: {firms}.")
    return sentence.format(day=date_text(day), n=len(free), all=len(task.people), firms=names_text(firms) or "-")


def _who_is_away_most(task: Task) -> Iterator[str]:
    """The people with the fewest days on which they can be on duty: they cannot carry an equal share."""
    days = set(task.days)
    free = sorted(((len(days - person.away), person.name) for person in task.people), key=lambda one: one[0])
    share = len(task.places) // max(len(task.people), 1)
    short = [(number, name) for number, name in free if number < share]
    for number, name in short[:3]:
        sentence = _("{name} can be on duty on {n} days only; an equal share is {share}.")
        yield sentence.format(name=name, n=number, share=share)


def repaired(task: Task, before: Plan, *, seconds: float = 8.0) -> Solution:
    """The roster after something has changed, with as few days changed as can be. `task.kept` is not touched."""
    return solve(
        task, seconds=seconds, before={place: key for place, key in before.items() if place in set(task.places)}
    )


def without(person: Candidate, days: Mapping[date, object] | frozenset[date] | set[date]) -> Candidate:
    """The candidate, away on these days too."""
    return Candidate(
        person.key, person.name, person.firm, person.firm_name, person.away | frozenset(days), person.avoids
    )

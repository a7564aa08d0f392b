"""What a provider did in a period, as the service desk counts it. Numerators never come without their base."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, fields
from datetime import date

from shuniu.hub.enums import ServiceKind


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """Counts over the half-open period of days `[start, end)`.

    `answered` are cases whose first answer fell due or was given in the period, `answered_in_time` those of them
    answered in time; `booked` and `kept` are appointments of the period and those that the professional kept; `solved`
    and `solved_in_time` go by the limit of the solution. `ratings` were given for services of the period: `stars` is
    their sum, `satisfied` how many have at least four of five. `complaints` were decided in the period, `upheld` of
    them found right. `served` are services ended in the period.
    """

    answered: int = 0
    answered_in_time: int = 0
    booked: int = 0
    kept: int = 0
    solved: int = 0
    solved_in_time: int = 0
    ratings: int = 0
    stars: int = 0
    satisfied: int = 0
    complaints: int = 0
    complaints_upheld: int = 0
    served: int = 0

    def __add__(self, other: ServiceFacts) -> ServiceFacts:
        return ServiceFacts(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))

    def __bool__(self) -> bool:
        """Whether there is anything to tell."""
        return any(getattr(self, one.name) for one in fields(self))


FactsSource = Callable[[Collection[int], Collection[ServiceKind], date, date], ServiceFacts]
"""`source(ids, kinds, start, end)`: what the providers (or professionals) of these keys did of these kinds of service."""

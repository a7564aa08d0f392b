"""What an agreement is made of, as actions take it, and the rows that come of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date

from shuniu.hub.enums import Cycle, DeliveryMode, Due, Measure, ServiceKind
from shuniu.hub.models import Agreement, AgreementLine, Duty, Provider, Standard


@dataclass(frozen=True, slots=True)
class What:
    """What an agreement is about. `bond` is in fen; it holds from `starts_on` until the day before `ends_on`."""

    title: str
    duty: Duty
    provider: Provider
    mode: DeliveryMode
    kinds: Sequence[ServiceKind]
    cycle: Cycle
    starts_on: date
    ends_on: date
    bond: int = 0
    reason: str = ""
    confidentiality: str = ""
    personal_information: str = ""
    liability: str = ""
    disputes: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A service to be delivered: so many units at a price in fen each."""

    name: str
    unit: str
    quantity: int
    price: int


@dataclass(frozen=True, slots=True)
class Part:
    """A payment of the plan, in fen."""

    name: str
    due: Due
    amount: int
    expected_on: date


@dataclass(frozen=True, slots=True)
class Norm:
    """An assessment item; numbers in hundredths, see `rules.agreement_scores`."""

    name: str
    requirement: str
    measure: Measure
    points: int
    target: int = 0
    step: int = 100
    deduct: int = 0


def line_rows(row: Agreement, lines: Sequence[Line]) -> list[AgreementLine]:
    """The rows of services, not saved yet."""
    return [
        AgreementLine(agreement=row, order=order, **{one.name: getattr(line, one.name) for one in fields(line)})
        for order, line in enumerate(lines, 1)
    ]


def norm_rows(row: Agreement, norms: Sequence[Norm]) -> list[Standard]:
    """The rows of standards, not saved yet."""
    return [
        Standard(agreement=row, order=order, **{one.name: getattr(norm, one.name) for one in fields(norm)})
        for order, norm in enumerate(norms, 1)
    ]

"""Who a person is: numbers as people write them, what they must agree with, and ages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from shuniu.kernel.text import normal
from shuniu.registry.enums import IdType, Sex
from shuniu.registry.rules.numbers import IdFacts, NumberError, read_id_number

ID_PURPOSE = "person.id_number"
MOBILE_PURPOSE = "person.mobile"
"""Purposes of the blind indexes over people."""

_MOBILE = re.compile(r"1\d{10}", re.ASCII)
_DOCUMENT = re.compile(r"[0-9A-Z]{5,20}", re.ASCII)


def id_key(id_type: str, number: str) -> str:
    """What the blind index of an identity document is made of: numbers are unique within a kind of document."""
    return f"{id_type}:{number}"


def read_mobile(text: str) -> str:
    """Eleven digits that begin with 1, written with or without blanks, dashes and +86.

    Raises:
        NumberError: reason `mobile`.
    """
    digits = re.sub(r"[\s-]", "", normal(text)).removeprefix("+86")
    if _MOBILE.fullmatch(digits) is None:
        raise NumberError("mobile")
    return digits


def read_document(id_type: str, text: str) -> str:
    """The number of an identity document in its normal form.

    Raises:
        NumberError: a resident number that is wrong, or reason `document` for another kind.
    """
    if id_type == IdType.RESIDENT:
        return read_id_number(text).number
    number = normal(text).replace(" ", "").upper()
    if _DOCUMENT.fullmatch(number) is None:
        raise NumberError("document")
    return number


def conflicts(facts: IdFacts, *, sex: str, born_on: date | None) -> list[str]:
    """Which of `sex` and `born_on` contradict an identity number. What is empty contradicts nothing."""
    found = []
    if sex and Sex(sex) is not facts.sex:
        found.append("sex")
    if born_on and born_on != facts.born_on:
        found.append("born_on")
    return found


class AgeBand(StrEnum):
    """Ages as lists are filtered by them."""

    UNDER_30 = "under_30"
    THIRTIES = "30_39"
    FORTIES = "40_49"
    FIFTIES = "50_59"
    FROM_60 = "60_up"

    @property
    def ages(self) -> tuple[int, int]:
        """The youngest and the oldest age in whole years."""
        return AGES[self]


AGES = {
    AgeBand.UNDER_30: (0, 29),
    AgeBand.THIRTIES: (30, 39),
    AgeBand.FORTIES: (40, 49),
    AgeBand.FIFTIES: (50, 59),
    AgeBand.FROM_60: (60, 150),
}
AGE_LABELS = {
    AgeBand.UNDER_30: _("Under 30"),
    AgeBand.THIRTIES: _("30 to 39"),
    AgeBand.FORTIES: _("40 to 49"),
    AgeBand.FIFTIES: _("50 to 59"),
    AgeBand.FROM_60: _("60 and over"),
}


@dataclass(frozen=True, slots=True)
class Days:
    """A range of days, both ends included."""

    first: date
    last: date


def birthdays(band: AgeBand, today: date) -> Days:
    """The days of birth of those who are in an age band on `today`."""
    youngest, oldest = band.ages
    return Days(_day_after(_years_before(today, oldest + 1)), _years_before(today, youngest))


def age_on(born_on: date, day: date) -> int:
    """Whole years. Somebody born on 29 February is a year older on 1 March of common years."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def _years_before(day: date, years: int) -> date:
    """The last day of birth that makes `years` on `day`."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February of a common year: those born on the 28th have had their birthday
        return date(day.year - years, 2, 28)


def _day_after(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)

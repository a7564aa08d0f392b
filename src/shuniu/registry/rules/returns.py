"""The annual return: its form as dated data, the period it covers, and what its figures must agree with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuniu.kernel.toml import DataFileError, Table, read_toml
from shuniu.kernel.web.formats import date_text
from shuniu.registry.enums import OrganisationType
from shuniu.registry.rules.terms import years_later
from shuniu.rulebook.public import Rule, Text, check, year_start

DATA: Final = Path(__file__).parents[1] / "data" / "annual_return.toml"


class Unit(StrEnum):
    """What a line counts."""

    UNIONS = "unions"
    EMPLOYERS = "employers"
    PEOPLE = "people"
    HOURS = "hours"


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a table. `of`: key of the figure it is a share of, empty for none."""

    key: str
    title: Text
    unit: Unit
    of: str


@dataclass(frozen=True, slots=True)
class FormTable:
    key: str
    title: Text
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """A form in force from a day on. What it must carry is empty where every unit fills it in for itself."""

    valid_from: date
    title: Text
    number: str
    issuer: str
    approval: str
    tables: tuple[FormTable, ...]

    @property
    def keys(self) -> frozenset[str]:
        """The figures it needs."""
        items = [item for table in self.tables for item in table.items]
        return frozenset(item.key for item in items) | frozenset(item.of for item in items if item.of)


@lru_cache(maxsize=1)
def forms() -> tuple[Form, ...]:
    """Every form there was, the oldest first."""
    return read_forms(DATA)


def read_forms(path: Path) -> tuple[Form, ...]:
    """The forms that a file declares.

    Raises:
        DataFileError: the file is not as described at its top.
    """
    found = sorted((_form(table) for table in read_toml(path).tables("form")), key=lambda form: form.valid_from)
    if not found:
        raise DataFileError(_("{file}: there is no form.").format(file=path.name))
    return tuple(found)


def form_on(day: date) -> Form:
    """The form in force on a day; the oldest one for days before it."""
    found = forms()
    return next((form for form in reversed(found) if form.valid_from <= day), found[0])


def _form(table: Table) -> Form:
    table.only("valid_from", "title", "number", "issuer", "approval", "table")
    return Form(
        table.day("valid_from"),
        _text(table.table("title")),
        str(table.values.get("number", "")),
        str(table.values.get("issuer", "")),
        str(table.values.get("approval", "")),
        tuple(_table(part) for part in table.tables("table")),
    )


def _table(table: Table) -> FormTable:
    table.only("key", "title", "lines")
    return FormTable(table.text("key"), _text(table.table("title")), tuple(map(_item, table.tables("lines"))))


def _item(table: Table) -> Item:
    table.only("key", "unit", "of", "zh", "en")
    return Item(table.text("key"), _text(table), table.one_of("unit", Unit), str(table.values.get("of", "")))


def _text(table: Table) -> Text:
    return Text(table.text("zh"), table.text("en"))


@dataclass(frozen=True, slots=True)
class Period:
    """From `first` to `last`, both included; the figures are those of `last`."""

    first: date
    last: date


def period_until(rule: Rule, day: date) -> Period:
    """The part of the year of the return that has passed on a day. On its last day, the whole year."""
    return Period(year_start(rule, day), day)


def last_reference_day(rule: Rule, today: date) -> date:
    """The last day of the last whole year of the return, e.g. 30 September."""
    return year_start(rule, today) - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class UnionFacts:
    """One union as the logic checks see it. `size_rule`, `term_rule` and `joint_rule`: those in force at its place."""

    pk: int
    name: str
    code: str
    type: OrganisationType
    employers: int
    staff: int
    staff_women: int
    staff_migrants: int
    members: int
    women: int
    migrants: int
    committee: int
    term: tuple[date, int, date] | None
    size_rule: Rule | None
    term_rule: Rule | None
    joint_rule: Rule | None


class Check(StrEnum):
    """A logic check of the return."""

    STAFF = "staff"
    MEMBERS = "members"
    WOMEN = "women"
    MIGRANTS = "migrants"
    COMMITTEE = "committee"
    TERM = "term"
    JOINT = "joint"


CHECK_TITLES: Final = {
    Check.STAFF: gettext_lazy("The employers of a union have staff"),
    Check.MEMBERS: gettext_lazy("Members are not more than the staff"),
    Check.WOMEN: gettext_lazy("Women are not more than all"),
    Check.MIGRANTS: gettext_lazy("Migrant workers are not more than all"),
    Check.COMMITTEE: gettext_lazy("The committee's size lies within its band"),
    Check.TERM: gettext_lazy("A term ends as many years after its beginning as the rule says"),
    Check.JOINT: gettext_lazy("A joint union covers several employers"),
}


class Judge:
    """Holds unions against the logic checks. What a rule says of the same figures is asked once."""

    def __init__(self) -> None:
        self._said: dict[tuple[int, int, int | None], str] = {}

    def failures(self, union: UnionFacts) -> Iterator[tuple[Check, str]]:
        """The checks that a union fails, each with a sentence."""
        told = {
            Check.STAFF: _staff(union),
            Check.MEMBERS: _members(union),
            Check.WOMEN: _part(union.women, union.members, union.staff_women, union.staff),
            Check.MIGRANTS: _part(union.migrants, union.members, union.staff_migrants, union.staff),
            Check.COMMITTEE: self._committee(union),
            Check.TERM: self._term(union),
            Check.JOINT: self._joint(union),
        }
        return ((key, sentence) for key, sentence in told.items() if sentence)

    def _committee(self, union: UnionFacts) -> str:
        if union.type is OrganisationType.ORGANISER_POINT or not union.committee:
            return ""
        return self._refusal(union.size_rule, union.committee, by=union.members)

    def _term(self, union: UnionFacts) -> str:
        if union.term is None:
            return ""
        starts_on, years, due_on = union.term
        wanted = years_later(starts_on, years)
        if due_on == wanted:
            return self._refusal(union.term_rule, years)
        told = _("The term ends on {day}; by its length it ends on {wanted}.")
        return told.format(day=date_text(due_on), wanted=date_text(wanted))

    def _joint(self, union: UnionFacts) -> str:
        return self._refusal(union.joint_rule, union.employers) if union.type is OrganisationType.JOINT else ""

    def _refusal(self, rule: Rule | None, found: int, by: int | None = None) -> str:
        """What the rule says against a figure; empty where it agrees."""
        if rule is None:
            return ""
        key = (id(rule), found, by)  # the facts keep the rule alive
        if key not in self._said:
            verdict = check(rule, found, by=by)
            self._said[key] = verdict.sentence if verdict.ok is False else ""
        return self._said[key]


def _staff(union: UnionFacts) -> str:
    return _("Its employers have no staff.") if union.employers and not union.staff else ""


def _members(union: UnionFacts) -> str:
    if not union.staff or union.members <= union.staff:
        return ""
    return _("{members} members, but a staff of {staff}.").format(members=union.members, staff=union.staff)


def _part(members: int, all_members: int, staff: int, all_staff: int) -> str:
    if members > all_members:
        return _("{part} of {number} members.").format(part=members, number=all_members)
    if staff > all_staff:
        return _("{part} of a staff of {number}.").format(part=staff, number=all_staff)
    return ""

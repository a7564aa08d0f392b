"""Employers from a spreadsheet: new ones, and corrections of known ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from shuniu.kernel.exchange.importer import Report, Run
from shuniu.kernel.exchange.sheet import Sheet
from shuniu.kernel.scope import Reach
from shuniu.kernel.text import initials
from shuniu.registry.imports.common import Entry, Finding, Line, Names, RowImporter, remove, restore, rewrite
from shuniu.registry.imports.employers_sheet import SHEET
from shuniu.registry.models import Area, Employer, Organisation
from shuniu.registry.queries.organising import body_of
from shuniu.registry.rules.employers import Staff, wrong_parts

REASON: Final = "compared with the file; what lies out of reach is refused and not shown"
PARTS: Final = ("women", "migrants", "dispatched")
DAYS: Final = ("counted_on", "opened_on", "closed_on")
COLUMNS: Final = (
    "credit_code", "name", "category", "industry", "area_id", "territory_id", "address", "headcount", *PARTS, *DAYS,
)  # fmt: skip


@dataclass(slots=True)
class Context:
    """What lines are held against: the map, union bodies within reach, employers by code and by name and area."""

    run: Run
    reach: Reach
    areas: dict[int, Area]
    area_names: Names
    bodies: Names
    by_code: dict[str, int]
    by_name: dict[tuple[str, int], int]
    known: dict[int, dict[str, Any]]
    answering: dict[int, Organisation | None] = field(default_factory=dict)

    def body_of(self, area: Area) -> int | None:
        """The body within reach that answers for an area."""
        if area.pk not in self.answering:
            self.answering[area.pk] = body_of(area, self.run.day, self.reach)
        body = self.answering[area.pk]
        return body.pk if body else None


class EmployersImporter(RowImporter[Context]):
    """Rows of employers. What a file leaves empty stays as it is."""

    sheet: Sheet = SHEET
    permission = "employer.edit"
    marks: Mapping[str, str] = {"code_mark": "credit_code", "name_mark": "name"}

    def begin(self, run: Run) -> Context:
        reach = run.actor.reach(self.permission)
        bodies = Organisation.objects.unscoped(reason=REASON).filter(
            reach.condition("path"), dissolved_on__gt=run.day, path__isnull=False
        )
        areas = {area.pk: area for area in Area.objects.select_related("parent")}
        rows = Employer.objects.unscoped(reason=REASON).values("pk", "territory__path", *COLUMNS)
        known = {row["pk"]: row for row in rows.iterator(chunk_size=5000)}
        return Context(
            run,
            reach,
            areas,
            Names((area.pk, area.name, area.code) for area in areas.values()),
            Names(bodies.values_list("pk", "name", "code")),
            {row["credit_code"]: pk for pk, row in known.items() if row["credit_code"]},
            {(row["name"], row["area_id"]): pk for pk, row in known.items() if not row["closed_on"]},
            known,
        )

    def find(self, context: Context, line: Line) -> Finding | None:
        area = _area(context, line)
        row_id = None if area is None else _known(context, line, area.pk)
        values = _values(context, line, area, is_new=row_id is None)
        _check_days(line, context.run.day)
        stands = context.known[row_id] if row_id is not None else {}
        if row_id is not None and not context.reach.includes(stands["territory__path"] or ""):
            line.refuse("name", _("This employer is in the registry already, on ground that you do not look after."))
        _check_parts(line, {**stands, **values})
        if line.is_wrong or area is None:
            return None
        changes = {key: value for key, value in values.items() if row_id is None or stands[key] != value}
        marks = (values.get("credit_code"), f"{area.pk} {values['name']}")
        return Finding(row_id, changes, marks, changed=bool(changes))

    def create(self, run: Run, entries: Sequence[Entry], report: Report) -> None:
        made = [
            Employer(batch_id=run.batch_id, initials=initials(entry.payload["name"]), **entry.payload)
            for entry in entries
        ]
        Employer.everything.bulk_create(made, batch_size=500)

    def change(self, run: Run, entries: Sequence[Entry]) -> None:
        changes = {entry.row_id: entry.payload for entry in entries if entry.row_id is not None}
        for values in changes.values():
            if "name" in values:
                values["initials"] = initials(values["name"])
        rewrite(Employer, run.batch_id, changes)

    def undo(self, run: Run, report: Report) -> None:
        restore(Employer, run.batch_id)
        made: QuerySet[Employer] = Employer.objects.unscoped(reason=REASON).filter(batch_id=run.batch_id)
        remove(made, _("A union or a lead refers to an employer of this import by now, so it cannot be undone."))
        report(1, 1)


def _area(context: Context, line: Line) -> Area | None:
    word = line.get("area")
    if word is None:
        return None
    found = context.area_names.find(word)
    if found is None:
        line.refuse("area", _("There is no area with the name or code “{name}”.").format(name=word))
    return context.areas[found] if found is not None else None


def _known(context: Context, line: Line, area: int) -> int | None:
    """The employer of the registry that a line is about; None for a new one."""
    code, name = line.get("credit_code"), line.get("name")
    by_name = context.by_name.get((name, area))
    if code is None:
        return by_name
    other = context.known[by_name]["credit_code"] if by_name is not None else None
    if other and other != code:
        line.refuse("credit_code", _("The registry has this employer with the credit code {code}.").format(code=other))
    return context.by_code.get(code, by_name if other is None else None)


def _values(context: Context, line: Line, area: Area | None, *, is_new: bool) -> dict[str, Any]:
    """The columns that a line says something of."""
    values = {key: value for key, value in line.values.items() if key in COLUMNS}
    if area is not None:
        values["area_id"] = area.pk
    if "territory" in line.values or (is_new and area is not None):
        values["territory_id"] = _territory(context, line, area)
    return values


def _territory(context: Context, line: Line, area: Area | None) -> int | None:
    word = line.get("territory")
    found = context.bodies.find(word) if word else context.body_of(area) if area else None
    if found is None and word:
        line.refuse("territory", _("You have no union body with the name or number “{name}”.").format(name=word))
    elif found is None:
        line.refuse("area", _("You do not look after employers in {area}.").format(area=area))
    return found


def _check_parts(line: Line, values: Mapping[str, Any]) -> None:
    staff = Staff(values.get("headcount") or 0, *(values.get(part) or 0 for part in PARTS))
    for part in wrong_parts(staff):
        line.refuse(part, _("The part is larger than the staff of {number}.").format(number=staff.headcount))


def _check_days(line: Line, today: date) -> None:
    for key in DAYS:
        if line.get(key) and line.get(key) > today:
            line.refuse(key, _("The day lies in the future."))
    opened, closed = line.get("opened_on"), line.get("closed_on")
    if opened and closed and closed < opened:
        line.refuse("closed_on", _("It closed before it opened."))

"""Union bodies from a spreadsheet: with their place in the tree, the employers they cover and their committee's term."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from shuniu.kernel.errors import ActionError
from shuniu.kernel.exchange.checked import ERROR, Problem
from shuniu.kernel.exchange.importer import Report, Run
from shuniu.kernel.exchange.sheet import Sheet
from shuniu.kernel.exchange.stage import Stage
from shuniu.kernel.period import FOREVER
from shuniu.kernel.scope import Reach
from shuniu.kernel.text import initials
from shuniu.kernel.web.formats import date_text
from shuniu.registry import tree
from shuniu.registry.enums import ABOVE_PRIMARY, OrganisationType
from shuniu.registry.founding import codes_from
from shuniu.registry.imports.common import (
    Entry,
    Finding,
    Line,
    Names,
    RowImporter,
    dump,
    opened,
    remove,
    restore,
    rewrite,
    sealed,
    staged_payloads,
)
from shuniu.registry.imports.unions_sheet import SHEET
from shuniu.registry.models import Area, Coverage, Employer, Organisation, Placement, Term
from shuniu.registry.rules.terms import years_later
from shuniu.registry.rules.tree import may_stand_below
from shuniu.rulebook.public import Place, Rule, Snapshot, check, snapshot

REASON: Final = "compared with the file; what lies out of reach is refused and not shown"
SECRETS: Final = ("contact_phone", "bank_account")
PLAIN: Final = (
    "name", "short_name", "credit_code", "approval_number", "contact_name", "small_payer", "has_congress",
    "has_disclosure", "has_agreement", "has_mediation",
)  # fmt: skip
CHANGEABLE: Final = (*PLAIN, *SECRETS, "area_id")
KEPT: Final = ("code", "type", "parent_id", "path", "founded_on", "dissolved_on", *CHANGEABLE)


@dataclass(slots=True)
class Context:
    """What lines are held against."""

    run: Run
    reach: Reach
    rules: Snapshot
    areas: dict[int, Area]
    area_names: Names
    known: dict[int, dict[str, Any]]
    names: Names
    by_code: dict[str, int]
    by_credit_code: dict[str, int]
    by_place: dict[tuple[int | None, str], int]
    employers: Names
    staff: dict[int, int]
    covered: dict[int, int]
    """By employer, the union that covers it."""
    covering: dict[int, set[int]]
    """By union, the employers it covers."""
    terms: dict[int, dict[int, tuple[date, int, date]]]

    def rule(self, rule_id: str, area: Area | None, path: str = "") -> Rule | None:
        """The rule in force for a union in an area below a path."""
        found = self.rules.get(rule_id, Place.of(area.jurisdiction if area else "", path))
        return found.rule if found else None


class UnionsImporter(RowImporter[Context]):
    """Rows of union bodies. What a file leaves empty stays as it is; moves and changes of type are made on their pages."""

    sheet: Sheet = SHEET
    permission = "organisation.restructure"
    marks: Mapping[str, str] = {"code_mark": "code", "credit_mark": "credit_code", "name_mark": "name"}

    def begin(self, run: Run) -> Context:
        reach = run.actor.reach(self.permission)
        areas = {area.pk: area for area in Area.objects.all()}
        known = _known_bodies()
        living = {pk: row for pk, row in known.items() if row["dissolved_on"] == FOREVER}
        within = {pk: row for pk, row in living.items() if row["path"] and reach.includes(row["path"])}
        staff = _staff(reach)
        covered, covering = _covered()
        return Context(
            run,
            reach,
            snapshot(on=run.day),
            areas,
            Names((area.pk, area.name, area.code) for area in areas.values()),
            known,
            Names((pk, row["name"], row["code"]) for pk, row in within.items()),
            {row["code"]: pk for pk, row in known.items()},
            {row["credit_code"]: pk for pk, row in known.items() if row["credit_code"]},
            {(row["parent_id"], row["name"]): pk for pk, row in living.items()},
            Names((pk, name, code) for pk, (name, code, _count) in staff.items()),
            {pk: count for pk, (_name, _code, count) in staff.items()},
            covered,
            covering,
            _terms(),
        )

    def find(self, context: Context, line: Line) -> Finding | None:
        parent = context.names.find(line.get("parent", ""))
        _refuse_parent(context, line, parent)
        row_id = _known(context, line, parent)
        stands = context.known[row_id] if row_id is not None else None
        if stands is not None:
            _refuse_moves(context, line, stands, parent)
        if not line.get("parent") and (stands is None or stands["parent_id"] is not None):
            line.refuse("parent", _("“{column}” is missing.").format(column=self.sheet.column("parent").title))
        kind = OrganisationType(line.get("type", stands["type"] if stands else OrganisationType.PRIMARY))
        area = _area(context, line, stands, parent)
        values = _values(line, area)
        payload: dict[str, Any] = {"employers": _employers(context, line, kind, row_id, area)}
        payload["term"] = _term(context, line, kind, row_id, area)
        _check_days(line, context.run.day)
        if line.is_wrong:
            return None
        marks = (line.get("code"), line.get("credit_code"), f"{parent or line.get('parent')} {line.get('name')}")
        if stands is None:
            own = {"code": line.get("code"), "type": kind.value, "founded_on": line.get("founded_on")}
            payload |= {"parent_id": parent, "parent": line.get("parent"), "fields": _put_away({**values, **own})}
            return Finding(None, payload, marks)
        changes = {key: value for key, value in values.items() if stands[key] != value}
        payload["fields"] = _put_away(changes)
        return Finding(row_id, payload, marks, changed=bool(changes or payload["employers"] or payload["term"]))

    def finish_check(self, context: Context, stage: Stage) -> None:
        super().finish_check(context, stage)
        rows = [_Staged(*row) for row in staged_payloads(stage)]
        settled, problems = _settle(rows)
        stage.add_problems([*problems, *_covered_twice(rows)])
        stage.connection.executemany(
            "UPDATE rows SET payload = ? WHERE row_no = ?", [(dump(payload), number) for number, payload in settled]
        )

    def create(self, run: Run, entries: Sequence[Entry], report: Report) -> None:
        if not entries:
            return
        tree.lock_tree()
        made: dict[int, Organisation] = {}
        parents = _parents(entries)
        codes = _Codes({entry.payload["fields"]["code"] for entry in entries})
        ordered = sorted(entries, key=lambda entry: (entry.payload["level"], entry.row_no))
        for _level, some in groupby(ordered, key=lambda entry: entry.payload["level"]):
            bodies = {entry.row_no: _body(entry, run, parents, made, codes) for entry in some}
            tree.place_new(list(bodies.values()), cause="imported")
            made |= bodies
            report(len(made), len(entries))
        _write_terms({made[entry.row_no].pk: entry.payload["term"] for entry in entries}, run)
        _write_coverage(
            {made[entry.row_no].pk: (entry.payload["employers"], made[entry.row_no].founded_on) for entry in entries},
            run,
        )

    def change(self, run: Run, entries: Sequence[Entry]) -> None:
        fields: dict[int, dict[str, Any]] = {}
        for entry in entries:
            values = {key: opened(value) for key, value in entry.payload["fields"].items()}
            if "name" in values:
                values["initials"] = initials(values["name"])
            if entry.row_id is not None and values:
                fields[entry.row_id] = values
        rewrite(Organisation, run.batch_id, fields)
        known = {entry.row_id: entry.payload for entry in entries if entry.row_id is not None}
        _write_terms({pk: payload["term"] for pk, payload in known.items()}, run)
        _write_coverage({pk: (payload["employers"], run.day) for pk, payload in known.items()}, run)

    def undo(self, run: Run, report: Report) -> None:
        restore(Organisation, run.batch_id)
        for model in (Coverage, Term):
            model._base_manager.filter(batch_id=run.batch_id).delete()
        restore(Term, run.batch_id)
        made: QuerySet[Organisation] = Organisation.objects.unscoped(reason=REASON).filter(batch_id=run.batch_id)
        Placement._base_manager.filter(organisation__in=made.values("pk"), cause="imported").delete()
        refusal = _("Members, officers or other bodies refer to a body of this import by now, so it cannot be undone.")
        for path_length in sorted({len(path or "") for path in made.values_list("path", flat=True)}, reverse=True):
            deepest = [pk for pk, path in made.values_list("pk", "path") if len(path or "") == path_length]
            remove(made.filter(pk__in=deepest), refusal)
        report(1, 1)


def _known_bodies() -> dict[int, dict[str, Any]]:
    rows = Organisation.objects.unscoped(reason=REASON).values("pk", *KEPT)
    return {row["pk"]: row for row in rows.iterator(chunk_size=5000)}


def _staff(reach: Reach) -> dict[int, tuple[str, str | None, int]]:
    """Name, code and size of the employers within reach."""
    rows = Employer.objects.unscoped(reason=REASON).filter(reach.condition("territory__path"), closed_on=None)
    return {
        pk: (name, code, size) for pk, name, code, size in rows.values_list("pk", "name", "credit_code", "headcount")
    }


def _covered() -> tuple[dict[int, int], dict[int, set[int]]]:
    """Who covers whom today, seen from either side."""
    rows = Coverage.objects.unscoped(reason=REASON).filter(ends_on=FOREVER)
    covered = dict(rows.values_list("employer_id", "organisation_id"))
    covering: dict[int, set[int]] = defaultdict(set)
    for employer, union in covered.items():
        covering[union].add(employer)
    return covered, covering


def _terms() -> dict[int, dict[int, tuple[date, int, date]]]:
    found: dict[int, dict[int, tuple[date, int, date]]] = defaultdict(dict)
    rows = Term.objects.unscoped(reason=REASON).values_list("organisation_id", "number", "starts_on", "years", "due_on")
    for pk, number, starts_on, years, due_on in rows.iterator(chunk_size=5000):
        found[pk][number] = (starts_on, years, due_on)
    return found


def _refuse_parent(context: Context, line: Line, parent: int | None) -> None:
    """A superior that is not unique, or may not have such a body below it. One that is not known may stand in the file."""
    word = line.get("parent", "")
    if context.names.is_doubtful(word):
        line.refuse("parent", _("Several bodies are called “{name}”. Write the number instead.").format(name=word))
    if parent is not None:
        kind = OrganisationType(line.get("type", OrganisationType.PRIMARY))
        _refuse_kinds(line, kind, OrganisationType(context.known[parent]["type"]))


def _refuse_kinds(line: Line, kind: OrganisationType, above: OrganisationType) -> None:
    if "name" in line.values and not may_stand_below(kind, above):
        line.refuse("parent", _no_place(kind, above))


def _no_place(kind: OrganisationType, above: OrganisationType) -> str:
    return _("“{kind}” cannot stand below “{above}”.").format(kind=kind.label, above=above.label)


def _known(context: Context, line: Line, parent: int | None) -> int | None:
    """The body of the registry that a line is about; None for a new one."""
    found = {
        key: index.get(line.get(key))
        for key, index in (("code", context.by_code), ("credit_code", context.by_credit_code))
        if line.get(key)
    }
    named = [pk for pk in found.values() if pk is not None]
    if len(set(named)) > 1:
        line.refuse("credit_code", _("The number and the credit code belong to two different bodies."))
    row_id = named[0] if named else None
    if row_id is None and not line.get("code"):
        row_id = context.by_place.get((parent, line.get("name", "")))
    if row_id is not None and not context.reach.includes(context.known[row_id]["path"] or "~"):
        line.refuse("name", _("This body is in the registry already, where you do not restructure."))
    return row_id


def _refuse_moves(context: Context, line: Line, stands: Mapping[str, Any], parent: int | None) -> None:
    if stands["dissolved_on"] != FOREVER:
        line.refuse("name", _("This body was dissolved on {day}.").format(day=date_text(stands["dissolved_on"])))
    if line.get("type", stands["type"]) != stands["type"]:
        line.refuse("type", _("The registry has it with another type. Change the type on its page."))
    if line.get("parent") and parent != stands["parent_id"]:
        line.refuse("parent", _("It stands below another body. Move it on its page."))
    if line.get("founded_on", stands["founded_on"]) != stands["founded_on"]:
        day = date_text(stands["founded_on"])
        line.warn("founded_on", _("The registry has it founded on {day}; that stays.").format(day=day))


def _area(context: Context, line: Line, stands: Mapping[str, Any] | None, parent: int | None) -> Area | None:
    """The area of a line: as named, else as it stands, else the superior's. None where the file settles it later."""
    word = line.get("area")
    if word:
        found = context.area_names.find(word)
        if found is None:
            line.refuse("area", _("There is no area with the name or code “{name}”.").format(name=word))
        return context.areas[found] if found is not None else None
    source = stands or (context.known[parent] if parent is not None else None)
    return context.areas[source["area_id"]] if source else None


def _values(line: Line, area: Area | None) -> dict[str, Any]:
    values: dict[str, Any] = {key: value for key, value in line.values.items() if key in CHANGEABLE}
    return {**values, "area_id": area.pk} if area else values


def _put_away(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: sealed(value) if key in SECRETS and value else value for key, value in values.items()}


def _employers(
    context: Context, line: Line, kind: OrganisationType, row_id: int | None, area: Area | None
) -> list[int]:
    """The employers that the body comes to cover. Logic checks of the annual return hold here already."""
    found = []
    for word in line.get("employers", ()):
        pk = context.employers.find(word)
        if pk is None:
            line.refuse(
                "employers", _("There is no employer “{name}” on your ground; import it first.").format(name=word)
            )
        elif context.covered.get(pk, row_id) != row_id:
            other = context.known[context.covered[pk]]["name"]
            line.refuse("employers", _("{employer} is covered by {union} already.").format(employer=word, union=other))
        elif not context.staff[pk]:
            line.refuse("employers", _("{employer} has no staff; correct the number first.").format(employer=word))
        else:
            found.append(pk)
    if "employers" in context.run.present:
        _check_number(context, line, kind, row_id, area, found)
    return [pk for pk in found if pk not in context.covered]


def _check_number(
    context: Context, line: Line, kind: OrganisationType, row_id: int | None, area: Area | None, found: Sequence[int]
) -> None:
    held = context.covering.get(row_id, set()) if row_id is not None and found else set()
    number = len(held.union(found))
    rule = context.rule("joint.employers", area)
    if kind is OrganisationType.JOINT and rule and (row_id is None or found):
        verdict = check(rule, number)
        if verdict.ok is False:
            line.refuse("employers", verdict.sentence)
    elif kind is not OrganisationType.JOINT and number > 1:
        line.refuse("employers", _("Only a joint primary union covers several employers."))


def _term(
    context: Context, line: Line, kind: OrganisationType, row_id: int | None, area: Area | None
) -> dict[str, Any] | None:
    """The committee's term that a line tells of; None where it says nothing new."""
    starts_on = line.get("term_from")
    if starts_on is None or line.refused("term_years", "term_due", "term_number"):
        return None
    due_on = line.get("term_due")
    years = line.get("term_years") or (due_on.year - starts_on.year if due_on else None)
    if years is None:
        line.refuse("term_years", _("Give the years of the term or the day on which the next election is due."))
        return None
    _check_term(context, line, kind, area, years)
    number = line.get("term_number", 1)
    told = (starts_on, years, years_later(starts_on, years))
    known = context.terms.get(row_id, {}) if row_id is not None else {}
    if number in known:
        if known[number] != told:
            line.refuse("term_number", _("The registry has another term of this number. Correct it on its page."))
        return None
    if known and (number < max(known) or starts_on <= known[max(known)][0]):
        line.refuse("term_from", _("The registry has a later term already."))
    return {"number": number, "starts_on": told[0], "years": told[1], "due_on": told[2]}


def _check_term(context: Context, line: Line, kind: OrganisationType, area: Area | None, years: int) -> None:
    rule = context.rule("term.years_local" if kind in ABOVE_PRIMARY else "term.years", area)
    verdict = check(rule, years) if rule else None
    if verdict and verdict.ok is False:
        line.refuse("term_years", verdict.sentence)
    starts_on, due_on = line.get("term_from"), line.get("term_due")
    if due_on and due_on != years_later(starts_on, years):
        wanted = date_text(years_later(starts_on, years))
        line.refuse("term_due", _("The term that began on that day ends on {day}.").format(day=wanted))


def _check_days(line: Line, today: date) -> None:
    for key in ("founded_on", "term_from"):
        if line.get(key) and line.get(key) > today:
            line.refuse(key, _("The day lies in the future."))
    founded_on, term_from = line.get("founded_on"), line.get("term_from")
    if founded_on and term_from and term_from < founded_on:
        line.refuse("term_from", _("The committee was elected before the union was founded."))


@dataclass(slots=True)
class _Staged:
    """A staged row that is not wrong, while superiors in the file are looked for."""

    number: int
    row_id: int | None
    payload: dict[str, Any]
    level: int | None = None


def _settle(rows: Sequence[_Staged]) -> tuple[list[tuple[int, dict[str, Any]]], list[Problem]]:
    """Find the superiors that stand in the file, and how deep below known bodies each new row stands."""
    new = {row.number: row for row in rows if row.row_id is None}
    inside = Names((row.number, row.payload["fields"]["name"], row.payload["fields"]["code"]) for row in new.values())
    problems: dict[int, str] = {}
    for row in new.values():
        if row.payload["parent_id"] is None:
            row.payload["parent_row"] = inside.find(row.payload["parent"])
            problems |= _no_superior(row, new)
    for number in new:
        _deepen(number, new, problems)
    settled = [(row.number, row.payload) for row in new.values() if row.number not in problems]
    return settled, [Problem(number, "parent", ERROR, told) for number, told in sorted(problems.items())]


def _no_superior(row: _Staged, new: Mapping[int, _Staged]) -> dict[int, str]:
    above = new.get(row.payload["parent_row"] or 0)
    if above is None:
        told = _("There is no body “{name}”, neither in this file without a mistake nor where you restructure.")
        return {row.number: told.format(name=row.payload["parent"])}
    kind, over = (OrganisationType(one.payload["fields"]["type"]) for one in (row, above))
    return {} if may_stand_below(kind, over) else {row.number: _no_place(kind, over)}


def _deepen(number: int, new: Mapping[int, _Staged], problems: dict[int, str]) -> None:
    """Say how deep a row, and those above it in the file, stand below known bodies; or why they stand nowhere."""
    chain: list[int] = []
    at: int | None = number
    while at is not None and new[at].level is None and at not in problems:
        if at in chain:
            problems |= dict.fromkeys(chain, _("This body would stand below itself."))
            return
        chain.append(at)
        at = new[at].payload.get("parent_row")
    for row in (new[key] for key in reversed(chain)):
        above = new.get(row.payload.get("parent_row") or 0)
        if above is not None and above.level is None:
            problems[row.number] = _("Its superior in row {row} has a mistake.").format(row=above.number)
            continue
        row.level = row.payload["level"] = above.level + 1 if above and above.level is not None else 0
        if above:
            row.payload["fields"].setdefault("area_id", above.payload["fields"]["area_id"])


def _covered_twice(rows: Sequence[_Staged]) -> Iterator[Problem]:
    """Rows that want an employer which a row before them covers."""
    first: dict[int, int] = {}
    for row in rows:
        for employer in row.payload["employers"]:
            before = first.setdefault(employer, row.number)
            if before != row.number:
                told = _("Row {row} covers the same employer.").format(row=before)
                yield Problem(row.number, "employers", ERROR, told)


def _parents(entries: Sequence[Entry]) -> dict[int, Organisation]:
    """The known superiors as they are now.

    Raises:
        ActionError: one of them was dissolved meanwhile.
    """
    keys = {entry.payload["parent_id"] for entry in entries} - {None}
    found: dict[int, Organisation] = Organisation.everything.filter(dissolved_on=FOREVER).in_bulk(keys)
    if keys - found.keys():
        raise ActionError(_("A superior union was dissolved since the check. Check the file again."))
    return found


class _Codes(dict[int, Iterator[str]]):
    """By area, numbers that neither the registry nor this file has given."""

    def __init__(self, given: Collection[str | None]) -> None:
        super().__init__()
        self.given = given

    def __missing__(self, area: int) -> Iterator[str]:
        self[area] = (code for code in codes_from(Area.objects.get(pk=area)) if code not in self.given)
        return self[area]


def _body(
    entry: Entry,
    run: Run,
    parents: Mapping[int, Organisation],
    made: Mapping[int, Organisation],
    codes: _Codes,
) -> Organisation:
    values = {key: opened(value) for key, value in entry.payload["fields"].items() if value is not None}
    parent = made.get(entry.payload.get("parent_row") or 0) or parents[entry.payload["parent_id"]]
    if not values.get("code"):
        values["code"] = next(codes[values["area_id"]])
    values["founded_on"] = date.fromisoformat(values["founded_on"])
    return Organisation(parent=parent, initials=initials(values["name"]), batch_id=run.batch_id, **values)


def _write_terms(told: Mapping[int, dict[str, Any] | None], run: Run) -> None:
    """Begin the terms told of; the present ones end with them."""
    new = {pk: term for pk, term in told.items() if term}
    present = Term.objects.unscoped(reason=REASON).filter(ended_on=None)
    ending: dict[int, dict[str, Any]] = {}
    for pk, organisation_id in present.values_list("pk", "organisation_id"):
        if organisation_id in new:
            ending[pk] = {"ended_on": new[organisation_id]["starts_on"]}
    rewrite(Term, run.batch_id, ending)
    Term.everything.bulk_create(
        (Term(organisation_id=pk, batch_id=run.batch_id, **term) for pk, term in new.items()), batch_size=500
    )


def _write_coverage(told: Mapping[int, tuple[list[int], date]], run: Run) -> None:
    """Let bodies cover employers.

    Raises:
        ActionError: an employer is covered by now.
    """
    rows = [
        Coverage(organisation_id=pk, employer_id=employer, starts_on=day, batch_id=run.batch_id)
        for pk, (employers, day) in told.items()
        for employer in employers
    ]
    held = Coverage.objects.unscoped(reason=REASON).filter(ends_on=FOREVER).values_list("employer_id", flat=True)
    if set(held).intersection(row.employer_id for row in rows):
        raise ActionError(_("An employer of this file is covered by a union since the check. Check the file again."))
    Coverage.everything.bulk_create(rows, batch_size=500)

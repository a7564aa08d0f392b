"""Members from a spreadsheet, half a million at a time.

A chunk is worked column by column, and what few values repeat is read once. Identity numbers and mobiles are sealed
as soon as they are read. The registry is written by SQL from the staged rows, in one transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shuniu.kernel import vault
from shuniu.kernel.errors import ActionError
from shuniu.kernel.exchange.checked import CHANGED, ERROR, NEW, UNCHANGED, WARNING, Checked, Problem
from shuniu.kernel.exchange.importer import Report, Row, Run
from shuniu.kernel.exchange.load import Staged, without_secondary_indexes
from shuniu.kernel.exchange.sheet import CellError, Column, Sheet
from shuniu.kernel.exchange.stage import Stage, StageType
from shuniu.kernel.text import initials, normal
from shuniu.registry.enums import ABOVE_PRIMARY, IdType, MembershipAct, Sex, Standing
from shuniu.registry.imports.members_sheet import SHEET
from shuniu.registry.ledger import Entry, enter, rebuild_tallies
from shuniu.registry.models import Membership, Organisation, Person, PersonTag, Replaced
from shuniu.registry.rules.numbers import NumberError, read_id_number
from shuniu.registry.rules.people import ID_PURPOSE, MOBILE_PURPOSE, id_key

FIRST_LOAD = 20_000
"""From this many new rows on, and if the registry has fewer, indexes are dropped and built again."""

PLAIN: Final = ("ethnicity", "political", "education", "household", "is_migrant", "employment", "job", "department")
"""Columns that are copied as they were read."""

STAGE: Final[Mapping[str, StageType]] = {
    "person_id": "integer",
    "organisation_id": "integer",
    "name": "text",
    "initials": "text",
    "id_type": "text",
    "id_number": "blob",
    "id_index": "blob",
    "mobile": "blob",
    "mobile_index": "blob",
    "sex": "text",
    "born_on": "date",
    "joined_on": "date",
    "ethnicity": "text",
    "political": "text",
    "education": "text",
    "household": "text",
    "is_migrant": "boolean",
    "employment": "text",
    "job": "text",
    "department": "text",
    "tags": "text",
}


_BEFORE_INDEX = list(STAGE).index("id_index")
_NOTHING = (None,) * (_BEFORE_INDEX - 1)
_NOTHING_MORE = (None,) * (len(STAGE) - _BEFORE_INDEX - 1)
"""What is staged of somebody unchanged, around the index of her document."""


class Refusal(str):
    """A sentence in place of a value that could not be read."""

    __slots__ = ()


class Memo(dict[str, Any]):
    """What a column's cells mean, each distinct cell read once. An empty cell means `empty`."""

    def __init__(self, parse: Callable[[str], Any], empty: Any) -> None:
        super().__init__({"": empty})
        self.parse = parse

    def __missing__(self, cell: str) -> Any:
        stripped = cell.strip()
        try:
            value = self.parse(stripped) if stripped else self[""]
        except CellError as error:
            value = Refusal(error)
        if len(self) < 200_000:
            self[cell] = value
        return value


COMPARED: Final = ("name", "mobile", *PLAIN, "tags")


@dataclass(slots=True)
class Known:
    """Somebody of the registry, as far as a row may differ; `told` has the columns of `COMPARED` but the tags."""

    pk: int
    home_id: int | None
    standing: int
    told: tuple[Any, ...]
    tags: str = ""


@dataclass(slots=True)
class Context:
    """What checking needs: the unions within reach, readers of columns, sealers, and the day of the run."""

    run: Run
    unions: dict[str, int]
    doubtful: frozenset[str]
    known: bool
    memos: dict[str, Memo]
    seal_id: Callable[[str], bytes] = field(default_factory=lambda: vault.sealer("registry.Person.id_number"))
    seal_mobile: Callable[[str], bytes] = field(default_factory=lambda: vault.sealer("registry.Person.mobile"))
    index_id: Callable[[str], bytes] = field(default_factory=lambda: vault.indexer(ID_PURPOSE))
    index_mobile: Callable[[str], bytes] = field(default_factory=lambda: vault.indexer(MOBILE_PURPOSE))


class MembersImporter:
    """Rows of people with their union: new members, members known already, members who come back."""

    sheet: Sheet = SHEET
    permission = "member.edit"
    stage_columns = STAGE

    def begin(self, run: Run) -> Context:
        unions, doubtful = _unions(run)
        known = Person.objects.unscoped(reason="whether there is anybody to compare with").exists()
        empties = {
            "id_type": IdType.RESIDENT.value,
            "joined_on": run.day,
            "is_migrant": False,
            "sex": "",
            "born_on": None,
        }
        memos = {column.key: Memo(_reader(column), empties.get(column.key, "")) for column in self.sheet.columns}
        return Context(run, unions, doubtful, known, memos)

    def check_chunk(self, context: Context, numbers: Sequence[int], rows: Sequence[Row]) -> Checked:
        return _Chunk(context, numbers, rows).checked()

    def finish_check(self, context: Context, stage: Stage) -> None:
        stage.add_problems(_repeated(stage))

    def apply(self, run: Run, staged: Staged, report: Report) -> None:
        _refuse_if_overtaken(staged)
        total = _number(f"SELECT count(*) FROM {staged.rows} WHERE outcome IN ('{NEW}', '{CHANGED}')")
        _insert_new(run, staged, report, total)
        _readmit(run, staged)
        _correct(run, staged)
        report(total, total)

    def undo(self, run: Run, report: Report) -> None:
        _refuse_if_built_upon(run.batch_id)
        of_batch = Membership.everything.filter(batch_id=run.batch_id)
        unions = set(of_batch.values_list("organisation_id", flat=True).distinct())
        for statement in _UNDO:
            _execute(statement, {"batch": run.batch_id})
        rebuild_tallies(unions)
        _restore(run.batch_id)
        report(1, 1)


def _reader(column: Column) -> Callable[[str], Any]:
    return _name if column.key == "name" else column.parse


def _name(cell: str) -> str:
    """The common case first: a name of plain Chinese characters is already in normal form."""
    if cell.isalpha() and len(cell) < 5 and min(cell) >= "\u4e00" and max(cell) <= "\u9fff":
        return cell
    return str(SHEET.column("name").parse(cell))


def _unions(run: Run) -> tuple[dict[str, int], frozenset[str]]:
    """Unions that may have members, within the actor's reach, by name and by number; and names borne by several."""
    found: dict[str, int] = {}
    doubtful: set[str] = set()
    rows = (
        Organisation.objects.visible_to(run.actor)
        .filter(dissolved_on__gt=run.day)
        .exclude(type__in=ABOVE_PRIMARY)
        .values_list("pk", "name", "code", "path")
    )
    reach = run.actor.reach("member.edit")
    for pk, name, code, path in rows.iterator(chunk_size=5000):
        if path is None or not reach.includes(path):
            continue
        for word in (normal(name), normal(code)):
            if found.setdefault(word, pk) != pk:
                doubtful.add(word)
    return found, frozenset(doubtful)


class _Chunk:
    """One chunk on its way: cells by column, values by column, and which rows are wrong."""

    def __init__(self, context: Context, numbers: Sequence[int], rows: Sequence[Row]) -> None:
        self.context = context
        self.numbers = numbers
        self.cells = dict(zip((column.key for column in SHEET.columns), zip(*rows, strict=True), strict=True))
        self.problems: list[Problem] = []
        self.wrong: set[int] = set()

    def refuse(self, index: int, column: str, message: str) -> None:
        self.problems.append(Problem(self.numbers[index], column, ERROR, message))
        self.wrong.add(index)

    def read(self, key: str) -> list[Any]:
        """The values of a column; refusals become problems."""
        memo = self.context.memos[key]
        values = [memo[cell] for cell in self.cells[key]]
        if Refusal in set(map(type, values)):
            for index, value in enumerate(values):
                if type(value) is Refusal:
                    self.refuse(index, key, str(value))
        return values

    def checked(self) -> Checked:
        if not self.numbers:
            return Checked(())
        names = self.read("name")
        for index, name in enumerate(names):
            if not name:
                self.refuse(index, "name", _("The name is missing."))
        documents = self.documents()
        unions = self.unions()
        joined = self.joined(documents)
        mobiles = self.read("mobile")
        plain = list(zip(*(self.read(key) for key in (*PLAIN, "tags")), strict=True))
        index_id, index_mobile = self.context.index_id, self.context.index_mobile
        indexes = [None if document is None else index_id(id_key(document[0], document[1])) for document in documents]
        mobile_indexes = [index_mobile(value) if value and type(value) is str else None for value in mobiles]
        known = self.known(indexes)
        seal_id, seal_mobile = self.context.seal_id, self.context.seal_mobile
        staged: list[tuple[Any, ...]] = []
        for i, number in enumerate(self.numbers):
            document, person, name = documents[i], known.get(indexes[i]), names[i]
            outcome, person_id = NEW, None
            if person is not None:
                outcome, person_id = self.outcome(i, person, unions[i], (name, mobile_indexes[i], *plain[i])), person.pk
            if i in self.wrong or document is None:
                continue
            if outcome is UNCHANGED:
                staged.append((number, UNCHANGED, person_id, *_NOTHING, indexes[i], *_NOTHING_MORE))
                continue
            id_type, id_number, sex, born_on = document
            who = (name, initials(name), id_type, seal_id(id_number), indexes[i])
            phone = (seal_mobile(mobiles[i]) if mobile_indexes[i] else b"", mobile_indexes[i])
            day = joined[i].isoformat()
            staged.append((number, outcome, person_id, unions[i], *who, *phone, sex, born_on, day, *plain[i]))
        return Checked(staged, self.problems)

    def documents(self) -> list[tuple[str, str, str, str | None] | None]:
        """Kind, number, sex and birth date of each row; None where the document is refused."""
        kinds, sexes, births = self.read("id_type"), self.read("sex"), self.read("born_on")
        found: list[tuple[str, str, str, str | None] | None] = []
        resident = IdType.RESIDENT.value
        for index, cell in enumerate(self.cells["id_number"]):
            if index in self.wrong:
                found.append(None)
            elif kinds[index] == resident:
                found.append(self.resident(index, cell.strip(), sexes[index], births[index]))
            else:
                found.append(self.foreign(index, kinds[index], cell, sexes[index], births[index]))
        return found

    def resident(self, index: int, cell: str, sex: str, born_on: date | None) -> tuple[str, str, str, str] | None:
        try:
            facts = read_id_number(cell)
        except NumberError as error:
            self.refuse(index, "id_number", _why_refused(cell, error))
            return None
        if sex and sex != facts.sex:
            self.refuse(index, "sex", _("The sex does not agree with the identity number."))
        if born_on and born_on != facts.born_on:
            self.refuse(index, "born_on", _("The day of birth does not agree with the identity number."))
        return IdType.RESIDENT.value, facts.number, facts.sex.value, facts.born_on.isoformat()

    def foreign(
        self, index: int, kind: str, cell: str, sex: str, born_on: date | None
    ) -> tuple[str, str, str, str | None] | None:
        number = cell.strip().upper().replace(" ", "")
        if not (5 <= len(number) <= 20 and number.isascii() and number.isalnum()):
            self.refuse(index, "id_number", _("A document number has 5 to 20 letters and digits."))
            return None
        if not sex:
            self.refuse(index, "sex", _("The sex is needed, because it does not follow from this kind of document."))
            return None
        return kind, number, sex, born_on.isoformat() if born_on else None

    def unions(self) -> list[int]:
        """The union of each row, by name or number."""
        unions, doubtful = self.context.unions, self.context.doubtful
        found = []
        for index, word in enumerate(self.read("organisation")):
            pk = unions.get(word)
            if pk is None or word in doubtful:
                self.refuse(index, "organisation", _no_union(word, is_doubtful=word in doubtful))
            found.append(pk or 0)
        return found

    def joined(self, documents: Sequence[tuple[str, str, str, str | None] | None]) -> list[date]:
        days, today = self.read("joined_on"), self.context.run.day
        for index, day in enumerate(days):
            if type(day) is not date:
                continue
            document = documents[index]
            if day > today:
                self.refuse(index, "joined_on", _("The day of joining lies in the future."))
            elif document and document[3] and day.isoformat() <= document[3]:
                self.refuse(index, "joined_on", _("The day of joining lies before the day of birth."))
        return days

    def known(self, indexes: Sequence[bytes | None]) -> dict[bytes | None, Known]:
        """People of the registry with one of these documents."""
        if not self.context.known:
            return {}
        rows = Person.objects.unscoped(reason="one person is known once, wherever; nothing of her is shown").filter(
            id_index__in=[index for index in indexes if index]
        )
        columns = ("id_index", "pk", "home_id", "standing", "name", "mobile_index", *PLAIN)
        found = {row[0]: Known(row[1], row[2], row[3], row[4:]) for row in rows.values_list(*columns)}
        if "tags" in self.context.run.present and any(self.cells["tags"]):
            _attach_tags(found)
        return found

    def outcome(self, index: int, person: Known, union: int, told: tuple[Any, ...]) -> str:
        """What a row says of somebody already known; refuses a second membership."""
        if person.standing in {Standing.ACTIVE, Standing.RESERVED}:
            if person.home_id != union:
                self.refuse(
                    index,
                    "organisation",
                    _("This person is already a member of another union. Ask for a transfer instead."),
                )
                return UNCHANGED
            return UNCHANGED if self.says_nothing_new(person, told) else CHANGED
        if person.standing == Standing.DECEASED:
            self.refuse(index, "id_number", _("According to the registry this person has died."))
        return CHANGED

    def says_nothing_new(self, person: Known, told: tuple[Any, ...]) -> bool:
        """Whether the row agrees with the record; an empty cell or a column the file lacks says nothing."""
        stood = (*person.told, person.tags)
        if told == stood:
            return True
        present = self.context.run.present
        return all(
            new == old or new in ("", None) or key not in present
            for key, new, old in zip(COMPARED, told, stood, strict=True)
        )


def _attach_tags(people: Mapping[bytes | None, Known]) -> None:
    codes: dict[int, list[str]] = {}
    rows = PersonTag.objects.unscoped(reason="compared with the file, not shown").filter(
        person_id__in=[person.pk for person in people.values()]
    )
    for person_id, tag in rows.order_by("tag").values_list("person_id", "tag"):
        codes.setdefault(person_id, []).append(tag)
    for person in people.values():
        person.tags = ",".join(codes.get(person.pk, ()))


def _why_refused(cell: str, error: NumberError) -> str:
    if "E+" in cell.upper():
        return _(
            "The spreadsheet has turned the number into 3.1E+17 and lost its last digits. Format the column as text and enter it again."
        )
    return {
        "length": _("An identity number has 18 characters; this one has {found}.").format(found=len(cell)),
        "characters": _("An identity number has 17 digits and a digit or X at the end."),
        "date": _("The day of birth in the identity number does not exist."),
        "check": _("The check digit of the identity number is wrong; please compare it with the card."),
    }[error.reason]


def _no_union(word: str, *, is_doubtful: bool) -> str:
    if type(word) is Refusal:
        return str(word)
    if not word:
        return _("The union is missing.")
    if is_doubtful:
        return _("Several unions are called “{name}”. Write the union's number instead.").format(name=word)
    return _("You have no union with the name or number “{name}”.").format(name=word)


def _repeated(stage: Stage) -> list[Problem]:
    """Rows of one file that name the same document, each with the row it repeats; mobiles shared are warned of."""
    twice = """SELECT r.row_no, f.first_row FROM rows r JOIN (
                 SELECT {index} AS value, min(row_no) AS first_row FROM rows
                 WHERE {index} IS NOT NULL GROUP BY {index} HAVING count(*) > 1
               ) f ON f.value = r.{index} WHERE r.row_no > f.first_row"""
    same_person = _("The same identity number already stands in row {row}.")
    same_mobile = _("The same mobile already stands in row {row}.")
    found = [
        Problem(number, "id_number", ERROR, same_person.format(row=first))
        for number, first in stage.connection.execute(twice.format(index="id_index"))
    ]
    found += [
        Problem(number, "mobile", WARNING, same_mobile.format(row=first))
        for number, first in stage.connection.execute(twice.format(index="mobile_index"))
    ]
    return found


def _execute(sql: str, params: Mapping[str, Any] | None = None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return int(cursor.rowcount)


def _number(sql: str, params: Mapping[str, Any] | None = None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return int(cursor.fetchone()[0])


def _refuse_if_overtaken(staged: Staged) -> None:
    """A row that was new when it was checked must still be new."""
    known = _number(
        f"""SELECT count(*) FROM {staged.rows} s JOIN registry_person p ON p.id_index = s.id_index
            WHERE s.outcome = '{NEW}'"""
    )
    if known:
        raise ActionError(
            ngettext(
                "{number} person of this file was entered in the registry since the check. Check the file again.",
                "{number} people of this file were entered in the registry since the check. Check the file again.",
                known,
            ).format(number=known)
        )


_LOADED = (
    "registry_person",
    "registry_membershipevent",
    "registry_membership",
)

_COPIED = (
    "name, initials, id_type, id_number, id_index, mobile, mobile_index, sex, born_on, ethnicity, political, education, "
    "household, employment, job, department, joined_on"
)

_INSERT = (
    f"""INSERT INTO registry_person (id, {_COPIED}, is_migrant, home_id, standing, confirmed_on, batch_id)
        SELECT n.person_id, {", ".join("s." + column for column in _COPIED.split(", "))}, coalesce(s.is_migrant, FALSE),
               s.organisation_id, %(active)s,
               %(day)s, %(batch)s
        FROM shuniu_new n JOIN {{rows}} s ON s.row_no = n.row_no ORDER BY n.person_id""",
    """INSERT INTO registry_membershipevent (person_id, organisation_id, act, "on", reason, batch_id)
       SELECT id, home_id, %(admitted)s, joined_on, '', batch_id
       FROM registry_person WHERE id >= %(first)s AND batch_id = %(batch)s ORDER BY id""",
    f"""INSERT INTO registry_membership (person_id, organisation_id, standing, woman, starts_on, ends_on, batch_id)
       SELECT id, home_id, standing, sex = '{Sex.FEMALE}', joined_on, %(forever)s, batch_id
       FROM registry_person WHERE id >= %(first)s AND batch_id = %(batch)s ORDER BY id""",
)


def _insert_new(run: Run, staged: Staged, report: Report, total: int) -> None:
    new = _number(f"SELECT count(*) FROM {staged.rows} WHERE outcome = '{NEW}'")
    if not new:
        return
    there = Person.objects.unscoped(reason="whether this is a first load").values("pk")[: new + 1].count()
    params = {
        "active": Standing.ACTIVE.value,
        "admitted": MembershipAct.APPROVED.value,
        "batch": run.batch_id,
        "day": run.day.isoformat(),
        "first": _number_rows(staged),
        "forever": "9999-12-31",
    }

    def insert() -> None:
        for done, statement in enumerate(_INSERT):
            _execute(statement.format(rows=staged.rows), params)
            report(total * (done + 1) // (len(_INSERT) + 1), total)

    if new >= FIRST_LOAD and there <= new:
        with without_secondary_indexes(connection, _LOADED):
            insert()
    else:
        insert()
    rebuild_tallies(batch_id=run.batch_id)
    _tag_new(staged)
    _execute("DROP TABLE shuniu_new")


def _number_rows(staged: Staged) -> int:
    """Give each new row the number of its person, in table `shuniu_new`; the first number given."""
    first = _number("SELECT coalesce(max(id), 0) + 1 FROM registry_person")
    if staged.vendor == "postgresql":
        _execute("LOCK TABLE registry_person IN SHARE ROW EXCLUSIVE MODE")
        sequence = "pg_get_serial_sequence('registry_person', 'id')"
        first = _number(f"SELECT nextval({sequence})")
        number = f"CASE WHEN row_number() OVER (ORDER BY row_no) = 1 THEN {first} ELSE nextval({sequence}) END"
    else:
        number = f"{first - 1} + row_number() OVER (ORDER BY row_no)"
    _execute(
        f"""CREATE TEMPORARY TABLE shuniu_new AS SELECT row_no, {number} AS person_id
            FROM {staged.rows} WHERE outcome = '{NEW}' ORDER BY row_no"""
    )
    return first


def _tag_new(staged: Staged) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT n.person_id, s.tags FROM shuniu_new n JOIN {staged.rows} s ON s.row_no = n.row_no WHERE s.tags <> ''"
        )
        named = cursor.fetchall()
    PersonTag.everything.bulk_create(
        (PersonTag(person_id=pk, tag=tag) for pk, tags in named for tag in tags.split(",")), batch_size=2000
    )


def _readmit(run: Run, staged: Staged) -> None:
    """People of the registry without a membership become members again, by an event."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT s.person_id, s.organisation_id, s.joined_on FROM {staged.rows} s
                JOIN registry_person p ON p.id = s.person_id
                WHERE s.outcome = '{CHANGED}' AND p.standing NOT IN ({Standing.ACTIVE:d}, {Standing.RESERVED:d})"""
        )
        rows = cursor.fetchall()
    enter(
        [Entry(pk, union, MembershipAct.APPROVED, date.fromisoformat(str(day))) for pk, union, day in rows],
        batch_id=run.batch_id,
    )


_CHANGEABLE = ("name", "initials", "mobile", "mobile_index", *PLAIN)


def _correct(run: Run, staged: Staged) -> None:
    """Rewrite what the file says differently of people already known, and keep what stood there."""
    columns = ["name", "initials", *(["mobile", "mobile_index"] if "mobile" in run.present else [])]
    columns += [key for key in PLAIN if key in run.present]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT s.person_id, s.tags, {", ".join("s." + key for key in columns)}, {", ".join("p." + key for key in columns)}
                FROM {staged.rows} s JOIN registry_person p ON p.id = s.person_id WHERE s.outcome = '{CHANGED}'"""
        )
        rows = cursor.fetchall()
        width = len(columns)
        updates, before = [], []
        for pk, _tags, *values in rows:
            told, stood = values[:width], values[width:]
            updates.append(
                (*(old if new in ("", None, b"") else new for new, old in zip(told, stood, strict=True)), pk)
            )
            before.append(Replaced(batch_id=run.batch_id, table="person", row_id=pk, before=_as_json(columns, stood)))
        Replaced.objects.bulk_create(before, batch_size=1000)
        assignments = ", ".join(f"{key} = %s" for key in columns)
        cursor.executemany(f"UPDATE registry_person SET {assignments} WHERE id = %s", updates)
    PersonTag.everything.bulk_create(
        (PersonTag(person_id=pk, tag=tag) for pk, tags, *_ in rows for tag in (tags or "").split(",") if tag),
        batch_size=2000,
        ignore_conflicts=True,
    )


def _as_json(columns: Sequence[str], values: Sequence[Any]) -> dict[str, Any]:
    return {
        key: {"hex": bytes(value).hex()} if isinstance(value, bytes | memoryview) else value
        for key, value in zip(columns, values, strict=True)
    }


def _refuse_if_built_upon(batch: int) -> None:
    """A batch whose people have since moved on, taken office or asked for a transfer stays."""
    touched = _number(
        """SELECT count(*) FROM registry_person p WHERE p.batch_id = %(batch)s AND (
             EXISTS (SELECT 1 FROM registry_membershipevent e WHERE e.person_id = p.id
                     AND (e.batch_id IS NULL OR e.batch_id <> %(batch)s))
             OR EXISTS (SELECT 1 FROM registry_post o WHERE o.person_id = p.id)
             OR EXISTS (SELECT 1 FROM registry_transfer t WHERE t.person_id = p.id)
             OR EXISTS (SELECT 1 FROM registry_qualification q WHERE q.person_id = p.id)
             OR EXISTS (SELECT 1 FROM registry_studyrecord r WHERE r.person_id = p.id))""",
        {"batch": batch},
    )
    if touched:
        raise ActionError(
            ngettext(
                "The import cannot be undone: something has since been recorded of {number} person in it.",
                "The import cannot be undone: something has since been recorded of {number} people in it.",
                touched,
            ).format(number=touched)
        )


_OF_BATCH = "person_id IN (SELECT id FROM registry_person WHERE batch_id = %(batch)s)"
_UNDO = (
    f"DELETE FROM registry_persontag WHERE {_OF_BATCH}",
    f"DELETE FROM registry_membership WHERE {_OF_BATCH}",
    f"DELETE FROM registry_membershipevent WHERE {_OF_BATCH}",
    "DELETE FROM registry_person WHERE batch_id = %(batch)s",
)


def _restore(batch: int) -> None:
    """Bring back what the batch had corrected."""
    rows = Replaced.objects.filter(batch_id=batch, table="person")
    with connection.cursor() as cursor:
        for replaced in rows.iterator(chunk_size=1000):
            values = {
                key: bytes.fromhex(value["hex"]) if isinstance(value, dict) else value
                for key, value in replaced.before.items()
                if key in _CHANGEABLE
            }
            assignments = ", ".join(f"{key} = %s" for key in values)
            cursor.execute(
                f"UPDATE registry_person SET {assignments} WHERE id = %s", [*values.values(), replaced.row_id]
            )
    rows.delete()

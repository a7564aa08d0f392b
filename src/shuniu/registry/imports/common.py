"""What the importers of unions, employers and officers share: some ten thousand rows, read one by one.

A staged row keeps its values as JSON; secret ones are sealed in it. Rows are marked by what may stand in a file only
once, so that repetitions are found by SQL.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Generic, TypeVar

from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError, QuerySet
from django.utils.translation import gettext as _

from shuniu.kernel import vault
from shuniu.kernel.errors import ActionError
from shuniu.kernel.exchange.checked import CHANGED, ERROR, NEW, UNCHANGED, WARNING, WRONG, Checked, Problem
from shuniu.kernel.exchange.importer import Report, Row, Run
from shuniu.kernel.exchange.load import Staged
from shuniu.kernel.exchange.sheet import CellError, Sheet
from shuniu.kernel.exchange.stage import Stage, StageType
from shuniu.kernel.text import normal
from shuniu.kernel.vault import EncryptedField
from shuniu.registry.models import Replaced
from shuniu.registry.rules.numbers import NumberError, read_credit_code

C = TypeVar("C")

SEALED: Final = "registry.import"
CHUNK: Final = 500
Synonyms = Mapping[str, tuple[str, ...]]
"""By code, what else cadres write for it."""
SEPARATORS: Final = str.maketrans("；;，,|\n", "、、、、、、")


@dataclass(slots=True)
class Line:
    """One row of a file: its values by column, without the empty ones, and what is wrong with it."""

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, column: str, message: str) -> None:
        self.problems.append(Problem(self.number, column, ERROR, message))

    def warn(self, column: str, message: str) -> None:
        self.problems.append(Problem(self.number, column, WARNING, message))

    def get(self, column: str, default: Any = None) -> Any:
        return self.values.get(column, default)

    def refused(self, *columns: str) -> bool:
        """Whether one of these cells has been refused already."""
        return any(problem.column in columns and problem.severity == ERROR for problem in self.problems)

    @property
    def is_wrong(self) -> bool:
        return any(problem.severity == ERROR for problem in self.problems)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a line comes to: the row it is about (None for a new one), what is to be written, and its marks."""

    row_id: int | None
    payload: Mapping[str, Any]
    marks: tuple[str | None, ...]
    changed: bool = True

    @property
    def outcome(self) -> str:
        if self.row_id is None:
            return NEW
        return CHANGED if self.changed else UNCHANGED


@dataclass(frozen=True, slots=True)
class Entry:
    """A staged line that is to be written."""

    row_no: int
    row_id: int | None
    payload: dict[str, Any]


class RowImporter(Generic[C]):
    """An importer whose rows are read one by one. Subclasses say what a line means and how lines are written."""

    sheet: Sheet
    permission: str
    marks: Mapping[str, str] = {}
    """What may stand in a file once: name of the mark, and the key of the column its problem is shown at."""
    stage_columns: Mapping[str, StageType] = {"row_id": "integer", "payload": "text"}

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        named: dict[str, StageType] = dict.fromkeys(cls.marks, "text")
        cls.stage_columns = {"row_id": "integer", "payload": "text", **named}

    def begin(self, run: Run) -> C:
        """What the lines are held against."""
        raise NotImplementedError

    def find(self, context: C, line: Line) -> Finding | None:
        """What a line comes to; None where nothing more can be said of a wrong one."""
        raise NotImplementedError

    def create(self, run: Run, entries: Sequence[Entry], report: Report) -> None:
        """Write the new rows."""
        raise NotImplementedError

    def change(self, run: Run, entries: Sequence[Entry]) -> None:
        """Write what changes, and remember what stood there."""
        raise NotImplementedError

    def check_chunk(self, context: C, numbers: Sequence[int], rows: Sequence[Row]) -> Checked:
        staged: list[tuple[Any, ...]] = []
        problems: list[Problem] = []
        for number, row in zip(numbers, rows, strict=True):
            line = self.read(number, row)
            found = self.find(context, line)
            if found is not None and not line.is_wrong:
                staged.append((number, found.outcome, found.row_id, dump(found.payload), *found.marks))
            problems += line.problems
        return Checked(staged, problems)

    def read(self, number: int, row: Row) -> Line:
        """The line's cells as values; cells that cannot be read, and missing ones, become problems."""
        line = Line(number)
        for column, cell in zip(self.sheet.columns, row, strict=True):
            stripped = cell.strip()
            if not stripped:
                if column.required:
                    line.refuse(column.key, _("“{column}” is missing.").format(column=column.title))
                continue
            try:
                line.values[column.key] = column.parse(stripped)
            except CellError as error:
                line.refuse(column.key, str(error))
        return line

    def finish_check(self, context: C, stage: Stage) -> None:
        stage.add_problems(
            [problem for mark, column in self.marks.items() for problem in _repeated(stage, mark, column)]
        )

    def apply(self, run: Run, staged: Staged, report: Report) -> None:
        entries = list(_entries(staged))
        new = [entry for entry in entries if entry.row_id is None]
        try:
            with transaction.atomic():
                self.create(run, new, report)
                self.change(run, [entry for entry in entries if entry.row_id is not None])
        except IntegrityError as error:
            message = _("Something in this file was entered in the registry since the check. Check the file again.")
            raise ActionError(message) from error
        report(len(entries), len(entries))


def dump(payload: Mapping[str, Any]) -> str:
    """Values as JSON: days as ISO text."""
    return json.dumps(payload, ensure_ascii=False, default=str)


def sealed(value: str) -> dict[str, str]:
    """A secret value as it may lie in a staging file."""
    return {"sealed": vault.seal(value, SEALED).hex()}


def opened(value: Any) -> Any:
    """The value that `sealed` put away; any other value as it is."""
    return vault.unseal(bytes.fromhex(value["sealed"]), SEALED) if isinstance(value, dict) else value


def day_of(text: str | None) -> date | None:
    """A day that was kept as ISO text."""
    return date.fromisoformat(text) if text else None


def staged_payloads(stage: Stage) -> list[tuple[int, int | None, dict[str, Any]]]:
    """Number, key and values of the staged rows that are not wrong, in the order of the file."""
    rows = stage.connection.execute(
        f"SELECT row_no, row_id, payload FROM rows WHERE outcome <> '{WRONG}' ORDER BY row_no"
    )
    return [(number, row_id, json.loads(payload)) for number, row_id, payload in rows.fetchall()]


def _repeated(stage: Stage, mark: str, column: str) -> Iterator[Problem]:
    rows = stage.connection.execute(
        f"""SELECT r.row_no, f.first_row FROM rows r JOIN (
              SELECT "{mark}" AS value, min(row_no) AS first_row FROM rows
              WHERE "{mark}" IS NOT NULL AND outcome <> '{WRONG}' GROUP BY "{mark}" HAVING count(*) > 1
            ) f ON f.value = r."{mark}" WHERE r.row_no > f.first_row ORDER BY r.row_no"""
    )
    told = _("The same already stands in row {row}.")
    return (Problem(number, column, ERROR, told.format(row=first)) for number, first in rows.fetchall())


def _entries(staged: Staged) -> Iterator[Entry]:
    with staged.connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT row_no, row_id, payload FROM {staged.rows}
                WHERE outcome IN ('{NEW}', '{CHANGED}') ORDER BY row_no"""
        )
        for number, row_id, payload in cursor.fetchall():
            yield Entry(number, row_id, json.loads(payload))


def table_of(model: type[models.Model]) -> str:
    """What `Replaced` calls the table of a model."""
    return str(model._meta.model_name)


def rewrite(model: type[models.Model], batch_id: int, changes: Mapping[int, Mapping[str, Any]]) -> None:
    """Write changes of rows by their keys, and remember what stood there so that `restore` can bring it back."""
    everything: QuerySet[Any] = model._base_manager.all()
    keys = sorted(changes)
    for start in range(0, len(keys), CHUNK):
        rows = everything.in_bulk(keys[start : start + CHUNK])
        Replaced.objects.bulk_create(_before(model, batch_id, row, changes[pk]) for pk, row in rows.items())
        for pk in rows:
            everything.filter(pk=pk).update(**changes[pk])


def _before(model: type[models.Model], batch_id: int, row: models.Model, changed: Mapping[str, Any]) -> Replaced:
    before = {name: _kept(model, name, getattr(row, name)) for name in changed}
    return Replaced(batch_id=batch_id, table=table_of(model), row_id=row.pk, before=json.loads(dump(before)))


def _kept(model: type[models.Model], name: str, value: Any) -> Any:
    is_secret = isinstance(model._meta.get_field(name), EncryptedField)
    return sealed(value) if is_secret and value else value


def restore(model: type[models.Model], batch_id: int) -> None:
    """Bring back what a batch had rewritten."""
    rows = Replaced.objects.filter(batch_id=batch_id, table=table_of(model))
    everything: QuerySet[Any] = model._base_manager.all()
    for replaced in rows.iterator(chunk_size=CHUNK):
        everything.filter(pk=replaced.row_id).update(**{name: opened(value) for name, value in replaced.before.items()})
    rows.delete()


def remove(rows: QuerySet[Any], refusal: str) -> None:
    """Delete rows that an import had made.

    Raises:
        ActionError: something refers to one of them by now; the sentence is `refusal`.
    """
    try:
        rows.delete()
    except ProtectedError as error:
        raise ActionError(refusal) from error


class Names:
    """Rows that are named in cells, by name and by number. A name that several bear finds none of them."""

    def __init__(self, rows: Iterable[tuple[int, str, str | None]]) -> None:
        self._keys: dict[str, int] = {}
        self._doubtful: set[str] = set()
        for pk, *words in rows:
            for word in (normal(word) for word in words if word):
                if self._keys.setdefault(word, pk) != pk:
                    self._doubtful.add(word)

    def find(self, word: str) -> int | None:
        """The key of what is called so; None where nothing or several things are."""
        return None if word in self._doubtful else self._keys.get(word)

    def is_doubtful(self, word: str) -> bool:
        return word in self._doubtful


def credit_code(cell: str) -> str:
    """A parser of unified social credit codes."""
    try:
        return read_credit_code(cell)
    except NumberError as error:
        raise CellError(
            {
                "length": _("A unified social credit code has 18 characters."),
                "characters": _(
                    "A unified social credit code has digits and capital letters without I, O, S, V and Z."
                ),
                "check": _("The credit code's check character does not fit. Compare it with the certificate."),
            }[error.reason]
        ) from error


_DIGITS: Final = {character: number for number, character in enumerate("零一二三四五六七八九")}


def counted(parse: Callable[[str], int], units: str) -> Callable[[str], int]:
    """A parser of numbers written with what they count: `5年`, `第三届`, `120人`."""

    def parse_number(cell: str) -> int:
        plain = normal(cell).strip(units + " ")
        return parse(str(_spelt(plain)) if plain and set(plain) <= {*_DIGITS, "十"} else plain)

    return parse_number


def _spelt(words: str) -> int:
    """A number below a hundred in Chinese characters."""
    tens, ten, ones = words.rpartition("十")
    return (_DIGITS.get(tens, 1) if ten else 0) * 10 + _DIGITS.get(ones, 0)


def several(parse: Callable[[str], str]) -> Callable[[str], list[str]]:
    """A parser of cells that name several things, each read by `parse`."""

    def parse_all(cell: str) -> list[str]:
        parts = [normal(part) for part in cell.translate(SEPARATORS).split("、")]
        return list(dict.fromkeys(parse(part) for part in parts if part))

    return parse_all

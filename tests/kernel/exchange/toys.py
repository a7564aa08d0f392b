"""An importer of toys into a table of their own, and files for it."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection
from openpyxl import Workbook

from shuniu.kernel.errors import ActionError
from shuniu.kernel.exchange import parse
from shuniu.kernel.exchange.checked import ERROR, NEW, UNCHANGED, WARNING, Checked, Problem
from shuniu.kernel.exchange.importer import Report, Row, Run
from shuniu.kernel.exchange.load import Staged
from shuniu.kernel.exchange.sheet import CellError, Column, Sheet
from shuniu.kernel.exchange.stage import Stage

KINDS = {"car": "汽车", "doll": "娃娃"}

TOYS = Sheet(
    "toys",
    "玩具",
    (
        Column("code", "编号", parse.text(20), ("编码", "No"), required=True, help="玩具的编号", example="A-1"),
        Column("name", "名称", parse.text(10), ("玩具名称", "品名"), required=True, example="小汽车"),
        Column("kind", "种类", parse.choice(KINDS), ("类别",), choices=KINDS, example="汽车"),
        Column("made_on", "生产日期", parse.day, example="2026-03-05"),
        Column("phone", "手机", parse.text(20), ("联系电话",), secret=True),
    ),
    help="每行一个玩具。",
)


class ToyImporter:
    """Codes are unique in the file; a code that is in the table already is unchanged; `slow` makes chunks take time."""

    sheet = TOYS
    permission = "toy.edit"
    stage_columns = {"code": "text", "name": "text", "kind": "text", "made_on": "date"}

    def __init__(self, slow: float = 0.0) -> None:
        self.slow = slow

    def begin(self, run: Run) -> set[str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT code FROM toy")
            return {code for (code,) in cursor.fetchall()}

    def check_chunk(self, context: set[str], numbers: Sequence[int], rows: Sequence[Row]) -> Checked:
        staged: list[tuple[Any, ...]] = []
        problems: list[Problem] = []
        time.sleep(self.slow)
        for number, row in zip(numbers, rows, strict=True):
            try:
                code, name, kind, made_on = self.values(row)
            except CellError as error:
                problems.append(Problem(number, "name", ERROR, str(error)))
                continue
            if not kind:
                problems.append(Problem(number, "kind", WARNING, "没有写种类。"))
            staged.append((number, UNCHANGED if code in context else NEW, code, name, kind, made_on))
        return Checked(staged, problems)

    def values(self, row: Row) -> tuple[str, str, str, str | None]:
        code, name, kind, made_on = (cell.strip() for cell in row[:4])
        if not name:
            raise CellError("名称没有填写。")
        day = TOYS.column("made_on").parse(made_on).isoformat() if made_on else None
        return code, TOYS.column("name").parse(name), TOYS.column("kind").parse(kind) if kind else "", day

    def finish_check(self, context: set[str], stage: Stage) -> None:
        repeated = stage.connection.execute(
            "SELECT row_no FROM rows WHERE code IN (SELECT code FROM rows GROUP BY code HAVING count(*) > 1)"
        )
        stage.add_problems(Problem(number, "code", ERROR, "编号在文件中重复。") for (number,) in repeated.fetchall())

    def apply(self, run: Run, staged: Staged, report: Report) -> None:
        with staged.connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO toy (batch_id, code, name, made_on) "
                f"SELECT %s, code, name, made_on FROM {staged.rows} WHERE outcome = %s",
                [run.batch_id, NEW],
            )
            report(1, 2)
            time.sleep(self.slow)
            cursor.execute("SELECT count(*) FROM toy WHERE name = 'unlucky'")
            if cursor.fetchone()[0]:
                raise ActionError("有一个玩具不吉利。")
        report(2, 2)

    def undo(self, run: Run, report: Report) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM toy WHERE batch_id = %s AND name = 'loved'", [run.batch_id])
            if cursor.fetchone()[0]:
                raise ActionError("有玩具已经送人，不能撤回。")
            cursor.execute("DELETE FROM toy WHERE batch_id = %s", [run.batch_id])


def make_toy_table() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE toy (batch_id bigint, code varchar(20), name varchar(20), made_on date)")


@contextmanager
def toy_table() -> Iterator[None]:
    make_toy_table()
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE toy")


def toys() -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT code, name FROM toy ORDER BY code")
        return list(cursor.fetchall())


HEADERS = ("编号", "名称", "种类", "生产日期", "手机")


def csv_file(*rows: Sequence[str], headers: Sequence[str] = HEADERS, encoding: str = "utf-8") -> io.BytesIO:
    text = io.StringIO()
    csv.writer(text).writerows([headers, *rows])
    return io.BytesIO(text.getvalue().encode(encoding))


def xlsx_file(*rows: Sequence[Any], title: str = "玩具") -> io.BytesIO:
    book = Workbook()
    book.worksheets[0].title = title
    for row in rows:
        book.worksheets[0].append(list(row))
    file = io.BytesIO()
    book.save(file)
    return io.BytesIO(file.getvalue())

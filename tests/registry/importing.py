"""A file of some importer, checked and applied as the worker does, on one day by one actor."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db import connection

from shuniu.kernel.exchange.importer import Run
from shuniu.kernel.exchange.load import staged_table
from shuniu.kernel.exchange.stage import Stage
from shuniu.kernel.scope import Actor
from tests.factories import NOW, TODAY


class File:
    """Rows are given as cells by column key; the columns of the file are those that any row names."""

    def __init__(self, importer: Any, path: Path, actor: Actor) -> None:
        self.importer, self.path, self.actor, self.batch = importer, path, actor, 0

    def check(self, *rows: dict[str, str]) -> Stage:
        self.batch += 1
        present = frozenset(key for row in rows for key in row)
        self.run = Run(self.batch, self.actor, NOW, TODAY, present)
        stage = Stage(self.path / f"{self.batch}.sqlite3", self.importer.stage_columns)
        cells = [tuple(row.get(column.key, "") for column in self.importer.sheet.columns) for row in rows]
        context = self.importer.begin(self.run)
        stage.add_chunk(len(rows) + 1, self.importer.check_chunk(context, range(2, len(rows) + 2), cells))
        with stage.transaction():
            self.importer.finish_check(context, stage)
            stage.finish()
        return stage

    def apply(self, stage: Stage) -> None:
        with staged_table(connection, stage) as staged:
            self.importer.apply(self.run, staged, lambda done, total: None)

    def take(self, *rows: dict[str, str]) -> tuple[int, ...]:
        """Check and apply; (new, changed, unchanged, wrong)."""
        stage = self.check(*rows)
        self.apply(stage)
        return stage.counts()[:4]

    def undo(self) -> None:
        self.importer.undo(self.run, lambda done, total: None)


def problems(stage: Stage) -> list[tuple[int, str, str]]:
    return [(problem.row_no, problem.column, problem.message) for problem in stage.problems()]


def columns_with_problems(stage: Stage) -> list[tuple[int, str]]:
    return [(row_no, column) for row_no, column, _message in problems(stage)]

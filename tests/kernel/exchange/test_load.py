"""Staged rows on their way into the database, on whichever database the tests run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from shuniu.kernel.exchange import actions, engine
from shuniu.kernel.exchange.checked import ERROR, NEW, WARNING, Checked, Counts, Problem
from shuniu.kernel.exchange.enums import BatchState
from shuniu.kernel.exchange.load import staged_table, without_secondary_indexes
from shuniu.kernel.exchange.stage import Stage, StageType
from shuniu.kernel.scope import Actor
from tests.kernel.exchange.conftest import NOW
from tests.kernel.exchange.toys import csv_file, toys

COLUMNS: dict[str, StageType] = {
    "name": "text",
    "born_on": "date",
    "number": "integer",
    "sealed": "blob",
    "is_new": "boolean",
}
ROW = ("王\t晓\n明\\N", "2026-03-05", 2**40, b"\x00\x01\\x", 1)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with Stage(tmp_path / "1.stage.sqlite3", COLUMNS) as opened:
        yield opened


def read(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def write(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def plain(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """A row as both databases give it: days as text, bytes as bytes."""
    name, born_on, number, sealed, is_new = row
    return name, None if born_on is None else str(born_on), number, None if sealed is None else bytes(sealed), is_new


def assert_staged_rows_can_be_read(stage: Stage) -> None:
    stage.add_chunk(3, Checked([(2, NEW, *ROW), (3, NEW, None, None, None, None, None)]))
    with staged_table(connection, stage) as staged:
        found = read(
            f"SELECT row_no, outcome, name, born_on, number, sealed, is_new FROM {staged.rows} ORDER BY row_no"
        )
    assert [row[:2] for row in found] == [(2, NEW), (3, NEW)]
    assert [plain(row[2:]) for row in found] == [ROW, (None,) * 5]


@pytest.mark.django_db(transaction=True)
def test_staged_rows_are_within_reach_of_sql(stage: Stage) -> None:
    assert_staged_rows_can_be_read(stage)


@pytest.mark.django_db
def test_staged_rows_are_within_reach_of_sql_inside_a_transaction(stage: Stage) -> None:
    assert_staged_rows_can_be_read(stage)
    with pytest.raises(Exception, match="shuniu_stage"), transaction.atomic():
        read("SELECT * FROM shuniu_stage")


def copy_and_fail(stage: Stage) -> None:
    with staged_table(connection, stage) as staged, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE copied (name varchar(20))")
        cursor.execute(f"INSERT INTO copied SELECT name FROM {staged.rows}")
        raise ZeroDivisionError


@pytest.mark.django_db(transaction=True)
def test_failure_between_staged_rows_and_table_leaves_nothing(stage: Stage) -> None:
    stage.add_chunk(2, Checked([(2, NEW, *ROW)]))
    with pytest.raises(ZeroDivisionError):
        copy_and_fail(stage)

    assert "copied" not in connection.introspection.table_names()
    with staged_table(connection, stage) as staged:
        assert read(f"SELECT count(*) FROM {staged.rows}") == [(1,)]


@pytest.mark.usefixtures("toy_db_committed")
def test_a_file_goes_in_as_on_the_site(alice: Actor) -> None:
    file = csv_file(("A-1", "小汽车", "汽车", "2026-03-05", ""), ("A-2", "", "", "", ""))
    batch = actions.start_upload("toys", file, "玩具.csv", language="zh-hans", actor=alice, now=NOW)
    actions.choose_mapping(batch, batch.columns, actor=alice, now=NOW)
    engine.carry_on(batch.pk, now=NOW)
    batch.refresh_from_db()
    assert batch.counts == Counts(new=1, wrong=1)

    actions.apply_batch(batch, actor=alice, now=NOW)
    engine.carry_on(batch.pk, now=NOW)
    batch.refresh_from_db()

    assert batch.state == BatchState.APPLIED
    assert toys() == [("A-1", "小汽车")]


@pytest.mark.usefixtures("toy_db_committed")
def test_large_file_is_checked_in_a_second_process(alice: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "LARGE", 1)
    rows = [(f"A-{n}", "" if n == 7000 else "小汽车", "car", "", "") for n in range(12_000)]
    batch = actions.start_upload("toys", csv_file(*rows), "a.csv", language="zh-hans", actor=alice, now=NOW)
    actions.choose_mapping(batch, batch.columns, actor=alice, now=NOW)

    engine.carry_on(batch.pk, now=NOW)

    batch.refresh_from_db()
    assert batch.counts == Counts(new=11_999, wrong=1)


SHELVES = """
CREATE TABLE shelf (id integer PRIMARY KEY, code varchar(20), place varchar(20), note varchar(20));
CREATE UNIQUE INDEX shelf_code ON shelf (code);
CREATE INDEX shelf_place ON shelf (place) WHERE place <> '';
"""


@pytest.fixture
def shelf(transactional_db: None) -> Iterator[None]:
    with connection.cursor() as cursor:
        for statement in SHELVES.strip().split("\n"):
            cursor.execute(statement)
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE shelf ADD CONSTRAINT shelf_note UNIQUE (note) DEFERRABLE INITIALLY DEFERRED")
            cursor.execute(
                "ALTER TABLE shelf ADD COLUMN upper_id integer REFERENCES shelf DEFERRABLE INITIALLY DEFERRED"
            )
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE shelf")


def keys() -> dict[str, Any]:
    with connection.cursor() as cursor:
        return connection.introspection.get_constraints(cursor, "shelf")


@pytest.mark.usefixtures("shelf")
def test_indexes_are_away_during_a_first_load_and_back_after_it() -> None:
    before = keys()

    with transaction.atomic(), without_secondary_indexes(connection, ["shelf"]):
        during = keys()
        read_rows = [(n, f"c{n}", "here") for n in range(50)]
        with connection.cursor() as cursor:
            cursor.executemany("INSERT INTO shelf (id, code, place) VALUES (%s, %s, %s)", read_rows)

    assert not {"shelf_code", "shelf_place", "shelf_note"} & during.keys()
    assert keys() == before
    assert read("SELECT count(*) FROM shelf WHERE place = 'here'") == [(50,)]


@pytest.mark.usefixtures("shelf")
def test_row_that_breaks_a_rebuilt_key_undoes_the_whole_load() -> None:
    before = keys()

    with pytest.raises(IntegrityError), transaction.atomic(), without_secondary_indexes(connection, ["shelf"]):
        write("INSERT INTO shelf (id, code) VALUES (1, 'same'), (2, 'same')")

    assert keys() == before
    assert read("SELECT count(*) FROM shelf") == [(0,)]


@pytest.mark.usefixtures("shelf")
def test_indexes_are_not_dropped_outside_a_transaction() -> None:
    with pytest.raises(transaction.TransactionManagementError), without_secondary_indexes(connection, ["shelf"]):
        pass

    assert "shelf_code" in keys()


def test_stage_goes_on_behind_the_last_whole_chunk(tmp_path: Path) -> None:
    path = tmp_path / "2.stage.sqlite3"
    with Stage(path, {"name": "text"}) as stage:
        stage.add_chunk(3, Checked([(2, NEW, "a"), (3, NEW, "b")], [Problem(3, "name", WARNING, "嗯")]))
        with pytest.raises(Exception, match="UNIQUE"):
            stage.add_chunk(5, Checked([(4, NEW, "c"), (4, NEW, "d")]))

    with Stage(path, {"name": "text"}) as stage:
        assert stage.last_row == 3
        assert stage.counts() == Counts(new=2, warned=1)
        assert not stage.finished


def test_stage_counts_a_row_once_however_much_is_wrong_with_it(tmp_path: Path) -> None:
    with Stage(tmp_path / "3.stage.sqlite3", {"name": "text"}) as stage:
        problems = [
            Problem(2, "name", ERROR, "一"),
            Problem(2, "", ERROR, "二"),
            Problem(2, "name", WARNING, "三"),
            Problem(9, "name", ERROR, "四"),
        ]
        stage.add_chunk(9, Checked([(2, NEW, "a"), (3, NEW, "b")], problems))

        assert stage.counts() == Counts(new=1, wrong=2)
        assert stage.problem_counts() == [("name", "error", 2), ("", "error", 1), ("name", "warning", 1)]
        assert stage.problems(column="", limit=5) == [Problem(2, "", ERROR, "二")]


def test_stage_opened_for_reading_makes_no_file(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="unable to open"), Stage(tmp_path / "none", {}, read_only=True) as stage:
        stage.counts()

    assert not list(tmp_path.iterdir())

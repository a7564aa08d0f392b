"""Queries that every page asks, put into SQL once a process: for such small ones that takes longer than asking them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import Model, QuerySet

Value = int | str | date
Statement = tuple[str, tuple[Any, ...]]


class Prepared:
    """A query with places for values: `Prepared(lambda user: ..., user=int)`, then `rows(user=7)`.

    Args:
        build: makes the query for given values. What it filters by must reach the database as it is given: as whole
            numbers, days, moments and texts to be equal to do. Conditions that depend on the values themselves (none,
            many) are not for this.
        places: the type of each value: `int`, `str`, `date` or `datetime`.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], **places: type) -> None:
        self._build = build
        self._marks: Mapping[str, Value] = {
            name: _mark(kind, number) for number, (name, kind) in enumerate(places.items(), start=1)
        }
        self._statements: dict[str, tuple[str, tuple[tuple[bool, Any], ...]]] = {}

    def statement(self, **values: Any) -> Statement:
        """The SQL and its parameters for these values."""
        sql, params = self._statements.get(connection.vendor) or self._prepare()
        return sql, tuple(_adapted(values[what]) if is_place else what for is_place, what in params)

    def rows(self, **values: Any) -> Sequence[tuple[Any, ...]]:
        """What the database answers, as it gives it: for columns that need no conversion."""
        with connection.cursor() as cursor:
            cursor.execute(*self.statement(**values))
            return cursor.fetchall()  # type: ignore[no-any-return]

    def instance(self, **values: Any) -> Any | None:
        """The first row as an instance of the query's model, with its annotations."""
        sql, params = self.statement(**values)
        return next(iter(self._model._base_manager.raw(sql, params)), None)

    @property
    def _queryset(self) -> QuerySet[Any, Any]:
        return self._build(**self._marks)

    @cached_property
    def _model(self) -> type[Model]:
        return self._queryset.model

    def _prepare(self) -> tuple[str, tuple[tuple[bool, Any], ...]]:
        sql, params = self._queryset.query.sql_with_params()
        places = {_adapted(mark): name for name, mark in self._marks.items()}
        found = tuple((True, places[one]) if one in places else (False, one) for one in params)
        return self._statements.setdefault(connection.vendor, (sql, found))


def _mark(kind: type, number: int) -> Value:
    """A value that no query has by itself."""
    if kind is datetime:
        return datetime(1000, 1, 1, 0, 0, number, tzinfo=UTC)
    if kind is date:
        return date(1000, 1, number)
    return f"\ue000{number}" if kind is str else -1_000_000 - number


def _adapted(value: Any) -> Any:
    """As the database's own driver is given it."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value

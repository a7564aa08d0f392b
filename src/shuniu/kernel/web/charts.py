"""The data of a chart as a table: what a chart shows can be read without seeing it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Table:
    """`heads` names the columns, the first being that of the categories."""

    heads: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def as_table(options: Mapping[str, Any]) -> Table:
    """The table behind ECharts `options`: series over the categories of an axis, or the named slices of a pie."""
    series = _many(options.get("series"))
    categories = next((axis["data"] for axis in _axes(options) if axis.get("data")), None)
    if categories is None:
        return _slices(series)
    heads = ("", *(str(one.get("name", "")) for one in series))
    columns = [[_plain(value) for value in one.get("data", ())] for one in series]
    return Table(heads, tuple((name, *values) for name, *values in zip(categories, *columns, strict=False)))


def _slices(series: Sequence[Mapping[str, Any]]) -> Table:
    name = str(series[0].get("name", "")) if series else ""
    rows = tuple((part.get("name", ""), part.get("value")) for one in series for part in one.get("data", ()))
    return Table(("", name), rows)


def _axes(options: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [*_many(options.get("xAxis")), *_many(options.get("yAxis"))]


def _many(found: Any) -> list[Mapping[str, Any]]:
    return list(found) if isinstance(found, (list, tuple)) else [found] if found else []


def _plain(value: Any) -> Any:
    return value.get("value") if isinstance(value, Mapping) else value

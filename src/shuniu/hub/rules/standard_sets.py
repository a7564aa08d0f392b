"""Ready sets of work standards and assessment items, read from `data/standards.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.translation import get_language

from shuniu.hub.enums import Measure
from shuniu.kernel.toml import Table, read_toml

FILE = Path(__file__).parents[1] / "data" / "standards.toml"


@dataclass(frozen=True, slots=True)
class ReadyItem:
    """An item of a set, in the words of the reader; numbers are hundredths."""

    name: str
    requirement: str
    measure: Measure
    points: int
    target: int
    step: int
    deduct: int


@dataclass(frozen=True, slots=True)
class ReadySet:
    key: str
    name: str
    items: tuple[ReadyItem, ...]


def ready_sets() -> Mapping[str, ReadySet]:
    """The sets by their keys, in the reader's language.

    Raises:
        DataFileError: the file is not as it should be; the sentence says where.
    """
    return _sets("zh" if (get_language() or "zh").startswith("zh") else "en")


@cache
def _sets(language: str) -> Mapping[str, ReadySet]:
    sets = [_set(table, language) for table in read_toml(FILE).tables("set")]
    return {one.key: one for one in sets}


def _set(table: Table, language: str) -> ReadySet:
    items = tuple(_item(one, language) for one in table.tables("items"))
    return ReadySet(table.text("key"), table.text(language), items)


def _item(table: Table, language: str) -> ReadyItem:
    numbers = {name: table.integer(name) for name in ("points", "target", "step", "deduct")}
    name, requirement = table.text(language), table.text(f"requirement_{language}")
    return ReadyItem(name=name, requirement=requirement, measure=table.one_of("measure", Measure), **numbers)

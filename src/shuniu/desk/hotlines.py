"""The telephone numbers shown to everybody."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from shuniu.desk.rules.words import Words
from shuniu.kernel.toml import read_toml

FILE = Path(__file__).parent / "data" / "hotlines.toml"


@dataclass(frozen=True, slots=True)
class Line:
    number: str
    name: Words
    hours: Words
    crisis: bool


@lru_cache(maxsize=1)
def national_hotlines() -> tuple[Line, ...]:
    """The numbers of the whole country, those for a crisis first as the file has them."""
    return tuple(
        Line(one.text("number"), Words.read(one.table("name")), Words.read(one.table("hours")), one.flag("crisis"))
        for one in read_toml(FILE).tables("hotline")
    )

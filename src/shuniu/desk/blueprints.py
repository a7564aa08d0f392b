"""Templates that new lines start from: `data/lines/*.toml`, read and checked once a process."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from shuniu.desk.enums import Secrecy
from shuniu.desk.rules.setup import PARTS, read_setup
from shuniu.desk.rules.words import Words
from shuniu.hub.enums import ServiceKind
from shuniu.kernel.toml import Table, read_toml

FOLDER: Final = Path(__file__).parent / "data" / "lines"


@dataclass(frozen=True, slots=True)
class Blueprint:
    """A template: what the line is called, who may read its cases, its setup, and texts for answers."""

    key: str
    name: Words
    about: Words
    kind: ServiceKind
    secrecy: Secrecy
    prefix: str
    takes_anonymous: bool
    setup: dict[str, Any]
    answers: tuple[tuple[str, str], ...]


@lru_cache(maxsize=1)
def blueprints() -> dict[str, Blueprint]:
    """Every template by its key, in the order of their files."""
    found = [_read(read_toml(path), path.stem) for path in sorted(FOLDER.glob("*.toml"))]
    return {blueprint.key: blueprint for blueprint in sorted(found, key=lambda one: list(ServiceKind).index(one.kind))}


def _read(table: Table, key: str) -> Blueprint:
    table.only("line", "answers", "initial", *PARTS)
    line = table.table("line")
    line.only("name", "about", "kind", "secrecy", "prefix", "takes_anonymous")
    setup = {part: table.values.get(part, []) for part in PARTS} | {"initial": table.text("initial")}
    read_setup(setup, table.where)
    return Blueprint(
        key=key,
        name=Words.read(line.table("name")),
        about=Words.read(line.table("about")),
        kind=line.one_of("kind", ServiceKind),
        secrecy=line.one_of("secrecy", Secrecy),
        prefix=line.text("prefix"),
        takes_anonymous=line.flag("takes_anonymous"),
        setup=setup,
        answers=tuple((one.text("title"), one.text("text")) for one in table.tables("answers")),
    )

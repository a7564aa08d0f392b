"""The duties of a district federation, ready to be taken over: data of `data/duties.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from shuniu.hub.enums import DeliveryMode, DutyClass
from shuniu.hub.rules.duties import QUESTIONS, refusal, suggest
from shuniu.kernel.toml import Table, read_toml

DATA: Final = Path(__file__).parents[1] / "data" / "duties.toml"


@dataclass(frozen=True, slots=True)
class ReadyDuty:
    """A duty as many federations have it, with answers, the class that follows from them, and the common mode."""

    code: str
    division: str
    name: str
    description: str
    answers: Mapping[str, str]
    kind: DutyClass
    mode: DeliveryMode
    reason: str


@cache
def ready_duties() -> tuple[ReadyDuty, ...]:
    """The ready catalogue, in the order of the file.

    Raises:
        DataFileError: an answer is missing or unknown, a number comes twice, or the mode does not suit the class.
    """
    table = read_toml(DATA)
    table.only("duty")
    found: dict[str, ReadyDuty] = {}
    for one in table.tables("duty"):
        duty = _ready(one)
        found[duty.code] = duty if duty.code not in found else one.refuse("code", "used once only")
    return tuple(found.values())


def _ready(table: Table) -> ReadyDuty:
    table.only("code", "division", "name", "description", "mode", "reason", "answers")
    answers = {question.key: table.table("answers").text(question.key) for question in QUESTIONS}
    suggestion = suggest(answers)
    mode = table.one_of("mode", DeliveryMode)
    reason = table.text("reason") if "reason" in table else ""
    kind = suggestion.kind or table.refuse("answers", ", ".join(question.key for question in QUESTIONS))
    if refusal(suggestion, kind, mode, reason)[1]:
        table.refuse("mode", refusal(suggestion, kind, mode, reason)[1])
    plain = {key: table.text(key) for key in ("code", "division", "name", "description")}
    return ReadyDuty(**plain, answers=answers, kind=kind, mode=mode, reason=reason)

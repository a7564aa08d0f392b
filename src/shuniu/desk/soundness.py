"""Whether the draft of a line can be used on this installation."""

from __future__ import annotations

from shuniu.desk.casework import effects
from shuniu.desk.models import ServiceLine
from shuniu.desk.rules.graph import GUARDS
from shuniu.desk.rules.setup import problems, read_setup
from shuniu.rulebook.public import official


def wrong_with(line: ServiceLine) -> list[str]:
    """What keeps a line's draft from being published."""
    setup = read_setup(line.setup, line.name)
    return list(problems(setup, guards=GUARDS, effects=effects(), rules=official().topics))

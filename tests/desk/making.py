"""Rows for tests of the desk, made the way the desk makes them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import count
from typing import Any

from shuniu.accounts.public import User
from shuniu.desk.actions.cases import open_case
from shuniu.desk.actions.lines import add_staff, publish_line, set_up_line
from shuniu.desk.blueprints import blueprints
from shuniu.desk.enums import Channel, LineRole
from shuniu.desk.handlers import Handler
from shuniu.desk.models import Case, ServiceLine
from shuniu.kernel.scope import Actor
from shuniu.registry.models import Organisation, Person

MORNING = datetime(2026, 3, 5, 2, 0, tzinfo=UTC)
"""A Thursday, ten o'clock in Shanghai."""
SYSTEM = Actor.system("test")
ANSWERS: Mapping[str, Mapping[str, Any]] = {
    "advice": {"topic": "pay", "facts": "公司拖欠两个月工资。"},
    "counselling": {"topic": "stress"},
    "grievance": {"topic": "shift", "facts": "夜班过多。"},
    "letter": {"topic": "report", "facts": "食堂卫生不好。"},
    "mediation": {"dispute": "money", "other_side": "云川机械厂", "facts": "欠薪。", "claim": "支付工资。"},
    "repair": {"fault": "air", "place": "3号楼201"},
}
"""Answers that each template's form takes."""
_numbers = count(1)


def make_line(
    organisation: Organisation, template: str = "advice", *, publish: bool = True, **given: Any
) -> ServiceLine:
    """A published line from a template, with nobody to serve it yet."""
    number = next(_numbers)
    organisation.refresh_from_db()
    values = {"key": f"{template}-{number}", "prefix": f"T{number}X", "name": f"第{number}条{template}", **given}
    line = set_up_line(organisation=organisation, blueprint=blueprints()[template], actor=SYSTEM, now=MORNING, **values)
    if publish:
        publish_line(line, actor=SYSTEM, now=MORNING)
    line.refresh_from_db()
    return line


def staff(line: ServiceLine, user: User | None, role: LineRole = LineRole.SERVES) -> Handler:
    """Have an account work for a line; as a handler."""
    assert user is not None
    add_staff(line, user, role, actor=SYSTEM, now=MORNING)
    return Handler(user.pk, user.name)


def make_case(line: ServiceLine, filer: Person | None = None, title: str = "拖欠工资", **given: Any) -> Case:
    """A case as a clerk enters it."""
    values = {"channel": Channel.PHONE, "answers": _answers(line), "actor": SYSTEM, "now": MORNING, **given}
    return open_case(line, title=title, filer=filer, **values)


def _answers(line: ServiceLine) -> Mapping[str, Any]:
    return ANSWERS[next(key for key in ANSWERS if line.key.startswith(key))]

"""What other rooms use of the service desk."""

from __future__ import annotations

from shuniu.desk.models import Case, LineStaff, LineVersion, ServiceLine
from shuniu.desk.queries.directory import lines_open_to, numbers_to_call, on_duty_by_line, public_lines
from shuniu.desk.queries.rosters import OnDuty, lines_with_duty, night_duty

__all__ = [
    "Case",
    "LineStaff",
    "LineVersion",
    "OnDuty",
    "ServiceLine",
    "lines_open_to",
    "lines_with_duty",
    "night_duty",
    "numbers_to_call",
    "on_duty_by_line",
    "public_lines",
]

"""What other rooms use of the service desk."""

from __future__ import annotations

from shuniu.desk.models import Case, LineStaff, LineVersion, ServiceLine
from shuniu.desk.queries.directory import lines_open_to, on_duty_by_line, public_lines
from shuniu.desk.queries.rosters import OnDuty, hotlines, lines_with_duty, night_duty

__all__ = [
    "Case",
    "LineStaff",
    "LineVersion",
    "OnDuty",
    "ServiceLine",
    "hotlines",
    "lines_open_to",
    "lines_with_duty",
    "night_duty",
    "on_duty_by_line",
    "public_lines",
]

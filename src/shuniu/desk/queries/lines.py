"""What belongs to a line that was found in sight."""

from __future__ import annotations

from shuniu.desk.models import LineStaff, LineVersion, ServiceLine


def staff(line: ServiceLine) -> list[LineStaff]:
    """Everybody who works for the line now, by name."""
    return list(
        line.staff.filter(ended_at=None).select_related("user", "line__organisation").order_by("user__name", "role")
    )


def versions(line: ServiceLine) -> list[LineVersion]:
    """The versions, the newest first."""
    return list(line.versions.order_by("-number").defer("setup")[:20])

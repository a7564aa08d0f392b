"""What the audit officer does with the trail leaves its own entry in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from shuniu.kernel.scope import Actor
from shuniu.kernel.trail import ChainReport, record, verify_chain


def verify_trail(*, actor: Actor, now: datetime) -> ChainReport:
    """Check every seal of the trail now."""
    report = verify_chain()
    record(
        "trail.verified", None, actor=actor, now=now, detail={"checked": report.checked, "broken_at": report.broken_at}
    )
    return report


def note_export(filters: Mapping[str, Any], *, actor: Actor, now: datetime) -> None:
    """Note that the trail was taken out as a file, and which part of it."""
    record("trail.exported", None, actor=actor, now=now, detail={"filters": dict(filters)})

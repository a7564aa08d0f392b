"""What the page of a case shows, gathered for its template."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shuniu.desk.enums import Channel, StepKind
from shuniu.desk.lineage import setup_of, state_of
from shuniu.desk.models import Case, CaseClock, CaseStep
from shuniu.desk.rules.answers import told
from shuniu.desk.rules.clocks import Reading
from shuniu.desk.rules.setup import Setup
from shuniu.kernel.vault import mask_mobile
from shuniu.kernel.web.formats import moment_text

TONES = {
    StepKind.ANSWER: "good", StepKind.ALERT: "bad", StepKind.NOTE: "warn", StepKind.MESSAGE: "active",
    StepKind.OPENED: "active",
}  # fmt: skip


def status(case: Case) -> dict[str, Any]:
    """State, tone and share of the way, as every page about the case shows them."""
    label, tone, share = state_of(case)
    return {"state_label": label, "state_tone": tone, "share": share}


def clocks(case: Case, now: datetime) -> list[dict[str, Any]]:
    """Every clock with its colour and how it stands."""
    setup, rows = setup_of(case.version), case.clocks.order_by("pk").prefetch_related("pauses")
    return [_clock(setup, row, now) for row in rows]


def _clock(setup: Setup, row: CaseClock, now: datetime) -> dict[str, Any]:
    label = next((str(clock.label) for clock in setup.clocks if clock.key == row.key), row.key)
    paused = row.stopped_at is None and any(pause.ended_at is None for pause in row.pauses.all())
    reading = Reading(row.due_at, row.stopped_at, paused)
    return {"label": label, "due_at": row.due_at, "tone": reading.tone(now), "said": _stands(reading, now), "row": row}


def _stands(reading: Reading, now: datetime) -> str:
    if reading.paused:
        return pgettext("clock", "stands still")
    late = reading.late(now)
    if late is None:
        return (
            _("the calendar of that year is not loaded yet")
            if reading.stopped_at is None
            else pgettext("clock", "stopped")
        )
    if reading.stopped_at is not None:
        return pgettext("clock", "kept late") if late else pgettext("clock", "kept in time")
    return pgettext("clock", "overdue") if late else pgettext("clock", "running")


def events(case: Case, steps: list[CaseStep]) -> list[dict[str, Any]]:
    """The history for the timeline."""
    setup = setup_of(case.version)
    return [
        {
            "at": step.at,
            "title": str(setup.state(step.state).label)
            if step.state and step.kind == StepKind.MOVED
            else step.get_kind_display(),
            "text": step.text,
            "who": _("Whoever filed it") if step.by_filer else step.by_name,
            "tone": TONES.get(StepKind(step.kind), "neutral"),
        }
        for step in steps
    ]


def facts(case: Case, *, serves: bool) -> list[tuple[Any, Any]]:
    """Who, what and when; the name of whoever filed it for those who serve the case."""
    found = [
        (pgettext("case", "Number"), case.number),
        (pgettext("case", "Service"), case.line),
        (_("Received at"), moment_text(case.opened_at)),
        (_("Came in by"), case.get_channel_display()),
        (pgettext("case", "Handled by"), case.handler),
    ]
    if serves:
        found += [
            (_("Filed by"), filer_name(case)),
            (_("Telephone"), mask_mobile(case.contact_phone)),
            (_("Employer"), case.employer),
        ]
    return [(label, value) for label, value in found if value not in ("", None)]


def filer_name(case: Case) -> str:
    """Who filed it, for those who may know."""
    if case.channel == Channel.ANONYMOUS:
        return _("Anonymous")
    return case.filer.name if case.filer else case.contact_name


def answers(case: Case) -> list[tuple[str, str]]:
    return told(setup_of(case.version).fields, case.answered)

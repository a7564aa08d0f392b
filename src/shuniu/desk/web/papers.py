"""What the desk prints of rosters."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shuniu.desk.enums import Half
from shuniu.desk.models import Roster, Shift
from shuniu.kernel.documents import Document, Facts, Grid, Signed
from shuniu.kernel.web.formats import date_text


def roster_paper(roster: Roster, shifts: Sequence[Shift], title: str, period: str, today: date) -> Document:
    """The duty table for the wall: day, weekday, part of the day, who, firm, substitute."""
    rows = [
        (
            date_text(shift.day),
            WEEKDAYS[shift.day.weekday()],
            Half(shift.half).label,
            shift.professional.name,
            shift.professional.provider.name,
            shift.substitute.name if shift.substitute else "",
        )
        for shift in shifts
    ]
    headers = (_("Day"), _("Weekday"), _("Time"), _("On duty"), _("Firm"), _("Substitute"))
    facts = Facts(
        [
            (pgettext("roster", "Period"), period),
            (pgettext("duty", "Place"), roster.place),
            (_("Telephone"), roster.phone),
        ]
    )
    grid = Grid(headers, rows, widths=(18, 10, 10, 12, 30, 12))
    signed = Signed(roster.organisation.name, date_text(today))
    return Document(title, (facts, grid, signed), head=roster.organisation.name)

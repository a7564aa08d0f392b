"""The catalogue of duties as a paper."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shuniu.hub.models import Duty
from shuniu.kernel.documents import Document, Grid, Signed
from shuniu.kernel.documents import Text as Paragraph
from shuniu.kernel.web.formats import date_text

WIDTHS = (2, 8, 6, 3, 10, 4)


def catalogue(rows: Sequence[Duty], today: date) -> Document:
    """Duties in tables by their field of work, in the order given."""
    headers = (
        pgettext("duty", "Number"), _("Duty"), pgettext("duty", "Class"), _("Carried out"), _("Reason"), _("To be reviewed on"),
    )  # fmt: skip
    tables = [
        Grid(headers, [_line(one) for one in found], widths=WIDTHS, title=division)
        for division, found in groupby(rows, key=lambda row: row.division)
    ]
    bodies = {row.organisation.name for row in rows}
    head = bodies.pop() if len(bodies) == 1 else ""
    told = Paragraph(_("Duties: {n}. As of {day}.").format(n=len(rows), day=date_text(today)))
    signed = Signed(head, date_text(today))
    return Document(_("Catalogue of duties"), (told, *tables, signed), head=head, landscape=True)


def _line(row: Duty) -> tuple[object, ...]:
    mode = row.get_mode_display() if row.mode else _("Not decided yet")
    return (row.code, row.name, row.get_kind_display(), mode, row.because, row.review_on)

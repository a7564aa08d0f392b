"""Who may file what with a line, and the words of a case as they are kept."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from shuniu.desk.casework import CaseError
from shuniu.desk.enums import Channel, LineRole
from shuniu.desk.models import ServiceLine
from shuniu.desk.sight import Sight
from shuniu.kernel.guards import require
from shuniu.kernel.period import on_day
from shuniu.kernel.scope import Actor
from shuniu.kernel.text import normal, prose
from shuniu.registry.public import Coverage, Employer, Person

LONGEST_TITLE: Final = 80
LONGEST_TEXT: Final = 4000


def require_filing(line: ServiceLine, channel: Channel, filer: Person | None, actor: Actor) -> None:
    """Refuse unless the actor files for herself with a line of her own unions, or may enter cases for others there."""
    own = filer is not None and filer.pk == actor.person_id and actor.may("own.view")
    if own and channel in {Channel.WEB, Channel.BOOKING, Channel.HANDOVER}:
        home = filer.home.path if filer and filer.home else ""
        if not (home or "").startswith(line.organisation.path or "-"):
            raise CaseError(_("“{line}” is for members of {union}.").format(line=line, union=line.organisation))
        return
    if channel in {Channel.WEB, Channel.ANONYMOUS}:
        raise PermissionDenied
    if channel == Channel.BOOKING and actor.may_at("booking.edit", line.organisation.path or ""):
        return
    if not Sight.of(actor).serves_line(line, LineRole.DISPATCHES, LineRole.SUPERVISES):
        require(actor, "case.enter", line.organisation)


def read_title(title: str) -> str:
    """The subject, in its normal form.

    Raises:
        CaseError: there is none, or it is too long.
    """
    text = normal(title)
    if not text:
        raise CaseError(_("Please say in a few words what it is about."))
    if len(text) > LONGEST_TITLE:
        raise CaseError(_("The subject has at most {n} characters.").format(n=LONGEST_TITLE))
    return text


def employer_of(filer: Person, on: date) -> Employer | None:
    """The employer that her union covers, where it is one only."""
    rows = Coverage.objects.unscoped(reason="whom a firm must not act against").filter(on_day(on))
    found = list(rows.filter(organisation_id=filer.home_id).select_related("employer")[:2])
    return found[0].employer if len(found) == 1 else None


def checked_text(text: str) -> str:
    """Running text, trimmed.

    Raises:
        CaseError: it is too long.
    """
    written = prose(text)
    if len(written) > LONGEST_TEXT:
        raise CaseError(_("At most {n} characters, please. Add a file for more.").format(n=LONGEST_TEXT))
    return written

"""From a booking to a case of its line."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from shuniu.desk.actions.cases import begin_case
from shuniu.desk.enums import Channel, FieldKind
from shuniu.desk.handlers import Handler, handler_of
from shuniu.desk.lineage import setup_of
from shuniu.desk.models import Booking, Case
from shuniu.desk.rules.setup import Field
from shuniu.kernel.scope import Actor


def case_of_booking(booking: Booking, *, topic: str, actor: Actor, now: datetime) -> Case | None:
    """Open the case that a booking is about, inside the transaction of its confirmation; None for a line without a setup.

    What the line's form asks for is told from the booking as far as it goes; the rest is asked when they meet.
    """
    line = booking.line
    if line.current is None:
        return None
    told = topic.strip() or _("To be told at the appointment")
    fields = setup_of(line.current).fields
    return begin_case(
        line,
        channel=Channel.BOOKING,
        title=_("Appointment: {line}").format(line=line),
        answers={field.key: _answer(field, told, booking) for field in fields if field.required},
        actor=actor,
        now=now,
        filer=booking.person,
        contact=(booking.name, booking.phone),
        handler=_handler(booking, now),
        once=f"booking-{booking.pk}",
    )


def _handler(booking: Booking, now: datetime) -> Handler | None:
    return handler_of(booking.line, booking.professional.user_id, timezone.localtime(now).date())


def _answer(field: Field, told: str, booking: Booking) -> Any:
    match field.kind:
        case FieldKind.CHOICE | FieldKind.MULTIPLE:
            keys = [choice.key for choice in field.choices]
            return "other" if "other" in keys else keys[-1]
        case FieldKind.DATE:
            return timezone.localtime(booking.starts_at).date().isoformat()
        case FieldKind.NUMBER:
            return 0
        case FieldKind.TEXT | FieldKind.PLACE | FieldKind.LONG:
            return told[:120]
        case _:
            return "no"

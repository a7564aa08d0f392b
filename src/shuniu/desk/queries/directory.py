"""What everybody may know of the services on offer, and of who is there today."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from shuniu.desk.enums import Half, RosterState
from shuniu.desk.hotlines import national_hotlines
from shuniu.desk.models import ServiceLine, Shift
from shuniu.desk.queries.rosters import OnDuty, hotlines, present_name
from shuniu.kernel.scope import STEP, Actor
from shuniu.registry.public import Person

PUBLISHED = "what is offered, and who is on duty, is published"


@dataclass(frozen=True, slots=True)
class NumberToCall:
    """A telephone number for whoever needs somebody now."""

    number: str
    name: str
    hours: str
    note: str = ""


def numbers_to_call() -> list[NumberToCall]:
    """The numbers that federations keep, in their order, then those of the whole country that are not among them."""
    own = [NumberToCall(one.number, one.name, one.hours, one.note) for one in hotlines()]
    known = {one.number for one in own}
    national = (NumberToCall(one.number, str(one.name), str(one.hours)) for one in national_hotlines())
    return [*own, *(one for one in national if one.number not in known)]


def public_lines() -> QuerySet[ServiceLine]:
    """The service lines that take new cases, with whose they are."""
    rows: QuerySet[ServiceLine] = ServiceLine.objects.unscoped(reason=PUBLISHED)
    return rows.filter(is_open=True).select_related("organisation", "duty")


def on_duty_by_line(lines: Collection[int], first: date, last: date) -> dict[int, list[OnDuty]]:
    """Who is on duty for each of these lines from one day to another, both included; one query."""
    rows = Shift.objects.unscoped(reason=PUBLISHED).filter(line_id__in=lines, day__gte=first, day__lte=last)
    published = rows.filter(roster__state=RosterState.PUBLISHED)
    found: dict[int, list[OnDuty]] = {}
    for shift in published.select_related("roster", "professional__provider", "substitute").order_by(
        "day", "half", "seat"
    ):
        half = str(Half(shift.half).label)
        duty = OnDuty(
            shift.day, half, present_name(shift), shift.professional.provider.name, shift.roster.place,
            shift.roster.phone,
        )  # fmt: skip
        found.setdefault(shift.line_id, []).append(duty)
    return found


def lines_open_to(actor: Actor) -> list[ServiceLine]:
    """The services that a member may turn to: those of her union and of the bodies above it, the nearest first."""
    if actor.person_id is None:
        return []
    home = Person.objects.visible_to(actor).filter(pk=actor.person_id).values_list("home__path", flat=True).first()
    above = [home[:end] for end in range(STEP, len(home) + 1, STEP)] if home else []
    rows = public_lines().filter(organisation__path__in=above, current__isnull=False)
    return list(rows.order_by("-organisation__path", "name", "pk"))

"""Lines with a roster or a working plan, for tests of duties and bookings."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from shuniu.desk.actions import rosters
from shuniu.desk.enums import LineRole
from shuniu.desk.models import Roster, ServiceLine, WorkPlan
from shuniu.hub.enums import Profession, ProviderKind, ServiceKind
from shuniu.hub.models import Professional
from shuniu.kernel.period import FOREVER
from shuniu.kernel.scope import Actor
from shuniu.registry.models import Organisation
from tests.desk.making import make_line, staff
from tests.factories import Cast, Player
from tests.hub.making import make_professional, make_provider

ZONE = ZoneInfo("Asia/Shanghai")
SYSTEM = Actor.system("test")
FIRST, LAST = date(2026, 3, 2), date(2026, 3, 28)
"""A Monday, and the day after the last Friday of a month of duty: 20 working days."""
THURSDAY = date(2026, 3, 5)


def at(hour: int, minute: int = 0, day: date = THURSDAY) -> datetime:
    """A moment in Shanghai."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE)


def make_team(organisation: Organisation, firms: int = 5, a_firm: int = 2) -> list[Professional]:
    """Lawyers of some firms."""
    return [
        make_professional(firm, name=f"律{number}{letter}")
        for number, firm in enumerate(
            (make_provider(organisation, name=f"第{number}所") for number in range(1, firms + 1)), start=1
        )
        for letter in "甲乙丙丁"[:a_firm]
    ]


def make_roster(line: ServiceLine, team: list[Professional], *, publish: bool = True, **given: Any) -> Roster:
    """A roster of March 2026, filled by the solver."""
    values = {"starts_on": FIRST, "ends_on": LAST, "place": "职工服务中心101室", **given}
    what = rosters.NewRoster(line=line, team=tuple(team), **values)
    roster = rosters.make_roster(what, actor=SYSTEM, now=at(9, day=date(2026, 2, 20)))
    rosters.solve_roster(roster, actor=SYSTEM, now=at(9, day=date(2026, 2, 20)))
    if publish:
        rosters.publish_roster(roster, actor=SYSTEM, now=at(9, day=date(2026, 2, 20)))
    roster.refresh_from_db()
    return roster


def link(professional: Professional, player: Player) -> Professional:
    """Let one of the cast be this professional."""
    professional.user = player.user
    professional.save(update_fields=["user"])
    return professional


def make_plan(line: ServiceLine, professional: Professional, **given: Any) -> WorkPlan:
    """Thursdays from nine to noon, 50 minutes each with 10 between."""
    values: dict[str, Any] = {
        "starts_on": FIRST,
        "ends_on": FOREVER,
        "hours": {"a": {"3": "09:00-12:00"}},
        "minutes": 50,
        "buffer": 10,
        "capacity": 1,
        **given,
    }
    return WorkPlan.everything.create(line=line, professional=professional, **values)


def make_counselling(cast: Cast) -> tuple[ServiceLine, Professional]:
    """A counselling line of the district with one counsellor, who is the cast's lawyer, supervised by the mediator."""
    line = make_line(cast.district, "counselling")
    provider = make_provider(cast.district, ProviderKind.ASSOCIATION, name="心理咨询协会")
    counsellor = make_professional(provider, (ServiceKind.COUNSELLING,), name="孔心", profession=Profession.COUNSELLOR)
    make_plan(line, link(counsellor, cast.lawyer))
    staff(line, cast.lawyer.user)
    staff(line, cast.mediator.user, LineRole.SUPERVISES)
    return line, counsellor

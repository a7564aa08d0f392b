"""What other rooms use of the service desk."""

from __future__ import annotations

from shuniu.desk.actions.lines import add_staff, publish_line, set_up_line
from shuniu.desk.asking import SUBJECT as RATED
from shuniu.desk.asking import asks_of, service_of
from shuniu.desk.blueprints import blueprints
from shuniu.desk.models import (
    Booking,
    Case,
    Consent,
    Course,
    Crisis,
    CrisisTask,
    Hotline,
    LineStaff,
    LineVersion,
    Material,
    Mediation,
    MediationAgreement,
    MediationSession,
    NightDuty,
    PartsWait,
    Repair,
    Roster,
    ServiceLine,
    Shift,
    Swap,
    TeamMember,
    WorkPlan,
)
from shuniu.desk.past import Story, Told, write_past
from shuniu.desk.queries.bookings import figures as booking_figures
from shuniu.desk.queries.bookings import lines_to_book
from shuniu.desk.queries.directory import lines_open_to, numbers_to_call, on_duty_by_line, public_lines
from shuniu.desk.queries.rosters import OnDuty, hotlines, lines_with_duty, night_duty, on_duty
from shuniu.desk.repairing import is_urgent_fault, place_index
from shuniu.desk.rosterwork import fill_roster
from shuniu.desk.rules.repairs import sample

__all__ = [
    "RATED",
    "Booking",
    "Case",
    "Consent",
    "Course",
    "Crisis",
    "CrisisTask",
    "Hotline",
    "LineStaff",
    "LineVersion",
    "Material",
    "Mediation",
    "MediationAgreement",
    "MediationSession",
    "NightDuty",
    "OnDuty",
    "PartsWait",
    "Repair",
    "Roster",
    "ServiceLine",
    "Shift",
    "Story",
    "Swap",
    "TeamMember",
    "Told",
    "WorkPlan",
    "add_staff",
    "asks_of",
    "blueprints",
    "booking_figures",
    "fill_roster",
    "hotlines",
    "is_urgent_fault",
    "lines_open_to",
    "lines_to_book",
    "lines_with_duty",
    "night_duty",
    "numbers_to_call",
    "on_duty",
    "on_duty_by_line",
    "place_index",
    "public_lines",
    "publish_line",
    "sample",
    "service_of",
    "set_up_line",
    "write_past",
]

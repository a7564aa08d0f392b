from shuniu.desk.models.bookings import Booking, Course, PlanException, Waiter, WorkPlan
from shuniu.desk.models.cases import Case
from shuniu.desk.models.counselling import Consent, Crisis, CrisisTask, SessionNote
from shuniu.desk.models.lines import LineStaff, ServiceLine
from shuniu.desk.models.rosters import Feed, Hotline, NightDuty, Roster, Shift, Swap, TeamMember

__all__ = [
    "Booking",
    "Case",
    "Consent",
    "Course",
    "Crisis",
    "CrisisTask",
    "Feed",
    "Hotline",
    "LineStaff",
    "NightDuty",
    "PlanException",
    "Roster",
    "ServiceLine",
    "SessionNote",
    "Shift",
    "Swap",
    "TeamMember",
    "Waiter",
    "WorkPlan",
]

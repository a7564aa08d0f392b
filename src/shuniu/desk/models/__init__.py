from shuniu.desk.models.bookings import Booking, Course, PlanException, Waiter, WorkPlan
from shuniu.desk.models.cases import Case, CaseClock, CaseFile, CaseStep, CaseWord, ClockPause, Extension, ReceiptTries
from shuniu.desk.models.counselling import Consent, Crisis, CrisisTask, SessionNote
from shuniu.desk.models.lines import AnswerTemplate, LineSerial, LineStaff, LineVersion, ServiceLine
from shuniu.desk.models.mediation import Mediation, MediationAgreement, MediationSession, MediationTie
from shuniu.desk.models.repairs import Material, PartsWait, Repair
from shuniu.desk.models.rosters import Feed, Hotline, NightDuty, Roster, Shift, Swap, TeamMember

__all__ = [
    "AnswerTemplate",
    "Booking",
    "Case",
    "CaseClock",
    "CaseFile",
    "CaseStep",
    "CaseWord",
    "ClockPause",
    "Consent",
    "Course",
    "Crisis",
    "CrisisTask",
    "Extension",
    "Feed",
    "Hotline",
    "LineSerial",
    "LineStaff",
    "LineVersion",
    "Material",
    "Mediation",
    "MediationAgreement",
    "MediationSession",
    "MediationTie",
    "NightDuty",
    "PartsWait",
    "PlanException",
    "ReceiptTries",
    "Repair",
    "Roster",
    "ServiceLine",
    "SessionNote",
    "Shift",
    "Swap",
    "TeamMember",
    "Waiter",
    "WorkPlan",
]

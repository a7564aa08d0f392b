"""Choices of the service desk. Values are stored; labels are what people read."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Secrecy(TextChoices):
    """Who may read what a case of a line says."""

    OPEN = "open", _("Everybody who looks after cases there")
    CONFIDENTIAL = "confidential", _("Only those who serve the case")


class Channel(TextChoices):
    """How a case came in."""

    WEB = "web", pgettext_lazy("channel", "Web")
    PHONE = "phone", pgettext_lazy("channel", "Phone")
    VISIT = "visit", pgettext_lazy("channel", "Visit")
    ANONYMOUS = "anonymous", pgettext_lazy("channel", "Anonymous")
    BOOKING = "booking", pgettext_lazy("channel", "Booking")
    HANDOVER = "handover", pgettext_lazy("channel", "Handed over")


class Half(TextChoices):
    """The part of a day that a duty takes."""

    DAY = "day", pgettext_lazy("duty", "Whole day")
    MORNING = "am", pgettext_lazy("duty", "Morning")
    AFTERNOON = "pm", pgettext_lazy("duty", "Afternoon")


class BreachKind(TextChoices):
    """The rules of a roster. All but the last hold; a wish is only told."""

    UNCOVERED = "uncovered", pgettext_lazy("roster", "Nobody on duty")
    UNFIT = "unfit", pgettext_lazy("roster", "Not of this roster")
    AWAY = "away", pgettext_lazy("roster", "Away that day")
    TWICE = "twice", pgettext_lazy("roster", "Twice on one day")
    FIRM_RUN = "firm_run", pgettext_lazy("roster", "Same firm too soon")
    UNEVEN = "uneven", pgettext_lazy("roster", "Uneven loads")
    WISH = "wish", pgettext_lazy("roster", "Against a wish")


class RosterState(TextChoices):
    """Whether a roster holds."""

    DRAFT = "draft", pgettext_lazy("roster", "Draft")
    PUBLISHED = "published", pgettext_lazy("roster", "Published")


class SolvingState(TextChoices):
    """How far the search for a roster is."""

    NONE = "none", pgettext_lazy("solving", "Not begun")
    QUEUED = "queued", pgettext_lazy("solving", "Queued")
    DONE = "done", pgettext_lazy("solving", "Found")
    FAILED = "failed", pgettext_lazy("solving", "Not possible")


class ShiftState(TextChoices):
    """What became of a duty."""

    PLANNED = "planned", pgettext_lazy("duty day", "Planned")
    PRESENT = "present", pgettext_lazy("duty day", "Checked in")
    CALLED = "called", pgettext_lazy("duty day", "Substitute called")
    COVERED = "covered", pgettext_lazy("duty day", "Covered by the substitute")
    MISSED = "missed", pgettext_lazy("duty day", "Nobody came")


class SwapState(TextChoices):
    """How far the offer of a duty is."""

    OFFERED = "offered", pgettext_lazy("swap", "Offered")
    TAKEN = "taken", pgettext_lazy("swap", "Waits for approval")
    DONE = "done", pgettext_lazy("swap", "Swapped")
    REFUSED = "refused", pgettext_lazy("swap", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("swap", "Withdrawn")
    LAPSED = "lapsed", pgettext_lazy("swap", "Not taken in time")


class Meeting(TextChoices):
    """How somebody meets whom she has booked."""

    VISIT = "visit", pgettext_lazy("meeting", "In person")
    PHONE = "phone", pgettext_lazy("meeting", "By phone")
    VIDEO = "video", pgettext_lazy("meeting", "By video")


class BookingState(TextChoices):
    """How far a booking is."""

    HELD = "held", pgettext_lazy("booking", "Held")
    OFFERED = "offered", pgettext_lazy("booking", "Offered from the waiting list")
    CONFIRMED = "confirmed", pgettext_lazy("booking", "Confirmed")
    ATTENDED = "attended", pgettext_lazy("booking", "Took place")
    MISSED = "missed", pgettext_lazy("booking", "Did not come")
    CANCELLED = "cancelled", pgettext_lazy("booking", "Cancelled")
    WITHDRAWN = "withdrawn", pgettext_lazy("booking", "Called off by the service")
    LAPSED = "lapsed", pgettext_lazy("booking", "Lapsed")


class WaitState(TextChoices):
    """How far somebody on a waiting list is."""

    WAITING = "waiting", pgettext_lazy("waiting", "Waiting")
    OFFERED = "offered", pgettext_lazy("waiting", "Place offered")
    BOOKED = "booked", pgettext_lazy("waiting", "Booked")
    LEFT = "left", pgettext_lazy("waiting", "Left the list")
    PASSED = "passed", pgettext_lazy("waiting", "No place was found")


class Theme(TextChoices):
    """What counselling is about, for the figures."""

    STRESS = "stress", pgettext_lazy("theme", "Stress at work")
    RELATIONS = "relations", pgettext_lazy("theme", "Relations at work")
    FAMILY = "family", pgettext_lazy("theme", "Family")
    HEALTH = "health", pgettext_lazy("theme", "Sleep and health")
    CAREER = "career", pgettext_lazy("theme", "Career")
    OTHER = "other", pgettext_lazy("theme", "Something else")


class CrisisLevel(TextChoices):
    """The crisis ladder, from the top."""

    RED = "red", pgettext_lazy("crisis", "Red: danger now")
    ORANGE = "orange", pgettext_lazy("crisis", "Orange: high")
    YELLOW = "yellow", pgettext_lazy("crisis", "Yellow: raised")
    BLUE = "blue", pgettext_lazy("crisis", "Blue: routine")


class CrisisState(TextChoices):
    """Whether a crisis is over."""

    OPEN = "open", pgettext_lazy("crisis", "Being followed up")
    CLOSED = "closed", pgettext_lazy("crisis", "Closed")


class CrisisStep(TextChoices):
    """What is done in a crisis, each by its time."""

    STAY = "stay", _("Stay with the person, call 120 or 110")
    TELL = "tell", _("Tell kin or employer what they must know")
    EXPERT = "expert", _("See an expert, agree on a safety plan")
    TALK = "talk", _("Talk with the person again")
    DAY = "day", _("Follow-up after one day")
    THREE_DAYS = "three_days", _("Follow-up after three days")
    WEEK = "week", _("Follow-up after a week")


class DisputeClass(TextChoices):
    """Labour disputes in the order of the law (Mediation and Arbitration Law, article 2)."""

    RELATION = "relation", _("Whether there is employment")
    CONTRACT = "contract", _("The contract of employment")
    DISMISSAL = "dismissal", _("Dismissal and leaving")
    CONDITIONS = "conditions", _("Hours, leave, insurance, welfare, training, protection")
    MONEY = "money", _("Pay, injury costs, compensation")


class Application(TextChoices):
    """How mediation was asked for."""

    WRITTEN = "written", pgettext_lazy("application", "In writing")
    ORAL = "oral", pgettext_lazy("application", "Orally, taken down on the spot")


class Signer(TextChoices):
    """Who must sign an agreement, and the seal, before it binds."""

    WORKER = "worker", _("The worker")
    EMPLOYER = "employer", _("The employer")
    MEDIATOR = "mediator", _("The mediator")
    SEALED = "sealed", _("Seal of the body that mediates")


class PlaceKind(TextChoices):
    """Whose place a repair is at: elsewhere than in public buildings it is charged."""

    PUBLIC = "public", _("Public building")
    HOME = "home", _("Private home")
    LAB = "lab", _("Room of a research project")
    BUSINESS = "business", _("Business premises")


class ChargedTo(TextChoices):
    """Whom a wait is charged to: never the repairer."""

    STORES = "stores", _("Stores: the part is not in stock")
    REPORTER = "reporter", _("Whoever reported it: nobody let us in")


class LineRole(TextChoices):
    """What an account does for a service line."""

    SERVES = "serves", pgettext_lazy("line", "Serves")
    DISPATCHES = "dispatches", pgettext_lazy("line", "Hands out")
    SUPERVISES = "supervises", pgettext_lazy("line", "Supervises")


class Who(TextChoices):
    """What somebody is to a case. Transitions, messages and secrecy go by this, not by posts."""

    FILER = "filer", pgettext_lazy("case", "Whoever filed it")
    HANDLER = "handler", pgettext_lazy("case", "Whoever handles it")
    DISPATCHER = "dispatcher", pgettext_lazy("case", "Whoever hands out cases")
    SUPERVISOR = "supervisor", pgettext_lazy("case", "Whoever supervises the line")


class FieldKind(TextChoices):
    """What a question of a form is answered with."""

    TEXT = "text", pgettext_lazy("field", "A line of text")
    LONG = "long", pgettext_lazy("field", "Several lines of text")
    CHOICE = "choice", pgettext_lazy("field", "One of several choices")
    MULTIPLE = "multiple", pgettext_lazy("field", "Any of several choices")
    DATE = "date", pgettext_lazy("field", "A date")
    NUMBER = "number", pgettext_lazy("field", "A whole number")
    YES_NO = "yes_no", pgettext_lazy("field", "Yes or no")
    PLACE = "place", pgettext_lazy("field", "A place: building and room")


class Asks(TextChoices):
    """What is asked for when a transition is taken."""

    NOTHING = "nothing", pgettext_lazy("transition", "Nothing")
    REASON = "reason", pgettext_lazy("transition", "A reason, told to the filer")
    ANSWER = "answer", pgettext_lazy("transition", "An answer to the filer")
    HANDLER = "handler", pgettext_lazy("transition", "Who is to handle it")


class Tone(TextChoices):
    """The colour of a state."""

    NEUTRAL = "neutral", pgettext_lazy("tone", "Grey: not begun")
    ACTIVE = "active", pgettext_lazy("tone", "Blue: being worked on")
    GOOD = "good", pgettext_lazy("tone", "Green: done well")
    WARN = "warn", pgettext_lazy("tone", "Amber: waits for something")
    BAD = "bad", pgettext_lazy("tone", "Red: refused or failed")
    DONE = "done", pgettext_lazy("tone", "Outline: closed")


class Event(TextChoices):
    """What people are told of."""

    OPENED = "opened", pgettext_lazy("event", "A case came in")
    ASSIGNED = "assigned", pgettext_lazy("event", "A case was given to somebody")
    MOVED = "moved", pgettext_lazy("event", "A case came to another state")
    MESSAGE = "message", pgettext_lazy("event", "The other side wrote")
    DUE_SOON = "due_soon", pgettext_lazy("event", "A time is nearly up")
    OVERDUE = "overdue", pgettext_lazy("event", "A time has run out")
    LONG_OVERDUE = "long_overdue", pgettext_lazy("event", "A time ran out days ago")


class StepKind(TextChoices):
    """What a line of a case's history tells of."""

    OPENED = "opened", pgettext_lazy("case step", "Received")
    MOVED = "moved", pgettext_lazy("case step", "Next state")
    ASSIGNED = "assigned", pgettext_lazy("case step", "Handed out")
    ANSWER = "answer", pgettext_lazy("case step", "Answer")
    MESSAGE = "message", pgettext_lazy("case step", "Message of the filer")
    NOTE = "note", pgettext_lazy("case step", "Internal note")
    FILE = "file", pgettext_lazy("case step", "File added")
    MERGED = "merged", pgettext_lazy("case step", "Merged")
    HANDED_OVER = "handed_over", pgettext_lazy("case step", "Handed to another line")
    EXTENSION = "extension", pgettext_lazy("case step", "Extension")
    ALERT = "alert", pgettext_lazy("case step", "Reminder")


class Audience(TextChoices):
    """Who may read a line of a case's history."""

    ALL = "all", pgettext_lazy("audience", "The filer too")
    STAFF = "staff", pgettext_lazy("audience", "Only those who serve the case")

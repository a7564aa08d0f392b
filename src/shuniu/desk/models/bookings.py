"""Bookings: when somebody receives people, who has booked which time, and who waits for one."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuniu.desk.enums import BookingState, LineRole, Meeting, Theme, WaitState
from shuniu.desk.models.lines import LineStaff, ServiceLine
from shuniu.kernel.period import PeriodModel, starts_before_it_ends
from shuniu.kernel.scope import Actor, ScopedModel
from shuniu.kernel.vault import EncryptedField

HOLDS_A_PLACE = [
    BookingState.HELD, BookingState.OFFERED, BookingState.CONFIRMED, BookingState.ATTENDED, BookingState.MISSED,
]  # fmt: skip


class WorkPlan(ScopedModel, PeriodModel):
    """When a professional receives people for a line: weekly hours, in weeks A and B where they differ.

    `hours` is `{"a": {"0": "9:00-12:00, 13:30-17:00"}, "b": {...}}` with Monday as 0; weeks count from `starts_on`.
    """

    scope_path = "line__organisation__path"
    scope_permission = "roster.view"

    line = models.ForeignKey(ServiceLine, on_delete=models.PROTECT, related_name="plans")
    professional = models.ForeignKey("hub.Professional", on_delete=models.PROTECT, related_name="+")
    hours = models.JSONField(_("hours"), default=dict)
    minutes = models.PositiveSmallIntegerField(_("minutes of an appointment"))
    buffer = models.PositiveSmallIntegerField(_("minutes between two"), default=0)
    capacity = models.PositiveSmallIntegerField(_("people at a time"), default=1)
    meeting = models.CharField(_("way of meeting"), max_length=8, choices=Meeting, default=Meeting.VISIT)
    place = models.CharField(_("place, number or link"), max_length=200, blank=True)
    approach = models.CharField(_("approach"), max_length=60, blank=True)
    sex = models.CharField(_("sex"), max_length=1, blank=True)
    for_emergencies = models.BooleanField(_("for emergencies of the same day only"), default=False)

    class Meta(ScopedModel.Meta):
        constraints = [
            starts_before_it_ends("work_plan_not_empty"),
            models.CheckConstraint(condition=Q(minutes__gt=0, capacity__gt=0), name="work_plan_has_room"),
        ]
        indexes = [models.Index(fields=["line", "ends_on"], name="work_plan_by_line")]

    def __str__(self) -> str:
        return f"{self.professional_id} for {self.line_id}"

    @classmethod
    def own_rows(cls, actor: Actor) -> Q | None:
        return Q(professional__user_id=actor.user_id) if actor.may("service.give") else None


class PlanException(ScopedModel):
    """A day on which a working plan differs: closed or open, the whole day or on `hours`."""

    scope_path = "plan__line__organisation__path"
    scope_permission = "roster.view"

    plan = models.ForeignKey(WorkPlan, on_delete=models.CASCADE, related_name="exceptions")
    day = models.DateField(pgettext_lazy("duty", "day"))
    is_open = models.BooleanField(_("open"), default=False)
    hours = models.CharField(_("hours"), max_length=60, blank=True)
    reason = models.CharField(_("reason"), max_length=100, blank=True)

    class Meta(ScopedModel.Meta):
        constraints = [models.UniqueConstraint(fields=["plan", "day", "is_open"], name="plan_exception_once")]
        ordering = ("day", "pk")

    def __str__(self) -> str:
        return str(self.day)

    @classmethod
    def own_rows(cls, actor: Actor) -> Q | None:
        return Q(plan__professional__user_id=actor.user_id) if actor.may("service.give") else None


class Booking(ScopedModel):
    """A time that somebody has booked. `seat` numbers the places of one time, so that the database itself counts them.

    `shown_to` is the body whose clerks may read it: the line's, or nobody where the line is confidential. Then only the
    person, who serves her and the line's own desk know of it. `name` and `phone` stand for somebody without an account.
    """

    scope_path = "shown_to__path"
    scope_permission = "booking.edit"

    line = models.ForeignKey(ServiceLine, on_delete=models.PROTECT, related_name="bookings")
    shown_to = models.ForeignKey(
        "registry.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    professional = models.ForeignKey("hub.Professional", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("registry.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    employer = models.ForeignKey("registry.Employer", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    name = EncryptedField(verbose_name=_("name or code"))
    phone = EncryptedField(verbose_name=_("telephone"))
    topic = EncryptedField(verbose_name=_("what it is about"))
    starts_at = models.DateTimeField(_("begins at"))
    ends_at = models.DateTimeField(_("ends at"))
    seat = models.PositiveSmallIntegerField(_("seat"), default=0)
    meeting = models.CharField(_("way of meeting"), max_length=8, choices=Meeting, default=Meeting.VISIT)
    place = models.CharField(_("place, number or link"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=BookingState, default=BookingState.HELD)
    held_until = models.DateTimeField(_("held until"), null=True, blank=True)
    made_at = models.DateTimeField(_("booked at"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    reason = EncryptedField(verbose_name=_("reason"))
    reminded_at = models.DateTimeField(_("reminded at"), null=True, blank=True)
    series = models.CharField(_("series"), max_length=12, blank=True)
    course = models.ForeignKey("desk.Course", on_delete=models.PROTECT, null=True, blank=True, related_name="bookings")
    case = models.ForeignKey("desk.Case", on_delete=models.PROTECT, null=True, blank=True, related_name="bookings")

    class Meta(ScopedModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["professional", "starts_at", "seat"],
                condition=Q(state__in=HOLDS_A_PLACE),
                name="booking_seat_once",
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="booking_not_empty"),
        ]
        indexes = [
            models.Index(fields=["line", "starts_at"], name="booking_by_line"),
            models.Index(fields=["professional", "starts_at"], name="booking_by_professional"),
            models.Index(fields=["person", "-starts_at"], name="booking_by_person"),
            models.Index(fields=["state", "held_until"], name="booking_held_until"),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at} {self.professional_id}"

    @classmethod
    def own_rows(cls, actor: Actor) -> Q | None:
        """One's own, those one serves, and those of a line for which one hands out or supervises."""
        own = Q(pk__in=[])
        if actor.person_id is not None and actor.may("own.view"):
            own |= Q(person_id=actor.person_id)
        if actor.user_id is not None:
            desk = [LineRole.DISPATCHES, LineRole.SUPERVISES]
            lines = LineStaff.everything.filter(user_id=actor.user_id, ended_at=None, role__in=desk).values("line_id")
            own |= Q(line_id__in=lines)
        return own | Q(professional__user_id=actor.user_id) if actor.may("service.give") else own


class Waiter(ScopedModel):
    """Somebody who waits for a time of a line between two days. `booking` is the place offered to her."""

    scope_path = "shown_to__path"
    scope_permission = "booking.edit"

    line = models.ForeignKey(ServiceLine, on_delete=models.PROTECT, related_name="+")
    shown_to = models.ForeignKey(
        "registry.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    person = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    professional = models.ForeignKey(
        "hub.Professional", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    from_day = models.DateField(pgettext_lazy("duty", "from"))
    to_day = models.DateField(_("until"))
    state = models.CharField(_("state"), max_length=12, choices=WaitState, default=WaitState.WAITING)
    joined_at = models.DateTimeField(_("since"))
    booking = models.OneToOneField(Booking, on_delete=models.SET_NULL, null=True, blank=True, related_name="waiter")

    class Meta(ScopedModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["line", "person"],
                condition=Q(state__in=[WaitState.WAITING, WaitState.OFFERED]),
                name="waiter_once",
            ),
        ]
        indexes = [models.Index(fields=["line", "state", "joined_at"], name="waiter_in_turn")]

    def __str__(self) -> str:
        return f"{self.person_id} waits for {self.line_id}"

    @classmethod
    def own_rows(cls, actor: Actor) -> Q | None:
        if actor.person_id is None or not actor.may("own.view"):
            return None
        return Q(person_id=actor.person_id)


class Course(ScopedModel):
    """One matter that somebody is counselled about. `extra` sessions were approved beyond those of the rule."""

    scope_path = "shown_to__path"
    scope_permission = "booking.edit"

    line = models.ForeignKey(ServiceLine, on_delete=models.PROTECT, related_name="+")
    shown_to = models.ForeignKey(
        "registry.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    person = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    theme = models.CharField(_("theme"), max_length=12, choices=Theme)
    year = models.PositiveSmallIntegerField(_("year"))
    extra = models.PositiveSmallIntegerField(_("more sessions approved"), default=0)
    opened_at = models.DateTimeField(_("opened at"))

    class Meta(ScopedModel.Meta):
        constraints = [models.UniqueConstraint(fields=["line", "person", "theme", "year"], name="course_once_a_year")]
        indexes = [models.Index(fields=["line", "year", "theme"], name="course_by_theme")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.theme} {self.year}"

    @classmethod
    def own_rows(cls, actor: Actor) -> Q | None:
        """One's own, and those of people whom one sees or supervises."""
        own = Q(pk__in=[])
        if actor.person_id is not None and actor.may("own.view"):
            own |= Q(person_id=actor.person_id)
        if actor.user_id is not None:
            lines = LineStaff.everything.filter(user_id=actor.user_id, ended_at=None, role=LineRole.SUPERVISES)
            own |= Q(line_id__in=lines.values("line_id"))
            mine = Booking.everything.filter(professional__user_id=actor.user_id).exclude(course=None)
            own |= Q(pk__in=mine.values("course_id")) if actor.may("service.give") else Q(pk__in=[])
        return own

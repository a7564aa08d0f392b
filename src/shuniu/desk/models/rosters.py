"""Duty rosters: who is on duty for a service line on which day, and who stands in for whom."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuniu.desk.enums import Half, RosterState, ShiftState, SolvingState, SwapState
from shuniu.desk.models.lines import ServiceLine
from shuniu.kernel.period import starts_before_it_ends
from shuniu.kernel.scope import Actor, ScopedModel


def teams_of(actor: Actor) -> models.QuerySet[Any, Any] | None:
    """The rosters of which an actor who serves is a part, for a condition; None for others."""
    if actor.user_id is None or not actor.may("service.give"):
        return None
    return TeamMember.everything.filter(professional__user_id=actor.user_id).values("roster_id")


class Roster(ScopedModel):
    """A duty roster of a service line for a period `[starts_on, ends_on)`, with `seats` people a part of the day."""

    scope_permission = "roster.view"

    line = models.ForeignKey(ServiceLine, on_delete=models.PROTECT, related_name="rosters")
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField(pgettext_lazy("duty", "from"))
    ends_on = models.DateField(_("until (not included)"))
    whole_days = models.BooleanField(_("whole days"), default=True)
    seats = models.PositiveSmallIntegerField(_("people at a time"), default=1)
    slot_minutes = models.PositiveSmallIntegerField(_("minutes of an appointment"), default=30)
    place = models.CharField(pgettext_lazy("duty", "place"), max_length=120, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=RosterState, default=RosterState.DRAFT)
    solving = models.CharField(_("search"), max_length=12, choices=SolvingState, default=SolvingState.NONE)
    solved = models.JSONField(_("result of the search"), default=dict)
    made_at = models.DateTimeField(_("made at"))
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta(ScopedModel.Meta):
        constraints = [starts_before_it_ends("roster_not_empty")]
        indexes = [models.Index(fields=["line", "state", "starts_on"], name="roster_by_line")]

    def __str__(self) -> str:
        return f"{self.line} {self.starts_on}"

    @property
    def last_day(self) -> date:
        """The last day that the roster holds for."""
        return self.ends_on - timedelta(days=1)

    @classmethod
    def own_rows(cls, actor: Actor) -> Q | None:
        """Published rosters of which one is a part."""
        teams = teams_of(actor)
        return None if teams is None else Q(state=RosterState.PUBLISHED, pk__in=teams)


class TeamMember(ScopedModel):
    """Somebody who takes turns in a roster. `avoids` are weekdays, `avoids_days` days (ISO) she would rather not take."""

    scope_path = "roster__organisation__path"
    scope_permission = "roster.view"

    roster = models.ForeignKey(Roster, on_delete=models.CASCADE, related_name="team")
    professional = models.ForeignKey("hub.Professional", on_delete=models.PROTECT, related_name="+")
    avoids = models.JSONField(_("rather not on these weekdays"), default=list, blank=True)
    avoids_days = models.JSONField(_("rather not on these days"), default=list, blank=True)

    class Meta(ScopedModel.Meta):
        constraints = [models.UniqueConstraint(fields=["roster", "professional"], name="team_member_once")]

    def __str__(self) -> str:
        return f"{self.professional_id} in {self.roster_id}"


class Shift(ScopedModel):
    """A seat of a roster on a day, and who fills it. `line` is the roster's, so that a day is found by one index."""

    scope_path = "roster__organisation__path"
    scope_permission = "roster.view"

    roster = models.ForeignKey(Roster, on_delete=models.CASCADE, related_name="shifts")
    line = models.ForeignKey(ServiceLine, on_delete=models.PROTECT, related_name="+")
    day = models.DateField(pgettext_lazy("duty", "day"))
    half = models.CharField(_("part of the day"), max_length=4, choices=Half, default=Half.DAY)
    seat = models.PositiveSmallIntegerField(_("seat"), default=0)
    professional = models.ForeignKey("hub.Professional", on_delete=models.PROTECT, related_name="+")
    substitute = models.ForeignKey(
        "hub.Professional",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("substitute"),
    )
    state = models.CharField(_("state"), max_length=12, choices=ShiftState, default=ShiftState.PLANNED)
    came_at = models.DateTimeField(_("checked in at"), null=True, blank=True)
    called_at = models.DateTimeField(_("substitute called at"), null=True, blank=True)
    is_settled = models.BooleanField(_("settled by hand"), default=False)

    class Meta(ScopedModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["roster", "day", "half", "seat"], name="shift_seat_once"),
            models.UniqueConstraint(fields=["roster", "day", "professional"], name="shift_once_a_day"),
            models.CheckConstraint(
                condition=Q(substitute=None) | ~Q(substitute=F("professional")), name="shift_substitute_is_another"
            ),
        ]
        indexes = [
            models.Index(fields=["line", "day"], name="shift_by_day"),
            models.Index(fields=["professional", "day"], name="shift_by_professional"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.half}"

    @classmethod
    def own_rows(cls, actor: Actor) -> Q | None:
        """Days of the published rosters of which one is a part: who swaps must see who is on duty when."""
        teams = teams_of(actor)
        return None if teams is None else Q(roster_id__in=teams, roster__state=RosterState.PUBLISHED)


class Swap(ScopedModel):
    """A duty that is offered to others, taken, and, where the rule asks, approved. `in_return` is a duty of the taker."""

    scope_path = "shift__roster__organisation__path"
    scope_permission = "roster.view"

    shift = models.ForeignKey(Shift, on_delete=models.CASCADE, related_name="swaps")
    offered_by = models.ForeignKey("hub.Professional", on_delete=models.PROTECT, related_name="+")
    taken_by = models.ForeignKey("hub.Professional", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    in_return = models.ForeignKey(Shift, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    answer = models.CharField(_("answer"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=SwapState, default=SwapState.OFFERED)
    offered_at = models.DateTimeField(_("offered at"))
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    class Meta(ScopedModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["shift"], condition=Q(state__in=[SwapState.OFFERED, SwapState.TAKEN]), name="swap_open_once"
            )
        ]
        indexes = [models.Index(fields=["state", "offered_at"], name="swap_by_state")]

    def __str__(self) -> str:
        return f"{self.shift_id} offered by {self.offered_by_id}"

    @classmethod
    def own_rows(cls, actor: Actor) -> Q | None:
        teams = teams_of(actor)
        return None if teams is None else Q(shift__roster_id__in=teams)


class Feed(ScopedModel):
    """The secret address of somebody's duty calendar; only a keyed hash of it is kept. `ended_at`: revoked."""

    scope_path = "professional__provider__organisation__path"
    scope_permission = "roster.edit"

    professional = models.ForeignKey("hub.Professional", on_delete=models.CASCADE, related_name="+")
    secret = models.BinaryField(_("hash of the address"), max_length=32, unique=True)
    made_at = models.DateTimeField(_("made at"))
    ended_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    class Meta(ScopedModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["professional"], condition=Q(ended_at=None), name="feed_one_at_a_time")
        ]

    def __str__(self) -> str:
        return f"feed of {self.professional_id}"

    @classmethod
    def own_rows(cls, actor: Actor) -> Q | None:
        return Q(professional__user_id=actor.user_id) if actor.may("service.give") else None


class NightDuty(ScopedModel):
    """Who can be reached by telephone at night and on days off, shown to everybody who needs help."""

    scope_permission = "roster.view"

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    line = models.ForeignKey(ServiceLine, on_delete=models.PROTECT, related_name="+")
    day = models.DateField(pgettext_lazy("duty", "day"))
    professional = models.ForeignKey("hub.Professional", on_delete=models.PROTECT, related_name="+")
    phone = models.CharField(_("telephone"), max_length=40)

    class Meta(ScopedModel.Meta):
        constraints = [models.UniqueConstraint(fields=["line", "day"], name="night_duty_once")]

    def __str__(self) -> str:
        return f"night of {self.day}"


class Hotline(ScopedModel):
    """A telephone number for people in distress, shown without signing in, in the order of `order`."""

    scope_permission = "roster.view"

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=60)
    number = models.CharField(_("number"), max_length=40)
    hours = models.CharField(_("hours"), max_length=60)
    note = models.CharField(_("note"), max_length=200, blank=True)
    order = models.PositiveSmallIntegerField(pgettext_lazy("hotline", "order"), default=0)
    is_shown = models.BooleanField(_("shown"), default=True)

    class Meta(ScopedModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "number"], name="hotline_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.number}"

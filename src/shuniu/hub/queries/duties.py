"""Duties within sight, and those about which somebody must decide anew."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet

from shuniu.hub.enums import DutyClass
from shuniu.hub.models import Duty, DutyDecision
from shuniu.kernel.scope import Actor
from shuniu.registry.public import Organisation
from shuniu.rulebook.public import Place, find, place_of

WARNING = "duty.review_warning_days"
"""Id of the rule that says how many days before a review it is called to mind."""


def duties(actor: Actor) -> QuerySet[Duty]:
    """Duties of the bodies within sight, with their body."""
    rows: QuerySet[Duty] = Duty.objects.visible_to(actor)
    return rows.select_related("organisation__area")


def decisions(duty: Duty) -> QuerySet[DutyDecision]:
    """The decisions about a duty in sight, the last one first."""
    rows: QuerySet[DutyDecision] = DutyDecision.objects.unscoped(reason="of a duty that the caller sees")
    return rows.filter(duty=duty).order_by("-at", "-pk")


def bodies(actor: Actor, permission: str) -> QuerySet[Organisation]:
    """The union bodies at which the actor holds a role with the permission."""
    held = [grant.organisation_id for grant in actor.grants if permission in grant.permissions]
    at = [key for key in held if key is not None]
    rows: QuerySet[Organisation] = Organisation.objects.unscoped(reason="the places of the actor's own roles")
    return rows.filter(pk__in=at).select_related("area").order_by("path")


def warning_days(rule_id: str, actor: Actor, permission: str, today: date) -> tuple[int, ...]:
    """Days before an end at which to warn, by the rule in force where the actor works."""
    body = bodies(actor, permission).first()
    return find(rule_id, on=today, at=place_of(body) if body else Place()).rule.numbers


def to_review(rows: QuerySet[Duty], today: date, days: int = 0) -> QuerySet[Duty]:
    """Those whose review is due, or will be within so many days."""
    return rows.filter(review_on__lte=today + timedelta(days=days))


def counts(rows: QuerySet[Duty]) -> dict[str, int]:
    """How many duties there are: `all`, `decided`, and by class."""
    by_class = {kind.value: Count("pk", filter=Q(kind=kind)) for kind in DutyClass}
    return rows.order_by().aggregate(all=Count("pk"), decided=Count("decided_on"), **by_class)


def divisions(actor: Actor) -> list[str]:
    """The fields of work that duties within sight are in."""
    rows = Duty.objects.visible_to(actor).order_by("division").values_list("division", flat=True)
    return list(rows.distinct()[:200])

"""Reads of acceptances: what users said, what is published."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, QuerySet, Sum

from shuniu.hub.enums import AcceptanceState
from shuniu.hub.models import Acceptance, Agreement, Opinion
from shuniu.hub.queries.agreements import SEEN, rule_of
from shuniu.hub.rules.facts import ServiceFacts
from shuniu.kernel.scope import Actor

PUBLIC = "published results of acceptances, which everybody may read"


@dataclass(frozen=True, slots=True)
class Heard:
    """What the users who were invited said: how many, the sum of their stars, their comments without names."""

    count: int
    stars: int
    comments: tuple[str, ...]


def acceptances_of(agreement: Agreement) -> QuerySet[Acceptance]:
    """The latest first."""
    return Acceptance.objects.unscoped(reason=SEEN).filter(agreement=agreement).order_by("-on", "-pk")


def acceptances(actor: Actor) -> QuerySet[Acceptance]:
    """The acceptances of agreements the actor may see."""
    rows = Acceptance.objects.visible_to(actor)
    return rows.select_related("agreement__organisation__area", "agreement__provider", "agreement__duty").defer(
        "agreement__organisation__contact_phone", "agreement__organisation__bank_account"
    )


def published() -> QuerySet[Acceptance]:
    """Published acceptances, for everybody."""
    rows = Acceptance.objects.unscoped(reason=PUBLIC).filter(state=AcceptanceState.PUBLISHED)
    return rows.select_related("agreement__organisation__area", "agreement__provider", "agreement__duty").defer(
        "agreement__organisation__contact_phone", "agreement__organisation__bank_account"
    )


def opinions_heard(acceptance: Acceptance) -> int:
    return Opinion.objects.unscoped(reason=SEEN).filter(acceptance=acceptance).count()


def heard(acceptance: Acceptance) -> Heard:
    """The opinions without anybody's name, in no order of entry."""
    rows = Opinion.objects.unscoped(reason="what users said, without their names").filter(acceptance=acceptance)
    sums = rows.aggregate(n=Count("pk"), stars=Sum("stars"))
    comments = rows.exclude(comment="").order_by("stars", "comment").values_list("comment", flat=True)
    return Heard(sums["n"], sums["stars"] or 0, tuple(comments))


def ratings_of(acceptance: Acceptance) -> ServiceFacts | None:
    """The facts as they stood when the acceptance was concluded; None where nobody counted them."""
    return ServiceFacts(**acceptance.facts) if acceptance.facts else None


def least_ratings(acceptance: Acceptance) -> int:
    """Ratings below which nothing is said of them, by the rule on the day of the acceptance."""
    return rule_of(acceptance.agreement, "group.suppression", acceptance.on).number

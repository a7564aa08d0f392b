"""The standing of providers and of professionals: what their scores say, and the figures behind them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from shuniu.hub.enums import AgreementState, ServiceKind
from shuniu.hub.models import Agreement, Milestone, Professional, Provider, Score
from shuniu.hub.queries.agreements import agreements, next_payment
from shuniu.hub.queries.facts import facts_of, professional_facts
from shuniu.hub.queries.scores import latest_scores
from shuniu.hub.rules.facts import ServiceFacts
from shuniu.kernel.scope import Actor
from shuniu.rulebook.public import Place, find

PAST = (AgreementState.DRAFT, AgreementState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Standing:
    """How an agreement goes: its scores, the latest first, the difference to the one before, the next payment."""

    agreement: Agreement
    scores: tuple[Score, ...]
    payment: Milestone | None

    @property
    def latest(self) -> Score | None:
        return self.scores[0] if self.scores else None

    @property
    def trend(self) -> int | None:
        """Hundredths of a point up or down since the period before; None where one of the two is not rated."""
        if len(self.scores) < 2 or self.scores[0].total is None or self.scores[1].total is None:
            return None
        return self.scores[0].total - self.scores[1].total


def standings(actor: Actor, provider: Provider | None = None) -> list[Standing]:
    """The standing under each agreement that the actor sees, of one provider or of all; the latest to end first."""
    rows = agreements(actor).exclude(state__in=PAST)
    if provider is not None:
        rows = rows.filter(provider__in=[key for key in (provider.pk, provider.group_id) if key])
    kept = list(rows.order_by("-ends_on", "-pk")[:50])
    scores = latest_scores([row.pk for row in kept])
    return [Standing(row, tuple(scores.get(row.pk, ())), next_payment(row)) for row in kept]


def provider_facts(provider: Provider, start: date, end: date) -> ServiceFacts | None:
    """What a provider did in `[start, end)`, over all kinds of service."""
    return facts_of([provider.pk], list(ServiceKind), start, end)


@dataclass(frozen=True, slots=True)
class OwnFigures:
    """A professional's own figures; `is_hidden` where too few people have rated to show what they said."""

    professional: Professional
    facts: ServiceFacts | None
    least: int

    @property
    def is_hidden(self) -> bool:
        return self.facts is None or self.facts.ratings < self.least


def own_figures(actor: Actor, start: date, end: date) -> OwnFigures | None:
    """The figures of the professional behind the account; None for anybody else."""
    mine = Professional.objects.visible_to(actor).filter(user_id=actor.user_id or 0).select_related("provider").first()
    if mine is None:
        return None
    least = find("group.suppression", on=end, at=Place()).rule.number
    return OwnFigures(mine, professional_facts([mine.pk], list(ServiceKind), start, end), least)

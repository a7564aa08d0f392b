"""Reads of scores: the periods of an agreement, the score of one as the facts stand, what was confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from shuniu.hub.enums import Cycle, InspectionState, Measure, ScoreState, ServiceKind
from shuniu.hub.models import Agreement, Inspection, Score
from shuniu.hub.queries.agreements import SEEN, provider_ids, standards_of
from shuniu.hub.queries.facts import facts_of
from shuniu.hub.rules import agreement_scores as rules
from shuniu.hub.rules.consequences import RULES, Consequence, Followed, follow
from shuniu.hub.rules.facts import ServiceFacts
from shuniu.kernel.scope import Actor
from shuniu.rulebook.public import Rule, place_of, snapshot

WORKING = ("group.suppression", "inspection.repeats", "inspection.overdue_points")
STANDING = (ScoreState.CONFIRMED, ScoreState.OBJECTED, ScoreState.KEPT)


@dataclass(frozen=True, slots=True)
class Preview:
    """The score of a period as the facts stand now, and what would follow from it."""

    starts_on: date
    ends_on: date
    facts: ServiceFacts | None
    score: rules.Score
    followed: Followed

    @property
    def total(self) -> int | None:
        """The score; None where it rests on too little to be one."""
        return None if self.followed.consequence is Consequence.NOT_RATED else self.score.total


@dataclass(frozen=True, slots=True)
class Period:
    """A period of an agreement with its score; None where it was not confirmed yet."""

    starts_on: date
    ends_on: date
    score: Score | None
    is_over: bool

    @property
    def last_day(self) -> date:
        return self.ends_on - timedelta(days=1)


def scores_of(agreement: Agreement) -> QuerySet[Score]:
    """All scores, those set aside too, the latest period first."""
    return Score.objects.unscoped(reason=SEEN).filter(agreement=agreement).order_by("-starts_on", "-pk")


def standing_scores(agreement: Agreement) -> QuerySet[Score]:
    return scores_of(agreement).filter(state__in=STANDING)


def periods_of(agreement: Agreement, today: date) -> list[Period]:
    """The periods begun so far, the latest first."""
    made = {score.starts_on: score for score in standing_scores(agreement)}
    until = min(agreement.ends_on, agreement.closed_on or agreement.ends_on)
    spans = rules.periods(Cycle(agreement.cycle), agreement.starts_on, until)
    return [Period(start, end, made.get(start), end <= today) for start, end in reversed(spans) if start <= today]


def working_rules(agreement: Agreement, on: date) -> dict[str, Rule]:
    """The rules that scoring works with, in force on a day where the agreement lies."""
    day, place = snapshot(on=on), place_of(agreement.organisation)
    return {rule_id: day.find(rule_id, place).rule for rule_id in (*RULES, *WORKING)}


def preview(agreement: Agreement, starts_on: date, ends_on: date, on: date) -> Preview:
    """The score of `[starts_on, ends_on)` by the facts as they stand and the rules in force on `on`."""
    book = working_rules(agreement, on)
    items = [
        rules.Item(one.pk, one.name, Measure(one.measure), one.points, one.target, one.step, one.deduct)
        for one in standards_of(agreement)
    ]
    kinds = [ServiceKind(kind) for kind in agreement.kinds]
    facts = facts_of(provider_ids(agreement), kinds, starts_on, ends_on)
    made = rules.score(items, facts, _seen(agreement, starts_on, ends_on, on), _terms(book))
    return Preview(starts_on, ends_on, facts, made, follow(made.total, made.assessed, made.points, book))


def _terms(book: Mapping[str, Rule]) -> rules.Terms:
    return rules.Terms(
        least_ratings=book["group.suppression"].number,
        repeats=book["inspection.repeats"].number,
        overdue_deduct=book["inspection.overdue_points"].number * rules.HUNDRED,
    )


def inspections_of(agreement: Agreement) -> QuerySet[Inspection]:
    """The latest first."""
    rows = Inspection.objects.unscoped(reason=SEEN).filter(agreement=agreement)
    return rows.select_related("standard", "raised_by", "checked_by").order_by("-on", "-pk")


def _seen(agreement: Agreement, starts_on: date, ends_on: date, today: date) -> list[rules.Seen]:
    rows = inspections_of(agreement).filter(on__gte=starts_on, on__lt=ends_on)
    return [rules.Seen(one.standard_id, one.on, one.issue, one.deduct, is_overdue(one, today)) for one in rows]


def is_overdue(one: Inspection, today: date) -> bool:
    """Whether what was found was not put right in time: the day of the evidence counts, once it has passed the check."""
    if one.due_on is None:
        return False
    if one.state in (InspectionState.PASSED, InspectionState.MENDED) and one.evidence_on:
        return one.evidence_on > one.due_on
    return today > one.due_on


def open_inspections(actor_rows: QuerySet[Inspection]) -> QuerySet[Inspection]:
    """What still has to be put right or looked at again."""
    return actor_rows.filter(state__in=[InspectionState.TO_MEND, InspectionState.MENDED]).order_by("due_on", "pk")


def frozen(score: Score) -> rules.Score:
    """The steps of a confirmed score."""
    return rules.read(score.steps)


def is_genuine(score: Score) -> bool:
    """Whether what is stored is what was sealed."""
    return sealed(
        score.steps, score.agreement_id, score.starts_on, score.ends_on, score.consequence, score.percent
    ) == (score.digest)


def sealed(steps: Mapping[str, object], *about: object) -> str:
    """The seal of a score and of what follows from it."""
    return rules.digest(steps, *about)


def without_steps(rows: QuerySet[Score]) -> QuerySet[Score]:
    """For lists: the steps are long."""
    return rows.defer("steps")


def latest_scores(agreement_ids: list[int]) -> dict[int, list[Score]]:
    """The standing scores of several agreements, the latest first, without their steps: one query."""
    rows = Score.objects.unscoped(reason="scores of agreements that the caller may see")
    found: dict[int, list[Score]] = {}
    for score in without_steps(rows.filter(agreement__in=agreement_ids, state__in=STANDING)).order_by("-starts_on"):
        found.setdefault(score.agreement_id, []).append(score)
    return found


def inspections(actor: Actor) -> QuerySet[Inspection]:
    """Inspections of agreements within sight, with what a page about one shows."""
    rows = Inspection.objects.visible_to(actor)
    return rows.select_related("standard", "agreement__organisation", "agreement__provider", "raised_by", "checked_by")


def scores(actor: Actor) -> QuerySet[Score]:
    """Scores of agreements within sight."""
    rows = Score.objects.visible_to(actor)
    return rows.select_related("agreement__organisation__area", "agreement__provider", "confirmed_by", "answered_by")

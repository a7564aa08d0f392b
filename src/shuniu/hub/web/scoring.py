"""Scores in the words of a page."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuniu.hub.enums import Measure, ScoreState
from shuniu.hub.models import Agreement, Score, Standard
from shuniu.hub.queries.scores import Period
from shuniu.hub.rules.agreement_scores import Step
from shuniu.hub.rules.consequences import Consequence
from shuniu.hub.web.fields import hundredths
from shuniu.kernel.web.formats import thousands

SCORE_TONES = {
    ScoreState.CONFIRMED: "active",
    ScoreState.OBJECTED: "warn",
    ScoreState.KEPT: "good",
    ScoreState.SET_ASIDE: "done",
}
CONSEQUENCES: dict[str, tuple[str | Promise, str]] = {
    Consequence.FULL: (gettext_lazy("Paid in full"), "good"),
    Consequence.LESS: (gettext_lazy("Payment reduced"), "warn"),
    Consequence.RECTIFY: (gettext_lazy("Payment reduced, faults to be put right"), "warn"),
    Consequence.NO_RENEWAL: (gettext_lazy("Payment reduced, not renewed"), "bad"),
    Consequence.NOT_RATED: (gettext_lazy("Not rated"), "neutral"),
}


def consequence_pill(consequence: str) -> tuple[str | Promise, str]:
    """The words and the tone of a consequence."""
    return CONSEQUENCES[consequence]


def total_text(total: int | None) -> str:
    """A score as it is shown; a dash is not a nought."""
    return hundredths(total) if total is not None else _("Not rated")


def score_row(agreement: Agreement, period: Period) -> dict[str, Any]:
    """A period of an agreement as the table of its page shows it."""
    score = period.score
    found: dict[str, Any] = {"period": period, "score": score}
    if score is None:
        found["url"] = reverse("hub:score_preview", args=[agreement.pk, period.starts_on.isoformat()])
        return found
    label, tone = consequence_pill(score.consequence)
    return found | {
        "url": reverse("hub:score", args=[score.pk]),
        "total": total_text(score.total),
        "label": label,
        "tone": tone,
        "state": (score.get_state_display(), SCORE_TONES[ScoreState(score.state)]),
    }


def standard_row(norm: Standard) -> dict[str, Any]:
    """A standard with its target and deduction in words."""
    measure = Measure(norm.measure)
    return {
        "norm": norm,
        "points": hundredths(norm.points),
        "target": _target(measure, norm.target),
        "deduction": _deduction(measure, norm.step, norm.deduct),
    }


def _target(measure: Measure, target: int) -> str:
    if measure is Measure.MANUAL:
        return _("by inspection")
    if measure is Measure.RATING:
        return _("at least {n} stars").format(n=hundredths(target))
    if measure is Measure.COMPLAINTS:
        return _("at most {n}").format(n=hundredths(target))
    return _("at least {n}%").format(n=hundredths(target))


def _deduction(measure: Measure, step: int, deduct: int) -> str:
    points = hundredths(deduct)
    if measure is Measure.MANUAL:
        return _("as the inspection finds")
    if measure is Measure.RATING:
        return _("{points} points for each {step} stars below").format(points=points, step=hundredths(step))
    if measure is Measure.COMPLAINTS:
        return _("{points} points for each one more").format(points=points)
    return _("{points} points for each {step}% below").format(points=points, step=hundredths(step))


def step_row(step: Step) -> dict[str, Any]:
    """A step of a score: figure with its base, target, what is taken off."""
    return {
        "name": step.name,
        "measure": step.measure.label,
        "figure": _figure(step),
        "target": _target(step.measure, step.target),
        "off": hundredths(step.deducted),
        "note": _note(step),
        "points": hundredths(step.points),
        "got": hundredths(step.got) if step.got is not None else None,
    }


def _figure(step: Step) -> str:
    if step.measure is Measure.MANUAL:
        return _("{base} inspections, {found} findings").format(base=step.base, found=step.found)
    if step.measure is Measure.RATING:
        return _rating(step)
    if step.measure is Measure.COMPLAINTS:
        return _("{found} (services: {base})").format(found=step.found, base=thousands(step.base))
    if step.figure is None:
        return _("no facts yet")
    share = f"{hundredths(step.figure)}%"
    return _("{share} ({found} of {base})").format(share=share, found=thousands(step.found), base=thousands(step.base))


def _rating(step: Step) -> str:
    if step.figure is None:
        return _("too few ratings ({n})").format(n=step.base)
    return _("{mean} stars (n = {n})").format(mean=hundredths(step.figure), n=thousands(step.base))


def _note(step: Step) -> str:
    if step.got is None:
        return _("not assessed; counts neither way")
    if step.repeated:
        return _("“{issue}” came up too often within a month").format(issue=step.repeated)
    if step.overdue:
        return _("{n} not put right in time").format(n=step.overdue)
    return ""


def chart(scores: list[Score]) -> dict[str, Any]:
    """The totals of the periods as bars, the first on the left."""
    rows = [one for one in reversed(scores) if one.total is not None]
    return {
        "grid": {"left": 8, "right": 16, "top": 24, "bottom": 8, "containLabel": True},
        "xAxis": {"type": "category", "data": [period_name(one) for one in rows]},
        "yAxis": {"type": "value", "min": 0, "max": 100},
        "series": [
            {"type": "bar", "name": _("Score"), "data": [(one.total or 0) / 100 for one in rows], "barMaxWidth": 48,
             "label": {"show": True, "position": "top"}}
        ],
    }  # fmt: skip


def period_name(score: Score) -> str:
    """`2026 Q3` or `2026-09`, by the length of the period."""
    start, end = score.starts_on, score.ends_on
    if (end - start).days > 31:
        return _("{year} Q{quarter}").format(year=start.year, quarter=(start.month + 2) // 3)
    return f"{start:%Y-%m}"

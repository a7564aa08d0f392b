"""Scores: as the facts stand, as confirmed, objected to and answered; and the standing they make."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shuniu.hub.actions import scores as actions
from shuniu.hub.enums import ScoreState
from shuniu.hub.models import Provider, Score
from shuniu.hub.queries import scores as queries
from shuniu.hub.queries import standing as standings
from shuniu.hub.queries.induction import inductions
from shuniu.hub.queries.payments import PAYS
from shuniu.hub.web import scoring
from shuniu.hub.web.agreeing import BOTH, SEES, answer, crumbs, do, refuse_elsewhere, seen
from shuniu.hub.web.fields import hundredths
from shuniu.hub.web.forms_agreements import ReasonForm
from shuniu.kernel.web.doing import posted
from shuniu.kernel.web.page import page
from shuniu.kernel.web.requests import PageRequest, get_or_404


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Http404 from error


@page(*SEES)
def score_preview(request: PageRequest, agreement: int, start: str) -> HttpResponseBase:
    """The score of a period as the facts stand now; nothing is kept until it is confirmed."""
    row = seen(request, agreement)
    period = next((one for one in queries.periods_of(row, request.today) if one.starts_on == _day(start)), None)
    if period is None:
        raise Http404
    if period.score:
        return redirect("hub:score", period.score.pk)
    shown = queries.preview(row, period.starts_on, period.ends_on, request.today)
    label, tone = scoring.consequence_pill(shown.followed.consequence)
    edits = request.actor.may_at("agreement.edit", row.organisation.path or "")
    context = {
        "agreement": row,
        "crumbs": crumbs(row),
        "period": period,
        "is_preview": True,
        "may_confirm": edits and period.is_over and row.state in PAYS,
        "total": scoring.total_text(shown.total),
        "label": label,
        "tone": tone,
        "percent": shown.followed.percent,
        "verdicts": [one for one in (shown.followed.verdict, shown.followed.pay) if one],
        "steps": [scoring.step_row(step) for step in shown.score.steps],
        "sums": _sums(shown.score),
        "no_facts": shown.facts is None,
    }
    return render(request, "hub/score.html", context)


def _sums(made: Any) -> dict[str, str]:
    return {name: hundredths(getattr(made, name)) for name in ("got", "assessed", "points")}


@page("agreement.edit", methods=["POST"])
def score_confirm(request: PageRequest, agreement: int, start: str) -> HttpResponse:
    """Freeze the score of a period."""
    row = seen(request, agreement)
    refuse_elsewhere(request, row, "agreement.edit")
    day = _day(start)

    def act() -> None:
        actions.confirm_score(row, starts_on=day, actor=request.actor, now=request.now)

    said = _("The score is confirmed. The provider sees it and may object.")
    return do(request, act, said, reverse("hub:score_preview", args=[row.pk, day.isoformat()]))


def _score(request: PageRequest, key: int) -> Score:
    row: Score = get_or_404(queries.scores(request.actor), pk=key)
    return row


@page(*SEES)
def score(request: PageRequest, score: int) -> HttpResponse:
    """A confirmed score with every step, as it was frozen."""
    row = _score(request, score)
    made = queries.frozen(row)
    label, tone = scoring.consequence_pill(row.consequence)
    path = row.agreement.organisation.path or ""
    history = list(queries.standing_scores(row.agreement).defer("steps")[:12])
    said = row.steps["verdict"]["zh" if (get_language() or "zh").startswith("zh") else "en"]
    context = {
        "agreement": row.agreement,
        "crumbs": crumbs(row.agreement),
        "score": row,
        "period": queries.Period(row.starts_on, row.ends_on, row, is_over=True),
        "state": (row.get_state_display(), scoring.SCORE_TONES[ScoreState(row.state)]),
        "total": scoring.total_text(row.total),
        "label": label,
        "tone": tone,
        "percent": row.percent,
        "said": said,
        "rule": row.steps["rule"],
        "may_rule": request.actor.may("rule.view"),
        "steps": [scoring.step_row(step) for step in made.steps],
        "sums": _sums(made),
        "no_facts": not row.steps["counted"],
        "genuine": queries.is_genuine(row),
        "chart": scoring.chart(history) if sum(one.total is not None for one in history) > 1 else None,
        "may_object": row.state == ScoreState.CONFIRMED and not request.actor.may("agreement.view"),
        "may_answer": row.state == ScoreState.OBJECTED
        and request.actor.may_at("agreement.approve", path)
        and row.confirmed_by_id != request.actor.user_id,
    }
    return render(request, "hub/score.html", context)


@page("provider.own", methods=BOTH)
def score_object(request: PageRequest, score: int) -> HttpResponseBase:
    """Object to a score, for the provider."""
    row = _score(request, score)
    form = ReasonForm(posted(request), _("What you object to and why"), longest=500)

    def act(data: dict[str, Any]) -> None:
        actions.object_to_score(row, text=data["text"], actor=request.actor, now=request.now)

    said = _("The objection is made. Somebody other than who confirmed the score will answer it.")
    back = reverse("hub:score", args=[row.pk])
    return answer(request, row.agreement, form, act, said, _("Object to the score"), back=back)


@page("agreement.approve", methods=BOTH)
def score_answer(request: PageRequest, score: int) -> HttpResponseBase:
    """Answer an objection: keep the score, or set it aside."""
    row = _score(request, score)
    refuse_elsewhere(request, row.agreement, "agreement.approve")
    form = ReasonForm(posted(request), _("Answer with the reason"), longest=500)
    uphold = request.POST.get("decision") == "uphold"

    def act(data: dict[str, Any]) -> None:
        actions.answer_objection(row, uphold=uphold, answer=data["text"], actor=request.actor, now=request.now)

    context = {"score": row, "back": reverse("hub:score", args=[row.pk])}
    decisions = [("keep", _("Keep the score")), ("uphold", _("Set the score aside"))]
    said = _("The objection is answered.")
    title = _("Answer the objection")
    return answer(request, row.agreement, form, act, said, title, decisions=decisions, **context)


@page("agreement.view")
def provider_standing(request: PageRequest, provider: int) -> HttpResponse:
    """How a provider does under its agreements."""
    row: Provider = get_or_404(Provider.objects.visible_to(request.actor), pk=provider)
    return render(request, "hub/standing.html", _standing(request, row) | {"provider": row})


@page("provider.own")
def my_standing(request: PageRequest) -> HttpResponse:
    """A manager's own standing and next payment."""
    return render(request, "hub/standing.html", _standing(request, None))


def _standing(request: PageRequest, provider: Provider | None) -> dict[str, Any]:
    rows = standings.standings(request.actor, provider)
    return {
        "crumbs": crumbs() if provider else [],
        "rows": [_standing_row(one) for one in rows],
        "facts": _year_facts(provider, request.today) if provider else None,
        "year": request.today.year,
    }


def _year_facts(provider: Provider, today: date) -> Any:
    return standings.provider_facts(provider, date(today.year, 1, 1), today)


def _standing_row(one: standings.Standing) -> dict[str, Any]:
    found: dict[str, Any] = {"standing": one, "agreement": one.agreement, "payment": one.payment}
    if one.latest is None:
        return found
    label, tone = scoring.consequence_pill(one.latest.consequence)
    trend = None if one.trend is None else ("+" if one.trend > 0 else "") + hundredths(one.trend)
    return found | {
        "score": one.latest,
        "name": scoring.period_name(one.latest),
        "total": scoring.total_text(one.latest.total),
        "label": label,
        "tone": tone,
        "trend": trend,
        "past": [(scoring.period_name(score), scoring.total_text(score.total), score) for score in one.scores[1:5]],
    }


@page("service.give")
def my_figures(request: PageRequest) -> HttpResponse:
    """A professional's own figures of the year, and inductions."""
    start = date(request.today.year, 1, 1)
    own = standings.own_figures(request.actor, start, request.today)
    facts = own.facts if own else None
    context = {
        "own": own,
        "facts": facts,
        "mean": hundredths((2 * facts.stars * 100 + facts.ratings) // (2 * facts.ratings))
        if own and facts and not own.is_hidden
        else "",
        "inductions": inductions(request.actor).filter(professional=own.professional) if own else [],
        "start": start,
    }
    return render(request, "hub/my_figures.html", context)

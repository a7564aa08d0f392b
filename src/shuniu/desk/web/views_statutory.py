"""The calculator of statutory time limits, for everybody."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from shuniu.desk.queries.statutory import numbers_of, statutory_rules
from shuniu.desk.rules.statutory import Step
from shuniu.desk.web.forms_statutory import QUESTIONS, LimitForm
from shuniu.kernel.calendar import Calendar
from shuniu.kernel.web.page import page
from shuniu.kernel.web.requests import PageRequest
from shuniu.rulebook.public import Rule, check


@page(public=True)
def limits(request: PageRequest) -> HttpResponse:
    """A question, its days, and the limits that follow with their sources. Nothing that is entered is kept."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in QUESTIONS else next(iter(QUESTIONS))
    title, form_class = QUESTIONS[kind]
    asked = any(key != "kind" for key in request.GET)
    form = form_class(request.GET if asked else None)
    context = {
        "kind": kind,
        "title": title,
        "tabs": [(key, label, f"{reverse('desk:limits')}?kind={key}") for key, (label, _form) in QUESTIONS.items()],
        "form": form,
        "steps": _steps(request, form) if asked and form.is_valid() else [],
    }
    return render(request, "desk/limits.html", context)


def _steps(request: PageRequest, form: LimitForm) -> list[dict[str, Any]]:
    rules = statutory_rules(request.today)
    found = form.steps(numbers_of(rules), Calendar.official())
    return [shown(request, step, rules[step.rule]) for step in found]


def shown(request: PageRequest, step: Step, rule: Rule) -> dict[str, Any]:
    """A limit as pages show it: the days left, the rule's sentence and source; the link for those who may read rules."""
    left = (step.day - request.today).days if step.day else None
    return {
        "step": step,
        "left": left,
        "tone": _tone(left),
        "state": _state(left),
        "verdict": check(rule),
        "may_open": request.actor.may("rule.view"),
    }


def _tone(left: int | None) -> str:
    if left is None:
        return "neutral"
    return "bad" if left < 0 else "warn" if left <= 15 else "good"


def _state(left: int | None) -> str:
    if left is None:
        return ""
    if left < 0:
        return _("run out")
    return _("the last day is today") if left == 0 else _("{n} days left").format(n=left)

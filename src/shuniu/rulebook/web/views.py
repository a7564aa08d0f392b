"""Pages of the rulebook: all rules, one rule, and a unit's own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from shuniu.kernel.errors import ActionError
from shuniu.kernel.web.page import page
from shuniu.kernel.web.requests import PageRequest, get_or_404, wants_part
from shuniu.rulebook import actions, queries
from shuniu.rulebook.enums import Kind, Operator, UnitMay
from shuniu.rulebook.models import UnitRule
from shuniu.rulebook.rules.book import official
from shuniu.rulebook.rules.finding import Found, NoRuleError, Snapshot
from shuniu.rulebook.rules.rule import AND, Text, Topic
from shuniu.rulebook.rules.verdict import check
from shuniu.rulebook.web.forms import EndForm, RuleFilter, TrialForm, UnitRuleForm

LONGEST_KEY = 19


@dataclass(frozen=True, slots=True)
class Line:
    """A rule on the list: what holds here, or the places where one holds instead."""

    topic: Topic
    found: Found | None
    elsewhere: Text

    def mentions(self, text: str) -> bool:
        source = self.found.rule.citation if self.found else Text("", "")
        return self.topic.mentions(text) or text in source.zh or text.casefold() in source.en.casefold()


@page("rule.view")
def rules(request: PageRequest) -> HttpResponse:
    """Every rule as it holds at a place on a day, by subject."""
    form = RuleFilter(request.GET, actor=request.actor, today=request.today)
    lines = list(_lines(form, queries.snapshot(on=form.day)))
    groups = [(name, [line for line in lines if line.topic.group == key]) for key, name in official().groups.items()]
    context = {
        "list": form,
        "on": form.day,
        "groups": [group for group in groups if group[1]],
        "count": len(lines),
        "here": form.here,
    }
    return render(request, "rulebook/rules.html#rows" if wants_part(request) else "rulebook/rules.html", context)


@page("rule.view")
def rule(request: PageRequest, rule_id: str) -> HttpResponse:
    """One rule: what holds here and why, other places, its history, units' own rules, and a figure to try."""
    topic = _topic_or_404(rule_id)
    form = RuleFilter(request.GET, actor=request.actor, today=request.today)
    found = queries.find_or_none(rule_id, on=form.day, at=form.here.place)
    trial = TrialForm(request.GET, rule=found.rule) if found and topic.measure else None
    context = {
        "topic": topic,
        "group": official().groups[topic.group],
        "filter": form,
        "on": form.day,
        "here": form.here,
        "found": found,
        "trial": trial,
        "setting": check(found.rule) if found and topic.kind is Kind.SETTING else None,
        "band_figure": official().measures.get(topic.by, ""),
        "verdict": check(found.rule, **trial.cleaned_data) if found and trial and trial.is_valid() else None,
        "variants": [one for one in official().rules[rule_id] if one.holds_on(form.day)],
        "events": _history(found, form.day) if found else [],
        "own_rules": [_own_line(request, row) for row in queries.unit_rules(request.actor).filter(rule_id=rule_id)],
        "set_url": _set_url(request, topic, form),
        "crumbs": [(_("Rules"), reverse("rulebook:rules"))],
    }
    return render(request, "rulebook/rule.html", context)


@page("rule.edit", methods=["GET", "POST"])
def set_own(request: PageRequest, rule_id: str) -> HttpResponse:
    """A unit sets its own rule in the place of the one above it. The unit is named in the address."""
    topic, body = _topic_or_404(rule_id), _body_or_404(request)
    back = f"{reverse('rulebook:rule', args=[rule_id])}?place=o:{body.pk}"
    try:
        above = queries.rule_above(body, rule_id, on=request.today)
    except NoRuleError as error:
        messages.error(request, str(error))
        return redirect(back)
    form = UnitRuleForm(request.POST or None, above=above, today=request.today)
    if form.is_valid() and _set(request, form, body, rule_id):
        messages.success(request, _("The rule of {unit} is set.").format(unit=body))
        return redirect(back)
    context = {"topic": topic, "body": body, "above": above, "form": form, "cancel_url": back}
    return render(request, "rulebook/set_own.html", context)


@page("rule.edit", methods=["GET", "POST"])
def end_own(request: PageRequest, pk: int) -> HttpResponse:
    """A unit ends its own rule."""
    row = get_or_404(queries.unit_rules(request.actor), pk=pk)
    if not request.actor.may_at("rule.edit", row.organisation.path or ""):
        raise PermissionDenied
    back = f"{reverse('rulebook:rule', args=[row.rule_id])}?place=o:{row.organisation_id}"
    form = EndForm(request.POST or None, initial={"on": request.today})
    if form.is_valid() and _end(request, form, row):
        messages.success(request, _("The rule of {unit} is ended.").format(unit=row.organisation))
        return redirect(back)
    topic = official().topic(row.rule_id)
    return render(request, "rulebook/end_own.html", {"topic": topic, "row": row, "form": form, "cancel_url": back})


def _topic_or_404(rule_id: str) -> Topic:
    try:
        return official().topic(rule_id)
    except NoRuleError as error:
        raise Http404 from error


def _body_or_404(request: PageRequest) -> Any:
    """The union body of the address: 404 out of sight, 403 in sight but without the right to set its rules."""
    named = request.GET.get("organisation", "")
    body = queries.body(request.actor, int(named)) if named.isdecimal() and len(named) < LONGEST_KEY else None
    if body is None:
        raise Http404
    if not request.actor.may_at("rule.edit", body.path or ""):
        raise PermissionDenied
    return body


def _lines(form: RuleFilter, snapshot: Snapshot) -> Iterator[Line]:
    for topic in official().topics.values():
        here = snapshot.get(topic.id, form.here.place)
        others = [one.jurisdiction.name for one in official().rules[topic.id] if one.holds_on(form.day)]
        line = Line(topic, here, AND.joining(others))
        if form.subject in ("", topic.group) and line.mentions(form.text):
            yield line


def _history(found: Found, on: date) -> list[dict[str, Any]]:
    rules = sorted((one.rule for one in found.considered), key=lambda rule: rule.valid_from, reverse=True)
    return [
        {
            "on": rule.valid_from if rule.starts_known else None,
            "title": f"{rule.place} {rule.value}",
            "text": str(rule.citation),
            "tone": "good" if rule is found.rule else "neutral",
        }
        for rule in rules
    ]


def _own_line(request: PageRequest, row: UnitRule) -> dict[str, Any]:
    may_end = row.valid_to > max(request.today, row.valid_from)
    rights = request.actor.may_at("rule.edit", row.organisation.path or "")
    return {
        "row": row,
        "value": official().rules[row.rule_id][0].replaced_by(row.value).value,
        "end_url": reverse("rulebook:end_own", args=[row.pk]) if may_end and rights else "",
    }


def _set_url(request: PageRequest, topic: Topic, form: RuleFilter) -> str:
    body = form.here.body
    if topic.unit_may is UnitMay.NONE or body is None or not request.actor.may_at("rule.edit", body.path or ""):
        return ""
    return f"{reverse('rulebook:set_own', args=[topic.id])}?organisation={body.pk}"


def _set(request: PageRequest, form: UnitRuleForm, body: Any, rule_id: str) -> bool:
    said = form.cleaned_data
    try:
        actions.set_unit_rule(
            body,
            rule_id,
            operator=Operator(said["operator"]),
            numbers=said["numbers"],
            valid_from=said["valid_from"],
            source=said["source"],
            reason=said["reason"],
            actor=request.actor,
            now=request.now,
        )
    except ActionError as error:
        form.add_error(None, str(error))
    return not form.errors


def _end(request: PageRequest, form: EndForm, row: UnitRule) -> bool:
    try:
        actions.end_unit_rule(row, on=form.cleaned_data["on"], actor=request.actor, now=request.now)
    except ActionError as error:
        form.add_error(None, str(error))
    return not form.errors

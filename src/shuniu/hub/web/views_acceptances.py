"""Acceptances: prepared with the users' opinions, concluded, and published for everybody."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from shuniu.hub.actions import acceptances as actions
from shuniu.hub.enums import AcceptanceState, Finding, Outcome
from shuniu.hub.models import Acceptance, Agreement, Standard
from shuniu.hub.queries import acceptances as queries
from shuniu.hub.queries import agreements
from shuniu.hub.web import agreement_papers
from shuniu.hub.web.agreeing import BOTH, SEES, answer, crumbs, do, refuse_elsewhere, within
from shuniu.hub.web.agreement_record import acceptance_tone
from shuniu.hub.web.fields import hundredths
from shuniu.hub.web.forms_agreements import area
from shuniu.kernel import documents
from shuniu.kernel.web.doing import day_field, posted
from shuniu.kernel.web.lists import Column, Empty, Kind, ListPage
from shuniu.kernel.web.page import page
from shuniu.kernel.web.requests import PageRequest, get_or_404
from shuniu.voice.public import wilson

STARS = [(number, "★" * number) for number in range(5, 0, -1)]


class OpenForm(forms.Form):
    def __init__(self, data: Any, *, row: Agreement, today: date) -> None:
        super().__init__(data, label_suffix="")
        last = min(row.ends_on - timedelta(days=1), today)
        self.fields |= {
            "starts_on": day_field(_("From"), row.starts_on),
            "last_day": day_field(_("Until"), last),
            "on": day_field(_("Accepted on"), today),
        }


class OpinionForm(forms.Form):
    stars = forms.TypedChoiceField(label=gettext_lazy("Stars"), choices=STARS, coerce=int)
    comment = forms.CharField(label=gettext_lazy("Comment"), max_length=300, required=False, widget=area())
    who = forms.CharField(
        label=gettext_lazy("Name"), max_length=50, required=False,
        help_text=gettext_lazy("Stays sealed and is never published."),
    )  # fmt: skip


class ConcludeForm(forms.Form):
    """For each standard how it was kept, and what that comes to."""

    def __init__(self, data: Any, *, norms: list[Standard]) -> None:
        super().__init__(data, label_suffix="")
        self.norms = norms
        for norm in norms:
            self.fields[f"found-{norm.pk}"] = forms.ChoiceField(
                label=norm.name, choices=Finding.choices, help_text=norm.requirement
            )
            self.fields[f"note-{norm.pk}"] = forms.CharField(
                label=_("Remark on “{item}”").format(item=norm.name), max_length=200, required=False
            )
        self.fields["outcome"] = forms.ChoiceField(label=pgettext_lazy("acceptance", "Result"), choices=Outcome.choices)
        self.fields["rectify_by"] = day_field(_("To be put right by"), required=False)
        self.fields["summary"] = forms.CharField(label=_("Summary"), max_length=500, required=False, widget=area())

    def told(self) -> dict[str, Any]:
        data = self.cleaned_data
        findings = {norm.pk: (Finding(data[f"found-{norm.pk}"]), data[f"note-{norm.pk}"]) for norm in self.norms}
        rest = {"summary": data["summary"], "rectify_by": data["rectify_by"], "outcome": Outcome(data["outcome"])}
        return {"findings": findings, **rest}


@page("agreement.edit", methods=BOTH)
def acceptance_new(request: PageRequest, agreement: int) -> HttpResponseBase:
    """Begin an acceptance."""
    row = within(request, agreement, "agreement.edit")
    form = OpenForm(posted(request), row=row, today=request.today)

    def act(data: dict[str, Any]) -> None:
        ends_on = data.pop("last_day") + timedelta(days=1)
        actions.open_acceptance(row, ends_on=ends_on, actor=request.actor, now=request.now, **data)

    said = _("The acceptance is begun. Enter what users say, then conclude it.")
    return answer(request, row, form, act, said, _("Begin an acceptance"))


def _acceptance(request: PageRequest, key: int) -> Acceptance:
    row: Acceptance = get_or_404(queries.acceptances(request.actor), pk=key)
    return row


@page(*SEES)
def acceptance(request: PageRequest, acceptance: int) -> HttpResponse:
    """One acceptance with the users' opinions."""
    row = _acceptance(request, acceptance)
    edits = request.actor.may_at("agreement.edit", row.agreement.organisation.path or "")
    is_open = row.state == AcceptanceState.OPEN
    context = _shown(row) | {
        "crumbs": crumbs(row.agreement),
        "is_open": is_open,
        "may_edit": edits and is_open,
        "may_publish": edits and row.state == AcceptanceState.CONCLUDED,
        "form": OpinionForm(label_suffix=""),
    }
    return render(request, "hub/acceptance.html", context)


def _shown(row: Acceptance) -> dict[str, Any]:
    """What the page and its public twin have in common."""
    heard, facts, least = queries.heard(row), queries.ratings_of(row), queries.least_ratings(row)
    enough = facts is not None and facts.ratings >= least
    share = wilson(facts.satisfied, facts.ratings) if facts and enough else None
    return {
        "acceptance": row,
        "agreement": row.agreement,
        "last_day": row.ends_on - timedelta(days=1),
        "tone": acceptance_tone(row),
        "findings": [one | {"label": Finding(one["found"]).label, "tone": FOUND_TONES[one["found"]]}
                     for one in row.findings],
        "heard": heard,
        "heard_mean": hundredths((2 * heard.stars * 100 + heard.count) // (2 * heard.count)) if heard.count else "",
        "facts": facts,
        "enough": enough,
        "mean": hundredths((2 * facts.stars * 100 + facts.ratings) // (2 * facts.ratings)) if facts and enough else "",
        "low": f"{share.low * 100:.1f}%" if share else "",
        "high": f"{share.high * 100:.1f}%" if share else "",
        "least": least,
    }  # fmt: skip


FOUND_TONES = {"met": "good", "deviation": "warn", "not_met": "bad"}


@page("agreement.edit", methods=BOTH)
def acceptance_opinion(request: PageRequest, acceptance: int) -> HttpResponseBase:
    """Enter what somebody who was served says."""
    row = _acceptance(request, acceptance)
    refuse_elsewhere(request, row.agreement, "agreement.edit")
    form = OpinionForm(posted(request), label_suffix="")

    def act(data: dict[str, Any]) -> None:
        actions.add_opinion(row, actor=request.actor, now=request.now, **data)

    back = reverse("hub:acceptance", args=[row.pk])
    said = _("The opinion is entered.")
    return answer(request, row.agreement, form, act, said, _("Enter an opinion"), back=back)


@page("agreement.edit", methods=BOTH)
def acceptance_conclude(request: PageRequest, acceptance: int) -> HttpResponseBase:
    """Say for each standard how it was kept."""
    row = _acceptance(request, acceptance)
    refuse_elsewhere(request, row.agreement, "agreement.edit")
    back = reverse("hub:acceptance", args=[row.pk])
    if row.state != AcceptanceState.OPEN:
        return redirect(back)
    form = ConcludeForm(posted(request), norms=list(agreements.standards_of(row.agreement)))

    def act(data: dict[str, Any]) -> None:
        actions.conclude_acceptance(row, actor=request.actor, now=request.now, **form.told())

    said = _("The acceptance is concluded. It can be published now.")
    return answer(request, row.agreement, form, act, said, _("Conclude the acceptance"), back=back)


@page("agreement.edit", methods=["POST"])
def acceptance_publish(request: PageRequest, acceptance: int) -> HttpResponse:
    """Publish a concluded acceptance."""
    row = _acceptance(request, acceptance)
    refuse_elsewhere(request, row.agreement, "agreement.edit")

    def act() -> None:
        actions.publish_acceptance(row, actor=request.actor, now=request.now)

    return do(request, act, _("The result is published."), reverse("hub:acceptance", args=[row.pk]))


@page(*SEES)
def acceptance_paper(request: PageRequest, acceptance: int, form: str) -> HttpResponse:
    """The acceptance form as a paper."""
    row = _acceptance(request, acceptance)
    if row.state == AcceptanceState.OPEN:
        return redirect("hub:acceptance", row.pk)
    name = f"{row.agreement.number}-{row.on:%Y%m%d}"
    return documents.answer(request, agreement_papers.acceptance_paper(row, _shown(row)), name, form)


RESULTS = ListPage[Acceptance](
    title=gettext_lazy("Results of acceptances"),
    unit=pgettext_lazy("unit", "acceptances"),
    columns=(
        Column("title", gettext_lazy("Agreement"), value="agreement.title", link=True),
        Column("provider", gettext_lazy("Provider"), value="agreement.provider.name"),
        Column("organisation", gettext_lazy("Union"), value="agreement.organisation.name", narrow=False),
        Column(
            "outcome", pgettext_lazy("acceptance", "Result"), value=lambda row: row.get_outcome_display(),
            tone=acceptance_tone,
        ),
        Column("on", gettext_lazy("Accepted on"), kind=Kind.DATE, order=("on", "pk")),
        Column("published_on", gettext_lazy("Published on"), kind=Kind.DATE, narrow=False),
    ),
    default_order=("-on", "-pk"),
    row_url=lambda row: reverse("hub:acceptance_public", args=[row.pk]),
    empty=Empty(gettext_lazy("No acceptance has been published yet")),
)  # fmt: skip


@page(public=True)
def acceptances_public(request: PageRequest) -> HttpResponse:
    """The published results, for everybody."""
    return RESULTS.answer(request, queries.published())


@page(public=True)
def acceptance_public(request: PageRequest, result: int) -> HttpResponse:
    """One published result, for everybody."""
    row: Acceptance = get_or_404(queries.published(), pk=result)
    crumbs_here = [(RESULTS.title, reverse("hub:acceptances_public"))]
    return render(request, "hub/acceptance_public.html", _shown(row) | {"crumbs": crumbs_here})

"""What goes on under an agreement: supplements, inductions, inspections and putting right."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shuniu.hub.actions import amendments, inductions, inspections
from shuniu.hub.agreement_guards import require_side
from shuniu.hub.enums import InspectionState
from shuniu.hub.models import Amendment, Induction, Inspection
from shuniu.hub.queries import agreements as queries
from shuniu.hub.queries.induction import people_to_induct
from shuniu.hub.queries.scores import inspections as seen_inspections
from shuniu.hub.web import forms_agreement_work as own
from shuniu.hub.web.agreeing import BOTH, SEES, answer, crumbs, do, refuse_elsewhere, within
from shuniu.hub.web.agreement_record import TONES
from shuniu.hub.web.fields import hundredths
from shuniu.hub.web.forms_agreements import AmendForm
from shuniu.kernel.web.doing import posted
from shuniu.kernel.web.page import page
from shuniu.kernel.web.requests import PageRequest, get_or_404


@page("agreement.edit", methods=BOTH)
def agreement_amend(request: PageRequest, agreement: int) -> HttpResponseBase:
    """Propose a supplement."""
    row = within(request, agreement, "agreement.edit")
    form = AmendForm(posted(request), label_suffix="")

    def act(data: dict[str, Any]) -> None:
        last = data.pop("last_day")
        data["new_ends_on"] = last + timedelta(days=1) if last else None
        amendments.propose_amendment(row, actor=request.actor, now=request.now, **data)

    verdict = queries.supplement_verdict(row, 0, request.today) if row.amount else None
    said = _("The supplement is proposed. Somebody else has to approve it.")
    return answer(request, row, form, act, said, _("Propose a supplement"), verdict=verdict)


@page("agreement.approve", methods=["POST"])
def amendment_decide(request: PageRequest, amendment: int) -> HttpResponse:
    """Approve or refuse a supplement."""
    row: Amendment = get_or_404(Amendment.objects.visible_to(request.actor).select_related(
        "agreement__organisation__area"), pk=amendment)  # fmt: skip
    refuse_elsewhere(request, row.agreement, "agreement.approve")
    approve = request.POST.get("decision") == "approve"

    def act() -> None:
        amendments.decide_amendment(
            row, approve=approve, answer=request.POST.get("answer", "")[:300], actor=request.actor, now=request.now
        )

    said = _("The supplement holds now.") if approve else _("The supplement is refused.")
    return do(request, act, said, reverse("hub:agreement", args=[row.agreement_id]))


@page("agreement.edit", methods=BOTH)
def agreement_induct(request: PageRequest, agreement: int) -> HttpResponseBase:
    """Record that one of the provider's people was told the standards."""
    row = within(request, agreement, "agreement.edit")
    form = own.InductForm(posted(request), people=people_to_induct(row), today=request.today)

    def act(data: dict[str, Any]) -> None:
        people = list(data.pop("professionals"))
        inductions.record_inductions(row, people, actor=request.actor, now=request.now, **data)

    said = _("The induction is recorded. The provider has to confirm it.")
    return answer(request, row, form, act, said, _("Record an induction"))


@page("provider.own", "service.give", methods=["POST"])
def induction_confirm(request: PageRequest, induction: int) -> HttpResponse:
    """Confirm an induction for the provider."""
    row: Induction = get_or_404(
        Induction.objects.visible_to(request.actor).select_related("agreement", "professional"), pk=induction
    )
    back = reverse("hub:agreement", args=[row.agreement_id])
    if not request.actor.may("provider.own"):
        back = reverse("hub:my_figures")

    def act() -> None:
        inductions.confirm_induction(row, actor=request.actor, now=request.now)

    return do(request, act, _("The induction is confirmed."), back)


@page("agreement.edit", methods=BOTH)
def inspection_new(request: PageRequest, agreement: int) -> HttpResponseBase:
    """Record an inspection of a standard."""
    row = within(request, agreement, "agreement.edit")
    items = queries.standards_of(row).filter(measure="manual").select_related("agreement__organisation")
    form = own.InspectForm(posted(request), request.FILES or None, items=items, today=request.today)

    def act(data: dict[str, Any]) -> None:
        inspections.record_inspection(actor=request.actor, now=request.now, **own.inspected(data))

    return answer(request, row, form, act, _("The inspection is recorded."), _("Record an inspection"))


@page(*SEES)
def inspection(request: PageRequest, inspection: int) -> HttpResponse:
    """One inspection: what was found, what was done, what came of it."""
    row = _inspection(request, inspection)
    path = row.agreement.organisation.path or ""
    edits = request.actor.may_at("agreement.edit", path)
    own_side = not request.actor.may("agreement.view")
    context = {
        "inspection": row,
        "agreement": row.agreement,
        "crumbs": crumbs(row.agreement),
        "tone": TONES[InspectionState(row.state)],
        "may_answer": row.state == InspectionState.TO_MEND and (edits or own_side),
        "may_check": row.state == InspectionState.MENDED and edits and row.raised_by_id != request.actor.user_id,
        "facts": _facts(row),
        "form": own.EvidenceForm(None),
    }
    return render(request, "hub/inspection.html", context)


def _facts(row: Inspection) -> list[tuple[Any, Any]]:
    return [
        (_("Item"), row.standard.name),
        (_("Work standard"), row.standard.requirement),
        (_("Inspected on"), row.on),
        (pgettext("inspection", "Place"), row.place),
        (_("Points off"), hundredths(row.deduct)),
        (_("By"), row.raised_by.name if row.raised_by else ""),
        (_("To be put right by"), row.due_on),
        (_("What was done"), row.evidence),
        (_("Evidence given on"), row.evidence_on),
        (_("Checked on"), row.checked_on),
        (_("Checked by"), row.checked_by.name if row.checked_by else ""),
        (_("Result of the check"), row.answer),
    ]


def _inspection(request: PageRequest, key: int) -> Inspection:
    row: Inspection = get_or_404(seen_inspections(request.actor), pk=key)
    return row


@page("agreement.edit", "provider.own", methods=BOTH)
def inspection_evidence(request: PageRequest, inspection: int) -> HttpResponseBase:
    """Say what was done about a finding."""
    row = _inspection(request, inspection)
    require_side(row.agreement, request.actor)
    form = own.EvidenceForm(posted(request), request.FILES or None)

    def act(data: dict[str, Any]) -> None:
        inspections.give_evidence(
            row, text=data["text"], file=own.stored(data.get("file")), actor=request.actor, now=request.now
        )

    back = reverse("hub:inspection", args=[row.pk])
    said = _("What was done is told. Somebody will check it.")
    return answer(request, row.agreement, form, act, said, _("Say what was done"), back=back)


@page("agreement.edit", methods=["POST"])
def inspection_check(request: PageRequest, inspection: int) -> HttpResponse:
    """Look at the evidence: enough, or not."""
    row = _inspection(request, inspection)
    refuse_elsewhere(request, row.agreement, "agreement.edit")
    passed = request.POST.get("decision") == "pass"

    def act() -> None:
        inspections.check_inspection(
            row, passed=passed, answer=request.POST.get("answer", "")[:300], actor=request.actor, now=request.now
        )

    said = _("It is put right.") if passed else _("It goes back to the provider.")
    return do(request, act, said, reverse("hub:inspection", args=[row.pk]))


@page(*SEES)
def inspection_file(request: PageRequest, inspection: int, which: str) -> HttpResponseBase:
    """The photo of a finding, or the proof that it was put right."""
    row = _inspection(request, inspection)
    key = {"photo": row.photo, "proof": row.evidence_file}.get(which, "")
    if not key:
        return redirect("hub:inspection", row.pk)
    return own.handed_out(key, f"{row.agreement.number}-{row.pk}-{which}")

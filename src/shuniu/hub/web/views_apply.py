"""The application of a provider, for everybody: without an account, with a receipt to follow it by."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shuniu.hub.actions import papers as paper_actions
from shuniu.hub.actions import providers as actions
from shuniu.hub.enums import PaperKind, ProviderState
from shuniu.hub.models import Provider
from shuniu.hub.queries import providers as queries
from shuniu.hub.rules.providers import PROVIDER
from shuniu.hub.rules.vetting import vetting
from shuniu.hub.web import forms_providers as own
from shuniu.hub.web.views_papers import upload_of
from shuniu.hub.web.views_providers import details_of
from shuniu.kernel.web.doing import done, posted
from shuniu.kernel.web.page import page
from shuniu.kernel.web.requests import PageRequest
from shuniu.kernel.web.visitors import too_often

BOTH = ("GET", "POST")
PER_HOUR = 5
"""Applications of one visitor; looking up a receipt may be tried four times as often."""
KEY = "hub_receipt"
"""Where the session keeps the receipt for the one page that shows it."""


@page(public=True, methods=BOTH)
def apply(request: PageRequest) -> HttpResponseBase:
    """Apply to be entered in the register of a federation."""
    form = own.ApplyForm(posted(request), request.FILES or None, today=request.today)
    receipts: list[str] = []

    def act(data: dict[str, Any]) -> None:
        receipts.append(_apply(request, data))

    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["website"]:
            return redirect("hub:apply")
        if too_often(request, "apply", per_hour=PER_HOUR):
            form.add_error(None, _("Too many applications came from your network. Please try again in an hour."))
        elif done(form, act):
            request.session[KEY] = receipts[0]
            return redirect("hub:applied")
    return render(request, "hub/apply.html", {"form": form, "submit": _("Send the application"), "draft": ""})


def _apply(request: PageRequest, data: dict[str, Any]) -> str:
    """Take the application and its paper; the receipt."""
    provider, receipt = actions.apply_to_register(
        data["organisation"], details_of(data), actor=request.actor, now=request.now
    )
    kinds = sorted(vetting().papers_of(provider.kind)) or [PaperKind.OTHER]
    details = paper_actions.PaperDetails(kind=kinds[0], issued_on=data["issued_on"], good_until=data["good_until"])
    paper_actions.attach_to_application(
        provider, details, upload_of(data["file"]), actor=request.actor, now=request.now
    )
    return receipt


@page(public=True)
def applied(request: PageRequest) -> HttpResponseBase:
    """The receipt, to be written down: it is shown until the browser is closed, and kept nowhere else."""
    receipt = request.session.get(KEY, "")
    if not receipt:
        return redirect("hub:application")
    grouped = " ".join(receipt[start : start + 4] for start in range(0, len(receipt), 4))
    return render(request, "hub/applied.html", {"receipt": grouped})


@page(public=True, methods=BOTH)
def application(request: PageRequest) -> HttpResponse:
    """How far an application is, for whoever holds its receipt."""
    form = own.ReceiptForm(posted(request))
    found: Provider | None = None
    if form.is_valid():
        if too_often(request, "receipt", per_hour=4 * PER_HOUR):
            form.add_error(None, _("Too many tries came from your network. Please try again in an hour."))
        elif (found := queries.application(form.cleaned_data["receipt"])) is None:
            form.add_error("receipt", _("There is no application with this number. Compare it with your note."))
    context: dict[str, Any] = {"form": form, "submit": _("Look up")}
    if found:
        steps = queries.steps_of(found)
        context |= {"found": found, "state": PROVIDER.of(ProviderState(found.state)), "last": steps.first()}
    return render(request, "hub/application.html", context)

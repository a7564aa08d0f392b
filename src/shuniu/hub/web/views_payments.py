"""Payments under agreements: asked for, decided, noted as paid."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from shuniu.hub.actions import payments as actions
from shuniu.hub.enums import PaymentState
from shuniu.hub.models import Milestone, Payment
from shuniu.hub.queries import payments as queries
from shuniu.hub.rules.agreements import PAYMENT
from shuniu.hub.web.agreeing import SEES, crumbs, do, refuse_elsewhere
from shuniu.kernel.errors import ActionError
from shuniu.kernel.money import yuan_in_words
from shuniu.kernel.web.doing import day_field, posted
from shuniu.kernel.web.files import workbook
from shuniu.kernel.web.formats import moment_text, money
from shuniu.kernel.web.lists import Column, Empty, Export, FilterForm, Kind, ListPage
from shuniu.kernel.web.page import page
from shuniu.kernel.web.requests import PageRequest, get_or_404


class PaymentFilter(FilterForm):
    state = forms.ChoiceField(
        label=pgettext_lazy("payment", "State"),
        choices=[
            ("", gettext_lazy("All")), ("mine", gettext_lazy("Waiting for my decision")),
            ("late", gettext_lazy("Approved and overdue")), *PaymentState.choices,
        ],
    )  # fmt: skip

    def narrow(self, rows: Any) -> Any:
        state = self.values.get("state", "")
        if state == "mine":
            return rows.filter(pk__in=queries.to_approve(self.actor).values("pk"))
        if state == "late":
            return rows.filter(state=PaymentState.APPROVED, due_on__lt=self.today)
        return rows.filter(state=state) if state else rows


def state_tone(row: Payment) -> str:
    return PAYMENT.state(row).tone


LIST = ListPage[Payment](
    title=gettext_lazy("Payments"),
    unit=pgettext_lazy("unit", "payments"),
    columns=(
        Column("milestone", gettext_lazy("Payment"), value="milestone.name", link=True),
        Column("agreement", gettext_lazy("Agreement"), value="agreement.number"),
        Column("provider", gettext_lazy("Provider"), value="agreement.provider.name"),
        Column("state", pgettext_lazy("payment", "State"), value=lambda row: row.get_state_display(), tone=state_tone),
        Column("planned", gettext_lazy("Planned (yuan)"), kind=Kind.MONEY, narrow=False),
        Column("percent", pgettext_lazy("payment", "Share"), value=lambda row: f"{row.percent}%", narrow=False),
        Column("amount", gettext_lazy("Amount (yuan)"), kind=Kind.MONEY, order=("amount", "pk")),
        Column("due_on", gettext_lazy("Due on"), kind=Kind.DATE),
        Column("requested_at", gettext_lazy("Asked for"), kind=Kind.MOMENT, order=("requested_at", "pk"), narrow=False),
    ),
    default_order=("-requested_at", "-pk"),
    filters=PaymentFilter,
    row_url=lambda row: reverse("hub:payment", args=[row.pk]),
    empty=Empty(
        gettext_lazy("No payments yet"),
        gettext_lazy("A payment is asked for on the page of its agreement, once what it waits for has happened."),
        gettext_lazy("To the agreements"),
        "hub:agreements",
        "agreement.view",
    ),
    exports=(Export(gettext_lazy("Export"), "hub:payments_export", "agreement.view"),),
)


@page(*SEES)
def payments(request: PageRequest) -> HttpResponse:
    """The payments within sight."""
    rows = queries.payments(request.actor)
    return LIST.answer(request, rows, base=rows.count(), base_label=_("all payments you see"))


@page("agreement.view")
def payments_export(request: PageRequest) -> HttpResponse:
    """The payments of the list as a workbook."""
    chosen = PaymentFilter(request.GET, actor=request.actor, today=request.today)
    rows = chosen.narrow(queries.payments(request.actor)).order_by(*LIST.default_order)
    heads = [
        _("Agreement"), _("Provider"), _("Payment"), _("State"), _("Planned (yuan)"), pgettext("payment", "Share"), _("Amount (yuan)"),
        _("Due on"),
    ]  # fmt: skip
    cells = (
        [row.agreement.number, row.agreement.provider.name, row.milestone.name, str(row.get_state_display()),
         row.planned / 100, f"{row.percent}%", row.amount / 100, row.due_on]
        for row in rows.iterator(chunk_size=2000)
    )  # fmt: skip
    return workbook(LIST.title, heads, cells)


@page("payment.request", methods=["POST"])
def payment_request(request: PageRequest, milestone: int) -> HttpResponse:
    """Ask for a payment of the plan."""
    row: Milestone = get_or_404(
        Milestone.objects.visible_to(request.actor).select_related("agreement__organisation__area"), pk=milestone
    )
    refuse_elsewhere(request, row.agreement, "payment.request")

    def act() -> None:
        actions.request_payment(row, actor=request.actor, now=request.now)

    said = _("The payment is asked for. Somebody else has to approve it.")
    return do(request, act, said, reverse("hub:agreement", args=[row.agreement_id]) + "#plan")


def _payment(request: PageRequest, key: int) -> Payment:
    row: Payment = get_or_404(
        queries.payments(request.actor).select_related(
            "agreement__provider", "agreement__organisation", "milestone", "requested_by", "decided_by", "score"
        ),
        pk=key,
    )
    return row


@page(*SEES)
def payment(request: PageRequest, payment: int) -> HttpResponse:
    """One payment: what it comes to and why, who asked, who decided."""
    row = _payment(request, payment)
    moves = {move.name for move in PAYMENT.available(row, request.actor, row.agreement.organisation.path or "")}
    form = forms.Form(label_suffix="")
    form.fields["on"] = day_field(_("Paid on"), request.today)
    context = {
        "payment": row,
        "agreement": row.agreement,
        "crumbs": crumbs(row.agreement),
        "state": PAYMENT.state(row),
        "words": yuan_in_words(row.amount),
        "amount_text": money(row.amount),
        "moves": moves,
        "own": row.state == PaymentState.REQUESTED and row.requested_by_id == request.actor.user_id,
        "form": form,
        "facts": _facts(row),
    }
    return render(request, "hub/payment.html", context)


def _facts(row: Payment) -> list[tuple[Any, Any]]:
    return [
        (_("Provider"), row.agreement.provider),
        (_("Payment"), row.milestone.name),
        (_("Paid after"), row.milestone.get_due_display()),
        (_("Due counts from"), row.accepted_on),
        (_("Due on"), row.due_on or _("The calendar of that year is not loaded yet.")),
        (_("Asked for by"), row.requested_by.name if row.requested_by else ""),
        (_("Asked for at"), moment_text(row.requested_at)),
        (_("Decided by"), row.decided_by.name if row.decided_by else ""),
        (_("Decided at"), moment_text(row.decided_at) if row.decided_at else ""),
        (_("Reason"), row.answer),
        (_("Paid on"), row.paid_on),
    ]


@page("payment.approve", methods=["POST"])
def payment_decide(request: PageRequest, payment: int) -> HttpResponse:
    """Approve or refuse a payment."""
    row = _payment(request, payment)
    refuse_elsewhere(request, row.agreement, "payment.approve")
    approve = request.POST.get("decision") == "approve"

    def act() -> None:
        actions.decide_payment(
            row, approve=approve, answer=request.POST.get("answer", "")[:300], actor=request.actor, now=request.now
        )

    said = _("The payment is approved.") if approve else _("The payment is refused.")
    return do(request, act, said, reverse("hub:payment", args=[row.pk]))


@page("payment.request", methods=["POST"])
def payment_paid(request: PageRequest, payment: int) -> HttpResponse:
    """Note that an approved payment was made."""
    row = _payment(request, payment)
    refuse_elsewhere(request, row.agreement, "payment.request")
    form = forms.Form(posted(request), label_suffix="")
    form.fields["on"] = day_field(_("Paid on"), request.today)

    def act() -> None:
        if not form.is_valid():
            raise ActionError(_("Enter the day on which it was paid."))
        actions.tell_paid(row, on=form.cleaned_data["on"], actor=request.actor, now=request.now)

    return do(request, act, _("The payment is noted."), reverse("hub:payment", args=[row.pk]))

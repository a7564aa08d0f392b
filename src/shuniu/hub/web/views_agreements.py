"""Agreements: the list, one agreement, and a draft on its way to being signed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from shuniu.hub.actions import agreement_sources
from shuniu.hub.actions import agreements as actions
from shuniu.hub.enums import AgreementState
from shuniu.hub.models import Agreement, Tender
from shuniu.hub.queries import agreements as queries
from shuniu.hub.rules.agreements import AGREEMENT, NEEDS_REASON
from shuniu.hub.rules.standard_sets import ready_sets
from shuniu.hub.web import agreement_papers, agreement_record
from shuniu.hub.web import forms_agreements as own
from shuniu.hub.web.agreeing import BOTH, SEES, TITLE, Act, answer, crumbs, refuse_elsewhere, seen, within
from shuniu.kernel import documents
from shuniu.kernel.errors import ActionError
from shuniu.kernel.web.doing import done, posted
from shuniu.kernel.web.files import workbook
from shuniu.kernel.web.lists import Column, Empty, Export, Kind, ListPage
from shuniu.kernel.web.page import page
from shuniu.kernel.web.requests import PageRequest, get_or_404


def state_tone(row: Agreement) -> str:
    return AGREEMENT.state(row).tone


COLUMNS: tuple[Column[Agreement], ...] = (
    Column("number", pgettext_lazy("agreement", "Number"), kind=Kind.CODE, link=True, order=("number", "pk")),
    Column("title", gettext_lazy("Title"), order=("title", "pk")),
    Column(
        "state", pgettext_lazy("agreement", "State"), value=lambda row: row.get_state_display(), tone=state_tone
    ),
    Column("provider", gettext_lazy("Provider"), value="provider.name"),
    Column("duty", gettext_lazy("Duty"), value="duty.name", narrow=False),
    Column("organisation", gettext_lazy("Union"), value="organisation.name", narrow=False),
    Column("amount", gettext_lazy("Amount (yuan)"), value="total", kind=Kind.MONEY, order=("amount", "pk")),
    Column("starts_on", gettext_lazy("From"), kind=Kind.DATE, order=("starts_on", "pk"), narrow=False),
    Column(
        "ends_on", gettext_lazy("Until"), value=lambda row: row.ends_on - timedelta(days=1), kind=Kind.DATE,
        order=("ends_on", "pk"),
    ),
)  # fmt: skip

LIST = ListPage[Agreement](
    title=TITLE,
    unit=pgettext_lazy("unit", "agreements"),
    columns=COLUMNS,
    default_order=("-ends_on", "-pk"),
    filters=own.AgreementFilter,
    row_url=lambda row: reverse("hub:agreement", args=[row.pk]),
    empty=Empty(
        gettext_lazy("No agreements yet"),
        gettext_lazy("An agreement begins with a duty that was decided to be given to a provider of the register."),
        gettext_lazy("Draft an agreement"),
        "hub:agreement_new",
        "agreement.edit",
    ),
    exports=(Export(gettext_lazy("Export"), "hub:agreements_export", "agreement.view"),),
    template="hub/agreement_list.html",
)


@page(*SEES)
def agreements(request: PageRequest) -> HttpResponse:
    """All agreements within sight; a provider's manager sees those of the provider."""
    rows = queries.agreements(request.actor)
    may_draft = request.actor.may("agreement.edit")
    awarded = queries.awarded_without(request.actor)[:10] if may_draft else []
    label = _("all agreements you see")
    return LIST.answer(request, rows, base=rows.count(), base_label=label, may_draft=may_draft, awarded=awarded)


@page("agreement.view")
def agreements_export(request: PageRequest) -> HttpResponse:
    """The agreements of the list as a workbook."""
    chosen = own.AgreementFilter(request.GET, actor=request.actor, today=request.today)
    rows = chosen.narrow(queries.agreements(request.actor)).order_by(*LIST.default_order)
    cells = ([_plain(column, row) for column in COLUMNS] for row in rows.iterator(chunk_size=2000))
    return workbook(LIST.title, [column.title for column in COLUMNS], cells)


def _plain(column: Column[Agreement], row: Agreement) -> Any:
    value = column.of(row)
    if column.kind is Kind.MONEY:
        return value / 100
    return str(value) if isinstance(value, Promise) else value


@page(*SEES)
def agreement(request: PageRequest, agreement: int) -> HttpResponse:
    """One agreement: its terms, how it goes, what comes next."""
    row = seen(request, agreement)
    return render(request, "hub/agreement.html", agreement_record.context(request, row))


@page("agreement.edit", methods=BOTH)
def agreement_new(request: PageRequest) -> HttpResponseBase:
    """Draft an agreement."""
    form = own.AgreementForm(posted(request), actor=request.actor, today=request.today, row=None)
    made: list[Agreement] = []

    def act(data: dict[str, Any]) -> None:
        made.append(actions.draft_agreement(form.what(), actor=request.actor, now=request.now))

    if request.method == "POST" and done(form, act):
        messages.success(request, _("The draft is there. Add the services, the plan of payments and the standards."))
        return redirect("hub:agreement", made[0].pk)
    context = {"form": form, "title": _("Draft an agreement"), "crumbs": crumbs(), "draft": "agreement-new"}
    return render(request, "hub/agreement_form.html", context | {"cancel_url": reverse("hub:agreements")})


@page("agreement.edit", methods=BOTH)
def agreement_edit(request: PageRequest, agreement: int) -> HttpResponseBase:
    """Change what a draft is about."""
    row, elsewhere = _draft(request, agreement)
    if elsewhere:
        return elsewhere
    form = own.AgreementForm(posted(request), actor=request.actor, today=request.today, row=row)

    def act(data: dict[str, Any]) -> None:
        actions.edit_agreement(row, form.what(), actor=request.actor, now=request.now)

    return answer(request, row, form, act, _("Saved."), _("Change the draft"))


def _draft(request: PageRequest, key: int) -> tuple[Agreement, HttpResponseBase | None]:
    """A draft that may be changed, and where to go instead where it is none any more."""
    row = within(request, key, "agreement.edit")
    if row.state != AgreementState.DRAFT:
        messages.error(request, _("This agreement is signed or withdrawn. Only a draft can be changed."))
        return row, redirect("hub:agreement", key)
    return row, None


def _rows_page(
    request: PageRequest, row: Agreement, rows: own.Rows, act: Act, title: str, **context: Any
) -> HttpResponseBase:
    """A page with a table of boxes, about an agreement."""
    back = reverse("hub:agreement", args=[row.pk])
    refusals: list[str] = []
    if request.method == "POST" and rows.is_valid():
        try:
            act({})
        except ActionError as error:
            refusals = str(error).splitlines()
        else:
            messages.success(request, _("Saved."))
            return redirect(back)
    shown = {"rows": rows, "title": title, "agreement": row, "crumbs": crumbs(row), "cancel_url": back}
    return render(request, "hub/agreement_rows.html", shown | context | {"refusals": refusals})


@page("agreement.edit", methods=BOTH)
def agreement_lines(request: PageRequest, agreement: int) -> HttpResponseBase:
    """The services of a draft with their prices."""
    row, elsewhere = _draft(request, agreement)
    if elsewhere:
        return elsewhere
    given = [
        {"name": one.name, "unit": one.unit, "quantity": one.quantity, "price": one.price}
        for one in queries.lines_of(row)
    ]
    rows = own.Rows(own.LineForm, posted(request), given)

    def act(data: dict[str, Any]) -> None:
        actions.set_lines(row, rows.rows(), actor=request.actor, now=request.now)

    lead = _("One service a line. A line without a name is left out; the amount is the sum.")
    return _rows_page(request, row, rows, act, _("Services and prices"), lead=lead)


@page("agreement.edit", methods=BOTH)
def agreement_plan(request: PageRequest, agreement: int) -> HttpResponseBase:
    """The plan of payments of a draft."""
    row, elsewhere = _draft(request, agreement)
    if elsewhere:
        return elsewhere
    given = [
        {"name": one.name, "due": one.due, "amount": one.amount, "expected_on": one.expected_on}
        for one in queries.plan_of(row)
    ]
    rows = own.Rows(own.PartForm, posted(request), given or own.plan_of_thirds(row))

    def act(data: dict[str, Any]) -> None:
        actions.set_plan(row, rows.rows(), actor=request.actor, now=request.now)

    lead = _("The payments add up to the amount. What waits for a score is paid at the share the score leads to.")
    return _rows_page(request, row, rows, act, _("Plan of payments"), lead=lead)


@page("agreement.edit", methods=BOTH)
def agreement_standards(request: PageRequest, agreement: int) -> HttpResponseBase:
    """The standards and assessment items of a draft; `?set=` starts from a ready set."""
    row, elsewhere = _draft(request, agreement)
    if elsewhere:
        return elsewhere
    sets = ready_sets()
    chosen = sets.get(request.GET.get("set", ""))
    given = chosen.items if chosen else queries.standards_of(row)
    names = ("name", "requirement", "measure", "points", "target", "step", "deduct")
    rows = own.Rows(own.NormForm, posted(request), [{name: getattr(one, name) for name in names} for one in given])

    def act(data: dict[str, Any]) -> None:
        actions.set_standards(row, rows.rows(), actor=request.actor, now=request.now)

    lead = _("The points add up to 100. For each step that a figure is off its target, points are taken off.")
    return _rows_page(request, row, rows, act, _("Standards and assessment items"), lead=lead, sets=sets.values())


@page("agreement.approve", methods=BOTH)
def agreement_sign(request: PageRequest, agreement: int) -> HttpResponseBase:
    """Sign a draft."""
    row, elsewhere = _moving(request, agreement, "sign", "agreement.approve")
    if elsewhere:
        return elsewhere
    form = own.StepForm(posted(request), today=request.today, reason=False)

    def act(data: dict[str, Any]) -> None:
        actions.sign_agreement(row, on=data["on"], actor=request.actor, now=request.now)

    judged = queries.judge(row, request.today)
    title = AGREEMENT.transition("sign").label
    return answer(request, row, form, act, _("The agreement is signed."), title, submit=title, judged=judged)


@page("agreement.edit", "agreement.approve", methods=BOTH)
def agreement_step(request: PageRequest, agreement: int, step: str) -> HttpResponseBase:
    """A step that is a day and, for some, a reason."""
    if step not in actions.STEP_VERBS:
        return redirect("hub:agreement", agreement)
    move = AGREEMENT.transition(step)
    row, elsewhere = _moving(request, agreement, step, move.permission)
    if elsewhere:
        return elsewhere
    form = own.StepForm(posted(request), today=request.today, reason=step in NEEDS_REASON)

    def act(data: dict[str, Any]) -> None:
        actions.take_step(row, step, actor=request.actor, now=request.now, **data)

    said = _("The state of the agreement is changed.")
    return answer(request, row, form, act, said, move.label, submit=move.label, danger=move.danger)


def _moving(request: PageRequest, key: int, step: str, permission: str) -> tuple[Agreement, HttpResponseBase | None]:
    """The agreement, and where to go instead if this step cannot be taken now."""
    row = get_or_404(queries.agreements(request.actor), pk=key)
    refuse_elsewhere(request, row, permission)
    try:
        AGREEMENT.check(step, row, request.actor, row.organisation.path or "")
    except ActionError as error:
        messages.error(request, str(error))
        return row, redirect("hub:agreement", key)
    return row, None


@page("agreement.edit", methods=BOTH)
def agreement_renew(request: PageRequest, agreement: int) -> HttpResponseBase:
    """Draft the next agreement with the same provider."""
    row = within(request, agreement, "agreement.edit")
    form = forms.Form(posted(request), label_suffix="")
    made: list[Agreement] = []

    def act(data: dict[str, Any]) -> None:
        made.append(agreement_sources.draft_renewal(row, actor=request.actor, now=request.now))

    if request.method == "POST" and done(form, act):
        messages.success(request, _("The next agreement is drafted. Look it through before it is signed."))
        return redirect("hub:agreement", made[0].pk)
    context = {
        "form": form,
        "question": _("Draft the next agreement?"),
        "consequence": _("Services, plan and standards are taken over; the term begins when this one ends."),
        "submit": _("Draft it"),
        "cancel_url": reverse("hub:agreement", args=[row.pk]),
    }
    return render(request, "kernel/kinds/confirm.html", context)


@page(*SEES)
def agreement_paper(request: PageRequest, agreement: int, form: str) -> HttpResponse:
    """The agreement as a paper to sign."""
    row = seen(request, agreement)
    return documents.answer(request, agreement_papers.agreement_paper(row), row.number, form)


@page("agreement.edit", methods=["POST"])
def agreement_from_award(request: PageRequest, tender: int) -> HttpResponseBase:
    """Draft the agreement that an award leads to, and go on to look it through."""
    row: Tender = get_or_404(queries.awarded_without(request.actor), pk=tender)
    try:
        made = agreement_sources.draft_from_award(row, actor=request.actor, now=request.now)
    except ActionError as error:
        messages.error(request, str(error))
        return redirect("hub:agreements")
    messages.success(request, _("The draft is there. Add the services, the plan of payments and the standards."))
    return redirect("hub:agreement", made.pk)

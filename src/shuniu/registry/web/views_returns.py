"""The annual return: chosen, previewed, checked and taken out as a workbook."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from shuniu.kernel.exchange.workbook import FormTable, form_workbook
from shuniu.kernel.web.doing import done, posted
from shuniu.kernel.web.files import download
from shuniu.kernel.web.formats import date_text, percent
from shuniu.kernel.web.page import page
from shuniu.kernel.web.requests import PageRequest, get_or_404
from shuniu.registry.actions import returns as actions
from shuniu.registry.models import Organisation, ReturnForm
from shuniu.registry.queries import organisations
from shuniu.registry.queries import returns as queries
from shuniu.registry.queries.returns import Return
from shuniu.registry.rules.returns import CHECK_TITLES, Check, Unit, last_reference_day
from shuniu.registry.web import forms_returns as own

BOTH = ("GET", "POST")
MAKE = "return.make"
SHOWN = 300
"""Failing rows on one page; further ones are in the workbook."""
UNITS = {
    Unit.UNIONS: pgettext_lazy("unit", "unions"),
    Unit.EMPLOYERS: pgettext_lazy("unit", "employers"),
    Unit.PEOPLE: pgettext_lazy("unit", "people"),
    Unit.HOURS: pgettext_lazy("unit", "hours"),
}


@page(MAKE)
def returns(request: PageRequest) -> HttpResponseBase:
    """Choose for whom and as of which day; whoever looks after one body only comes to its return at once."""
    rows = queries.bodies(request.actor)
    top = rows.order_by("path").first()
    if top is None:
        return render(request, "registry/returns.html", {"form": None})
    asked = "organisation" in request.GET
    day = last_reference_day(queries.period_rule(top, request.today), request.today)
    form = own.ChooseForm(
        request.GET if asked else None, rows=rows, today=request.today, initial={"organisation": top, "day": day}
    )
    if asked and form.is_valid():
        chosen = form.cleaned_data
        return redirect(_at("annual_return", chosen["organisation"], chosen["day"]))
    return render(request, "registry/returns.html", {"form": form})


def _body(request: PageRequest, pk: int) -> Organisation:
    """A body in sight for which the actor makes the return."""
    row = get_or_404(organisations.seen(request.actor), pk=pk)
    if not request.actor.may_at(MAKE, row.path or ""):
        raise PermissionDenied(MAKE)
    return row


def _at(name: str, organisation: Organisation, day: date, **more: str) -> str:
    query = urlencode({"day": day.isoformat(), **more})
    return reverse(f"registry:{name}", args=[organisation.pk]) + "?" + query


def _day(request: PageRequest, organisation: Organisation) -> own.DayForm:
    default = last_reference_day(queries.period_rule(organisation, request.today), request.today)
    return own.DayForm(request.GET, default=default, today=request.today)


@page(MAKE)
def annual(request: PageRequest, pk: int) -> HttpResponse:
    """The return as it would be printed, with its bases, and how many rows fail a check."""
    organisation = _body(request, pk)
    form = _day(request, organisation)
    made = queries.annual_return(organisation, form.chosen())
    context = {
        "organisation": organisation,
        "form": form,
        "made": made,
        "tables": [(table, made.lines(table.items)) for table in made.form.tables],
        "units": UNITS,
        "carried": queries.form_block(organisation),
        "checks": _checks(made),
        "crumbs": [(_("Annual return"), reverse("registry:returns"))],
        "workbook_url": _at("annual_return_workbook", organisation, made.period.last),
    }
    return render(request, "registry/return.html", context)


def _checks(made: Return) -> list[dict[str, Any]]:
    """Each check with the rows that fail it and the way to them."""
    counted = {key: sum(1 for failure in made.failures if failure.check is key) for key in Check}
    return [
        {
            "title": CHECK_TITLES[key],
            "failing": number,
            "url": _at("annual_return_checks", made.organisation, made.period.last, check=key) if number else "",
        }
        for key, number in counted.items()
    ]


@page(MAKE)
def checks(request: PageRequest, pk: int) -> HttpResponse:
    """The unions that fail a logic check, each with its sentence."""
    organisation = _body(request, pk)
    form = _day(request, organisation)
    made = queries.annual_return(organisation, form.chosen())
    wanted = own.CheckFilter(request.GET, auto_id="filter-%s", label_suffix="")
    key = wanted.cleaned_data["check"] if wanted.is_valid() else ""
    failing = [failure for failure in made.failures if not key or failure.check == key]
    back = _at("annual_return", organisation, made.period.last)
    context = {
        "organisation": organisation,
        "form": form,
        "filter": wanted,
        "made": made,
        "failing": [(failure, CHECK_TITLES[failure.check]) for failure in failing[:SHOWN]],
        "total": len(failing),
        "more": max(0, len(failing) - SHOWN),
        "crumbs": [(_("Annual return"), reverse("registry:returns")), (organisation.name, back)],
    }
    return render(request, "registry/return_checks.html", context)


@page(MAKE, methods=["POST"])
def workbook(request: PageRequest, pk: int) -> HttpResponseBase:
    """The return as a workbook with its form block, tables and failing rows."""
    organisation = _body(request, pk)
    day = _day(request, organisation).chosen()
    block = queries.form_block(organisation)
    if block is None:
        messages.error(
            request, _("First say what the form must carry: its number, issuing body, approval and validity.")
        )
        return redirect(_at("annual_return_form", organisation, day))
    made = queries.annual_return(organisation, day)
    actions.record_download(
        actor=request.actor, now=request.now, organisation=organisation, on=day, failures=len(made.failures)
    )
    title = _("Annual return")
    name = f"{organisation.short_name or organisation.name} {title} {day}.xlsx"
    return download(_book(made, block), name)


def _book(made: Return, block: ReturnForm) -> bytes:
    form_block = [
        (_("Form number"), block.number),
        (_("Issuing body"), block.issuer),
        (_("Approval or filing number"), block.approval),
        (_("Valid until"), date_text(block.valid_until)),
    ]
    lead = [
        _("Reporting body: {name} ({code})").format(name=made.organisation.name, code=made.organisation.code),
        _("Period: {first} to {last}; figures as of {last}").format(
            first=date_text(made.period.first), last=date_text(made.period.last)
        ),
    ]
    foot = [_("Head of the body: ________"), _("Filled in by: ________"), _("Date: ________"), _("(Seal)")]
    return form_workbook(str(made.form.title), form_block, _tables(made), lead=lead, foot=foot)


HEADS = ("", pgettext_lazy("return", "Unit"), pgettext_lazy("return", "Number"), pgettext_lazy("return", "Base"),
         pgettext_lazy("return", "Share"))  # fmt: skip


def _tables(made: Return) -> list[FormTable]:
    heads = (pgettext("return", "Line"), *HEADS[1:])
    tables = [
        FormTable(
            heads,
            [
                (str(line.item.title), str(UNITS[line.item.unit]), line.value, line.base, _share(line.value, line.base))
                for line in made.lines(table.items)
            ],
            str(table.title),
            widths=(40, 10, 14, 14, 12),
        )
        for table in made.form.tables
    ]
    parts = ((_("By category of employer"), made.by_category), (_("By area"), made.by_area))
    part_heads = ("", _("Unions"), _("Members"), _("Women"), _("Staff"))
    tables += [
        FormTable(part_heads, [(one.label, one.unions, one.members, one.women, one.staff) for one in some], title)
        for title, some in parts
    ]
    failing = [
        (failure.union.name, failure.union.code, str(CHECK_TITLES[failure.check]), failure.sentence)
        for failure in made.failures
    ]
    heads_of_failing = (_("Union"), _("Number"), _("Check"), _("What does not agree"))
    return [*tables, FormTable(heads_of_failing, failing, _("Rows that fail a check"))]


def _share(value: int, base: int | None) -> str:
    return "" if base is None else percent(value, base)


@page(MAKE, methods=BOTH)
def form_block(request: PageRequest, pk: int) -> HttpResponseBase:
    """Say what the printed form must carry."""
    organisation = _body(request, pk)
    known = queries.form_block(organisation)
    names = ("number", "issuer", "approval", "valid_until")
    form = own.BlockForm(posted(request), initial={name: getattr(known, name) for name in names} if known else {})
    back = _at("annual_return", organisation, _day(request, organisation).chosen())

    def act(data: dict[str, Any]) -> None:
        block = actions.FormBlock(**data)
        actions.keep_form_block(actor=request.actor, now=request.now, organisation=organisation, block=block)

    if request.method == "POST" and done(form, act):
        messages.success(request, _("The form block is kept. It holds for the bodies below as well."))
        return redirect(back)
    crumbs = [(_("Annual return"), reverse("registry:returns")), (organisation.name, back)]
    context = {"form": form, "organisation": organisation, "crumbs": crumbs, "cancel_url": back}
    return render(request, "registry/return_form.html", context)

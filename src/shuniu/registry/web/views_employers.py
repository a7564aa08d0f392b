"""Employers: the list, one employer, and what is done with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from shuniu.kernel.exchange.workbook import export_csv
from shuniu.kernel.period import FOREVER
from shuniu.kernel.web.doing import done, posted
from shuniu.kernel.web.fields import suggestions
from shuniu.kernel.web.files import workbook
from shuniu.kernel.web.lists import Column, Empty, Export, Kind, ListPage
from shuniu.kernel.web.page import page
from shuniu.kernel.web.requests import PageRequest, get_or_404
from shuniu.registry.actions import employers as actions
from shuniu.registry.enums import EmployerCategory, Industry
from shuniu.registry.fields import EmployersField
from shuniu.registry.models import Coverage, Employer
from shuniu.registry.queries import employers as queries
from shuniu.registry.queries.verdicts import setup_verdict
from shuniu.registry.web import forms_employers as own

BOTH = ("GET", "POST")
EDIT = "employer.edit"


def union_text(row: Any) -> str:
    return _("has a union") if row.has_union else _("no union")


def union_tone(row: Any) -> str:
    return "good" if row.has_union else "neutral"


COLUMNS: tuple[Column[Employer], ...] = (
    Column("name", gettext_lazy("Employer"), link=True, order=("initials", "pk")),
    Column("credit_code", gettext_lazy("Credit code"), kind=Kind.CODE, narrow=False),
    Column("category", gettext_lazy("Category"), value=lambda row: row.get_category_display(), narrow=False),
    Column("industry", gettext_lazy("Industry"), value=lambda row: row.get_industry_display(), narrow=False),
    Column("area", gettext_lazy("Area"), value="area.name"),
    Column("headcount", gettext_lazy("Staff"), kind=Kind.NUMBER, order=("headcount", "pk")),
    Column("union", gettext_lazy("Union"), value=union_text, tone=union_tone),
)

LIST = ListPage[Employer](
    title=gettext_lazy("Employers"),
    unit=pgettext_lazy("unit", "employers"),
    columns=COLUMNS,
    default_order=("initials", "pk"),
    filters=own.EmployerFilter,
    row_url=lambda row: reverse("registry:employer", args=[row.pk]),
    empty=Empty(
        gettext_lazy("No employers yet"),
        gettext_lazy("Upload the list you have, or enter the first employer by hand."),
        gettext_lazy("Enter an employer"),
        "registry:employer_new",
        EDIT,
    ),
    exports=(
        Export(gettext_lazy("Export to Excel"), "registry:employers_export", "employer.view"),
        Export(gettext_lazy("Export as CSV"), "registry:employers_export_csv", "employer.view"),
    ),
    template="registry/employer_list.html",
)


@page("employer.view")
def employers(request: PageRequest) -> HttpResponse:
    """The employers within sight."""
    rows = queries.employers_of(request.actor)
    return LIST.answer(
        request,
        rows,
        base=rows.filter(closed_on=None).count(),
        base_label=_("all in operation that you look after"),
        may_enter=queries.territories(request.actor).exists(),
    )


@page("employer.view")
def employers_export(request: PageRequest) -> HttpResponse:
    """The employers of the list as a workbook."""
    return workbook(LIST.title, [column.title for column in COLUMNS], _cells(request))


@page("employer.view")
def employers_export_csv(request: PageRequest) -> StreamingHttpResponse:
    """The employers of the list as text that any spreadsheet reads."""
    rows = export_csv([column.title for column in COLUMNS], _cells(request))
    answer = StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = "attachment; filename*=UTF-8''employers.csv"
    return answer


def _cells(request: PageRequest) -> Iterator[list[Any]]:
    chosen = own.EmployerFilter(request.GET, actor=request.actor, today=request.today)
    rows = chosen.narrow(queries.employers_of(request.actor)).order_by(*LIST.default_order)
    for row in rows.iterator(chunk_size=2000):
        values = [column.of(row) for column in COLUMNS]
        yield [str(value) if isinstance(value, Promise) else value for value in values]


@page("employer.view")
def employers_suggest(request: PageRequest) -> HttpResponse:
    """What is offered below a box in which an employer is named."""
    rows = queries.employers_of(request.actor).filter(closed_on=None)
    return suggestions(request, lambda typed: queries.named(rows, typed).order_by("name", "pk"), EmployersField())


@page("employer.view")
def employer(request: PageRequest, pk: int) -> HttpResponse:
    """One employer: what is known of it, and which union covers its staff."""
    row = get_or_404(queries.employers_of(request.actor), pk=pk)
    covered = list(queries.coverage_of(row))
    path = row.territory.path or ""
    organised = any(one.holds_on(request.today) for one in covered)
    free = row.closed_on is None and not organised
    context = {
        "employer": row,
        "organised": organised,
        "unions": [(one, request.actor.may_at("organisation.view", one.organisation.path or "")) for one in covered],
        "facts": _facts(row),
        "events": _events(row, covered),
        "verdict": setup_verdict(row, request.today) if free else None,
        "may_edit": row.closed_on is None and queries.may_edit(request.actor, row),
        "may_close": row.closed_on is None and request.actor.may_at(EDIT, path),
        "may_found": free and request.actor.may_at("organisation.restructure", path),
        "may_organise": free and request.actor.may_at("lead.edit", path),
    }
    return render(request, "registry/employer.html", context)


def _facts(row: Employer) -> list[tuple[str, Any]]:
    return [
        (_("Unified social credit code"), row.credit_code),
        (_("Category"), row.get_category_display()),
        (_("Industry"), row.get_industry_display()),
        (_("Area"), row.area),
        (_("Responsible union body"), row.territory),
        (_("Address"), row.address),
        (_("Opened on"), row.opened_on),
        (_("Staff counted on"), row.counted_on),
    ]


def _events(row: Employer, covered: list[Coverage]) -> list[dict[str, Any]]:
    told = [{"on": one.starts_on, "title": _("Covered by {name}").format(name=one.organisation)} for one in covered]
    told += [
        {"on": one.ends_on, "title": _("No longer covered by {name}").format(name=one.organisation)}
        for one in covered
        if one.ends_on != FOREVER
    ]
    for day, title in ((row.opened_on, pgettext("event", "Opened")), (row.closed_on, pgettext("event", "Closed"))):
        if day:
            told.append({"on": day, "title": title})
    return sorted(told, key=lambda event: event["on"], reverse=True)


@page(EDIT, methods=BOTH)
def employer_new(request: PageRequest) -> HttpResponseBase:
    """Enter an employer."""
    if not queries.territories(request.actor).exists():
        raise PermissionDenied
    form = own.EmployerForm(posted(request), actor=request.actor, today=request.today)
    entered: list[Employer] = []

    def act(data: dict[str, Any]) -> None:
        entered.append(actions.register_employer(actor=request.actor, now=request.now, details=_details(data)))

    if request.method == "POST" and done(form, act):
        messages.success(request, _("{name} was entered.").format(name=entered[0]))
        return redirect("registry:employer", entered[0].pk)
    return _form(request, form, _("Enter an employer"), reverse("registry:employers"), draft="employer-new")


def _details(data: dict[str, Any]) -> actions.EmployerDetails:
    typed = {"category": EmployerCategory(data["category"]), "industry": Industry(data["industry"])}
    return actions.EmployerDetails(**{**data, **typed})


@page(EDIT, methods=BOTH)
def employer_edit(request: PageRequest, pk: int) -> HttpResponseBase:
    """Correct an employer."""
    row = get_or_404(queries.employers_of(request.actor), pk=pk)
    if not queries.may_edit(request.actor, row):
        raise PermissionDenied
    form = own.EmployerForm(posted(request), actor=request.actor, today=request.today, employer=row)

    def act(data: dict[str, Any]) -> None:
        actions.edit_employer(actor=request.actor, now=request.now, employer=row, details=_details(data))

    if request.method == "POST" and done(form, act):
        messages.success(request, _("Saved."))
        return redirect("registry:employer", row.pk)
    return _form(request, form, _("Edit {name}").format(name=row), reverse("registry:employer", args=[row.pk]))


@page(EDIT, methods=BOTH)
def employer_close(request: PageRequest, pk: int) -> HttpResponseBase:
    """Say that an employer ceased, and which unions are left without one."""
    row = get_or_404(queries.employers_of(request.actor), pk=pk)
    if not request.actor.may_at(EDIT, row.territory.path or ""):
        raise PermissionDenied
    form = own.CloseForm(posted(request), actor=request.actor, today=request.today)
    bare: list[str] = []

    def act(data: dict[str, Any]) -> None:
        closed = actions.close_employer(actor=request.actor, now=request.now, employer=row, **data)
        bare.extend(union.name for union in closed)

    if request.method == "POST" and done(form, act):
        messages.success(request, _("{name} was closed.").format(name=row))
        for name in bare:
            messages.warning(
                request, _("{name} covers no employer any more. Dissolve it if its unit is gone.").format(name=name)
            )
        return redirect("registry:employer", row.pk)
    title, cancel = _("Close {name}").format(name=row), reverse("registry:employer", args=[row.pk])
    return _form(request, form, title, cancel, danger=True, submit=_("Close the employer"))


def _form(request: PageRequest, form: Any, title: str, cancel_url: str, **context: Any) -> HttpResponse:
    shown = {"form": form, "title": title, "cancel_url": cancel_url, **context}
    return render(request, "registry/organisation_form.html", shown)

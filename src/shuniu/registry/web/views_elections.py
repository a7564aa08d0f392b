"""Committees that must be elected anew, the nearest first."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from shuniu.kernel.web.files import workbook
from shuniu.kernel.web.lists import Column, Empty, Export, FilterForm, Kind, ListPage
from shuniu.kernel.web.page import page
from shuniu.kernel.web.requests import PageRequest
from shuniu.registry.fields import OrganisationField
from shuniu.registry.models import Term
from shuniu.registry.queries import elections, organisations
from shuniu.registry.rules.terms import ElectionDue, months_later, warning
from shuniu.registry.web.forms_organisations import SEARCH


class ElectionFilter(FilterForm):
    """How near, and below which body."""

    fields: dict[str, Any]

    q = forms.CharField(label=gettext_lazy("Union body"), max_length=80, widget=SEARCH)
    when = forms.ChoiceField(label=gettext_lazy("Election"))
    under = OrganisationField(label=gettext_lazy("Below"))

    def prepare(self) -> None:
        self.months = elections.warning_months(self.today)
        self.fields["under"].rows = organisations.seen(self.actor)
        self.fields["when"].choices = [
            ("", _("Due within {n} months or overdue").format(n=self.months[0])),
            ("overdue", _("Overdue")),
            *[(str(n), _("Due within {n} months").format(n=n)) for n in self.months],
            ("every", _("All committees in office")),
        ]

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        rows = self._near(elections.seen_on(rows, self.today))
        if q := self.values.get("q"):
            found = organisations.named(organisations.seen(self.actor), q)
            rows = rows.filter(organisation__in=found.values("pk"))
        if under := self.values.get("under"):
            rows = rows.filter(organisation__in=organisations.subtree_on(self.today, under).values("pk"))
        return rows

    def _near(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        match self.values.get("when"):
            case "every":
                return rows
            case "overdue":
                return rows.filter(due_on__lt=self.today)
            case None:
                return rows.filter(due_on__lte=months_later(self.today, self.months[0]))
            case months:
                return rows.filter(due_on__gte=self.today, due_on__lte=months_later(self.today, int(months)))


def due_of(row: Any) -> ElectionDue:
    """How near a term's end is."""
    return warning(row.due_on, row.seen_on, elections.warning_months(row.seen_on))


def left_text(row: Any) -> str:
    """How many days are left, or gone."""
    days = due_of(row).days
    if days < 0:
        return ngettext("overdue by {n} day", "overdue by {n} days", -days).format(n=-days)
    return ngettext("{n} day left", "{n} days left", days).format(n=days)


COLUMNS: tuple[Column[Term], ...] = (
    Column("organisation", gettext_lazy("Union body"), value="organisation.name", link=True),
    Column("due_on", gettext_lazy("Election due"), kind=Kind.DATE, order=("due_on", "pk")),
    Column("left", gettext_lazy("Days left"), value=left_text, tone=lambda row: due_of(row).tone),
    Column("number", gettext_lazy("Committee no."), kind=Kind.NUMBER, narrow=False),
    Column("starts_on", gettext_lazy("Elected on"), kind=Kind.DATE, order=("starts_on", "pk"), narrow=False),
    Column("years", gettext_lazy("Term in years"), kind=Kind.NUMBER, narrow=False),
    Column("parent", gettext_lazy("Superior body"), value="organisation.parent.name", narrow=False),
)

LIST = ListPage[Term](
    title=gettext_lazy("Elections due"),
    unit=pgettext_lazy("unit", "committees"),
    columns=COLUMNS,
    default_order=("due_on", "pk"),
    filters=ElectionFilter,
    row_url=lambda row: reverse("registry:organisation", args=[row.organisation_id]),
    empty=Empty(gettext_lazy("No election is due"), gettext_lazy("No committee's term ends soon.")),
    exports=(Export(gettext_lazy("Export to Excel"), "registry:elections_export", "organisation.view"),),
)


@page("organisation.view")
def due(request: PageRequest) -> HttpResponse:
    """Terms that are over or end soon."""
    return LIST.answer(request, elections.present_terms(request.actor))


@page("organisation.view")
def due_export(request: PageRequest) -> HttpResponse:
    """The terms of the list as a workbook."""
    chosen = ElectionFilter(request.GET, actor=request.actor, today=request.today)
    rows = chosen.narrow(elections.present_terms(request.actor)).order_by(*LIST.default_order)
    cells = ([column.of(row) for column in COLUMNS] for row in rows.iterator(chunk_size=2000))
    return workbook(LIST.title, [column.title for column in COLUMNS], cells)

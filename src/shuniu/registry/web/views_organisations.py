"""Union bodies: the list, one body on any day, and the tree below it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from shuniu.kernel.exchange.workbook import export_csv
from shuniu.kernel.scope import Actor
from shuniu.kernel.vault import mask_account, mask_mobile
from shuniu.kernel.web.fields import suggestions
from shuniu.kernel.web.files import workbook
from shuniu.kernel.web.formats import date_text
from shuniu.kernel.web.lists import Column, Empty, Export, Kind, ListPage
from shuniu.kernel.web.page import page
from shuniu.kernel.web.requests import PageRequest, get_or_404
from shuniu.registry.enums import ABOVE_PRIMARY, UNION_TYPES, OrganisationType
from shuniu.registry.fields import OrganisationField
from shuniu.registry.models import Coverage, Organisation
from shuniu.registry.queries import organisations as queries
from shuniu.registry.queries.elections import warning_months
from shuniu.registry.queries.employers import employers_of
from shuniu.registry.queries.history import history
from shuniu.registry.queries.verdicts import body_on, judge
from shuniu.registry.rules.handover import PARTS
from shuniu.registry.rules.terms import ElectionDue, warning
from shuniu.registry.web import links
from shuniu.registry.web.asked import day_asked
from shuniu.registry.web.forms_organisations import OrganisationFilter

CHILDREN_SHOWN = 50
EMPLOYERS_SHOWN = 10


def due_of(row: Any) -> ElectionDue | None:
    """How near the election of a listed body is."""
    return warning(row.due_on, row.seen_on, warning_months(row.seen_on)) if row.due_on else None


def due_text(row: Any) -> str:
    """The day of the election, with a word where it is near or past."""
    due = due_of(row)
    if due is None:
        return _("no committee") if row.type not in PARTS else ""
    if due.is_overdue:
        return _("{day}, overdue").format(day=date_text(due.due_on))
    return date_text(due.due_on)


def due_tone(row: Any) -> str:
    due = due_of(row)
    return due.tone if due and due.tone != "good" else ""


def parent_name(row: Organisation) -> str:
    return (row.parent.short_name or row.parent.name) if row.parent else ""


def chair_text(row: Any) -> str:
    return "" if row.type in PARTS else _("yes") if row.chairs else _("no")


COLUMNS: tuple[Column[Organisation], ...] = (
    Column("name", pgettext_lazy("organisation", "Name"), link=True, order=("initials", "pk")),
    Column("code", pgettext_lazy("organisation", "Number"), kind=Kind.CODE, order=("code", "pk"), narrow=False),
    Column("type", pgettext_lazy("organisation", "Type"), value=lambda row: row.get_type_display()),
    Column("parent", gettext_lazy("Superior body"), value=parent_name, narrow=False),
    Column("members", gettext_lazy("Members"), kind=Kind.NUMBER),
    Column("chair", gettext_lazy("Chair"), value=chair_text, narrow=False),
    Column("due_on", gettext_lazy("Election due"), value=due_text, tone=due_tone),
    Column("founded_on", gettext_lazy("Founded on"), kind=Kind.DATE, order=("founded_on", "pk"), narrow=False),
)

LIST = ListPage[Organisation](
    title=gettext_lazy("Union bodies"),
    unit=pgettext_lazy("unit", "union bodies"),
    columns=COLUMNS,
    default_order=("path",),
    filters=OrganisationFilter,
    row_url=lambda row: reverse("registry:organisation", args=[row.pk]),
    empty=Empty(
        gettext_lazy("No union bodies yet"),
        gettext_lazy("Upload the list you have, or found the first body by hand."),
        gettext_lazy("Found a body"),
        "registry:organisation_new",
        "organisation.restructure",
    ),
    exports=(
        Export(gettext_lazy("Export to Excel"), "registry:organisations_export", "organisation.view"),
        Export(gettext_lazy("Export as CSV"), "registry:organisations_export_csv", "organisation.view"),
    ),
    template="registry/organisation_list.html",
)


@page("organisation.view")
def organisations(request: PageRequest) -> HttpResponse:
    """All union bodies within sight."""
    rows = queries.seen(request.actor)
    return LIST.answer(
        request,
        rows,
        base=queries.standing(rows, request.today).count(),
        base_label=_("all that stand today and that you look after"),
        may_found=request.actor.may("organisation.restructure"),
    )


@page("organisation.view")
def organisations_export(request: PageRequest) -> HttpResponse:
    """The bodies of the list as a workbook."""
    return workbook(LIST.title, [column.title for column in COLUMNS], _cells(request))


@page("organisation.view")
def organisations_export_csv(request: PageRequest) -> StreamingHttpResponse:
    """The bodies of the list as text that any spreadsheet reads."""
    rows = export_csv([column.title for column in COLUMNS], _cells(request))
    answer = StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = "attachment; filename*=UTF-8''organisations.csv"
    return answer


def _cells(request: PageRequest) -> Iterator[list[Any]]:
    chosen = OrganisationFilter(request.GET, actor=request.actor, today=request.today)
    rows = chosen.narrow(queries.seen(request.actor)).order_by("path")
    for row in rows.iterator(chunk_size=2000):
        yield [_plain(column.of(row)) for column in COLUMNS]


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Promise) else value


@page("organisation.view")
def organisations_suggest(request: PageRequest) -> HttpResponse:
    """What is offered below a box in which a body is named."""
    rows = queries.standing(queries.seen(request.actor), request.today)
    return suggestions(request, lambda typed: queries.named(rows, typed).order_by("path"), OrganisationField())


@page("organisation.view")
def organisation(request: PageRequest, pk: int) -> HttpResponse:
    """One body as it stood on a day: its place, its people in numbers, its committee against the rules, its story."""
    row = get_or_404(queries.seen(request.actor), pk=pk)
    day = day_asked(request)
    path = queries.path_of(row, day)
    body = body_on(row, day, path)
    judged = judge(row, body, day)
    sees_officers = request.actor.may_at("officer.view", row.path or "")
    context = {
        "organisation": row,
        "day": day,
        "is_today": day == request.today,
        "must_elect": day == request.today and _must_elect(row, judged.election),
        "stands": path is not None,
        "state": state_of(row, day),
        "body": body,
        "judged": judged,
        "reserved": queries.reserved_on(row, day),
        "unions": _unions(row, day, path),
        "crumbs": _crumbs(request.actor, queries.above_path(day, path), day, request.today),
        "tree": _branches(request.actor, day, row),
        "posts": body.officers if sees_officers else None,
        "sees_people": request.actor.may_at("member.view", row.path or ""),
        "employers": _employers(request.actor, row, day),
        "members_url": links.members(request.actor, row, day, request.today),
        "unions_url": links.unions(row, day),
        "facts": _facts(row, day),
        "events": _events(request.actor, row, officers=sees_officers),
        **_what_may_be_done(request.actor, row),
    }
    return render(request, "registry/organisation.html", context)


def _unions(row: Organisation, day: date, path: str | None) -> int:
    """The unions below a body above them."""
    return queries.within_path(day, path).filter(type__in=UNION_TYPES).count() if row.type in ABOVE_PRIMARY else 0


def _employers(actor: Actor, row: Organisation, day: date) -> list[tuple[Coverage, bool]]:
    """The first employers a union covers, and whether each may be looked at."""
    covered = list(queries.coverage_on(row, day)[:EMPLOYERS_SHOWN])
    keys = [one.employer_id for one in covered]
    visible = set(employers_of(actor).filter(pk__in=keys).values_list("pk", flat=True))
    return [(one, one.employer_id in visible) for one in covered]


def state_of(row: Organisation, day: date) -> tuple[str, str]:
    """The state of a body on a day and the tone of its pill."""
    if day < row.founded_on:
        return _("Not founded yet"), "neutral"
    return (
        (pgettext("organisation", "Dissolved"), "done")
        if day >= row.dissolved_on
        else (row.get_type_display(), "active")
    )


def _crumbs(actor: Actor, above: Iterable[Organisation], day: date, today: date) -> list[tuple[str, str]]:
    query = f"?on={day}" if day != today else ""
    begin = [(str(LIST.title), reverse("registry:organisations"))]
    return begin + [
        (str(body), reverse("registry:organisation", args=[body.pk]) + query)
        for body in above
        if actor.may_at("organisation.view", body.path or "")
    ]


def _facts(row: Organisation, day: date) -> list[tuple[str, Any]]:
    guide = queries.guide_on(row, day)
    return [
        (pgettext("organisation", "Number"), row.code),
        (_("Credit code of the union"), row.credit_code),
        (_("Area"), row.area),
        (_("Founded on"), row.founded_on),
        (_("Approval number"), row.approval_number),
        (_("Guided in its work by"), guide),
        (_("Contact"), row.contact_name),
        (_("Contact phone"), mask_mobile(row.contact_phone)),
        (_("Union account"), mask_account(row.bank_account)),
        (_("Democratic management"), _held(row)),
        (_("Small contributions"), _("yes") if row.small_payer else _("no")),
    ]


def _held(row: Organisation) -> str:
    """What of democratic management a union has."""
    held = [
        (row.has_congress, _("workers' congress")),
        (row.has_disclosure, _("disclosure")),
        (row.has_agreement, _("collective agreement")),
        (row.has_mediation, _("mediation committee")),
    ]
    return "、".join(word for has, word in held if has) or _("nothing recorded")


def _events(actor: Actor, row: Organisation, *, officers: bool) -> list[dict[str, Any]]:
    told = history(row, officers=officers)
    about = {happening.organisation_id for happening in told if happening.organisation_id}
    links = set(queries.seen(actor).filter(pk__in=about).values_list("pk", flat=True)) if about else set()
    return [
        {
            "on": happening.on,
            "title": happening.title,
            "text": happening.text,
            "tone": happening.tone,
            "url": reverse("registry:organisation", args=[happening.organisation_id])
            if happening.organisation_id in links
            else "",
        }
        for happening in told
    ]


def _must_elect(row: Organisation, due: ElectionDue | None) -> bool:
    """Whether an election is the next thing to do: none was recorded, or the term is over or ends soon."""
    return row.type not in PARTS and (due is None or due.within is not None or due.is_overdue)


def _what_may_be_done(actor: Actor, row: Organisation) -> dict[str, Any]:
    path = row.path or ""
    may_edit = not row.is_dissolved and actor.may_at("organisation.edit", path)
    return {
        "may_edit": may_edit,
        "may_restructure": not row.is_dissolved and actor.may_at("organisation.restructure", path),
        "elects": row.type not in PARTS,
        "covers": row.type in UNION_TYPES,
        "is_part": row.type in PARTS,
        "is_above": row.type in ABOVE_PRIMARY,
    }


@page("organisation.view")
def organisation_below(request: PageRequest, pk: int) -> HttpResponse:
    """What stood directly below a body on a day: a part of the tree, or a page of its own without JavaScript."""
    row = get_or_404(queries.seen(request.actor), pk=pk)
    day = day_asked(request)
    context = {"organisation": row, "day": day, "tree": _branches(request.actor, day, row)}
    return render(request, "registry/_tree.html" if request.htmx else "registry/organisation_below.html", context)


def _branches(actor: Actor, day: date, row: Organisation) -> dict[str, Any]:
    """The nodes below a body, as far as one page shows them, and the way to all."""
    rows: list[Any] = list(queries.children_with_more(day, row)[: CHILDREN_SHOWN + 1])
    query = f"?on={day}"
    nodes = [
        {
            "label": child.short_name or child.name,
            "type": "" if child.type == OrganisationType.PRIMARY else OrganisationType(child.type).label,
            "url": reverse("registry:organisation", args=[child.pk]) + query
            if actor.may_at("organisation.view", child.path or "")
            else "",
            "below": reverse("registry:organisation_below", args=[child.pk]) + query if child.has_children else "",
        }
        for child in rows[:CHILDREN_SHOWN]
    ]
    all_url = links.bodies(row, day)
    return {"nodes": nodes, "all_url": all_url if len(rows) > CHILDREN_SHOWN else ""}

"""Filing: a member for herself, a clerk for somebody on the phone or at the counter, one line to another."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from shuniu.desk.actions import cases as actions
from shuniu.desk.actions import joining
from shuniu.desk.enums import Channel
from shuniu.desk.lineage import setup_of_line
from shuniu.desk.models import Case, ServiceLine
from shuniu.desk.queries import cases as queries
from shuniu.desk.queries.directory import numbers_to_call
from shuniu.desk.sight import SERVES, Sight
from shuniu.desk.web import forms_cases as own
from shuniu.desk.web.intake import IntakeForm
from shuniu.kernel.web.doing import done, posted
from shuniu.kernel.web.page import page
from shuniu.kernel.web.requests import PageRequest, get_or_404
from shuniu.registry.public import Person

BOTH = ("GET", "POST")
ICONS = {
    "advice": "scale", "counselling": "heart-handshake", "grievance": "message-2-exclamation", "mediation": "users-group",
    "repair": "tool", "letter": "mail", "training": "school", "assessment": "clipboard-check", "other": "help-circle",
}  # fmt: skip


def _me(request: PageRequest) -> Person:
    rows = Person.objects.visible_to(request.actor).select_related("home")
    found: Person = get_or_404(rows, pk=request.actor.person_id)
    return found


def tiles(lines: Any, url_name: str) -> list[dict[str, Any]]:
    """One tile a line: its icon, name, what it is for, and where it leads."""
    return [
        {"line": line, "icon": ICONS.get(line.kind, "help-circle"), "url": reverse(url_name, args=[line.key])}
        for line in lines
    ]


@page("own.view")
def help_tiles(request: PageRequest) -> HttpResponse:
    """Find help: what the member's unions offer, one tile a line."""
    home = _me(request).home
    lines = queries.lines_for(request.actor, home.path or "" if home else "").order_by("-organisation__path", "name")
    return render(request, "desk/help.html", {"tiles": tiles(lines, "desk:file"), "hotlines": numbers_to_call()})


@page("own.view", methods=BOTH)
def file(request: PageRequest, key: str) -> HttpResponseBase:
    """The form of a line, and the case that comes of it."""
    me = _me(request)
    line = get_or_404(queries.lines_for(request.actor, me.home.path or "" if me.home else ""), key=key)
    form = IntakeForm(posted(request), setup_of_line(line).fields)
    opened: list[Case] = []

    def act(_data: dict[str, Any]) -> None:
        case = actions.open_case(
            line, channel=Channel.WEB, filer=me, actor=request.actor, now=request.now, **form.given()
        )
        opened.append(case)

    if request.method == "POST" and done(form, act):
        said = _("Received. The number is {number}; you can follow it here.").format(number=opened[0].number)
        messages.success(request, said)
        return redirect("desk:case", opened[0].pk)
    context = {"form": form, "line": line, "title": line.name, "cancel_url": reverse("desk:help"), "submit": _("Send")}
    context |= {"crumbs": [(_("Find help"), reverse("desk:help"))]}
    context |= {"draft": "" if line.is_confidential else f"case-{line.key}"}
    return render(request, "desk/file.html", context)


@page("case.enter", "service.give")
def enter(request: PageRequest) -> HttpResponse:
    """Choose the line of a case that is entered for somebody."""
    return render(request, "desk/enter.html", {"tiles": tiles(queries.entry_lines(request.actor), "desk:enter_line")})


@page("case.enter", "service.give", methods=BOTH)
def enter_line(request: PageRequest, key: str) -> HttpResponseBase:
    """Enter a case for somebody on the phone or at the counter."""
    line = _one_of(queries.entry_lines(request.actor), key)
    form = own.EnterForm(posted(request), line, request.actor)
    opened: list[Case] = []

    def act(_data: dict[str, Any]) -> None:
        opened.append(actions.open_case(line, actor=request.actor, now=request.now, **form.given()))

    if request.method == "POST" and done(form, act):
        messages.success(
            request, _("Entered as {number}. Tell whoever called this number.").format(number=opened[0].number)
        )
        return redirect("desk:case", opened[0].pk)
    context = {
        "form": form,
        "line": line,
        "title": line.name,
        "cancel_url": reverse("desk:enter"),
        "submit": _("Enter"),
    }
    crumbs = [(_("Enter a case"), reverse("desk:enter"))]
    return render(request, "desk/file.html", context | {"crumbs": crumbs})


def _one_of(lines: list[ServiceLine], key: str) -> ServiceLine:
    found = next((line for line in lines if line.key == key), None)
    if found is None:
        raise PermissionDenied
    return found


@page("case.view", "case.enter", "service.give", methods=BOTH)
def hand_over(request: PageRequest, pk: int) -> HttpResponseBase:
    """Go on with a case in another line: first which, then what that line asks."""
    rows = queries.cases(request.actor).select_related("organisation__area", "filer", "employer")
    row, sight = get_or_404(rows, pk=pk), Sight.of(request.actor)
    if not sight.roles(row) & SERVES:
        raise PermissionDenied
    path = row.organisation.path or ""
    others = [one for one in queries.lines_for(request.actor, path).order_by("name") if one.pk != row.line_id]
    chosen = next((one for one in others if one.key == request.GET.get("line", "")), None)
    back = reverse("desk:case", args=[pk])
    context: dict[str, Any] = {"case": row, "cancel_url": back, "crumbs": [(row.number, back)], "lines": others}
    context |= {"title": _("Hand over to another line"), "line": chosen}
    if chosen is None:
        return render(request, "desk/hand_over.html", context)
    form = IntakeForm(posted(request), setup_of_line(chosen).fields, initial={**row.answered, "title": row.title})
    form.fields["text"] = own.text_field(_("Message to whoever filed it"), required=False, rows=3)
    made: list[Case] = []

    def act(data: dict[str, Any]) -> None:
        given = form.given()
        case = joining.hand_over(
            row,
            chosen,
            title=given["title"],
            answers=given["answers"],
            text=data["text"],
            actor=request.actor,
            now=request.now,
        )
        made.append(case)

    if request.method == "POST" and done(form, act):
        messages.success(request, _("Handed over as {number}.").format(number=made[0].number))
        return redirect(back)
    return render(request, "desk/case_form.html", context | {"form": form, "submit": _("Hand over")})


def by_union(lines: Any) -> list[tuple[str, list[dict[str, Any]]]]:
    """Tiles under the names of the unions whose lines they are."""
    groups = groupby(lines, key=lambda line: str(line.organisation))
    return [(name, tiles(rows, "desk:anonymous_new")) for name, rows in groups]

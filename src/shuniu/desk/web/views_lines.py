"""Service lines: the list, one line, and the forms in which each part of it is set up."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from shuniu.desk.actions import lines as actions
from shuniu.desk.blueprints import blueprints
from shuniu.desk.enums import LineRole, Secrecy
from shuniu.desk.models import ServiceLine
from shuniu.desk.queries import cases as queries
from shuniu.desk.queries import lines as line_queries
from shuniu.desk.rules.setup import Setup, read_setup
from shuniu.desk.soundness import wrong_with
from shuniu.desk.web import forms_lines as own
from shuniu.desk.web.diagram import draw
from shuniu.desk.web.intake import IntakeForm
from shuniu.kernel.errors import ActionError
from shuniu.kernel.web.doing import done, posted
from shuniu.kernel.web.lists import Column, Empty, Kind, ListPage
from shuniu.kernel.web.page import page
from shuniu.kernel.web.requests import PageRequest, get_or_404

BOTH = ("GET", "POST")
EDIT = "line.edit"
TITLE = gettext_lazy("Service lines")
PARTS = {
    "fields": gettext_lazy("Questions of the form"),
    "states": gettext_lazy("States"),
    "moves": gettext_lazy("Transitions"),
    "clocks": gettext_lazy("Clocks"),
    "tells": gettext_lazy("Who is told"),
    "rating": gettext_lazy("Questions of the rating"),
}
LIST = ListPage[ServiceLine](
    title=TITLE,
    unit=pgettext_lazy("unit", "lines"),
    columns=(
        Column("name", gettext_lazy("Name"), link=True, order=("name", "pk")),
        Column("organisation", gettext_lazy("Union body"), value="organisation.name"),
        Column("kind", gettext_lazy("Kind"), value=lambda row: row.get_kind_display()),
        Column("secrecy", gettext_lazy("Who may read"), value=lambda row: row.get_secrecy_display(), narrow=False),
        Column("version", gettext_lazy("Version"), value=lambda row: row.current.number if row.current else None, kind=Kind.NUMBER),
        Column(
            "open", gettext_lazy("New cases"),
            value=lambda row: _("Takes cases") if row.is_open and row.current else _("Closed"),
            tone=lambda row: "good" if row.is_open and row.current else "done",
        ),
    ),
    default_order=("name", "pk"),
    row_url=lambda row: reverse("desk:line", args=[row.pk]),
    empty=Empty(
        gettext_lazy("No service lines yet"), gettext_lazy("Start from a template and change what is different with you."),
        gettext_lazy("Set up a line"), "desk:line_new", EDIT,
    ),
    template="desk/line_list.html",
)  # fmt: skip


@page("case.view", EDIT)
def lines(request: PageRequest) -> HttpResponse:
    """Every line whose cases the actor sees."""
    return LIST.answer(request, queries.lines(request.actor), may_edit=request.actor.may(EDIT))


@page(EDIT)
def line_new(request: PageRequest) -> HttpResponse:
    """Choose the template of a new line."""
    return render(
        request, "desk/line_new.html", {"blueprints": blueprints().values(), "crumbs": [(TITLE, reverse("desk:lines"))]}
    )


@page(EDIT, methods=BOTH)
def line_new_from(request: PageRequest, template: str) -> HttpResponseBase:
    """A new line from a template."""
    blueprint = blueprints().get(template)
    if blueprint is None:
        raise Http404
    start = {
        "name": str(blueprint.name),
        "about": str(blueprint.about),
        "key": blueprint.key,
        "letters": blueprint.prefix,
    }
    form = own.NewLineForm(posted(request), actor=request.actor, initial=start)
    made: list[ServiceLine] = []

    def act(data: dict[str, Any]) -> None:
        data["prefix"] = data.pop("letters")
        made.append(actions.set_up_line(blueprint=blueprint, actor=request.actor, now=request.now, **data))

    if request.method == "POST" and done(form, act):
        messages.success(request, _("The line is set up. Look it through, say who works for it, then publish it."))
        return redirect("desk:line", made[0].pk)
    crumbs = [(TITLE, reverse("desk:lines")), (_("Templates"), reverse("desk:line_new"))]
    context = {"form": form, "title": blueprint.name, "crumbs": crumbs, "cancel_url": reverse("desk:line_new")}
    return render(request, "desk/line_form.html", context | {"submit": _("Set up")})


@page("case.view", EDIT)
def line(request: PageRequest, pk: int) -> HttpResponse:
    """One line: its parts, its graph, who works for it, which version is in force."""
    row = get_or_404(queries.lines(request.actor), pk=pk)
    setup = read_setup(row.setup, row.name)
    context = {
        "line": row,
        "may_edit": request.actor.may_at(EDIT, row.organisation.path or ""),
        "changed": row.current is None or row.current.setup != row.setup,
        "wrong": wrong_with(row),
        "parts": [(part, title, _entries(part, setup)) for part, title in PARTS.items()],
        "drawing": draw(setup),
        "staff": line_queries.staff(row),
        "versions": line_queries.versions(row),
        "texts": list(row.answers.order_by("title")),
        "crumbs": [(TITLE, reverse("desk:lines"))],
        "facts": _facts(row),
    }
    return render(request, "desk/line.html", context)


def _facts(row: ServiceLine) -> list[tuple[Any, Any]]:
    return [
        (_("Union body"), row.organisation),
        (_("Kind"), row.get_kind_display()),
        (_("Who may read"), row.get_secrecy_display()),
        (_("Takes anonymous letters"), _("Yes") if row.takes_anonymous else _("No")),
        (_("Letters of its numbers"), row.prefix),
        (_("Version"), row.current.number if row.current else ""),
    ]


def _entries(part: str, setup: Setup) -> list[dict[str, Any]]:
    """The entries of a part, each in a line of words."""
    labels = {stage.key: str(stage.label) for stage in setup.states}
    tell: dict[str, Callable[[Any], tuple[str, str]]] = {
        "fields": lambda one: (str(one.label), _field_words(one)),
        "rating": lambda one: (str(one.label), str(one.kind.label)),
        "states": lambda one: (str(one.label), _state_words(one, setup)),
        "moves": lambda one: (
            str(one.label),
            f"{'、'.join(labels.get(s, s) for s in one.source)} → {labels.get(one.target, one.target)} · "
            + "、".join(str(who.label) for who in sorted(one.who)),
        ),
        "clocks": lambda one: (
            str(one.label),
            f"{own.UNITS[one.unit]} · {'、'.join(labels.get(s, s) for s in sorted(one.starts))}",
        ),
        "tells": lambda one: (str(one.on.label), "、".join(str(who.label) for who in sorted(one.whom))),
    }
    return [{"title": title, "text": text} for title, text in map(tell[part], getattr(setup, part))]


def _field_words(field: Any) -> str:
    words = [str(field.kind.label), *([_("must be answered")] if field.required else [])]
    return " · ".join(words)


def _state_words(stage: Any, setup: Setup) -> str:
    words = [f"{stage.share}%"]
    words += [_("new cases begin here")] if stage.key == setup.initial else []
    words += [_("closed")] if stage.final else []
    words += [_("clocks stand still")] if stage.paused else []
    return " · ".join(words)


@page(EDIT, methods=BOTH)
def line_edit(request: PageRequest, pk: int) -> HttpResponseBase:
    """What the line is called and who may read its cases."""
    row = _editable(request, pk)
    start = {key: getattr(row, key) for key in ("name", "about", "secrecy", "takes_anonymous", "is_open")}
    form = own.LineForm(posted(request), initial=start, label_suffix="")

    def act(data: dict[str, Any]) -> None:
        data = data | {"secrecy": Secrecy(data["secrecy"])}
        actions.change_line(row, actor=request.actor, now=request.now, **data)

    return _answer(request, row, form, act, _("Edit the line"))


@page(EDIT, methods=BOTH)
def line_part(request: PageRequest, pk: int, part: str, index: int) -> HttpResponseBase:
    """One entry of a part; the index after the last one is a new entry."""
    row = _editable(request, pk)
    items = row.setup.get(part, []) if part in PARTS else None
    if items is None or index > len(items):
        raise Http404
    setup, item = read_setup(row.setup, row.name), items[index] if index < len(items) else {}
    form = own.PART_FORMS[part](posted(request), setup=setup, item=item)

    def act(data: dict[str, Any]) -> None:
        changed = copy.deepcopy(row.setup)
        changed.setdefault(part, [])[index : index + 1] = [form.closed()]
        if data.get("initial_state"):
            changed["initial"] = data["key"]
        actions.change_setup(row, changed, part=part, actor=request.actor, now=request.now)

    return _answer(request, row, form, act, PARTS[part], removable=bool(item), part=part, index=index)


@page(EDIT, methods=["POST"])
def line_part_turn(request: PageRequest, pk: int, part: str, index: int, turn: str) -> HttpResponseBase:
    """Take an entry out of the draft, or move it up by one."""
    row = _editable(request, pk)
    changed = copy.deepcopy(row.setup)
    items = changed.get(part, []) if part in PARTS else []
    if index >= len(items) or turn not in {"remove", "up"}:
        raise Http404
    item = items.pop(index)
    if turn == "up":
        items.insert(max(index - 1, 0), item)
    actions.change_setup(row, changed, part=part, actor=request.actor, now=request.now)
    return redirect(f"{reverse('desk:line', args=[pk])}#{part}")


@page(EDIT)
def line_preview(request: PageRequest, pk: int) -> HttpResponse:
    """The intake form as those who file will see it."""
    row = _editable(request, pk)
    form = IntakeForm(None, read_setup(row.setup, row.name).fields)
    back = reverse("desk:line", args=[pk])
    crumbs = [(TITLE, reverse("desk:lines")), (row.name, back)]
    return render(request, "desk/line_preview.html", {"form": form, "line": row, "crumbs": crumbs, "cancel_url": back})


@page(EDIT, methods=["POST"])
def line_publish(request: PageRequest, pk: int, what: str) -> HttpResponseBase:
    """Publish the draft, or go back to what is published."""
    row = _editable(request, pk)
    if what not in {"publish", "drop"}:
        raise Http404
    try:
        if what == "publish":
            version = actions.publish_line(row, actor=request.actor, now=request.now)
            messages.success(request, _("Version {n} is in force for new cases.").format(n=version.number))
        else:
            actions.drop_draft(row, actor=request.actor, now=request.now)
    except ActionError as error:
        messages.error(request, str(error))
    return redirect("desk:line", pk)


@page(EDIT, methods=BOTH)
def line_staff_new(request: PageRequest, pk: int) -> HttpResponseBase:
    """Have an account work for the line."""
    row = _editable(request, pk)
    form = own.StaffForm(posted(request), label_suffix="")

    def act(data: dict[str, Any]) -> None:
        actions.add_staff(row, data["username"], LineRole(data["role"]), actor=request.actor, now=request.now)

    return _answer(request, row, form, act, _("Add somebody"))


@page(EDIT, methods=["POST"])
def line_staff_end(request: PageRequest, pk: int, staff: int) -> HttpResponseBase:
    """Have an account work for the line no more."""
    row = _editable(request, pk)
    found = next((one for one in line_queries.staff(row) if one.pk == staff), None)
    if found is None:
        raise Http404
    actions.end_staff(found, actor=request.actor, now=request.now)
    return redirect("desk:line", pk)


@page(EDIT, methods=BOTH)
def line_text(request: PageRequest, pk: int, text: int = 0) -> HttpResponseBase:
    """A text that answers may begin with."""
    row = _editable(request, pk)
    found = get_or_404(row.answers.all(), pk=text) if text else None
    start = {"title": found.title, "text": found.text} if found else None
    form = own.AnswerTextForm(posted(request), initial=start, label_suffix="")

    def act(data: dict[str, Any]) -> None:
        actions.keep_answer(row, actor=request.actor, now=request.now, **data)

    return _answer(request, row, form, act, _("Text for answers"))


def _editable(request: PageRequest, pk: int) -> ServiceLine:
    row = get_or_404(queries.lines(request.actor), pk=pk)
    if not request.actor.may_at(EDIT, row.organisation.path or ""):
        raise PermissionDenied(EDIT)
    return row


def _answer(
    request: PageRequest, row: ServiceLine, form: forms.Form, act: Callable[[dict[str, Any]], object], title: object,
    **context: Any,
) -> HttpResponseBase:  # fmt: skip
    """A form about one line: shown, or carried out and back to the line."""
    back = reverse("desk:line", args=[row.pk])
    if request.method == "POST" and done(form, act):
        messages.success(request, _("Kept."))
        return redirect(f"{back}#{context.get('part', '')}".rstrip("#"))
    crumbs = [(TITLE, reverse("desk:lines")), (row.name, back)]
    shown = {"form": form, "line": row, "title": title, "crumbs": crumbs, "cancel_url": back}
    return render(request, "desk/line_form.html", shown | context)

"""Cases: the lists, one case and what is done with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from shuniu.desk.actions import cases as actions
from shuniu.desk.actions import extensions, joining
from shuniu.desk.actions.files import attach_file
from shuniu.desk.asking import SUBJECT
from shuniu.desk.casework import CaseError
from shuniu.desk.enums import Asks, Who
from shuniu.desk.lineage import flow_of_version, setup_of, state_of
from shuniu.desk.models import Case
from shuniu.desk.queries import cases as queries
from shuniu.desk.rules.graph import CaseMove
from shuniu.desk.sight import SERVES, Sight
from shuniu.desk.standing import view_of
from shuniu.desk.web import forms_cases as own
from shuniu.desk.web import show
from shuniu.desk.web.case_papers import PAPERS
from shuniu.desk.web.panels import panels_of
from shuniu.kernel.documents.answer import answer
from shuniu.kernel.errors import ActionError
from shuniu.kernel.exchange.store import open_upload
from shuniu.kernel.web.doing import done, posted
from shuniu.kernel.web.files import download, workbook
from shuniu.kernel.web.lists import Column, Empty, Export, Kind, ListPage
from shuniu.kernel.web.page import page
from shuniu.kernel.web.requests import PageRequest, get_or_404
from shuniu.voice.public import open_invitations

BOTH = ("GET", "POST")
ANY = ("own.view", "case.view", "case.enter", "service.give")
STAFF = ("case.view", "case.enter", "service.give")
CASES = gettext_lazy("Cases")
SEALED = gettext_lazy("Confidential")


def case_page(sight: Sight, now: Any, **given: Any) -> ListPage[Case]:
    """The list of cases for one reader: a subject is shown where she may read the case."""

    def title(row: Case) -> Any:
        return row.title if sight.reads(row) else SEALED

    columns: tuple[Column[Case], ...] = (
        Column("number", pgettext("case", "Number"), kind=Kind.CODE, link=True),
        Column("title", pgettext("case", "Subject"), value=title),
        Column("state", _("State"), value=lambda row: state_of(row)[0], tone=lambda row: state_of(row)[1]),
        Column("line", pgettext("case", "Service"), value="line.name", narrow=False),
        Column("handler", pgettext("case", "Handled by"), value="handler.name", narrow=False),
        Column("opened_at", _("Received"), kind=Kind.MOMENT, order=("opened_at", "pk")),
        Column("due", _("Due"), value=lambda row: row.due_at, template="desk/_due.html"),
    )
    values: dict[str, Any] = {"title": CASES, "unit": pgettext_lazy("unit", "cases"), **given}
    return ListPage[Case](
        columns=columns,
        default_order=("-opened_at", "-pk"),
        filters=own.CaseFilter,
        row_url=lambda row: reverse("desk:case", args=[row.pk]),
        extra={"now": now},
        **values,
    )


@page(*STAFF)
def cases(request: PageRequest) -> HttpResponse:
    """All cases within sight."""
    empty = Empty(
        gettext_lazy("No cases yet"), gettext_lazy("Enter a call or a visit, or wait until somebody files one."),
        gettext_lazy("Enter a case"), "desk:enter", "case.enter",
    )  # fmt: skip
    exports = (Export(gettext_lazy("Export"), "desk:cases_export", "case.view"),)
    listing = case_page(
        Sight.of(request.actor), request.now, empty=empty, exports=exports, template="desk/case_list.html"
    )
    return listing.answer(request, queries.cases(request.actor), may_enter=request.actor.may("case.enter"))


@page("case.view")
def cases_export(request: PageRequest) -> HttpResponse:
    """The cases of the list as a workbook; of a confidential one neither subject nor filer."""
    chosen = own.CaseFilter(request.GET, actor=request.actor, today=request.today)
    listing = case_page(Sight.of(request.actor), request.now)
    rows = chosen.narrow(queries.cases(request.actor)).order_by(*listing.default_order)[:50_000]
    cells = ([str(column.of(row) or "") for column in listing.columns] for row in rows.iterator(chunk_size=2000))
    return workbook(listing.title, [column.title for column in listing.columns], cells)


@page("case.view", "service.give", "case.enter")
def handled(request: PageRequest) -> HttpResponse:
    """What I handle; the open ones first to be done are those that are due first."""
    empty = Empty(gettext_lazy("You handle no cases"), gettext_lazy("Cases that are given to you appear here."))
    title = gettext_lazy("Cases I handle")
    listing = case_page(Sight.of(request.actor), request.now, title=title, empty=empty)
    return listing.answer(request, queries.handled_cases(request.actor))


@page("own.view")
def mine(request: PageRequest) -> HttpResponse:
    """What I filed, and how far it is."""
    rows = queries.own_cases(request.actor).order_by("-opened_at", "-pk")[:100]
    asked = open_invitations(request.actor, SUBJECT, [row.pk for row in rows], request.today)
    shown = [{"row": row, **show.status(row), "rate": asked.get(row.pk)} for row in rows]
    return render(request, "desk/mine.html", {"cases": shown})


@page(*ANY)
def case(request: PageRequest, pk: int) -> HttpResponse:
    """One case: how far it is, what was said, what comes next. Of a vault, strangers see its number and times only."""
    row, sight = _in_sight(request, pk)
    context: dict[str, Any] = {
        "case": row,
        **show.status(row),
        "clocks": show.clocks(row, request.now),
        "crumbs": _crumbs(request, row),
    }
    if not sight.reads(row):
        return render(request, "desk/case_sealed.html", context)
    roles, serves = sight.roles(row), sight.serves(row)
    moves = flow_of_version(row.version).available(view_of(row, roles, request.now), request.actor)
    onward = [move for move in moves if not move.danger and _share(row, move) >= context["share"]]
    context |= {
        "primary": onward[0] if onward else None,
        "others": [move for move in moves if move not in onward[:1]],
        "serves": serves,
        "may_write": bool(roles) and row.closed_at is None,
        "is_filer": Who.FILER in roles,
        "is_staff": bool(roles & SERVES),
        "leads": bool(roles & joining.LEADS),
        "facts": show.facts(row, serves=serves),
        "answers": show.answers(row),
        "events": show.events(row, queries.history(row, serves=serves)),
        "files": queries.files(row, serves=serves),
        "extensions": _open_extensions(row) if roles & joining.LEADS else [],
        "successors": list(queries.cases(request.actor).filter(origin=row)),
        "papers": [(key, title) for key, (title, _make) in PAPERS.items()],
        "panels": panels_of(request, row, sight),
    }
    return render(request, "desk/case.html", context)


@page(*ANY, methods=BOTH)
def case_move(request: PageRequest, pk: int, move: str) -> HttpResponseBase:
    """Take a transition, with what it asks for."""
    row, sight = _readable(request, pk)
    flow = flow_of_version(row.version)
    if move not in {one.name for one in flow.transitions}:
        raise Http404
    try:
        taken = cast("CaseMove", flow.check(move, view_of(row, sight.roles(row), request.now), request.actor))
    except ActionError as error:
        messages.error(request, str(error))
        return redirect("desk:case", pk)
    form = own.MoveForm(posted(request), case=row, move=taken, now=request.now, text=_template(request, row))

    def act(_data: dict[str, Any]) -> None:
        actions.move_case(row, move, actor=request.actor, now=request.now, **form.given())

    texts = list(row.line.answers.order_by("title")) if taken.asks is Asks.ANSWER and sight.serves(row) else []
    said = _("The case is “{state}” now.").format(state=flow.of(taken.target).label)
    return _answer(request, row, form, act, said, taken.label, submit=taken.label, danger=taken.danger, texts=texts)


def _template(request: PageRequest, row: Case) -> str:
    """The text of the template that was chosen, where one was."""
    chosen = request.GET.get("text", "")
    if not chosen.isdecimal() or len(chosen) > 18:
        return ""
    found = row.line.answers.filter(pk=chosen).first()
    return found.text if found else ""


@page(*STAFF, methods=BOTH)
def case_assign(request: PageRequest, pk: int) -> HttpResponseBase:
    """Give the case to somebody who serves the line."""
    row, sight = _readable(request, pk)
    if not sight.roles(row) & joining.LEADS:
        raise PermissionDenied
    form = own.AssignForm(posted(request), case=row, now=request.now)

    def act(data: dict[str, Any]) -> None:
        actions.assign_case(row, data["handler"], actor=request.actor, now=request.now)

    return _answer(request, row, form, act, _("The case is handed out."), _("Hand out"), submit=_("Hand out"))


@page(*ANY, methods=BOTH)
def case_write(request: PageRequest, pk: int, what: str) -> HttpResponseBase:
    """Write an answer, a message or an internal note."""
    row, sight = _readable(request, pk)
    allowed = {"message": Who.FILER in sight.roles(row)}
    allowed |= dict.fromkeys(("answer", "note"), bool(sight.roles(row) & SERVES))
    if what not in allowed:
        raise Http404
    if not allowed[what]:
        raise PermissionDenied
    labels = {"message": _("Your message"), "answer": _("Answer"), "note": _("Internal note")}
    form = own.WriteForm(posted(request), label=labels[what])

    def act(data: dict[str, Any]) -> None:
        write = {"message": actions.write_as_filer, "answer": actions.answer_case, "note": joining.add_note}[what]
        write(row, data["text"], actor=request.actor, now=request.now)

    return _answer(request, row, form, act, _("Kept."), labels[what], submit=_("Send") if what != "note" else _("Keep"))


@page(*ANY, methods=BOTH)
def case_attach(request: PageRequest, pk: int) -> HttpResponseBase:
    """Add a file."""
    row, sight = _readable(request, pk)
    roles = sight.roles(row)
    if not roles:
        raise PermissionDenied
    sent = request.method == "POST"
    form = own.FileForm(request.POST if sent else None, request.FILES if sent else None, label_suffix="")
    if Who.FILER in roles:
        del form.fields["internal"]

    def act(data: dict[str, Any]) -> None:
        file, internal = data["file"], data.get("internal", False)
        attach_file(row, file.file, file.name, internal=internal, actor=request.actor, now=request.now)

    return _answer(request, row, form, act, _("The file is kept."), _("Add a file"), submit=_("Add"))


@page(*ANY)
def case_file(request: PageRequest, pk: int, file: int) -> HttpResponse:
    """A file of the case, to be saved."""
    row, sight = _readable(request, pk)
    found = next((one for one in queries.files(row, serves=sight.serves(row)) if one.pk == file), None)
    if found is None:
        raise Http404
    with open_upload(found.stored) as content:
        return download(content.read(), found.name, "application/octet-stream")


@page(*ANY)
def case_paper(request: PageRequest, pk: int, paper: str, form: str) -> HttpResponse:
    """One of the papers of the case as a file."""
    row, _sight = _readable(request, pk)
    if paper not in PAPERS:
        raise Http404
    title, make = PAPERS[paper]
    return answer(request, make(row, queries.history(row, serves=False)), f"{title} {row.number}", form)


@page(*STAFF, methods=BOTH)
def case_merge(request: PageRequest, pk: int) -> HttpResponseBase:
    """Close the case in favour of another about the same thing."""
    row, sight = _readable(request, pk)
    if not sight.roles(row) & joining.LEADS:
        raise PermissionDenied
    form = own.MergeForm(posted(request), label_suffix="")

    def act(data: dict[str, Any]) -> None:
        kept = queries.cases(request.actor).filter(line_id=row.line_id, number=data["number"].strip().upper()).first()
        if kept is None:
            raise CaseError(_("There is no case of that number in this line."))
        joining.merge_case(row, kept, actor=request.actor, now=request.now)

    return _answer(
        request, row, form, act, _("The case is merged."), _("Merge into another case"), submit=_("Merge"), danger=True
    )


@page(*STAFF, methods=BOTH)
def case_extend(request: PageRequest, pk: int) -> HttpResponseBase:
    """Ask for more time."""
    row, sight = _readable(request, pk)
    if not sight.roles(row) & {Who.HANDLER, Who.DISPATCHER}:
        raise PermissionDenied
    running = {str(one["row"].pk): one for one in show.clocks(row, request.now) if one["row"].stopped_at is None}
    form = own.ExtendForm(posted(request), clocks=[(key, one["label"]) for key, one in running.items()])

    def act(data: dict[str, Any]) -> None:
        clock = running[data["clock"]]["row"]
        extensions.ask_extension(
            row, clock, units=data["units"], reason=data["reason"], actor=request.actor, now=request.now
        )

    return _answer(request, row, form, act, _("More time is asked for."), _("Ask for more time"), submit=_("Ask"))


@page(*STAFF, methods=["POST"])
def case_extension(request: PageRequest, pk: int, extension: int, answer: str) -> HttpResponseBase:
    """Grant or refuse more time."""
    row, sight = _readable(request, pk)
    if not sight.roles(row) & joining.LEADS:
        raise PermissionDenied
    asked = get_or_404(row.extensions.filter(decided_at=None), pk=extension)
    try:
        extensions.decide_extension(asked, granted=answer == "grant", actor=request.actor, now=request.now)
    except ActionError as error:
        messages.error(request, str(error))
    return redirect("desk:case", pk)


def _share(row: Case, move: Any) -> int:
    """How far along a case would be after the transition; one that leads back is nobody's first choice."""
    return setup_of(row.version).state(str(move.target)).share


def _open_extensions(row: Case) -> list[Any]:
    return list(row.extensions.filter(decided_at=None).select_related("clock"))


def _in_sight(request: PageRequest, pk: int) -> tuple[Case, Sight]:
    rows = queries.cases(request.actor).select_related(
        "organisation__area", "filer", "employer", "origin", "merged_into"
    )
    return get_or_404(rows, pk=pk), Sight.of(request.actor)


def _readable(request: PageRequest, pk: int) -> tuple[Case, Sight]:
    """A case that the reader may read; of a vault in her sight that she may not, 403."""
    row, sight = _in_sight(request, pk)
    if not sight.reads(row):
        raise PermissionDenied
    return row, sight


def _crumbs(request: PageRequest, row: Case) -> list[tuple[Any, str]]:
    if row.filer_id is not None and row.filer_id == request.actor.person_id:
        return [(_("My matters"), reverse("desk:mine"))]
    return [(CASES, reverse("desk:cases"))] if request.actor.may(*STAFF) else []


Act = Callable[[dict[str, Any]], object]


def _answer(
    request: PageRequest, row: Case, form: forms.Form, act: Act, said: str, title: object, **context: Any
) -> HttpResponseBase:
    """A form about one case: shown, or carried out and back to the case."""
    back = reverse("desk:case", args=[row.pk])
    if request.method == "POST" and done(form, act):
        messages.success(request, said)
        return redirect(back)
    crumbs = [*_crumbs(request, row), (row.number, back)]
    shown = {"form": form, "case": row, "title": title, "crumbs": crumbs, "cancel_url": back}
    return render(request, "desk/case_form.html", shown | context)

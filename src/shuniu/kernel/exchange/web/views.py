"""One import on its way: which column is which, the check, what is wrong, taking in, taking back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRefresh

from shuniu.kernel.errors import ActionError
from shuniu.kernel.exchange import actions
from shuniu.kernel.exchange.enums import BatchState
from shuniu.kernel.exchange.models import ImportBatch
from shuniu.kernel.exchange.queries import errors_of, history_of, my_batches, preview_of, progress_of, sheet_of
from shuniu.kernel.exchange.rules import BATCH, moves
from shuniu.kernel.exchange.sheet import Sheet
from shuniu.kernel.exchange.web.answers import XLSX, download
from shuniu.kernel.exchange.web.forms import MappingForm, TableForm
from shuniu.kernel.exchange.web.problems import problem_list
from shuniu.kernel.exchange.web.views_upload import crumbs
from shuniu.kernel.web.page import page
from shuniu.kernel.web.requests import PageRequest, get_or_404, wants_part

SETTLED = (BatchState.CHECKED, BatchState.APPLYING, BatchState.APPLIED, BatchState.UNDOING, BatchState.UNDONE)


@page("import.run")
def batch(request: PageRequest, pk: int) -> HttpResponse:
    """Where the import stands. While a step is under way, only how far it is; this page can be left meanwhile."""
    found, sheet = _batch_or_404(request, pk)
    context: dict[str, Any] = {
        "batch": found,
        "sheet": sheet,
        "crumbs": crumbs(),
        "tone": BATCH.state(found).tone,
        "moves": moves(found),
    }
    if found.is_busy:
        context["progress"] = progress_of(found)
        part = "#step" if wants_part(request) else ""
        return render(request, f"kernel/exchange/busy.html{part}", context)
    if wants_part(request) and request.htmx.target == "step":
        return HttpResponseClientRefresh()
    if found.state in SETTLED:
        context["problems"] = problem_list(found, sheet, request.GET)
    context["events"] = history_of(found)
    return render(request, "kernel/exchange/batch.html", context)


@page("import.run", methods=["GET", "POST"])
def columns(request: PageRequest, pk: int) -> HttpResponse:
    """Say which column of the file is which."""
    found, sheet = _batch_or_404(request, pk)
    if "choose_mapping" not in moves(found) or not found.file_id:
        return redirect("exchange:batch", pk)
    try:
        preview = preview_of(found, sheet)
    except ActionError as error:
        messages.error(request, str(error))
        return redirect("exchange:batch", pk)
    form = MappingForm(request.POST or None, sheet=sheet, preview=preview)
    if request.method == "POST" and form.is_valid():
        try:
            actions.choose_mapping(found, form.columns, actor=request.actor, now=request.now)
            return redirect("exchange:batch", pk)
        except ActionError as error:
            form.add_error(None, str(error))
    return render(
        request, "kernel/exchange/columns.html", {"form": form, "batch": found, "sheet": sheet, "crumbs": crumbs()}
    )


@page("import.run", methods=["POST"])
def table(request: PageRequest, pk: int) -> HttpResponse:
    """Import another sheet of the workbook, or read its headers from another row."""
    found, _sheet = _batch_or_404(request, pk)
    form = TableForm(request.POST)
    place, header_row = form.choice if form.is_valid() else (-1, None)
    header_row = header_row if place == found.table else None
    return _do(
        request,
        found,
        lambda: actions.choose_table(found, place, header_row=header_row, actor=request.actor, now=request.now),
        "columns",
    )


@page("import.run", methods=["POST"])
def check(request: PageRequest, pk: int) -> HttpResponse:
    """Check the rows anew."""
    found, _sheet = _batch_or_404(request, pk)
    return _do(request, found, lambda: actions.check_again(found, actor=request.actor, now=request.now))


@page("import.run", methods=["POST"])
def apply(request: PageRequest, pk: int) -> HttpResponse:
    """Take the rows in."""
    found, _sheet = _batch_or_404(request, pk)
    return _do(request, found, lambda: actions.apply_batch(found, actor=request.actor, now=request.now))


@page("import.run", methods=["GET", "POST"])
def undo(request: PageRequest, pk: int) -> HttpResponse:
    """Take back what was taken in, after asking once."""
    found, _sheet = _batch_or_404(request, pk)
    if request.method == "POST":
        return _do(request, found, lambda: actions.undo_batch(found, actor=request.actor, now=request.now))
    consequence = _("{new} new rows and {changed} changes of this import will be taken back.")
    question = _("Take this import back?")
    return _ask(request, found, question, consequence.format(new=found.new, changed=found.changed), _("Take back"))


@page("import.run", methods=["GET", "POST"])
def cancel(request: PageRequest, pk: int) -> HttpResponse:
    """Give the import up, after asking once."""
    found, _sheet = _batch_or_404(request, pk)
    if request.method == "POST":
        return _do(request, found, lambda: actions.cancel_batch(found, actor=request.actor, now=request.now))
    consequence = _("Nothing of it has been taken in. The uploaded file is deleted.")
    return _ask(request, found, _("Give this import up?"), consequence, _("Give up"))


@page("import.run")
def errors(request: PageRequest, pk: int) -> HttpResponse:
    """The rows with problems as a workbook that can be corrected and uploaded."""
    found, sheet = _batch_or_404(request, pk)
    try:
        content = errors_of(found, sheet)
    except ActionError as error:
        messages.error(request, str(error))
        return redirect("exchange:batch", pk)
    if content is None:
        raise Http404
    return download(content, _("{table} to be corrected.xlsx").format(table=sheet.title), XLSX)


def _batch_or_404(request: PageRequest, pk: int) -> tuple[ImportBatch, Sheet]:
    found = get_or_404(my_batches(request.actor), pk=pk)
    sheet = sheet_of(found)
    if sheet is None:
        raise Http404
    return found, sheet


def _do(request: PageRequest, found: ImportBatch, act: Callable[[], None], page_name: str = "batch") -> HttpResponse:
    try:
        act()
    except ActionError as error:
        messages.error(request, str(error))
    return redirect(f"exchange:{page_name}", found.pk)


def _ask(request: PageRequest, found: ImportBatch, question: str, consequence: str, submit: str) -> HttpResponse:
    context = {
        "question": question,
        "consequence": consequence,
        "submit": submit,
        "danger": True,
        "cancel_url": reverse("exchange:batch", args=[found.pk]),
        "crumbs": [*crumbs(), (found.file_name, reverse("exchange:batch", args=[found.pk]))],
    }
    return render(request, "kernel/kinds/confirm.html", context)

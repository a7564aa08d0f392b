"""What can be imported, its templates, and the way in for a file."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from shuniu.kernel.errors import ActionError
from shuniu.kernel.exchange import actions
from shuniu.kernel.exchange.importer import Importer, importers, importers_for
from shuniu.kernel.exchange.models import ImportBatch
from shuniu.kernel.exchange.queries import my_batches, sheet_of
from shuniu.kernel.exchange.rules import BATCH
from shuniu.kernel.exchange.web.answers import XLSX, download
from shuniu.kernel.exchange.web.forms import UploadForm
from shuniu.kernel.exchange.workbook import template_workbook
from shuniu.kernel.web.lists import Column, Empty, Kind, ListPage
from shuniu.kernel.web.page import page
from shuniu.kernel.web.requests import PageRequest


def title_of(batch: ImportBatch) -> str:
    """What the batch imports, in words."""
    sheet = sheet_of(batch)
    return str(sheet.title) if sheet else batch.sheet


IMPORTS = ListPage[ImportBatch](
    title=gettext_lazy("Import"),
    unit=pgettext_lazy("unit", "imports"),
    columns=(
        Column("file_name", gettext_lazy("File"), link=True),
        Column("sheet", gettext_lazy("What is imported"), value=title_of),
        Column(
            "state",
            gettext_lazy("State"),
            value=lambda batch: batch.get_state_display(),
            tone=lambda batch: BATCH.state(batch).tone,
        ),
        Column("new", pgettext_lazy("imported rows", "New"), kind=Kind.NUMBER, narrow=False),
        Column("changed", pgettext_lazy("imported rows", "Changed"), kind=Kind.NUMBER, narrow=False),
        Column("wrong", pgettext_lazy("imported rows", "Wrong"), kind=Kind.NUMBER, narrow=False),
        Column("created_at", gettext_lazy("Uploaded at"), kind=Kind.MOMENT, narrow=False),
    ),
    default_order=("-id",),
    row_url=lambda batch: reverse("exchange:batch", args=[batch.pk]),
    empty=Empty(
        gettext_lazy("No imports yet"),
        gettext_lazy("Choose above what you want to import; the steps follow from there."),
    ),
    template="kernel/exchange/imports.html",
)


@page("import.run")
def imports(request: PageRequest) -> HttpResponse:
    """What can be imported, and one's own imports so far."""
    return IMPORTS.answer(request, my_batches(request.actor), importers=importers_for(request.actor))


@page("import.run", methods=["GET", "POST"])
def upload(request: PageRequest, key: str) -> HttpResponse:
    """Take a file."""
    importer = _importer_or_404(request, key)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            batch = actions.start_upload(
                key, file, file.name, language=get_language() or "", actor=request.actor, now=request.now
            )
        except ActionError as error:
            form.add_error("file", str(error))
        else:
            messages.success(request, _("The file has been uploaded."))
            return redirect("exchange:columns", batch.pk)
    context = {"form": form, "sheet": importer.sheet, "crumbs": crumbs(), "submit": _("Upload the file")}
    context["cancel_url"] = reverse("exchange:imports")
    return render(request, "kernel/exchange/upload.html", context)


@page("import.run")
def template(request: PageRequest, key: str) -> HttpResponse:
    """The empty table to fill in."""
    importer = _importer_or_404(request, key)
    name = _("{table} template.xlsx").format(table=importer.sheet.title)
    return download(template_workbook(importer.sheet), name, XLSX)


def crumbs() -> list[tuple[str, str]]:
    return [(_("Import"), reverse("exchange:imports"))]


def _importer_or_404(request: PageRequest, key: str) -> Importer:
    importer = importers().get(key)
    if importer is None or not request.actor.may(importer.permission):
        raise Http404
    return importer

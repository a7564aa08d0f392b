"""Letters of nobody. No page here keeps a cookie but that against forged forms, and none is kept by a cache.

The receipt never stands in an address: it is posted, and what follows carries a word that is good for half an hour.
"""

from __future__ import annotations

from typing import Any, Final

from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from shuniu.desk.actions.anonymous import NOBODY, count_wrong_receipt, file_anonymously, write_anonymously
from shuniu.desk.lineage import setup_of_line
from shuniu.desk.models import Case
from shuniu.desk.queries import cases as queries
from shuniu.desk.queries.directory import numbers_to_call
from shuniu.desk.web import forms_cases as own
from shuniu.desk.web import show
from shuniu.desk.web.intake import IntakeForm
from shuniu.desk.web.views_filing import by_union
from shuniu.kernel.web.doing import done, posted
from shuniu.kernel.web.page import page
from shuniu.kernel.web.requests import PageRequest, get_or_404

BOTH = ("GET", "POST")
GOOD_FOR: Final = 30 * 60
"""Seconds for which an opened letter may be gone on with."""
SIGNER: Final = TimestampSigner(salt="desk.anonymous")


@never_cache
@page(public=True)
def anonymous(request: PageRequest) -> HttpResponse:
    """Where to write without a name, and how to follow a letter."""
    context = {"groups": by_union(queries.anonymous_lines()[:60]), "form": own.ReceiptForm(label_suffix="")}
    return render(request, "desk/anonymous.html", context)


@never_cache
@page(public=True, methods=BOTH)
def anonymous_new(request: PageRequest, key: str) -> HttpResponseBase:
    """A letter of nobody; its receipt is shown once."""
    line = get_or_404(queries.anonymous_lines(), key=key)
    form = IntakeForm(posted(request), setup_of_line(line).fields)
    told: list[tuple[Case, str]] = []

    def act(_data: dict[str, Any]) -> None:
        told.append(file_anonymously(line, actor=NOBODY, now=request.now, **form.given()))

    if request.method == "POST" and done(form, act):
        return render(request, "desk/anonymous_receipt.html", {"case": told[0][0], "receipt": told[0][1], "line": line})
    context = {"form": form, "line": line, "title": line.name, "submit": _("Send without a name")}
    context |= {
        "cancel_url": reverse("desk:anonymous"),
        "crumbs": [(_("Write anonymously"), reverse("desk:anonymous"))],
    }
    return render(request, "desk/anonymous_new.html", context)


@never_cache
@page(public=True, methods=BOTH)
def anonymous_follow(request: PageRequest) -> HttpResponseBase:
    """Open a letter by its receipt."""
    if request.method != "POST":
        return redirect("desk:anonymous")
    form = own.ReceiptForm(request.POST, label_suffix="")
    if form.is_valid():
        case, may_try = queries.by_receipt(form.cleaned_data["receipt"], request.now)
        if case is not None:
            return _letter(request, case)
        form.add_error("receipt", _refusal(may_try))
        if may_try:
            count_wrong_receipt(actor=NOBODY, now=request.now)
    return render(request, "desk/anonymous.html", {"groups": by_union(queries.anonymous_lines()[:60]), "form": form})


def _refusal(may_try: bool) -> str:  # noqa: FBT001 -- one of two sentences
    if may_try:
        return _("No letter has this receipt. It may be mistyped, or the letter has been deleted after its time.")
    return _("Too many wrong receipts were tried. Please come back in ten minutes.")


@never_cache
@page(public=True, methods=["POST"])
def anonymous_write(request: PageRequest) -> HttpResponseBase:
    """Add to a letter that was opened by its receipt."""
    case = _opened(request.POST.get("opened", ""))
    if case is None:
        return redirect("desk:anonymous")
    form = own.WriteForm(request.POST, label=_("Your message"))

    def act(data: dict[str, Any]) -> None:
        write_anonymously(case, data["text"], actor=NOBODY, now=request.now)

    return _letter(request, case, None if done(form, act) else form)


def _opened(word: str) -> Case | None:
    """The letter that a signed word stands for, while it is good."""
    try:
        key = SIGNER.unsign(word, max_age=GOOD_FOR)
    except (BadSignature, ValueError):
        return None
    return queries.anonymous_case(int(key))


def _letter(request: PageRequest, case: Case, form: Any = None) -> HttpResponse:
    steps = queries.history(case, serves=False)
    context = {
        "case": case,
        **show.status(case),
        "answers": show.answers(case),
        "events": show.events(case, steps),
        "form": form or own.WriteForm(None, label=_("Your message")),
        "opened": SIGNER.sign(str(case.pk)),
    }
    return render(request, "desk/anonymous_letter.html", context)


@page(public=True)
def hotline_page(request: PageRequest) -> HttpResponse:
    """Numbers for whoever needs somebody to talk to now."""
    return render(request, "desk/hotlines.html", {"hotlines": numbers_to_call()})

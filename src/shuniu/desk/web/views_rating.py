"""Rating from the page of a case: the way there for whoever filed it, a link for whoever has no account."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from shuniu.desk.asking import SUBJECT, issue_link
from shuniu.desk.enums import Who
from shuniu.desk.models import Case
from shuniu.desk.queries.cases import cases
from shuniu.desk.sight import Sight
from shuniu.desk.web.panels import Panel
from shuniu.kernel.errors import ActionError
from shuniu.kernel.web.page import page
from shuniu.kernel.web.requests import PageRequest, get_or_404
from shuniu.voice.public import is_rated, open_invitations


def rating_panel(request: PageRequest, case: Case, sight: Sight) -> Panel | None:
    """Once a case is closed: "rate it" for whoever filed it; for who hands out, whether it was rated, and a link."""
    if case.closed_at is None or case.handler_id is None:
        return None
    roles = sight.roles(case)
    if Who.FILER in roles:
        found = open_invitations(request.actor, SUBJECT, [case.pk], request.today)
        return Panel("desk/_rating.html", {"own": found.get(case.pk)}, aside=True) if found else None
    if not roles & {Who.DISPATCHER, Who.SUPERVISOR} or case.handler_id == request.actor.user_id or case.is_anonymous:
        return None
    rated = is_rated(SUBJECT, case.pk)
    return Panel("desk/_rating.html", {"case": case, "rated": rated, "may_ask": not rated}, aside=True)


@page("case.view", "case.enter", methods=["POST"])
def case_rating_link(request: PageRequest, pk: int) -> HttpResponseBase:
    """Give out a link for rating, shown once."""
    row = get_or_404(cases(request.actor), pk=pk)
    try:
        invited = issue_link(row, actor=request.actor, now=request.now)
    except ActionError as error:
        messages.error(request, str(error))
        return redirect("desk:case", pk)
    return _link(request, row, request.build_absolute_uri(invited.address))


def _link(request: PageRequest, row: Case, address: str) -> HttpResponse:
    context = {"address": address, "number": row.number, "back": reverse("desk:case", args=[row.pk])}
    return render(request, "desk/rating_link.html", context)

"""What the pages about an agreement share: finding it, and forms that lead back to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy

from shuniu.hub.models import Agreement
from shuniu.hub.queries import agreements as queries
from shuniu.kernel.errors import ActionError
from shuniu.kernel.web.doing import done
from shuniu.kernel.web.requests import PageRequest, get_or_404

BOTH = ("GET", "POST")
SEES = ("agreement.view", "provider.own")
TITLE = gettext_lazy("Agreements")

Act = Callable[[dict[str, Any]], object]


def seen(request: PageRequest, key: int) -> Agreement:
    """An agreement in sight; 404 for any other."""
    row: Agreement = get_or_404(queries.agreements(request.actor), pk=key)
    return row


def within(request: PageRequest, key: int, permission: str) -> Agreement:
    """An agreement in sight, where the actor also holds the permission."""
    row = seen(request, key)
    refuse_elsewhere(request, row, permission)
    return row


def refuse_elsewhere(request: PageRequest, row: Agreement, permission: str) -> None:
    """403 where the actor lacks the permission at the agreement's place."""
    if not request.actor.may_at(permission, row.organisation.path or ""):
        raise PermissionDenied(permission)


def crumbs(row: Agreement | None = None) -> list[tuple[Any, str]]:
    """The way to a page about an agreement."""
    first = [(TITLE, reverse("hub:agreements"))]
    return [*first, (row.number, reverse("hub:agreement", args=[row.pk]))] if row else first


def answer(
    request: PageRequest, row: Agreement, form: forms.BaseForm, act: Act, said: str, title: object, **context: Any
) -> HttpResponseBase:
    """A form about an agreement: shown, or carried out and back to where `back` leads, the agreement by default."""
    back = context.pop("back", reverse("hub:agreement", args=[row.pk]))
    if request.method == "POST" and done(form, act):
        messages.success(request, said)
        return redirect(back)
    shown = {"form": form, "agreement": row, "title": title, "crumbs": crumbs(row), "cancel_url": back}
    return render(request, "hub/agreement_form.html", shown | context)


def do(request: PageRequest, act: Callable[[], object], said: str, back: str) -> HttpResponse:
    """A button without a form: done, or refused with the sentence, and back."""
    try:
        act()
    except ActionError as error:
        for line in str(error).splitlines():
            messages.error(request, line)
    else:
        messages.success(request, said)
    return redirect(back)

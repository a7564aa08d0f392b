"""The one page that a worker sees: rate a service, from a link or from one's own matters."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shuniu.kernel.errors import ActionError
from shuniu.kernel.web.page import page
from shuniu.kernel.web.requests import PageRequest, get_or_404
from shuniu.voice.actions.ratings import give_rating
from shuniu.voice.models import Invitation
from shuniu.voice.queries.invitations import invitation_by_link, own_invitations
from shuniu.voice.web.forms import RateForm

BOTH = ("GET", "POST")


@page(public=True, methods=BOTH)
def rate(request: PageRequest, token: str) -> HttpResponseBase:
    """Rate a service by the link that was sent. Sent twice over a bad line, it counts once."""
    invitation = invitation_by_link(token)
    if invitation is None:
        return _closed(request, _("This link is not valid"), _("A newer link may have been sent to you."), status=404)
    return _answer(request, invitation)


@page("own.view", methods=BOTH)
def rate_own(request: PageRequest, pk: int) -> HttpResponseBase:
    """Rate a service that one was given oneself, signed in and without a link."""
    return _answer(request, get_or_404(own_invitations(request.actor), pk=pk))


@page(public=True)
def rated(request: PageRequest) -> HttpResponse:
    """Thanks. The address says nothing about what was rated."""
    return _closed(
        request, _("Thank you"), _("Your answer is kept apart from your name. Nobody sees who gave which answer.")
    )


def _answer(request: PageRequest, invitation: Invitation) -> HttpResponseBase:
    form = RateForm(request.POST if request.method == "POST" else None, invitation.service)
    if request.method == "POST" and form.is_valid():
        try:
            give_rating(invitation, form.given, actor=request.actor, now=request.now)
        except ActionError as error:
            form.add_error(None, str(error))
        else:
            return redirect("voice:rated")
    if request.method != "POST" and (why := _why_closed(request, invitation)):
        return _closed(request, *why)
    context = {"form": form, "invitation": invitation, "service": invitation.service, "submit": _("Send the rating")}
    return render(request, "voice/rate.html", context)


def _why_closed(request: PageRequest, invitation: Invitation) -> tuple[str, str] | None:
    if invitation.is_used:
        return _("This service has been rated"), _("Each link is good for one answer. Thank you for yours.")
    if request.today >= invitation.expires_on:
        return _("This link has run out"), _(
            "Thank you all the same. You can still tell the service desk what you think."
        )
    if invitation.bars(request.actor):
        return _("You gave this service"), _("Whoever gave the service does not rate it.")
    return None


def _closed(request: PageRequest, title: str, text: str, status: int = 200) -> HttpResponse:
    return render(request, "voice/rated.html", {"title": title, "text": text}, status=status)

"""A member's own card, on her phone: who she is to the union, what happened, and what she agreed to."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from shuniu.kernel.errors import ActionError
from shuniu.kernel.web.page import page
from shuniu.kernel.web.requests import PageRequest
from shuniu.registry.actions import people as actions
from shuniu.registry.enums import Standing
from shuniu.registry.queries.people import own_person, record_of
from shuniu.registry.rules.members import MEMBERSHIP
from shuniu.registry.web.views_people import certificates, facts_of, masked_numbers, timeline


@page("own.view")
def me(request: PageRequest) -> HttpResponse:
    """One's own card, union, history and data."""
    person = own_person(request.actor)
    if person is None:
        return render(request, "registry/me_none.html")
    record = record_of(person)
    context = {
        "person": person,
        "state": MEMBERSHIP.of(Standing(person.standing)),
        "record": record,
        "numbers": masked_numbers(person),
        "facts": facts_of(person, request.today),
        "certificates": certificates(record, request),
        "events": timeline(record),
    }
    return render(request, "registry/me.html", context)


@page("own.view", methods=("POST",))
def me_consent(request: PageRequest) -> HttpResponseBase:
    """Consent to the use of one's data, or take the consent back; each as easy as the other."""
    try:
        if request.POST.get("consent") == "yes":
            actions.give_consent(on=request.today, actor=request.actor, now=request.now)
            messages.success(request, _("Thank you. Your consent is recorded."))
        else:
            actions.withdraw_consent(actor=request.actor, now=request.now)
            messages.success(request, _("Your consent is withdrawn."))
    except ActionError as error:
        messages.error(request, str(error))
    return redirect("registry:me")

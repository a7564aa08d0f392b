"""The first page of each kind of visitor, and the help that every page points to."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from shuniu.desk.public import numbers_to_call
from shuniu.kernel.web import cards
from shuniu.kernel.web.cards import Slot
from shuniu.kernel.web.page import page
from shuniu.kernel.web.requests import PageRequest


@page(public=True)
def home(request: PageRequest) -> HttpResponse:
    """A stranger learns what this is. A signed-in person sees what waits for her and what is her own."""
    if not request.user.is_authenticated:
        return render(request, "portal/landing.html", {"hotlines": numbers_to_call()})
    shown = {str(slot): cards.read(slot, request.actor, request.today) for slot in Slot}
    works = cards.offered(Slot.DUE, request.actor)
    return render(request, "portal/home.html", {**shown, "works": works})


@page(public=True)
def help_page(request: PageRequest) -> HttpResponse:
    return render(request, "portal/help.html")

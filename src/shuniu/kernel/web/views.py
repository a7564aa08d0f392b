"""Pages of the shell itself: the search, and the reader's own way of reading."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from shuniu.kernel.web import search as searching
from shuniu.kernel.web.context import LARGE_TEXT_COOKIE
from shuniu.kernel.web.page import page
from shuniu.kernel.web.requests import PageRequest, wants_part

A_YEAR = 365 * 24 * 60 * 60
SUGGESTED = 5
LISTED = 20


@page()
def search(request: PageRequest) -> HttpResponse:
    """Everything found for `q`; asked by htmx from the top bar, only a few of each as suggestions."""
    part = wants_part(request)
    query = searching.tidy(request.GET.get("q", ""))
    groups = searching.find(request.actor, query, SUGGESTED if part else LISTED)
    template = "kernel/search.html#suggestions" if part else "kernel/search.html"
    return render(request, template, {"searched": query, "groups": groups})


@page(public=True, methods=["POST"])
def set_language(request: PageRequest) -> HttpResponse:
    """Keeps the language of the interface for a year."""
    answer = _back(request)
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        _remember(answer, settings.LANGUAGE_COOKIE_NAME, language)
    return answer


@page(public=True, methods=["POST"])
def set_text_size(request: PageRequest) -> HttpResponse:
    """Turns large text on or off for a year."""
    answer = _back(request)
    _remember(answer, LARGE_TEXT_COOKIE, "1" if request.POST.get("large") == "1" else "0")
    return answer


def _back(request: PageRequest) -> HttpResponseRedirect:
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return HttpResponseRedirect(target if safe else "/")


def _remember(answer: HttpResponse, cookie: str, value: str) -> None:
    answer.set_cookie(
        cookie, value, max_age=A_YEAR, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
    )

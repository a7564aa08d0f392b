"""The pages of last resort: plain, without navigation, needing nothing that may be what is broken."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

RETRY_AFTER = 30
"""Seconds after which it is worth asking again."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What went wrong, and what the reader can do."""

    status: int
    title: str | Promise
    advice: str | Promise


BAD_REQUEST = Trouble(
    400, _("This request could not be understood."), _("Go back, check what you entered and send it again.")
)
FORBIDDEN = Trouble(
    403,
    _("You may not open this page."),
    _("Your roles do not include it. If your work needs it, ask the security officer of your federation."),
)
STALE = Trouble(
    403,
    _("This page was open for too long."),
    _("For your safety nothing was changed. Go back, reload the page and send it again."),
)
NOT_FOUND = Trouble(
    404,
    _("There is no such page."),
    _("The address may be wrong, or what was here lies outside the range you look after."),
)
BROKEN = Trouble(
    500,
    _("Something went wrong on our side."),
    _("Nothing you did caused it. Please try again in a while; if it stays, tell the site operator."),
)
UNAVAILABLE = Trouble(
    503,
    _("The service is busy or being looked after."),
    _("What was saved is safe. Please try again in half a minute."),
)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A refusal may bring a sentence of its own: `PermissionDenied(sentence)`."""
    return _answer(request, FORBIDDEN, reason=str(exception))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _answer(request, STALE)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, NOT_FOUND)


def server_error(request: HttpRequest) -> HttpResponse:
    """A database that is away or full is 503: it comes back without anybody mending the program."""
    away = isinstance(sys.exc_info()[1], (OperationalError, InterfaceError))
    response = _answer(request, UNAVAILABLE if away else BROKEN)
    if away:
        response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


def _answer(request: HttpRequest, trouble: Trouble, reason: str = "") -> HttpResponse:
    response = HttpResponse(
        render_to_string("portal/error.html", {"trouble": trouble, "reason": reason}), status=trouble.status
    )
    response.headers["Cache-Control"] = "no-store"
    return response

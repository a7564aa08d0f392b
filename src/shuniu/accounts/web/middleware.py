"""Around every request: does the session still last, who is asking, and is there something to do first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _

from shuniu.accounts.actions.sign_ins import note_seen
from shuniu.accounts.actions.tokens import note_token_used
from shuniu.accounts.enums import Ending, Step
from shuniu.accounts.queries.actors import NOBODY, actor_for, actor_of, find_token
from shuniu.accounts.rules import sessions
from shuniu.accounts.rules.roles import catalogue
from shuniu.accounts.web import door
from shuniu.accounts.web.door import me
from shuniu.kernel.web.requests import PageRequest

GetResponse = Callable[[PageRequest], HttpResponse]

API = "/api/"
"""Below this path programs ask: a token opens it, and who may not is told in JSON rather than sent to sign in."""
FIRST = {Step.PASSWORD: "accounts:password", Step.SECOND_FACTOR: "accounts:set_up_second_factor"}
ALWAYS_OPEN = {"accounts:sign_out", "accounts:recovery_codes"}


class SessionLimitMiddleware:
    """Ends sessions that are over and finds out who asks: three queries (session, account, roles), none for strangers."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: PageRequest) -> HttpResponse:
        request.actor = NOBODY
        if request.path.startswith(API):
            _use_token(request)
        if request.user.is_authenticated and request.actor is NOBODY:
            request.actor = actor_for(me(request), request.today)
            _keep_or_end(request)
        if request.path.startswith(API) and not request.user.is_authenticated:
            return _unauthorised()
        return _whole_page(request, self.get_response(request))


class ActorMiddleware:
    """Sends whoever must first change the password or set up the second factor there."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: PageRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: PageRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if not request.user.is_authenticated or not getattr(view, "login_required", True):
            return None
        name = FIRST.get(_first_step(request))
        here = request.resolver_match.view_name if request.resolver_match else ""
        return None if name is None or here == name or here in ALWAYS_OPEN else HttpResponseRedirect(resolve_url(name))


def _whole_page(request: PageRequest, response: HttpResponse) -> HttpResponse:
    """Where htmx asked for a part of a page and has to sign in first, the whole page goes there, not the part."""
    target = response.get("Location", "")
    if "HX-Request" not in request.headers or not target.startswith(resolve_url("accounts:sign_in")):
        return response
    page = urlsplit(request.headers.get("HX-Current-URL", ""))
    back = urlencode({"next": f"{page.path}?{page.query}".rstrip("?")})
    return HttpResponse(status=204, headers={"HX-Redirect": f"{resolve_url('accounts:sign_in')}?{back}"})


def _use_token(request: PageRequest) -> None:
    scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
    token = find_token(text.strip(), now=request.now) if scheme.lower() == "bearer" else None
    if token is not None:
        request.user, request.actor = token.user, actor_of(token, on=request.today)
        request.by_token = True  # type: ignore[attr-defined]
        note_token_used(token, actor=request.actor, now=request.now)


def _unauthorised() -> HttpResponse:
    detail = _("Sign in, or send a valid token: Authorization: Bearer <token>.")
    return JsonResponse({"detail": detail}, status=401, headers={"WWW-Authenticate": "Bearer"})


def _keep_or_end(request: PageRequest) -> None:
    began, seen = door.session_times(request)
    limits = catalogue().limits(request.actor.roles)
    why = sessions.ending(limits, started=began, seen=seen, now=request.now)
    if why is None and request.now - seen >= sessions.SEEN_EVERY:
        why = _note_seen(request)
    if why is not None:
        door.leave(request, why)
        request.session[door.ENDED] = why.value


def _note_seen(request: PageRequest) -> Ending | None:
    request.session[door.SEEN] = request.now.timestamp()
    row = request.session.get(door.SIGN_IN)
    gone = row is not None and not note_seen(row, actor=request.actor, now=request.now)
    return Ending.ENDED if gone else None


def _first_step(request: PageRequest) -> Step:
    user, roles = me(request), request.actor.roles
    if getattr(request, "by_token", False):
        return Step.NONE
    limits = catalogue().limits(roles)
    aged = not settings.SHUNIU_DEMO and sessions.password_is_old(
        limits, changed_at=user.password_changed_at, now=request.now
    )
    return sessions.next_step(
        catalogue(),
        roles,
        stale_password=user.must_change_password or aged,
        has_second_factor=user.has_second_factor or not settings.SHUNIU_SECOND_FACTOR,
    )

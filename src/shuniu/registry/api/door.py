"""What holds for every request of the interface: who may ask, how often, and how refusals are told."""

from __future__ import annotations

from typing import Any, Final

from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Router
from ninja.errors import HttpError, ValidationError
from ninja.security import HttpBearer
from ninja.throttling import BaseThrottle

from shuniu.kernel.errors import ActionError
from shuniu.kernel.web.page import page
from shuniu.kernel.web.requests import PageRequest
from shuniu.registry.api.docs import ReadableDocs
from shuniu.registry.api.routes_counts import router as counts
from shuniu.registry.api.routes_organisations import router as organisations
from shuniu.registry.api.routes_people import router as people

USE: Final = "api.use"
PER_MINUTE: Final = 600
"""Requests of one account in a minute, in each process of the server."""


class Account(HttpBearer):
    """Whoever the session or the token stands for; the middleware of accounts has read both."""

    def __call__(self, request: HttpRequest) -> Any:
        actor = request.actor  # type: ignore[attr-defined]  # set for every request
        if actor.user_id is None:
            return None
        if not actor.may(USE):
            raise PermissionDenied(USE)
        return actor

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """Not asked: `__call__` looks at the actor."""


class PerAccount(BaseThrottle):
    """So many requests a minute; the count begins anew with every minute of the clock."""

    def allow_request(self, request: HttpRequest) -> bool:
        asked: PageRequest = request  # type: ignore[assignment]
        key = f"api:{asked.actor.user_id}:{int(asked.now.timestamp()) // 60}"
        cache.add(key, 0, 120)
        return cache.incr(key) <= PER_MINUTE

    def wait(self) -> float:
        return 60.0


elsewhere = Router()
"""Added behind the routers of all rooms, where the interface is mounted."""


@elsewhere.get("/{path:rest}", include_in_schema=False)
def nowhere(request: HttpRequest, rest: str) -> None:
    """Whatever is not described."""
    raise Http404


class Interface(NinjaAPI):
    """An interface whose answers no cache keeps."""

    def create_response(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        answer: HttpResponse = super().create_response(request, *args, **options)
        patch_cache_control(answer, no_store=True, private=True)
        return answer


api = Interface(
    title="Shuniu",
    version="1.0",
    description="Organisations, employers, members (masked) and counts, as of any day; duties, providers, tender drafts.",
    urls_namespace="api",
    openapi_url="/openapi.json",
    docs_url="/docs/",
    docs=ReadableDocs(),
    docs_decorator=page(USE),
    auth=Account(),
    throttle=PerAccount(),
)
api.add_router("", organisations)
api.add_router("", counts)
api.add_router("", people)


def _refusal(request: HttpRequest, status: int, detail: str, **more: Any) -> HttpResponse:
    return api.create_response(request, {"detail": detail, **more}, status=status)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError | type[ValidationError]) -> HttpResponse:
    names = sorted({str(one["loc"][-1]) for one in getattr(error, "errors", [])})
    listed = ", ".join(names)
    return _refusal(request, 422, _("These parameters cannot be used: {names}.").format(names=listed), fields=names)


@api.exception_handler(PermissionDenied)
def _denied(request: HttpRequest, error: PermissionDenied | type[PermissionDenied]) -> HttpResponse:
    sentence = _("The permission “{permission}” is missing, in your roles or among those of the token.")
    return _refusal(request, 403, sentence.format(permission=error))


@api.exception_handler(Http404)
def _missing(request: HttpRequest, error: Http404 | type[Http404]) -> HttpResponse:
    return _refusal(request, 404, _("There is nothing here, or nothing that you may see."))


@api.exception_handler(ActionError)
def _refused(request: HttpRequest, error: ActionError | type[ActionError]) -> HttpResponse:
    return _refusal(request, 422, str(error))


@api.exception_handler(HttpError)
def _told(request: HttpRequest, error: HttpError | type[HttpError]) -> HttpResponse:
    status = getattr(error, "status_code", 400)
    if status == 429:
        return _refusal(request, status, _("Too many requests. Please wait a minute."))
    return _refusal(request, status, _("The request cannot be understood."))

"""What happens around every request: the moment it came, its language, and that reading does not write."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

GetResponse = Callable[[HttpRequest], HttpResponse]

READS = ("SELECT", "SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT", "EXPLAIN", "WITH", "VALUES", "PRAGMA")

_excuse: ContextVar[str] = ContextVar("excuse", default="")


class WriteOnReadError(RuntimeError):
    """A page that only shows things tried to change a row."""


class NowMiddleware:
    """Gives the request the moment it arrived (`now`) and the day of that moment in the site's zone (`today`)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        now = timezone.now()
        request.now = now  # type: ignore[attr-defined]
        request.today = timezone.localdate(now)  # type: ignore[attr-defined]
        return self.get_response(request)


class LanguageMiddleware:
    """The language is Chinese until the visitor chose another; the browser's own wish is not asked.

    Cadres' machines often speak English, their work does not.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


@contextmanager
def writes_on_read(*, reason: str) -> Iterator[None]:
    """Lets a page that only shows things write after all, e.g. when a session was last seen."""
    token = _excuse.set(reason)
    try:
        yield
    finally:
        _excuse.reset(token)


def refuse_writes(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:  # noqa: FBT001
    """Wraps the execution of SQL (the signature is Django's). Django's sessions may be written at any time."""
    if not _excuse.get() and not sql.lstrip("( \n").upper().startswith(READS) and "django_session" not in sql:
        raise WriteOnReadError(sql[:120])
    return execute(sql, params, many, context)


class SafeMethodsDontWrite:
    """SQL that writes during GET or HEAD raises `WriteOnReadError`: reading stays reading, also when it is prefetched."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return self.get_response(request)
        with connection.execute_wrapper(refuse_writes):
            return self.get_response(request)

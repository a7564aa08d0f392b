"""Requests as the middleware leaves them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.cookie import CookieStorage
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from shuniu.kernel.scope import Actor, Grant

NOBODY = Actor(user_id=None, name="")


class SignedIn:
    is_authenticated = True


def somebody(*permissions: str) -> Actor:
    return Actor(7, "林岚", grants=(Grant("clerk", 1, "0001", frozenset(permissions)),))


def ask(path: str = "/", method: str = "GET", actor: Actor = NOBODY, **headers: str) -> Any:
    request: Any = RequestFactory().generic(method, path, headers=headers)
    request.actor = actor
    request.user = SignedIn() if actor.user_id else AnonymousUser()
    request.now = datetime(2026, 3, 5, 1, 0, tzinfo=UTC)
    request.today = date(2026, 3, 5)
    request.htmx = HtmxDetails(request)
    request._messages = CookieStorage(request)
    return request

"""What the frame of every page needs (a context processor)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.functional import SimpleLazyObject

from shuniu.kernel.scope import Actor
from shuniu.kernel.web import nav

LARGE_TEXT_COOKIE = "large_text"
NOBODY = Actor(user_id=None, name="")


def shell(request: HttpRequest) -> dict[str, Any]:
    """`menu`, `actor`, `unread`, `today`, `large_text`, `home_url`, `sign_in_url`, `languages`."""
    actor = getattr(request, "actor", NOBODY)
    return {
        "actor": actor,
        "unread": getattr(request.user, "unread", 0) if actor.user_id else 0,
        "today": getattr(request, "today", None),
        "menu": SimpleLazyObject(lambda: nav.menu(actor, request.path)),
        "large_text": request.COOKIES.get(LARGE_TEXT_COOKIE) == "1",
        "home_url": SimpleLazyObject(lambda: resolve_url(settings.LOGIN_REDIRECT_URL)),
        "sign_in_url": SimpleLazyObject(lambda: resolve_url(settings.LOGIN_URL)),
        "languages": settings.LANGUAGES,
    }

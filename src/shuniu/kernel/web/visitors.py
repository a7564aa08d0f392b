"""Where a visitor comes from, and how often somebody may do what needs no account."""

from __future__ import annotations

from ipaddress import ip_address

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from shuniu.kernel.vault import blind_index

HOUR = 3600


def source_of(request: HttpRequest) -> str | None:
    """The visitor's network address: the connection's, or what the outermost of our own proxies saw."""
    given = request.META.get("REMOTE_ADDR", "")
    if settings.SHUNIU_PROXIES:
        seen = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        given = seen[-settings.SHUNIU_PROXIES] if len(seen) >= settings.SHUNIU_PROXIES else given
    try:
        return str(ip_address(given.strip()))
    except ValueError:
        return None


def too_often(request: HttpRequest, what: str, *, per_hour: int) -> bool:
    """Count one more try of a visitor at something; whether there were more than `per_hour` within the hour.

    The address is kept as a keyed hash, in memory, for an hour; each process of the server counts by itself.
    """
    key = f"tries:{what}:{blind_index(source_of(request) or '', 'visitor_tries').hex()}"
    cache.add(key, 0, HOUR)
    try:
        return cache.incr(key) > per_hour
    except ValueError:  # it ran out between the two lines
        return False

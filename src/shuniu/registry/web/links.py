"""Where a figure leads: to the rows that were counted."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from shuniu.kernel.scope import Actor
from shuniu.registry.models import Organisation


def bodies(organisation: Organisation, day: date, **more: str) -> str:
    """All bodies below an organisation on a day."""
    return _address("registry:organisations", under=organisation.code, on=day.isoformat(), **more)


def unions(organisation: Organisation, day: date) -> str:
    """The unions among them."""
    return bodies(organisation, day, type="unions")


def members(actor: Actor, organisation: Organisation, day: date, today: date) -> str:
    """The members there, for those who may see members; else empty."""
    if not actor.may_at("member.view", organisation.path or ""):
        return ""
    past = {} if day == today else {"on": day.isoformat()}
    return _address("registry:members", union=str(organisation.pk), **past)


def unorganised(organisation: Organisation) -> str:
    """The employers in the ground there that should have a union and have none."""
    return _address("registry:employers", under=organisation.code, union="missing")


def elections(organisation: Organisation) -> str:
    """The elections due there."""
    return _address("registry:elections", under=organisation.code)


def _address(name: str, **query: str) -> str:
    return f"{reverse(name)}?{urlencode(query)}"

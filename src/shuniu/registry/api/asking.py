"""What several operations of the registry ask for."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from django.utils.translation import gettext_noop
from ninja import Query

from shuniu.kernel.scope import Actor
from shuniu.kernel.web.requests import get_or_404
from shuniu.registry.models import Organisation
from shuniu.registry.queries import organisations

LARGEST_KEY = 2**63 - 1

On = Annotated[date | None, Query(description=gettext_noop("the day asked about; today if left out"))]
AreaKey = Annotated[int | None, Query(ge=1, le=LARGEST_KEY, description=gettext_noop("id of an area"))]
Text = Annotated[str, Query(max_length=80, description=gettext_noop("a part of the name, or pinyin initials"))]
Under = Annotated[
    int | None, Query(ge=1, le=LARGEST_KEY, description=gettext_noop("id of an organisation: at and below it"))
]


def body(actor: Actor, key: int) -> Organisation:
    """A union body within sight. Http404 for any other."""
    return get_or_404(organisations.seen(actor), pk=key)

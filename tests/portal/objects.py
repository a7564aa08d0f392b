"""The object that each page of `portal` is asked about in the access matrix; see `tests.architecture.objects`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.factories import Cast
from tests.hub.making import make_provider
from tests.portal.making import make_line

BY_PAGE: dict[str, Callable[[Cast], dict[str, Any]]] = {
    "portal:service": lambda cast: {"key": make_line(cast.union).key},
    "portal:provider": lambda cast: {"pk": make_provider(cast.union, papers=False).pk},
}

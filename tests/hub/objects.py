"""The object that each page of `hub` is asked about in the access matrix; see `tests.architecture.objects`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.factories import Cast
from tests.hub import objects_agreements, objects_duties, objects_tenders

BY_PAGE: dict[str, Callable[[Cast], dict[str, Any]]] = {
    **objects_duties.BY_PAGE,
    **objects_agreements.BY_PAGE,
    **objects_tenders.BY_PAGE,
}
BY_PARAMETER: dict[str, Callable[[Cast], Any]] = {**objects_agreements.BY_PARAMETER}

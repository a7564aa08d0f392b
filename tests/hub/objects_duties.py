"""Objects of pages about duties and providers: always at Alice's union."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shuniu.hub.models import Duty
from tests.factories import Cast
from tests.hub.making import make_duty


def duty(cast: Cast) -> Duty:
    return make_duty(cast.union)


BY_PAGE: dict[str, Callable[[Cast], dict[str, Any]]] = {
    f"hub:{name}": lambda cast: {"pk": duty(cast).pk} for name in ("duty", "duty_edit", "duty_decide")
}

"""Paging by the last row seen, not by counting rows off: as fast on page 900 as on page 1, and no row is shown twice
or skipped when others come in between.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, Q, QuerySet
from django.db.models.constants import LOOKUP_SEP

M = TypeVar("M", bound=Model)

LONGEST_CURSOR = 2000


@dataclass(frozen=True)
class Slice(Generic[M]):
    """One page of rows. `after` and `before` are the cursors of the next and the previous page, empty where none is."""

    rows: list[M]
    after: str
    before: str


def take(rows: QuerySet[M], order: Sequence[str], cursor: str, size: int) -> Slice[M]:
    """The page of `rows` at `cursor`, ordered by `order`: field lookups that are never null, the last one unique.

    A cursor that is damaged, or whose rows are gone, gives the first page.
    """
    back, edge = _decode(rows, order, cursor)
    found = _fetch(rows, order, edge, size, back=back)
    if edge is not None and not found:
        back, edge, found = False, None, _fetch(rows, order, None, size, back=False)
    more, shown = len(found) > size, found[:size]
    if back:
        shown.reverse()
    has_after, has_before = (True, more) if back else (more, edge is not None)
    return Slice(
        shown,
        after=_encode("n", shown[-1], order) if has_after and shown else "",
        before=_encode("p", shown[0], order) if has_before and shown else "",
    )


def beyond(order: Sequence[str], edge: Sequence[Any], *, back: bool) -> Q:
    """The rows that come after `edge` in `order` (before it, when `back`)."""
    return reduce(
        lambda rest, step: _beyond_one(step[0], step[1], rest, back=back),
        reversed(list(zip(order, edge, strict=True))),
        Q(),
    )


def _beyond_one(term: str, value: Any, rest: Q, *, back: bool) -> Q:
    name, sign = term.lstrip("-"), "lt" if term.startswith("-") != back else "gt"
    further = Q(**{f"{name}__{sign}": value})
    # `>=` stands outside the `or` so that the database can enter its index at this value
    return Q(**{f"{name}__{sign}e": value}) & (further | rest) if rest else further


def _fetch(rows: QuerySet[M], order: Sequence[str], edge: Sequence[Any] | None, size: int, *, back: bool) -> list[M]:
    ordered = rows.order_by(*(_flip(term) for term in order) if back else order)
    return list(ordered[: size + 1] if edge is None else ordered.filter(beyond(order, edge, back=back))[: size + 1])


def _flip(term: str) -> str:
    return term[1:] if term.startswith("-") else f"-{term}"


def _encode(direction: str, row: Model, order: Sequence[str]) -> str:
    values = [reduce(getattr, term.lstrip("-").split(LOOKUP_SEP), row) for term in order]
    text = json.dumps(values, cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":"))
    return direction + urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _decode(rows: QuerySet[M], order: Sequence[str], cursor: str) -> tuple[bool, list[Any] | None]:
    direction, packed = cursor[:1], cursor[1:LONGEST_CURSOR]
    if direction not in {"n", "p"}:
        return False, None
    try:
        raw = json.loads(urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))
        return direction == "p", [_typed(rows, term.lstrip("-"), value) for term, value in zip(order, raw, strict=True)]
    except (ValueError, TypeError, OverflowError, RecursionError, ValidationError):
        return False, None


def _typed(rows: QuerySet[M], lookup: str, value: Any) -> Any:
    if isinstance(value, (dict, list)) or value is None or (isinstance(value, str) and "\x00" in value):
        raise ValueError(lookup)
    typed = rows.query.clone().resolve_ref(lookup).output_field.to_python(value)
    if isinstance(typed, int) and not -(2**63) <= typed < 2**63:
        raise ValueError(lookup)
    return typed

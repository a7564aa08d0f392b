"""Who did what, when, on which row: append-only, each entry sealed to the one before it.

The seal is keyed with a key outside the database, so that whoever can write the tables still cannot forge it; the
head row keeps the length, so that entries cut off at the end are missed too. Writers take turns at the head row.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import models, transaction

from shuniu.kernel import vault
from shuniu.kernel.models import TrailEntry, TrailHead
from shuniu.kernel.scope import Actor

GENESIS = "0" * 64


def record(
    verb: str,
    target: models.Model | None,
    *,
    actor: Actor,
    now: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Append one entry, inside the transaction of the change it tells of.

    Args:
        verb: `noun.done`, e.g. `member.transferred`.
        target: the row that was changed; None for what concerns the whole site.
        before, after: the fields that changed, never a secret (give masks).
        detail: reason, counts, batch number and the like.
    """
    with transaction.atomic():
        head, _ = TrailHead.objects.select_for_update().get_or_create(pk=1, defaults={"length": 0, "seal": GENESIS})
        entry = TrailEntry(
            number=head.length + 1,
            at=now,
            actor_id=actor.user_id,
            actor_name=actor.name,
            verb=verb,
            target_type=target._meta.label_lower if target is not None else "",
            target_id=target.pk if target is not None else None,
            organisation_id=_place(target),
            changes=_plain({"before": before or {}, "after": after or {}, **(detail or {})}),
        )
        entry.seal = seal_of(entry, head.seal)
        entry.save(force_insert=True)
        TrailHead.objects.filter(pk=1).update(length=entry.number, seal=entry.seal)


def _place(target: models.Model | None) -> int | None:
    if target is None:
        return None
    if target._meta.label_lower == "registry.organisation":
        return target.pk  # type: ignore[no-any-return]
    for name in ("organisation_id", "home_id"):
        if hasattr(target, name):
            return getattr(target, name)  # type: ignore[no-any-return]
    return None


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return json.loads(json.dumps(values, default=str, ensure_ascii=False))  # type: ignore[no-any-return]


def seal_of(entry: TrailEntry, previous: str) -> str:
    """The keyed hash over every column of the entry and the seal before it."""
    told = [
        previous,
        entry.number,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.actor_id,
        entry.actor_name,
        entry.verb,
        entry.target_type,
        entry.target_id,
        entry.organisation_id,
        entry.changes,
    ]
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hmac.new(vault.derived_key("trail"), text.encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What a walk of the chain found. `broken_at` is the number of the first wrong entry, None when all is well."""

    checked: int
    broken_at: int | None
    problem: str
    """One of `""`, `altered`, `missing`, `cut`."""


def verify_chain() -> ChainReport:
    """Walk the whole chain. A reordered entry is found as an altered or missing one at the first place it disturbs."""
    previous, expected = GENESIS, 1
    for entry in TrailEntry.objects.order_by("number").iterator(chunk_size=2000):
        if entry.number != expected:
            return ChainReport(expected - 1, expected, "missing")
        if not hmac.compare_digest(entry.seal, seal_of(entry, previous)):
            return ChainReport(expected - 1, expected, "altered")
        previous, expected = entry.seal, expected + 1
    head = TrailHead.objects.filter(pk=1).first()
    told, seal = (head.length, head.seal) if head else (0, GENESIS)
    if told != expected - 1 or seal != previous:
        return ChainReport(expected - 1, expected, "cut")
    return ChainReport(expected - 1, None, "")

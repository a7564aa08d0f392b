"""What rooms announce once, when the site starts, so that lower rooms can show it without importing them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class AlreadyRegisteredError(ValueError):
    """Two rooms announced different things under one key."""


class Register(Generic[T]):
    """Things by key, given back in the order that `rank` says. Announcing the same thing twice is harmless."""

    def __init__(self, *, rank: Callable[[T], Any]) -> None:
        self._items: dict[str, T] = {}
        self._rank = rank

    def __len__(self) -> int:
        return len(self._items)

    def add(self, key: str, item: T) -> None:
        if self._items.setdefault(key, item) != item:
            raise AlreadyRegisteredError(f"{key!r} is registered already.")

    def all(self) -> list[T]:
        return sorted(self._items.values(), key=self._rank)

    def get(self, key: str) -> T | None:
        return self._items.get(key)

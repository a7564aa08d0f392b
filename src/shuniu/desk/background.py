"""What actions hand to the worker. `jobs` registers its tasks here when the site starts, for it stands above the actions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_tasks: dict[str, Callable[..., Any]] = {}


def register(name: str, enqueue: Callable[..., Any]) -> None:
    """Say how a task is put into the queue."""
    _tasks[name] = enqueue


def enqueue(name: str, *given: Any) -> None:
    """Put a task into the queue. KeyError for a task that nobody registered."""
    _tasks[name](*given)

"""Every URL of the site with what `page` left on its view: for `shuniu urls`, the access matrix and crawlers."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True, slots=True)
class Route:
    """One URL pattern. `permissions`: any of them opens it; `methods` is empty where a view does not say."""

    path: str
    name: str
    methods: tuple[str, ...]
    permissions: tuple[str, ...]
    public: bool
    view: str


def routes(resolver: URLResolver | None = None, path: str = "/", namespace: str = "") -> Iterator[Route]:
    """Every pattern under `resolver`, by default of the whole site, in the order in which Django tries them."""
    for entry in (resolver or get_resolver()).url_patterns:
        here = path + str(entry.pattern).removeprefix("^")
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from routes(entry, here, inner)
        else:
            yield _route(entry, here, namespace)


def _route(pattern: URLPattern, path: str, namespace: str) -> Route:
    view = pattern.callback
    return Route(
        path=path,
        name=f"{namespace}{pattern.name}" if pattern.name else "",
        methods=_methods(view),
        permissions=tuple(sorted(getattr(view, "page_permissions", ()))),
        public=bool(getattr(view, "page_public", False)),
        view=pattern.lookup_str,
    )


def _methods(view: Callable[..., Any]) -> tuple[str, ...]:
    operations = getattr(_ninja_path(view), "operations", ())
    told = getattr(view, "page_methods", None) or [method for operation in operations for method in operation.methods]
    return tuple(dict.fromkeys(told))


def _ninja_path(view: Callable[..., Any]) -> object:
    """The django-ninja path behind `view`, which is a function made inside it."""
    return inspect.getclosurevars(view).nonlocals.get("self") if inspect.isfunction(view) else None

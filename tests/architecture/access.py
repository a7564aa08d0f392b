"""Who gets which answer from which page: the matrix as data, and how one cell of it is found out.

A row is one line of a file in `access_matrix/`: `"name METHOD" = "status status ..."`, one status for each of `COLUMNS`,
for a request without any data. Pages about one object get it from `tests.architecture.objects`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from functools import cache
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from shuniu.kernel.web.routes import Route, routes
from tests.architecture.objects import arguments_of
from tests.factories import Cast, Player
from tests.querying import QUERY

FOLDER = Path(__file__).with_name("access_matrix")
COLUMNS = tuple(one.name for one in fields(Cast) if one.type == "Player" and one.name != "second_security")
ASKED = ("GET", "POST", "PUT", "PATCH", "DELETE")
WORD = re.compile(r"\d{3}(?: \d{3})*")


@cache
def all_routes() -> tuple[Route, ...]:
    return tuple(route for route in routes() if route.name)


def rooms() -> list[str]:
    """The namespaces, one test each: the cast is made once for all pages of a room."""
    return sorted({room_of(route) for route in all_routes()})


def room_of(route: Route) -> str:
    return route.name.rpartition(":")[0]


def of_room(room: str) -> list[Route]:
    return [route for route in all_routes() if room_of(route) == room]


def methods_of(route: Route) -> list[str]:
    return [method for method in route.methods or ("GET",) if method in ASKED]


def keys() -> Iterator[str]:
    """Every row that the matrix must have."""
    for route in all_routes():
        for method in methods_of(route):
            yield f"{route.name} {method}"


@cache
def matrix() -> Mapping[str, tuple[int, ...]]:
    """The rows as kept. A row of another length says what it should look like."""
    rows: dict[str, tuple[int, ...]] = {}
    for path in sorted(FOLDER.glob("*.toml")):
        for key, text in tomllib.loads(path.read_text())["rows"].items():
            if not WORD.fullmatch(text) or len(text.split()) != len(COLUMNS) or key in rows:
                raise ValueError(f"{path.name}, {key}: once, with {len(COLUMNS)} statuses: {' '.join(COLUMNS)}")
            rows[key] = tuple(map(int, text.split()))
    return rows


def columns_to_ask(row: Sequence[int]) -> tuple[str, ...]:
    """Everybody; on PostgreSQL one for each different answer: who may what is said in Python, and SQLite's run asks all."""
    if connection.vendor == "sqlite":
        return COLUMNS
    return tuple(dict(zip(reversed(row), reversed(COLUMNS), strict=True)).values())


class Walk:
    """The cast with a browser each, going round the pages of one room. Nothing that a page does is kept."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.clients = {name: self._browser(player) for name, player in cast.players()}
        self._urls: dict[str, str] = {}

    def row(self, route: Route, method: str, columns: Sequence[str] = COLUMNS) -> tuple[int, ...]:
        """What each of `columns` gets."""
        return tuple(self.status(name, method, route) for name in columns)

    def status(self, name: str, method: str, route: Route) -> int:
        """What one of the cast gets."""
        client, url, cell = self.clients[name], self.url(route), transaction.atomic()
        cell._from_testcase = True  # type: ignore[attr-defined]  # actions may ask to be the outermost transaction
        cookies = SimpleCookie(client.cookies.output(header="", sep=";"))
        try:
            with cell:
                response: Any = client.generic(method, url)
                if response.streaming:
                    b"".join(response.streaming_content)
                transaction.set_rollback(True)
        finally:
            client.cookies = cookies
        return int(response.status_code)

    def url(self, route: Route) -> str:
        """The page's address, the object in it made at the first question."""
        if route.name not in self._urls:
            arguments = arguments_of(route, self.cast)
            query = arguments.pop(QUERY, {})
            self._urls[route.name] = f"{reverse(route.name, kwargs=arguments)}?{urlencode(query)}".rstrip("?")
        return self._urls[route.name]

    def _browser(self, player: Player) -> Client:
        client = player.client
        client.raise_request_exception = False
        return client


def suggested(key: str, row: tuple[int, ...]) -> str:
    """The line to put into the matrix, once somebody has thought about each number."""
    return f'"{key}" = "{" ".join(map(str, row))}"'

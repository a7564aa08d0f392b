from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import transaction

from shuniu.kernel import actors
from shuniu.kernel.exchange import importer
from shuniu.kernel.scope import Actor, Grant
from tests.kernel.exchange.toys import ToyImporter, toy_table

NOW = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)


def cadre(user_id: int = 7, *permissions: str) -> Actor:
    held = frozenset(permissions or ("import.run", "toy.edit"))
    return Actor(user_id, f"cadre {user_id}", grants=(Grant("town_cadre", 1, "0001", held),))


@pytest.fixture
def alice() -> Actor:
    return cadre(7)


@pytest.fixture
def charlie() -> Actor:
    return cadre(8)


@pytest.fixture
def toy_importer(monkeypatch: pytest.MonkeyPatch) -> ToyImporter:
    """The importer of toys, registered for this test alone; accounts 7 and 8 may use it."""
    toy = ToyImporter()
    monkeypatch.setattr(importer, "_importers", {"toys": toy})
    monkeypatch.setattr(actors, "_find", [lambda account, on: cadre(int(account)) if account in (7, 8) else None])
    return toy


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits for a commit is done at once, as a test's own transaction never commits."""
    monkeypatch.setattr(transaction, "on_commit", lambda do: do())


@pytest.fixture
def toy_db(db: None, at_once: None, toy_importer: ToyImporter) -> Iterator[ToyImporter]:
    with toy_table():
        yield toy_importer


@pytest.fixture
def toy_db_committed(transactional_db: None, toy_importer: ToyImporter) -> Iterator[ToyImporter]:
    """A database where commits are commits: slower, and the way the site runs."""
    with toy_table():
        yield toy_importer

"""The cast: the same people in every room's tests. Charlie never sees what is Alice's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import hypothesis
import pytest
from django.db import transaction
from django.utils import translation
from pytest_django import DjangoDbBlocker

from shuniu.demo import public as demo
from tests import quicker, schema
from tests.factories import NOW, TODAY, Cast, Player, make_cast

schema.keep()
quicker.empty_only_what_is_full()
hypothesis.settings.register_profile("shuniu", deadline=None)  # a busy machine is no fault of ours
hypothesis.settings.load_profile("shuniu")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is the same on every database: `make test` runs it on one of them only (`-m "not one_database"`)."""
    for item in items:
        if not quicker.meets_the_database(item):
            item.add_marker(pytest.mark.one_database)


@pytest.fixture(scope="module")
def demo_world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[str]]:
    """The demo district, made once for the tests of a file, and what was told of it. Each test takes back its own."""
    told: list[str] = []
    world: Any = transaction.atomic()
    world._from_testcase = True  # actions may ask to be the outermost transaction
    with django_db_blocker.unblock(), world:
        demo.load(report=told.append)
        yield told
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def chinese(settings: Any) -> None:
    """Each test begins in the site's language, whatever the last reader chose."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture
def now() -> datetime:
    """A Thursday morning in Shanghai, for whatever is told the time."""
    return NOW


@pytest.fixture
def today() -> date:
    return TODAY


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def alice(cast: Cast) -> Player:
    """Chair of her union."""
    return cast.alice


@pytest.fixture
def bob(cast: Cast) -> Player:
    """Member of Alice's union."""
    return cast.bob


@pytest.fixture
def charlie(cast: Cast) -> Player:
    """Chair of another union in another town."""
    return cast.charlie


@pytest.fixture
def dana(cast: Cast) -> Player:
    """Cadre of the district."""
    return cast.dana


@pytest.fixture
def erin(cast: Cast) -> Player:
    """Nobody we know."""
    return cast.erin


@pytest.fixture
def operator(cast: Cast) -> Player:
    """Site operator."""
    return cast.operator


@pytest.fixture
def security(cast: Cast) -> Player:
    """Security officer."""
    return cast.security


@pytest.fixture
def audit(cast: Cast) -> Player:
    """Audit officer."""
    return cast.audit

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from shuniu.kernel.web import nav, search
from shuniu.kernel.web.registers import Register
from tests.browsing import (  # noqa: F401 -- fixtures
    browser_context_args,
    browser_type_launch_args,
    complaints,
    skip_without_browser,
)
from tests.kernel.gallery import notes, urls

CHINESE_FIRST = "shuniu.kernel.web.middleware.LanguageMiddleware"


@pytest.fixture(scope="session", autouse=True)
def static_root() -> None:
    """WhiteNoise wants its directory to be there, be it empty."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture
def make_notes(db: None) -> Iterator[Callable[[int], None]]:
    """The table of the gallery, gone again when the test is over."""
    notes.create_table()
    yield notes.fill
    notes.drop_table()


@pytest.fixture
def gallery(settings, monkeypatch) -> Client:  # type: ignore[no-untyped-def]
    """A site that consists of the gallery alone, with its own menu and search."""
    settings.ROOT_URLCONF = "tests.kernel.gallery.urls"
    settings.LOGIN_REDIRECT_URL = "gallery:home"
    settings.MIDDLEWARE = [CHINESE_FIRST if "locale" in one else one for one in settings.MIDDLEWARE]
    monkeypatch.setattr(nav, "_items", Register(rank=lambda item: (item.order, item.url_name)))
    monkeypatch.setattr(nav, "_sections", Register(rank=lambda section: section.order))
    monkeypatch.setattr(search, "_providers", Register(rank=lambda provider: provider.order))
    nav.register(*urls.ITEMS)
    for section in urls.SECTIONS:
        nav.register_section(section.key, section.label, section.order)
    search.register(search.SearchProvider("people", "会员", ("member.view",), urls.find_people, icon="users"))
    return Client()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    skip_without_browser(items)

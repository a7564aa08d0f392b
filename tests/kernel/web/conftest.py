from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from shuniu.kernel.web import nav, search
from shuniu.kernel.web.registers import Register
from tests.kernel.gallery import notes, urls

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
# the browser's own event loop runs in this thread, and Django would take that for asynchronous code
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
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


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):  # type: ignore[no-untyped-def]
    """The machine's own Chromium, in Chinese."""
    return {
        **browser_type_launch_args,
        "executable_path": CHROMIUM,
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
        ],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):  # type: ignore[no-untyped-def]
    return {**browser_context_args, "locale": "zh-CN"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if CHROMIUM is None and {"page", "browser"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.skip(reason="no Chromium; on Debian: apt-get install chromium fonts-noto-cjk"))

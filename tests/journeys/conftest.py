"""The demo district in a real browser: what a journey starts from."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, Page
from stdnum.iso7064 import mod_11_2

from shuniu.demo.public import PASSWORD
from tests.browsing import (  # noqa: F401 -- fixtures
    browser_context_args,
    browser_type_launch_args,
    hang_up,
    skip_without_browser,
)
from tests.quicker import Shelf

SCREENSHOTS = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
HEAVIEST = 200_000
"""Bytes of a screenshot."""
Opener = Callable[..., Page]


@pytest.fixture(scope="session")
def shelf() -> Iterator[Shelf]:
    kept = Shelf()
    yield kept
    kept.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    skip_without_browser(items)
    for item in items:
        if "site" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.filterwarnings("ignore:Session-scoped fixtures"))  # of pytest-base-url


@pytest.fixture
def site(transactional_db: None, live_server: Any, settings: Any, shelf: Shelf) -> str:
    """The address of a site with the demo district in it."""
    settings.SHUNIU_SECOND_FACTOR = False  # as in the demo
    connection.inc_thread_sharing()  # for good: the browser hangs up long after the test
    shelf.load()
    return str(live_server.url)


@pytest.fixture
def enter(site: str, browser: Browser, browser_context_args: dict[str, Any]) -> Any:  # noqa: F811
    """Open a browser of somebody's own and, given a name, sign in: `enter("chair", size=(390, 844), javascript=False)`."""
    contexts: list[BrowserContext] = []

    def opened(username: str = "", *, size: tuple[int, int] = (1280, 800), javascript: bool = True) -> Page:
        given = {"viewport": dict(zip(("width", "height"), size, strict=True)), "java_script_enabled": javascript}
        context = browser.new_context(**{**browser_context_args, **given, "base_url": site})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        if username:
            sign_in(page, username)
        return page

    yield opened
    hang_up(*contexts)


def sign_in(page: Page, username: str, password: str = PASSWORD) -> None:
    page.goto("/account/sign-in/")
    page.locator("[name=username]").fill(username)
    page.locator("[name=password]").fill(password)
    page.get_by_role("button", name="登录").click()


def id_number(serial: int) -> str:
    """The identity number of a woman born on 7 March 1990 in a county that does not exist."""
    stem = f"99010119900307{serial * 2:03d}"
    return stem + mod_11_2.calc_check_digit(stem)


def work() -> None:
    """Do what waits in the queue, as the site's worker does."""
    call_command("db_worker", batch=True, interval=0.0, startup_delay=False, verbosity=0)


def keep(page: Page, name: str) -> None:
    """The page as a picture of the docs, where SHUNIU_SCREENSHOTS=1 asks for new ones."""
    picture = page.screenshot(animations="disabled", caret="hide")
    assert len(picture) < HEAVIEST, f"{name} weighs {len(picture):,} bytes"
    if os.environ.get("SHUNIU_SCREENSHOTS") == "1":
        SCREENSHOTS.mkdir(exist_ok=True)
        (SCREENSHOTS / f"{name}.png").write_bytes(picture)

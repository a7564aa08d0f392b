"""What tests in a real browser share: the machine's own Chromium, and what is looked at on every page."""

from __future__ import annotations

import os
import shutil
import threading
import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.signals import request_finished, request_started
from playwright.sync_api import BrowserContext, Page, expect

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
HOW_TO = "no Chromium; on Debian: apt-get install chromium fonts-noto-cjk"
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")
THUMB = 43.5
"""Pixels: a target for a thumb has 44, less what rounding takes away."""
# the browser's own event loop runs in this thread, and Django would take that for asynchronous code
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
expect.set_options(timeout=15_000)  # on a busy machine; what is there already is not waited for

_SMALL = """least => [...document.querySelectorAll(
        'a, button, summary, input:not([type=hidden], [type=checkbox], [type=radio]), select, textarea')]
    .filter(one => one.checkVisibility() && !one.closest('.skip-link, p, .visually-hidden'))
    .map(one => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])
    .filter(([, box]) => box.width > 1 && box.height < least)
    .map(([html, box]) => `${Math.round(box.height)} ${html}`)"""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):  # type: ignore[no-untyped-def]
    """The machine's own Chromium."""
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": list(FLAGS)}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):  # type: ignore[no-untyped-def]
    """In Chinese, on the screen of an office computer."""
    return {**browser_context_args, "locale": "zh-CN", "viewport": {"width": 1280, "height": 800}}


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser of this test complains about."""
    return complaints_of(page)


def complaints_of(page: Page) -> list[str]:
    """What the browser complains about from now on, refusals of the content policy among it."""
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard


def skip_without_browser(items: list[pytest.Item]) -> None:
    """Tests that need a browser are skipped, with the way to get one, where there is none."""
    for item in items:
        if CHROMIUM is None and {"page", "browser"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.skip(reason=HOW_TO))


class Waiting:
    """How many requests are being answered just now, in whichever thread."""

    def __init__(self) -> None:
        self.now, self._lock = 0, threading.Lock()
        request_started.connect(self._begin)
        request_finished.connect(self._end)

    def _begin(self, **_given: object) -> None:
        with self._lock:
            self.now += 1

    def _end(self, **_given: object) -> None:
        with self._lock:
            self.now -= 1


WAITING = Waiting()


def hang_up(*contexts: BrowserContext, patience: float = 1.0) -> None:
    """Close browsers and wait until the server has answered what they still asked for: then tables may be emptied.

    The connections themselves stay open in the browser's pool, and their threads with them.
    """
    for context in contexts:
        context.close()
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline and WAITING.now > 0:
        time.sleep(0.02)


def serious(page: Page) -> list[tuple[str, list[str]]]:
    """What axe finds serious or worse on the page as it stands, and where."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        (one["id"], [node["html"][:200] for node in one["nodes"]])
        for one in found
        if one["impact"] in {"serious", "critical"}
    ]


def small_targets(page: Page) -> list[str]:
    """What can be pressed and is too low for a thumb; links inside running text are not looked at."""
    return list(page.evaluate(_SMALL, THUMB))


def overflow(page: Page) -> int:
    """How many pixels the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))

"""What the benches of all rooms measure with: a line of the report, the site as it is served, a plain browser."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.urls import reverse

USER, PASSWORD = "bench", "bench-of-shuniu-2026"
"""The account that benches sign in with."""
Figure = dict[str, Any]


def figure(name: str, part: str, rows: int, value: float, unit: str, floor: float | None = None) -> Figure:
    """One line of the report. `load` is the machine's load average over the minute before."""
    return {
        "figure": name,
        "part": part,
        "database": connection.vendor,
        "rows": rows,
        "value": round(value, 1),
        "unit": unit,
        "floor": None if floor is None else round(floor, 1),
        "load": round(os.getloadavg()[0], 2),
    }


def seconds(work: Callable[[], object]) -> float:
    """How long it took."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


class Reader:
    """A browser of the plainest kind: one connection kept open, cookies, and an answer that must be 200."""

    def __init__(self, port: int, cookies: dict[str, str] | None = None) -> None:
        self.port, self.cookies = port, dict(cookies or {})
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def again(self) -> Reader:
        """Another connection of the same session."""
        return Reader(self.port, self.cookies)

    def request(self, method: str, path: str, body: str | None = None) -> tuple[int, str]:
        headers = {"Cookie": "; ".join(f"{key}={value}" for key, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        answer = self._send(method, path, body, headers)
        text = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie") or []:
            self.cookies.update({key: morsel.value for key, morsel in SimpleCookie(line).items()})
        return answer.status, text

    def _send(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> http.client.HTTPResponse:
        """Send over the kept connection; over a new one where the server has meanwhile closed it."""
        try:
            self.connection.request(method, path, body, headers)
            return self.connection.getresponse()
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            self.connection.close()
            self.connection.request(method, path, body, headers)
            return self.connection.getresponse()

    def get(self, path: str) -> str:
        status, text = self.request("GET", path)
        if status != 200:
            raise RuntimeError(f"{path} answered {status}")
        return text

    def sign_in(self, username: str = USER) -> None:
        """Sign in with `PASSWORD`."""
        address = reverse("accounts:sign_in")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get(address))
        form = {"csrfmiddlewaretoken": token[1] if token else "", "username": username, "password": PASSWORD}
        status, _ = self.request("POST", address, urlencode(form))
        if status != 302:
            raise RuntimeError(f"sign-in answered {status}")


@contextmanager
def site() -> Iterator[int]:
    """The site on a free port, as `shuniu serve` runs it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [shutil.which("shuniu", path=str(Path(sys.executable).parent)) or "shuniu", "serve", "--no-worker"]
    process = subprocess.Popen([*command, "--port", str(port)], stdout=subprocess.DEVNULL)  # noqa: S603 -- ourselves
    try:
        _wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _attempt in range(300):
        if process.poll() is not None:
            raise RuntimeError("the site did not start")
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the site did not start within 30 seconds")

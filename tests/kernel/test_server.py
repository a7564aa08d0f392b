"""The supervisor of `shuniu serve`, with children that are a few lines of Python each."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles.finders import get_finder
from django.contrib.staticfiles.storage import staticfiles_storage
from django.utils.functional import empty

from shuniu.kernel import server

SLEEPER = "import time, os; open({marks!r}, 'a').write(f'{{os.getpid()}}\\n'); time.sleep(60)"
PARENT = """
import sys
from shuniu.kernel.server import Child, ServerError, Supervisor
children = [Child(f"child {{n}}", [sys.executable, "-c", code]) for n, code in enumerate({codes!r}, 1)]
try:
    Supervisor(children, lambda line: print(line, flush=True)).run()
except ServerError as error:
    print(error, flush=True)
    sys.exit(2)
"""


@pytest.fixture
def supervise(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start a supervisor over children that run the given code."""
    started: list[subprocess.Popen[str]] = []

    def start(*codes: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", PARENT.format(codes=codes)],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def marks(path: Path, count: int) -> list[int]:
    """The ids of the processes that wrote to `path`, once there are `count`."""
    eventually(lambda: path.exists() and len(path.read_text().split()) >= count)
    return [int(line) for line in path.read_text().split()]


def eventually(true: Callable[[], bool], seconds: float = 15) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.05)


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_every_child_is_stopped_with_the_parent(
    supervise: Callable[..., subprocess.Popen[str]], tmp_path: Path, signum: signal.Signals
) -> None:
    code = SLEEPER.format(marks=str(tmp_path / "marks"))
    parent = supervise(code, code)
    children = marks(tmp_path / "marks", 2)

    parent.send_signal(signum)

    assert parent.wait(10) == 0
    assert [pid for pid in children if is_alive(pid)] == []


def test_a_killed_child_is_started_again(supervise: Callable[..., subprocess.Popen[str]], tmp_path: Path) -> None:
    parent = supervise(SLEEPER.format(marks=str(tmp_path / "marks")))
    (first,) = marks(tmp_path / "marks", 1)

    os.kill(first, signal.SIGKILL)

    _, second = marks(tmp_path / "marks", 2)
    assert is_alive(second)
    parent.terminate()
    assert parent.communicate(timeout=10)[0] == "The child 1 ended and is started again.\n"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent is gone")
def test_children_end_when_the_parent_is_killed(
    supervise: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    parent = supervise(SLEEPER.format(marks=str(tmp_path / "marks")))
    (child,) = marks(tmp_path / "marks", 1)

    parent.kill()

    eventually(lambda: not is_alive(child))


def test_a_child_that_cannot_run_ends_everything_with_a_sentence(
    supervise: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    healthy = SLEEPER.format(marks=str(tmp_path / "marks"))
    parent = supervise(healthy, "import sys; sys.exit(3)")

    told, _ = parent.communicate(timeout=15)

    assert (parent.returncode, told) == (2, "The child 2 ended as soon as it was started; what it said stands above.\n")
    assert not any(is_alive(pid) for pid in marks(tmp_path / "marks", 0))


def test_a_taken_port_is_told_in_a_sentence() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(
            server.ServerError, match=rf"^Cannot listen at 127\.0\.0\.1:{port}: Address already in use\.$"
        ):
            server.listen("127.0.0.1", port)


def test_a_wrong_host_is_told_in_a_sentence() -> None:
    with pytest.raises(server.ServerError, match=r"^Cannot listen at 192\.0\.2\.1:0: .+\.$"):
        server.listen("192.0.2.1", 0)


def test_static_files_are_collected_once_and_again_after_a_change(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.STATIC_ROOT = tmp_path / "static"
    source = tmp_path / "app/static"
    source.mkdir(parents=True)
    (source / "app.css").write_text("body { color: red }")
    settings.STATICFILES_DIRS = [source]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    get_finder.cache_clear()
    monkeypatch.setattr(staticfiles_storage, "_wrapped", empty)

    assert [server.collect_static(), server.collect_static()] == [True, False]
    (source / "app.css").write_text("body { color: black }")
    assert server.collect_static() is True
    assert (tmp_path / "static/app.css").read_text() == "body { color: black }"

    get_finder.cache_clear()


def test_the_web_server_gets_the_socket_and_the_worker_every_queue() -> None:
    with server.listen("127.0.0.1", 0) as listener:
        command = " ".join(server.web_command(listener, 3))

    assert re.search(rf"--bind fd://\d+ --worker-class gthread --workers 3 --threads {server.THREADS} ", command)
    assert command.endswith(" shuniu.config.wsgi:application")
    assert " worker --queue-name * " in " ".join(server.worker_command())

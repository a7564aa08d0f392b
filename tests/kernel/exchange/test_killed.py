"""A worker killed in the middle leaves nothing half done."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

from tests.kernel.exchange.toys import toy_table

ROOT = Path(__file__).resolve().parents[3]


def database(folder: Path) -> str:
    """A database that other processes can open: a new file, or the test database of the server."""
    if connection.vendor == "sqlite":
        return f"sqlite:///{folder}/toys.sqlite3"
    of = connection.settings_dict
    return (
        f"postgres://{quote(of['USER'])}:{quote(of['PASSWORD'])}@{quote(of['HOST'], safe='')}:{of['PORT']}/{of['NAME']}"
    )


class Workers:
    """Processes of the worker, one at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            **os.environ,
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
            "DJANGO_SETTINGS_MODULE": "shuniu.config.settings",
            "SHUNIU_DATABASE": database(folder),
            "SHUNIU_DATA": str(folder / "data"),
            "SHUNIU_KEYS": str(folder / "keys"),
        }
        (folder / "data").mkdir()

    def start(self, what: str, slow: float = 0.0) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.kernel.exchange.worker", what, str(slow)]
        return subprocess.Popen(command, env=self.environment, cwd=ROOT, stdout=subprocess.PIPE, text=True)

    def run(self, what: str) -> list[str]:
        process = self.start(what)
        said, _ = process.communicate(timeout=60)
        assert process.returncode == 0
        return said.splitlines()

    def kill_when(self, ready: Callable[[], bool], what: str, slow: float) -> None:
        process = self.start(what, slow)
        until = time.monotonic() + 30
        while not ready() and time.monotonic() < until:
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.communicate()

    @property
    def chunks(self) -> list[int]:
        path = self.folder / "data" / "chunks"
        return list(map(int, path.read_text().split())) if path.exists() else []

    @property
    def staged(self) -> int:
        """Rows of the last whole chunk and those before it."""
        told = [path.read_text() for path in (self.folder / "data" / "imports").glob("*.progress")]
        return max((json.loads(text)[0] for text in told if text), default=0)


@pytest.fixture
def workers(transactional_db: None, tmp_path: Path) -> Iterator[Workers]:
    found = Workers(tmp_path)
    with toy_table() if connection.vendor == "postgresql" else nullcontext():
        found.run("prepare")
        yield found


def test_killed_worker_leaves_nothing_half_done(workers: Workers) -> None:
    workers.kill_when(lambda: workers.staged >= 10_000, "work", 0.3)
    before, staged = workers.chunks, workers.staged

    told = workers.run("tell,requeue,work,tell,ask")

    assert told == ["checking 0 0 0 0", "requeued 1", "checked 40000 0 0 0"]
    again = workers.chunks[len(before) :]
    assert again[0] > staged  # it went on where the last whole chunk had ended
    assert sorted({*before, *again}) == list(range(2, 40_002, 5000))

    (progress,) = (workers.folder / "data" / "imports").glob("*.progress")
    workers.kill_when(lambda: progress.read_text().startswith("[1, 2]"), "work", 5)

    told = workers.run("tell,requeue,requeue,work,tell")

    assert told == ["applying 40000 0 0 0", "requeued 1", "requeued 0", "applied 40000 0 40000 40000"]

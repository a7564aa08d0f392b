"""Who works on a batch and how far they are: a small file, locked while the work lasts.

Not a row of the database: taking rows in is one long transaction, during which nobody else would see the row change,
and on SQLite could not change it. The lock ends with the process that holds it, however that ends.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

_EVERY = 0.25
"""Seconds between two writes."""
_LENGTH = 64
"""Bytes of the file, so that each write replaces the whole of the last one."""


class Progress(NamedTuple):
    """Rows done of rows in all; `total` is 0 while nobody knows."""

    done: int = 0
    total: int = 0

    @property
    def percent(self) -> int | None:
        """Whole percent; None while the total is not known."""
        return min(100, self.done * 100 // self.total) if self.total else None


class Desk:
    """The place where one batch is worked on."""

    def __init__(self, batch_id: int) -> None:
        self.folder = Path(settings.SHUNIU_DATA) / "imports"
        self.stage_path = self.folder / f"{batch_id}.stage.sqlite3"
        self._path = self.folder / f"{batch_id}.progress"
        self._descriptor = -1
        self._written_at = 0.0

    @contextmanager
    def taken(self) -> Iterator[bool]:
        """Whether nobody else works on the batch; if so, it is ours until the block ends."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            yield _lock(self._descriptor)
        finally:
            os.close(self._descriptor)
            self._descriptor = -1

    @property
    def is_taken(self) -> bool:
        """Whether somebody works on the batch now."""
        if not self._path.exists():
            return False
        descriptor = os.open(self._path, os.O_RDWR)
        try:
            return not _lock(descriptor)
        finally:
            os.close(descriptor)

    def report(self, done: int, total: int) -> None:
        """Tell how far the work is; inside `taken`. Cheap: most calls write nothing."""
        at = time.monotonic()
        if at - self._written_at >= _EVERY or done >= total > 0:
            self._written_at = at
            os.pwrite(self._descriptor, json.dumps([done, total]).ljust(_LENGTH).encode(), 0)

    def read(self) -> Progress:
        """How far the work is; nothing done where nobody has told."""
        try:
            return Progress(*json.loads(self._path.read_text()))
        except (FileNotFoundError, ValueError, TypeError):
            return Progress()

    def clear(self) -> None:
        """Remove what lies there, the staged rows included."""
        for path in self.folder.glob(f"{self._path.stem}.*"):
            path.unlink(missing_ok=True)


def _lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True

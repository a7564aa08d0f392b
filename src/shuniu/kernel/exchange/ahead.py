"""Reading in a second process while the first one checks: unpacking a workbook takes as long as checking its rows."""

from __future__ import annotations

import marshal
import os
import signal
import struct
from collections.abc import Callable, Generator, Iterator
from typing import BinaryIO

from shuniu.kernel.exchange.archive import damaged
from shuniu.kernel.exchange.limits import FileRefused
from shuniu.kernel.exchange.read import Chunk

_LENGTH = struct.Struct("<Q")


def read_ahead(source: Callable[[], Iterator[Chunk]]) -> Generator[Chunk, None, None]:
    """The chunks of `source`, which runs in a child process that is a pipe's length ahead.

    The child ends with this iterator, and with this process. What refuses the file there refuses it here; a child
    that dies of the file has refused it too.
    """
    out, into = os.pipe()
    child = os.fork()
    if not child:
        os.close(out)
        _write_all(source, into)
    os.close(into)
    try:
        with os.fdopen(out, "rb") as pipe:
            yield from _read_all(pipe)
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _write_all(source: Callable[[], Iterator[Chunk]], into: int) -> None:
    try:
        with os.fdopen(into, "wb", buffering=0) as pipe:
            try:
                for chunk in source():
                    _write(pipe, (chunk.numbers, chunk.rows))
                _write(pipe, None)
            except FileRefused as refusal:
                _write(pipe, str(refusal))
    finally:
        os._exit(0)  # without the clean-up of a parent's connections and files


def _write(pipe: BinaryIO, message: tuple[list[int], list[list[str]]] | str | None) -> None:
    packed = marshal.dumps(message)
    unwritten = memoryview(_LENGTH.pack(len(packed)) + packed)
    while unwritten:
        unwritten = unwritten[pipe.write(unwritten) :]


def _read_all(pipe: BinaryIO) -> Iterator[Chunk]:
    while header := pipe.read(_LENGTH.size):
        packed = pipe.read(_LENGTH.unpack(header)[0])
        message = marshal.loads(packed)  # noqa: S302 -- written by our own child
        if message is None:
            return
        if isinstance(message, str):
            raise FileRefused(message)
        yield Chunk(*message)
    raise damaged()

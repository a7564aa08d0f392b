"""Work in a second process while this one does its own: reading, checking and staging each take as long as the others."""

from __future__ import annotations

import gc
import marshal
import os
import pickle
import signal
import struct
import traceback
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack, closing
from itertools import cycle
from typing import Any, BinaryIO, TypeVar

from django.db import connections

from shuniu.kernel.errors import ActionError
from shuniu.kernel.exchange.archive import damaged

T = TypeVar("T")

_HEADER = struct.Struct("<cQ")
_PLAIN, _OTHER, _END, _REFUSED, _FAILED = b"p", b"o", b"e", b"r", b"f"


class ChildError(RuntimeError):
    """The child met an error that is nobody's fault but ours; the message is its traceback."""


def ahead(source: Callable[[], Iterator[T]]) -> Generator[T, None, None]:
    """What `source` yields, made in a child process that is a pipe's length ahead.

    Values of nothing but tuples, lists, text, bytes, numbers and None are handed over fastest. The child ends with
    this iterator, and with this process. What is refused there is refused here; a child that dies of a file has
    refused it too.

    Raises:
        ActionError: as raised by `source`.
        ChildError: `source` raised anything else.
    """
    out, into = os.pipe()
    child = os.fork()
    if not child:
        os.close(out)
        _work(source, into)
    os.close(into)
    try:
        with os.fdopen(out, "rb") as pipe:
            yield from _values(pipe)
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def ahead_in_turn(sources: Sequence[Callable[[], Iterator[T]]]) -> Generator[T, None, None]:
    """What several children make, one value of each in turn, until one whose turn it is has no more."""
    with ExitStack() as stack:
        for child in cycle([stack.enter_context(closing(ahead(source))) for source in sources]):
            try:
                value = next(child)
            except StopIteration:
                return
            yield value


def _values(pipe: BinaryIO) -> Iterator[Any]:
    while header := pipe.read(_HEADER.size):
        kind, size = _HEADER.unpack(header)
        packed = pipe.read(size)
        if kind == _END:
            return
        load = pickle.loads if kind == _OTHER else marshal.loads  # written by our own child
        value = load(packed)
        if kind == _REFUSED:
            raise ActionError(value)
        if kind == _FAILED:
            raise ChildError(value)
        yield value
    raise damaged()


def _work(source: Callable[[], Iterator[Any]], into: int) -> None:
    try:
        gc.disable()  # the child lives for a few seconds and makes no rings
        _leave_connections_to_parent()
        with os.fdopen(into, "wb", buffering=0) as pipe:
            try:
                for value in source():
                    _send(pipe, *_packed(value))
                _send(pipe, _END, b"")
            except ActionError as refusal:
                _send(pipe, _REFUSED, marshal.dumps(str(refusal)))
            except Exception:
                _send(pipe, _FAILED, marshal.dumps(traceback.format_exc()))
    finally:
        os._exit(0)  # without the clean-up of what belongs to the parent


def _packed(value: Any) -> tuple[bytes, bytes]:
    try:
        return _PLAIN, marshal.dumps(value)
    except ValueError:
        return _OTHER, pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)


def _send(pipe: BinaryIO, kind: bytes, packed: bytes) -> None:
    unwritten = memoryview(_HEADER.pack(kind, len(packed)) + packed)
    while unwritten:
        unwritten = unwritten[pipe.write(unwritten) :]


_parents: list[Any] = []
"""Connections of the parent, held so that they are not closed from here."""


def _leave_connections_to_parent() -> None:
    """A connection cannot be used from two processes; the child opens its own where it needs one."""
    for connection in connections.all(initialized_only=True):
        if connection.vendor == "sqlite" and connection.is_in_memory_db():  # type: ignore[attr-defined]
            continue  # there is no second connection to such a database; the child has a copy of it
        _parents.append(connection.connection)
        connection.connection = None
        if connection.vendor == "postgresql":
            connection._connection_pools = {}  # type: ignore[attr-defined]  # noqa: SLF001 -- no other way to a new pool

"""Files that users hand in, encrypted on the disk under names of our own.

A stored file is `magic | key version | 16-byte salt` and then pieces of one MiB, each sealed
with AES-256-GCM under a key derived for this file. A nonce counts the pieces and marks the last, so that pieces
cannot be dropped, repeated or put in another order.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import os
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from shuniu.kernel import vault

PIECE = 1 << 20

_MAGIC = b"SNF1"
_SALT = 16
_TAG = 16
_HEADER = len(_MAGIC) + 1 + _SALT
_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file in the store: the name it is found by, its size in bytes and its SHA-256, both of the clear content."""

    id: str
    size: int
    sha256: str


def save_upload(file: BinaryIO) -> StoredFile:
    """Store what can be read from `file`, encrypted, and make sure that it is on the disk."""
    file_id = secrets.token_hex(16)
    path = _path(file_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with path.open("xb") as stored:
        version, key = vault.file_key()
        salt = os.urandom(_SALT)
        stored.write(_MAGIC + bytes([version]) + salt)
        seal = AESGCM(_file_key(key, salt)).encrypt
        for number, piece, last in _pieces(file):
            digest.update(piece)
            size += len(piece)
            stored.write(seal(_nonce(number, last=last), piece, None))
        stored.flush()
        os.fsync(stored.fileno())
    return StoredFile(file_id, size, digest.hexdigest())


def open_upload(file_id: str) -> BinaryIO:
    """The clear content as a stream that can be read and sought.

    Raises:
        FileNotFoundError: it was deleted, or never stored.
        VaultError: while reading, where a byte was changed or the key is not the one.
    """
    return io.BufferedReader(_Opened(_path(file_id)), buffer_size=PIECE)


def delete_upload(file_id: str) -> None:
    """Remove a stored file; nothing happens where it is gone already."""
    _path(file_id).unlink(missing_ok=True)


def _path(file_id: str) -> Path:
    if not _ID.fullmatch(file_id):
        raise FileNotFoundError(file_id)
    return Path(settings.SHUNIU_DATA) / "files" / file_id[:2] / file_id


def _file_key(key: bytes, salt: bytes) -> bytes:
    return hmac.digest(key, salt, hashlib.sha256)


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _pieces(file: BinaryIO) -> Iterator[tuple[int, bytes, bool]]:
    """Pieces of the file with their numbers, and whether each is the last. An empty file is one empty piece."""
    number, piece = 0, _read_exactly(file)
    while len(piece) == PIECE and (following := _read_exactly(file)):
        yield number, piece, False
        number, piece = number + 1, following
    yield number, piece, True


def _read_exactly(file: BinaryIO) -> bytes:
    parts: list[bytes] = []
    missing = PIECE
    while missing and (part := file.read(missing)):
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


class _Opened(io.RawIOBase):
    """A stored file, opened piece by piece; the last opened piece is kept."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        header = self._file.read(_HEADER)
        if len(header) < _HEADER or not header.startswith(_MAGIC):
            raise vault.VaultError("not a stored file")
        key = vault.derived_key("file", header[len(_MAGIC)])
        self._open = AESGCM(_file_key(key, header[-_SALT:])).decrypt
        sealed = path.stat().st_size - _HEADER
        self._count = max(1, -(-sealed // (PIECE + _TAG)))
        self._size = sealed - self._count * _TAG
        self._at = 0
        self._piece: tuple[int, bytes] = (-1, b"")

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def close(self) -> None:
        self._file.close()
        super().close()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if start + offset < 0:
            raise ValueError("negative seek position")
        self._at = start + offset
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: memoryview | bytearray) -> int:  # type: ignore[override]
        if self._at >= self._size:
            return 0
        number, start = divmod(self._at, PIECE)
        found = self._clear(number)[start : start + len(buffer)]
        buffer[: len(found)] = found
        self._at += len(found)
        return len(found)

    def _clear(self, number: int) -> bytes:
        if self._piece[0] != number:
            self._file.seek(_HEADER + number * (PIECE + _TAG))
            sealed = self._file.read(PIECE + _TAG)
            try:
                clear = self._open(_nonce(number, last=number == self._count - 1), sealed, None)
            except InvalidTag as error:
                raise vault.VaultError("the stored file was changed") from error
            self._piece = (number, clear)
        return self._piece[1]

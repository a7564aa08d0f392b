"""Uploaded files on the disk: unreadable there, whole or refused."""

from __future__ import annotations

import io
import random
from pathlib import Path
from typing import Any

import pytest

from shuniu.kernel.exchange import store
from shuniu.kernel.exchange.store import PIECE, delete_upload, open_upload, save_upload
from shuniu.kernel.vault import VaultError

SECRET = b"310112199001011234"


def content(size: int) -> bytes:
    return (SECRET * (size // len(SECRET) + 1))[:size]


def path_of(file_id: str) -> Path:
    return store._path(file_id)


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
def test_stored_file_comes_back_as_it_was(size: int) -> None:
    stored = save_upload(io.BytesIO(content(size)))

    with open_upload(stored.id) as stream:
        assert stream.read() == content(size)
    assert stored.size == size


def test_stored_file_can_be_sought() -> None:
    data = random.Random(1).randbytes(2 * PIECE + 777)
    stored = save_upload(io.BytesIO(data))

    with open_upload(stored.id) as stream:
        for place, count in ((PIECE - 5, 10), (0, 3), (2 * PIECE + 700, 500), (PIECE, PIECE), (3 * PIECE, 5)):
            assert stream.seek(place) == place
            assert stream.read(count) == data[place : place + count]
        assert stream.seek(-7, io.SEEK_END) == len(data) - 7
        assert stream.read() == data[-7:]
        stream.seek(10)
        assert stream.seek(5, io.SEEK_CUR) == 15


def test_nothing_of_the_content_is_on_the_disk() -> None:
    stored = save_upload(io.BytesIO(content(PIECE + 100)))

    assert SECRET not in path_of(stored.id).read_bytes()


def test_same_content_is_stored_differently_each_time() -> None:
    first, second = (save_upload(io.BytesIO(SECRET)) for _ in range(2))

    assert first.sha256 == second.sha256
    assert path_of(first.id).read_bytes()[-20:] != path_of(second.id).read_bytes()[-20:]


SEALED = PIECE + 16


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda raw: raw[:-1], id="last byte cut off"),
        pytest.param(lambda raw: raw[: 21 + SEALED], id="last piece cut off"),
        pytest.param(
            lambda raw: raw[:21] + raw[21 + SEALED : 21 + 2 * SEALED] + raw[21 : 21 + SEALED] + raw[21 + 2 * SEALED :],
            id="swapped",
        ),
        pytest.param(lambda raw: raw[:21] + raw[21 : 21 + SEALED] * 2 + raw[21 + 2 * SEALED :], id="repeated"),
        pytest.param(lambda raw: raw[:500] + bytes([raw[500] ^ 1]) + raw[501:], id="one bit turned"),
        pytest.param(lambda raw: raw[:6] + b"\0" + raw[7:], id="another salt"),
        pytest.param(lambda raw: b"PK\3\4" + raw[4:], id="another kind"),
        pytest.param(lambda raw: raw + b"\0" * 20, id="something added"),
        pytest.param(lambda raw: b"", id="emptied"),
    ],
)
def test_file_that_was_changed_on_the_disk_is_refused(spoil: Any) -> None:
    stored = save_upload(io.BytesIO(content(2 * PIECE + 5)))
    path = path_of(stored.id)
    path.write_bytes(spoil(path.read_bytes()))

    with pytest.raises(VaultError), open_upload(stored.id) as stream:
        stream.read()


def test_deleted_file_is_gone_and_may_be_deleted_again() -> None:
    stored = save_upload(io.BytesIO(SECRET))

    delete_upload(stored.id)
    delete_upload(stored.id)

    with pytest.raises(FileNotFoundError):
        open_upload(stored.id)


@pytest.mark.parametrize("name", ["", "../../../etc/passwd", "x" * 32, "0" * 31, "A" * 32, "0" * 32 + "/"])
def test_names_that_are_not_ours_are_nowhere(name: str) -> None:
    with pytest.raises(FileNotFoundError):
        open_upload(name)

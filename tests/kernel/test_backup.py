"""A site goes into one file and comes back, or does not come back at all."""

from __future__ import annotations

import gzip
import io
import json
import shutil
import stat
import tarfile
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection

from shuniu.kernel import vault
from shuniu.kernel.backup import BackupError, make_backup, restore_backup

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(shutil.which("pg_dump") is None, reason="no pg_dump (apt-get install postgresql-client)"),
]

NOW = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def data(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """A data directory with one upload, beside what a backup must leave out, and keys inside it, as some will."""
    settings.SHUNIU_DATA = tmp_path / "data"
    settings.STATIC_ROOT = settings.SHUNIU_DATA / "static"
    settings.SHUNIU_KEYS = settings.SHUNIU_DATA / "keys"
    settings.SHUNIU_KEYRING = settings.SHUNIU_KEYS / "vault.json"
    vault.keyring.cache_clear()
    for name in ("uploads/01/名册.bin", "static/app.css", "keys/django.key", "shuniu.sqlite3-wal", "old.tar.gz"):
        path = settings.SHUNIU_DATA / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"content of {name}")
    yield settings.SHUNIU_DATA
    vault.keyring.cache_clear()


def add_account(username: str) -> None:
    get_user_model()._base_manager.create(
        username=username, name="陈晓", mobile_index=None, password_changed_at=NOW, created_at=NOW
    )


def accounts() -> list[str]:
    return sorted(get_user_model()._base_manager.values_list("username", flat=True))


def members(path: Path) -> dict[str, bytes]:
    with tarfile.open(path) as archive:
        return {entry.name: archive.extractfile(entry).read() for entry in archive}  # type: ignore[union-attr]


def rewritten(path: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """The archive at `path` with its members changed, otherwise well-formed."""
    files = members(path)
    change(files)
    with tarfile.open(path, "w:gz") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return path


def retold(path: Path, **told: object) -> Path:
    """The archive at `path` with another manifest."""
    return rewritten(
        path,
        lambda files: files.update(
            {"manifest.json": json.dumps({**json.loads(files["manifest.json"]), **told}).encode()}
        ),
    )


def test_a_site_comes_back_with_its_rows_and_files(tmp_path: Path, data: Path) -> None:
    add_account("chen")
    make_backup(tmp_path / "site.tar.gz", now=NOW)
    get_user_model()._base_manager.all().delete()
    shutil.rmtree(data / "uploads")

    manifest = restore_backup(tmp_path / "site.tar.gz")

    assert accounts() == ["chen"]
    assert (data / "uploads/01/名册.bin").read_text() == "content of uploads/01/名册.bin"
    assert manifest.made_at == "2026-11-22T08:30:00+00:00"
    assert list((data / "tmp").iterdir()) == []


def test_a_backup_holds_the_uploads_and_never_the_keys(tmp_path: Path) -> None:
    make_backup(tmp_path / "site.tar.gz", now=NOW)

    held = members(tmp_path / "site.tar.gz")

    assert list(held) == ["database", "files/uploads/01/名册.bin", "manifest.json"]
    key = json.loads(vault.keyring().to_json())
    for secret in (key["index"], key["keys"]["1"], "content of keys/django.key"):
        assert not any(secret.encode() in content for content in held.values())


def test_only_its_owner_can_read_a_backup(tmp_path: Path) -> None:
    make_backup(tmp_path / "site.tar.gz", now=NOW)

    assert stat.S_IMODE((tmp_path / "site.tar.gz").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("site")] == ["site.tar.gz"]


def test_a_backup_is_not_written_over_another_file(tmp_path: Path) -> None:
    (tmp_path / "site.tar.gz").write_text("of last week")

    with pytest.raises(BackupError):
        make_backup(tmp_path / "site.tar.gz", now=NOW)

    assert (tmp_path / "site.tar.gz").read_text() == "of last week"


def test_a_site_with_accounts_is_replaced_by_force_only(tmp_path: Path) -> None:
    add_account("chen")
    make_backup(tmp_path / "site.tar.gz", now=NOW)
    add_account("li")

    with pytest.raises(BackupError, match="--force"):
        restore_backup(tmp_path / "site.tar.gz")
    assert accounts() == ["chen", "li"]

    restore_backup(tmp_path / "site.tar.gz", force=True)
    assert accounts() == ["chen"]


def test_a_changed_byte_is_found_before_anything_is_changed(tmp_path: Path) -> None:
    make_backup(tmp_path / "site.tar.gz", now=NOW)
    whole = (tmp_path / "site.tar.gz").read_bytes()
    add_account("li")

    for damaged in damaged_copies(whole, 40):
        (tmp_path / "damaged.tar.gz").write_bytes(damaged)
        with pytest.raises(BackupError):
            restore_backup(tmp_path / "damaged.tar.gz", force=True)

    assert accounts() == ["li"]


def damaged_copies(whole: bytes, count: int) -> Iterator[bytes]:
    """Copies with one bit changed that hold something else. In a run of zeros another bit can mean the same."""
    content = gzip.decompress(whole)
    for position in range(64, len(whole), len(whole) // count):
        damaged = whole[:position] + bytes([whole[position] ^ 0x10]) + whole[position + 1 :]
        try:
            means_the_same = gzip.decompress(damaged) == content
        except (OSError, EOFError, zlib.error):
            means_the_same = False
        if not means_the_same:
            yield damaged


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9, 0.999])
def test_a_backup_that_was_cut_short_is_refused(tmp_path: Path, share: float) -> None:
    make_backup(tmp_path / "site.tar.gz", now=NOW)
    whole = (tmp_path / "site.tar.gz").read_bytes()
    (tmp_path / "cut.tar.gz").write_bytes(whole[: int(len(whole) * share)])

    with pytest.raises(BackupError, match=r"cut\.tar\.gz"):
        restore_backup(tmp_path / "cut.tar.gz")


def test_an_upload_that_was_exchanged_is_named(tmp_path: Path, data: Path) -> None:
    make_backup(tmp_path / "site.tar.gz", now=NOW)
    rewritten(tmp_path / "site.tar.gz", lambda files: files.update({"files/uploads/01/名册.bin": b"another"}))

    with pytest.raises(BackupError, match=r"files/uploads/01/名册\.bin"):
        restore_backup(tmp_path / "site.tar.gz")

    assert (data / "uploads/01/名册.bin").read_text() == "content of uploads/01/名册.bin"


@pytest.mark.parametrize("name", ["files/extra.bin", "../escaped", "/escaped"])
def test_a_file_that_the_manifest_does_not_know_is_refused(tmp_path: Path, name: str) -> None:
    make_backup(tmp_path / "site.tar.gz", now=NOW)
    rewritten(tmp_path / "site.tar.gz", lambda files: files.update({name: b"smuggled"}))

    with pytest.raises(BackupError):
        restore_backup(tmp_path / "site.tar.gz")

    assert not list(tmp_path.rglob("*escaped"))
    assert not list(tmp_path.rglob("extra.bin"))


def test_a_backup_of_another_kind_of_database_is_refused(tmp_path: Path) -> None:
    make_backup(tmp_path / "site.tar.gz", now=NOW)
    retold(tmp_path / "site.tar.gz", engine="oracle")

    with pytest.raises(BackupError, match=f"oracle.*{connection.vendor}"):
        restore_backup(tmp_path / "site.tar.gz")


def test_a_backup_under_other_keys_is_refused_as_nothing_in_it_would_open(tmp_path: Path, settings: Any) -> None:
    make_backup(tmp_path / "site.tar.gz", now=NOW)
    settings.SHUNIU_KEYRING.unlink()
    vault.keyring.cache_clear()

    with pytest.raises(BackupError, match=str(settings.SHUNIU_KEYS)):
        restore_backup(tmp_path / "site.tar.gz", force=True)


def test_a_backup_comes_back_after_the_keys_were_rotated(tmp_path: Path, settings: Any) -> None:
    add_account("chen")
    make_backup(tmp_path / "site.tar.gz", now=NOW)
    vault.save_keyring(settings.SHUNIU_KEYRING, vault.keyring().rotated())
    vault.keyring.cache_clear()

    restore_backup(tmp_path / "site.tar.gz", force=True)

    assert accounts() == ["chen"]


def test_a_backup_of_a_newer_site_is_refused_by_the_name_of_what_is_unknown(tmp_path: Path) -> None:
    manifest = make_backup(tmp_path / "site.tar.gz", now=NOW)
    retold(tmp_path / "site.tar.gz", migrations=[*manifest.migrations, "kernel.9999_from_tomorrow"])

    with pytest.raises(BackupError, match=r"kernel\.9999_from_tomorrow"):
        restore_backup(tmp_path / "site.tar.gz")


def test_a_backup_of_a_later_format_is_refused(tmp_path: Path) -> None:
    make_backup(tmp_path / "site.tar.gz", now=NOW)
    retold(tmp_path / "site.tar.gz", format=2, something="new")

    with pytest.raises(BackupError):
        restore_backup(tmp_path / "site.tar.gz")


@pytest.mark.parametrize(
    "content", [b"", b"not a backup", gzip.compress(b"not a tar" * 200)], ids=["empty", "text", "gzip"]
)
def test_another_file_is_not_a_backup(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "holiday.tar.gz").write_bytes(content)

    with pytest.raises(BackupError):
        restore_backup(tmp_path / "holiday.tar.gz")

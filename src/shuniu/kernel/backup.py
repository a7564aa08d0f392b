"""One file that holds a site, without the keys that open it: database, stored files, and a hash of each.

The archive is a gzipped tar: `database` (an SQLite file, or PostgreSQL's custom format), `files/...` (what lies in the
data directory) and, last, `manifest.json`. An archive that was cut short therefore has no manifest and is refused.
"""

from __future__ import annotations

import gzip
import hashlib
import hmac
import io
import json
import os
import re
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _

from shuniu.kernel import vault
from shuniu.kernel.errors import ActionError

FORMAT = 1
DATABASE, MANIFEST, FILES = "database", "manifest.json", "files/"
COMPRESSION = 3
"""Of gzip: stored files are encrypted and do not shrink, the database does at any level."""
CHUNK = 1 << 20
LEFT_OUT = re.compile(r"\.sqlite3(-\w+)?$|\.tar\.gz(\.part)?$")
"""Names of databases, which are dumped instead, and of other backups."""
TEMPORARY = "tmp"
"""The folder of the data directory for files on their way."""
DAMAGED = (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError, ValueError, FileExistsError, NotADirectoryError)
"""What reading an archive raises when the archive is at fault."""


class BackupError(ActionError):
    """A backup cannot be made or restored; nothing of the site was changed."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive says about itself. `keys` tells whether a keyring fits, without telling anything of the keys."""

    format: int
    made_at: str
    engine: str
    keys: str
    migrations: list[str]
    files: dict[str, str]
    """SHA-256 of every member of the archive but the manifest."""


def make_backup(path: Path, *, now: datetime) -> Manifest:
    """Write the site to `path` while it runs. The database is as of one moment, files as of the moments after it.

    Raises:
        BackupError: there is a file at `path` already, or the database's own program failed.
    """
    if path.exists():
        raise BackupError(_("There is a file at {path} already.").format(path=path))
    beside = path.with_name(path.name + ".part")
    try:
        with _private(beside) as raw, tarfile.open(fileobj=raw, mode="w:gz", compresslevel=COMPRESSION) as archive:
            manifest = _write(archive, path.parent, now)
        beside.rename(path)
    finally:
        beside.unlink(missing_ok=True)
    return manifest


@contextmanager
def _private(path: Path) -> Iterator[IO[bytes]]:
    """A new file that only its owner reads, flushed to the disk at the end."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def _write(archive: tarfile.TarFile, scratch: Path, now: datetime) -> Manifest:
    hashes = {}
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        dump = Path(folder) / DATABASE
        _dump(dump)
        hashes[DATABASE] = _add(archive, dump, DATABASE)
    for file in _stored_files():
        name = FILES + file.relative_to(settings.SHUNIU_DATA).as_posix()
        try:
            hashes[name] = _add(archive, file, name)
        except FileNotFoundError:  # removed since it was listed
            continue
    manifest = Manifest(FORMAT, now.isoformat(), connection.vendor, _keys_mark(), sorted(_applied()), hashes)
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode()
    entry = tarfile.TarInfo(MANIFEST)
    entry.size = len(text)
    archive.addfile(entry, io.BytesIO(text))
    return manifest


class _HashingReader:
    """A file as tarfile wants it, hashed as it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.hash = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        block = self.file.read(size)
        self.hash.update(block)
        return block


def _add(archive: tarfile.TarFile, path: Path, name: str) -> str:
    with path.open("rb") as file:
        entry = tarfile.TarInfo(name)
        entry.size = os.fstat(file.fileno()).st_size
        reader = _HashingReader(file)
        archive.addfile(entry, reader)
    return reader.hash.hexdigest()


def _stored_files() -> Iterator[Path]:
    """Every file of the data directory that is neither the database, nor a key, nor made anew when it is missing."""
    data = Path(settings.SHUNIU_DATA)
    folders = (Path(settings.STATIC_ROOT), Path(settings.SHUNIU_KEYS), data / TEMPORARY, data / "reports")
    for path in sorted(data.rglob("*")):
        left_out = LEFT_OUT.search(path.name) or any(map(path.is_relative_to, folders))
        if path.is_file() and not path.is_symlink() and not left_out:
            yield path


def _keys_mark() -> str:
    return hmac.digest(vault.derived_key("backup"), b"shuniu", hashlib.sha256).hex()


def _applied() -> set[str]:
    return {f"{app}.{name}" for app, name in MigrationLoader(connection).applied_migrations}


def _known() -> set[str]:
    return {f"{app}.{name}" for app, name in MigrationLoader(connection).disk_migrations}


def restore_backup(path: Path, *, force: bool = False) -> Manifest:
    """Put the site in `path` in the place of the one that is here. Every hash is checked before anything is changed.

    Raises:
        BackupError: the file is damaged, was made by a newer Shuniu, on another kind of database or under other keys;
            or there is a site here and `force` is not given.
    """
    data = Path(settings.SHUNIU_DATA)
    (data / TEMPORARY).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=data / TEMPORARY) as folder:
        manifest = _unpack(path, Path(folder))
        _refuse_misfit(manifest)
        if not force and not _is_empty():
            raise BackupError(_("There is a site here already; --force replaces it."))
        _load(Path(folder) / DATABASE)
        _move(Path(folder) / FILES, data)
    return manifest


def _unpack(path: Path, folder: Path) -> Manifest:
    try:
        with gzip.open(path) as stream, tarfile.open(fileobj=stream, mode="r:") as archive:
            hashes = {entry.name: _extract(archive, entry, folder) for entry in archive}
            while stream.read(CHUNK):  # to the end, where gzip keeps the checksum of the whole
                pass
        told = json.loads((folder / MANIFEST).read_text("utf-8")) if MANIFEST in hashes else None
    except DAMAGED as error:
        raise BackupError(_("The backup {path} is damaged or is not a backup.").format(path=path)) from error
    if told is None:
        raise BackupError(_("The backup {path} is incomplete: it was cut short.").format(path=path))
    if told.get("format") != FORMAT:
        raise BackupError(_("The backup {path} was made by a newer Shuniu.").format(path=path))
    manifest = Manifest(**told)
    found = {name: sha for name, sha in hashes.items() if name != MANIFEST}
    wrong = sorted(name for name in found.keys() | manifest.files.keys() if found.get(name) != manifest.files.get(name))
    if wrong:
        raise BackupError(_("The backup {path} is damaged at {name}.").format(path=path, name=wrong[0]))
    return manifest


def _extract(archive: tarfile.TarFile, entry: tarfile.TarInfo, folder: Path) -> str:
    """Write one member below `folder`; its SHA-256."""
    name = PurePosixPath(entry.name)
    source = archive.extractfile(entry) if entry.isreg() else None
    if source is None or name.is_absolute() or ".." in name.parts:
        raise tarfile.TarError(entry.name)
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    reader = _HashingReader(source)
    with target.open("xb") as file:
        shutil.copyfileobj(reader, file, CHUNK)
    return reader.hash.hexdigest()


def _refuse_misfit(manifest: Manifest) -> None:
    if manifest.engine != connection.vendor:
        raise BackupError(
            _("The backup was made on {other}; this site uses {own}.").format(
                other=manifest.engine, own=connection.vendor
            )
        )
    if not hmac.compare_digest(manifest.keys, _keys_mark()):
        raise BackupError(
            _("The backup was made under other keys; put its keys at {path} first.").format(path=settings.SHUNIU_KEYS)
        )
    unknown = sorted(set(manifest.migrations) - _known())
    if unknown:
        raise BackupError(_("The backup was made by a newer Shuniu: {name} is not known here.").format(name=unknown[0]))


def _is_empty() -> bool:
    """Whether nobody has an account here; without one there is no site."""
    users = get_user_model()._base_manager
    return users.model._meta.db_table not in connection.introspection.table_names() or not users.exists()


def _move(source: Path, data: Path) -> None:
    for path in sorted(source.rglob("*")) if source.is_dir() else ():
        if path.is_file():
            target = data / path.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            path.replace(target)


def _dump(path: Path) -> None:
    if connection.vendor == "postgresql":
        _run_postgres("pg_dump", "--format=custom", "--no-owner", "--compress=0", f"--file={path}")
        return
    with closing(sqlite3.connect(path)) as copy:
        _sqlite_connection().backup(copy)


def _load(path: Path) -> None:
    if connection.vendor == "postgresql":
        replace = ["--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error"]
        _run_postgres("pg_restore", *replace, f"--dbname={connection.settings_dict['NAME']}", str(path))
        return
    with closing(sqlite3.connect(path)) as copy:
        copy.backup(_sqlite_connection())


def _sqlite_connection() -> sqlite3.Connection:
    connection.ensure_connection()
    raw: sqlite3.Connection = connection.connection
    return raw


def _run_postgres(program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's own programs on the site's database.

    Raises:
        BackupError: this machine does not have it, or it failed.
    """
    keys: dict[str, str] = {
        "NAME": "PGDATABASE",
        "USER": "PGUSER",
        "PASSWORD": "PGPASSWORD",
        "HOST": "PGHOST",
        "PORT": "PGPORT",
    }
    told: dict[str, Any] = connection.settings_dict
    environment = {variable: str(told[key]) for key, variable in keys.items() if told.get(key)}
    try:
        done = subprocess.run(  # noqa: S603 -- a fixed program
            [program, *arguments], env={**os.environ, **environment}, capture_output=True, text=True, check=False
        )
    except FileNotFoundError as error:
        raise BackupError(
            _("This machine has no {program}; install PostgreSQL's client programs.").format(program=program)
        ) from error
    if done.returncode:
        reason = next(iter(done.stderr.strip().splitlines()), "")
        raise BackupError(_("{program} failed: {reason}").format(program=program, reason=reason))

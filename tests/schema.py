"""An empty database with all tables, made by the migrations once and copied from then on.

What is kept goes by a name that follows from the migrations and all that they import: change one, and it is made anew.
"""

from __future__ import annotations

import ast
import fcntl
import hashlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.db import connection
from django.db.backends.base.creation import BaseDatabaseCreation
from django.db.backends.postgresql.creation import DatabaseCreation as Postgres
from django.db.backends.sqlite3.creation import DatabaseCreation as Sqlite

ROOT = Path(__file__).resolve().parents[1]
FOLDER = Path(tempfile.gettempdir(), f"shuniu-test-schemas-{os.getuid()}")
PREFIX = "shuniu_schema_"
KEPT = 12
"""Copies kept, the newest; each working copy of the code has its own."""


def keep() -> None:
    """Have both databases begin their tests with a copy."""
    for backend, make in ((Sqlite, _sqlite), (Postgres, _postgres)):
        backend.create_test_db = _instead_of(backend.create_test_db, make)  # type: ignore[method-assign]


def copy_to(path: Path) -> None:
    """Begin a SQLite database at `path` with the copy, where there is one; what uses it migrates it all the same."""
    kept = FOLDER / f"{key()}.sqlite3"
    if kept.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(kept, path)


def _instead_of(migrate: Any, make: Any) -> Any:
    def create_test_db(self: BaseDatabaseCreation, *arguments: Any, **options: Any) -> str:
        options["serialize"] = False
        with _alone():
            return str(make(self, lambda: migrate(self, *arguments, **options), key()))

    return create_test_db


def key() -> str:
    """A name for the tables as the migrations make them."""
    sources = {path for app in (ROOT / "src/shuniu").iterdir() for path in app.glob("migrations/*.py")}
    imported = {path for source in sources for path in _imports(source)}
    lock = ROOT / "requirements/test.txt"
    text = b"".join(path.read_bytes() for path in [*sorted(sources | imported), lock])
    return hashlib.sha256(text + django.__version__.encode()).hexdigest()[:16]


def _imports(source: Path) -> Iterator[Path]:
    for node in ast.walk(ast.parse(source.read_text())):
        names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{one.name}" for one in node.names)]
        for name in names:
            path = ROOT / "src" / Path(*name.split(".")).with_suffix(".py")
            if name.startswith("shuniu.") and path.exists():
                yield path


@contextmanager
def _alone() -> Iterator[None]:
    """One process at a time: the others wait for its copy."""
    FOLDER.mkdir(exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _sqlite(creation: BaseDatabaseCreation, migrate: Any, name: str) -> str:
    kept = FOLDER / f"{name}.sqlite3"
    if not kept.exists():
        made = migrate()
        fresh = kept.with_suffix(".new")
        with closing(sqlite3.connect(fresh)) as copy:
            connection.connection.backup(copy)
        fresh.rename(kept)
        for old in sorted(FOLDER.glob("*.sqlite3"), key=lambda path: path.stat().st_mtime)[:-KEPT]:
            old.unlink()
        return str(made)
    made = _begin(creation)
    with closing(sqlite3.connect(kept)) as copy:
        copy.backup(connection.connection)
    return made


def _postgres(creation: BaseDatabaseCreation, migrate: Any, name: str) -> str:
    kept, options = f"{PREFIX}{name}", creation.connection.settings_dict["TEST"]
    with creation._nodb_cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s ORDER BY oid", [f"{PREFIX}%"])
        names = [row[0] for row in cursor.fetchall()]
    if kept in names:
        creation.connection.settings_dict["TEST"] = {**options, "TEMPLATE": kept}
        return _begin(creation)
    made = str(migrate())
    creation.connection.close()
    creation.connection.close_pool()  # type: ignore[attr-defined]
    with creation._nodb_cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(f'CREATE DATABASE "{kept}" TEMPLATE "{made}"')
        for old in names[: -KEPT + 1]:
            cursor.execute(f'DROP DATABASE IF EXISTS "{old}"')
    return made


def _begin(creation: BaseDatabaseCreation) -> str:
    """What Django does before and after it migrates."""
    name = creation._get_test_db_name()
    creation._create_test_db(verbosity=0, autoclobber=True)
    creation.connection.close()
    settings.DATABASES[creation.connection.alias]["NAME"] = name
    creation.connection.settings_dict["NAME"] = name
    creation.connection.ensure_connection()
    return name

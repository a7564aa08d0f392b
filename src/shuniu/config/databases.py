"""One address names the database: `sqlite:///path/to/file` or `postgres://user:password@host:port/name`."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


def database_from(address: str) -> dict[str, Any]:
    """Django's settings of the database at `address`.

    Raises:
        ValueError: the address names neither SQLite nor PostgreSQL.
    """
    parts = urlsplit(address)
    if parts.scheme == "sqlite":
        return _sqlite(Path(unquote(parts.path.removeprefix("/")) or ":memory:"))
    if parts.scheme in {"postgres", "postgresql"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or dict(parse_qsl(parts.query)).get("host", "")),
            "PORT": str(parts.port or ""),
            "OPTIONS": {"pool": {"min_size": 1, "max_size": 8, "timeout": 20}},
        }
    raise ValueError(f"SHUNIU_DATABASE must start with sqlite:/// or postgres://, not {parts.scheme}://")


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": None,  # a closed last connection would checkpoint on every request
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",  # a writer waits its turn at the start instead of failing in the middle
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000; "
            "PRAGMA temp_store=MEMORY; PRAGMA secure_delete=ON;",
        },
    }

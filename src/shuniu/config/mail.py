"""One address says how mail leaves the site: `smtp://user:password@host:port`, `file:` or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True, slots=True)
class Mail:
    """How mail leaves the site. `way` is `smtp`, `file` or empty."""

    way: str = ""
    host: str = ""
    port: int = 0
    user: str = ""
    password: str = ""
    starts_tls: bool = False
    is_tls: bool = False


def mail_from(address: str) -> Mail:
    """What `SHUNIU_MAIL` says. `smtp` turns to TLS before it signs in, `smtps` speaks TLS from the first byte.

    Raises:
        ValueError: it says something else.
    """
    parts = urlsplit(address)
    if not address:
        return Mail()
    if address.rstrip("/") == "file:":
        return Mail("file")
    if parts.scheme in PORTS and parts.hostname:
        return Mail(
            "smtp",
            parts.hostname,
            parts.port or PORTS[parts.scheme],
            unquote(parts.username or ""),
            unquote(parts.password or ""),
            starts_tls=parts.scheme == "smtp" and (parts.port or 587) != 25,
            is_tls=parts.scheme == "smtps",
        )
    raise ValueError("SHUNIU_MAIL must be smtp://..., smtps://..., file: or empty.")

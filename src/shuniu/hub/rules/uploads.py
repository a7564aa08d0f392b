"""Which files are taken as pictures of papers: what they are is read from their first bytes, never from their name."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _

LARGEST: Final = 5 * 1024 * 1024
"""Bytes of one file."""
TYPES: Final = {
    "pdf": (b"%PDF-", "application/pdf"),
    "png": (b"\x89PNG\r\n\x1a\n", "image/png"),
    "jpg": (b"\xff\xd8\xff", "image/jpeg"),
    "jpeg": (b"\xff\xd8\xff", "image/jpeg"),
}
"""By the ending of the name: how the content begins, and what it is handed out as."""


def refusal_of(name: str, size: int, beginning: bytes) -> str:
    """Why a file is not taken, as a sentence; empty where it is."""
    ending = name.rpartition(".")[2].lower()
    if ending not in TYPES or not beginning.startswith(TYPES[ending][0]):
        return _("Only PDF, PNG and JPEG files are taken, and this is none.")
    if size > LARGEST:
        return _("The file is larger than 5 MB. Scan it at a lower resolution.")
    return ""


def content_type(name: str) -> str:
    """What a file of this name is handed out as."""
    return TYPES.get(name.rpartition(".")[2].lower(), (b"", "application/octet-stream"))[1]

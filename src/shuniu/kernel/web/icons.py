"""Tabler icons as SVG inside the page."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from io import BytesIO
from zipfile import ZipFile

from django.utils.safestring import SafeString, mark_safe

ATTRIBUTES = 'aria-hidden="true" focusable="false" class="icon"'


class UnknownIconError(LookupError):
    """The package has no icon of this name."""


@cache
def draw_icon(name: str, size: int) -> SafeString:
    """The icon, `size` pixels square; `name` is one of the outlines, or `filled/star`.

    Raises:
        UnknownIconError: there is none of this name.
    """
    path = f"{name if '/' in name else f'outline/{name}'}.svg"
    try:
        drawing = _package().read(path).decode()
    except KeyError as error:
        raise UnknownIconError(name) from error
    opening, _end, inside = re.sub(r"\s+", " ", drawing).partition(">")
    opening = re.sub(r' (?:xmlns|width|height)="[^"]*"', "", opening).strip()
    sized = opening.replace("<svg", f'<svg width="{size}" height="{size}"', 1)
    return mark_safe(f"{sized} {ATTRIBUTES}>{inside.strip()}")  # noqa: S308 -- the package's own drawing


@cache
def _package() -> ZipFile:
    """The package's own reader opens its 6,000 entries anew for each icon, which took a new process some seconds."""
    return ZipFile(BytesIO(files("tablericons").joinpath("tablericons.zip").read_bytes()))

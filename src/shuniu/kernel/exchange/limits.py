"""How much of a stranger's file is read before it is refused."""

from __future__ import annotations

from dataclasses import dataclass

from shuniu.kernel.errors import ActionError


class FileRefused(ActionError):  # noqa: N818 -- reads as what happened, like Django's PermissionDenied
    """A file that is not read, or not to its end. The message tells its owner what to do about it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes unless named otherwise. What is bounded here bounds the memory and the time of a reading."""

    file: int = 200 << 20
    unpacked: int = 1 << 30
    """All parts of a workbook together, unpacked."""
    ratio: int = 250
    """Unpacked to packed; formatted but empty rows reach 150."""
    ratio_from: int = 16 << 20
    """Parts smaller than this may be packed as tightly as they like."""
    entries: int = 2000
    part: int = 16 << 20
    """One part of a workbook that is read as a whole: its list of sheets, its styles."""
    sheets: int = 20
    rows: int = 1_048_576
    """Number of the last row that is read: what a spreadsheet program can hold, empty rows included."""
    columns: int = 200
    cell: int = 32_767
    """Characters, as in spreadsheet programs."""
    row: int = 4 << 20
    strings: int = 4_000_000
    """Different texts in a workbook."""
    string_bytes: int = 128 << 20


LIMITS = Limits()

"""Whether a packed workbook is what it says, found out before anything is unpacked."""

from __future__ import annotations

import struct
import zipfile
from typing import BinaryIO

from django.utils.translation import gettext

from shuniu.kernel.exchange.limits import LIMITS, FileRefused

_LOCAL_HEADER = struct.Struct("<4s22xHH")
_LOCAL_MAGIC = b"PK\x03\x04"
_ENCRYPTED = 0x1
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}


def open_archive(stream: BinaryIO) -> zipfile.ZipFile:
    """The archive, once its directory has been found harmless.

    Raises:
        FileRefused: damaged, encrypted, with overlapping or repeated parts, or a bomb by any of `LIMITS`.
    """
    try:
        archive = zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, struct.error, UnicodeError):
        raise damaged() from None
    entries = archive.infolist()
    _check_sizes(entries)
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise FileRefused(gettext("The workbook is protected by a password. Save it without one and try again."))
    if any(entry.compress_type not in _METHODS for entry in entries):
        raise damaged()
    if len({entry.filename for entry in entries}) < len(entries):
        raise damaged()
    _check_overlap(stream, archive, entries)
    return archive


def damaged() -> FileRefused:
    """The refusal of a file that is broken, by accident or on purpose."""
    return FileRefused(gettext("The workbook is damaged. Open it, save it again as XLSX and try again."))


def _check_sizes(entries: list[zipfile.ZipInfo]) -> None:
    too_much = FileRefused(
        gettext("The workbook unpacks to more than can be read. Save only the sheet you need, or CSV.")
    )
    if len(entries) > LIMITS.entries or sum(entry.file_size for entry in entries) > LIMITS.unpacked:
        raise too_much
    for entry in entries:
        if entry.file_size > LIMITS.ratio_from and entry.file_size > LIMITS.ratio * entry.compress_size:
            raise too_much


def _check_overlap(stream: BinaryIO, archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    """Parts that share bytes unpack to far more than the file; Python's own check came after 3.11."""
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end:
            raise damaged()
        stream.seek(entry.header_offset)
        header = stream.read(_LOCAL_HEADER.size)
        if len(header) < _LOCAL_HEADER.size:
            raise damaged()
        magic, name_length, extra_length = _LOCAL_HEADER.unpack(header)
        if magic != _LOCAL_MAGIC:
            raise damaged()
        end = entry.header_offset + _LOCAL_HEADER.size + name_length + extra_length + entry.compress_size
    if end > archive.start_dir:
        raise damaged()

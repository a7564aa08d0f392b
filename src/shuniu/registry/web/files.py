"""Tables that a page hands out as files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse

from shuniu.kernel.exchange.sheet import Words
from shuniu.kernel.exchange.workbook import export_workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def download(content: bytes, name: str, content_type: str = XLSX) -> HttpResponse:
    """The file under its name, to be saved and not shown."""
    answer = HttpResponse(content, content_type=content_type)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def workbook(title: Words, headers: Sequence[Words], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """One table as a workbook named after its title."""
    return download(export_workbook(title, headers, rows), f"{title}.xlsx")

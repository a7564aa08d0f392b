"""Tables that a page hands out as files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import translation

from shuniu.kernel.exchange.sheet import Words
from shuniu.kernel.exchange.workbook import export_csv, export_workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def download(content: bytes, name: str, content_type: str = XLSX) -> HttpResponse:
    """The file under its name, to be saved and not shown."""
    answer = HttpResponse(content, content_type=content_type)
    _name(answer, name)
    return answer


def workbook(title: Words, headers: Sequence[Words], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """One table as a workbook named after its title."""
    return download(export_workbook(title, headers, rows), f"{title}.xlsx")


def csv_file(title: Words, headers: Sequence[Words], rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """One table as CSV named after its title, written while it is read, in the language of the page."""
    answer = StreamingHttpResponse(_spoken(export_csv(headers, rows)), content_type="text/csv; charset=utf-8")
    _name(answer, f"{title}.csv")
    return answer


def _spoken(parts: Iterable[bytes]) -> Iterator[bytes]:
    language = translation.get_language()

    def speak() -> Iterator[bytes]:
        with translation.override(language):
            yield from parts

    return speak()


def _name(answer: HttpResponseBase, name: str) -> None:
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    answer["X-Content-Type-Options"] = "nosniff"

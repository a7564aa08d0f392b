"""A paper as PDF, set by typst with fonts of our own, so that it looks the same on a machine that has none."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
import typst
from django.utils.translation import gettext as _

from shuniu.kernel.documents.describe import (
    Block,
    Document,
    Facts,
    Grid,
    Heading,
    Signatures,
    Signed,
    Text,
    cells,
    fact_rows,
    lines,
    plain,
    written,
)
from shuniu.kernel.web.formats import is_chinese

TEMPLATE = Path(__file__).parent / "document.typ"


class TypesettingError(RuntimeError):
    """The paper could not be set as it should look, e.g. because a font is missing."""


def pdf(document: Document) -> bytes:
    """The paper as PDF, in the language of the page. What it says travels as data and is never read as markup.

    Raises:
        TypesettingError: typst warned or refused.
    """
    told = json.dumps(_told(document), ensure_ascii=False)
    try:
        made, warnings = typst.compile_with_warnings(
            _template(), font_paths=_fonts(), format="pdf", sys_inputs={"document": told}
        )
    except typst.TypstError as error:
        raise TypesettingError(str(error)) from error
    if warnings:
        raise TypesettingError("; ".join(warning.message for warning in warnings))
    return bytes(made)


@cache
def _template() -> bytes:
    return TEMPLATE.read_bytes()


@cache
def _fonts() -> typst.Fonts:
    """Our fonts and no others. They are read once: 20 MB."""
    folder = str(pylopdf_fonts_zh_cn.serif_path().parent)
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])


def _told(document: Document) -> dict[str, Any]:
    return {
        "chinese": is_chinese(),
        "landscape": document.landscape,
        "title": written(document.title),
        "plain_title": plain(document.title),
        "number": lines(document.number),
        "head": lines(document.head),
        "footer": lines(document.footer),
        "blocks": [_block(block) for block in document.blocks],
    }


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Heading():
            return {"kind": "heading", "text": written(block.text)}
        case Text():
            return {"kind": "text", "lines": lines(block.text), "to": block.to}
        case Facts():
            return {"kind": "facts", "rows": fact_rows(block), "columns": block.columns}
        case Grid():
            headers = [written(header) for header in block.headers]
            widths = list(block.widths) or [1] * len(headers)
            title = lines(block.title)
            return {
                "kind": "grid",
                "headers": headers,
                "rows": cells(block.rows, len(headers)),
                "widths": widths,
                "title": title,
            }
        case Signatures():
            return {"kind": "signatures", "labels": [written(label) for label in block.labels], "day": _("Date:")}
        case Signed():
            return {"kind": "signed", "by": written(block.by), "on": written(block.on)}

"""Papers that people sign, file and hang up: described once, set as PDF and written as DOCX.

paper = Document(_("Acceptance notice"), number="枢纽法字〔2026〕12号", blocks=(Facts(...), Text(...), Signed(...)))
return answer(request, paper, f"{case.number}", "pdf")
"""

from __future__ import annotations

from shuniu.kernel.documents.answer import answer
from shuniu.kernel.documents.describe import (
    Block,
    Document,
    Facts,
    Grid,
    Heading,
    Signatures,
    Signed,
    Text,
)
from shuniu.kernel.documents.typeset import TypesettingError, pdf
from shuniu.kernel.documents.word import docx

__all__ = [
    "Block",
    "Document",
    "Facts",
    "Grid",
    "Heading",
    "Signatures",
    "Signed",
    "Text",
    "TypesettingError",
    "answer",
    "docx",
    "pdf",
]

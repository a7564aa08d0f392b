"""The door through which a paper leaves a page."""

from __future__ import annotations

from django.http import Http404, HttpResponse

from shuniu.kernel.documents.describe import Document
from shuniu.kernel.documents.typeset import pdf
from shuniu.kernel.documents.word import docx
from shuniu.kernel.web.files import download
from shuniu.kernel.web.requests import PageRequest

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FORMS = {"pdf": (pdf, "application/pdf"), "docx": (docx, DOCX)}


def answer(request: PageRequest, document: Document, name: str, form: str) -> HttpResponse:
    """The paper as a download called `name`; `form` is `pdf` or `docx`, as it stood in the address.

    Raises:
        Http404: papers are not written in that form.
    """
    if form not in FORMS:
        raise Http404(form)
    make, content_type = FORMS[form]
    return download(make(document), f"{name}.{form}", content_type)

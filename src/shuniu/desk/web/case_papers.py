"""The papers of a case: what was filed, that it was accepted, and what became of it. Only for those who may read it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from shuniu.desk.models import Case, CaseStep
from shuniu.desk.web import show
from shuniu.kernel.documents import Block, Document, Facts, Grid, Signatures, Text
from shuniu.kernel.web.formats import date_text, moment_text

Make = Callable[[Case, Sequence[CaseStep]], Document]


def intake(case: Case, steps: Sequence[CaseStep]) -> Document:
    """The intake form as it was filled in."""
    blocks: list[Block] = [Facts([*_head(case), *show.answers(case)])]
    blocks.append(Signatures((_("Filed by"), _("Taken down by"))))
    return Document(_("Intake form"), blocks, number=case.number, head=case.organisation.name)


def acceptance(case: Case, steps: Sequence[CaseStep]) -> Document:
    """The notice that a case was accepted, with its number and the day by which it is due."""
    due = date_text(case.due_at.date()) if case.due_at else ""
    text = _("Your request “{title}” was received on {day} under the number {number} and goes to “{line}”.").format(
        title=case.title, day=moment_text(case.opened_at), number=case.number, line=case.line
    )
    pairs = [(pgettext("case", "Handled by"), case.handler.name if case.handler else ""), (_("Due"), due)]
    blocks: list[Block] = [
        Text(text),
        Facts([pair for pair in pairs if pair[1]]),
        Signatures((case.organisation.name,)),
    ]
    return Document(_("Notice of acceptance"), blocks, number=case.number, head=case.organisation.name)


def record(case: Case, steps: Sequence[CaseStep]) -> Document:
    """What was filed and what became of it, step by step, oldest first; internal lines are left out."""
    told = [
        (moment_text(one["at"]), str(one["title"]), str(one["text"] or ""), str(one["who"] or ""))
        for one in reversed(show.events(case, list(steps)))
    ]
    heads = (_("When"), _("Step"), _("What was said"), pgettext("case step", "by"))
    blocks: list[Block] = [
        Facts([*_head(case), *show.answers(case)]),
        Grid(heads, told, widths=(3, 2, 6, 2), title=_("What happened")),
        Signatures((pgettext("case", "Handled by"), _("Filed by"))),
    ]
    return Document(_("Record of a case"), blocks, number=case.number, head=case.organisation.name)


def _head(case: Case) -> list[tuple[Any, Any]]:
    return [(label, str(value)) for label, value in show.facts(case, serves=True)] + [
        (pgettext("case", "Subject"), case.title)
    ]


PAPERS: dict[str, tuple[Any, Make]] = {
    "intake": (gettext_lazy("Intake form"), intake),
    "acceptance": (gettext_lazy("Notice of acceptance"), acceptance),
    "record": (gettext_lazy("Record of a case"), record),
}

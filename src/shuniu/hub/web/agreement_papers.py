"""Agreements and acceptances as papers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shuniu.hub.enums import ServiceKind
from shuniu.hub.models import Acceptance, Agreement
from shuniu.hub.queries import agreements as queries
from shuniu.hub.web.scoring import standard_row
from shuniu.kernel.documents import Document, Facts, Grid, Heading, Signatures, Text
from shuniu.kernel.money import yuan_in_words
from shuniu.kernel.web.formats import date_text, money, thousands


def agreement_paper(row: Agreement) -> Document:
    """The agreement with services, amount in words, plan, standards, clauses and places to sign."""
    return Document(
        row.title,
        head=row.organisation.name,
        number=row.number,
        blocks=(
            Facts(_parties(row)),
            Heading(_("Services and prices")),
            *_lines(row),
            *_plan(row),
            Heading(_("Standards and assessment items")),
            _standards(row),
            *_clauses(row),
            Signatures((_("Party A (union), seal"), _("Party B (provider), seal"))),
        ),
    )


def _parties(row: Agreement) -> tuple[tuple[Any, Any], ...]:
    last = row.ends_on - timedelta(days=1)
    return (
        (_("Party A (union)"), row.organisation.name),
        (_("Party B (provider)"), row.provider.name),
        (_("Duty"), row.duty.name),
        (_("Carried out"), row.get_mode_display()),
        (_("Services covered"), pgettext("between listed names", ", ").join(
            str(ServiceKind(kind).label) for kind in row.kinds)),
        (_("Term"), _("{first} to {last}").format(first=date_text(row.starts_on), last=date_text(last))),
        (_("Scored"), row.get_cycle_display()),
        (_("Performance bond"), _("{yuan} yuan").format(yuan=money(row.bond)) if row.bond else _("none")),
    )  # fmt: skip


def _lines(row: Agreement) -> tuple[Any, ...]:
    heads = (_("Service"), pgettext("agreement line", "Unit"), _("Quantity"), _("Price (yuan)"), _("Amount (yuan)"))
    rows = [
        (one.name, one.unit, thousands(one.quantity), money(one.price), money(one.amount))
        for one in queries.lines_of(row)
    ]
    said = _("The amount is {yuan} yuan ({words}).").format(yuan=money(row.amount), words=yuan_in_words(row.amount))
    return (
        Grid(heads, rows, widths=(4, 1, 1, 2, 2)),
        Text(said if row.amount else _("The service is free of charge.")),
    )


def _plan(row: Agreement) -> tuple[Any, ...]:
    plan = list(queries.plan_of(row))
    if not plan:
        return ()
    heads = (_("Payment"), _("Paid after"), _("Planned for"), _("Amount (yuan)"))
    rows = [(one.name, one.get_due_display(), date_text(one.expected_on), money(one.amount)) for one in plan]
    return (Heading(_("Plan of payments")), Grid(heads, rows, widths=(3, 2, 2, 2)))


def _standards(row: Agreement) -> Grid:
    heads = (_("Item"), _("Work standard"), _("Points"), _("Target"), _("Points off"))
    rows = [
        (one["norm"].name, one["norm"].requirement, one["points"], one["target"], one["deduction"])
        for one in map(standard_row, queries.standards_of(row))
    ]
    return Grid(heads, rows, widths=(2, 4, 1, 2, 3))


def _clauses(row: Agreement) -> list[Any]:
    found = [
        (_("Confidentiality"), row.confidentiality),
        (_("Personal information"), row.personal_information),
        (_("Breach"), row.liability),
        (_("Settlement of disputes"), row.disputes),
    ]
    return [part for label, text in found if text for part in (Heading(label), Text(text))]


def acceptance_paper(row: Acceptance, shown: Mapping[str, Any]) -> Document:
    """The acceptance form: each standard, the users' opinion, the result, places to sign."""
    agreement = row.agreement
    facts = (
        (_("Agreement"), f"{agreement.number} {agreement.title}"),
        (_("Provider"), agreement.provider.name),
        (_("Period"), _("{first} to {last}").format(first=date_text(row.starts_on), last=date_text(shown["last_day"]))),
        (_("Accepted on"), row.on),
        (_("Users invited to the acceptance"), shown["heard"].count),
        (_("Ratings of the period"), _ratings(shown)),
        (pgettext("acceptance", "Result"), row.get_outcome_display()),
        (_("To be put right by"), row.rectify_by),
    )
    rows = [(one["name"], one["requirement"], str(one["label"]), one["note"]) for one in shown["findings"]]
    heads = (_("Item"), _("Work standard"), pgettext("acceptance", "Found"), _("Remark"))
    return Document(
        _("Acceptance form"),
        head=agreement.organisation.name,
        number=agreement.number,
        blocks=(
            Facts(facts),
            Grid(heads, rows, widths=(2, 4, 1, 3), title=_("Standard by standard")),
            *((Heading(_("Summary")), Text(row.summary)) if row.summary else ()),
            Signatures((_("Party A (union), seal"), _("Party B (provider), seal"), _("User of the service"))),
        ),
    )


def _ratings(shown: Mapping[str, Any]) -> str:
    if not shown["enough"]:
        return _("too few to be shown") if shown["facts"] else _("no facts yet")
    return _("{mean} stars, n = {n}").format(mean=shown["mean"], n=thousands(shown["facts"].ratings))

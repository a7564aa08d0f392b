"""The papers of mediation and repairs, described once; `kernel.documents` sets them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shuniu.desk.models import Case, Mediation, MediationAgreement, MediationSession, Repair
from shuniu.kernel.documents import Block, Document, Facts, Grid, Heading, Signatures, Signed, Text
from shuniu.kernel.money import format_yuan
from shuniu.kernel.web.formats import date_text, moment_text


def repair_order(row: Repair, fault: str) -> Document:
    """The order that goes with a repair: place, times, material, cost, and the sign-off."""
    case, materials = row.case, list(row.materials.order_by("pk"))
    total = sum(one.total for one in materials) + row.labour
    pairs = [
        (pgettext("case", "Number"), case.number), (_("Reported at"), moment_text(row.reported_at)), (_("What is broken"), fault),
        (pgettext("repair", "Place"), f"{row.building}{row.room}"), (_("Whose place"), row.get_place_kind_display()),
        (_("Repairer"), case.handler.name if case.handler else ""), (_("Arrived at"), moment_text(row.arrived_at)),
        (_("Mended at"), moment_text(row.fixed_at)), (_("Work charged (yuan)"), format_yuan(row.labour)),
        (_("Total (yuan)"), format_yuan(total)), (_("Description"), str(case.answered.get("facts") or case.title)),
    ]  # fmt: skip
    blocks: list[Block] = [Facts(pairs)]
    if materials:
        heads = (_("Material"), _("Quantity"), _("Unit"), _("Price (yuan)"), _("Sum (yuan)"))
        rows = [
            (one.name, one.quantity_text, one.unit, format_yuan(one.price), format_yuan(one.total)) for one in materials
        ]
        blocks.append(Grid(heads, rows, widths=(4, 2, 2, 2, 2), title=_("Material")))
    waits = list(row.waits.order_by("started_at"))
    if waits:
        told = [
            (one.what, moment_text(one.started_at), moment_text(one.ended_at), one.get_charged_to_display())
            for one in waits
        ]
        blocks.append(Grid((_("What was missing"), _("Since"), _("Until"), _("Charged to")), told, title=_("Waits")))
    blocks.append(Signatures((_("Repairer"), _("Signed off by"))))
    return Document(_("Repair order"), blocks, number=case.number, head=case.organisation.name)


def mediation_application(case: Case, row: Mediation, told: dict[str, Any]) -> Document:
    """The application for mediation, to be signed by the applicant; of an oral one, what was taken down."""
    answers = case.answered
    blocks: list[Block] = [
        Facts(_parties(case, row)),
        Heading(_("What is asked for")), Text(str(answers.get("claim") or case.title)),
        Heading(_("Facts and reasons")), Text(str(answers.get("facts") or "")),
        Facts([(pgettext("mediation", "Applied for"), row.get_application_display()), (_("Representatives"), row.representatives)]),
        Signatures((_("Applicant"), _("Taken down by"))),
    ]  # fmt: skip
    return Document(
        _("Application for mediation of a labour dispute"), blocks, number=case.number, head=case.organisation.name
    )


def acceptance_notice(case: Case, row: Mediation, told: dict[str, Any]) -> Document:
    """Tells both sides that the mediation begins, and until when it lasts."""
    text = _(
        "Your application of {day} for mediation of the dispute with {other} ({dispute}) is accepted. {mediator} mediates. "
        "Without an agreement by {last} either side may apply for arbitration."
    )
    values = {
        "day": date_text(row.received_on), "other": row.other_side, "dispute": row.get_dispute_display(),
        "mediator": case.handler.name if case.handler else _("A mediator who is yet to be appointed"),
        "last": date_text(told.get("mediate")),
    }  # fmt: skip
    blocks: list[Block] = [Text(_applicant(case), to=True), Text(text.format(**values)), _signed(case, row.accepted_on)]
    return Document(_("Notice of acceptance"), blocks, number=case.number, head=case.organisation.name)


def session_record(case: Case, row: Mediation, told: dict[str, Any]) -> Document:
    """The record of every session, with places to sign."""
    blocks: list[Block] = [Facts(_parties(case, row))]
    for session in told.get("sessions", ()):
        blocks += _session(session)
    blocks.append(Signatures((_("The worker"), _("The employer"), _("The mediator"))))
    return Document(_("Record of mediation"), blocks, number=case.number, head=case.organisation.name)


def _session(session: MediationSession) -> list[Block]:
    return [
        Heading(_("Session {n}").format(n=session.number)),
        Facts(
            [
                (_("Held at"), moment_text(session.held_at)),
                (pgettext("mediation", "Place"), session.place),
                (_("Present"), session.present),
            ]
        ),
        Text(session.record),
    ]


def mediation_agreement(case: Case, row: Mediation, told: dict[str, Any]) -> Document:
    """The agreement, with who signed and when; it binds once all have and it is sealed."""
    agreement: MediationAgreement = told["agreement"]
    text = _(
        "This agreement binds both sides from the day both and the mediator have signed it and it is sealed. If it is not "
        "performed, either side may apply for arbitration; within the days of the rule both may ask for its confirmation."
    )
    signed = [
        (_("Signed by the worker on"), date_text(agreement.worker_on)), (_("Signed by the employer on"), date_text(agreement.employer_on)),
        (_("Signed by the mediator on"), date_text(agreement.mediator_on)), (_("Sealed on"), date_text(agreement.sealed_on)),
    ]  # fmt: skip
    blocks: list[Block] = [
        Facts(_parties(case, row)), Heading(_("What was agreed")), Text(agreement.terms),
        Facts([(_("Amount (yuan)"), format_yuan(agreement.amount)), (_("To be performed by"), date_text(agreement.perform_by))]),
        Text(text), Facts(signed), Signatures((_("The worker"), _("The employer"), _("The mediator"))),
        _signed(case, agreement.sealed_on),
    ]  # fmt: skip
    return Document(_("Mediation agreement"), blocks, number=case.number, head=case.organisation.name)


def end_notice(case: Case, row: Mediation, told: dict[str, Any]) -> Document:
    """Tells that the mediation ended without an agreement, and until when arbitration may be applied for."""
    text = _(
        "The mediation of your dispute with {other}, applied for on {day}, ended on {end} without an agreement. You may apply "
        "to the labour dispute arbitration commission. By the days entered the application must be made by {limit}."
    )
    values = {
        "other": row.other_side, "day": date_text(row.received_on), "end": date_text(row.ended_on),
        "limit": date_text(told.get("limitation")),
    }  # fmt: skip
    blocks: list[Block] = [Text(_applicant(case), to=True), Text(text.format(**values)), _signed(case, row.ended_on)]
    return Document(_("Notice that the mediation has ended"), blocks, number=case.number, head=case.organisation.name)


Paper = Callable[[Case, Mediation, dict[str, Any]], Document]
PAPERS: dict[str, Paper] = {
    "application": mediation_application,
    "acceptance": acceptance_notice,
    "record": session_record,
    "agreement": mediation_agreement,
    "end": end_notice,
}
"""The papers of a mediation by their names in the address."""


def _parties(case: Case, row: Mediation) -> list[tuple[Any, Any]]:
    return [
        (_("Applicant"), _applicant(case)), (_("Other side"), row.other_side), (_("Class of dispute"), row.get_dispute_display()),
        (_("Workers concerned"), row.people), (_("Amount asked for (yuan)"), format_yuan(row.amount)),
        (_("Received on"), date_text(row.received_on)),
    ]  # fmt: skip


def _applicant(case: Case) -> str:
    return case.filer.name if case.filer else case.contact_name or _("the applicant")


def _signed(case: Case, on: date | None) -> Signed:
    return Signed(case.organisation.name, date_text(on))

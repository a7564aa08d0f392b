"""What the page of one agreement shows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shuniu.hub.enums import AgreementState, InspectionState, PaymentState, ServiceKind
from shuniu.hub.models import Acceptance, Agreement, Amendment, Inspection, Payment
from shuniu.hub.queries import acceptances, induction, scores
from shuniu.hub.queries import agreements as queries
from shuniu.hub.queries.payments import PAYS
from shuniu.hub.rules.agreements import AGREEMENT, LIVE, PAYMENT
from shuniu.hub.web.agreeing import crumbs
from shuniu.hub.web.scoring import consequence_pill, score_row, standard_row, total_text
from shuniu.kernel.money import yuan_in_words
from shuniu.kernel.web.formats import date_text, money, percent
from shuniu.kernel.web.requests import PageRequest

SHOWN = 20
MOST_PEOPLE = 300


def context(request: PageRequest, row: Agreement) -> dict[str, Any]:
    """Everything `hub/agreement.html` draws; the number of queries does not grow with rows."""
    actor, today, path = request.actor, request.today, row.organisation.path or ""
    may = {name: actor.may_at(f"agreement.{name}", path) for name in ("edit", "approve")}
    is_draft = row.state == AgreementState.DRAFT
    moves = AGREEMENT.available(row, actor, path)
    payments = list(queries.payments_of(row))
    periods = scores.periods_of(row, today)[:SHOWN]
    return {
        "agreement": row,
        "state": AGREEMENT.state(row),
        "crumbs": crumbs(),
        "is_draft": is_draft,
        "judged": queries.judge(row, today) if is_draft else None,
        "buttons": [_button(row, move) for move in moves],
        "may_edit": may["edit"],
        "may_approve": may["approve"],
        "may_request": actor.may_at("payment.request", path),
        "may_own": not actor.may("agreement.view"),
        "works": row.state in PAYS,
        "lives": row.state in LIVE,
        "facts": _facts(row, today),
        "clauses": _clauses(row),
        **_money(row, payments),
        **_latest(periods),
        "lines": list(queries.lines_of(row)),
        "plan": _plan(row, payments, today),
        "standards": [standard_row(one) for one in queries.standards_of(row)],
        "periods": [score_row(row, one) for one in periods],
        "inspections": [_inspection(one, today) for one in scores.inspections_of(row)[:SHOWN]],
        **_inductions(request, row),
        "amendments": [_amendment(one) for one in queries.amendments_of(row)],
        "acceptances": list(acceptances.acceptances_of(row)[:SHOWN]),
        "events": _events(row, payments),
    }


def _inductions(request: PageRequest, row: Agreement) -> dict[str, Any]:
    rows = list(
        induction.inductions(request.actor)
        .filter(agreement=row)
        .order_by(F("provider_at").asc(nulls_first=True), "pk")[:MOST_PEOPLE]
    )
    return {"inductions": rows, "waiting": sum(not one.is_complete for one in rows)}


def _money(row: Agreement, payments: list[Payment]) -> dict[str, Any]:
    """The amount in figures and words, and what was paid of it."""
    paid = sum(one.amount for one in payments if one.state == PaymentState.PAID)
    share = _("{share} of the amount").format(share=percent(paid, row.total)) if row.total else ""
    words = yuan_in_words(row.total) if row.total else ""
    return {"words": words, "total_text": money(row.total), "paid_text": money(paid), "paid_share": share}


def _latest(periods: list[scores.Period]) -> dict[str, Any]:
    """The score of the last period that has one."""
    latest = next((one.score for one in periods if one.score), None)
    if latest is None:
        return {"latest": None}
    return {
        "latest": latest,
        "latest_total": total_text(latest.total),
        "latest_label": consequence_pill(latest.consequence)[0],
    }


def _button(row: Agreement, move: Any) -> dict[str, Any]:
    url = reverse("hub:agreement_sign", args=[row.pk]) if move.name == "sign" else ""
    url = url or reverse("hub:agreement_step", args=[row.pk, move.name])
    return {"label": move.label, "url": url, "danger": move.danger, "primary": move.name in ("sign", "start")}


def _facts(row: Agreement, today: date) -> list[tuple[Any, Any]]:
    return [
        (_("Party A (union)"), row.organisation),
        (_("Party B (provider)"), row.provider),
        (_("Duty"), row.duty),
        (_("Carried out"), row.get_mode_display()),
        (_("Services covered"), _listed(ServiceKind(kind).label for kind in row.kinds)),
        (_("Term"), _term(row)),
        (_("Scored"), row.get_cycle_display()),
        (_("Performance bond"), _("{yuan} yuan").format(yuan=money(row.bond)) if row.bond else _("none")),
        (_("Signed on"), row.signed_on),
        (_("Reason"), row.reason),
    ]


def _term(row: Agreement) -> str:
    first, last = date_text(row.starts_on), date_text(row.ends_on - timedelta(days=1))
    return _("{first} to {last}").format(first=first, last=last)


def _listed(labels: Iterable[str | Promise]) -> str:
    return pgettext("between listed names", ", ").join(map(str, labels))


def _clauses(row: Agreement) -> list[tuple[str, str]]:
    found = [
        (_("Confidentiality"), row.confidentiality),
        (_("Personal information"), row.personal_information),
        (_("Breach"), row.liability),
        (_("Settlement of disputes"), row.disputes),
    ]
    return [(label, text) for label, text in found if text]


def _plan(row: Agreement, payments: list[Payment], today: date) -> list[dict[str, Any]]:
    """Each payment of the plan with the latest request for it."""
    asked = {one.milestone_id: one for one in payments}
    return [
        {"milestone": one, "payment": (payment := asked.get(one.pk)), "state": PAYMENT.state(payment) if payment else None,
         "is_open": payment is None or payment.state == PaymentState.REFUSED, "late": _late(payment, today)}
        for one in queries.plan_of(row)
    ]  # fmt: skip


def _late(payment: Payment | None, today: date) -> bool:
    return bool(payment and payment.state == PaymentState.APPROVED and payment.due_on and payment.due_on < today)


TONES = {
    InspectionState.CLEAR: "good",
    InspectionState.NOTED: "neutral",
    InspectionState.TO_MEND: "warn",
    InspectionState.MENDED: "active",
    InspectionState.PASSED: "done",
}


def _inspection(one: Inspection, today: date) -> dict[str, Any]:
    late = one.state == InspectionState.TO_MEND and scores.is_overdue(one, today)
    return {"row": one, "tone": "bad" if late else TONES[InspectionState(one.state)], "late": late}


AMENDED = {"proposed": "warn", "approved": "good", "refused": "bad"}


def _amendment(one: Amendment) -> dict[str, Any]:
    last = one.new_ends_on - timedelta(days=1) if one.new_ends_on else None
    return {"row": one, "tone": AMENDED[one.state], "last_day": last}


def _events(row: Agreement, payments: list[Payment]) -> list[dict[str, Any]]:
    """What happened, the latest first."""
    found = [{"on": row.drafted_at.date(), "title": _("Drafted")}]
    if row.signed_on:
        found.append({"on": row.signed_on, "title": _("Signed"), "tone": "good"})
    for one in scores.scores_of(row).defer("steps")[:SHOWN]:
        title = _("Score of the period from {start} confirmed").format(start=date_text(one.starts_on))
        found.append({"on": one.confirmed_on, "title": title, "url": reverse("hub:score", args=[one.pk])})
    found += [
        {"on": one.paid_on, "title": _("{name}: {yuan} yuan paid").format(name=one.milestone.name,
         yuan=money(one.amount)), "tone": "good"} for one in payments if one.paid_on
    ]  # fmt: skip
    if row.closed_on:
        found.append({"on": row.closed_on, "title": row.get_state_display(), "text": row.close_reason, "tone": "done"})
    return sorted(found, key=lambda event: event["on"], reverse=True)


def acceptance_tone(row: Acceptance) -> str:
    return {"pass": "good", "rectify": "warn", "fail": "bad"}.get(row.outcome, "neutral")

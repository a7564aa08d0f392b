"""Mediations as they are looked at: dossier, time limits, figures by the five classes."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from shuniu.desk.enums import DisputeClass
from shuniu.desk.models import Case, Mediation, MediationAgreement, MediationSession, MediationTie
from shuniu.desk.queries.statutory import numbers_of, statutory_rules
from shuniu.desk.rules import statutory
from shuniu.desk.rules.mediation import Figures
from shuniu.desk.rules.statutory import Cause, Interruption, Step
from shuniu.hub.enums import ServiceKind
from shuniu.kernel.calendar import Calendar
from shuniu.kernel.scope import Actor
from shuniu.rulebook.public import Rule, place_of


def mediations(actor: Actor) -> QuerySet[Case]:
    """Cases of mediation in sight: numbers, states and times only."""
    rows: QuerySet[Case] = Case.objects.visible_to(actor).filter(line__kind=ServiceKind.MEDIATION)
    return rows.select_related("line", "version", "handler", "organisation").defer("version__setup")


def dossier(case: Case) -> dict[str, Any]:
    """Everything a mediation has beside its case. Whoever asks has been found to read the case."""
    return {
        "mediation": Mediation.everything.filter(case=case).first(),
        "sessions": list(MediationSession.everything.filter(case=case).order_by("number")),
        "agreement": MediationAgreement.everything.filter(case=case).first(),
        "ties": list(MediationTie.everything.filter(case=case).select_related("user").order_by("pk")),
    }


def limits_of(case: Case, row: Mediation, agreement: MediationAgreement | None, on: date) -> list[tuple[Step, Rule]]:
    """The statutory limits of a dispute, with their rules: limitation (broken off by the application), mediation,
    confirmation.
    """
    rules = statutory_rules(on, place_of(case.organisation))
    numbers, calendar = numbers_of(rules), Calendar.official()
    signed = agreement.signatures.binding_on if agreement else None
    steps = statutory.mediation(row.received_on, numbers, calendar, signed_on=signed)
    if row.known_on is not None:
        asked = [Interruption(row.received_on, Cause.RELIEF)]
        steps.insert(
            0,
            statutory.limitation(
                row.known_on, numbers, calendar, interruptions=asked, is_arrears=row.is_arrears,
                employment_ended_on=row.employment_ended_on,
            ),
        )  # fmt: skip
    return [(step, rules[step.rule]) for step in steps]


def figures(rows: QuerySet[Mediation], start: date, end: date, on: date) -> dict[DisputeClass, Figures]:
    """The figures of mediations received in `[start, end)`, by the five classes in the law's order; one query.

    A mediation is closed when it was accepted and has ended; an agreement ends it. Performance is due from the day it
    was to be performed by, or from when it was performed.
    """
    closed = Q(accepted_on__isnull=False, ended_on__isnull=False)
    due = Q(agreed_on__isnull=False) & (
        Q(case__agreement__perform_by__lt=on) | Q(case__agreement__performed_on__isnull=False)
    )
    counted = (
        rows.filter(received_on__gte=start, received_on__lt=end)
        .order_by()
        .values("dispute")
        .annotate(
            received=Count("pk"),
            accepted=Count("pk", filter=Q(accepted_on__isnull=False)),
            closed=Count("pk", filter=closed),
            agreed=Count("pk", filter=closed & Q(agreed_on__isnull=False)),
            people_=Sum("people"),
            amount_=Sum("amount"),
            due=Count("pk", filter=due),
            performed=Count("pk", filter=due & Q(case__agreement__performed_on__isnull=False)),
            days_=Sum("days", filter=closed),
        )
    )
    found = dict.fromkeys(DisputeClass, Figures())
    for row in counted:
        found[DisputeClass(row["dispute"])] = Figures(
            row["received"], row["accepted"], row["closed"], row["agreed"], row["people_"] or 0, row["amount_"] or 0,
            row["due"], row["performed"], row["days_"] or 0, row["closed"],
        )  # fmt: skip
    return found


def counted_mediations(actor: Actor) -> QuerySet[Mediation]:
    """The mediations that the actor may count: those at the places where she sees cases. No content is read of them."""
    rows: QuerySet[Mediation] = Mediation.objects.unscoped(reason="counts only, of places where the actor sees cases")
    return rows.filter(actor.reach("case.view").condition("case__organisation__path"))

"""Whether a professional was inducted before the first duty."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from shuniu.hub.models import Agreement, Induction, Professional
from shuniu.hub.queries.agreements import active_for, provider_ids
from shuniu.kernel.scope import Actor


def inductions(actor: Actor) -> QuerySet[Induction]:
    """Inductions within sight, with what a line shows."""
    rows = Induction.objects.visible_to(actor).select_related("agreement", "professional__provider")
    return rows.order_by("-on", "-pk")


def inducted(professional: Professional, agreement: Agreement, on: date) -> bool:
    """Whether both sides confirmed by `on` that the professional was told the standards of the agreement."""
    rows = Induction.objects.unscoped(reason="whether somebody may serve, whoever asks")
    return rows.filter(
        professional=professional, agreement=agreement, version=agreement.standards_version, on__lte=on,
        union_at__isnull=False, provider_at__isnull=False,
    ).exists()  # fmt: skip


def agreements_to_be_told(professional: Professional, kind: str, on: date) -> list[Agreement]:
    """The agreements under which a professional would give this kind of service on a day."""
    keys = [key for key in (professional.provider_id, professional.provider.group_id) if key]
    return [row for row in active_for(keys, on) if kind in row.kinds]


def reason_not_inducted(professional: Professional, kind: str, on: date) -> str:
    """Why the professional may not begin to serve for want of an induction, as a sentence; empty where she may.

    Where no agreement covers the kind of service, no agreement asks for an induction either.
    """
    asking = agreements_to_be_told(professional, kind, on)
    if not asking or any(inducted(professional, agreement, on) for agreement in asking):
        return ""
    told = _("{name} has not been inducted under agreement {number} yet.")
    return told.format(name=professional.name, number=asking[0].number)


def people_to_induct(agreement: Agreement) -> QuerySet[Professional]:
    """Professionals of the provider without an induction under the present standards."""
    told = Induction.objects.unscoped(reason="who was inducted under an agreement the caller prepares")
    done = told.filter(agreement=agreement, version=agreement.standards_version).values("professional_id")
    rows = Professional.objects.unscoped(reason="the people of the provider of an agreement the caller prepares")
    rows = rows.filter(provider__in=provider_ids(agreement), is_active=True).exclude(pk__in=done)
    return rows.select_related("provider").order_by("provider__name", "name", "pk")

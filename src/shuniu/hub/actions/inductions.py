"""Inductions: the provider's people are told the standards before their first duty, and both sides say so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from shuniu.hub.agreement_guards import CHECKED
from shuniu.hub.models import Agreement, Induction, Professional
from shuniu.hub.queries.agreements import provider_ids
from shuniu.hub.rules.agreements import LIVE
from shuniu.kernel import trail
from shuniu.kernel.errors import ActionError
from shuniu.kernel.guards import refuse_future, require
from shuniu.kernel.scope import Actor


@transaction.atomic(durable=True)
def record_inductions(
    agreement: Agreement, people: Sequence[Professional], *, course: str, on: date, actor: Actor, now: datetime
) -> list[Induction]:
    """Record that professionals were told the standards; it confirms the union's side. All of them or nobody.

    Raises:
        PermissionDenied: the actor may not prepare agreements there.
        ActionError: somebody is not of this provider or is recorded already, the agreement does not live, the day lies
            in the future.
    """
    require(actor, "agreement.edit", agreement.organisation)
    refuse_future(on, now)
    if agreement.state not in LIVE:
        raise ActionError(_("People are inducted under agreements that are signed and not over."))
    _refuse_strangers(agreement, people)
    made = [
        Induction(
            agreement=agreement, professional=one, course=course.strip(), on=on, version=agreement.standards_version,
            union_by_id=actor.user_id, union_at=now,
        )
        for one in people
    ]  # fmt: skip
    try:
        with transaction.atomic():
            Induction.everything.bulk_create(made)
    except IntegrityError as error:
        raise ActionError(_("Somebody of these is recorded already. Please load the page again.")) from error
    detail = {"professionals": [str(one) for one in people], "course": course.strip(), "on": on}
    trail.record("agreement.induction_recorded", agreement, actor=actor, now=now, detail=detail)
    return made


def _refuse_strangers(agreement: Agreement, people: Sequence[Professional]) -> None:
    own = set(provider_ids(agreement))
    for one in people:
        if one.provider_id not in own:
            raise ActionError(_("{name} does not belong to this provider.").format(name=one.name))


@transaction.atomic(durable=True)
def confirm_induction(induction: Induction, *, actor: Actor, now: datetime) -> None:
    """Confirm an induction for the provider: its manager, or the professional herself. Again does nothing.

    Raises:
        PermissionDenied: the actor is neither, or confirmed it for the union.
    """
    own = Induction.own_rows(actor)
    rows = Induction.objects.unscoped(reason="narrowed to the actor's own").filter(pk=induction.pk)
    if own is None or not rows.filter(own).exists() or induction.union_by_id == actor.user_id:
        raise PermissionDenied("provider.own")
    rows = Induction.objects.unscoped(reason=CHECKED).filter(pk=induction.pk, provider_at__isnull=True)
    if rows.update(provider_by_id=actor.user_id, provider_at=now):
        detail = {"professional": str(induction.professional)}
        trail.record("agreement.induction_confirmed", induction.agreement, actor=actor, now=now, detail=detail)

"""Providers: apply, enter, vet item by item, and move through the states. Who has a hand in it does not admit."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from shuniu.hub.enums import CheckResult, ProviderKind, ProviderState, ServiceKind
from shuniu.hub.hands import EDIT, require_keeper
from shuniu.hub.models import Provider, ProviderCheck, ProviderStep
from shuniu.hub.queries.providers import RECEIPTS, standing
from shuniu.hub.rules.providers import NEEDS_REASON, PROVIDER
from shuniu.hub.rules.vetting import vetting
from shuniu.kernel import trail
from shuniu.kernel.errors import ActionError, FieldError
from shuniu.kernel.guards import require
from shuniu.kernel.scope import Actor
from shuniu.kernel.text import normal
from shuniu.kernel.vault import blind_index
from shuniu.registry.public import Organisation, credit_code

RECEIPT_DIGITS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderDetails:
    """What is known of a provider."""

    name: str
    kind: ProviderKind
    credit_code: str
    offers: Sequence[ServiceKind]
    address: str = ""
    about: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    group: Provider | None = None


@transaction.atomic(durable=True)
def apply_to_register(
    organisation: Organisation, details: ProviderDetails, *, actor: Actor, now: datetime
) -> tuple[Provider, str]:
    """Take the application of somebody who may be nobody's account; the row, and the receipt to follow it by.

    The receipt is shown once: the database keeps its keyed hash only.

    Raises:
        FieldError: the name is missing, or the credit code is wrong or known already.
    """
    receipt = "".join(secrets.choice("0123456789") for _one in range(RECEIPT_DIGITS))
    provider = _enter(organisation, details, actor, now, receipt_index=blind_index(receipt, RECEIPTS))
    trail.record("provider.applied", provider, actor=actor, now=now, detail={"name": provider.name})
    return provider, receipt


@transaction.atomic(durable=True)
def enter_provider(organisation: Organisation, details: ProviderDetails, *, actor: Actor, now: datetime) -> Provider:
    """Enter a provider as an applicant.

    Raises:
        PermissionDenied: the actor does not keep the register of the body.
        FieldError: as `apply_to_register`.
    """
    require(actor, EDIT, organisation)
    provider = _enter(organisation, details, actor, now)
    trail.record("provider.entered", provider, actor=actor, now=now, detail={"name": provider.name})
    return provider


def _enter(organisation: Organisation, details: ProviderDetails, actor: Actor, now: datetime, **more: Any) -> Provider:
    values = {
        key: normal(getattr(details, key)) for key in ("name", "address", "about", "contact_name", "contact_phone")
    }
    if not values["name"]:
        raise FieldError("name", _("This is needed."))
    try:
        code = credit_code(details.credit_code) or ""
    except ActionError as error:
        raise FieldError("credit_code", str(error)) from error
    provider = Provider(
        organisation=organisation,
        kind=details.kind,
        offers=[str(one) for one in details.offers],
        credit_code=code,
        group=details.group,
        applied_at=now,
        entered_by_id=actor.user_id,
        **values,
        **more,
    )
    try:
        with transaction.atomic():
            provider.save()
    except IntegrityError as error:
        told = _("A provider with this credit code has applied or is in the register already.")
        raise FieldError("credit_code", told) from error
    _step(provider, "apply", ProviderState.APPLIED, actor, now)
    return provider


@transaction.atomic(durable=True)
def move_provider(provider: Provider, move: str, *, actor: Actor, now: datetime, reason: str = "") -> None:
    """Take one of the flow's transitions.

    Raises:
        PermissionDenied: the actor does not hold the transition's permission where the provider lies.
        FlowError: another state, an open item of the checklist, or the actor's own hand in it.
        FieldError: the reason is missing where one is needed.
    """
    provider = Provider.everything.select_for_update().get(pk=provider.pk)
    target = PROVIDER.check(move, standing(provider), actor, provider.organisation.path or "").target
    if move in NEEDS_REASON and not normal(reason):
        raise FieldError("reason", _("Please give the reason; the provider will read it."))
    values: dict[str, Any] = {"state": target}
    if move == "vet":
        values["vetted_by_id"] = actor.user_id
    if move == "approve":
        values["approved_by_id"] = actor.user_id
    rows = Provider.objects.unscoped(reason="the flow has checked the right at its place")
    if not rows.filter(pk=provider.pk, state=provider.state).update(**values):
        raise ActionError(_("Somebody else has changed this provider. Please load the page again."))
    _step(provider, move, ProviderState(str(target)), actor, now, normal(reason))
    told = {"state": str(target), "reason": normal(reason)}
    trail.record("provider.moved", provider, actor=actor, now=now, before={"state": provider.state}, after=told)


@transaction.atomic(durable=True)
def check_item(
    provider: Provider, item: str, result: CheckResult, *, actor: Actor, now: datetime, note: str = ""
) -> None:
    """Write down what came of one item of the checklist; the last word counts.

    Raises:
        PermissionDenied: the actor does not keep the register.
        ActionError: the provider is not being vetted, or the list has no such item.
        FieldError: what is not met is told without a word on why.
    """
    require_keeper(actor, provider)
    provider = Provider.everything.select_for_update().get(pk=provider.pk)
    if provider.state != ProviderState.VETTING:
        raise ActionError(_("The checklist is filled in while a provider is being vetted."))
    if item not in {one.key for one in vetting().items_for(provider.kind)}:
        raise ActionError(_("The checklist has no such item."))
    if result == CheckResult.NOT_MET and not normal(note):
        raise FieldError("note", _("Say what is missing."))
    found = {"result": result, "note": normal(note), "checked_by_id": actor.user_id, "checked_at": now}
    ProviderCheck.everything.update_or_create(provider=provider, item=item, defaults=found)
    told = {"item": item, "result": str(result), "note": normal(note)}
    trail.record("provider.checked", provider, actor=actor, now=now, detail=told)


def _step(provider: Provider, step: str, state: ProviderState, actor: Actor, now: datetime, reason: str = "") -> None:
    ProviderStep.everything.create(
        provider=provider, step=step, state=state, at=now, by_id=actor.user_id, by_name=actor.name, reason=reason
    )

"""The people of a provider: named by it, admitted by the union; their absences, the conflicts of the firm, and accounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from shuniu.accounts.public import find_user
from shuniu.hub.enums import AbsenceReason, Profession, ServiceKind
from shuniu.hub.hands import APPROVE, require_hand, require_keeper
from shuniu.hub.models import Absence, Conflict, Professional, Provider, ProviderStaff
from shuniu.kernel import trail
from shuniu.kernel.errors import ActionError, FieldError
from shuniu.kernel.period import FOREVER
from shuniu.kernel.scope import Actor
from shuniu.kernel.text import normal
from shuniu.registry.public import Employer


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfessionalDetails:
    """What is known of somebody who serves."""

    name: str
    profession: Profession
    serves: Sequence[ServiceKind]
    mobile: str = ""


@transaction.atomic(durable=True)
def name_professional(provider: Provider, details: ProfessionalDetails, *, actor: Actor, now: datetime) -> Professional:
    """Name somebody who shall serve. She gets no work until somebody else admits her.

    Raises:
        PermissionDenied: the actor neither keeps the register nor acts for the provider.
        FieldError: the name or the services are missing.
    """
    require_hand(actor, provider)
    if not normal(details.name):
        raise FieldError("name", _("This is needed."))
    if not details.serves:
        raise FieldError("serves", _("Choose one service at least."))
    professional: Professional = Professional.everything.create(
        provider=provider,
        name=normal(details.name),
        profession=details.profession,
        serves=[str(one) for one in details.serves],
        mobile=normal(details.mobile),
        is_active=False,
        entered_by_id=actor.user_id,
    )
    told = {"professional_named": professional.name, "serves": professional.serves}
    trail.record("professional.named", provider, actor=actor, now=now, detail=told)
    return professional


@transaction.atomic(durable=True)
def admit_professional(professional: Professional, *, actor: Actor, now: datetime) -> None:
    """Let somebody take new work, whom another has named. A second press changes nothing.

    Raises:
        PermissionDenied: the actor does not admit providers where this one lies.
        ActionError: the actor has named her.
    """
    require_keeper(actor, professional.provider, APPROVE)
    if professional.entered_by_id is not None and professional.entered_by_id == actor.user_id:
        raise ActionError(_("You have named this person. Somebody else must admit her."))
    _switch(professional, actor, now, active=True)


@transaction.atomic(durable=True)
def retire_professional(professional: Professional, *, actor: Actor, now: datetime) -> None:
    """Give somebody no new work from now on. Raises PermissionDenied as `name_professional`."""
    require_hand(actor, professional.provider)
    _switch(professional, actor, now, active=False)


def _switch(professional: Professional, actor: Actor, now: datetime, *, active: bool) -> None:
    values = {"is_active": active, **({"admitted_by_id": actor.user_id} if active else {})}
    rows = Professional.objects.unscoped(reason="the right was checked at the provider")
    if rows.filter(pk=professional.pk, is_active=not active).update(**values):
        verb = "professional.admitted" if active else "professional.retired"
        trail.record(
            verb, professional.provider, actor=actor, now=now, detail={"professional_named": professional.name}
        )


@transaction.atomic(durable=True)
def enter_absence(
    professional: Professional, first: date, last: date, reason: AbsenceReason, *, actor: Actor, now: datetime
) -> Absence:
    """Say that somebody is away from the first to the last day, both included. By herself, her provider or the union.

    Raises:
        PermissionDenied: somebody else.
        FieldError: the last day is before the first, or she is away on one of the days already.
    """
    if professional.user_id is None or professional.user_id != actor.user_id or not actor.may("service.give"):
        require_hand(actor, professional.provider)
    if last < first:
        raise FieldError("last", _("The last day lies before the first."))
    Professional.everything.select_for_update().get(pk=professional.pk)
    ends_on = last + timedelta(days=1)
    if Absence.everything.filter(professional=professional, starts_on__lt=ends_on, ends_on__gt=first).exists():
        raise FieldError("first", _("{name} is away on one of these days already.").format(name=professional.name))
    absence: Absence = Absence.everything.create(
        professional=professional, starts_on=first, ends_on=ends_on, reason=reason, entered_by_id=actor.user_id
    )
    told = {"professional_named": professional.name, "starts_on": first, "ends_on": ends_on}
    trail.record("absence.entered", professional.provider, actor=actor, now=now, detail=told)
    return absence


@transaction.atomic(durable=True)
def declare_conflict(
    provider: Provider, employer: Employer, *, starts_on: date, actor: Actor, now: datetime, note: str = ""
) -> Conflict:
    """Say that a provider serves an employer from a day on.

    Raises:
        PermissionDenied: the actor neither keeps the register nor acts for the provider.
        FieldError: it is declared already.
    """
    require_hand(actor, provider)
    Provider.everything.select_for_update().get(pk=provider.pk)
    if Conflict.everything.filter(provider=provider, employer=employer, ends_on__gt=starts_on).exists():
        raise FieldError("employer", _("This is declared already."))
    conflict: Conflict = Conflict.everything.create(
        provider=provider, employer=employer, starts_on=starts_on, note=normal(note)
    )
    told = {"employer": employer.name, "starts_on": starts_on}
    trail.record("conflict.declared", provider, actor=actor, now=now, detail=told)
    return conflict


@transaction.atomic(durable=True)
def end_conflict(conflict: Conflict, *, on: date, actor: Actor, now: datetime) -> None:
    """Say that a provider serves an employer no more from a day on.

    Raises:
        PermissionDenied: the actor neither keeps the register nor acts for the provider.
        FieldError: the day is not after the first one.
        ActionError: it has ended already.
    """
    require_hand(actor, conflict.provider)
    if on <= conflict.starts_on:
        raise FieldError("on", _("The day must lie after {day}.").format(day=conflict.starts_on))
    rows = Conflict.objects.unscoped(reason="the right was checked at the provider")
    if not rows.filter(pk=conflict.pk, ends_on=FOREVER).update(ends_on=on):
        raise ActionError(_("This has ended already."))
    told = {"employer": conflict.employer.name, "ends_on": on}
    trail.record("conflict.ended", conflict.provider, actor=actor, now=now, detail=told)


@transaction.atomic(durable=True)
def link_account(
    provider: Provider, username: str, professional: Professional | None = None, *, actor: Actor, now: datetime
) -> None:
    """Let an account act for a provider, or be one of its professionals. Its role is given in accounts, by two people.

    Raises:
        PermissionDenied: the actor does not admit providers where this one lies.
        FieldError: there is no such account, or it is linked already.
    """
    require_keeper(actor, provider, APPROVE)
    user = find_user(username)
    if user is None:
        raise FieldError("username", _("There is no such account."))
    try:
        with transaction.atomic():
            if professional:
                Professional.everything.filter(pk=professional.pk, provider=provider).update(user=user)
            else:
                ProviderStaff.everything.create(provider=provider, user=user, started_at=now)
    except IntegrityError as error:
        raise FieldError("username", _("This account is linked to a provider already.")) from error
    told = {"linked_account": user.username, "professional_named": professional.name if professional else ""}
    trail.record("provider.account_linked", provider, actor=actor, now=now, detail=told)


@transaction.atomic(durable=True)
def unlink_account(staff: ProviderStaff, *, actor: Actor, now: datetime) -> None:
    """Let an account act for a provider no more. PermissionDenied as `link_account`; a second press changes nothing."""
    require_keeper(actor, staff.provider, APPROVE)
    rows = ProviderStaff.objects.unscoped(reason="the right was checked at the provider")
    if rows.filter(pk=staff.pk, ended_at=None).update(ended_at=now):
        told = {"linked_account": staff.user.username}
        trail.record("provider.account_unlinked", staff.provider, actor=actor, now=now, detail=told)

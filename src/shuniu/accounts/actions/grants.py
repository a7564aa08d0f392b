"""Roles proposed by one person, approved by another, ended by either."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from shuniu.accounts.enums import GrantState
from shuniu.accounts.models import RoleGrant, User
from shuniu.accounts.rules import granting
from shuniu.accounts.rules.roles import Role, catalogue
from shuniu.kernel.errors import ActionError
from shuniu.kernel.period import FOREVER
from shuniu.kernel.scope import Actor
from shuniu.kernel.text import normal
from shuniu.kernel.trail import record

CHECKED = "the actor's right was checked by role and place"


class GrantError(ActionError):
    """Giving, deciding or ending a role was refused."""


@transaction.atomic
def propose_grant(
    user: User,
    *,
    role: str,
    organisation: Model | None,
    starts_on: date,
    ends_on: date = FOREVER,
    reason: str,
    actor: Actor,
    now: datetime,
) -> RoleGrant:
    """Propose that `user` holds a role; it gives nothing until somebody else approves it.

    Raises:
        GrantError: the actor may not propose this role here or for oneself, the place or period does not fit, the user
            holds a role it must stay apart from, or has or waits for the same role already.
    """
    definition, path = _definition(role), _path(organisation)
    _refuse(granting.why_not_here(definition, at_organisation=organisation is not None, path=path))
    if not granting.may_propose(actor, definition, path or ""):
        raise GrantError(_("You may not propose this role here."))
    if user.pk == actor.user_id:
        raise GrantError(_("You cannot propose a role for yourself."))
    _refuse(granting.why_not_for(starts_on, ends_on, today=_day(now)))
    _check_account(user, role, organisation, on=_day(now))
    grant = _new(user, role, organisation, starts_on, ends_on, reason, granted_by_id=actor.user_id, granted_at=now)
    record("role.proposed", grant, actor=actor, now=now, after=_told(grant))
    return grant


@transaction.atomic
def approve_grant(grant: RoleGrant, *, actor: Actor, now: datetime) -> None:
    """Let a proposed role count from its first day on.

    Raises:
        GrantError: the actor proposed it, would get it, or may not approve it here; somebody was faster; or the user has
            meanwhile got a role it must stay apart from.
    """
    _may_decide(grant, actor)
    _check_account(grant.user, grant.role, grant.organisation, on=_day(now), but=grant.pk)
    _decide(grant, GrantState.APPROVED, actor, now)
    record("role.granted", grant, actor=actor, now=now, after=_told(grant))


@transaction.atomic
def refuse_grant(grant: RoleGrant, *, actor: Actor, now: datetime) -> None:
    """Say no to a proposed role.

    Raises:
        GrantError: as `approve_grant`.
    """
    _may_decide(grant, actor)
    _decide(grant, GrantState.REFUSED, actor, now)
    record("role.refused", grant, actor=actor, now=now, before=_told(grant))


@transaction.atomic
def withdraw_grant(grant: RoleGrant, *, actor: Actor, now: datetime) -> None:
    """Take back a proposal of one's own.

    Raises:
        GrantError: somebody else proposed it, or it was decided.
    """
    if grant.granted_by_id is None or grant.granted_by_id != actor.user_id:
        raise GrantError(_("Only who proposed a role withdraws the proposal."))
    _decide(grant, GrantState.WITHDRAWN, actor, now)
    record("role.withdrawn", grant, actor=actor, now=now, before=_told(grant))


@transaction.atomic
def end_grant(grant: RoleGrant, *, reason: str, actor: Actor, now: datetime) -> None:
    """Take a role away; it is lost at the holder's next request.

    Raises:
        GrantError: it is one's own, the actor may not end it here, it is not held or over, or no reason is given.
    """
    definition = grant.definition
    if grant.user_id == actor.user_id:
        raise GrantError(_("You cannot end a role of your own; ask another officer."))
    if definition is not None and not granting.may_end(actor, definition, _path(grant.organisation) or ""):
        raise GrantError(_("You may not end this role."))
    if not normal(reason):
        raise GrantError(_("Please give a reason."))
    _close(grant, actor, now)
    record("role.ended", grant, actor=actor, now=now, before=_told(grant), detail={"reason": normal(reason)})


@transaction.atomic
def grant_role(
    user: User,
    *,
    role: str,
    organisation: Model | None = None,
    starts_on: date,
    ends_on: date = FOREVER,
    reason: str,
    actor: Actor,
    now: datetime,
) -> RoleGrant:
    """Give a role at once. For the software itself: the command line on the server, the demo, tests.

    Raises:
        GrantError: the actor is a person, or the role does not fit the place or the user's other roles.
    """
    if actor.user_id is not None:
        raise GrantError(_("A role needs a second person's approval."))
    definition = _definition(role)
    _refuse(granting.why_not_here(definition, at_organisation=organisation is not None, path=_path(organisation)))
    _check_account(user, role, organisation, on=_day(now))
    decided: dict[str, Any] = {"state": GrantState.APPROVED, "granted_at": now, "decided_at": now}
    grant = _new(user, role, organisation, starts_on, ends_on, reason, **decided)
    record("role.granted", grant, actor=actor, now=now, after=_told(grant))
    return grant


def _definition(role: str) -> Role:
    found = catalogue().roles.get(role)
    if found is None:
        raise GrantError(_("There is no role “{role}”.").format(role=role))
    return found


def _path(organisation: Model | None) -> str | None:
    return getattr(organisation, "path", None)


def _day(now: datetime) -> date:
    return timezone.localtime(now).date()


def _refuse(reason: str) -> None:
    if reason:
        raise GrantError(reason)


def _new(
    user: User, role: str, organisation: Model | None, starts_on: date, ends_on: date, reason: str, **how: Any
) -> RoleGrant:
    if not normal(reason):
        raise GrantError(_("Please give a reason."))
    grant = RoleGrant(
        user=user,
        role=role,
        organisation_id=organisation.pk if organisation else None,
        starts_on=starts_on,
        ends_on=ends_on,
        reason=normal(reason)[:200],
        **how,
    )
    grant.save()
    return grant


def _check_account(user: User, role: str, organisation: Model | None, *, on: date, but: int | None = None) -> None:
    """Two grants for one account are checked one after the other: the row of the account is locked."""
    if not User.objects.select_for_update().filter(pk=user.pk, is_active=True).exists():
        raise GrantError(_("This account is disabled."))
    rows = RoleGrant.objects.unscoped(reason=CHECKED).filter(user=user).exclude(pk=but)
    live = rows.filter(state__in=[GrantState.PROPOSED, GrantState.APPROVED], ends_on__gt=on)
    _refuse(granting.why_not_beside(catalogue(), live.values_list("role", flat=True), role))
    if live.filter(role=role, organisation=organisation).exists():
        raise GrantError(_("This account has this role here already, or waits for it."))


def _may_decide(grant: RoleGrant, actor: Actor) -> None:
    definition = _definition(grant.role)
    if actor.user_id in {grant.granted_by_id, grant.user_id}:
        raise GrantError(_("Somebody else has to decide: whoever proposes a role or gets it does not approve it."))
    if not granting.may_approve(actor, definition, _path(grant.organisation) or ""):
        raise GrantError(_("You may not decide about this role."))


def _decide(grant: RoleGrant, state: GrantState, actor: Actor, now: datetime) -> None:
    waiting = RoleGrant.objects.unscoped(reason=CHECKED).filter(pk=grant.pk, state=GrantState.PROPOSED)
    if not waiting.update(state=state, approved_by_id=actor.user_id, decided_at=now):
        raise GrantError(_("Somebody else has decided about this proposal. Reload the page."))
    grant.state, grant.approved_by_id, grant.decided_at = state, actor.user_id, now


def _close(grant: RoleGrant, actor: Actor, now: datetime) -> None:
    today = _day(now)
    rows = RoleGrant.objects.unscoped(reason=CHECKED).filter(pk=grant.pk, state=GrantState.APPROVED, ends_on__gt=today)
    # A period of no day at all cannot be kept: what would end on its first day was withdrawn.
    ended = rows.filter(starts_on__lt=today).update(ends_on=today) or rows.filter(starts_on__gte=today).update(
        state=GrantState.WITHDRAWN
    )
    if not ended:
        raise GrantError(_("This role is not held, or has ended."))


def _told(grant: RoleGrant) -> dict[str, Any]:
    return {
        "user": grant.user.username,
        "role": grant.role,
        "organisation": str(grant.organisation) if grant.organisation else None,
        "starts_on": grant.starts_on,
        "ends_on": grant.ends_on,
        "reason": grant.reason,
    }

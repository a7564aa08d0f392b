"""Asking whoever filed a case how the service was, when it has come to its end."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuniu.accounts.public import User
from shuniu.desk.casework import CaseError, locked, register_closing, tell_trail
from shuniu.desk.enums import FieldKind, Who
from shuniu.desk.lineage import setup_of
from shuniu.desk.models import Case
from shuniu.desk.sight import Sight
from shuniu.kernel.notices import Kind, notify, register_kind
from shuniu.kernel.scope import Actor
from shuniu.voice.public import Invited, Service, Subject, invite

SUBJECT = "desk.case"
NOTICE = "desk.rate"
ASKED_ANYWAY = frozenset({"solved", "words"})
"""Questions that every rating form has: whether it was solved, and words of one's own."""
KINDS = {FieldKind.YES_NO: "yes_no", FieldKind.CHOICE: "choice"}


def register() -> None:
    """Called once, when the site starts."""
    register_kind(Kind(NOTICE, gettext_lazy("A service you were given may be rated")))
    register_closing(ask)


def ask(case: Case, actor: Actor, now: datetime) -> None:
    """Invite whoever filed a case to rate it, if somebody served it. A case nobody was given has nothing to rate."""
    if case.handler_id is None or case.filer_id is None or case.is_anonymous:
        return
    invited = invited_to(case, actor, now)
    if invited is None:
        return
    accounts = User.objects.filter(person_id=case.filer_id, is_active=True).values_list("pk", flat=True)
    notify(
        list(accounts),
        kind=NOTICE,
        title=gettext_lazy("How was it? Rate the service {number}"),
        values={"number": case.number},
        url=reverse("voice:rate_own", args=[invited.pk]),
        now=now,
    )


def invited_to(case: Case, actor: Actor, now: datetime) -> Invited | None:
    """The invitation to rate a case, with a link that is shown once; None where it was rated already."""
    return invite(
        Subject(SUBJECT, case.pk), service_of(case), person=case.filer, form=asks_of(case), actor=actor, now=now
    )


@transaction.atomic(durable=True)
def issue_link(case: Case, *, actor: Actor, now: datetime) -> Invited:
    """A fresh link to rate a closed case, for whoever has no account: to be read out, sent or printed. It is shown once.

    Raises:
        PermissionDenied: the actor neither hands out nor supervises cases there, or served this one.
        CaseError: nobody served the case, it is not closed, or it was rated already.
    """
    case = locked(case)
    roles = Sight.of(actor).roles(case)
    if not roles & {Who.DISPATCHER, Who.SUPERVISOR} or case.handler_id == actor.user_id:
        raise PermissionDenied
    if case.closed_at is None or case.handler_id is None or case.is_anonymous:
        raise CaseError(_("Only a case that somebody has served and that is closed can be rated."))
    invited = invited_to(case, actor, now)
    if invited is None:
        raise CaseError(_("This case has been rated already."))
    tell_trail("case.rating_asked", case, actor, now)
    return invited


def service_of(case: Case) -> Service:
    """What is rated, and who served: the handler's account and the person behind it."""
    handler = User.objects.filter(pk=case.handler_id).first() if case.handler_id else None
    return Service(
        case.organisation_id,
        case.line.key,
        case.line.name,
        case.line.kind,
        provider_id=case.provider_id,
        provider_name=case.provider.name if case.provider else "",
        professional_id=case.professional_id,
        professional_name=case.professional.name if case.professional else "",
        served_by=frozenset({case.handler_id} if case.handler_id else ()),
        served_by_people=frozenset({handler.person_id} if handler and handler.person_id else ()),
    )


def asks_of(case: Case) -> list[dict[str, Any]]:
    """The questions of the line's rating form that can be counted, as the form asks them."""
    return [
        {
            "key": field.key,
            "kind": KINDS[field.kind],
            "zh": field.label.zh,
            "en": field.label.en,
            "choices": [{"key": one.key, "zh": one.label.zh, "en": one.label.en} for one in field.choices],
        }
        for field in setup_of(case.version).rating
        if field.kind in KINDS and field.key not in ASKED_ANYWAY
    ]

"""Asking somebody about a service: a shared step of the actions that end a service."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from shuniu.kernel.scope import Actor
from shuniu.registry.public import Organisation, Person
from shuniu.rulebook.public import find, place_of
from shuniu.voice.models import Invitation
from shuniu.voice.models.invitations import link_index
from shuniu.voice.rules.services import Service, Subject, asks_of

LINK_BYTES = 20
OPEN_DAYS = "rating.open_days"
ASKED = "the room that ends a service asks for the rating"


@dataclass(frozen=True, slots=True)
class Invited:
    """What comes of an invitation: its key for the page of somebody signed in, and the address to send."""

    pk: int
    address: str
    """Path of the page, to be put behind the site's own address. It is shown here once and kept nowhere."""


def invite(
    subject: Subject,
    service: Service,
    *,
    person: Person | None,
    actor: Actor,
    now: datetime,
    form: Sequence[Mapping[str, Any]] = (),
) -> Invited | None:
    """Ask a person (None: whoever is sent the link) to rate a service. Call it inside the action that ended the service.

    Asked again about the same subject, the person gets a new link and the old one ends. None where she has answered
    already, or served herself.

    Raises:
        NoRuleError: no rule says for how long a link is valid.
    """
    if person is not None and person.pk in service.served_by_people:
        return None
    token, on = secrets.token_urlsafe(LINK_BYTES), timezone.localtime(now).date()
    place = Organisation.objects.unscoped(reason=ASKED).select_related("area").get(pk=service.organisation_id)
    days = int(find(OPEN_DAYS, on=on, at=place_of(place)).rule.number)
    return _kept(subject, service, form, person, token, on, on + timedelta(days=days))


def _kept(
    subject: Subject,
    service: Service,
    form: Sequence[Mapping[str, Any]],
    person: Person | None,
    token: str,
    on: date,
    until: date,
) -> Invited | None:
    told = asdict(service)
    barred = {"accounts": sorted(told.pop("served_by")), "people": sorted(told.pop("served_by_people"))}
    fresh = {
        "organisation_id": told.pop("organisation_id"),
        "service": {**told, "asks": asks_of(form)},
        "barred": barred,
        "link_index": link_index(token),
        "invited_on": on,
        "expires_on": until,
    }
    rows = Invitation.objects.unscoped(reason=ASKED)
    with transaction.atomic():
        row, is_new = rows.get_or_create(
            subject_kind=subject.kind, subject_id=subject.id, person=person, defaults=fresh
        )
        if not is_new and not rows.filter(pk=row.pk, is_used=False).update(**fresh):
            return None
    return Invited(row.pk, reverse("voice:rate", args=[token]))

"""Invitations and ratings for tests."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

from shuniu.registry.models import Organisation, Person
from shuniu.voice.actions.invitations import invite
from shuniu.voice.models import Invitation, Rating
from shuniu.voice.models.ratings import unordered_key
from shuniu.voice.rules.services import Service, Subject
from tests.factories import NOW, SYSTEM

_numbers = count(1)


def service_of(organisation: Organisation, **given: Any) -> Service:
    values: dict[str, Any] = {
        "line": "legal", "line_name": "法律咨询", "kind": "advice", "provider_id": 7, "provider_name": "云川联合律师事务所",
        "professional_id": 11, "professional_name": "罗律", **given,
    }  # fmt: skip
    return Service(organisation.pk, **values)


def make_invitation(
    organisation: Organisation, person: Person | None = None, subject: int = 0, form: Any = (), **given: Any
) -> tuple[Invitation, str]:
    """An invitation and the address that was sent."""
    invited = invite(
        Subject("desk.case", subject or next(_numbers)),
        service_of(organisation, **given),
        person=person,
        actor=SYSTEM,
        now=NOW,
        form=form,
    )
    assert invited is not None
    return Invitation.everything.select_related("organisation").get(pk=invited.pk), invited.address


def make_ratings(organisation: Organisation, *stars: int, on: date = date(2026, 3, 1), **given: Any) -> list[Rating]:
    values: dict[str, Any] = {
        "line": "legal", "line_name": "法律咨询", "kind": "advice", "provider_id": 7, "provider_name": "甲所",
        "professional_id": 11, "professional_name": "罗律", "given_on": on, **given,
    }  # fmt: skip
    rows = [Rating(id=unordered_key(), organisation=organisation, stars=one, **values) for one in stars]
    return Rating.everything.bulk_create(rows)

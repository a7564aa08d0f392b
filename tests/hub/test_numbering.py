"""Two papers of one body are drafted at one moment, and each has a number of its own."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from shuniu.hub.actions.agreements import draft_agreement
from shuniu.hub.models import Agreement
from tests.hub.agreeing import NOW, somebody, what
from tests.racing import at_once
from tests.registry.making import make_district


@pytest.mark.django_db(transaction=True)
def test_agreements_drafted_at_once_are_numbered_apart() -> None:
    with transaction.atomic():
        district = make_district()[0]
        drafts = [what(district) for _ in range(3)]
    actor = somebody(district)

    refused = at_once([lambda one=one: draft_agreement(one, actor=actor, now=NOW) for one in drafts])  # type: ignore[misc]

    numbers = set(Agreement.everything.values_list("number", flat=True))
    assert len(numbers) == refused.count("")
    assert connection.vendor == "sqlite" or numbers == {"XY2026-001", "XY2026-002", "XY2026-003"}

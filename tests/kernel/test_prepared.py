"""A query put into SQL once answers as the query itself does, whatever is asked."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shuniu.kernel.prepared import Prepared
from shuniu.registry.models import Organisation
from tests.registry.making import FOUNDED, make_body, make_district

pytestmark = pytest.mark.django_db

FOUNDED_BY = Prepared(
    lambda parent, on: (
        Organisation.everything.filter(parent_id=parent, founded_on__lte=on).order_by("pk").values_list("pk", "name")
    ),
    parent=int,
    on=date,
)
OPEN = Prepared(lambda key, now: Session.objects.filter(session_key=key, expire_date__gt=now), key=str, now=datetime)


def test_days_and_numbers_take_their_places() -> None:
    district, town = make_district()
    later = make_body(district, on=FOUNDED + timedelta(days=1), name="后建的工会")

    assert FOUNDED_BY.rows(parent=district.pk, on=FOUNDED) == [(town.pk, town.name)]
    assert [pk for pk, _name in FOUNDED_BY.rows(parent=district.pk, on=date(2026, 1, 1))] == [town.pk, later.pk]
    assert FOUNDED_BY.rows(parent=town.pk, on=date(2026, 1, 1)) == []


def test_texts_and_moments_take_their_places_and_give_a_row_of_the_model() -> None:
    now = timezone.now()
    Session.objects.create(session_key="one", session_data="x", expire_date=now + timedelta(seconds=1))

    assert OPEN.instance(key="one", now=now) == Session.objects.get()
    assert OPEN.instance(key="one", now=now + timedelta(seconds=2)) is None
    assert OPEN.instance(key="two' OR '1' = '1", now=now) is None


def test_each_is_one_query() -> None:
    with CaptureQueriesContext(connection) as asked:
        OPEN.instance(key="one", now=timezone.now())
        FOUNDED_BY.rows(parent=1, on=FOUNDED)

    assert len(asked) == 2

"""Two people change the tree at one moment. Only PostgreSQL lets both begin; SQLite makes the second wait by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.db import connection, transaction

from shuniu.kernel.period import FOREVER
from shuniu.kernel.scope import Actor
from shuniu.registry.actions.organisations import found_organisation, move_organisation
from shuniu.registry.enums import OrganisationType as Kind
from shuniu.registry.founding import Founding
from shuniu.registry.models import Organisation, Placement
from tests.racing import at_once
from tests.registry.making import make_area, make_body, make_district

NOW = datetime(2026, 11, 20, tzinfo=UTC)
ACTOR = Actor.system()


def again(body: Organisation) -> Organisation:
    return Organisation.everything.get(pk=body.pk)


@pytest.mark.django_db(transaction=True)
def test_changes_of_the_tree_take_turns_and_close_no_ring() -> None:
    with transaction.atomic():
        _federation, town = make_district()
        one, two = make_body(town, Kind.ASSOCIATION), make_body(town, Kind.ASSOCIATION)
        below_one, below_two = make_body(one, Kind.ASSOCIATION), make_body(two, Kind.ASSOCIATION)
    area = make_area()

    def move(body: Organisation, parent: Organisation) -> Callable[[], object]:
        return lambda: move_organisation(
            actor=ACTOR, now=NOW, organisation=again(body), parent=again(parent), on=date(2020, 1, 1)
        )

    def found(number: int) -> Callable[[], object]:
        what = Founding(f"新工会{number}", Kind.PRIMARY, town, area, date(2021, 1, 1), approval_number="批")
        return lambda: found_organisation(actor=ACTOR, now=NOW, what=what)

    first, second, *foundings = at_once([move(one, below_two), move(two, below_one), *map(found, range(4))])

    bodies = list(Organisation.everything.select_related("parent"))
    assert first or second
    assert len(bodies) == 6 + foundings.count("")
    assert connection.vendor == "sqlite" or foundings.count("") == 4
    for body in bodies:
        assert body.parent is None or (body.path or "").startswith(body.parent.path or "-")
        assert Placement.everything.get(organisation=body, ends_on=FOREVER).path == body.path

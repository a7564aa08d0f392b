"""What `makemigrations` of this house writes about a new table."""

from __future__ import annotations

from django.db import models
from django.db.migrations.operations import AddConstraint, AddField, AddIndex, CreateModel

from shuniu.kernel.management.commands.makemigrations import folded

ONCE = models.UniqueConstraint(fields=("name",), name="once")
BY_PLACE = models.Index(fields=("place",), name="by_place")


def test_a_new_table_says_its_indexes_and_constraints_itself() -> None:
    table = CreateModel("Union", [("name", models.TextField())])

    assert folded([table, AddConstraint("union", ONCE)]) == [table]
    assert table.options["constraints"] == [ONCE]


def test_what_may_speak_of_a_later_field_waits_for_it() -> None:
    table = CreateModel("Union", [("name", models.TextField())])
    field, index = AddField("union", "place", models.TextField()), AddIndex("union", BY_PLACE)

    assert folded([table, field, index, AddConstraint("union", ONCE)]) == [table, field, index]


def test_an_old_table_is_changed_as_django_does() -> None:
    change = AddConstraint("union", ONCE)

    assert folded([change]) == [change]

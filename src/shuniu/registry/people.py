"""One person's row for a use case: locked, and where it lies. Shared code below the actions."""

from __future__ import annotations

from shuniu.registry.models import Person


def locked(person: Person) -> Person:
    """The person's row as it is now, held until the transaction ends, with her union."""
    rows = Person.objects.unscoped(reason="the action checks the right at this row's union next")
    row: Person = rows.select_related("home").select_for_update(of=("self",)).get(pk=person.pk)
    return row


def place_of(person: Person) -> str:
    """The tree path where the person's row lies; empty, which is the whole site, for somebody without a union."""
    return (person.home.path or "") if person.home else ""

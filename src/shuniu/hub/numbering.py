"""Numbers of a body's papers, given one at a time."""

from __future__ import annotations

from shuniu.registry.public import Organisation


def take_turns(organisation_id: int) -> None:
    """Hold the body until the transaction ends: whoever numbers something of it next sees the number given now."""
    rows = Organisation.objects.unscoped(reason="holds the body that numbers its papers, and reads nothing of it")
    rows.select_for_update(no_key=True).get(pk=organisation_id)

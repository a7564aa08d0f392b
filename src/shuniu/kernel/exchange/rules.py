"""The way of an import: what a person may do with it in each state, and what the worker does."""

from __future__ import annotations

from typing import Protocol

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuniu.kernel.exchange.enums import BatchState as S
from shuniu.kernel.flow import Flow, State, Transition


class BatchLike(Protocol):
    """Anything with the state of an import."""

    state: str


_RIGHT = "import.run"
_WORKER = ""
"""A permission that nobody holds: the worker needs none."""

BATCH = Flow[BatchLike](
    "kernel.import_batch",
    pgettext_lazy("unit", "imports"),
    initial=S.UPLOADED,
    states=(
        State(S.UPLOADED, S.UPLOADED.label, "warn"),
        State(S.MATCHED, S.MATCHED.label, "active"),
        State(S.CHECKING, S.CHECKING.label, "active"),
        State(S.CHECKED, S.CHECKED.label, "warn"),
        State(S.APPLYING, S.APPLYING.label, "active"),
        State(S.APPLIED, S.APPLIED.label, "good"),
        State(S.UNDOING, S.UNDOING.label, "active"),
        State(S.UNDONE, S.UNDONE.label, "done"),
        State(S.FAILED, S.FAILED.label, "bad"),
        State(S.CANCELLED, S.CANCELLED.label, "done"),
    ),
    transitions=(
        Transition("choose_table", _("Read again"), (S.UPLOADED, S.CHECKED, S.FAILED), S.UPLOADED, _RIGHT),
        Transition("choose_mapping", _("Confirm the columns"), (S.UPLOADED, S.CHECKED, S.FAILED), S.MATCHED, _RIGHT),
        Transition("begin", _("a worker begins"), (S.MATCHED,), S.CHECKING, _WORKER),
        Transition("finish", _("every row is checked"), (S.CHECKING,), S.CHECKED, _WORKER),
        Transition("refuse_check", _("the check is refused"), (S.MATCHED, S.CHECKING), S.FAILED, _WORKER),
        Transition("apply", _("Take the rows in"), (S.CHECKED,), S.APPLYING, _RIGHT),
        Transition("settle", _("every row is taken in"), (S.APPLYING,), S.APPLIED, _WORKER),
        Transition("refuse_apply", _("taking in is refused"), (S.APPLYING,), S.CHECKED, _WORKER),
        Transition("undo", _("Take back"), (S.APPLIED,), S.UNDOING, _RIGHT, danger=True),
        Transition("clear", _("every row is taken back"), (S.UNDOING,), S.UNDONE, _WORKER),
        Transition("refuse_undo", _("taking back is refused"), (S.UNDOING,), S.APPLIED, _WORKER),
        Transition(
            "cancel",
            _("Give up"),
            (S.UPLOADED, S.MATCHED, S.CHECKING, S.CHECKED, S.FAILED),
            S.CANCELLED,
            _RIGHT,
            danger=True,
        ),
    ),
)

REFUSALS = {
    source: move.target
    for move in map(BATCH.transition, ("refuse_check", "refuse_apply", "refuse_undo"))
    for source in move.source
}
"""Where a step of the worker that is refused leads to."""


def moves(batch: BatchLike) -> frozenset[str]:
    """Names of what a person may do with the import now."""
    return frozenset(
        move.name for move in BATCH.transitions if batch.state in move.source and move.permission == _RIGHT
    )

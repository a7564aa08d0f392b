"""Transfers of a membership between unions: who does what, in which order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext_lazy, pgettext_lazy

from shuniu.kernel.flow import Flow, State, Transition
from shuniu.registry.enums import TransferState

OPEN_LIMIT: Final = "transfer.open_days"
"""Id of the rule that says for how many days a transfer may wait to be received."""


@dataclass(frozen=True, slots=True)
class Handover:
    """What the flow needs to know of a transfer: its state, and where its two unions stand."""

    state: TransferState
    origin: str
    destination: str


TRANSFER: Final = Flow[Handover](
    "registry.transfer",
    gettext_lazy("Transfers"),
    initial=TransferState.OPEN,
    states=(
        State(TransferState.OPEN, TransferState.OPEN.label, "warn", limit=OPEN_LIMIT),
        State(TransferState.RECEIVED, TransferState.RECEIVED.label, "good"),
        State(TransferState.REFUSED, TransferState.REFUSED.label, "bad"),
        State(TransferState.WITHDRAWN, TransferState.WITHDRAWN.label, "done"),
    ),
    transitions=(
        Transition(
            "receive",
            pgettext_lazy("transfer", "Receive"),
            (TransferState.OPEN,),
            TransferState.RECEIVED,
            "transfer.edit",
            place=lambda transfer: transfer.destination,
        ),
        Transition(
            "refuse",
            pgettext_lazy("transfer", "Refuse"),
            (TransferState.OPEN,),
            TransferState.REFUSED,
            "transfer.edit",
            place=lambda transfer: transfer.destination,
            danger=True,
        ),
        Transition(
            "withdraw",
            pgettext_lazy("transfer", "Withdraw"),
            (TransferState.OPEN,),
            TransferState.WITHDRAWN,
            "transfer.edit",
            place=lambda transfer: transfer.origin,
            danger=True,
        ),
    ),
)


def days_open(out_on: date, today: date) -> int:
    """Days since a transfer was issued; the day of issue does not count."""
    return (today - out_on).days


def is_overdue(out_on: date, today: date, limit: int) -> bool:
    """Whether a transfer has waited longer than `limit` days."""
    return days_open(out_on, today) > limit

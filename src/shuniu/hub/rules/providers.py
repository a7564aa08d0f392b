"""How a provider comes into the register, stays there and leaves it: who does what, in which order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from shuniu.hub.enums import ProviderState as S
from shuniu.kernel.flow import Flow, State, Transition
from shuniu.kernel.scope import Actor


@dataclass(frozen=True, slots=True)
class Standing:
    """What the flow needs to know of a provider: its state, who had a hand in it, and how many checks are open."""

    state: S
    hands: frozenset[int] = frozenset()
    """Accounts that entered the provider or checked an item of it."""
    open_items: int = 0


def _not_by_oneself(row: Standing, actor: Actor) -> str:
    if actor.user_id in row.hands:
        return _("You have entered or vetted this provider. Somebody else must decide.")
    return ""


def _ready(row: Standing, actor: Actor) -> str:
    if row.open_items:
        return _("Items of the checklist that are not met yet: {n}. Settle them first.").format(n=row.open_items)
    return _not_by_oneself(row, actor)


PROVIDER: Final = Flow[Standing](
    "hub.provider",
    gettext_lazy("Providers"),
    initial=S.APPLIED,
    states=(
        State(S.APPLIED, S.APPLIED.label, "warn"),
        State(S.VETTING, S.VETTING.label, "active"),
        State(S.ACTIVE, S.ACTIVE.label, "good"),
        State(S.SUSPENDED, S.SUSPENDED.label, "bad"),
        State(S.REFUSED, S.REFUSED.label, "done"),
        State(S.REMOVED, S.REMOVED.label, "done"),
    ),
    transitions=(
        Transition("vet", pgettext_lazy("provider", "Begin vetting"), (S.APPLIED,), S.VETTING, "provider.edit"),
        Transition(
            "approve", pgettext_lazy("provider", "Admit"), (S.VETTING,), S.ACTIVE, "provider.approve", guard=_ready
        ),
        Transition(
            "refuse",
            pgettext_lazy("provider", "Do not admit"),
            (S.APPLIED, S.VETTING),
            S.REFUSED,
            "provider.approve",
            danger=True,
        ),
        Transition(
            "suspend",
            pgettext_lazy("provider", "Suspend"),
            (S.ACTIVE,),
            S.SUSPENDED,
            "provider.approve",
            danger=True,
        ),
        Transition(
            "resume", pgettext_lazy("provider", "Lift the suspension"), (S.SUSPENDED,), S.ACTIVE, "provider.approve"
        ),
        Transition(
            "remove",
            pgettext_lazy("provider", "Remove from the register"),
            (S.ACTIVE, S.SUSPENDED),
            S.REMOVED,
            "provider.approve",
            danger=True,
        ),
    ),
)

NEEDS_REASON: Final = frozenset({"refuse", "suspend", "resume", "remove"})
"""Transitions that are told to the provider with a reason."""
STAGES: Final = (S.APPLIED, S.VETTING, S.ACTIVE)
"""The way of an applicant who is admitted."""

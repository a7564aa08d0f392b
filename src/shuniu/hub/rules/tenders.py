"""Tenders: their states, who may take which step, and which method an amount asks for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from shuniu.hub.enums import TenderMethod, TenderState, TenderSubject
from shuniu.kernel.flow import Flow, State, Transition
from shuniu.kernel.scope import Actor

S = TenderState


@dataclass(frozen=True, slots=True)
class TenderCase:
    """What the flow looks at: the state, and who did the step that somebody else has to confirm."""

    state: TenderState
    drafted_by: int | None = None
    proposed_by: int | None = None


def _somebody_else(who: Callable[[TenderCase], int | None]) -> Callable[[TenderCase, Actor], str]:
    def guard(tender: TenderCase, actor: Actor) -> str:
        if actor.user_id is not None and actor.user_id == who(tender):
            return _("Somebody other than you has to decide this: you prepared it.")
        return ""

    return guard


def _move(
    name: str,
    label: object,
    source: tuple[TenderState, ...],
    target: TenderState,
    permission: str,
    *,
    guard: Callable[[TenderCase, Actor], str] | None = None,
    danger: bool = False,
) -> Transition[TenderCase]:
    return Transition(name, label, source, target, permission, guard=guard, danger=danger)  # type: ignore[arg-type]


TONES: Final = {
    S.DRAFT: "neutral",
    S.APPROVED: "neutral",
    S.PUBLISHED: "active",
    S.CLOSED: "warn",
    S.OPENED: "active",
    S.SCORED: "active",
    S.PROPOSED: "warn",
    S.DECIDED: "warn",
    S.ANNOUNCED: "active",
    S.AWARDED: "good",
    S.FAILED: "bad",
    S.CANCELLED: "done",
}
EDIT, DECIDE = "tender.edit", "tender.decide"

TENDER: Final = Flow[TenderCase](
    "hub.tender",
    gettext_lazy("Tenders"),
    initial=S.DRAFT,
    states=tuple(State(state, state.label, TONES[state]) for state in S),
    transitions=(
        _move(
            "approve",
            pgettext_lazy("tender", "Approve"),
            (S.DRAFT,),
            S.APPROVED,
            DECIDE,
            guard=_somebody_else(lambda tender: tender.drafted_by),
        ),
        _move("publish", pgettext_lazy("tender", "Publish the notice"), (S.APPROVED,), S.PUBLISHED, EDIT),
        _move("close", pgettext_lazy("tender", "Begin the opening"), (S.PUBLISHED,), S.CLOSED, "tender.view"),
        _move("open", pgettext_lazy("tender", "Open the bids"), (S.CLOSED,), S.OPENED, "tender.view"),
        _move("score", pgettext_lazy("tender", "Close the scoring"), (S.OPENED,), S.SCORED, "tender.score"),
        _move("propose", pgettext_lazy("tender", "Propose the award"), (S.SCORED,), S.PROPOSED, EDIT),
        _move(
            "decide",
            pgettext_lazy("tender", "Decide on the award"),
            (S.PROPOSED,),
            S.DECIDED,
            DECIDE,
            guard=_somebody_else(lambda tender: tender.proposed_by),
        ),
        _move("announce", pgettext_lazy("tender", "Announce the award"), (S.DECIDED,), S.ANNOUNCED, EDIT),
        _move("settle", pgettext_lazy("tender", "Make the award final"), (S.ANNOUNCED,), S.AWARDED, EDIT),
        _move("send_back", pgettext_lazy("tender", "Send back"), (S.APPROVED,), S.DRAFT, DECIDE, danger=True),
        _move(
            "take_back",
            pgettext_lazy("tender", "Take the award back"),
            (S.PROPOSED, S.DECIDED, S.ANNOUNCED),
            S.SCORED,
            DECIDE,
            danger=True,
        ),
        _move(
            "fail",
            pgettext_lazy("tender", "End without award"),
            (S.PUBLISHED, S.CLOSED, S.OPENED, S.SCORED),
            S.FAILED,
            EDIT,
            danger=True,
        ),
        _move(
            "cancel",
            pgettext_lazy("tender", "Cancel the tender"),
            (S.DRAFT, S.APPROVED, S.PUBLISHED, S.CLOSED, S.OPENED, S.SCORED, S.PROPOSED, S.DECIDED),
            S.CANCELLED,
            DECIDE,
            danger=True,
        ),
    ),
)

BUTTONS: Final = frozenset(move.name for move in TENDER.transitions) - {"close", "open", "score"}
"""Steps that somebody presses. The others follow from opening keys and score sheets."""
REASONED: Final = frozenset({"send_back", "take_back", "fail", "cancel"})
"""Steps that say why."""
STAGES: Final = (
    S.DRAFT, S.APPROVED, S.PUBLISHED, S.CLOSED, S.OPENED, S.SCORED, S.PROPOSED, S.DECIDED, S.ANNOUNCED, S.AWARDED,
)  # fmt: skip
"""The way of a tender that comes to an award."""
SECRET: Final = frozenset({S.PUBLISHED, S.CLOSED})
"""States in which nobody is told who has sent a bid, or how many have."""
SEEN: Final = frozenset(STAGES[2:]) | {S.FAILED, S.CANCELLED}
"""States in which the public may read the notice, if there was one."""
SPENT: Final = frozenset(STAGES)
"""States in which a tender counts towards what a duty comes to in a year."""
RANK: Final = (
    TenderMethod.SINGLE, TenderMethod.QUOTATION, TenderMethod.CONSULTATION, TenderMethod.INVITED, TenderMethod.OPEN,
)  # fmt: skip
"""Methods, from the least competition to the most."""
TENDERED: Final = frozenset({TenderMethod.OPEN, TenderMethod.INVITED})
"""Methods under the Bidding Law: larger committees, longer clocks."""
NAMED: Final = frozenset({TenderMethod.INVITED, TenderMethod.SINGLE})
"""Methods in which only providers that were asked may bid."""


def proposed_method(amount: int, *, open_from: int, consult_from: int, quote_from: int) -> TenderMethod:
    """The method for an amount in fen, by the thresholds from which each is due; below all, a single source will do."""
    if amount >= open_from:
        return TenderMethod.OPEN
    if amount >= consult_from:
        return TenderMethod.CONSULTATION
    return TenderMethod.QUOTATION if amount >= quote_from else TenderMethod.SINGLE


def needs_reason(method: TenderMethod, proposed: TenderMethod) -> bool:
    """Whether a choice has to be justified: less competition than proposed, or bidders chosen by the buyer."""
    return RANK.index(method) < RANK.index(proposed) or (method is TenderMethod.INVITED and method is not proposed)


def price_rule(method: TenderMethod, subject: TenderSubject) -> str:
    """Id of the rule that bounds the points for the price; empty where the lowest price wins."""
    if method in {TenderMethod.QUOTATION, TenderMethod.SINGLE}:
        return ""
    consulted = "consulted_" if method is TenderMethod.CONSULTATION else ""
    return f"tender.price_points.{consulted}{subject.value}"


def committee_rule(method: TenderMethod) -> str:
    """Id of the rule about how many score."""
    return "tender.committee" if method in TENDERED else "tender.committee_small"


def least_bidders_rule(method: TenderMethod, subject: TenderSubject, *, opened: bool = False) -> str:
    """Id of the rule about how many must have bid; once opened, a consultation about services may go on with fewer."""
    if opened and method is TenderMethod.CONSULTATION and subject is TenderSubject.SERVICES:
        return "tender.bidders_continue.consultation"
    return f"tender.bidders.{method.value}"

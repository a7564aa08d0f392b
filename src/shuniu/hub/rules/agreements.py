"""Agreements: the states they go through, their numbers, their plan of payments and how long they last."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from shuniu.hub.enums import AgreementState, DeliveryMode, PaymentState
from shuniu.kernel.flow import Flow, State, Transition
from shuniu.kernel.scope import Actor

PRICELESS: Final = frozenset({DeliveryMode.JOINT, DeliveryMode.VOLUNTEER})
"""Modes in which an agreement may have no price."""
OUTSIDE: Final = (
    DeliveryMode.JOINT,
    DeliveryMode.COMMISSIONED,
    DeliveryMode.PURCHASED,
    DeliveryMode.VOLUNTEER,
)
"""Modes that are put under an agreement at all."""
LIVE: Final = (AgreementState.SIGNED, AgreementState.IN_FORCE)
CLAUSES: Final = ("confidentiality", "personal_information", "liability", "disputes")
CLAUSE_TEXTS: Final = {
    "confidentiality": gettext_lazy(
        "The provider and its people keep secret whatever they learn of workers, employers and the union, during the "
        "agreement and after it, and use it for this service only."
    ),
    "personal_information": gettext_lazy(
        "Personal information is handled as far as the service needs it, on the union's behalf and instruction only. It "
        "is not passed on, is kept in the union's system, and is returned or deleted when the agreement ends. A leak is "
        "reported at once."
    ),
    "liability": gettext_lazy(
        "Who breaks the agreement makes good the loss. Serious or repeated breach is a reason to terminate."
    ),
    "disputes": gettext_lazy("Disputes are settled by talks; failing that, before the court at the seat of the union."),
}
"""What the clauses usually say; a draft begins with them."""
REQUIRED_CLAUSES: Final = ("confidentiality", "personal_information")
LONGEST: Final = "agreement.longest_months"
OBJECTING: Final = "score.object_workdays"
OPINIONS: Final = "acceptance.opinions"
"""Rules that actions hold a figure against."""


class AgreementLike(Protocol):
    """What the flow looks at."""

    state: str
    drafted_by_id: int | None


def _by_somebody_else(row: AgreementLike, actor: Actor) -> str:
    if row.drafted_by_id is None or row.drafted_by_id != actor.user_id:
        return ""
    return _("You drafted this agreement yourself. Somebody else has to sign it.")


AGREEMENT: Final = Flow[AgreementLike](
    "hub.agreement",
    gettext_lazy("Agreements"),
    initial=AgreementState.DRAFT,
    states=(
        State(AgreementState.DRAFT, AgreementState.DRAFT.label, "neutral"),
        State(AgreementState.SIGNED, AgreementState.SIGNED.label, "active"),
        State(AgreementState.IN_FORCE, AgreementState.IN_FORCE.label, "good"),
        State(AgreementState.ENDED, AgreementState.ENDED.label, "done"),
        State(AgreementState.TERMINATED, AgreementState.TERMINATED.label, "bad"),
        State(AgreementState.NOT_RENEWED, AgreementState.NOT_RENEWED.label, "warn"),
        State(AgreementState.WITHDRAWN, AgreementState.WITHDRAWN.label, "done"),
    ),
    transitions=(
        Transition(
            "sign", pgettext_lazy("agreement", "Sign"), (AgreementState.DRAFT,), AgreementState.SIGNED,
            "agreement.approve", guard=_by_somebody_else,
        ),
        Transition(
            "start", pgettext_lazy("agreement", "Put in force"), (AgreementState.SIGNED,), AgreementState.IN_FORCE,
            "agreement.edit",
        ),
        Transition(
            "end", pgettext_lazy("agreement", "End"), (AgreementState.IN_FORCE,), AgreementState.ENDED, "agreement.edit"
        ),
        Transition(
            "not_renew", pgettext_lazy("agreement", "Decide against renewal"), (AgreementState.IN_FORCE,),
            AgreementState.NOT_RENEWED, "agreement.approve", danger=True,
        ),
        Transition(
            "terminate", pgettext_lazy("agreement", "Terminate"), LIVE, AgreementState.TERMINATED, "agreement.approve",
            danger=True,
        ),
        Transition(
            "withdraw", pgettext_lazy("agreement", "Withdraw the draft"), (AgreementState.DRAFT,), AgreementState.WITHDRAWN,
            "agreement.edit", danger=True,
        ),
    ),
)  # fmt: skip
NEEDS_REASON: Final = frozenset({"not_renew", "terminate", "withdraw"})


class PaymentLike(Protocol):
    """What the flow of payments looks at."""

    state: str
    requested_by_id: int | None


def _asked_by_somebody_else(row: PaymentLike, actor: Actor) -> str:
    if row.requested_by_id is None or row.requested_by_id != actor.user_id:
        return ""
    return _("You asked for this payment yourself. Somebody else has to decide on it.")


PAYMENT: Final = Flow[PaymentLike](
    "hub.payment",
    gettext_lazy("Payments"),
    initial=PaymentState.REQUESTED,
    states=(
        State(PaymentState.REQUESTED, PaymentState.REQUESTED.label, "warn"),
        State(PaymentState.APPROVED, PaymentState.APPROVED.label, "active", limit="payment.due_days"),
        State(PaymentState.REFUSED, PaymentState.REFUSED.label, "bad"),
        State(PaymentState.PAID, PaymentState.PAID.label, "good"),
    ),
    transitions=(
        Transition(
            "approve", pgettext_lazy("payment", "Approve"), (PaymentState.REQUESTED,), PaymentState.APPROVED,
            "payment.approve", guard=_asked_by_somebody_else,
        ),
        Transition(
            "refuse", pgettext_lazy("payment", "Refuse"), (PaymentState.REQUESTED,), PaymentState.REFUSED,
            "payment.approve", guard=_asked_by_somebody_else, danger=True,
        ),
        Transition(
            "pay", pgettext_lazy("payment", "Note that it was paid"), (PaymentState.APPROVED,), PaymentState.PAID,
            "payment.request",
        ),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanting:
    """What an agreement still lacks before it can be signed, as whole sentences."""

    sentences: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.sentences)


def months_between(starts_on: date, ends_on: date) -> int:
    """The months of a half-open term, a month begun counted whole."""
    months = (ends_on.year - starts_on.year) * 12 + ends_on.month - starts_on.month
    return months + (ends_on.day > starts_on.day)


def number_for(year: int, serial: int) -> str:
    """The number of the serial-th agreement of a year: `XY2026-003`."""
    return f"XY{year}-{serial:03d}"


def line_amount(quantity: int, price: int) -> int:
    """Fen for `quantity` units at `price` fen each."""
    return quantity * price


def paid_amount(plan: int, percent: int) -> int:
    """The plan's fen at a share in whole per cent, half a fen rounded up; never more than the plan."""
    return min(plan, (plan * percent + 50) // 100)


def split_plan(amount: int, shares: Iterable[int]) -> list[int]:
    """An amount split by shares in whole per cent that sum to a hundred; what rounding leaves goes to the last.

    Raises:
        ValueError: the shares do not sum to a hundred.
    """
    parts = list(shares)
    if sum(parts) != 100 or any(part < 0 for part in parts):
        raise ValueError("The shares of a plan sum to a hundred.")
    fen = [amount * part // 100 for part in parts[:-1]]
    return [*fen, amount - sum(fen)]

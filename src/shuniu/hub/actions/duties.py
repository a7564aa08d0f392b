"""The catalogue of duties: take one over, enter a duty, decide about it, and stop what is reserved from being given away."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from shuniu.hub.models import Duty
from shuniu.hub.rules.duties import joined
from shuniu.kernel import trail
from shuniu.kernel.errors import ActionError
from shuniu.kernel.scope import Actor


class ReservedError(ActionError):
    """A reserved duty was to be given to somebody else. The attempt is in the trail."""


def refuse_reserved(duty: Duty, *, attempted: str, actor: Actor, now: datetime) -> None:
    """Stop a tender or an agreement about a reserved duty, and keep the attempt in the trail.

    To be called first thing in an action, after its check of the right and before its own transaction: the refusal rolls
    that one back, and the entry must stay. A transaction that is open already is a RuntimeError.

    Args:
        attempted: what was to be done, a verb of the trail such as `tender.drafted`.

    Raises:
        ReservedError: the duty is reserved; the sentence gives its reason.
    """
    if not Duty.objects.unscoped(reason="the caller has the duty already").filter(pk=duty.pk, kind="reserved").exists():
        return
    _record_attempt(duty, attempted, actor, now)
    raise ReservedError(_reserved_sentence(duty))


@transaction.atomic(durable=True)
def _record_attempt(duty: Duty, attempted: str, actor: Actor, now: datetime) -> None:
    detail = {"attempted": attempted, "duty": f"{duty.code} {duty.name}"}
    trail.record("duty.reserved_refused", duty, actor=actor, now=now, detail=detail)


def _reserved_sentence(duty: Duty) -> str:
    """Why a duty cannot be given away."""
    told = _("“{duty}” is reserved to the union's own officers and cannot be tendered or put under an agreement.")
    return joined(told.format(duty=duty.name), duty.because)

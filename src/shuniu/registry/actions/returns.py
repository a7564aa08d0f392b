"""What is done with the annual return: say what its form must carry, and take it out."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from shuniu.kernel import trail
from shuniu.kernel.errors import ActionError
from shuniu.kernel.guards import require
from shuniu.kernel.scope import Actor
from shuniu.kernel.text import normal
from shuniu.registry.models import Organisation, ReturnForm

MAKE = "return.make"


@dataclass(frozen=True, slots=True)
class FormBlock:
    """What a statistical form must carry (Statistics Law, art. 17), as in the notice that introduced it."""

    number: str
    issuer: str
    approval: str
    valid_until: date


@transaction.atomic(durable=True)
def keep_form_block(*, actor: Actor, now: datetime, organisation: Organisation, block: FormBlock) -> ReturnForm:
    """Keep what the forms of a body, and of those below it without their own, carry.

    Raises:
        PermissionDenied: the actor may not make the return there.
        ActionError: something is missing.
    """
    require(actor, MAKE, organisation)
    values = {"number": normal(block.number), "issuer": normal(block.issuer), "approval": normal(block.approval)}
    if not all(values.values()):
        raise ActionError(_("A form needs its number, the issuing body and the approval or filing number."))
    form, _created = ReturnForm.everything.update_or_create(
        organisation=organisation, defaults={**values, "valid_until": block.valid_until}
    )
    trail.record("return.form_kept", organisation, actor=actor, now=now, after=asdict(block))
    return form


@transaction.atomic(durable=True)
def record_download(*, actor: Actor, now: datetime, organisation: Organisation, on: date, failures: int) -> None:
    """Leave in the trail that the return was taken out.

    Raises:
        PermissionDenied: the actor may not make the return there.
    """
    require(actor, MAKE, organisation)
    trail.record("return.downloaded", organisation, actor=actor, now=now, detail={"on": on, "failures": failures})

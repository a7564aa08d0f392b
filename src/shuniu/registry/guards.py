"""The checks that actions begin with."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from shuniu.kernel.errors import ActionError
from shuniu.kernel.text import normal
from shuniu.kernel.web.formats import date_text
from shuniu.registry.enums import OrganisationType
from shuniu.registry.models import Organisation
from shuniu.registry.rules.handover import needs_approval
from shuniu.registry.rules.numbers import NumberError, read_credit_code
from shuniu.rulebook.public import Place, check, find


def credit_code(text: str) -> str | None:
    """A unified social credit code in its normal form; None for no code.

    Raises:
        ActionError: the code is wrong; the sentence says in what.
    """
    if not normal(text):
        return None
    try:
        return read_credit_code(text)
    except NumberError as error:
        raise ActionError(
            {
                "length": _("A unified social credit code has 18 characters."),
                "characters": _(
                    "A unified social credit code has digits and capital letters without I, O, S, V and Z."
                ),
                "check": _("The credit code's check character does not fit. Compare it with the certificate."),
            }[error.reason]
        ) from error


def refuse_dissolved(organisation: Organisation) -> None:
    """A body that is dissolved is history and stays as it was.

    Raises:
        ActionError: it is dissolved.
    """
    if organisation.is_dissolved:
        raise ActionError(
            _("{name} was dissolved on {day}.").format(name=organisation, day=date_text(organisation.dissolved_on))
        )


def require_approval(kind: OrganisationType, number: str) -> None:
    """The approval of the superior union (Trade Union Law, arts. 12 and 13), where this kind of body needs one.

    Raises:
        ActionError: it needs one and there is no number.
    """
    if needs_approval(kind) and not normal(number):
        raise ActionError(_("The superior union must have approved this. Enter the number of its approval."))


def refuse_employers(kind: OrganisationType, number: int, *, at: Place, on: date) -> None:
    """A joint union covers at least as many employers as the rule asks for; any other union covers at most one.

    Raises:
        ActionError: the kind of body does not fit the number of employers.
    """
    if kind is not OrganisationType.JOINT:
        if number > 1:
            raise ActionError(_("Only a joint primary union covers several employers."))
        return
    verdict = check(find("joint.employers", on=on, at=at).rule, number)
    if verdict.ok is False:
        raise ActionError(verdict.sentence)

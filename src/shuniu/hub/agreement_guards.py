"""The checks that actions about agreements begin with."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from shuniu.hub.enums import AgreementState
from shuniu.hub.models import Agreement
from shuniu.hub.models.agreements import own_agreements
from shuniu.kernel.errors import ActionError
from shuniu.kernel.scope import Actor

CHECKED = "the caller's right at the agreement was checked"


def locked_draft(agreement: Agreement) -> Agreement:
    """The agreement as it stands, held until the transaction ends.

    Raises:
        ActionError: it is no draft any more.
    """
    row = locked(agreement)
    if row.state != AgreementState.DRAFT:
        raise ActionError(_("This agreement is signed or withdrawn. Only a draft can be changed."))
    return row


def locked(agreement: Agreement) -> Agreement:
    """The agreement as it stands, held until the transaction ends."""
    rows = Agreement.objects.unscoped(reason=CHECKED).select_for_update(of=("self",))
    row: Agreement = rows.select_related("organisation__area", "duty", "provider").get(pk=agreement.pk)
    return row


def require_side(agreement: Agreement, actor: Actor) -> None:
    """Refuse whoever neither prepares agreements where this one lies nor acts for its provider.

    Raises:
        PermissionDenied: the actor does neither.
    """
    if actor.may_at("agreement.edit", agreement.organisation.path or ""):
        return
    require_provider(agreement, actor)


def require_provider(agreement: Agreement, actor: Actor) -> None:
    """Refuse whoever does not act for the provider of the agreement.

    Raises:
        PermissionDenied: the actor does not.
    """
    own = own_agreements(actor)
    rows = Agreement.objects.unscoped(reason="narrowed to the actor's own").filter(pk=agreement.pk)
    if own is None or not rows.filter(own).exists():
        raise PermissionDenied("provider.own")

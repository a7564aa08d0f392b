"""Who may be given a case: staff of the line, and professionals fit for its kind whom nothing ties to the employer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from shuniu.accounts.public import User
from shuniu.desk.enums import LineRole
from shuniu.desk.fitness import fit_for
from shuniu.desk.models import Case, LineStaff, ServiceLine
from shuniu.hub.public import Professional, conflicting_providers
from shuniu.kernel.errors import ActionError


class HandlerError(ActionError):
    """Somebody who cannot be given this case."""


@dataclass(frozen=True, slots=True)
class Handler:
    """An account that handles cases, and the professional of a provider it may stand for."""

    user_id: int
    name: str
    professional: Professional | None = None

    @property
    def provider_id(self) -> int | None:
        return self.professional.provider_id if self.professional else None


def handlers_of(line: ServiceLine, on: date) -> list[Handler]:
    """Everybody whom cases of the line may be given to, by name; two queries. Of those who serve it both by name and as
    a professional, the professional is meant.
    """
    named = LineStaff.everything.filter(line=line, role=LineRole.SERVES, ended_at=None, user__is_active=True)
    found = {user: Handler(user, name) for user, name in named.values_list("user_id", "user__name")}
    for one in fit_for(line, on).filter(user__is_active=True).select_related("provider"):
        if one.user_id is not None:
            found[one.user_id] = Handler(one.user_id, f"{one.name}（{one.provider.name}）", one)
    return sorted(found.values(), key=lambda handler: (handler.name, handler.user_id))


def handler_of(line: ServiceLine, user_id: int | None, on: date) -> Handler | None:
    """The handler behind an account; None where it does not serve the line."""
    return next((one for one in handlers_of(line, on) if one.user_id == user_id), None)


def refuse_handler(case: Case, handler: Handler, now: datetime) -> None:
    """Keep a case from who does not serve its line, filed it, or whose provider serves the employer it is about.

    Raises:
        HandlerError: it must go to somebody else; the sentence says why.
    """
    today = timezone.localtime(now).date()
    if handler_of(case.line, handler.user_id, today) is None:
        raise HandlerError(_("{name} does not serve “{line}”.").format(name=handler.name, line=case.line))
    if case.filer_id is not None and User.objects.filter(pk=handler.user_id, person_id=case.filer_id).exists():
        raise HandlerError(_("{name} filed this case. Somebody else has to handle it.").format(name=handler.name))
    if handler.provider_id is None or case.employer_id is None:
        return
    if handler.provider_id in conflicting_providers(case.employer_id, today):
        raise HandlerError(
            _("{name}'s firm serves the employer this case is about. Choose somebody else.").format(name=handler.name)
        )

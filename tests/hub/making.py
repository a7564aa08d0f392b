"""Rows for tests of the hub: duties, providers, their people and papers."""

from __future__ import annotations

from datetime import date, datetime
from itertools import count
from typing import Any

from django.utils import timezone

from shuniu.hub.enums import DutyClass, PaperKind, Profession, ProviderKind, ProviderState, ServiceKind
from shuniu.hub.models import Duty, Paper, Professional, Provider, ProviderStaff
from shuniu.hub.rules.vetting import vetting
from shuniu.kernel.period import FOREVER
from shuniu.registry.models import Organisation
from tests.factories import Player

FOUNDED = date(2015, 1, 5)
_numbers = count(1)


def make_duty(organisation: Organisation, kind: DutyClass = DutyClass.OPEN, name: str = "", **given: Any) -> Duty:
    number = next(_numbers)
    values = {"division": "法律服务", "answers": {"law": "yes"} if kind == DutyClass.RESERVED else {}, **given}
    return Duty.everything.create(
        organisation=organisation, code=f"D{number}", name=name or f"第{number}项职责", kind=kind, **values
    )


def make_provider(
    organisation: Organisation,
    kind: ProviderKind = ProviderKind.LAW_FIRM,
    state: ProviderState = ProviderState.ACTIVE,
    name: str = "",
    *,
    papers: bool = True,
    **given: Any,
) -> Provider:
    """A provider, by default admitted and with every paper that its kind needs."""
    number = next(_numbers)
    provider = Provider.everything.create(
        organisation=organisation, kind=kind, state=state, name=name or f"第{number}律师事务所", **given
    )
    for paper in vetting().papers_of(kind) if papers else ():
        make_paper(provider, paper)
    return provider


def make_professional(
    provider: Provider,
    serves: tuple[ServiceKind, ...] = (ServiceKind.ADVICE,),
    name: str = "",
    *,
    papers: bool = True,
    **given: Any,
) -> Professional:
    """Somebody of a provider, by default with every paper that her services need."""
    values = {"profession": Profession.LAWYER, **given}
    professional = Professional.everything.create(
        provider=provider, name=name or f"卢{next(_numbers)}", serves=[str(one) for one in serves], **values
    )
    for kind in serves if papers else ():
        for paper in vetting().papers_for(kind):
            make_paper(provider, paper, professional=professional)
    return professional


def make_paper(provider: Provider, kind: PaperKind, **given: Any) -> Paper:
    """A paper that somebody has checked; it has no end unless one is given."""
    values: dict[str, Any] = {"issued_on": FOUNDED, "good_until": FOREVER, "checked_at": timezone.now(), **given}
    return Paper.everything.create(provider=provider, kind=kind, number=f"N{next(_numbers)}", **values)


def make_manager(provider: Provider, player: Player, started_at: datetime | None = None) -> ProviderStaff:
    """Let somebody of the cast act for a provider, and for no other any more."""
    ProviderStaff.everything.filter(user=player.user, ended_at=None).update(ended_at=timezone.now())
    return ProviderStaff.everything.create(provider=provider, user=player.user, started_at=started_at or timezone.now())

"""Rows that the portal shows."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

from shuniu.desk.enums import Secrecy
from shuniu.desk.models import ServiceLine
from shuniu.hub.enums import AgreementState, DeliveryMode, ServiceKind
from shuniu.hub.models import Agreement, Provider
from shuniu.hub.models.agreements import AgreementLine
from shuniu.registry.models import Organisation
from tests.factories import NOW
from tests.hub.making import make_duty

_numbers = count(1)


def make_line(organisation: Organisation, name: str = "", **given: Any) -> ServiceLine:
    number = next(_numbers)
    values = {"key": f"line-{number}", "kind": ServiceKind.ADVICE, "secrecy": Secrecy.OPEN, **given}
    return ServiceLine.everything.create(organisation=organisation, name=name or f"第{number}项服务", **values)


def make_agreement(provider: Provider, organisation: Organisation, **given: Any) -> Agreement:
    """An agreement in force over legal advice at 300 yuan a day."""
    number = next(_numbers)
    values = {
        "number": f"XY{number}",
        "title": "职工法律服务",
        "duty": make_duty(organisation),
        "mode": DeliveryMode.PURCHASED,
        "kinds": [ServiceKind.ADVICE],
        "state": AgreementState.IN_FORCE,
        "starts_on": date(2026, 1, 1),
        "ends_on": date(2027, 1, 1),
        "drafted_at": NOW,
        **given,
    }
    agreement = Agreement.everything.create(organisation=organisation, provider=provider, **values)
    AgreementLine.everything.create(agreement=agreement, order=1, name="值班", unit="天", quantity=250, price=30000)
    return agreement

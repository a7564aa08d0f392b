"""The demo's providers and duties, by the rules that hold for real ones."""

from __future__ import annotations

from datetime import date

import pytest

from shuniu.demo import public
from shuniu.hub.enums import DutyClass, ProviderKind, ServiceKind
from shuniu.hub.models import Duty, Professional, Provider, ProviderStaff
from shuniu.hub.public import fit_professionals


@pytest.fixture
def loaded(db: None) -> None:
    public.load(report=lambda _line: None)


def test_the_hub_of_the_demo_is_that_of_the_seed(loaded: None) -> None:
    firms = Provider.everything.filter(kind=ProviderKind.LAW_FIRM, group__kind=ProviderKind.GROUP)
    year = [date(2026, month, 15) for month in range(1, 13)]

    assert firms.count() == 11
    assert Professional.everything.filter(provider__in=firms).count() == 22
    assert fit_professionals(ServiceKind.COUNSELLING, date(2026, 11, 25)).count() == 100
    assert {fit_professionals(ServiceKind.ADVICE, day, firms.values_list("pk", flat=True)).count() for day in year} <= {
        20,
        21,
        22,
    }
    assert "provider" in ProviderStaff.everything.filter(ended_at=None).values_list("user__username", flat=True)
    assert set(Duty.everything.values_list("kind", flat=True)) == set(DutyClass)
    assert Duty.everything.exclude(decided_on=None).exclude(mode="").count() >= 40

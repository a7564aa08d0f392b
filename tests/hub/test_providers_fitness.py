"""Who may be given work on a day, and why not: the list and the sentence always agree."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from shuniu.hub.enums import AbsenceReason, PaperKind, ProviderKind, ProviderState, ServiceKind
from shuniu.hub.models import Absence, Conflict, Paper, Professional
from shuniu.hub.public import conflicting_providers, fit_professionals, reason_not_to_serve
from tests.hub.making import make_paper, make_professional, make_provider
from tests.registry.making import make_district, make_employer

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 5)
ADVICE = ServiceKind.ADVICE


def reason(row: Professional, kind: ServiceKind = ADVICE, day: date = DAY) -> str:
    """The sentence; held against the list on the way."""
    row = Professional.everything.select_related("provider__group").get(pk=row.pk)
    told = reason_not_to_serve(row, kind, day)
    assert fit_professionals(kind, day).filter(pk=row.pk).exists() == (not told)
    return told


def firm(**given: object) -> Professional:
    return make_professional(make_provider(make_district()[0], **given), name="卢明")


def end_paper(row: Professional, day: date) -> None:
    Paper.everything.filter(professional=row).update(good_until=day)


def test_a_lawyer_with_good_papers_at_an_active_firm_may_advise() -> None:
    row = firm()

    assert reason(row) == ""
    assert "未获准" in reason(row, ServiceKind.COUNSELLING)


@pytest.mark.parametrize("state", set(ProviderState) - {ProviderState.ACTIVE})
def test_nobody_of_a_provider_that_is_not_active_gets_work(state: ProviderState) -> None:
    assert "不能承接新任务" in reason(firm(state=state))


def test_nobody_of_a_suspended_groups_firms_gets_work() -> None:
    district = make_district()[0]
    group = make_provider(district, ProviderKind.GROUP, ProviderState.SUSPENDED, name="律师志愿团")
    row = make_professional(make_provider(district, group=group))

    assert "律师志愿团" in reason(row)


def test_a_paper_is_good_on_its_last_day_and_stops_work_on_the_next() -> None:
    row = firm()
    end_paper(row, DAY)

    assert reason(row) == ""
    assert "律师执业证有效期至" in reason(row, day=DAY + timedelta(days=1))


def test_a_renewed_paper_takes_the_place_of_the_one_that_ran_out() -> None:
    row = firm()
    end_paper(row, DAY - timedelta(days=9))
    make_paper(row.provider, PaperKind.LAWYER, professional=row, issued_on=DAY)

    assert reason(row) == ""
    assert reason(row, day=DAY - timedelta(days=1))


def test_a_paper_that_nobody_has_checked_proves_nothing() -> None:
    row = firm()
    Paper.everything.filter(professional=row).update(checked_at=None)

    assert "没有经核验的律师执业证" in reason(row)


def test_the_firms_own_licence_counts_too_and_no_one_elses() -> None:
    row = firm(papers=False)
    make_paper(row.provider, PaperKind.LAW_PRACTICE, professional=row)

    assert "律师事务所执业许可证" in reason(row)


@pytest.mark.parametrize(("first", "last", "away"), [(0, 1, True), (-3, 0, False), (1, 2, False), (-1, 1, True)])
def test_who_is_away_that_day_gets_no_work(first: int, last: int, away: bool) -> None:
    row = firm()
    Absence.everything.create(
        professional=row,
        starts_on=DAY + timedelta(days=first),
        ends_on=DAY + timedelta(days=last),
        reason=AbsenceReason.COURT,
    )

    assert ("请假" in reason(row)) == away


def test_who_takes_no_new_work_is_left_out() -> None:
    row = firm()
    Professional.everything.filter(pk=row.pk).update(is_active=False)

    assert "不接新任务" in reason(row)


def test_the_list_can_be_kept_to_some_providers_and_costs_one_query(django_assert_num_queries: Callable) -> None:  # type: ignore[type-arg]
    one, other = firm(), firm()

    with django_assert_num_queries(1):
        assert [row.provider.pk for row in fit_professionals(ADVICE, DAY, [other.provider_id])] == [other.provider_id]
    assert fit_professionals(ADVICE, DAY).count() == 2
    assert one.provider_id not in set(fit_professionals(ADVICE, DAY, []).values_list("provider_id", flat=True))


def test_conflicts_hold_for_the_employer_and_the_period() -> None:
    district, town = make_district()
    provider, employer = make_provider(district), make_employer(town)
    Conflict.everything.create(provider=provider, employer=employer, starts_on=DAY, ends_on=DAY + timedelta(days=30))

    assert conflicting_providers(employer.pk, DAY) == {provider.pk}
    assert conflicting_providers(employer.pk, DAY + timedelta(days=30)) == set()
    assert conflicting_providers(make_employer(town).pk, DAY) == set()

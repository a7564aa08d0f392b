"""Providers, their papers and people: the way in, who may not decide, and what stops."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from shuniu.hub.actions import papers, professionals, providers
from shuniu.hub.enums import AbsenceReason, CheckResult, PaperKind, Profession, ProviderKind, ProviderState, ServiceKind
from shuniu.hub.models import Paper, Professional, Provider
from shuniu.hub.public import conflicting_providers, reason_not_to_serve
from shuniu.hub.rules.vetting import vetting
from shuniu.kernel.errors import ActionError, FieldError
from shuniu.kernel.exchange.store import open_upload
from shuniu.kernel.flow import FlowError
from shuniu.kernel.models import TrailEntry
from shuniu.kernel.period import FOREVER
from tests.factories import TODAY, Cast, Player, make_player
from tests.hub.making import make_manager, make_paper, make_professional, make_provider
from tests.registry.making import make_district, make_employer

pytestmark = pytest.mark.django_db
DETAILS = providers.ProviderDetails(
    name="云川新仁律师事务所",
    kind=ProviderKind.LAW_FIRM,
    credit_code="",
    offers=[ServiceKind.ADVICE],
    contact_name="贺川",
    contact_phone="10000210001",
)


@pytest.fixture
def dana(db: None) -> Player:
    return make_player("district_cadre", make_district()[0])


@pytest.fixture
def deputy(dana: Player) -> Player:
    """Another cadre of the same district."""
    return make_player("district_cadre", dana.organisation)


def vetted(dana: Player, now: datetime) -> Provider:
    """Entered, taken up and checked, all by one person."""
    row = providers.enter_provider(dana.organisation, DETAILS, actor=dana.actor, now=now)
    providers.move_provider(row, "vet", actor=dana.actor, now=now)
    for item in vetting().items_for(row.kind):
        providers.check_item(row, item.key, CheckResult.MET, actor=dana.actor, now=now)
    row.refresh_from_db()
    return row


def test_the_way_in_takes_two_people(dana: Player, deputy: Player, now: datetime) -> None:
    row = vetted(dana, now)

    with pytest.raises(FlowError, match="录入或审核"):
        providers.move_provider(row, "approve", actor=dana.actor, now=now)
    providers.move_provider(row, "approve", actor=deputy.actor, now=now)

    row.refresh_from_db()
    assert (row.state, row.entered_by, row.approved_by) == (ProviderState.ACTIVE, dana.user, deputy.user)
    assert [step.step for step in row.steps.order_by("pk")] == ["apply", "vet", "approve"]


def test_whoever_checked_a_single_item_does_not_admit(dana: Player, deputy: Player, now: datetime) -> None:
    row = vetted(dana, now)
    item = vetting().items_for(row.kind)[0].key
    providers.check_item(row, item, CheckResult.MET, actor=deputy.actor, now=now)

    with pytest.raises(FlowError, match="其他人决定"):
        providers.move_provider(row, "approve", actor=deputy.actor, now=now)


@pytest.mark.parametrize("hand", ["entered_by", "vetted_by"])
def test_the_database_too_lets_nobody_approve_what_passed_through_her_hands(hand: str, dana: Player) -> None:
    with pytest.raises(IntegrityError, match="by_oneself"), transaction.atomic():
        make_provider(dana.organisation, **{hand: dana.user, "approved_by": dana.user})


def test_an_open_item_keeps_the_door_shut(dana: Player, deputy: Player, now: datetime) -> None:
    row = vetted(dana, now)
    item = vetting().items_for(row.kind)[1].key
    providers.check_item(row, item, CheckResult.NOT_MET, actor=dana.actor, now=now, note="缺声明")

    with pytest.raises(FlowError, match="还有1项"):
        providers.move_provider(row, "approve", actor=deputy.actor, now=now)


@pytest.mark.parametrize("move", ["refuse", "suspend", "remove"])
def test_what_is_told_to_the_provider_needs_a_reason(move: str, dana: Player, now: datetime) -> None:
    state = ProviderState.VETTING if move == "refuse" else ProviderState.ACTIVE
    row = make_provider(dana.organisation, state=state)

    with pytest.raises(FieldError):
        providers.move_provider(row, move, actor=dana.actor, now=now, reason=" ")
    providers.move_provider(row, move, actor=dana.actor, now=now, reason="逾期未整改")

    assert row.steps.get().reason == "逾期未整改"
    with pytest.raises(FlowError):
        providers.move_provider(row, move, actor=dana.actor, now=now, reason="再来一次")


def test_a_code_is_in_the_register_once_while_it_stands_there(dana: Player, now: datetime) -> None:
    code = "91310112MA1GBCDE36"
    make_provider(dana.organisation, state=ProviderState.REFUSED, credit_code=code)
    wrong = replace(DETAILS, credit_code="91310112MA1GBCDE37")
    with pytest.raises(FieldError, match="信用代码"):
        providers.enter_provider(dana.organisation, wrong, actor=dana.actor, now=now)
    make_provider(dana.organisation, credit_code=code)

    with pytest.raises(IntegrityError), transaction.atomic():
        make_provider(dana.organisation, credit_code=code)


def paper_details(**given: object) -> papers.PaperDetails:
    values = {"kind": PaperKind.LAWYER, "issued_on": date(2024, 6, 1), "number": "L123", **given}
    return papers.PaperDetails(**values)


def upload(content: bytes = b"%PDF-1.7 x", name: str = "执业证.pdf", size: int | None = None) -> papers.Upload:
    return papers.Upload(BytesIO(content), name, len(content) if size is None else size)


def test_a_paper_counts_once_somebody_else_has_checked_it(dana: Player, deputy: Player, now: datetime) -> None:
    person = make_professional(make_provider(dana.organisation), papers=False)
    details = paper_details(professional=person)
    paper = papers.hand_in_paper(person.provider, details, upload(), actor=dana.actor, now=now)

    assert "没有经核验" in reason_not_to_serve(person, ServiceKind.ADVICE, TODAY)
    with pytest.raises(ActionError, match="其他人核验"):
        papers.check_paper(paper, actor=dana.actor, now=now)
    for _ in range(2):
        papers.check_paper(paper, actor=deputy.actor, now=now)

    assert reason_not_to_serve(person, ServiceKind.ADVICE, TODAY) == ""
    assert TrailEntry.objects.filter(verb="paper.checked").count() == 1
    assert open_upload(paper.file_id).read() == b"%PDF-1.7 x"
    assert "L123" not in str(list(TrailEntry.objects.values("changes")))


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (upload(b"MZ\x90\x00", "执业证.pdf"), "file"),
        (upload(b"<svg onload=x>", "a.svg"), "file"),
        (upload(b"%PDF-1.7", "a.pdf.exe"), "file"),
        (upload(size=6 * 1024 * 1024), "file"),
        (upload(b"", "a.pdf"), "file"),
    ],
)
def test_a_file_is_taken_for_what_it_is_and_not_for_its_name(
    given: papers.Upload, field: str, dana: Player, now: datetime
) -> None:
    with pytest.raises(FieldError) as refused:
        papers.hand_in_paper(make_provider(dana.organisation), paper_details(), given, actor=dana.actor, now=now)

    assert refused.value.field == field
    assert not Paper.everything.filter(kind=PaperKind.LAWYER).exists()


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"issued_on": TODAY + timedelta(days=1)}, "issued_on"), ({"good_until": date(2024, 5, 31)}, "good_until")],
)
def test_days_of_a_paper_that_cannot_be_are_refused(
    changed: dict[str, date], field: str, dana: Player, now: datetime
) -> None:
    with pytest.raises(FieldError) as refused:
        papers.hand_in_paper(make_provider(dana.organisation), paper_details(**changed), actor=dana.actor, now=now)

    assert refused.value.field == field


def test_another_providers_people_cannot_be_given_a_paper(dana: Player, now: datetime) -> None:
    stranger = make_professional(make_provider(dana.organisation))

    with pytest.raises(FieldError, match="其他机构"):
        papers.hand_in_paper(
            make_provider(dana.organisation), paper_details(professional=stranger), actor=dana.actor, now=now
        )


def test_whom_a_manager_names_works_when_the_union_has_admitted_her(cast: Cast, now: datetime) -> None:
    provider = make_provider(cast.district)
    make_manager(provider, cast.manager)
    details = professionals.ProfessionalDetails(name="卢晴", profession=Profession.LAWYER, serves=[ServiceKind.ADVICE])

    person = professionals.name_professional(provider, details, actor=cast.manager.actor, now=now)
    assert not person.is_active
    with pytest.raises(PermissionDenied):
        professionals.admit_professional(person, actor=cast.manager.actor, now=now)
    professionals.admit_professional(person, actor=cast.dana.actor, now=now)
    assert Professional.everything.get(pk=person.pk).admitted_by == cast.dana.user


def test_a_manager_has_no_hand_in_another_provider_and_a_groups_manager_in_its_firms(cast: Cast, now: datetime) -> None:
    group = make_provider(cast.district, ProviderKind.GROUP)
    firm, other = make_provider(cast.district, group=group), make_provider(cast.district)
    make_manager(group, cast.manager)

    papers.hand_in_paper(firm, paper_details(kind=PaperKind.INSURANCE), actor=cast.manager.actor, now=now)
    with pytest.raises(PermissionDenied):
        papers.hand_in_paper(other, paper_details(), actor=cast.manager.actor, now=now)
    assert set(Provider.objects.visible_to(cast.manager.actor)) == {group, firm}
    assert not Provider.objects.visible_to(cast.lawyer.actor).exists()


def test_who_lost_the_role_or_the_link_sees_nothing_any_more(cast: Cast, now: datetime) -> None:
    staff = make_manager(make_provider(cast.district), cast.manager)
    assert Provider.objects.visible_to(cast.manager.actor).exists()

    professionals.unlink_account(staff, actor=cast.dana.actor, now=now)

    assert not Provider.objects.visible_to(cast.manager.actor).exists()


def test_absences_do_not_overlap_and_the_last_day_is_one_of_them(dana: Player, now: datetime) -> None:
    person = make_professional(make_provider(dana.organisation))
    day = TODAY + timedelta(days=4)

    def away(first: date, last: date) -> None:
        professionals.enter_absence(person, first, last, AbsenceReason.COURT, actor=dana.actor, now=now)

    away(day, day)
    assert "请假" in reason_not_to_serve(person, ServiceKind.ADVICE, day)
    assert reason_not_to_serve(person, ServiceKind.ADVICE, day + timedelta(days=1)) == ""
    with pytest.raises(FieldError, match="已登记请假"):
        away(day - timedelta(days=2), day)
    with pytest.raises(FieldError, match="早于"):
        away(day, day - timedelta(days=1))


def test_a_lawyer_enters_her_own_absence_and_nobody_elses(cast: Cast, now: datetime) -> None:
    provider = make_provider(cast.district)
    own, other = make_professional(provider, user=cast.lawyer.user), make_professional(provider)

    professionals.enter_absence(own, TODAY, TODAY, AbsenceReason.LEAVE, actor=cast.lawyer.actor, now=now)
    with pytest.raises(PermissionDenied):
        professionals.enter_absence(other, TODAY, TODAY, AbsenceReason.LEAVE, actor=cast.lawyer.actor, now=now)


def test_a_conflict_holds_until_it_is_ended(dana: Player, now: datetime) -> None:
    provider, employer = make_provider(dana.organisation), make_employer(dana.organisation)
    conflict = professionals.declare_conflict(provider, employer, starts_on=TODAY, actor=dana.actor, now=now)

    with pytest.raises(FieldError, match="已经申报"):
        professionals.declare_conflict(provider, employer, starts_on=TODAY, actor=dana.actor, now=now)
    professionals.end_conflict(conflict, on=TODAY + timedelta(days=9), actor=dana.actor, now=now)

    assert conflicting_providers(employer.pk, TODAY + timedelta(days=8)) == {provider.pk}
    assert conflicting_providers(employer.pk, TODAY + timedelta(days=9)) == set()
    conflict.refresh_from_db()
    with pytest.raises(ActionError):
        professionals.end_conflict(conflict, on=FOREVER, actor=dana.actor, now=now)


def test_an_account_acts_for_one_provider(cast: Cast, now: datetime) -> None:
    one, other = make_provider(cast.district), make_provider(cast.district)
    professionals.link_account(one, "manager", actor=cast.dana.actor, now=now)

    with pytest.raises(FieldError, match="已关联"):
        professionals.link_account(other, "manager", actor=cast.dana.actor, now=now)
    with pytest.raises(FieldError, match="没有这个账号"):
        professionals.link_account(other, "nobody-here", actor=cast.dana.actor, now=now)


def test_the_database_lets_nobody_check_or_admit_her_own(dana: Player, now: datetime) -> None:
    provider = make_provider(dana.organisation)

    with pytest.raises(IntegrityError), transaction.atomic():
        make_paper(provider, PaperKind.OTHER, entered_by=dana.user, checked_by=dana.user)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_professional(provider, entered_by=dana.user, admitted_by=dana.user)

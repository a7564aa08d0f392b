"""What may be done with leads and territories, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied

from shuniu.kernel.errors import ActionError
from shuniu.kernel.models import TrailEntry
from shuniu.kernel.period import FOREVER
from shuniu.kernel.scope import Actor
from shuniu.kernel.vault import blind_index
from shuniu.registry.actions.organising import (
    NewEmployer,
    add_note,
    approve_lead,
    assign_lead,
    assign_territory,
    end_territory,
    enrol_members,
    found_union,
    join_union,
    open_lead,
    settle_enrolment,
    take_step,
)
from shuniu.registry.enrolling import PastedError
from shuniu.registry.enums import (
    EmployerCategory,
    IdType,
    Industry,
    LeadSource,
    LeadState,
    OrganisationType,
    PostKind,
    Standing,
)
from shuniu.registry.founding import Founding
from shuniu.registry.models import (
    Allowance,
    Area,
    Coverage,
    Employer,
    Lead,
    LeadStep,
    Organisation,
    Person,
    Post,
    Territory,
)
from shuniu.registry.rules.pasting import read_pasted
from shuniu.registry.rules.people import ID_PURPOSE, id_key
from shuniu.rulebook.public import Place, find
from tests.registry.making import actor_at, cover, make_area, make_body, make_district, make_employer, make_member

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 10, 9, 0, tzinfo=UTC)
TODAY = date(2026, 6, 10)
WORK = ("lead.view", "lead.edit")
DECIDE = (*WORK, "lead.approve")


@dataclass(frozen=True)
class World:
    federation: Organisation
    town: Organisation
    other_town: Organisation
    area: Area
    organiser: Actor
    cadre: Actor
    stranger: Actor


@pytest.fixture
def world() -> World:
    federation, town = make_district()
    other = make_body(federation, OrganisationType.TOWN, name="西岭镇总工会", area=make_area("西岭镇"))
    organiser = replace(actor_at(town, *WORK), user_id=11, name="何苇")
    cadre = replace(actor_at(town, *DECIDE), user_id=12, name="陈岚")
    stranger = replace(actor_at(other, *DECIDE), user_id=13, name="卓远")
    return World(federation, town, other, make_area(), organiser, cadre, stranger)


def make_post(organisation: Organisation, kind: PostKind = PostKind.ORGANISER, name: str = "何苇") -> Post:
    union = make_body(organisation)
    person = make_member(union, name=name)
    return Post.everything.create(person=person, organisation=organisation, kind=kind, starts_on=date(2025, 1, 1))


@pytest.fixture
def make_lead(world: World) -> Callable[..., Lead]:
    def make(state: LeadState = LeadState.NEW, on: date = date(2026, 5, 1)) -> Lead:
        employer = make_employer(world.town)
        lead = open_lead(actor=world.organiser, now=NOW, employer=employer, source=LeadSource.WALK_IN, on=on)
        path = ["visit", "consent", "prepare"]
        reached = [LeadState.VISITED, LeadState.CONSENTED, LeadState.PREPARING]
        for step, _state in zip(path, reached[: reached.index(state) + 1] if state in reached else [], strict=False):
            take_step(actor=world.organiser, now=NOW, lead=lead, step=step, on=on, note="上门走访")
            lead.refresh_from_db()
        return lead

    return make


def test_open_lead_keeps_who_opened_it_as_its_first_step(world: World) -> None:
    employer = make_employer(world.town, name="远帆物流有限公司")

    lead = open_lead(
        actor=world.organiser,
        now=NOW,
        employer=employer,
        source=LeadSource.INSPECTION,
        on=TODAY,
        expected_members=80,
        next_on=date(2026, 6, 20),
        note="劳动监察移送",
    )

    step = LeadStep.everything.get(lead=lead)
    assert (step.state, step.on, step.by_id, step.by_name) == (LeadState.NEW, TODAY, 11, "何苇")
    assert (lead.territory, lead.expected_members, lead.next_on) == (world.town, 80, date(2026, 6, 20))
    entry = TrailEntry.objects.get(verb="lead.opened")
    assert entry.changes["after"] == {"employer": "远帆物流有限公司", "source": "inspection", "organiser": ""}


def test_open_lead_refuses_an_employer_with_an_open_lead(world: World) -> None:
    employer = make_employer(world.town)
    open_lead(actor=world.organiser, now=NOW, employer=employer, source=LeadSource.CASE, on=TODAY)

    with pytest.raises(ActionError, match="已有未办结的线索"):
        open_lead(actor=world.cadre, now=NOW, employer=employer, source=LeadSource.WALK_IN, on=TODAY)
    assert Lead.everything.count() == 1


def test_open_lead_may_follow_one_that_was_closed(world: World) -> None:
    employer = make_employer(world.town)
    lead = open_lead(actor=world.organiser, now=NOW, employer=employer, source=LeadSource.CASE, on=TODAY)
    take_step(actor=world.organiser, now=NOW, lead=lead, step="close", on=TODAY, note="单位搬离")

    again = open_lead(actor=world.organiser, now=NOW, employer=employer, source=LeadSource.WALK_IN, on=TODAY)

    assert again.state == LeadState.NEW


def test_open_lead_refuses_an_employer_that_a_union_covers(world: World) -> None:
    employer = make_employer(world.town)
    cover(make_body(world.town, name="云川精工有限公司工会"), employer)

    with pytest.raises(ActionError, match="云川精工有限公司工会"):
        open_lead(actor=world.organiser, now=NOW, employer=employer, source=LeadSource.CASE, on=TODAY)


def test_open_lead_refuses_an_employer_that_has_closed(world: World) -> None:
    employer = make_employer(world.town, closed_on=date(2026, 6, 10))

    with pytest.raises(ActionError, match="2026年6月10日"):
        open_lead(actor=world.organiser, now=NOW, employer=employer, source=LeadSource.CASE, on=TODAY)


def test_open_lead_refuses_a_day_to_come(world: World) -> None:
    with pytest.raises(ActionError, match="日期不能晚于今天"):
        open_lead(
            actor=world.organiser,
            now=NOW,
            employer=make_employer(world.town),
            source=LeadSource.CASE,
            on=date(2026, 6, 11),
        )


def test_open_lead_is_denied_to_another_town(world: World) -> None:
    with pytest.raises(PermissionDenied):
        open_lead(actor=world.stranger, now=NOW, employer=make_employer(world.town), source=LeadSource.CASE, on=TODAY)
    assert not Lead.everything.exists()


def new_employer(world: World, **changes: object) -> NewEmployer:
    employer = NewEmployer(
        "远帆物流有限公司", EmployerCategory.PRIVATE, Industry.G, world.area, world.town, 60, "91350100M000100Y43"
    )
    return replace(employer, **changes)  # type: ignore[arg-type]


def test_open_lead_enters_an_employer_nobody_knew(world: World) -> None:
    lead = open_lead(actor=world.organiser, now=NOW, employer=new_employer(world), source=LeadSource.WALK_IN, on=TODAY)

    employer = Employer.everything.get()
    assert lead.employer == employer
    assert (employer.name, employer.initials, employer.headcount) == ("远帆物流有限公司", "yfwlyxgs", 60)
    assert employer.credit_code == "91350100M000100Y43"


@pytest.mark.parametrize(
    "changes",
    [{"name": "远帆物流（云川）有限公司"}, {"credit_code": ""}],
    ids=["same code", "same name"],
)
def test_open_lead_refuses_a_new_employer_the_registry_knows(world: World, changes: dict[str, object]) -> None:
    make_employer(world.town, name="远帆物流有限公司", credit_code="91350100M000100Y43")

    with pytest.raises(ActionError, match="远帆物流有限公司已在用人单位库中"):
        open_lead(
            actor=world.organiser,
            now=NOW,
            employer=new_employer(world, **changes),
            source=LeadSource.WALK_IN,
            on=TODAY,
        )
    assert Employer.everything.count() == 1


def test_open_lead_refuses_a_wrong_credit_code(world: World) -> None:
    with pytest.raises(ActionError, match="统一社会信用代码的校验码不符"):
        open_lead(
            actor=world.organiser,
            now=NOW,
            employer=new_employer(world, credit_code="91350100M000100Y44"),
            source=LeadSource.WALK_IN,
            on=TODAY,
        )
    assert not Employer.everything.exists()


def test_take_step_moves_the_lead_and_keeps_what_was_said(world: World, make_lead: Callable[..., Lead]) -> None:
    lead = make_lead()

    take_step(
        actor=world.organiser,
        now=NOW,
        lead=lead,
        step="visit",
        on=date(2026, 5, 8),
        note="负责人同意先开座谈会",
        next_on=date(2026, 6, 20),
    )

    lead.refresh_from_db()
    step = LeadStep.everything.filter(lead=lead).latest("pk")
    assert (lead.state, lead.next_on) == (LeadState.VISITED, date(2026, 6, 20))
    assert (step.state, step.on, step.note) == (LeadState.VISITED, date(2026, 5, 8), "负责人同意先开座谈会")


def test_take_step_refuses_what_somebody_else_did_first(world: World, make_lead: Callable[..., Lead]) -> None:
    lead = make_lead()
    seen_by_two = Lead.everything.get(pk=lead.pk)
    take_step(actor=world.organiser, now=NOW, lead=lead, step="visit", on=TODAY, note="")

    with pytest.raises(ActionError, match="其他人"):
        take_step(actor=world.organiser, now=NOW, lead=seen_by_two, step="visit", on=TODAY, note="")
    assert LeadStep.everything.filter(lead=lead).count() == 2


def test_take_step_refuses_a_day_before_the_last_step(world: World, make_lead: Callable[..., Lead]) -> None:
    lead = make_lead(LeadState.VISITED, on=date(2026, 5, 20))

    with pytest.raises(ActionError, match="2026年5月20日"):
        take_step(actor=world.organiser, now=NOW, lead=lead, step="consent", on=date(2026, 5, 19), note="")


def test_closing_a_lead_needs_a_reason_and_ends_the_visits(world: World, make_lead: Callable[..., Lead]) -> None:
    lead = make_lead()

    with pytest.raises(ActionError, match="请说明原因"):
        take_step(actor=world.organiser, now=NOW, lead=lead, step="close", on=TODAY, note="  ")
    take_step(actor=world.organiser, now=NOW, lead=lead, step="close", on=TODAY, note="单位注销")

    lead.refresh_from_db()
    assert (lead.state, lead.closed_on, lead.next_on) == (LeadState.CLOSED, TODAY, None)


def test_approval_is_no_step_of_the_organiser(world: World, make_lead: Callable[..., Lead]) -> None:
    lead = make_lead(LeadState.PREPARING)

    with pytest.raises(PermissionDenied):
        approve_lead(actor=world.organiser, now=NOW, lead=lead, on=TODAY, approval_number="云工组〔2026〕18号")
    with pytest.raises(ActionError):
        take_step(actor=world.cadre, now=NOW, lead=lead, step="approve", on=TODAY, note="")


def test_approve_lead_keeps_the_number(world: World, make_lead: Callable[..., Lead]) -> None:
    lead = make_lead(LeadState.PREPARING)

    with pytest.raises(ActionError, match="批复文号"):
        approve_lead(actor=world.cadre, now=NOW, lead=lead, on=TODAY, approval_number=" ")
    approve_lead(actor=world.cadre, now=NOW, lead=lead, on=TODAY, approval_number="云工组〔2026〕18号")

    lead.refresh_from_db()
    assert (lead.state, lead.approval_number) == (LeadState.APPROVED, "云工组〔2026〕18号")


def test_nobody_approves_what_she_worked_on(world: World, make_lead: Callable[..., Lead]) -> None:
    lead = make_lead(LeadState.CONSENTED)
    take_step(actor=world.cadre, now=NOW, lead=lead, step="prepare", on=TODAY, note="")
    lead.refresh_from_db()

    with pytest.raises(ActionError, match="须由其他人"):
        approve_lead(actor=world.cadre, now=NOW, lead=lead, on=TODAY, approval_number="云工组〔2026〕18号")
    lead.refresh_from_db()
    assert lead.state == LeadState.PREPARING


def test_a_note_by_the_approver_makes_her_part_of_the_work(world: World, make_lead: Callable[..., Lead]) -> None:
    lead = make_lead(LeadState.PREPARING)
    add_note(actor=world.cadre, now=NOW, lead=lead, on=TODAY, note="一同走访")

    with pytest.raises(ActionError, match="须由其他人"):
        approve_lead(actor=world.cadre, now=NOW, lead=lead, on=TODAY, approval_number="云工组〔2026〕18号")


def test_sending_back_needs_a_reason_and_returns_to_consent(world: World, make_lead: Callable[..., Lead]) -> None:
    lead = make_lead(LeadState.PREPARING)

    with pytest.raises(ActionError, match="请说明原因"):
        take_step(actor=world.cadre, now=NOW, lead=lead, step="send_back", on=TODAY, note="")
    take_step(actor=world.cadre, now=NOW, lead=lead, step="send_back", on=TODAY, note="筹备组名单不全")

    lead.refresh_from_db()
    assert lead.state == LeadState.CONSENTED


def test_assign_lead_takes_organisers_in_office_only(world: World, make_lead: Callable[..., Lead]) -> None:
    lead = make_lead()
    chair = make_post(world.town, PostKind.CADRE)
    organiser = make_post(world.town)
    gone = make_post(world.town, name="卫洲")
    Post.everything.filter(pk=gone.pk).update(ends_on=TODAY)
    gone.refresh_from_db()

    for post in (chair, gone):
        with pytest.raises(ActionError, match="不是在任的组建指导员"):
            assign_lead(actor=world.cadre, now=NOW, lead=lead, organiser=post)
    assign_lead(actor=world.cadre, now=NOW, lead=lead, organiser=organiser)

    lead.refresh_from_db()
    assert lead.organiser == organiser


def test_a_territory_is_held_once_and_ends_on_a_later_day(world: World) -> None:
    post = make_post(world.town)
    territory = assign_territory(actor=world.cadre, now=NOW, post=post, area=world.area, on=TODAY)

    with pytest.raises(ActionError, match="已经负责"):
        assign_territory(actor=world.cadre, now=NOW, post=post, area=world.area, on=TODAY)
    with pytest.raises(ActionError, match="2026年6月10日"):
        end_territory(actor=world.cadre, now=NOW, territory=territory, on=TODAY)
    assert Territory.everything.get().ends_on == FOREVER
    end_territory(actor=world.cadre, now=NOW, territory=territory, on=date(2026, 6, 11))

    assert Territory.everything.get().ends_on == date(2026, 6, 11)
    with pytest.raises(ActionError, match="已经结束"):
        end_territory(actor=world.cadre, now=NOW, territory=territory, on=date(2026, 6, 12))


def test_territories_are_given_by_those_who_decide_where_the_organiser_is(world: World) -> None:
    post = make_post(world.town)

    for outsider in (world.organiser, world.stranger):
        with pytest.raises(PermissionDenied):
            assign_territory(actor=outsider, now=NOW, post=post, area=world.area, on=TODAY)


@pytest.fixture
def approved(world: World, make_lead: Callable[..., Lead]) -> Lead:
    lead = make_lead(LeadState.PREPARING)
    approve_lead(actor=world.cadre, now=NOW, lead=lead, on=date(2026, 6, 1), approval_number="云工组〔2026〕18号")
    lead.refresh_from_db()
    return lead


def founder(world: World) -> Actor:
    rights = (*DECIDE, "organisation.restructure", "member.edit")
    return replace(actor_at(world.town, *rights), user_id=12, name="陈岚")


def union_of(world: World, **changes: object) -> Founding:
    what = Founding("远帆物流有限公司工会", OrganisationType.PRIMARY, world.town, world.area, date(2026, 6, 5))
    return replace(what, **changes)  # type: ignore[arg-type]


PEOPLE = "林晓禾 110105199003070025 13900000000\n卫舟 11010519491231002X"


def test_found_union_makes_the_union_with_its_approval_employer_and_members(world: World, approved: Lead) -> None:
    union = found_union(actor=founder(world), now=NOW, lead=approved, what=union_of(world), members=read_pasted(PEOPLE))

    approved.refresh_from_db()
    assert (approved.state, approved.founded, approved.closed_on) == (LeadState.FOUNDED, union, date(2026, 6, 5))
    assert (union.approval_number, union.parent, union.founded_on) == (
        "云工组〔2026〕18号",
        world.town,
        date(2026, 6, 5),
    )
    assert list(Coverage.everything.values_list("organisation", "employer", "starts_on")) == [
        (union.pk, approved.employer_id, date(2026, 6, 5))
    ]
    people = Person.everything.filter(home=union).order_by("name")
    assert [(one.name, one.standing, one.joined_on) for one in people] == [
        ("卫舟", Standing.ACTIVE, date(2026, 6, 5)),
        ("林晓禾", Standing.ACTIVE, date(2026, 6, 5)),
    ]
    verbs = set(TrailEntry.objects.filter(number__gt=0).values_list("verb", flat=True))
    assert {"organisation.founded", "member.enrolled", "lead.founded"} <= verbs
    assert "110105199003070025" not in str(list(TrailEntry.objects.values_list("changes", flat=True)))


def test_found_union_is_no_step_of_somebody_who_may_not_restructure(world: World, approved: Lead) -> None:
    with pytest.raises(PermissionDenied):
        found_union(actor=world.cadre, now=NOW, lead=approved, what=union_of(world))
    assert not Coverage.everything.exists()


def test_found_union_takes_all_members_or_nothing(world: World, approved: Lead) -> None:
    member = make_member(make_body(world.town), name="卓远")
    Person.everything.filter(pk=member.pk).update(
        id_index=blind_index(id_key(IdType.RESIDENT, "11010519491231002X"), ID_PURPOSE)
    )

    with pytest.raises(PastedError) as refused:
        found_union(actor=founder(world), now=NOW, lead=approved, what=union_of(world), members=read_pasted(PEOPLE))

    assert refused.value.lines == ("第2行：卫舟已是其他工会会员，请办理会籍转接。",)
    approved.refresh_from_db()
    assert (approved.state, Person.everything.count()) == (LeadState.APPROVED, 1)


def test_pasted_lines_are_refused_each_with_its_number(world: World, approved: Lead) -> None:
    text = "林晓禾 110105199003070025\n卫舟 110105194912310021\n林晓禾 110105199003070025\n何苇"

    with pytest.raises(PastedError) as refused:
        found_union(actor=founder(world), now=NOW, lead=approved, what=union_of(world), members=read_pasted(text))

    assert [line.split("：")[0] for line in refused.value.lines] == ["第2行", "第3行", "第4行"]
    assert refused.value.lines[1] == "第3行：同一人已在第1行。"


def test_found_union_refuses_a_joint_union_of_one_employer(world: World, approved: Lead) -> None:
    with pytest.raises(ActionError):
        found_union(actor=founder(world), now=NOW, lead=approved, what=union_of(world, type=OrganisationType.JOINT))
    approved.refresh_from_db()
    assert approved.state == LeadState.APPROVED


def test_a_joint_union_closes_the_open_leads_of_the_others_it_covers(
    world: World, approved: Lead, make_lead: Callable[..., Lead]
) -> None:
    other = make_lead()

    union = found_union(
        actor=founder(world),
        now=NOW,
        lead=approved,
        what=union_of(world, type=OrganisationType.JOINT, name="东湖街道物流业联合工会"),
        others=[other.employer],
    )

    other.refresh_from_db()
    assert (other.state, other.closed_on) == (LeadState.CLOSED, date(2026, 6, 5))
    assert LeadStep.everything.filter(lead=other).latest("pk").note == "东湖街道物流业联合工会已覆盖该单位。"
    assert Coverage.everything.filter(organisation=union).count() == 2


def test_found_union_happens_once(world: World, approved: Lead) -> None:
    seen_by_two = Lead.everything.get(pk=approved.pk)
    found_union(actor=founder(world), now=NOW, lead=approved, what=union_of(world))

    with pytest.raises(ActionError):
        found_union(
            actor=founder(world), now=NOW, lead=seen_by_two, what=union_of(world, name="远帆物流有限公司第二工会")
        )
    assert Organisation.everything.filter(name__contains="第二").count() == 0


def test_founding_earns_the_organiser_what_the_rule_says_and_enrolment_once(
    world: World, make_lead: Callable[..., Lead]
) -> None:
    organiser = make_post(world.town)
    lead = make_lead(LeadState.PREPARING)
    assign_lead(actor=world.cadre, now=NOW, lead=lead, organiser=organiser)
    approve_lead(actor=world.cadre, now=NOW, lead=lead, on=TODAY, approval_number="云工组〔2026〕19号")
    lead.refresh_from_db()
    with pytest.raises(ActionError, match="尚未建立工会"):
        settle_enrolment(actor=world.cadre, now=NOW, lead=lead, on=TODAY)
    found_union(
        actor=founder(world),
        now=NOW,
        lead=lead,
        what=union_of(world, on=TODAY),
        members=read_pasted(PEOPLE),
    )

    settle_enrolment(actor=world.cadre, now=NOW, lead=lead, on=TODAY)

    rules = Place.of("national")
    per_union = find("organiser.allowance.founded", on=TODAY, at=rules).rule.number
    per_member = find("organiser.allowance.enrolled", on=TODAY, at=rules).rule.number
    assert list(Allowance.everything.order_by("pk").values_list("result", "quantity", "amount", "rule_id", "post")) == [
        ("founded", 1, per_union, "organiser.allowance.founded", organiser.pk),
        ("enrolled", 2, 2 * per_member, "organiser.allowance.enrolled", organiser.pk),
    ]
    with pytest.raises(ActionError, match="已经结算"):
        settle_enrolment(actor=world.cadre, now=NOW, lead=lead, on=TODAY)


def test_nobody_settles_her_own_allowance(world: World, make_lead: Callable[..., Lead]) -> None:
    organiser = make_post(world.town)
    lead = make_lead(LeadState.PREPARING)
    assign_lead(actor=world.cadre, now=NOW, lead=lead, organiser=organiser)
    own = replace(world.cadre, user_id=99, person_id=organiser.person_id)
    with pytest.raises(ActionError, match="须由其他人"):
        approve_lead(actor=own, now=NOW, lead=lead, on=TODAY, approval_number="云工组〔2026〕19号")
    approve_lead(actor=world.cadre, now=NOW, lead=lead, on=TODAY, approval_number="云工组〔2026〕19号")
    lead.refresh_from_db()
    found_union(actor=founder(world), now=NOW, lead=lead, what=union_of(world, on=TODAY), members=read_pasted(PEOPLE))

    with pytest.raises(ActionError, match="本人的补贴"):
        settle_enrolment(actor=own, now=NOW, lead=lead, on=TODAY)


def test_joining_a_joint_union_covers_the_employer_and_earns_nothing(
    world: World, make_lead: Callable[..., Lead]
) -> None:
    lead = make_lead(LeadState.CONSENTED)
    joint = make_body(world.town, OrganisationType.JOINT)
    primary = make_body(world.town)

    with pytest.raises(ActionError, match="不是"):
        join_union(actor=founder(world), now=NOW, lead=lead, union=primary, on=TODAY)
    join_union(actor=founder(world), now=NOW, lead=lead, union=joint, on=TODAY)

    lead.refresh_from_db()
    assert (lead.state, lead.founded) == (LeadState.FOUNDED, joint)
    assert Coverage.everything.get().employer == lead.employer
    assert not Allowance.everything.exists()
    with pytest.raises(ActionError, match="尚未建立工会"):
        settle_enrolment(actor=world.cadre, now=NOW, lead=lead, on=TODAY)


def test_members_may_be_enrolled_after_the_founding(world: World, approved: Lead) -> None:
    union = found_union(actor=founder(world), now=NOW, lead=approved, what=union_of(world))
    approved.refresh_from_db()

    with pytest.raises(PermissionDenied):
        enrol_members(actor=world.organiser, now=NOW, lead=approved, members=read_pasted(PEOPLE), on=TODAY)
    with pytest.raises(ActionError, match="2026年6月4日"):
        enrol_members(actor=founder(world), now=NOW, lead=approved, members=read_pasted(PEOPLE), on=date(2026, 6, 4))
    assert enrol_members(actor=founder(world), now=NOW, lead=approved, members=read_pasted(PEOPLE), on=TODAY) == 2
    assert Person.everything.filter(home=union).count() == 2

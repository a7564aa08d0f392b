from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied

from shuniu.kernel.errors import ActionError
from shuniu.kernel.models import TrailEntry
from shuniu.kernel.period import FOREVER
from shuniu.registry.actions.restructuring import (
    Moved,
    dissolve_organisation,
    merge_organisations,
    split_organisation,
)
from shuniu.registry.enums import LeadSource, MembershipAct, PostKind, Standing, TransferState
from shuniu.registry.enums import OrganisationType as Kind
from shuniu.registry.founding import Founding
from shuniu.registry.ledger import Entry, enter
from shuniu.registry.models import (
    Coverage,
    Employer,
    Guidance,
    Lead,
    Membership,
    Organisation,
    Person,
    Post,
    Succession,
    Term,
    Transfer,
)
from shuniu.registry.queries.counts import members_on
from tests.registry.making import (
    FOUNDED,
    actor_at,
    cover,
    make_area,
    make_body,
    make_district,
    make_employer,
    make_member,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
APRIL, MAY, JUNE = date(2026, 4, 1), date(2026, 5, 1), date(2026, 6, 1)
APPROVED = "云工组〔2026〕9号"


def reserve(person: Person, on: date = APRIL) -> Person:
    enter([Entry(person.pk, person.home_id, MembershipAct.RESERVED, on)])
    return person


def apply(union: Organisation, name: str = "申请人", on: date = APRIL) -> Person:
    person = Person.everything.create(name=name, sex="f", home=union)
    enter([Entry(person.pk, union.pk, MembershipAct.APPLIED, on)])
    return person


def standing(person: Person) -> tuple[int | None, int]:
    person.refresh_from_db()
    return person.home_id, person.standing


def now(body: Organisation) -> Organisation:
    return Organisation.everything.get(pk=body.pk)


class TestMerge:
    def merge(self, federation: Organisation, merged: Organisation, successor: Organisation, on: date = MAY) -> Moved:
        return merge_organisations(
            actor=actor_at(federation), now=NOW, merged=merged, successor=successor, on=on, approval_number=APPROVED
        )

    def test_everybody_goes_over_and_keeps_the_standing(self) -> None:
        federation, town = make_district()
        one, two = make_body(town), make_body(town)
        member, reserved, applicant = make_member(one), reserve(make_member(one)), apply(one)
        before = member.joined_on

        moved = self.merge(federation, one, two)

        assert moved.people == 3
        assert standing(member) == (two.pk, Standing.ACTIVE)
        assert member.joined_on == before
        assert standing(reserved) == (two.pk, Standing.RESERVED)
        assert standing(applicant) == (two.pk, Standing.APPLIED)

    def test_counts_of_the_past_stay_and_those_of_the_day_follow(self) -> None:
        federation, town = make_district()
        one, two = make_body(town), make_body(town)
        make_member(one), make_member(two)

        self.merge(federation, one, two)

        assert members_on(APRIL, one.path or "").members == 1
        assert members_on(MAY, one.path or "").members == 0
        assert members_on(MAY, two.path or "").members == 2
        assert members_on(MAY).members == members_on(APRIL).members == 2

    def test_the_merged_body_ends_with_its_posts_term_coverage_and_guidance(self) -> None:
        federation, town = make_district()
        industry = make_body(federation, Kind.INDUSTRY)
        one, two = make_body(town), make_body(town)
        chair = Post.everything.create(
            person=make_member(one), organisation=one, kind=PostKind.CHAIR, starts_on=FOUNDED
        )
        term = Term.everything.create(organisation=one, number=1, starts_on=FOUNDED, years=5, due_on=date(2030, 1, 5))
        guidance = Guidance.everything.create(organisation=one, parent=industry, starts_on=FOUNDED)
        employer, closed = make_employer(town), make_employer(town, closed_on=APRIL)
        cover(one, employer), cover(one, closed)

        moved = self.merge(federation, one, two)

        for row in (chair, guidance):
            row.refresh_from_db()
            assert row.ends_on == MAY
        term.refresh_from_db()
        assert (term.ended_on, now(one).dissolved_on, moved.employers) == (MAY, MAY, 1)
        assert set(
            Coverage.everything.filter(employer=employer).values_list("organisation", "starts_on", "ends_on")
        ) == {
            (one.pk, FOUNDED, MAY),
            (two.pk, MAY, FOREVER),
        }
        assert Coverage.everything.get(employer=closed).ends_on == MAY
        assert Succession.everything.get(predecessor=one).successor == two
        entry = TrailEntry.objects.latest("number")
        assert (entry.verb, entry.changes["people"], entry.changes["approval_number"]) == (
            "organisation.merged", 1, APPROVED,
        )  # fmt: skip

    def test_bodies_below_and_the_ground_of_a_town_go_to_the_successor(self) -> None:
        federation, town = make_district()
        other = make_body(federation, Kind.TOWN)
        union = make_body(other)
        employer = make_employer(other)
        lead = Lead.everything.create(employer=employer, territory=other, source=LeadSource.WALK_IN, opened_on=APRIL)

        moved = self.merge(federation, other, town)

        assert (moved.bodies, now(union).parent_id) == (1, town.pk)
        assert Employer.everything.get(pk=employer.pk).territory == town
        lead.refresh_from_db()
        assert lead.territory == town

    def test_those_it_guided_are_guided_by_the_successor(self) -> None:
        federation, town = make_district()
        one, two = make_body(federation, Kind.INDUSTRY), make_body(federation, Kind.INDUSTRY)
        union = make_body(town)
        Guidance.everything.create(organisation=union, parent=one, starts_on=FOUNDED)

        self.merge(federation, one, two)

        assert Guidance.everything.get(organisation=union, ends_on=FOREVER).parent == two

    def test_open_transfers_go_on_with_the_successor(self) -> None:
        federation, town = make_district()
        one, two, third = make_body(town), make_body(town), make_body(town)
        pairs = {"out": (one, third), "in": (third, one), "over": (one, two), "back": (two, one)}
        transfers = {
            key: Transfer.everything.create(
                person=make_member(origin), origin=origin, destination=destination, out_on=APRIL
            )
            for key, (origin, destination) in pairs.items()
        }

        self.merge(federation, one, two)

        found = {}
        for key, row in transfers.items():
            row.refresh_from_db()
            found[key] = (row.origin_id, row.destination_id, row.state)
        assert found == {
            "out": (two.pk, third.pk, TransferState.OPEN),
            "in": (third.pk, two.pk, TransferState.OPEN),
            "over": (one.pk, two.pk, TransferState.RECEIVED),
            "back": (two.pk, one.pk, TransferState.WITHDRAWN),
        }

    def test_refuses_itself_a_body_below_and_kinds_that_do_not_merge(self) -> None:
        federation, town = make_district()
        union = make_body(town)
        association = make_body(town, Kind.ASSOCIATION)
        inner = make_body(association, Kind.ASSOCIATION)

        for merged, successor, sentence in (
            (union, union, "并入自身"),
            (association, inner, "并入自身"),
            (union, town, "不能合并"),
            (make_body(union, Kind.BRANCH), union, "不能合并"),
        ):
            with pytest.raises(ActionError, match=sentence):
                self.merge(federation, merged, successor)

    def test_refuses_a_day_before_something_entered_later_and_keeps_nothing(self) -> None:
        federation, town = make_district()
        one, two = make_body(town), make_body(town)
        make_member(one, on=JUNE, name="林晚到")

        with pytest.raises(ActionError, match="林晚到"):
            self.merge(federation, one, two)

        assert now(one).dissolved_on == FOREVER

    def test_refuses_a_successor_of_the_same_day_and_posts_that_begin_later(self) -> None:
        federation, town = make_district()
        one, young = make_body(town), make_body(town, on=MAY)
        with pytest.raises(ActionError, match="当日或之后"):
            self.merge(federation, one, young)

        Post.everything.create(person=make_member(one), organisation=one, kind=PostKind.CHAIR, starts_on=JUNE)
        with pytest.raises(ActionError, match="职务"):
            self.merge(federation, one, make_body(town))

    def test_needs_the_approval_and_the_right_at_both(self) -> None:
        federation, town = make_district()
        other = make_body(federation, Kind.TOWN)
        one, two = make_body(town), make_body(other)

        with pytest.raises(PermissionDenied):
            merge_organisations(
                actor=actor_at(town), now=NOW, merged=one, successor=two, on=MAY, approval_number=APPROVED
            )
        with pytest.raises(ActionError, match="批准文号"):
            merge_organisations(actor=actor_at(federation), now=NOW, merged=one, successor=two, on=MAY)


class TestSplit:
    def split(self, federation: Organisation, source: Organisation, **chosen: object) -> tuple[Organisation, Moved]:
        what = Founding("新设工会", Kind.PRIMARY, source.parent, make_area(), MAY, approval_number=APPROVED)
        return split_organisation(actor=actor_at(federation), now=NOW, source=source, what=what, **chosen)

    def test_those_chosen_go_over_and_the_others_stay(self) -> None:
        federation, town = make_district()
        union = make_body(town)
        going, staying = make_member(union), make_member(union)
        branch, employer = make_body(union, Kind.BRANCH), make_employer(town)
        cover(union, employer)

        body, moved = self.split(federation, union, people=[going.pk], employers=[employer.pk], parts=[branch])

        assert moved == Moved(1, 1, 1)
        assert standing(going) == (body.pk, Standing.ACTIVE)
        assert standing(staying) == (union.pk, Standing.ACTIVE)
        assert now(branch).parent_id == body.pk
        assert Coverage.everything.get(employer=employer, ends_on=FOREVER).organisation == body
        assert Succession.everything.get(predecessor=union).kind == "split"
        assert now(union).dissolved_on == FOREVER

    def test_an_open_transfer_of_somebody_chosen_is_issued_by_the_new_body(self) -> None:
        federation, town = make_district()
        union, third = make_body(town), make_body(town)
        going = make_member(union)
        transfer = Transfer.everything.create(person=going, origin=union, destination=third, out_on=APRIL)

        body, _moved = self.split(federation, union, people=[going.pk])

        transfer.refresh_from_db()
        assert transfer.origin == body

    def test_refuses_an_empty_choice_and_people_of_another_union(self) -> None:
        federation, town = make_district()
        union = make_body(town)
        stranger = make_member(make_body(town))

        with pytest.raises(ActionError, match="请选择"):
            self.split(federation, union)
        with pytest.raises(ActionError, match="重新选择"):
            self.split(federation, union, people=[stranger.pk])
        with pytest.raises(ActionError, match="重新选择"):
            self.split(federation, union, employers=[make_employer(town).pk])
        with pytest.raises(ActionError, match="不在"):
            self.split(federation, union, parts=[make_body(town)])

        assert not Organisation.everything.filter(name="新设工会").exists()


class TestDissolve:
    def dissolve(self, federation: Organisation, body: Organisation, on: date = MAY, reason: str = "企业注销") -> Moved:
        return dissolve_organisation(
            actor=actor_at(federation), now=NOW, organisation=body, on=on, approval_number=APPROVED, reason=reason
        )

    def test_members_are_kept_with_the_superior_as_reserved(self) -> None:
        federation, town = make_district()
        union = make_body(town)
        branch = make_body(union, Kind.BRANCH)
        member, inner = make_member(union), make_member(branch)
        reserved, applicant = reserve(make_member(union)), apply(union)

        moved = self.dissolve(federation, union)

        assert (moved.people, moved.bodies) == (4, 2)
        for person in (member, inner, reserved):
            assert standing(person) == (town.pk, Standing.RESERVED)
        assert standing(applicant) == (union.pk, Standing.REFUSED)
        assert (now(union).dissolved_on, now(branch).dissolved_on) == (MAY, MAY)
        assert members_on(APRIL).members == 2
        assert members_on(MAY).members == 0

    def test_members_of_a_dissolved_part_stay_members_of_their_union(self) -> None:
        federation, town = make_district()
        union = make_body(town)
        branch = make_body(union, Kind.BRANCH)
        member = make_member(branch)

        dissolve_organisation(actor=actor_at(federation), now=NOW, organisation=branch, on=MAY, reason="车间撤并")

        assert standing(member) == (union.pk, Standing.ACTIVE)
        assert Membership.everything.get(person=member, ends_on=FOREVER).starts_on == MAY

    def test_transfers_to_it_are_refused_and_those_from_it_go_on(self) -> None:
        federation, town = make_district()
        union, third = make_body(town), make_body(town)
        out = Transfer.everything.create(person=make_member(union), origin=union, destination=third, out_on=APRIL)
        into = Transfer.everything.create(person=make_member(third), origin=third, destination=union, out_on=APRIL)

        self.dissolve(federation, union)

        out.refresh_from_db(), into.refresh_from_db()
        assert (out.origin_id, out.state) == (town.pk, TransferState.OPEN)
        assert (into.state, into.answer) == (TransferState.REFUSED, f"{union.name}已撤销")

    def test_refuses_while_other_bodies_stand_below(self) -> None:
        federation, town = make_district()
        make_body(town)

        with pytest.raises(ActionError, match="下面还有"):
            self.dissolve(federation, town)

    def test_refuses_the_top_a_second_time_no_reason_and_a_day_before_founding(self) -> None:
        federation, town = make_district()
        union = make_body(town)

        with pytest.raises(ActionError, match="顶层"):
            self.dissolve(federation, federation)
        with pytest.raises(ActionError, match="说明原因"):
            self.dissolve(federation, union, reason="")
        with pytest.raises(ActionError, match="之后成立"):
            self.dissolve(federation, union, on=date(2014, 1, 1))
        self.dissolve(federation, union)
        with pytest.raises(ActionError, match="已于2026年5月1日撤销"):
            self.dissolve(federation, now(union))

    def test_a_union_that_moved_and_ended_on_one_day_has_no_empty_place(self) -> None:
        federation, town = make_district()
        union = make_body(town, on=MAY)

        self.dissolve(federation, union)

        assert not union.placements.exists()
        assert now(union).dissolved_on == MAY

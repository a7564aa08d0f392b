from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied

from shuniu.kernel.errors import ActionError
from shuniu.kernel.models import TrailEntry
from shuniu.kernel.period import FOREVER
from shuniu.registry.actions.organisations import (
    Details,
    edit_organisation,
    found_organisation,
    move_organisation,
    set_guidance,
)
from shuniu.registry.enums import OrganisationType as Kind
from shuniu.registry.founding import Founding
from shuniu.registry.models import Coverage, Guidance, Organisation, Placement
from tests.registry.making import FOUNDED, actor_at, make_area, make_body, make_district, make_employer

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
MAY = date(2026, 5, 1)
CODE = "81310112MC0000001Q"


def charter(parent: Organisation, **changes: object) -> Founding:
    plain = Founding("星海电子工会", Kind.PRIMARY, parent, make_area(), MAY, approval_number="云工组〔2026〕8号")
    return replace(plain, **changes)


def details(body: Organisation, **changes: object) -> Details:
    return replace(Details(name=body.name, type=Kind(body.type), area=body.area), **changes)


def last_entry() -> TrailEntry:
    return TrailEntry.objects.latest("number")


def test_found_organisation_places_it_covers_its_employer_and_tells_the_trail() -> None:
    federation, town = make_district()
    employer = make_employer(town, "星海电子有限公司")

    body = found_organisation(actor=actor_at(federation), now=NOW, what=charter(town), employers=[employer])

    assert body.initials == "xhdzgh"
    assert Placement.everything.get(organisation=body).starts_on == MAY
    assert Coverage.everything.get(organisation=body).employer == employer
    entry = last_entry()
    assert (entry.verb, entry.target_id) == ("organisation.founded", body.pk)
    assert entry.changes["after"]["employers"] == ["星海电子有限公司"]


def test_found_organisation_needs_the_right_at_the_superior() -> None:
    federation, town = make_district()
    other = make_body(federation, Kind.TOWN)

    with pytest.raises(PermissionDenied):
        found_organisation(actor=actor_at(other), now=NOW, what=charter(town))


def test_found_organisation_needs_an_approval_number_except_for_parts_of_a_union() -> None:
    federation, town = make_district()
    actor = actor_at(federation)

    with pytest.raises(ActionError, match="批准文号"):
        found_organisation(actor=actor, now=NOW, what=charter(town, approval_number=" "))
    union = found_organisation(actor=actor, now=NOW, what=charter(town))
    branch = found_organisation(
        actor=actor, now=NOW, what=charter(union, name="一车间分会", type=Kind.BRANCH, approval_number="")
    )

    assert branch.parent_id == union.pk


def test_found_organisation_refuses_a_day_to_come() -> None:
    federation, town = make_district()

    with pytest.raises(ActionError, match="日期"):
        found_organisation(actor=actor_at(federation), now=NOW, what=charter(town, on=date(2026, 11, 21)))


def test_joint_union_needs_two_employers_and_others_have_at_most_one() -> None:
    federation, town = make_district()
    actor, one, two = actor_at(federation), make_employer(town), make_employer(town)

    with pytest.raises(ActionError, match="不足2家"):
        found_organisation(actor=actor, now=NOW, what=charter(town, type=Kind.JOINT), employers=[one])
    with pytest.raises(ActionError, match="只有联合基层工会"):
        found_organisation(actor=actor, now=NOW, what=charter(town), employers=[one, two])
    joint = found_organisation(actor=actor, now=NOW, what=charter(town, type=Kind.JOINT), employers=[one, two])

    assert Coverage.everything.filter(organisation=joint).count() == 2


def test_found_organisation_refuses_a_wrong_credit_code_and_keeps_nothing() -> None:
    federation, town = make_district()
    before = Organisation.everything.count()

    with pytest.raises(ActionError, match="校验"):
        found_organisation(actor=actor_at(federation), now=NOW, what=charter(town, credit_code=CODE[:-1] + "R"))

    assert Organisation.everything.count() == before


def test_edit_organisation_tells_before_and_after_and_masks_what_is_sealed() -> None:
    federation, town = make_district()
    union = make_body(town, name="旧名工会")
    changed = details(union, name="新名工会", contact_phone="13800001234", credit_code=CODE)

    edit_organisation(actor=actor_at(federation), now=NOW, organisation=union, details=changed)

    union.refresh_from_db()
    assert (union.name, union.initials, union.contact_phone) == ("新名工会", "xmgh", "13800001234")
    changes = last_entry().changes
    assert changes["before"] == {"name": "旧名工会", "contact_phone": "", "credit_code": None}
    assert changes["after"] == {"name": "新名工会", "contact_phone": "138****1234", "credit_code": CODE}


def test_edit_organisation_keeps_sealed_values_that_were_not_entered_and_can_take_a_code_away() -> None:
    federation, town = make_district()
    union = make_body(town)
    actor = actor_at(federation)
    edit_organisation(
        actor=actor, now=NOW, organisation=union, details=details(union, bank_account="62220001", credit_code=CODE)
    )
    union.refresh_from_db()

    edit_organisation(actor=actor, now=NOW, organisation=union, details=details(union, credit_code=""))

    union.refresh_from_db()
    assert (union.bank_account, union.credit_code) == ("62220001", None)


def test_edit_organisation_without_a_change_leaves_no_trace() -> None:
    federation, town = make_district()
    union = make_body(town)
    entries = TrailEntry.objects.count()

    edit_organisation(actor=actor_at(federation), now=NOW, organisation=union, details=details(union))

    assert TrailEntry.objects.count() == entries


def test_edit_organisation_refuses_a_code_that_another_body_has() -> None:
    federation, town = make_district()
    one, two = make_body(town, name="甲工会"), make_body(town)
    actor = actor_at(federation)
    edit_organisation(actor=actor, now=NOW, organisation=one, details=details(one, credit_code=CODE))

    with pytest.raises(ActionError, match="甲工会"):
        edit_organisation(actor=actor, now=NOW, organisation=two, details=details(two, credit_code=CODE))


def test_edit_organisation_refuses_a_type_that_does_not_fit_its_place() -> None:
    federation, town = make_district()
    union = make_body(town)
    make_body(union, Kind.BRANCH)
    actor = actor_at(federation)

    with pytest.raises(ActionError, match="不能改为"):
        edit_organisation(actor=actor, now=NOW, organisation=union, details=details(union, type=Kind.BRANCH))
    with pytest.raises(ActionError, match="不能改为"):
        edit_organisation(actor=actor, now=NOW, organisation=union, details=details(union, type=Kind.ORGANISER_POINT))
    edit_organisation(actor=actor, now=NOW, organisation=union, details=details(union, type=Kind.JOINT))

    union.refresh_from_db()
    assert union.type == Kind.JOINT


def test_edit_organisation_refuses_strangers_and_dissolved_bodies() -> None:
    federation, town = make_district()
    union = make_body(town)
    other = make_body(federation, Kind.TOWN)

    with pytest.raises(PermissionDenied):
        edit_organisation(actor=actor_at(other), now=NOW, organisation=union, details=details(union, name="改名"))

    Organisation.everything.filter(pk=union.pk).update(dissolved_on=MAY)
    with pytest.raises(ActionError, match="已于2026年5月1日撤销"):
        edit_organisation(actor=actor_at(federation), now=NOW, organisation=union, details=details(union, name="改名"))


def test_move_organisation_tells_the_trail_where_from_and_where_to() -> None:
    federation, town = make_district()
    other = make_body(federation, Kind.TOWN, name="西山镇总工会")
    union = make_body(town)
    make_body(union, Kind.BRANCH)

    moved = move_organisation(actor=actor_at(federation), now=NOW, organisation=union, parent=other, on=MAY)

    assert moved == 2
    changes = last_entry().changes
    assert (changes["before"]["parent"], changes["after"]["parent"]) == ("东湖街道总工会", "西山镇总工会")
    assert (changes["on"], changes["bodies"]) == ("2026-05-01", 2)


def test_move_organisation_needs_the_right_at_both_ends() -> None:
    federation, town = make_district()
    other = make_body(federation, Kind.TOWN)
    union = make_body(town)

    for one in (town, other):
        with pytest.raises(PermissionDenied):
            move_organisation(actor=actor_at(one), now=NOW, organisation=union, parent=other, on=MAY)


def test_move_organisation_refuses_the_superior_it_has() -> None:
    federation, town = make_district()
    union = make_body(town)

    with pytest.raises(ActionError, match="本来就在"):
        move_organisation(actor=actor_at(federation), now=NOW, organisation=union, parent=town, on=MAY)


def test_set_guidance_ends_the_former_one_on_the_day_of_the_new() -> None:
    federation, town = make_district()
    one, two = make_body(federation, Kind.INDUSTRY), make_body(federation, Kind.INDUSTRY)
    union, actor = make_body(town), actor_at(federation)

    set_guidance(actor=actor, now=NOW, organisation=union, parent=one, on=FOUNDED)
    set_guidance(actor=actor, now=NOW, organisation=union, parent=two, on=MAY)
    set_guidance(actor=actor, now=NOW, organisation=union, parent=None, on=date(2026, 6, 1))

    rows = Guidance.everything.filter(organisation=union).order_by("starts_on")
    assert [(row.parent_id, row.starts_on, row.ends_on) for row in rows] == [
        (one.pk, FOUNDED, MAY),
        (two.pk, MAY, date(2026, 6, 1)),
    ]


def test_set_guidance_refuses_bodies_that_are_no_industry_unions_and_earlier_days() -> None:
    federation, town = make_district()
    industry, union, actor = make_body(federation, Kind.INDUSTRY), make_body(town), actor_at(federation)

    with pytest.raises(ActionError, match="产业工会"):
        set_guidance(actor=actor, now=NOW, organisation=union, parent=town, on=MAY)
    set_guidance(actor=actor, now=NOW, organisation=union, parent=industry, on=MAY)
    with pytest.raises(ActionError, match="晚于"):
        set_guidance(actor=actor, now=NOW, organisation=union, parent=None, on=FOUNDED)

    assert Guidance.everything.get(organisation=union).ends_on == FOREVER

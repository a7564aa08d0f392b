from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied

from shuniu.kernel.errors import ActionError
from shuniu.kernel.models import TrailEntry
from shuniu.kernel.period import FOREVER
from shuniu.registry.actions.employers import (
    EmployerDetails,
    close_employer,
    cover_employers,
    edit_employer,
    end_coverage,
    register_employer,
)
from shuniu.registry.enums import EmployerCategory, Industry
from shuniu.registry.enums import OrganisationType as Kind
from shuniu.registry.models import Coverage, Employer, Organisation
from tests.registry.making import FOUNDED, actor_at, cover, make_area, make_body, make_district, make_employer

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)
CODE = "91350100M000100Y43"


def details(territory: Organisation, **changes: object) -> EmployerDetails:
    plain = EmployerDetails(
        name="澄江机械有限公司",
        category=EmployerCategory.PRIVATE,
        industry=Industry.C,
        area=make_area(),
        territory=territory,
        headcount=120,
        women=40,
    )
    return replace(plain, **changes)


def test_register_employer_reads_the_code_however_it_was_typed() -> None:
    _federation, town = make_district()

    employer = register_employer(
        actor=actor_at(town),
        now=NOW,
        details=details(town, credit_code=" 91350100m000100y43 ", name="澄江(东湖)公司"),
    )

    assert (employer.credit_code, employer.name, employer.initials) == (CODE, "澄江（东湖）公司", "cjdhgs")
    assert TrailEntry.objects.latest("number").verb == "employer.registered"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"credit_code": CODE[:-1] + "4"}, "校验"),
        ({"credit_code": "123"}, "18位"),
        ({"women": 121}, "女职工人数多于职工总数120人"),
        ({"dispatched": 121}, "劳务派遣工人数多于"),
        ({"counted_on": date(2026, 11, 21)}, "日期"),
    ],
)
def test_register_employer_refuses_wrong_figures_with_a_sentence(changes: dict[str, object], sentence: str) -> None:
    _federation, town = make_district()

    with pytest.raises(ActionError, match=sentence):
        register_employer(actor=actor_at(town), now=NOW, details=details(town, **changes))

    assert not Employer.everything.exists()


def test_register_employer_refuses_one_that_is_known_by_name_or_code() -> None:
    _federation, town = make_district()
    actor = actor_at(town)
    register_employer(actor=actor, now=NOW, details=details(town, credit_code=CODE))

    for again in (details(town), details(town, name="另一名称", credit_code=CODE)):
        with pytest.raises(ActionError, match="澄江机械有限公司"):
            register_employer(actor=actor, now=NOW, details=again)


def test_edit_employer_needs_the_right_where_it_is_put_and_tells_what_changed() -> None:
    federation, town = make_district()
    other = make_body(federation, Kind.TOWN, name="西山镇总工会")
    employer = register_employer(actor=actor_at(town), now=NOW, details=details(town))

    with pytest.raises(PermissionDenied):
        edit_employer(actor=actor_at(town), now=NOW, employer=employer, details=details(other))
    edit_employer(actor=actor_at(federation), now=NOW, employer=employer, details=details(other, headcount=130))

    changes = TrailEntry.objects.latest("number").changes
    assert changes["before"] == {"territory": "东湖街道总工会", "headcount": 120}
    assert changes["after"] == {"territory": "西山镇总工会", "headcount": 130}


def test_close_employer_ends_its_coverage_and_names_unions_left_without_any() -> None:
    _federation, town = make_district()
    union, joint = make_body(town), make_body(town, Kind.JOINT)
    employer, other = make_employer(town), make_employer(town)
    cover(union, employer), cover(joint, employer), cover(joint, other)

    bare = close_employer(actor=actor_at(town), now=NOW, employer=employer, on=MAY, reason="注销")

    assert bare == [union]
    assert set(Coverage.everything.filter(employer=employer).values_list("ends_on", flat=True)) == {MAY}
    employer.refresh_from_db()
    with pytest.raises(ActionError, match="已于2026年5月1日注销"):
        close_employer(actor=actor_at(town), now=NOW, employer=employer, on=MAY, reason="注销")


def test_cover_employers_keeps_to_the_kind_of_union() -> None:
    _federation, town = make_district()
    actor, union, joint = actor_at(town), make_body(town), make_body(town, Kind.JOINT)
    one, two, three = make_employer(town), make_employer(town), make_employer(town)
    cover_employers(actor=actor, now=NOW, organisation=union, employers=[one], on=MAY)

    with pytest.raises(ActionError, match="只有联合基层工会"):
        cover_employers(actor=actor, now=NOW, organisation=union, employers=[two], on=MAY)
    with pytest.raises(ActionError, match="不足2家"):
        cover_employers(actor=actor, now=NOW, organisation=joint, employers=[two], on=MAY)
    with pytest.raises(ActionError, match=f"{one.name}已由{union.name}覆盖"):
        cover_employers(actor=actor, now=NOW, organisation=joint, employers=[one, two], on=MAY)
    cover_employers(actor=actor, now=NOW, organisation=joint, employers=[two, three], on=MAY)

    assert joint.coverage.count() == 2


def test_end_coverage_leaves_the_employer_free_from_the_day() -> None:
    _federation, town = make_district()
    actor, union, employer = actor_at(town), make_body(town), make_employer(town)
    coverage = cover(union, employer)

    with pytest.raises(ActionError, match="没有被覆盖"):
        end_coverage(actor=actor, now=NOW, coverage=coverage, on=date(2014, 1, 1))
    end_coverage(actor=actor, now=NOW, coverage=coverage, on=MAY)
    cover_employers(actor=actor, now=NOW, organisation=make_body(town), employers=[employer], on=MAY)

    rows = Coverage.everything.filter(employer=employer).order_by("starts_on")
    assert list(rows.values_list("starts_on", "ends_on")) == [(FOUNDED, MAY), (MAY, FOREVER)]
    with pytest.raises(PermissionDenied):
        end_coverage(actor=actor_at(union, "organisation.view"), now=NOW, coverage=rows[1], on=JUNE)

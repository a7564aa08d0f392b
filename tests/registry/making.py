"""Rows for tests of the registry, made the way the registry makes them."""

from __future__ import annotations

from datetime import date
from itertools import count

from shuniu.kernel.period import FOREVER
from shuniu.kernel.scope import Actor, Grant
from shuniu.registry.enums import (
    AreaKind,
    EmployerCategory,
    Industry,
    MembershipAct,
    OrganisationType,
    PostKind,
    QualificationKind,
    Sex,
)
from shuniu.registry.ledger import Entry, enter
from shuniu.registry.models import (
    Area,
    Coverage,
    Employer,
    Organisation,
    Person,
    Post,
    Qualification,
    StudyRecord,
    Transfer,
)
from shuniu.registry.tree import place

FOUNDED = date(2015, 1, 5)
RIGHTS = frozenset(
    {
        "organisation.view",
        "organisation.edit",
        "organisation.restructure",
        "employer.view",
        "employer.edit",
        "member.view",
        "member.edit",
        "officer.view",
    }
)
_numbers = count(1)


def make_area(name: str = "东湖街道", kind: AreaKind = AreaKind.STREET, jurisdiction: str = "national") -> Area:
    return Area.objects.get_or_create(
        name=name, defaults={"code": f"A{next(_numbers)}", "kind": kind, "jurisdiction": jurisdiction}
    )[0]


def make_body(
    parent: Organisation | None = None,
    kind: OrganisationType = OrganisationType.PRIMARY,
    on: date = FOUNDED,
    name: str = "",
    area: Area | None = None,
) -> Organisation:
    number = next(_numbers)
    body = Organisation.everything.create(
        code=f"U{number}",
        name=name or f"第{number}工会",
        type=kind,
        area=area or make_area(),
        founded_on=on,
    )
    place(body, parent, on=on)
    return body


def make_district() -> tuple[Organisation, Organisation]:
    """A federation and one town below it."""
    federation = make_body(kind=OrganisationType.FEDERATION, name="云川区总工会")
    return federation, make_body(federation, OrganisationType.TOWN, name="东湖街道总工会")


def make_member(
    union: Organisation, on: date = FOUNDED, sex: Sex = Sex.FEMALE, name: str = "", **fields: object
) -> Person:
    number = next(_numbers)
    person = Person.everything.create(
        name=name or f"林{number}",
        sex=sex,
        id_index=number.to_bytes(16, "big"),
        mobile_index=None,
        home=union,
        **fields,
    )
    enter([Entry(person.pk, union.pk, MembershipAct.APPROVED, on)])
    person.refresh_from_db()
    return person


def make_employer(territory: Organisation, name: str = "", headcount: int = 40, **fields: object) -> Employer:
    values = {"category": EmployerCategory.PRIVATE, "industry": Industry.C, "area": make_area(), "headcount": headcount}
    return Employer.everything.create(
        name=name or f"第{next(_numbers)}公司", territory=territory, **{**values, **fields}
    )


def cover(union: Organisation, employer: Employer, starts_on: date = FOUNDED, ends_on: date = FOREVER) -> Coverage:
    return Coverage.everything.create(organisation=union, employer=employer, starts_on=starts_on, ends_on=ends_on)


def actor_at(organisation: Organisation, *rights: str, person_id: int | None = None) -> Actor:
    """Somebody who holds `rights` (by default everything this room asks for) at the organisation's place."""
    organisation.refresh_from_db()
    held = frozenset(rights) if rights else RIGHTS
    return Actor(1, "陈岚", person_id, (Grant("test", organisation.pk, organisation.path or "", held),))


def make_post(
    person: Person, union: Organisation, kind: PostKind = PostKind.COMMITTEE, on: date = FOUNDED, **fields: object
) -> Post:
    return Post.everything.create(person=person, organisation=union, kind=kind, starts_on=on, **fields)


def make_transfer(person: Person, origin: Organisation, destination: Organisation, on: date = FOUNDED) -> Transfer:
    enter([Entry(person.pk, origin.pk, MembershipAct.TRANSFERRED_OUT, on)])
    return Transfer.everything.create(person=person, origin=origin, destination=destination, out_on=on)


def make_qualification(
    person: Person, kind: QualificationKind = QualificationKind.MEDIATOR, **fields: object
) -> Qualification:
    values = {"number": f"Q{next(_numbers)}", "issued_on": FOUNDED, **fields}
    return Qualification.everything.create(person=person, kind=kind, **values)


def make_study(person: Person, title: str = "集体协商培训", **fields: object) -> StudyRecord:
    return StudyRecord.everything.create(person=person, title=title, **{"starts_on": FOUNDED, "hours": 8, **fields})

"""The shapes of answers. Descriptions are message ids: the page of the interface shows them in the reader's language."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_noop
from ninja import Field, Schema


class AreaOut(Schema):
    id: int
    code: str
    name: str
    kind: str = Field(description=gettext_noop("district, town, street or zone"))
    parent_id: int | None


class OrganisationOut(Schema):
    id: int
    number: str
    name: str
    short_name: str
    type: str
    credit_code: str | None
    area_id: int
    area: str
    parent_id: int | None = Field(description=gettext_noop("the superior body, as of today"))
    path: str | None = Field(
        description=gettext_noop("the place in the tree as of today; a subtree shares its beginning")
    )
    founded_on: date
    dissolved_on: date | None
    approval_number: str


class OrganisationsOut(Schema):
    items: list[OrganisationOut]
    next: str | None = Field(description=gettext_noop("send it as cursor to get the next page; null on the last one"))


class FiguresOut(Schema):
    on: date
    unions: int = Field(description=gettext_noop("primary unions, joint unions and single organisers"))
    members: int = Field(description=gettext_noop("full members"))
    women: int = Field(description=gettext_noop("women among the members"))


class EmployerOut(Schema):
    id: int
    name: str
    credit_code: str | None
    category: str
    industry: str
    area_id: int
    area: str
    territory_id: int = Field(description=gettext_noop("the responsible union body"))
    headcount: int
    women: int
    migrants: int
    dispatched: int
    counted_on: date | None
    opened_on: date | None
    closed_on: date | None
    has_union: bool = Field(description=gettext_noop("whether a union covers the employer on the day asked for"))


class EmployersOut(Schema):
    items: list[EmployerOut]
    next: str | None = Field(description=gettext_noop("send it as cursor to get the next page; null on the last one"))


class MemberOut(Schema):
    id: int
    name: str
    id_type: str
    id_number: str = Field(description=gettext_noop("masked"))
    mobile: str = Field(description=gettext_noop("masked"))
    sex: str
    born_year: int | None
    union_id: int | None
    union: str
    standing: str
    joined_on: date | None
    employment: str
    is_migrant: bool
    groups: list[str]


class MembersOut(Schema):
    items: list[MemberOut]
    next: str | None = Field(description=gettext_noop("send it as cursor to get the next page; null on the last one"))


class MembershipOut(Schema):
    person_id: int
    name: str
    union_id: int
    union: str
    starts_on: date
    ends_on: date | None = Field(description=gettext_noop("the day from which it no longer holds"))


class MembershipsOut(Schema):
    on: date
    items: list[MembershipOut]
    next: str | None = Field(description=gettext_noop("send it as cursor to get the next page; null on the last one"))


class AreaFiguresOut(Schema):
    area_id: int
    area: str
    unions: int
    members: int


class CategoryFiguresOut(Schema):
    category: str = Field(
        description=gettext_noop("code of the category; joint for unions of several employers, empty for none")
    )
    label: str
    unions: int
    members: int


class YearFiguresOut(Schema):
    year: int
    unions: int
    members: int
    women: int


class RuleOut(Schema):
    id: str
    title: str
    value: str
    place: str
    source: str
    valid_from: date | None
    confirmed: bool = Field(description=gettext_noop("whether the number was compared with the text of its source"))
    why: str = Field(description=gettext_noop("why this rule stands here on this day"))

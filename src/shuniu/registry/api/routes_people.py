"""Members, their numbers masked, and memberships on any day."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_noop
from ninja import Router

from shuniu.kernel.period import FOREVER
from shuniu.kernel.text import normal
from shuniu.kernel.vault import mask_id_number, mask_mobile
from shuniu.kernel.web import keyset
from shuniu.kernel.web.asking import REFUSALS, Cursor, Limit, asker, paged
from shuniu.kernel.web.requests import get_or_404
from shuniu.registry.api.asking import On, Text, Under, body
from shuniu.registry.api.schemas import MemberOut, MembershipsOut, MembersOut
from shuniu.registry.enums import GroupTag, Sex, Standing
from shuniu.registry.models import Membership, Person
from shuniu.registry.queries import members as queries
from shuniu.registry.queries.members import MemberFilter
from shuniu.registry.queries.sight import sight_of

router = Router(tags=["members"])
OPEN = "member.view"


@router.get(
    "/members", response={200: MembersOut, **REFUSALS}, summary=gettext_noop("Members within sight, as of today")
)
def member_list(
    request: HttpRequest,
    q: Text = "",
    under: Under = None,
    standing: Standing | None = None,
    sex: Sex | None = None,
    group: GroupTag | None = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> Any:
    """Full members, unless a standing is asked for; `q` is a part of the name or pinyin initials."""
    actor, today = asker(request, OPEN)
    sight = sight_of(actor, body(actor, under) if under is not None else None)
    wanted = MemberFilter(
        name=normal(q), standing=str(standing.value) if standing else "", sex=sex or "", tag=group or ""
    )
    found = keyset.take(
        queries.search_members(sight, wanted, today).rows.select_related("home"), ("pk",), cursor, limit
    )
    return {"items": _shaped(found.rows), "next": found.after or None}


@router.get("/members/{int:key}", response={200: MemberOut, **REFUSALS}, summary=gettext_noop("One member"))
def member(request: HttpRequest, key: int) -> Any:
    """Numbers are masked here too; seeing one in full is a step on the page that asks for a reason."""
    actor, _today = asker(request, OPEN)
    return _shaped([get_or_404(queries.visible_people(actor).select_related("home"), pk=key)])[0]


@router.get(
    "/memberships", response={200: MembershipsOut, **REFUSALS}, summary=gettext_noop("Who was a member on a day")
)
def memberships(
    request: HttpRequest, on: On = None, under: Under = None, q: Text = "", cursor: Cursor = "", limit: Limit = 50
) -> Any:
    """Full memberships that held on the day in the unions that are within sight today."""
    actor, today = asker(request, OPEN)
    day = on or today
    sight = sight_of(actor, body(actor, under) if under is not None else None)
    rows = queries.members_then(sight, day, MemberFilter(name=normal(q)), actor)
    return {"on": day, **paged(rows, ("pk",), cursor, limit, _membership_out)}


def _shaped(people: list[Person]) -> list[dict[str, Any]]:
    tags = queries.tags_of(people)
    return [_member_out(person, [tag.tag for tag in tags.get(person.pk, ())]) for person in people]


def _member_out(person: Person, groups: list[str]) -> dict[str, Any]:
    return {
        "id": person.pk,
        "name": person.name,
        "id_type": person.id_type,
        "id_number": mask_id_number(person.id_number),
        "mobile": mask_mobile(person.mobile),
        "sex": person.sex,
        "born_year": person.born_on.year if person.born_on else None,
        "union_id": person.home_id,
        "union": person.home.name if person.home else "",
        "standing": Standing(person.standing).name.lower(),
        "joined_on": person.joined_on,
        "employment": person.employment,
        "is_migrant": person.is_migrant,
        "groups": groups,
    }


def _membership_out(row: Membership) -> dict[str, Any]:
    return {
        "person_id": row.person_id,
        "name": row.person.name,
        "union_id": row.organisation_id,
        "union": row.organisation.name,
        "starts_on": row.starts_on,
        "ends_on": None if row.ends_on == FOREVER else row.ends_on,
    }

"""The object each page is asked about: always one that lies with Alice's union (or her town), so that Charlie's and the
stranger's columns show what a stranger gets.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

from django.utils import timezone

from shuniu.accounts.models import ApiToken, RoleGrant, SignIn
from shuniu.kernel.exchange.actions import start_upload
from shuniu.kernel.models import TrailEntry
from shuniu.kernel.trail import record
from shuniu.kernel.web.routes import Route
from shuniu.registry.actions.organising import open_lead
from shuniu.registry.enums import LeadSource, PostKind
from shuniu.registry.models import Coverage, Person, Territory
from shuniu.rulebook.enums import Operator
from shuniu.rulebook.public import set_unit_rule
from tests.desk import objects as desk
from tests.factories import Cast
from tests.hub import objects as hub
from tests.kernel.making import make_notice
from tests.portal import objects as portal
from tests.querying import QUERY
from tests.registry.making import (
    FOUNDED,
    cover,
    make_body,
    make_employer,
    make_member,
    make_post,
    make_qualification,
    make_study,
    make_transfer,
)
from tests.voice import objects as voice

PARAMETER = re.compile(r"<(?:[^:>]+:)?([^>]+)>")

Maker = Callable[[Cast], dict[str, Any]]


def arguments_of(route: Route, cast: Cast) -> dict[str, Any]:
    """What to put into the URL: by the page's name, else by its parameters' names."""
    wanted = PARAMETER.findall(route.path)
    if route.name in BY_PAGE:
        return dict(BY_PAGE[route.name](cast))
    return {name: _by_parameter(name, route)(cast) for name in wanted}


def _by_parameter(name: str, route: Route) -> Callable[[Cast], Any]:
    maker = BY_PARAMETER.get(f"{route.name.rpartition(':')[0]}:{name}") or BY_PARAMETER.get(name)
    if maker is None:
        raise LookupError(f"Say in {__name__} what stands for <{name}> in {route.path} ({route.name}).")
    return maker


def _sign_in(cast: Cast) -> int:
    now = timezone.now()
    return SignIn.objects.create(user=cast.alice.user, session_key="x", started_at=now, seen_at=now).pk


def _token(cast: Cast) -> int:
    now = timezone.now()
    return ApiToken.objects.create(user=cast.cadre.user, name="x", token_hash=b"x", created_at=now, expires_at=now).pk


def _grant(cast: Cast) -> int:
    return int(RoleGrant.everything.get(user=cast.clerk.user).pk)


def _entry(cast: Cast) -> int:
    record("user.signed_in", cast.alice.user, actor=cast.alice.actor, now=timezone.now())
    return TrailEntry.objects.latest("number").number


def _coverage(cast: Cast) -> Coverage:
    return cover(cast.union, make_employer(cast.town))


def _notice(cast: Cast) -> int:
    assert cast.alice.user is not None
    return make_notice(cast.alice.user.pk).pk


UNION_PAGES = (
    "organisation",
    "organisation_below",
    "organisation_edit",
    "organisation_move",
    "organisation_merge",
    "organisation_split",
    "organisation_dissolve",
    "organisation_guidance",
    "organisation_cover",
    "annual_return",
    "annual_return_checks",
    "annual_return_workbook",
    "annual_return_form",
    "term_new",
    "term_correct",
    "term_end",
)

PERSON_PAGES = (
    "person",
    "person_edit",
    "person_confirm",
    "transfer_new",
    "post_new",
    "qualification_new",
    "study_new",
)


def _transfer(cast: Cast) -> int:
    return make_transfer(make_member(cast.union), cast.union, make_body(cast.town)).pk


def _bob(cast: Cast) -> Person:
    assert cast.bob.person is not None
    return cast.bob.person


LEAD_PAGES = (
    "lead",
    "lead_approve",
    "lead_found",
    "lead_join",
    "lead_note",
    "lead_assign",
    "lead_members",
    "lead_settle",
)
"""A lead lies with the town: Alice at her union does not see it, the town's own people do."""


def _lead(cast: Cast) -> int:
    lead = open_lead(
        actor=cast.dana.actor,
        now=timezone.now(),
        employer=make_employer(cast.town),
        source=LeadSource.INSPECTION,
        on=timezone.localdate(),
        expected_members=60,
    )
    return lead.pk


def _territory(cast: Cast) -> int:
    post = make_post(make_member(cast.union), cast.town, PostKind.ORGANISER)
    return Territory.everything.create(post=post, area=cast.town.area, starts_on=FOUNDED).pk


def _own_rule(cast: Cast) -> int:
    rule = set_unit_rule(
        cast.union,
        "transfer.open_days",
        operator=Operator.LE,
        numbers=[20],
        valid_from=timezone.localdate(),
        source="云工发〔2026〕3号",
        actor=cast.alice.actor,
        now=timezone.now(),
    )
    return rule.pk


def _batch(cast: Cast) -> int:
    """Alice's own upload: nobody else sees it, for it holds what others may not."""
    file = BytesIO("姓名,身份证号,手机号\n林一,110105199003070025,13800001234\n".encode())
    return start_upload(
        "members", file, "members.csv", language="zh-hans", actor=cast.alice.actor, now=timezone.now()
    ).pk


BY_PAGE: dict[str, Maker] = {
    **{f"registry:{name}": lambda cast: {"pk": _lead(cast)} for name in LEAD_PAGES},
    "registry:lead_step": lambda cast: {"pk": _lead(cast), "step": "visit"},
    "registry:lead_open": lambda cast: {"employer": make_employer(cast.town).pk},
    "registry:territory_end": lambda cast: {"pk": _territory(cast)},
    "rulebook:set_own": lambda cast: {"rule_id": "transfer.open_days", QUERY: {"organisation": cast.union.pk}},
    "rulebook:end_own": lambda cast: {"pk": _own_rule(cast)},
    "exchange:upload": lambda cast: {"key": "members"},
    "exchange:template": lambda cast: {"key": "members"},
    "api:organisation": lambda cast: {"key": cast.union.pk},
    "api:organisation_counts": lambda cast: {"key": cast.union.pk},
    "api:subtree": lambda cast: {"key": cast.union.pk},
    "api:employer": lambda cast: {"key": _coverage(cast).employer_id},
    "api:member": lambda cast: {"key": _bob(cast).pk},
    "api:rule": lambda cast: {"rule": "transfer.open_days"},
    "api:nowhere": lambda cast: {"rest": "nowhere"},
    **{f"registry:{name}": lambda cast: {"pk": _bob(cast).pk} for name in PERSON_PAGES},
    "registry:person_step": lambda cast: {"pk": _bob(cast).pk, "move": "leave"},
    "registry:person_reveal": lambda cast: {"pk": _bob(cast).pk, "field": "mobile"},
    "registry:transfer": lambda cast: {"pk": _transfer(cast)},
    "registry:transfer_move": lambda cast: {"pk": _transfer(cast), "move": "withdraw"},
    **{
        f"registry:{name}": lambda cast: {"pk": make_post(make_member(cast.union), cast.union).pk}
        for name in ("post", "post_end")
    },
    "registry:qualification": lambda cast: {"pk": make_qualification(_bob(cast)).pk},
    "registry:study": lambda cast: {"pk": make_study(_bob(cast)).pk},
    **{f"registry:{name}": lambda cast: {"pk": cast.union.pk} for name in UNION_PAGES},
    **{
        f"registry:{name}": lambda cast: {"pk": _coverage(cast).employer_id}
        for name in ("employer", "employer_edit", "employer_close")
    },
    "registry:coverage_end": lambda cast: {"pk": _coverage(cast).pk},
    "registry:area_edit": lambda cast: {"pk": cast.union.area_id},
    "accounts:session_end": lambda cast: {"pk": _sign_in(cast)},
    "accounts:token_revoke": lambda cast: {"pk": _token(cast)},
    "accounts:grant": lambda cast: {"pk": _grant(cast)},
    "accounts:grant_approve": lambda cast: {"pk": _grant(cast)},
    "accounts:grant_refuse": lambda cast: {"pk": _grant(cast)},
    "accounts:grant_withdraw": lambda cast: {"pk": _grant(cast)},
    "accounts:grant_end": lambda cast: {"pk": _grant(cast)},
    "accounts:trail_entry": lambda cast: {"number": _entry(cast)},
    "rulebook:rule": lambda cast: {"rule_id": "transfer.open_days"},
    "notices:open": lambda cast: {"pk": _notice(cast)},
    **portal.BY_PAGE,
    **hub.BY_PAGE,
    **desk.BY_PAGE,
    **voice.BY_PAGE,
}
"""The arguments of one page, and of its query."""

BY_PARAMETER: dict[str, Callable[[Cast], Any]] = {
    "exchange:pk": _batch,
    "accounts:pk": lambda cast: cast.clerk.user and cast.clerk.user.pk,
    **hub.BY_PARAMETER,
    **desk.BY_PARAMETER,
    **voice.BY_PARAMETER,
}
"""One argument, by the parameter's name; `room:parameter` where rooms differ."""

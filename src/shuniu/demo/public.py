"""Load the demo world: one district with its unions, members, officers and the accounts to look around with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from random import Random

from django.core.management import call_command
from django.db.models import Count
from django.utils.translation import gettext as _

from shuniu.accounts.public import User, actor_for, create_user, grant_role
from shuniu.demo import (
    agreements,
    cases,
    duties,
    mediations,
    officers,
    organising,
    people,
    places,
    providers,
    ratings,
    repairs,
    rosters,
    tenders,
)
from shuniu.demo.names import Names
from shuniu.demo.plan import FULL, NOW, QUICK, THEN, Plan
from shuniu.kernel.errors import ActionError
from shuniu.kernel.models import TrailEntry
from shuniu.kernel.scope import Actor
from shuniu.kernel.trail import record
from shuniu.registry.enums import PostKind
from shuniu.registry.public import Membership, Organisation, Person, Post, members_on, unions_on

SEED = 18303
PASSWORD = "shuniu-demo-2026"  # noqa: S105 -- printed for everybody who starts the demo
MOMENT = datetime(2026, 9, 30, 1, tzinfo=UTC)
ACTOR = Actor.system("演示数据")


@dataclass(frozen=True, slots=True)
class Account:
    """An account of the demo: who signs in, as what, and where."""

    username: str
    title: str
    role: str
    where: str = ""
    """Empty for the whole site or for what is assigned; `root`, `town`, `hospital`, `firm`."""
    name: str = ""
    """Of who has no person in the registry."""


ACCOUNTS = (
    Account("district", "区总工会干部", "district_cadre", "root"),
    Account("town", "镇总工会干部", "town_cadre", "town"),
    Account("chair", "基层工会主席", "union_chair", "firm"),
    Account("clerk", "基层工会干事", "union_clerk", "hospital"),
    Account("deputy", "区总工会副主席", "district_cadre", "root", "董思源"),
    Account("organiser", "组建指导员", "organiser", "town"),
    Account("member", "会员", "", "firm"),
    Account("buyer", "采购经办人", "tender_clerk", "root", "邱若安"),
    Account("desk", "服务窗口人员", "service_clerk", "root", "秦语桐"),
    Account("provider", "服务机构负责人", "provider_manager", "", "贺承泽"),
    Account("lawyer", "值班律师", "professional", "", "顾晓岚"),
    Account("college", "院校工会专干", "union_clerk", "college", "蒋文博"),
    Account("counsellor", "心理咨询师", "professional", "", "苏凝"),
    Account("repairer", "维修人员", "professional", "", "雷建国"),
    Account("mediator", "调解员", "mediator", "", "温欣然"),
    Account("expert", "评审专家", "tender_expert", "", "史景行"),
    Account("operator", "系统管理员", "site_operator"),
    Account("security", "安全管理员", "security_officer"),
    Account("security2", "安全管理员（复核）", "security_officer"),
    Account("audit", "审计管理员", "audit_officer"),
)


def load(*, full: bool = False, report: Callable[[str], None] = print) -> None:
    """Fill an empty registry; `full` builds the seed's own 18,303 unions and 550,373 members. A second call only tells.

    Raises:
        ActionError: the registry has organisations that are not the demo's.
    """
    if is_loaded():
        report(told())
        return
    if TrailEntry.objects.filter(verb="demo.begun").exists():
        report(_("The demo was interrupted; it begins anew."))
        call_command("flush", verbosity=0, interactive=False)
    if Organisation.everything.exists():
        raise ActionError(_("The registry is not empty. The demo goes into an empty one only."))
    record("demo.begun", None, actor=ACTOR, now=MOMENT)
    plan = FULL if full else QUICK
    names = Names(SEED)
    built = places.build_places(plan, names)
    report(f"{len(built.unions):,} unions in {len(built.areas)} areas founded")
    people.enrol(built, plan, names, report)
    places.set_headcounts(_members_by_union())
    posts = officers.appoint(built, plan, names.random)
    report("committees elected, organisers sent out")
    organising.organise(built, posts["organisers"], Random(SEED))  # noqa: S311 -- a demo, to be the same each time
    organising.transfer(built, names.random)
    users = _open_accounts(built, posts)
    decided = duties.decide(built.root, actor_for(users["district"], NOW))
    hub = providers.build(built.root, users, names)
    bought = tenders.build(built.root, users, decided, hub)
    report("duties decided, providers admitted")
    desk = cases.set_up(built, users, hub, ACTOR)
    told_of = cases.tell_year(desk, built, users, Random(SEED))  # noqa: S311 -- a demo, to be the same each time
    told_of += repairs.mend(desk, built, Random(SEED))  # noqa: S311 -- a demo, to be the same each time
    told_of += mediations.mediate(desk, built, Random(SEED))  # noqa: S311 -- a demo, to be the same each time
    report(f"{len(told_of):,} cases of {len(desk.lines)} service lines")
    said = ratings.rate(told_of, users["member"].person_id, Random(SEED))  # noqa: S311 -- a demo, to be the same each time
    report(f"{said:,} ratings given")
    rosters.build(built.root, users, hub, ACTOR)
    report("a year of duty filled, times booked")
    # last: what it scores are the facts of all that was built before
    office = agreements.Office(actor_for(users["deputy"], NOW), actor_for(users["district"], NOW))
    agreements.build(built.special["college"], hub, decided, office)
    tenders.link(bought, hub)
    report("agreements signed, scored and paid")
    check(plan)
    record("demo.loaded", None, actor=ACTOR, now=MOMENT, detail={"unions": plan.unions, "members": plan.members})
    report(told())


def is_loaded() -> bool:
    """Whether the demo world is there, whole: its last step is the entry in the trail."""
    return TrailEntry.objects.filter(verb="demo.loaded").exists()


def check(plan: Plan) -> None:
    """Compare the counts with the plan, by the same queries as the pages. RuntimeError where they differ."""
    found = (unions_on(NOW), members_on(NOW).members, unions_on(THEN), members_on(THEN).members)
    wanted = (plan.unions, plan.members, plan.unions_then, plan.members_then)
    if found != wanted:
        raise RuntimeError(f"the demo world should have {wanted} and has {found}")


def _members_by_union() -> dict[int, tuple[int, int]]:
    found: dict[int, list[int]] = {}
    for union, woman in Membership.everything.filter(ends_on__gt=NOW).values_list("organisation_id", "woman"):
        counts = found.setdefault(union, [0, 0])
        counts[0] += 1
        counts[1] += woman
    return {union: (total, women) for union, (total, women) in found.items()}


def _open_accounts(built: places.Places, posts: dict[str, list[Post]]) -> dict[str, User]:
    """The accounts by user name."""
    special = [union.pk for union in built.special.values()]
    chaired = Post.everything.filter(kind=PostKind.CHAIR).exclude(organisation__in=special).values("organisation_id")
    sizes = Person.everything.filter(home_id__in=chaired).values_list("home_id").annotate(size=Count("pk"))
    firm = Organisation.everything.get(pk=sizes.order_by("-size", "home_id")[0][0])
    organiser = next(post for post in posts["organisers"] if post.organisation_id == firm.parent_id)
    where = {
        "root": built.root,
        "town": next(one for one in built.federations if one.pk == firm.parent_id),
        "hospital": built.special["hospital"],
        "college": built.special["college"],
        "firm": firm,
    }
    who = {
        "district": posts["cadres"][0].person_id,
        "town": posts["cadres"][1].person_id,
        "organiser": organiser.person_id,
        "chair": firm.posts.get(kind=PostKind.CHAIR).person_id,
        "clerk": Person.everything.filter(home=built.special["hospital"])
        .order_by("-pk")
        .values_list("pk", flat=True)[0],
        "member": Person.everything.filter(home=firm, posts=None).order_by("pk").values_list("pk", flat=True)[0],
    }
    users = {}
    for account in ACCOUNTS:
        person = who.get(account.username)
        users[account.username] = user = create_user(
            username=account.username,
            name=Person.everything.get(pk=person).name if person else account.name or account.title,
            password=PASSWORD,
            person_id=person,
            actor=ACTOR,
            now=MOMENT,
        )
        if account.role:
            grant_role(
                user,
                role=account.role,
                organisation=where.get(account.where),
                starts_on=date(2025, 1, 1),
                reason="演示账号",
                actor=ACTOR,
                now=MOMENT,
            )
    return users


def told() -> str:
    """The demo's accounts as a table for the terminal."""
    lines = [f"  {account.username:<10} {account.title}" for account in ACCOUNTS]
    return "\n".join([f"Accounts 账号 (password 密码: {PASSWORD})", *lines])

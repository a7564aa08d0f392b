"""Leads on their way, what some of them earned, and members on their way between unions."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from random import Random

from shuniu.demo.places import Places
from shuniu.demo.plan import NOW
from shuniu.kernel.scope import Actor
from shuniu.registry.enums import LeadSource, LeadState, OrganisationType, Standing
from shuniu.registry.public import Allowance, Employer, Lead, LeadStep, Membership, Person, Post, issue_transfer
from shuniu.rulebook.public import Place, find

WAY = (
    ("open", LeadState.NEW, "劳动监察巡查时发现该单位尚未建会"),
    ("visit", LeadState.VISITED, "上门走访，向负责人介绍建会流程"),
    ("consent", LeadState.CONSENTED, "负责人同意支持职工建会"),
    ("prepare", LeadState.PREPARING, "成立筹备组，收集入会申请"),
    ("approve", LeadState.APPROVED, "材料齐全，同意成立"),
    ("found", LeadState.FOUNDED, "召开会员大会，工会成立"),
)
APPROVED = 4
"""Leads that came further than this many stages have been approved."""
APPROVER = "区总工会组织部"
DECISIONS = {"approve", "found"}
"""Taken by somebody other than the organiser who worked on the lead."""
REACHED = (1, 1, 2, 2, 2, 3, 3, 4, 4, 5)
REASONS = ("换了工作单位", "单位搬迁", "劳务派遣转正", "公司合并")


def organise(places: Places, organisers: list[Post], random: Random) -> None:
    """Open leads at every stage for employers without a union, and founded ones behind the newest unions."""
    by_federation: dict[int, list[Post]] = {}
    for post in organisers:
        by_federation.setdefault(post.organisation_id, []).append(post)
    names = dict(Person.everything.filter(pk__in=[post.person_id for post in organisers]).values_list("pk", "name"))
    for index, employer in enumerate(places.without_union):
        posts = by_federation.get(employer.territory_id)
        if posts and index % 3:
            _lead(
                employer.pk,
                employer.territory_id,
                posts[index % len(posts)],
                names,
                REACHED[index % len(REACHED)],
                random,
            )
    recent = [
        union for union in places.unions if union.founded_on.year == NOW.year and union.type == OrganisationType.PRIMARY
    ]
    for index, union in enumerate(recent[:200]):
        posts = by_federation.get(union.parent_id or 0)
        coverage = union.coverage.first()
        if posts and coverage:
            lead = _lead(
                coverage.employer_id,
                union.parent_id or 0,
                posts[index % len(posts)],
                names,
                6,
                random,
                union.founded_on,
            )
            Lead.everything.filter(pk=lead.pk).update(
                founded=union, state=LeadState.FOUNDED, closed_on=union.founded_on
            )
            _earn(lead, posts[index % len(posts)], union.pk, union.founded_on)


def _lead(
    employer: int,
    territory: int,
    post: Post,
    names: dict[int, str],
    reached: int,
    random: Random,
    ended: date | None = None,
) -> Lead:
    pace = [int(random.random() * 25) + 3 for _ in range(reached)]
    opened = (ended or NOW + timedelta(days=int(random.random() * 40))) - timedelta(days=sum(pace))
    state = WAY[reached - 1][1]
    lead = Lead.everything.create(
        employer_id=employer,
        territory_id=territory,
        organiser=post,
        source=random.choice(LeadSource.values),
        state=LeadState.APPROVED if state == LeadState.FOUNDED else state,
        opened_on=opened,
        expected_members=Employer.everything.get(pk=employer).headcount * 4 // 5,
        approval_number=f"云工组〔{opened.year}〕{employer}号" if reached > APPROVED else "",
    )
    day = opened
    for (step, at, note), days in zip(WAY, [0, *pace], strict=False):
        day = ended if ended and at == LeadState.FOUNDED else day + timedelta(days=days)
        LeadStep.everything.create(
            lead=lead,
            step=step,
            state=at,
            on=day,
            by_name=APPROVER if step in DECISIONS else names[post.person_id],
            note=note,
        )
        if at == state:
            break
    return lead


def _earn(lead: Lead, post: Post, union: int, on: date) -> None:
    """The allowance for a founded union and the members enrolled with it, by the rule in force on the day."""
    enrolled = Membership.everything.filter(organisation_id=union, starts_on=on).count()
    for result, quantity in (("founded", 1), ("enrolled", enrolled)):
        rule = find(f"organiser.allowance.{result}", on=on, at=Place.of("shanghai")).rule
        Allowance.everything.create(
            lead=lead,
            post=post,
            result=result,
            quantity=quantity,
            amount=rule.number * quantity,
            rule_id=rule.id,
            on=on,
        )


def transfer(places: Places, random: Random) -> None:
    """Some forty members on their way to another union, a few of them for longer than they should be."""
    unions = [union for union in places.unions[10:] if union.type == OrganisationType.PRIMARY]
    for number in range(40):
        origin, destination = random.sample(unions, 2)
        person = (
            Person.everything.filter(home=origin, standing=Standing.ACTIVE, posts=None, joined_on__lt=NOW)
            .exclude(transfers__state="open")
            .order_by("-pk")
            .first()
        )
        if person:
            day = NOW + timedelta(days=number)
            moment = datetime.combine(day, time(9), UTC)
            issue_transfer(
                person, destination, on=day, reason=random.choice(REASONS), actor=Actor.system("演示数据"), now=moment
            )

"""What the rules in force say of a union's committee, women's committee, audit committee, term and officers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Sum

from shuniu.registry.enums import COMMITTEE_POSTS, UNION_TYPES, OrganisationType, PostKind, PostTime
from shuniu.registry.models import Employer, Organisation, Post, Term
from shuniu.registry.places import place_in, place_of
from shuniu.registry.queries.counts import Headcount, members_on
from shuniu.registry.queries.organisations import coverage_on, officers_on, term_on
from shuniu.registry.rules.terms import ElectionDue, rule_of_years, warning, whole_months
from shuniu.rulebook.public import Snapshot, Verdict, check, official, snapshot

REASON = "the committee of an organisation that the caller has reached, in numbers"
AUDIT = frozenset({PostKind.AUDIT, PostKind.AUDIT_CHAIR})
RANK = {kind: place for place, kind in enumerate(PostKind)}
"""Posts in the order in which they are named, the chair first."""
WOMEN = frozenset({PostKind.WOMEN, PostKind.WOMEN_CHAIR})


@dataclass(frozen=True, slots=True)
class Body:
    """A union as the rules look at it on a day: who is in it, how it is staffed, whom it covers.

    `officers`, the chair first, are for those who may see them; `posts` counts them by kind.
    """

    members: Headcount
    staff: int
    women_staff: int
    employers: int
    officers: tuple[Post, ...]
    posts: Counter[str]
    full_time: int
    term: Term | None
    has_congress: bool
    vacant_since: date | None


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdicts on a union, what is wrong first, and how near its next election is."""

    verdicts: tuple[Verdict, ...]
    election: ElectionDue | None


def body_on(organisation: Organisation, day: date, path: str | None) -> Body:
    """A union as it was on `day`, when it stood at `path`; the size of its employers' staff as last counted."""
    posts = sorted(
        officers_on(organisation, day), key=lambda post: (RANK[PostKind(post.kind)], post.starts_on, post.pk)
    )
    staff = coverage_on(organisation, day).aggregate(
        all=Sum("employer__headcount", default=0), women=Sum("employer__women", default=0), employers=Count("pk")
    )
    return Body(
        members=members_on(day, path) if path else Headcount(0, 0),
        staff=staff["all"],
        women_staff=staff["women"],
        employers=staff["employers"],
        officers=tuple(posts),
        posts=Counter(post.kind for post in posts),
        full_time=len({post.person_id for post in posts if post.time == PostTime.FULL}),
        term=term_on(organisation, day),
        has_congress=organisation.has_congress,
        vacant_since=None if any(post.kind == PostKind.CHAIR for post in posts) else _vacant_since(organisation, day),
    )


def judge(organisation: Organisation, body: Body, day: date) -> Judged:
    """Hold a union against the rules in force at its place on `day`; bodies of other kinds by their term alone."""
    rules = snapshot(on=day)
    of_union = _union_verdicts(organisation, body, rules, day) if organisation.type in UNION_TYPES else ()
    verdicts = [*of_union, *_term_verdicts(organisation, body, rules)]
    verdicts.sort(key=lambda verdict: (verdict.ok is not False, verdict.ok is not None))
    return Judged(tuple(verdicts), election(organisation, body.term, rules))


def election(organisation: Organisation, term: Term | None, rules: Snapshot) -> ElectionDue | None:
    """How near the next election is, with warnings as the rule has them."""
    found = rules.get("term.warning_months", place_of(organisation))
    return warning(term.due_on, rules.on, found.rule.numbers if found else ()) if term else None


@dataclass(frozen=True, slots=True)
class _Question:
    """A figure to hold against the rule of that name, with what the rule's kind needs besides."""

    rule_id: str
    found: int | None
    by: int | None = None
    base: int | None = None
    done: bool | None = None


def _union_verdicts(organisation: Organisation, body: Body, rules: Snapshot, day: date) -> Iterator[Verdict]:
    place = place_of(organisation)
    for asked in _questions(organisation, body, rules, day):
        if found := rules.get(asked.rule_id, place):
            yield check(found.rule, asked.found, base=asked.base, by=asked.by, done=asked.done)


def _questions(organisation: Organisation, body: Body, rules: Snapshot, day: date) -> Iterator[_Question]:
    members, staff = body.members.members, body.staff or None
    committee = sum(body.posts[kind] for kind in COMMITTEE_POSTS)
    yield _Question("committee.threshold", members, done=committee > 0)
    yield _Question("committee.size", committee, by=members)
    has_women = any(body.posts[kind] for kind in WOMEN)
    yield _Question("women.committee", _women(organisation, body, rules), done=has_women)
    yield _Question("audit.committee.size", sum(body.posts[kind] for kind in AUDIT))
    if organisation.type == OrganisationType.JOINT:
        yield _Question("joint.employers", body.employers)
    yield _Question("officer.full_time", staff, done=body.full_time > 0)
    yield _Question("officer.full_time_ratio", body.full_time, base=staff)
    yield _Question("congress.threshold", staff, done=body.has_congress)
    if body.vacant_since:
        yield _Question("vacancy.by_election_months", whole_months(body.vacant_since, day))


def _women(organisation: Organisation, body: Body, rules: Snapshot) -> int | None:
    """Some places count women members, others all women of the staff."""
    found = rules.get("women.committee", place_of(organisation))
    counts_staff = found is not None and found.rule.measure == official().measures["women_staff"]
    return body.women_staff if counts_staff else body.members.women


def _term_verdicts(organisation: Organisation, body: Body, rules: Snapshot) -> Iterator[Verdict]:
    found = rules.get(rule_of_years(OrganisationType(organisation.type)), place_of(organisation))
    if found and body.term:
        yield check(found.rule, body.term.years)


def _vacant_since(organisation: Organisation, day: date) -> date | None:
    """The day on which the last chair of an organisation without one left; None where there never was one."""
    chairs = Post.objects.unscoped(reason=REASON).filter(organisation=organisation, kind=PostKind.CHAIR)
    return chairs.filter(ends_on__lte=day).order_by("-ends_on").values_list("ends_on", flat=True).first()


def setup_verdict(employer: Employer, day: date) -> Verdict | None:
    """Whether the time in which an employer without a union should have got one is over; None where no rule asks."""
    found = snapshot(on=day).get("setup.duty_months", place_in(employer.area, employer.territory))
    if found is None or employer.opened_on is None or employer.opened_on > day:
        return None
    return check(found.rule, whole_months(employer.opened_on, day))

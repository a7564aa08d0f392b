"""The figures of the annual return of one body and all below it, as of a day, with what they were counted from.

Places, unions, members, posts, terms and coverage are those of the day. What the registry keeps without dates is as
it is known now: the size of a staff, marks such as a workers' congress, and what is noted of a person.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Final

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from shuniu.kernel.period import on_day
from shuniu.kernel.scope import STEP, Actor, path_range
from shuniu.registry.enums import (
    ABOVE_PRIMARY,
    COMMITTEE_POSTS,
    EIGHT_GROUPS,
    NEW_EMPLOYMENT,
    UNION_TYPES,
    EmployerCategory,
    Employment,
    MembershipAct,
    OrganisationType,
    PostKind,
    PostTime,
    Sex,
    Standing,
)
from shuniu.registry.models import (
    Area,
    Coverage,
    Membership,
    MembershipEvent,
    Organisation,
    PersonTag,
    Placement,
    Post,
    Qualification,
    ReturnForm,
    StudyRecord,
    Term,
)
from shuniu.registry.places import place_of
from shuniu.registry.queries.employers import coverage_by_area
from shuniu.registry.queries.organisations import path_of, within
from shuniu.registry.rules.returns import Check, Form, Item, Judge, Period, UnionFacts, form_on, period_until
from shuniu.registry.rules.terms import months_later
from shuniu.rulebook.public import Place, Rule, Snapshot, find, snapshot

REASON: Final = "totals of the ground for which the actor makes the return; failing rows name unions on it"
MAKE: Final = "return.make"
PERIOD: Final = "return.period"
HEADS: Final = ("members", "women", "migrants", "dispatched", "verified", "confirmed")
STAFF: Final = ("employers", "staff", "staff_women", "staff_migrants", "staff_dispatched")
FLAGS: Final = ("has_congress", "has_disclosure", "has_agreement", "has_mediation")
LEFT: Final = (MembershipAct.LEFT, MembershipAct.EXPELLED, MembershipAct.DIED)


def bodies(actor: Actor) -> QuerySet[Organisation]:
    """The bodies for which an actor may make the return."""
    return within(actor.reach(MAKE)).select_related("area")


def period_rule(organisation: Organisation, day: date) -> Rule:
    """The rule that says when the year of the return begins, at the body."""
    return find(PERIOD, on=day, at=place_of(organisation)).rule


def form_block(organisation: Organisation) -> ReturnForm | None:
    """What the printed form carries: the body's own, else that of the nearest body above it."""
    path = organisation.path or ""
    above = [path[:end] for end in range(STEP, len(path) + 1, STEP)]
    rows = ReturnForm.objects.unscoped(reason="units below use the form of the bodies above them")
    found: ReturnForm | None = (
        rows.filter(organisation__path__in=above).select_related("organisation").order_by("-organisation__path").first()
    )
    return found


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table: how many, and of how many where it is a share."""

    item: Item
    value: int
    base: int | None


@dataclass(frozen=True, slots=True)
class Part:
    """A line of a table by category or area."""

    label: str
    unions: int
    members: int
    women: int
    staff: int


@dataclass(frozen=True, slots=True)
class Failure:
    """A union that fails a logic check."""

    check: Check
    union: UnionFacts
    sentence: str


@dataclass(frozen=True, slots=True)
class Return:
    """The return of one body."""

    organisation: Organisation
    period: Period
    form: Form
    figures: Mapping[str, int]
    by_category: tuple[Part, ...]
    by_area: tuple[Part, ...]
    failures: tuple[Failure, ...]
    unions: int

    def lines(self, items: Iterable[Item]) -> list[Line]:
        """The lines of a table with their figures."""
        return [Line(item, self.figures[item.key], self.figures[item.of] if item.of else None) for item in items]


def annual_return(organisation: Organisation, day: date) -> Return:
    """The return of a body as of a day. A body that stood nowhere on it has nought everywhere."""
    period = period_until(period_rule(organisation, day), day)
    ground = Ground(organisation, period)
    facts, judge = ground.facts, Judge()
    return Return(
        organisation,
        period,
        form_on(day),
        ground.figures(),
        tuple(_parts(facts, lambda one: ground.category[one.pk], _category_label)),
        tuple(_parts(facts, lambda one: ground.area[one.pk], ground.area_names.__getitem__)),
        tuple(Failure(key, union, told) for union in facts for key, told in judge.failures(union)),
        len(facts),
    )


class Ground:
    """All that stood at and below a body on the last day of a period, read once."""

    def __init__(self, organisation: Organisation, period: Period) -> None:
        self.organisation, self.period, self.day = organisation, period, period.last
        self.path = path_of(organisation, period.last)
        self.rules = snapshot(on=period.last)

    @cached_property
    def placements(self) -> QuerySet[Placement]:
        rows: QuerySet[Placement] = Placement.objects.unscoped(reason=REASON).filter(on_day(self.day))
        return rows.none() if self.path is None else rows.filter(path_range(self.path, "path"))

    @cached_property
    def inside(self) -> QuerySet[Placement, int]:
        """The ids of the bodies, for use in other queries."""
        return self.placements.values_list("organisation_id", flat=True)

    @cached_property
    def rows(self) -> dict[int, dict[str, Any]]:
        """Every body by its id, with its place on the day."""
        names = ("name", "code", "type", "area_id", "area__jurisdiction", *FLAGS)
        columns = {name: F(f"organisation__{name}") for name in names}
        found: QuerySet[Placement, Any] = self.placements.values("organisation_id", "path", **columns)
        return {row["organisation_id"]: row for row in found.iterator(chunk_size=5000)}

    @cached_property
    def unions(self) -> dict[int, dict[str, Any]]:
        return {pk: row for pk, row in self.rows.items() if row["type"] in UNION_TYPES}

    @cached_property
    def union_of(self) -> dict[int, int]:
        """By body, the union whose part it is: itself, or the union above a branch or group."""
        at = {row["path"]: pk for pk, row in self.unions.items()}
        return {pk: union for pk, row in self.rows.items() if (union := _nearest(row["path"], at)) is not None}

    @cached_property
    def heads(self) -> dict[int, Counter[str]]:
        """By union: members on the day, and those among them that lines ask for."""
        since = months_later(self.day, -self._confirmed_months())
        held = self._members().values_list("organisation_id")
        counted = held.annotate(
            members=Count("*"),
            women=Count("pk", filter=Q(woman=True)),
            migrants=Count("pk", filter=Q(person__is_migrant=True)),
            dispatched=Count("pk", filter=Q(person__employment=Employment.DISPATCHED)),
            verified=Count("pk", filter=Q(person__id_index__isnull=False)),
            confirmed=Count("pk", filter=Q(person__confirmed_on__gt=since, person__confirmed_on__lte=self.day)),
        ).order_by()
        return self._rolled_up((pk, dict(zip(HEADS, numbers, strict=True))) for pk, *numbers in counted)

    @cached_property
    def staff(self) -> dict[int, Counter[str]]:
        """By union: the employers it covers, and their staff."""
        covered = self._coverage().values_list("organisation_id")
        counted = covered.annotate(
            employers=Count("pk"),
            staff=Sum("employer__headcount"),
            staff_women=Sum("employer__women"),
            staff_migrants=Sum("employer__migrants"),
            staff_dispatched=Sum("employer__dispatched"),
        ).order_by()
        return self._rolled_up((pk, dict(zip(STAFF, numbers, strict=True))) for pk, *numbers in counted)

    @cached_property
    def category(self) -> dict[int, str]:
        """By union: the category of its employer; `joint` for several, empty for none."""
        found: dict[int, set[str]] = defaultdict(set)
        many: Counter[int] = Counter()
        for pk, category in self._coverage().values_list("organisation_id", "employer__category"):
            found[pk].add(category)
            many[pk] += 1
        return {pk: "joint" if many[pk] > 1 else min(found.get(pk, {""})) for pk in self.unions}

    @cached_property
    def area(self) -> dict[int, int]:
        """By union: the area it is kept under."""
        return {pk: row["area_id"] for pk, row in self.unions.items()}

    @cached_property
    def area_names(self) -> dict[int, str]:
        return dict(Area.objects.values_list("pk", "name"))

    @cached_property
    def facts(self) -> list[UnionFacts]:
        """Every union with what the logic checks look at, by number."""
        committees = dict(
            self._posts()
            .filter(kind__in=COMMITTEE_POSTS)
            .values_list("organisation_id")
            .annotate(people=Count("person", distinct=True))
            .order_by()
        )
        terms = self._terms()
        rules = _Rules(self.rules)
        return [
            self._facts(pk, row, committees.get(pk, 0), terms.get(pk), rules)
            for pk, row in sorted(self.unions.items(), key=lambda one: str(one[1]["code"]))
        ]

    def _facts(
        self, pk: int, row: Mapping[str, Any], committee: int, term: tuple[date, int, date] | None, rules: _Rules
    ) -> UnionFacts:
        heads, staff = self.heads.get(pk, Counter()), self.staff.get(pk, Counter())
        place = (row["area__jurisdiction"], row["path"])
        return UnionFacts(
            pk=pk,
            name=row["name"],
            code=row["code"],
            type=OrganisationType(row["type"]),
            employers=staff["employers"],
            staff=staff["staff"],
            staff_women=staff["staff_women"],
            staff_migrants=staff["staff_migrants"],
            members=heads["members"],
            women=heads["women"],
            migrants=heads["migrants"],
            committee=committee,
            term=term,
            size_rule=rules.get("committee.size", *place),
            term_rule=rules.get("term.years", *place),
            joint_rule=rules.get("joint.employers", *place),
        )

    def _rolled_up(self, counted: Iterable[tuple[int, Mapping[str, int]]]) -> dict[int, Counter[str]]:
        found: dict[int, Counter[str]] = defaultdict(Counter)
        for pk, numbers in counted:
            found[self.union_of.get(pk, pk)].update(numbers)
        return found

    def _confirmed_months(self) -> int:
        place = place_of(self.organisation)
        return self.rules.find("member.confirmed_months", place).rule.number

    def _members(self) -> QuerySet[Membership]:
        rows: QuerySet[Membership] = Membership.objects.unscoped(reason=REASON)
        return rows.filter(on_day(self.day), standing=Standing.ACTIVE, organisation__in=self.inside)

    def _coverage(self) -> QuerySet[Coverage]:
        rows: QuerySet[Coverage] = Coverage.objects.unscoped(reason=REASON)
        return rows.filter(on_day(self.day), organisation__in=self.inside)

    def _posts(self) -> QuerySet[Post]:
        rows: QuerySet[Post] = Post.objects.unscoped(reason=REASON)
        return rows.filter(on_day(self.day), organisation__in=self.inside)

    def _terms(self) -> dict[int, tuple[date, int, date]]:
        rows = Term.objects.unscoped(reason=REASON).filter(
            Q(ended_on=None) | Q(ended_on__gt=self.day), starts_on__lte=self.day, organisation__in=self.inside
        )
        ordered = rows.order_by("organisation_id", "number")
        return {pk: told for pk, *told in ordered.values_list("organisation_id", "starts_on", "years", "due_on")}

    def figures(self) -> dict[str, int]:
        """Every figure that a form may ask for, by its key."""
        return {
            **self._organisation_figures(),
            **self._election_figures(),
            **self._head_figures(),
            **self._flow_figures(),
            **self._officer_figures(),
            **{flag: sum(row[flag] for row in self.unions.values()) for flag in FLAGS},
        }

    def _organisation_figures(self) -> dict[str, int]:
        kinds = Counter(row["type"] for row in self.rows.values())
        ends = self._between("organisation__dissolved_on")
        gone = Placement.objects.unscoped(reason=REASON).filter(
            path_range(self.path or "~", "path"), ends, ends_on=F("organisation__dissolved_on"),
            organisation__type__in=UNION_TYPES,
        )  # fmt: skip
        covered = self._coverage().values("employer").distinct()
        due = coverage_by_area(self.day, self.organisation.path or "").values()
        new = self.placements.filter(self._between("organisation__founded_on"), organisation__type__in=UNION_TYPES)
        return {
            "unions": len(self.unions),
            "unions_primary": kinds[OrganisationType.PRIMARY],
            "unions_joint": kinds[OrganisationType.JOINT],
            "unions_point": kinds[OrganisationType.ORGANISER_POINT],
            "branches": kinds[OrganisationType.BRANCH] + kinds[OrganisationType.GROUP],
            "above_primary": sum(kinds[kind] for kind in ABOVE_PRIMARY),
            "founded": new.count(),
            "dissolved": gone.count(),
            "employers": covered.count(),
            "employers_joint": covered.filter(organisation__type=OrganisationType.JOINT).count(),
            "employers_due": sum(one.due for one in due),
            "employers_organised": sum(one.organised for one in due),
        }

    def _election_figures(self) -> dict[str, int]:
        rows = Term.objects.unscoped(reason=REASON).filter(
            self._between("due_on"), organisation__in=self.inside, organisation__type__in=UNION_TYPES
        )
        posts = self._posts().filter(organisation__type__in=UNION_TYPES)
        with_chair = {
            "women_committees": PostKind.WOMEN_CHAIR,
            "audit_committees": PostKind.AUDIT_CHAIR,
            "chairs": PostKind.CHAIR,
        }
        return {
            "elections_due": rows.count(),
            "elections_held": rows.filter(ended_on__lte=F("due_on")).count(),
            "chairs_full": posts.filter(kind=PostKind.CHAIR, time=PostTime.FULL).count(),
            **{
                key: posts.filter(kind=kind).values("organisation").distinct().count()
                for key, kind in with_chair.items()
            },
        }

    def _head_figures(self) -> dict[str, int]:
        heads = _added(self.heads.values())
        staff = _added(self.staff.values())
        tags = PersonTag.objects.unscoped(reason=REASON)
        held = self._members().filter(person=OuterRef("person"))

        def tagged(groups: Iterable[str]) -> int:
            return tags.filter(Exists(held), tag__in=groups).values("person").distinct().count()

        joint = [self.heads[pk]["members"] for pk, row in self.unions.items() if row["type"] == OrganisationType.JOINT]
        return {
            **{key: staff[key] for key in STAFF if key != "employers"},
            "members": heads["members"],
            "members_women": heads["women"],
            "members_migrants": heads["migrants"],
            "members_dispatched": heads["dispatched"],
            "members_joint": sum(joint),
            "verified": heads["verified"],
            "confirmed": heads["confirmed"],
            "eight_groups": tagged(EIGHT_GROUPS),
            "new_employment": tagged(NEW_EMPLOYMENT),
        }

    def _flow_figures(self) -> dict[str, int]:
        rows = MembershipEvent.objects.unscoped(reason=REASON).filter(self._between("on"), organisation__in=self.inside)
        acts = dict(rows.order_by().values_list("act").annotate(number=Count("*")))
        return {
            "joined": acts.get(MembershipAct.APPROVED, 0),
            "left": sum(acts.get(act, 0) for act in LEFT),
        }

    def _officer_figures(self) -> dict[str, int]:
        posts = self._posts()
        people = posts.values("person")
        study = StudyRecord.objects.unscoped(reason=REASON).filter(self._between("starts_on"), person__in=people)
        valid = Q(expires_on=None) | Q(expires_on__gt=self.day)
        certificates = Qualification.objects.unscoped(reason=REASON).filter(
            valid, issued_on__lte=self.day, person__in=people
        )

        def different(rows: QuerySet[Any]) -> int:
            return rows.order_by().values("person").distinct().count()

        times = {f"officers_{time.value}": different(posts.filter(time=time)) for time in PostTime}
        return {
            **times,
            "officers": different(posts),
            "officers_women": different(posts.filter(person__sex=Sex.FEMALE)),
            "organisers": different(posts.filter(kind=PostKind.ORGANISER)),
            "trained": different(study),
            "training_hours": study.aggregate(hours=Sum("hours", default=0))["hours"],
            "certificates": different(certificates),
        }

    def _between(self, column: str) -> Q:
        return Q(**{f"{column}__gte": self.period.first, f"{column}__lte": self.period.last})


class _Rules:
    """Rules by place, each asked for once: without units' own rules, the jurisdiction alone decides."""

    def __init__(self, rules: Snapshot) -> None:
        self._rules = rules
        self._known: dict[tuple[str, str, str], Rule | None] = {}

    def get(self, rule_id: str, jurisdiction: str, path: str) -> Rule | None:
        key = (rule_id, jurisdiction, path if any(own.rule_id == rule_id for own in self._rules.own) else "")
        if key not in self._known:
            found = self._rules.get(rule_id, Place.of(jurisdiction, key[2]))
            self._known[key] = found.rule if found else None
        return self._known[key]


def _nearest(path: str, at: Mapping[str, int]) -> int | None:
    """The union at or above a path."""
    return next((at[path[:end]] for end in range(len(path), 0, -STEP) if path[:end] in at), None)


def _added(counters: Iterable[Counter[str]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for one in counters:
        found.update(one)
    return found


def _parts(
    facts: Sequence[UnionFacts], key: Callable[[UnionFacts], Any], label: Callable[[Any], str]
) -> Iterator[Part]:
    groups: dict[Any, list[UnionFacts]] = defaultdict(list)
    for one in facts:
        groups[key(one)].append(one)
    for group, some in sorted(groups.items()):
        yield Part(
            label(group),
            len(some),
            sum(one.members for one in some),
            sum(one.women for one in some),
            sum(one.staff for one in some),
        )


def _category_label(code: str) -> str:
    if code == "joint":
        return _("Several employers")
    return str(EmployerCategory(code).label) if code else _("Without an employer")

"""Reads of organising: leads, who covers which area, what nobody covers, how far leads come and what they earn."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Sum, Value, When

from shuniu.kernel.period import on_day
from shuniu.kernel.scope import Actor, Reach, path_range
from shuniu.registry.enums import ABOVE_PRIMARY, AreaKind, LeadState, OrganisationType, PostKind, Standing
from shuniu.registry.models import (
    Allowance,
    Area,
    Coverage,
    Employer,
    Lead,
    LeadStep,
    Membership,
    Organisation,
    Post,
    Territory,
)
from shuniu.registry.places import place_of
from shuniu.registry.queries.limits import rule_for
from shuniu.registry.rules.organising import (
    DECISIONS,
    ENROLLED,
    FOUNDED,
    OPEN_STATES,
    STAGES,
    LeadCase,
    Reached,
    Stage,
    funnel,
)
from shuniu.rulebook.public import NoRuleError, Rule, Verdict, check, find

RESPONSIBLE = (OrganisationType.TOWN, OrganisationType.FEDERATION)
"""The bodies that answer for an area, the nearer one first."""
MAP = "the map and who answers for its areas are known to everybody who organises there"
WORKED = "who worked on a lead that the caller may see"


def leads(actor: Actor) -> QuerySet[Lead]:
    """The leads an actor may see, with what a line of the list shows."""
    rows = Lead.objects.visible_to(actor)
    related = rows.select_related("employer__area", "territory__area", "organiser__person", "founded")
    return related.defer(*_sealed(person="organiser__person", bodies=("territory", "founded")))


def _sealed(*, person: str, bodies: Sequence[str]) -> list[str]:
    """The sealed columns of a joined person and of joined bodies: nobody here needs to open them."""
    numbers = [f"{person}__{name}" for name in ("id_number", "mobile")]
    return numbers + [f"{body}__{name}" for body in bodies for name in ("contact_phone", "bank_account")]


def case_of(lead: Lead) -> LeadCase:
    """What the flow of leads looks at: the state as the caller saw it, the people as they are now."""
    organiser = Lead.objects.unscoped(reason=WORKED).filter(pk=lead.pk).values_list("organiser__person_id", flat=True)
    steps = LeadStep.objects.unscoped(reason=WORKED).filter(lead=lead, by_id__isnull=False).exclude(step__in=DECISIONS)
    workers = frozenset(steps.values_list("by_id", flat=True))
    return LeadCase(LeadState(lead.state), workers, organiser.first())


def founded_here(lead: Lead) -> bool:
    """Whether the lead's union was founded by it, rather than joined."""
    return LeadStep.objects.unscoped(reason=WORKED).filter(lead=lead, step="found").exists()


def members_of(union: Organisation, day: date) -> int:
    """Full members of one union on `day`."""
    rows = Membership.objects.unscoped(reason="a total without a person in it")
    return rows.filter(on_day(day), organisation=union, standing=Standing.ACTIVE).count()


def steps_of(lead: Lead) -> QuerySet[LeadStep]:
    """The steps of a lead, the latest first."""
    return LeadStep.objects.unscoped(reason=WORKED).filter(lead=lead).order_by("-on", "-pk")


def furthest(lead: Lead) -> int:
    """The place among the stages of the furthest one a lead came to."""
    states = set(LeadStep.objects.unscoped(reason=WORKED).filter(lead=lead).values_list("state", flat=True))
    return max((place for place, state in enumerate(STAGES) if state in states), default=0)


def verdicts(lead: Lead, day: date) -> list[Verdict]:
    """What the rules say of the employer of an open lead: whether it needs its own union, and how long it may take."""
    if lead.state not in OPEN_STATES:
        return []
    place = place_of(lead.territory)
    found = [
        check(find("committee.threshold", on=day, at=place).rule, lead.expected_members or lead.employer.headcount)
    ]
    opened = lead.employer.opened_on
    if opened and opened <= day:
        months = (day.year - opened.year) * 12 + day.month - opened.month - (day.day < opened.day)
        with suppress(NoRuleError):
            found.append(check(find("setup.duty_months", on=day, at=place).rule, months))
    return found


def covered_by(lead: Lead, day: date) -> Organisation | None:
    """The union that covers the employer of an open lead already, by another way than the lead."""
    if lead.state not in OPEN_STATES:
        return None
    rows = Coverage.objects.unscoped(reason=MAP).filter(on_day(day), employer=lead.employer_id)
    found = rows.select_related("organisation").first()
    return found.organisation if found else None


def results(lead: Lead, actor: Actor, day: date) -> dict[str, Any]:
    """What came of a lead that succeeded: its union's members, what was earned, and what may still be done."""
    if lead.founded is None:
        return {"earned": []}
    paid = list(Allowance.objects.unscoped(reason="what the lead that the caller sees has earned").filter(lead=lead))
    new = founded_here(lead) and lead.organiser is not None and not any(one.result == ENROLLED for one in paid)
    path = lead.territory.path or ""
    return {
        "earned": paid,
        "members": members_of(lead.founded, day),
        "may_open": actor.may_at("organisation.view", lead.founded.path or ""),
        "may_enrol": actor.may_at("member.edit", lead.founded.path or ""),
        "may_settle": new and actor.may_at("lead.approve", path),
    }


def employers_to_organise(actor: Actor) -> QuerySet[Employer]:
    """Employers on the ground where the actor works on leads."""
    rows = Employer.objects.unscoped(reason="narrowed to the ground on which the actor works on leads")
    return rows.filter(actor.reach("lead.edit").condition("territory__path")).select_related("area", "territory")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An employer found by name: who covers it, or which lead is open about it."""

    employer: Employer
    union: Organisation | None
    lead: Lead | None


def employers_named(actor: Actor, name: Q, day: date, limit: int = 20) -> list[Candidate]:
    """The employers that match, in operation on `day`, with what stands in the way of a new lead."""
    rows = employers_to_organise(actor).filter(name, Q(closed_on=None) | Q(closed_on__gt=day))
    employers = list(rows.order_by("name", "pk")[:limit])
    covered = Coverage.objects.unscoped(reason=MAP).filter(on_day(day), employer__in=employers)
    unions = {one.employer_id: one.organisation for one in covered.select_related("organisation")}
    waiting = Lead.objects.unscoped(reason=MAP).filter(state__in=OPEN_STATES, employer__in=employers)
    leads_by_employer = {lead.employer_id: lead for lead in waiting}
    return [Candidate(one, unions.get(one.pk), leads_by_employer.get(one.pk)) for one in employers]


def areas_within(reach: Reach) -> list[Area]:
    """The areas that the bodies at the top of a reach answer for, with all their parts; the whole map for the site."""
    areas = list(Area.objects.order_by("code"))
    if reach.everything:
        return areas
    tops = Organisation.objects.unscoped(reason=MAP).filter(path__in=reach.paths).values_list("area_id", flat=True)
    inside = set(tops)
    parts: dict[int | None, list[int]] = defaultdict(list)
    for area in areas:
        parts[area.parent_id].append(area.pk)
    todo = list(inside)
    while todo:
        todo = [part for area in todo for part in parts[area] if part not in inside]
        inside.update(todo)
    return [area for area in areas if area.pk in inside]


@dataclass(frozen=True, slots=True)
class Covered:
    """An area on a day: its organisers, and what there is to organise."""

    area: Area
    organisers: tuple[Territory, ...]
    leads: int
    employers: int
    """Employers without a union that have at least the number of staff at which one must be set up."""

    @property
    def is_gap(self) -> bool:
        return not self.organisers


def coverage_on(day: date, actor: Actor, threshold: int) -> list[Covered]:
    """The towns, streets and zones an actor answers for, with who organises there on `day`; gaps first."""
    areas = [area for area in areas_within(actor.reach("lead.view")) if area.kind != AreaKind.DISTRICT]
    organisers = _organisers_by_area(day)
    open_leads = _count_by_area(Lead.objects.visible_to(actor).filter(state__in=OPEN_STATES), "employer__area")
    without = _count_by_area(employers_without(day, actor, threshold), "area")
    found = [
        Covered(area, tuple(organisers.get(area.pk, ())), open_leads.get(area.pk, 0), without.get(area.pk, 0))
        for area in areas
    ]
    return sorted(found, key=lambda one: not one.is_gap)


def uncovered(actor: Actor, day: date) -> list[Area]:
    """The towns, streets and zones for which an actor decides and in which nobody organises on `day`."""
    held = set(_organisers_by_area(day))
    areas = areas_within(actor.reach("lead.approve"))
    return [area for area in areas if area.kind != AreaKind.DISTRICT and area.pk not in held]


def _organisers_by_area(day: date) -> dict[int, list[Territory]]:
    rows = Territory.objects.unscoped(reason=MAP).filter(on_day(day), on_day(day, "post__"))
    found: dict[int, list[Territory]] = defaultdict(list)
    held = rows.select_related("post__person", "post__organisation").order_by("starts_on", "pk")
    for territory in held.defer(*_sealed(person="post__person", bodies=["post__organisation"])):
        found[territory.area_id].append(territory)
    return found


def _count_by_area(rows: QuerySet[Lead] | QuerySet[Employer], column: str) -> dict[int, int]:
    return dict(rows.order_by().values_list(column).annotate(Count("pk", distinct=True)))


def employers_without(day: date, actor: Actor, threshold: int) -> QuerySet[Employer]:
    """Employers in operation with at least `threshold` staff, without a union on `day` and without an open lead."""
    covered = Coverage.objects.unscoped(reason=MAP).filter(on_day(day), employer=OuterRef("pk"))
    lead = Lead.objects.unscoped(reason=MAP).filter(employer=OuterRef("pk"), state__in=OPEN_STATES)
    return Employer.objects.visible_to(actor).filter(
        ~Exists(covered),
        ~Exists(lead),
        Q(closed_on=None) | Q(closed_on__gt=day),
        headcount__gte=threshold,
    )


def organisers(day: date, actor: Actor) -> QuerySet[Post]:
    """The organisers in post on `day` that an actor may give leads or areas to."""
    reach = actor.reach("lead.view")
    here = Q(territories__area__in=[area.pk for area in areas_within(reach)]) & on_day(day, "territories__")
    posts = Post.objects.unscoped(reason=MAP).filter(on_day(day), kind=PostKind.ORGANISER)
    found = posts.filter(reach.condition("organisation__path") | here).distinct()
    return found.select_related("person", "organisation").defer(*_sealed(person="person", bodies=["organisation"]))


def own_posts(day: date, actor: Actor) -> list[Post]:
    """The posts as organiser that the person behind an account holds on `day`."""
    if actor.person_id is None:
        return []
    posts = Post.objects.unscoped(reason="one's own posts").filter(
        on_day(day), kind=PostKind.ORGANISER, person_id=actor.person_id
    )
    return list(posts.select_related("organisation").order_by("pk"))


def areas_of(posts: Iterable[Post], day: date) -> list[Area]:
    """The areas for which any of the posts answers on `day`."""
    held = Territory.objects.unscoped(reason=MAP).filter(on_day(day), post__in=list(posts))
    return list(Area.objects.filter(pk__in=held.values("area_id")).order_by("code"))


def in_hand(rows: QuerySet[Lead]) -> QuerySet[Lead]:
    """The open leads among `rows`, the furthest first, then the oldest."""
    place = Case(*(When(state=state, then=Value(number)) for number, state in enumerate(STAGES)), default=Value(0))
    return rows.filter(state__in=OPEN_STATES).annotate(place=place).order_by("-place", "opened_on", "pk")


def counts(rows: QuerySet[Lead], day: date) -> dict[str, int]:
    """How many leads are open, are late for their visit, wait for approval, and were founded in the year of `day`."""
    return rows.aggregate(
        open=Count("pk", filter=Q(state__in=OPEN_STATES)),
        late=Count("pk", filter=Q(state__in=OPEN_STATES, next_on__lt=day)),
        waiting=Count("pk", filter=Q(state=LeadState.PREPARING)),
        founded=Count("pk", filter=Q(state=LeadState.FOUNDED, closed_on__year=day.year)),
    )


def threshold_rule(actor: Actor, day: date) -> Rule:
    """The rule that says from how many on an employer should have a union, where the actor works."""
    return rule_for(actor, "lead.view", "committee.threshold", day)


def first_choice(actor: Actor, day: date, area: Area | None) -> Post | None:
    """Who is proposed for a new lead: an organiser herself, else the area's only organiser."""
    own = own_posts(day, actor)
    if own or area is None:
        return own[0] if own else None
    posts = Post.objects.unscoped(reason=MAP).filter(on_day(day), kind=PostKind.ORGANISER)
    there: list[Post] = list(posts.filter(on_day(day, "territories__"), territories__area=area).distinct()[:2])
    return there[0] if len(there) == 1 else None


def body_of(area: Area, day: date, reach: Reach) -> Organisation | None:
    """The union body within reach that answers for an area: a town's own, else that of the area it is part of."""
    standing = Organisation.objects.unscoped(reason=MAP).filter(reach.condition("path"), dissolved_on__gt=day)
    place: Area | None = area
    while place:
        here: list[Organisation] = list(standing.filter(area=place, type__in=RESPONSIBLE).order_by("path"))
        if here:
            return min(here, key=lambda body: (RESPONSIBLE.index(OrganisationType(body.type)), body.path or ""))
        place = place.parent
    return None


def superiors(actor: Actor, day: date) -> QuerySet[Organisation]:
    """Bodies above primary unions below which an actor may found unions."""
    rows = Organisation.objects.visible_to(actor).filter(actor.reach("organisation.restructure").condition("path"))
    return rows.filter(type__in=ABOVE_PRIMARY, dissolved_on__gt=day).order_by("path")


def companions(lead: Lead) -> QuerySet[Employer]:
    """Other employers of the lead's area with open leads, which a joint union may cover as well."""
    waiting = Lead.objects.unscoped(reason=MAP).filter(state__in=OPEN_STATES, employer=OuterRef("pk"))
    near = Employer.objects.unscoped(reason="employers of the lead's own area, for those who found its union")
    rows = near.filter(Exists(waiting), area=lead.employer.area)
    return rows.exclude(pk=lead.employer_id).order_by("name", "pk")


def joint_unions(lead: Lead, day: date) -> QuerySet[Organisation]:
    """Joint unions in the ground of the lead's territory, which its employer may join."""
    rows = Organisation.objects.unscoped(reason="unions below the body that answers for the lead")
    place = path_range(lead.territory.path or "", "path")
    return rows.filter(place, type=OrganisationType.JOINT, dissolved_on__gt=day).order_by("name", "pk")


@dataclass(frozen=True, slots=True)
class Flowed:
    """The funnel of the leads opened in a period; `name` is the area or organiser, empty for all of them."""

    name: str
    stages: tuple[Stage, ...]
    closed: int

    @property
    def opened(self) -> int:
        return self.stages[0].reached

    @property
    def founded(self) -> int:
        return self.stages[-1].reached


@dataclass(slots=True)
class _Group:
    steps: list[Reached] = field(default_factory=list)
    closed: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Funnels:
    """The funnel of a period as a whole, by area and by organiser."""

    whole: Flowed
    by_area: tuple[Flowed, ...]
    by_organiser: tuple[Flowed, ...]


def funnels(actor: Actor, first: date, last: date, *, area: Area | None = None) -> Funnels:
    """How far the leads came that were opened from `first` to `last`, both days included."""
    rows = LeadStep.objects.visible_to(actor).filter(lead__opened_on__gte=first, lead__opened_on__lte=last)
    if area:
        rows = rows.filter(lead__employer__area=area)
    found = rows.order_by("pk").values_list(
        "lead_id", "state", "on", "lead__employer__area__name", "lead__organiser__person__name"
    )
    steps = [(Reached(pk, LeadState(state), on), place, name or "") for pk, state, on, place, name in found]
    whole = _grouped((step, "") for step, _place, _name in steps)
    return Funnels(
        whole=whole[0] if whole else Flowed("", funnel(()), 0),
        by_area=_grouped((step, place) for step, place, _name in steps),
        by_organiser=_grouped((step, name) for step, _place, name in steps),
    )


def _grouped(steps: Iterable[tuple[Reached, str]]) -> tuple[Flowed, ...]:
    groups: dict[str, _Group] = defaultdict(_Group)
    for step, name in steps:
        groups[name].steps.append(step)
        if step.state is LeadState.CLOSED:
            groups[name].closed.add(step.lead_id)
    made = [Flowed(name, funnel(group.steps), len(group.closed)) for name, group in groups.items()]
    return tuple(sorted(made, key=lambda one: (-one.opened, one.name)))


def allowances(actor: Actor, first: date, last: date) -> QuerySet[Allowance]:
    """What leads earned from `first` to `last`, both days included."""
    rows = Allowance.objects.visible_to(actor).filter(on__gte=first, on__lte=last)
    related = rows.select_related("post__person", "post__organisation", "lead__employer")
    return related.defer(*_sealed(person="post__person", bodies=["post__organisation"]))


@dataclass(frozen=True, slots=True)
class Earned:
    """What one organiser earned in a period; the amount in fen."""

    post_id: int
    name: str
    organisation: str
    unions: int
    members: int
    amount: int


def earned(rows: QuerySet[Allowance]) -> list[Earned]:
    """The sum of allowances by organiser, the highest first."""
    sums = (
        rows.order_by()
        .values_list("post_id", "post__person__name", "post__organisation__name")
        .annotate(
            unions=Sum("quantity", filter=Q(result=FOUNDED), default=0),
            members=Sum("quantity", filter=Q(result=ENROLLED), default=0),
            fen=Sum("amount"),
        )
    )
    return sorted((Earned(*one) for one in sums), key=lambda one: (-one.amount, one.name, one.post_id))


def due_visits(rows: QuerySet[Lead], day: date, days: int) -> QuerySet[Lead]:
    """Open leads whose next visit is overdue or falls within the next `days` days, the earliest first."""
    return rows.filter(state__in=OPEN_STATES, next_on__lte=day + timedelta(days=days)).order_by("next_on", "pk")

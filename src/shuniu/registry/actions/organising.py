"""What is done with organising leads and with the areas of organisers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shuniu.kernel import trail
from shuniu.kernel.errors import ActionError
from shuniu.kernel.flow import Transition
from shuniu.kernel.guards import refuse_future, require
from shuniu.kernel.period import FOREVER
from shuniu.kernel.scope import Actor
from shuniu.kernel.text import initials, normal, prose
from shuniu.kernel.web.formats import date_text
from shuniu.registry import founding
from shuniu.registry.actions.organisations import founded
from shuniu.registry.enrolling import enrol
from shuniu.registry.enums import EmployerCategory, Industry, LeadSource, LeadState, OrganisationType, PostKind
from shuniu.registry.founding import Founding
from shuniu.registry.guards import credit_code, refuse_employers
from shuniu.registry.models import Allowance, Area, Coverage, Employer, Lead, LeadStep, Organisation, Post, Territory
from shuniu.registry.places import place_of
from shuniu.registry.queries.organising import case_of, founded_here, members_of
from shuniu.registry.rules.organising import (
    ENROLLED,
    FOUNDED,
    LEADS,
    NEEDS_REASON,
    OPEN_STATES,
    STEPS,
    LeadCase,
)
from shuniu.registry.rules.pasting import Pasted
from shuniu.rulebook.public import NoRuleError, find

REASON = "the action has checked the actor's right"


@dataclass(frozen=True, slots=True)
class NewEmployer:
    """An employer met for the first time, as far as an organiser at the door knows it."""

    name: str
    category: EmployerCategory
    industry: Industry
    area: Area
    territory: Organisation
    headcount: int
    credit_code: str = ""
    address: str = ""


@transaction.atomic(durable=True)
def open_lead(
    *,
    actor: Actor,
    now: datetime,
    employer: Employer | NewEmployer,
    source: LeadSource,
    on: date,
    expected_members: int = 0,
    organiser: Post | None = None,
    next_on: date | None = None,
    note: str = "",
) -> Lead:
    """Begin to organise an employer, who is entered in the registry on the way where nobody knows it yet.

    Raises:
        PermissionDenied: the actor may not work on leads where the employer lies.
        ActionError: the employer has a union or an open lead already, has closed, or is known under this name or code.
    """
    require(actor, "lead.edit", employer.territory)
    refuse_future(on, now)
    if isinstance(employer, NewEmployer):
        employer = _enter_employer(employer)
    _refuse_organised(employer, on)
    try:
        with transaction.atomic():
            lead = Lead.everything.create(
                employer=employer,
                territory=employer.territory,
                organiser=organiser,
                source=source,
                opened_on=on,
                expected_members=expected_members,
                next_on=next_on,
                note=prose(note),
            )
    except IntegrityError as error:
        raise ActionError(_("{employer} has an open lead already.").format(employer=employer)) from error
    _step(lead, "open", LeadState.NEW, on=on, note=note, actor=actor)
    after = {"employer": employer.name, "source": source, "organiser": _named(organiser)}
    trail.record("lead.opened", lead, actor=actor, now=now, after=after)
    return lead


def _enter_employer(new: NewEmployer) -> Employer:
    code = credit_code(new.credit_code)
    known = Employer.objects.unscoped(reason="an employer is entered once, wherever it lies").filter(closed_on=None)
    same = known.filter(credit_code=code) if code else known.filter(name=normal(new.name), area=new.area)
    if other := same.first():
        raise ActionError(_("{employer} is in the registry already. Choose it from the list.").format(employer=other))
    return Employer.everything.create(
        credit_code=code,
        name=normal(new.name),
        initials=initials(normal(new.name)),
        category=new.category,
        industry=new.industry,
        area=new.area,
        territory=new.territory,
        headcount=new.headcount,
        address=normal(new.address),
    )


def _refuse_organised(employer: Employer, on: date) -> None:
    if employer.closed_on and employer.closed_on <= on:
        raise ActionError(_("{employer} closed on {day}.").format(employer=employer, day=date_text(employer.closed_on)))
    covered = Coverage.objects.unscoped(reason=REASON).filter(employer=employer, ends_on=FOREVER)
    if other := covered.select_related("organisation").first():
        raise ActionError(
            _("{employer} is covered by {union} already.").format(employer=employer, union=other.organisation)
        )


@transaction.atomic(durable=True)
def take_step(
    *, actor: Actor, now: datetime, lead: Lead, step: str, on: date, note: str, next_on: date | None = None
) -> None:
    """Take one of the steps that are a day and a note: visit, consent, prepare, send_back, close.

    Raises:
        PermissionDenied: the actor may not take it where the lead lies.
        ActionError: the lead has moved on, the day does not fit, the actor may not decide on her own work, or a
            reason is missing.
    """
    if step not in STEPS:
        raise ActionError(_("This step is taken on a page of its own."))
    target = LeadState(str(_checked(step, lead, actor).target))
    if step in NEEDS_REASON and not prose(note):
        raise ActionError(_("Please say why."))
    ended = {"closed_on": on, "next_on": None} if target is LeadState.CLOSED else {"next_on": next_on}
    _move(lead, step, target, on=on, note=note, actor=actor, now=now, **ended)
    trail.record(_VERBS[step], lead, actor=actor, now=now, after={"state": target, "on": on}, detail=_why(note))


_VERBS = {
    "visit": "lead.visited",
    "consent": "lead.consented",
    "prepare": "lead.prepared",
    "send_back": "lead.sent_back",
    "close": "lead.closed",
}


@transaction.atomic(durable=True)
def approve_lead(*, actor: Actor, now: datetime, lead: Lead, on: date, approval_number: str, note: str = "") -> None:
    """Approve that the union be founded (Trade Union Law, art. 12: by the union one level up).

    Raises:
        PermissionDenied: the actor may not approve where the lead lies.
        ActionError: the actor worked on the lead herself, the lead has moved on, or the number is missing.
    """
    _checked("approve", lead, actor)
    number = normal(approval_number)
    if not number:
        raise ActionError(_("An approval has a number."))
    _move(lead, "approve", LeadState.APPROVED, on=on, note=note, actor=actor, now=now, approval_number=number)
    trail.record("lead.approved", lead, actor=actor, now=now, after={"approval": number, "on": on}, detail=_why(note))


@transaction.atomic(durable=True)
def found_union(
    *,
    actor: Actor,
    now: datetime,
    lead: Lead,
    what: Founding,
    others: Sequence[Employer] = (),
    members: Sequence[Pasted] = (),
) -> Organisation:
    """Found the union that was approved, for the lead's employer and, as a joint union, for others.

    `members` are admitted on its first day. Other employers' open leads are closed, since the new union covers them.
    The organiser earns her allowance.

    Raises:
        PermissionDenied: the actor may not restructure, or admit members, where the lead lies or at the superior.
        ActionError: the lead is not approved, the union cannot be founded like this, or somebody cannot be admitted.
    """
    _checked("found", lead, actor)
    require(actor, "organisation.restructure", what.parent)
    employers = [lead.employer, *(employer for employer in others if employer != lead.employer)]
    refuse_employers(what.type, len(employers), at=place_of(lead.territory), on=what.on)
    what = replace(what, approval_number=lead.approval_number, credit_code=credit_code(what.credit_code or ""))
    union = founding.found(what)
    founding.cover(union, employers, on=what.on)
    _end_well(lead, "found", union, on=what.on, actor=actor, now=now)
    _close_others(employers, union, on=what.on, actor=actor)
    _record_allowance(lead, FOUNDED, 1, on=what.on)
    told = founded(what) | {"employers": [employer.name for employer in employers]}
    trail.record("organisation.founded", union, actor=actor, now=now, after=told, detail={"lead": lead.pk})
    if members:
        _enrol(union, members, on=what.on, actor=actor, now=now)
    trail.record("lead.founded", lead, actor=actor, now=now, after={"union": union.name, "on": what.on})
    return union


@transaction.atomic(durable=True)
def enrol_members(*, actor: Actor, now: datetime, lead: Lead, members: Sequence[Pasted], on: date) -> int:
    """Admit people to the union that a lead has founded; how many.

    Raises:
        PermissionDenied: the actor may not admit members there.
        ActionError: there is no union yet, nobody was named, or somebody cannot be admitted.
    """
    if lead.founded is None:
        raise ActionError(_("No union was founded by this lead."))
    if not members:
        raise ActionError(_("Please name at least one person."))
    return _enrol(lead.founded, members, on=on, actor=actor, now=now)


def _enrol(union: Organisation, members: Sequence[Pasted], *, on: date, actor: Actor, now: datetime) -> int:
    require(actor, "member.edit", union)
    if not union.founded_on <= on < union.dissolved_on:
        raise ActionError(_("{union} did not exist on {day}.").format(union=union, day=date_text(on)))
    people = enrol(union, members, on=on, now=now)
    trail.record("member.enrolled", union, actor=actor, now=now, after={"members": len(people), "on": on})
    return len(people)


@transaction.atomic(durable=True)
def join_union(*, actor: Actor, now: datetime, lead: Lead, union: Organisation, on: date, note: str = "") -> None:
    """Let a joint union that exists already cover the lead's employer. It earns no allowance for a founding.

    Raises:
        PermissionDenied: the actor may not restructure where the lead lies, or at the union.
        ActionError: the lead has not come so far, or the union is no joint union in being.
    """
    _checked("join", lead, actor)
    require(actor, "organisation.restructure", union)
    if union.type != OrganisationType.JOINT or not union.founded_on <= on < union.dissolved_on:
        raise ActionError(_("{union} is not a joint union that existed on that day.").format(union=union))
    founding.cover(union, [lead.employer], on=on)
    _end_well(lead, "join", union, on=on, actor=actor, now=now, note=note)
    trail.record("lead.joined", lead, actor=actor, now=now, after={"union": union.name, "on": on}, detail=_why(note))


def _end_well(
    lead: Lead, step: str, union: Organisation, *, on: date, actor: Actor, now: datetime, note: str = ""
) -> None:
    ended = {"founded": union, "closed_on": on, "next_on": None}
    _move(lead, step, LeadState.FOUNDED, on=on, note=note, actor=actor, now=now, **ended)
    lead.refresh_from_db()


def _close_others(employers: Sequence[Employer], union: Organisation, *, on: date, actor: Actor) -> None:
    rows = Lead.objects.unscoped(reason=REASON).filter(employer__in=employers, state__in=OPEN_STATES)
    for other in rows:
        rows.filter(pk=other.pk).update(state=LeadState.CLOSED, closed_on=on, next_on=None)
        note = _("{union} covers this employer now.").format(union=union)
        _step(other, "close", LeadState.CLOSED, on=on, note=note, actor=actor)


@transaction.atomic(durable=True)
def settle_enrolment(*, actor: Actor, now: datetime, lead: Lead, on: date) -> Allowance:
    """Count the members that the founded union has on the day `on`, and record what they earn the organiser; once.

    Raises:
        PermissionDenied: the actor may not decide on leads there.
        ActionError: no union was founded by this lead, it has no organiser or members, it was settled already, or the
            actor is the organiser herself.
    """
    require(actor, "lead.approve", lead.territory)
    refuse_future(on, now)
    if lead.founded is None or not founded_here(lead):
        raise ActionError(_("No union was founded by this lead."))
    if lead.organiser is None:
        raise ActionError(_("This lead has no organiser."))
    if actor.person_id is not None and actor.person_id == lead.organiser.person_id:
        raise ActionError(_("This is your own allowance. Somebody else has to settle it."))
    members = members_of(lead.founded, on)
    if not members:
        raise ActionError(_("{union} has no members yet.").format(union=lead.founded))
    allowance = _record_allowance(lead, ENROLLED, members, on=on)
    if allowance is None:
        raise ActionError(_("No rule says what a member enrolled earns."))
    after = {"members": members, "amount": allowance.amount, "rule": allowance.rule_id}
    trail.record("allowance.settled", lead, actor=actor, now=now, after=after)
    return allowance


def _record_allowance(lead: Lead, result: str, quantity: int, *, on: date) -> Allowance | None:
    """What a result earns by the rule in force on the day; None without an organiser or without a rule."""
    if lead.organiser is None:
        return None
    try:
        rule = find(f"organiser.allowance.{result}", on=on, at=place_of(lead.territory)).rule
    except NoRuleError:
        return None
    try:
        with transaction.atomic():
            return Allowance.everything.create(
                lead=lead,
                post=lead.organiser,
                result=result,
                quantity=quantity,
                amount=rule.number * quantity,
                rule_id=rule.id,
                on=on,
            )
    except IntegrityError as error:
        raise ActionError(_("This has been settled already.")) from error


@transaction.atomic(durable=True)
def add_note(*, actor: Actor, now: datetime, lead: Lead, on: date, note: str, next_on: date | None = None) -> None:
    """Keep what was said on a further contact; the lead stays where it is.

    Raises:
        PermissionDenied: the actor may not work on the lead.
        ActionError: the lead is closed, the note is empty, or the day lies in the future.
    """
    require(actor, "lead.edit", lead.territory)
    if lead.state not in OPEN_STATES:
        raise ActionError(_("This lead is closed."))
    if not prose(note):
        raise ActionError(_("Please write what was said."))
    refuse_future(on, now)
    Lead.objects.unscoped(reason=REASON).filter(pk=lead.pk).update(next_on=next_on)
    _step(lead, "note", LeadState(lead.state), on=on, note=note, actor=actor)
    trail.record("lead.noted", lead, actor=actor, now=now, after={"next_on": next_on}, detail=_why(note))


@transaction.atomic(durable=True)
def assign_lead(*, actor: Actor, now: datetime, lead: Lead, organiser: Post) -> None:
    """Give a lead to another organiser.

    Raises:
        PermissionDenied: the actor may not work on the lead.
        ActionError: the lead is closed, or the post is not that of an organiser in office.
    """
    require(actor, "lead.edit", lead.territory)
    if lead.state not in OPEN_STATES:
        raise ActionError(_("This lead is closed."))
    _refuse_other_post(organiser, timezone.localtime(now).date())
    Lead.objects.unscoped(reason=REASON).filter(pk=lead.pk).update(organiser=organiser)
    before, after = {"organiser": _named(lead.organiser)}, {"organiser": _named(organiser)}
    trail.record("lead.assigned", lead, actor=actor, now=now, before=before, after=after)


@transaction.atomic(durable=True)
def assign_territory(*, actor: Actor, now: datetime, post: Post, area: Area, on: date) -> Territory:
    """Let an organiser answer for an area from the day `on`.

    Raises:
        PermissionDenied: the actor may not decide on leads where the organiser's post lies.
        ActionError: the post is not that of an organiser in office, or she answers for the area already.
    """
    require(actor, "lead.approve", post.organisation)
    _refuse_other_post(post, on)
    try:
        with transaction.atomic():
            territory = Territory.everything.create(post=post, area=area, starts_on=on)
    except IntegrityError as error:
        raise ActionError(_("{name} answers for {area} already.").format(name=_named(post), area=area)) from error
    after = {"organiser": _named(post), "area": area.name, "on": on}
    trail.record("territory.assigned", territory, actor=actor, now=now, after=after)
    return territory


@transaction.atomic(durable=True)
def end_territory(*, actor: Actor, now: datetime, territory: Territory, on: date) -> None:
    """End an organiser's answering for an area on the day `on`.

    Raises:
        PermissionDenied: the actor may not decide on leads where the organiser's post lies.
        ActionError: it has ended already, or began on that day or later.
    """
    require(actor, "lead.approve", territory.post.organisation)
    if on <= territory.starts_on:
        raise ActionError(_("It began on {day}; the end must be later.").format(day=date_text(territory.starts_on)))
    ended = Territory.objects.unscoped(reason=REASON).filter(pk=territory.pk, ends_on=FOREVER).update(ends_on=on)
    if not ended:
        raise ActionError(_("This has ended already."))
    detail = {"organiser": _named(territory.post), "area": territory.area.name}
    trail.record("territory.ended", territory, actor=actor, now=now, after={"ends_on": on}, detail=detail)


def _checked(step: str, lead: Lead, actor: Actor) -> Transition[LeadCase]:
    return LEADS.check(step, case_of(lead), actor, lead.territory.path or "")


def _move(
    lead: Lead, step: str, target: LeadState, *, on: date, note: str, actor: Actor, now: datetime, **changes: object
) -> None:
    """Bring a lead to its next state, if nobody else did so first."""
    refuse_future(on, now)
    last = LeadStep.objects.unscoped(reason=REASON).filter(lead=lead).order_by("-on").first()
    if last and on < last.on:
        raise ActionError(_("The last step was on {day}; this one cannot be earlier.").format(day=date_text(last.on)))
    rows = Lead.objects.unscoped(reason=REASON).filter(pk=lead.pk, state=lead.state)
    if not rows.update(state=target, **changes):
        raise ActionError(_("Somebody else has moved this lead on in the meantime. Look at it again."))
    _step(lead, step, target, on=on, note=note, actor=actor)


def _step(lead: Lead, step: str, state: LeadState, *, on: date, note: str, actor: Actor) -> None:
    LeadStep.everything.create(
        lead=lead, step=step, state=state, on=on, by_id=actor.user_id, by_name=actor.name, note=prose(note)
    )


def _refuse_other_post(post: Post, day: date) -> None:
    if post.kind != PostKind.ORGANISER or not post.holds_on(day):
        raise ActionError(_("{name} is not an organiser in office on that day.").format(name=_named(post)))


def _named(post: Post | None) -> str:
    return post.person.name if post else ""


def _why(note: str) -> dict[str, str]:
    return {"note": prose(note)} if prose(note) else {}

"""Posts of officers, their certificates, and what they studied."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from shuniu.kernel import trail
from shuniu.kernel.errors import ActionError, FieldError
from shuniu.kernel.guards import require
from shuniu.kernel.period import FOREVER
from shuniu.kernel.scope import Actor
from shuniu.kernel.web.formats import date_text
from shuniu.registry.enums import PostKind, PostTime, QualificationKind, Standing
from shuniu.registry.identity import refuse_day
from shuniu.registry.models import Organisation, Person, Post, Qualification, StudyRecord
from shuniu.registry.people import locked
from shuniu.registry.posts import end_post as close_post
from shuniu.registry.rules.officers import STAFF_POSTS, excluded

REASON = "the action has checked the right at the post's organisation"


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a certificate says. `expires_on` is None where it never expires."""

    kind: QualificationKind
    number: str
    issued_on: date
    expires_on: date | None = None
    level: str = ""
    issuer: str = ""


@dataclass(frozen=True, slots=True)
class Study:
    """A course, visit or class: what, when, for how many hours."""

    title: str
    starts_on: date
    hours: int
    provider: str = ""
    result: str = ""


@transaction.atomic(durable=True)
def appoint(
    person: Person, organisation: Organisation, kind: PostKind, time: PostTime, *, on: date, actor: Actor, now: datetime
) -> Post:
    """Give somebody a post from the day `on`.

    Raises:
        PermissionDenied: the actor may not record officers there.
        ActionError: the post is for members only, is held already, or excludes another post of hers.
    """
    require(actor, "officer.edit", organisation)
    person = locked(person)
    _refuse_person(person, organisation, kind, on, now)
    if kind is PostKind.CHAIR:
        _refuse_second_chair(organisation, on)
    post = _create(person, organisation, kind, time, on)
    _tell("officer.appointed", post, actor, now, on=on)
    return post


@transaction.atomic(durable=True)
def replace_chair(
    person: Person, organisation: Organisation, time: PostTime, *, on: date, actor: Actor, now: datetime
) -> Post:
    """End the chair's post and give it to somebody else, on one day. Where there is no chair this appoints one.

    Raises:
        PermissionDenied: the actor may not record officers there.
        ActionError: the new chair cannot be one, or the old one took office that day or later.
    """
    require(actor, "officer.edit", organisation)
    person = locked(person)
    _refuse_person(person, organisation, PostKind.CHAIR, on, now)
    before = _chairs(organisation).filter(ends_on=FOREVER).select_for_update(of=("self",)).first()
    if before is not None:
        _refuse_early_end(before, on)
        close_post(before, on)
    _refuse_second_chair(organisation, on)
    post = _create(person, organisation, PostKind.CHAIR, time, on)
    _tell("officer.chair_replaced", post, actor, now, on=on, before=str(before.person) if before else "")
    return post


@transaction.atomic(durable=True)
def end_post(post: Post, *, on: date, actor: Actor, now: datetime) -> None:
    """End a post on the day `on`, and with it the areas an organiser holds by it.

    Raises:
        PermissionDenied: the actor may not record officers there.
        ActionError: the post has ended, began that day or later, or the day lies in the future.
    """
    post = Post.objects.unscoped(reason=REASON).select_related("organisation", "person").get(pk=post.pk)
    require(actor, "officer.edit", post.organisation)
    if not post.is_open:
        raise ActionError(_("This post ended on {day}.").format(day=date_text(post.ends_on)))
    refuse_day(on, None, now)
    _refuse_early_end(post, on)
    close_post(post, on)
    _tell("officer.ended", post, actor, now, on=on)


@transaction.atomic(durable=True)
def record_qualification(person: Person, certificate: Certificate, *, actor: Actor, now: datetime) -> Qualification:
    """Record a certificate that somebody holds.

    Raises:
        PermissionDenied: the actor may not record officers at the person's union.
        ActionError: the days do not fit, or the certificate is recorded already.
    """
    person = locked(person)
    require(actor, "officer.edit", person.home)
    _refuse_certificate(certificate, now)
    row = Qualification(person=person, **asdict(certificate))
    _save(row, _("A certificate of this kind and number is recorded already."))
    trail.record("qualification.recorded", person, actor=actor, now=now, after=asdict(certificate))
    return row


@transaction.atomic(durable=True)
def correct_qualification(row: Qualification, certificate: Certificate, *, actor: Actor, now: datetime) -> None:
    """Correct or renew a certificate. Raises as `record_qualification`."""
    person = locked(row.person)
    require(actor, "officer.edit", person.home)
    _refuse_certificate(certificate, now)
    before, after = _assign(row, asdict(certificate))
    _save(row, _("A certificate of this kind and number is recorded already."))
    trail.record("qualification.corrected", person, actor=actor, now=now, before=before, after=after)


@transaction.atomic(durable=True)
def record_study(people: Iterable[Person], study: Study, *, actor: Actor, now: datetime) -> int:
    """Record that people took part in one course; how many were not recorded for it yet.

    Raises:
        PermissionDenied: the actor may not record officers at the union of one of them.
        ActionError: the hours or the day do not fit.
    """
    crowd = list(people)
    require(actor, "officer.edit", *{person.home for person in crowd})
    _refuse_study(study, now)
    rows = StudyRecord.objects.unscoped(reason=REASON).filter(title=study.title, starts_on=study.starts_on)
    known = set(rows.filter(person__in=crowd).values_list("person_id", flat=True))
    new = [person for person in crowd if person.pk not in known]
    StudyRecord.everything.bulk_create(
        (StudyRecord(person=person, **asdict(study)) for person in new), ignore_conflicts=True
    )
    for person in new:
        trail.record("study.recorded", person, actor=actor, now=now, after=asdict(study))
    return len(new)


@transaction.atomic(durable=True)
def correct_study(row: StudyRecord, study: Study, *, actor: Actor, now: datetime) -> None:
    """Correct one record of study. Raises as `record_study`."""
    person = locked(row.person)
    require(actor, "officer.edit", person.home)
    _refuse_study(study, now)
    before, after = _assign(row, asdict(study))
    _save(row, _("This course is recorded for {name} already.").format(name=person.name))
    trail.record("study.corrected", person, actor=actor, now=now, before=before, after=after)


def _refuse_person(person: Person, organisation: Organisation, kind: PostKind, on: date, now: datetime) -> None:
    refuse_day(on, person.born_on, now)
    if not organisation.founded_on <= on < organisation.dissolved_on:
        raise FieldError("on", _("{union} did not exist on {day}.").format(union=organisation, day=date_text(on)))
    if kind not in STAFF_POSTS and person.standing != Standing.ACTIVE:
        raise FieldError(
            "person",
            _("{name} is no member now. Only members can be elected as “{post}”.").format(
                name=person.name, post=kind.label
            ),
        )
    rows = Post.objects.unscoped(reason=REASON).filter(person=person, organisation=organisation, ends_on__gt=on)
    held = {PostKind(value) for value in rows.values_list("kind", flat=True)}
    if clash := excluded(kind, held):
        raise FieldError(
            "kind",
            _("{name} is “{held}” of this union, and may not be “{post}” as well: who spends does not audit.").format(
                name=person.name, held=min(clash).label, post=kind.label
            ),
        )


def _chairs(organisation: Organisation) -> Any:
    rows = Post.objects.unscoped(reason=REASON).filter(organisation=organisation, kind=PostKind.CHAIR)
    return rows.select_related("person")


def _refuse_second_chair(organisation: Organisation, on: date) -> None:
    other = _chairs(organisation).filter(ends_on__gt=on).order_by("starts_on").first()
    if other is None:
        return
    if other.is_open:
        message = _("{name} is chair since {day}. Choose “Replace the chair” instead.")
        raise FieldError("kind", message.format(name=other.person.name, day=date_text(other.starts_on)))
    message = _("{name} was chair until {day}. A union has one chair at a time.")
    raise FieldError("on", message.format(name=other.person.name, day=date_text(other.ends_on)))


def _refuse_early_end(post: Post, on: date) -> None:
    if on <= post.starts_on:
        message = _("{name} took this post on {day}. It can end on a later day only.")
        raise FieldError("on", message.format(name=post.person.name, day=date_text(post.starts_on)))


def _create(person: Person, organisation: Organisation, kind: PostKind, time: PostTime, on: date) -> Post:
    post = Post(person=person, organisation=organisation, kind=kind, time=time, starts_on=on)
    _save(post, _("{name} holds this post already.").format(name=person.name))
    return post


def _refuse_certificate(certificate: Certificate, now: datetime) -> None:
    if certificate.issued_on > timezone.localtime(now).date():
        raise FieldError("issued_on", _("The day lies in the future."))
    if certificate.expires_on and certificate.expires_on <= certificate.issued_on:
        raise FieldError("expires_on", _("A certificate expires after the day it was issued on."))


def _refuse_study(study: Study, now: datetime) -> None:
    if study.starts_on > timezone.localtime(now).date():
        raise FieldError("starts_on", _("The day lies in the future."))
    if study.hours < 1:
        raise FieldError("hours", _("Study takes at least one hour."))


def _assign(row: Model, values: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Set the values on the row; those that differ, before and after."""
    before = {key: getattr(row, key) for key, value in values.items() if getattr(row, key) != value}
    for key, value in values.items():
        setattr(row, key, value)
    return before, {key: values[key] for key in before}


def _save(row: Model, refusal: str) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise ActionError(refusal) from error


def _tell(verb: str, post: Post, actor: Actor, now: datetime, **told: object) -> None:
    trail.record(verb, post, actor=actor, now=now, detail={"person": str(post.person), "post": post.kind, **told})

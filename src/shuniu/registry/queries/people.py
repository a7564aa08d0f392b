"""One person's record: what happened, what she holds, what she studied."""

from __future__ import annotations

from dataclasses import dataclass

from shuniu.kernel.scope import Actor
from shuniu.registry.enums import TransferState
from shuniu.registry.models import (
    MembershipEvent,
    Person,
    PersonTag,
    Post,
    Qualification,
    StudyRecord,
    Transfer,
)

REASON = "the caller has reached the person within the actor's sight"


@dataclass(frozen=True, slots=True)
class Record:
    """Everything that a person's page tells, newest first."""

    events: list[MembershipEvent]
    posts: list[Post]
    transfers: list[Transfer]
    qualifications: list[Qualification]
    studies: list[StudyRecord]
    tags: list[PersonTag]

    @property
    def open_transfer(self) -> Transfer | None:
        return next((one for one in self.transfers if one.state == TransferState.OPEN), None)


def record_of(person: Person) -> Record:
    """The record of somebody whom the caller may see, with whatever other unions have written in it."""
    mine = {"person": person}
    events = MembershipEvent.objects.unscoped(reason=REASON).filter(**mine).select_related("organisation")
    posts = Post.objects.unscoped(reason=REASON).filter(**mine).select_related("organisation")
    transfers = Transfer.objects.unscoped(reason=REASON).filter(**mine).select_related("origin", "destination")
    return Record(
        events=list(events.order_by("-on", "-id")),
        posts=list(posts.order_by("-ends_on", "-starts_on", "-pk")),
        transfers=list(transfers.order_by("-out_on", "-pk")),
        qualifications=list(Qualification.objects.unscoped(reason=REASON).filter(**mine).order_by("-issued_on", "-pk")),
        studies=list(StudyRecord.objects.unscoped(reason=REASON).filter(**mine).order_by("-starts_on", "-pk")),
        tags=list(PersonTag.objects.unscoped(reason=REASON).filter(**mine).order_by("tag")),
    )


def own_person(actor: Actor) -> Person | None:
    """The person behind the account, if she has a record."""
    rows = Person.objects.unscoped(reason="one's own row").select_related("home__area")
    found: Person | None = rows.filter(pk=actor.person_id).first() if actor.person_id else None
    return found


def people_chosen(actor: Actor, keys: list[str]) -> list[Person]:
    """The people of a choice on a list, those in sight; keys that are none are passed over."""
    numbers = [int(key) for key in keys if key.isascii() and key.isdigit() and len(key) < 19]
    rows = Person.objects.visible_to(actor).filter(pk__in=numbers)
    return list(rows.select_related("home").order_by("pk"))

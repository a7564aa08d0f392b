"""What goes over from one body to another when bodies merge, split or end: members, employers, guidance, open matters.

Shared code below the actions: call it inside the transaction of a use case that has checked its actor's right.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from shuniu.kernel.errors import ActionError
from shuniu.kernel.web.formats import date_text
from shuniu.registry.enums import LeadState, Standing, TransferState
from shuniu.registry.ledger import Entry, enter
from shuniu.registry.models import (
    Coverage,
    Employer,
    Guidance,
    Lead,
    Organisation,
    Person,
    Post,
    Term,
    Territory,
    Transfer,
)
from shuniu.registry.rules.handover import Fate

REASON = "handed over for a use case that has checked the actor's right"
WITH_A_UNION = (Standing.APPLIED, Standing.ACTIVE, Standing.RESERVED)


def people_of(organisation: Organisation) -> QuerySet[Person]:
    """Those who are with the union today: members, reserved members and applicants."""
    return Person.objects.unscoped(reason=REASON).filter(home=organisation, standing__in=WITH_A_UNION)


def hand_over_people(
    people: QuerySet[Person], source: Organisation, destination: Organisation, *, fate: Fate, on: date, reason: str
) -> int:
    """Enter what `fate` says for each of `people`; how many they were.

    Raises:
        ActionError: something was entered for one of them on a later day.
    """
    standings = list(people.order_by("pk").values_list("pk", "standing"))
    enter(
        [
            Entry(pk, place, act, on, reason)
            for pk, standing in standings
            for act, place in fate(Standing(standing), source.pk, destination.pk)
        ]
    )
    return len(standings)


def hand_over_employers(
    employers: Collection[int] | None, source: Organisation, destination: Organisation, on: date
) -> int:
    """Let `destination` cover the employers from `on` that `source` covered; None for all. How many they were."""
    held = _open(Coverage, on).filter(organisation=source)
    held = held if employers is None else held.filter(employer__in=employers)
    living = held.filter(Q(employer__closed_on=None) | Q(employer__closed_on__gt=on))
    going = set(living.values_list("employer_id", flat=True))
    end_periods(held, on)
    there = set(_open(Coverage, on).filter(organisation=destination).values_list("employer_id", flat=True))
    Coverage.everything.bulk_create(
        Coverage(organisation=destination, employer_id=pk, starts_on=on) for pk in sorted(going - there)
    )
    return len(going)


def hand_over_guidance(source: Organisation, destination: Organisation | None, on: date) -> None:
    """End the guidance that `source` gives, and let `destination` give it from `on`."""
    given = _open(Guidance, on).filter(parent=source)
    guided = [pk for pk in given.values_list("organisation_id", flat=True) if destination and pk != destination.pk]
    end_periods(given, on)
    Guidance.everything.bulk_create(Guidance(organisation_id=pk, parent=destination, starts_on=on) for pk in guided)


def hand_over_ground(source: Organisation, destination: Organisation) -> None:
    """Employers and open leads in whose ground `source` was responsible."""
    Employer.everything.filter(territory=source).update(territory=destination)
    done = (LeadState.FOUNDED, LeadState.CLOSED)
    Lead.everything.filter(territory=source).exclude(state__in=done).update(territory=destination)


def redirect_transfers(source: Organisation, destination: Organisation, on: date, answer: str) -> None:
    """Let open transfers from and to a body that was merged go on with its successor; one between the two is done."""
    waiting = Transfer.objects.unscoped(reason=REASON).filter(state=TransferState.OPEN)
    waiting.filter(origin=source, destination=destination).update(state=TransferState.RECEIVED, in_on=on, answer=answer)
    waiting.filter(origin=destination, destination=source).update(state=TransferState.WITHDRAWN, answer=answer)
    waiting.filter(origin=source).update(origin=destination)
    waiting.filter(destination=source).update(destination=destination)


def redirect_transfers_of(people: Collection[int], source: Organisation, destination: Organisation) -> None:
    """Let open transfers of people who were split off be issued by their new union."""
    waiting = Transfer.objects.unscoped(reason=REASON).filter(state=TransferState.OPEN)
    waiting.filter(person__in=people, origin=source).update(origin=destination)


def refuse_transfers(source: Organisation, superior: Organisation, answer: str) -> None:
    """Refuse open transfers to a body that ended; those from it are issued by the superior from now on."""
    waiting = Transfer.objects.unscoped(reason=REASON).filter(state=TransferState.OPEN)
    waiting.filter(destination=source).update(state=TransferState.REFUSED, answer=answer)
    waiting.filter(origin=source, destination=superior).update(state=TransferState.WITHDRAWN, answer=answer)
    waiting.filter(origin=source).update(origin=superior)


def close_offices(organisation: Organisation, on: date) -> None:
    """End the posts, the term, the coverage and the guidance of a body that ceases to exist on `on`.

    Raises:
        ActionError: a post or a term of it begins only then or later.
    """
    posts = _open(Post, on).filter(organisation=organisation)
    if posts.filter(starts_on__gte=on).exists():
        raise ActionError(
            _("Posts at {name} begin on {day} or later. End them first, or choose a later day.").format(
                name=organisation, day=date_text(on)
            )
        )
    terms = Term.objects.unscoped(reason=REASON).filter(organisation=organisation, ended_on=None)
    if terms.filter(starts_on__gt=on).exists():
        raise ActionError(_("The present term of {name} begins after that day.").format(name=organisation))
    end_periods(_open(Territory, on).filter(post__in=posts.values("pk")), on)
    posts.update(ends_on=on)
    terms.update(ended_on=on)
    end_periods(_open(Coverage, on).filter(organisation=organisation), on)
    end_periods(_open(Guidance, on).filter(organisation=organisation), on)


def end_periods(rows: QuerySet[Coverage] | QuerySet[Guidance] | QuerySet[Territory], on: date) -> None:
    """End periods on `on`; one that would have begun then or later holds on no day and is not kept."""
    keys = list(rows.values_list("pk", flat=True))
    ending = rows.model._default_manager.filter(pk__in=keys)
    ending.filter(starts_on__gte=on).delete()
    ending.filter(ends_on__gt=on).update(ends_on=on)


def _open(model: type, on: date) -> QuerySet:  # type: ignore[type-arg]
    return model.objects.unscoped(reason=REASON).filter(ends_on__gt=on)  # type: ignore[attr-defined,no-any-return]

"""What is done with the terms of committees (届): begin one by election, correct it, end it."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from shuniu.kernel import trail
from shuniu.kernel.errors import ActionError
from shuniu.kernel.guards import refuse_future, require
from shuniu.kernel.scope import Actor
from shuniu.kernel.text import prose
from shuniu.kernel.web.formats import date_text
from shuniu.registry.enums import OrganisationType
from shuniu.registry.guards import refuse_dissolved
from shuniu.registry.models import Organisation, Term
from shuniu.registry.places import place_of
from shuniu.registry.rules.terms import rule_of_years, years_later
from shuniu.rulebook.public import check, find

REASON = "the action has checked the actor's right"


@transaction.atomic(durable=True)
def start_term(*, actor: Actor, now: datetime, organisation: Organisation, on: date, years: int) -> Term:
    """Begin the term of a committee elected on a day; the present term ends on it.

    Raises:
        PermissionDenied: the actor may not edit the organisation.
        ActionError: the rule in force allows no such term, the day lies in the future or before the present term, or
            the organisation is dissolved or was founded later.
    """
    _check(actor, now, organisation, on, years)
    terms = _terms(organisation)
    present = terms.order_by("-number").first()
    if present and on <= present.starts_on:
        raise ActionError(
            _("The {number}th committee was elected on {day}; the next one must be elected later.").format(
                number=present.number, day=date_text(present.starts_on)
            )
        )
    terms.filter(ended_on=None).update(ended_on=on)
    term = Term.everything.create(
        organisation=organisation,
        number=present.number + 1 if present else 1,
        starts_on=on,
        years=years,
        due_on=years_later(on, years),
    )
    trail.record("term.started", organisation, actor=actor, now=now, after=_told(term))
    return term


@transaction.atomic(durable=True)
def correct_term(*, actor: Actor, now: datetime, organisation: Organisation, on: date, years: int) -> Term:
    """Correct the day of election and the length of the present term; the term before it ends on that day.

    Raises:
        PermissionDenied: the actor may not edit the organisation.
        ActionError: there is no term to correct, or as for `start_term`.
    """
    _check(actor, now, organisation, on, years)
    terms = _terms(organisation)
    present = terms.filter(ended_on=None).first()
    if present is None:
        raise ActionError(_("{name} has no committee in office.").format(name=organisation))
    former = terms.filter(number=present.number - 1).first()
    if former and on <= former.starts_on:
        raise ActionError(_("The committee before it was elected on {day}.").format(day=date_text(former.starts_on)))
    before = _told(present)
    present.starts_on, present.years, present.due_on = on, years, years_later(on, years)
    present.save(update_fields=["starts_on", "years", "due_on"])
    if former:
        terms.filter(pk=former.pk, ended_on__isnull=False).update(ended_on=on)
    trail.record("term.corrected", organisation, actor=actor, now=now, before=before, after=_told(present))
    return present


@transaction.atomic(durable=True)
def end_term(*, actor: Actor, now: datetime, organisation: Organisation, on: date, reason: str) -> None:
    """End the present term although no new committee was elected.

    Raises:
        PermissionDenied: the actor may not edit the organisation.
        ActionError: there is no term to end, or it began after that day, the day lies in the future, or the reason is
            missing.
    """
    require(actor, "organisation.edit", organisation)
    refuse_future(on, now)
    if not prose(reason):
        raise ActionError(_("Please say why."))
    ended = _terms(organisation).filter(ended_on=None, starts_on__lte=on).update(ended_on=on)
    if not ended:
        raise ActionError(_("{name} had no committee in office on that day.").format(name=organisation))
    detail = {"reason": prose(reason)}
    trail.record("term.ended", organisation, actor=actor, now=now, after={"ended_on": on}, detail=detail)


def _check(actor: Actor, now: datetime, organisation: Organisation, on: date, years: int) -> None:
    require(actor, "organisation.edit", organisation)
    refuse_dissolved(organisation)
    refuse_future(on, now)
    if on < organisation.founded_on:
        raise ActionError(_("{name} was founded after that day.").format(name=organisation))
    rule = rule_of_years(OrganisationType(organisation.type))
    verdict = check(find(rule, on=on, at=place_of(organisation)).rule, years)
    if verdict.ok is False:
        raise ActionError(verdict.sentence)


def _terms(organisation: Organisation) -> QuerySet[Term]:
    return Term.objects.unscoped(reason=REASON).filter(organisation=organisation)


def _told(term: Term) -> dict[str, object]:
    return {"number": term.number, "starts_on": term.starts_on, "years": term.years, "due_on": term.due_on}

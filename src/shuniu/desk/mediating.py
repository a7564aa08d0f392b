"""The steps of a mediation that its case's transitions bring about, and what its guards go by."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuniu.accounts.public import User
from shuniu.desk.casework import CaseError, Moved, register_effect, register_opening
from shuniu.desk.enums import Application, DisputeClass
from shuniu.desk.models import Case, Mediation, MediationAgreement, MediationTie
from shuniu.desk.rules.graph import register_guard
from shuniu.desk.rules.mediation import BINDING, CONSENTED, REPRESENTED, Tie, barred, guard
from shuniu.desk.standing import register_facts
from shuniu.hub.enums import ServiceKind
from shuniu.hub.public import conflicting_providers
from shuniu.kernel.period import on_day
from shuniu.kernel.scope import Actor
from shuniu.registry.public import Coverage, Person
from shuniu.rulebook.public import Verdict, check, find, place_of

GROUP = "mediation.group_people"
WHY = "ties bar somebody from a case, whatever the asking actor may see"


def register() -> None:
    """Called once, when the site starts."""
    register_opening(ServiceKind.MEDIATION, keep_mediation)
    register_facts(facts)
    register_guard(CONSENTED, gettext_lazy("The other side has consented"), guard(CONSENTED))
    register_guard(REPRESENTED, gettext_lazy("A large group has representatives"), guard(REPRESENTED))
    register_guard(BINDING, gettext_lazy("The agreement is signed by all and sealed"), guard(BINDING))
    register_effect("mediation.ask", gettext_lazy("Note that the other side was asked"), _ask)
    register_effect("mediation.accept", gettext_lazy("Note the day of acceptance"), _accept)
    register_effect("mediation.appoint", gettext_lazy("Bar a mediator with a tie to a side"), _appoint)
    register_effect("mediation.agree", gettext_lazy("Note the agreement"), _agree)
    register_effect("mediation.perform", gettext_lazy("Note that the agreement was performed"), _perform)
    register_effect("mediation.end", gettext_lazy("Note the end of the mediation"), _end)


def keep_mediation(case: Case, answers: Mapping[str, Any], actor: Actor, now: datetime) -> None:
    """What a new case of mediation has beside it, from the answers of its form."""
    dispute = answers.get("dispute")
    Mediation.everything.create(
        case=case,
        dispute=dispute if dispute in DisputeClass.values else DisputeClass.CONTRACT,
        application=Application.ORAL if answers.get("oral") else Application.WRITTEN,
        amount=int(answers.get("amount") or 0) * 100,
        people=max(int(answers.get("people") or 1), 1),
        known_on=_day(answers.get("since")),
        is_arrears=bool(answers.get("arrears")),
        employment_ended_on=_day(answers.get("left_on")),
        other_side=str(answers.get("other_side") or (case.employer.name if case.employer else "")),
        other_contact=str(answers.get("other_contact") or ""),
        received_on=timezone.localtime(now).date(),
    )


def facts(case: Case) -> frozenset[str]:
    """What the guards of a mediation go by."""
    if case.line.kind != ServiceKind.MEDIATION:
        return frozenset()
    row = Mediation.everything.filter(case=case).first()
    if row is None:
        return frozenset()
    found = {CONSENTED} if row.is_consented else set()
    if group_verdict(case, row, row.received_on).ok is not False:
        found.add(REPRESENTED)
    agreement = MediationAgreement.everything.filter(case=case).first()
    if agreement is not None and agreement.signatures.binding_on is not None:
        found.add(BINDING)
    return frozenset(found)


def group_verdict(case: Case, row: Mediation, on: date) -> Verdict:
    """Whether a group of so many workers must elect representatives, and has."""
    rule = find(GROUP, on=on, at=place_of(case.organisation)).rule
    return check(rule, row.people, done=bool(row.representatives))


def ties_of(case: Case, user: User, on: date) -> list[Tie]:
    """What ties an account to one of the sides of a mediation."""
    found = []
    if case.employer_id is not None:
        found += _ties_to_employer(case, case.employer_id, user, on)
    if _advised(case, user):
        found.append(Tie("advised", user.name))
    if MediationTie.everything.filter(case=case, user=user).exists():
        found.append(Tie("kin", user.name))
    return found


def _ties_to_employer(case: Case, employer_id: int, user: User, on: date) -> list[Tie]:
    found = []
    home = Person.objects.unscoped(reason=WHY).filter(pk=user.person_id).values_list("home_id", flat=True).first()
    covered = Coverage.objects.unscoped(reason=WHY).filter(on_day(on), employer_id=employer_id)
    if home is not None and covered.filter(organisation_id=home).exists():
        found.append(Tie("staff", user.name))
    if case.provider_id is not None and case.provider_id in conflicting_providers(employer_id, on):
        found.append(Tie("firm", user.name))
    return found


def _advised(case: Case, user: User) -> bool:
    """Whether somebody handled the case this one came from, or a case that the other side filed."""
    rows = Case.objects.unscoped(reason=WHY).filter(handler_id=user.pk).exclude(pk=case.pk)
    if case.origin_id is not None and rows.filter(pk=case.origin_id).exists():
        return True
    other = Mediation.everything.filter(case=case).values_list("other_person_id", flat=True).first()
    return other is not None and rows.filter(filer_id=other).exists()


def _rows(case: Case) -> Any:
    return Mediation.everything.filter(case=case)


def _ask(case: Case, moved: Moved) -> None:
    _rows(case).filter(asked_on=None).update(asked_on=_on(moved.now))


def _accept(case: Case, moved: Moved) -> None:
    _rows(case).update(accepted_on=_on(moved.now))


def _appoint(case: Case, moved: Moved) -> None:
    user = User.objects.filter(pk=case.handler_id).first() if case.handler_id else None
    if user is not None and (sentence := barred(ties_of(case, user, _on(moved.now)))):
        raise CaseError(sentence + " " + _("Appoint somebody else."))


def _agree(case: Case, moved: Moved) -> None:
    _finish(case, _on(moved.now), agreed_on=_on(moved.now))


def _end(case: Case, moved: Moved) -> None:
    _finish(case, _on(moved.now))


def _finish(case: Case, on: date, **more: Any) -> None:
    for row in _rows(case).filter(ended_on=None):
        _rows(case).update(ended_on=on, days=max((on - row.received_on).days, 0), **more)


def _perform(case: Case, moved: Moved) -> None:
    MediationAgreement.everything.filter(case=case, performed_on=None).update(performed_on=_on(moved.now))


def _on(now: datetime) -> date:
    return timezone.localtime(now).date()


def _day(text: object) -> date | None:
    return date.fromisoformat(str(text)) if text else None

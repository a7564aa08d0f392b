"""Who may be given work of a kind on a day, and why somebody may not."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from shuniu.hub.enums import PaperKind, ProviderKind, ProviderState, ServiceKind
from shuniu.hub.models import Absence, Conflict, Paper, Professional, Provider
from shuniu.hub.rules.vetting import vetting
from shuniu.kernel.period import on_day
from shuniu.kernel.web.formats import date_text

REASON = "whether somebody may be given work is asked by the actions that give it"


def fit_professionals(kind: str, on: date, provider_ids: Collection[int] | None = None) -> QuerySet[Professional]:
    """Everybody who may be given work of a kind on a day, with `provider`; of the given providers only, if any are given.

    Fit is who takes new work, is cleared for the kind, is not away, and holds the papers it needs, at a provider (and in
    a group) that is active and holds its own. Conflicts of interest are another question: `conflicting_providers`.
    """
    rows: QuerySet[Professional] = Professional.objects.unscoped(reason=REASON).select_related("provider")
    if provider_ids is not None:
        rows = rows.filter(provider_id__in=provider_ids)
    rows = rows.filter(is_active=True, provider__state=ProviderState.ACTIVE)
    rows = rows.filter(Q(provider__group=None) | Q(provider__group__state=ProviderState.ACTIVE))
    rows = serving(rows, kind).exclude(pk__in=Absence.everything.filter(on_day(on)).values("professional_id"))
    for paper in vetting().papers_for(kind):
        rows = rows.filter(Exists(_proving(on, paper).filter(professional=OuterRef("pk"))))
    return rows.filter(_with_provider_papers(on))


def serving(rows: QuerySet[Professional], kind: str) -> QuerySet[Professional]:
    """Those of `rows` that are cleared for a kind of service, on both databases."""
    told = Cast("serves", TextField())
    return rows.annotate(serves_told=told).filter(serves_told__contains=f'"{ServiceKind(kind).value}"')


def _with_provider_papers(on: date) -> Q:
    """Professionals whose provider holds what its kind must hold."""
    condition = Q(pk__in=[])
    for kind in ProviderKind:
        wanted = Q(provider__kind=kind)
        for paper in vetting().papers_of(kind):
            wanted &= Q(Exists(_proving(on, paper).filter(provider=OuterRef("provider_id"), professional=None)))
        condition |= wanted
    return condition


def _proving(on: date, kind: PaperKind) -> QuerySet[Paper]:
    rows: QuerySet[Paper] = Paper.everything.filter(
        kind=kind, issued_on__lte=on, good_until__gte=on, checked_at__isnull=False
    )
    return rows


def reason_not_to_serve(professional: Professional, kind: str, on: date) -> str:
    """Why a professional may not be given work of a kind on a day, as a sentence; empty where she may."""
    name = professional.name
    if reason := _reason_at_provider(professional, on):
        return reason
    if not professional.is_active:
        return _("{name} takes no new work.").format(name=name)
    if kind not in professional.serves:
        return _("{name} is not cleared for this service: {kind}.").format(name=name, kind=ServiceKind(kind).label)
    if Absence.everything.filter(on_day(on), professional=professional).exists():
        return _("{name} is away on {day}.").format(name=name, day=date_text(on))
    return _missing_paper(name, vetting().papers_for(kind), on, Paper.everything.filter(professional=professional))


def _reason_at_provider(professional: Professional, on: date) -> str:
    return reason_not_to_engage(professional.provider, on)


def reason_not_to_engage(provider: Provider, on: date) -> str:
    """Why a provider may neither bid nor be given work on a day, as a sentence; empty where it may."""
    for body in filter(None, (provider.group, provider)):
        if body.state != ProviderState.ACTIVE:
            told = _("{name} gets no new work: {state}.")
            return told.format(name=body.name, state=body.get_state_display())
    papers = Paper.everything.filter(provider=provider, professional=None)
    return _missing_paper(provider.name, vetting().papers_of(provider.kind), on, papers)


def _missing_paper(name: str, wanted: Iterable[PaperKind], on: date, papers: QuerySet[Paper]) -> str:
    """What is said of the first paper that is not good on the day."""
    wanted = sorted(wanted)
    held = list(papers.filter(kind__in=wanted).order_by("good_until")) if wanted else []
    for kind in wanted:
        of_kind = [one for one in held if one.kind == kind]
        if any(one.proves_on(on) for one in of_kind):
            continue
        last = of_kind[-1] if of_kind else None
        if last and last.good_until < on:
            told = _("{paper} of {name} was good until {day}. Until it is renewed there is no new work.")
            return told.format(paper=kind.label, name=name, day=date_text(last.good_until))
        return _("{name} has no checked paper of this kind: {paper}.").format(name=name, paper=kind.label)
    return ""


def conflicting_providers(employer_id: int, on: date) -> set[int]:
    """The providers that serve an employer on a day, whose people must not act against it."""
    rows = Conflict.objects.unscoped(reason=REASON).filter(on_day(on), employer_id=employer_id)
    return set(rows.values_list("provider_id", flat=True))

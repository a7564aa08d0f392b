"""Papers of providers and their people: handed in by one, compared with the original by another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuniu.hub.enums import PaperKind, ProviderState
from shuniu.hub.hands import require_hand, require_keeper
from shuniu.hub.models import Paper, Professional, Provider
from shuniu.hub.queries.warnings import hands_of, papers_to_warn_of
from shuniu.hub.rules.uploads import refusal_of
from shuniu.kernel import trail
from shuniu.kernel.errors import ActionError, FieldError
from shuniu.kernel.exchange.store import delete_upload, save_upload
from shuniu.kernel.guards import refuse_future
from shuniu.kernel.notices import notify
from shuniu.kernel.period import FOREVER
from shuniu.kernel.scope import Actor
from shuniu.kernel.text import normal
from shuniu.kernel.web.formats import date_text

PAPERS = "hub.papers"
"""Kind of the notices about papers that end."""
TITLE = gettext_lazy("{provider}: papers end from {day} on")
TEXT = gettext_lazy("Papers: {n}. Who holds a paper that has ended gets no new work until it is renewed and checked.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperDetails:
    """What a paper says. `good_until` is its last day; None for a paper without an end."""

    kind: PaperKind
    issued_on: date
    number: str = ""
    issuer: str = ""
    level: str = ""
    good_until: date | None = None
    professional: Professional | None = None


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that somebody hands in: its content and the name it came under."""

    content: BinaryIO
    name: str
    size: int


def hand_in_paper(
    provider: Provider, details: PaperDetails, upload: Upload | None = None, *, actor: Actor, now: datetime
) -> Paper:
    """Hand in a paper, with its picture where there is one. It proves nothing until somebody else has checked it.

    Raises:
        PermissionDenied: the actor neither keeps the register nor acts for the provider.
        FieldError: a day is wrong, the person is another provider's, or the file is not one that is taken.
    """
    require_hand(actor, provider)
    _refuse_paper(provider, details, upload, now)
    return _keep(provider, details, upload, actor, now)


def attach_to_application(
    provider: Provider, details: PaperDetails, upload: Upload | None = None, *, actor: Actor, now: datetime
) -> Paper:
    """Hand in a paper with an application that was made just now, by somebody who may be nobody's account.

    Raises:
        ActionError: the provider is no applicant any more.
        FieldError: as `hand_in_paper`.
    """
    if provider.state != ProviderState.APPLIED:
        raise ActionError(_("The application is being vetted already."))
    _refuse_paper(provider, details, upload, now)
    return _keep(provider, details, upload, actor, now)


def _refuse_paper(provider: Provider, details: PaperDetails, upload: Upload | None, now: datetime) -> None:
    try:
        refuse_future(details.issued_on, now)
    except ActionError as error:
        raise FieldError("issued_on", str(error)) from error
    if details.good_until and details.good_until < details.issued_on:
        raise FieldError("good_until", _("The paper ends before it begins."))
    if details.professional and details.professional.provider_id != provider.pk:
        raise FieldError("professional", _("This person works for another provider."))
    if upload and (sentence := refusal_of(upload.name, upload.size, upload.content.read(16))):
        raise FieldError("file", sentence)
    if upload:
        upload.content.seek(0)


def _keep(provider: Provider, details: PaperDetails, upload: Upload | None, actor: Actor, now: datetime) -> Paper:
    """Store the file and the row, or neither."""
    stored = save_upload(upload.content) if upload else None
    try:
        return _write(provider, details, stored.id if stored else "", upload.name if upload else "", actor, now)
    except BaseException:
        if stored:
            delete_upload(stored.id)
        raise


@transaction.atomic(durable=True)
def _write(
    provider: Provider, details: PaperDetails, file_id: str, file_name: str, actor: Actor, now: datetime
) -> Paper:
    paper: Paper = Paper.everything.create(
        provider=provider,
        professional=details.professional,
        kind=details.kind,
        level=normal(details.level),
        number=normal(details.number),
        issuer=normal(details.issuer),
        issued_on=details.issued_on,
        good_until=details.good_until or FOREVER,
        file_id=file_id,
        file_name=normal(file_name)[-120:],
        entered_by_id=actor.user_id,
    )
    told = {"paper": str(details.kind), "good_until": paper.good_until}
    trail.record("paper.handed_in", provider, actor=actor, now=now, detail=told)
    return paper


@transaction.atomic(durable=True)
def check_paper(paper: Paper, *, actor: Actor, now: datetime) -> None:
    """Say that a paper was compared with the original. A second press changes nothing.

    Raises:
        PermissionDenied: the actor does not keep the register.
        ActionError: the actor has handed it in.
    """
    require_keeper(actor, paper.provider)
    if paper.entered_by_id is not None and paper.entered_by_id == actor.user_id:
        raise ActionError(_("You have handed in this paper. Somebody else must check it."))
    rows = Paper.objects.unscoped(reason="the right was checked at its provider")
    if rows.filter(pk=paper.pk, checked_at=None).update(checked_by_id=actor.user_id, checked_at=now):
        told = {"paper": paper.kind, "good_until": paper.good_until}
        trail.record("paper.checked", paper.provider, actor=actor, now=now, detail=told)


@transaction.atomic(durable=True)
def warn_of_papers(*, actor: Actor, now: datetime) -> int:
    """Tell managers and those who keep the register of papers that end: so many days before, as the rule says, and on
    the day after. Each warning of a paper goes out once; how many papers were told of.
    """
    today = timezone.localtime(now).date()
    due = papers_to_warn_of(today)
    for provider, found in due.items():
        first = min(found, key=lambda one: one.paper.good_until).paper
        values = {"provider": provider.name, "n": len(found), "day": date_text(first.good_until)}
        url = reverse("hub:provider", args=[provider.pk]) + "#papers"
        notify(hands_of(provider, today), kind=PAPERS, title=TITLE, text=TEXT, values=values, url=url, now=now)
        for one in found:
            Paper.everything.filter(pk=one.paper.pk).update(warned_days=one.days)
    return sum(map(len, due.values()))

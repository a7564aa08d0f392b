"""The story of one union body, as its timeline tells it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shuniu.kernel.models import TrailEntry
from shuniu.kernel.period import FOREVER
from shuniu.registry.enums import OrganisationType, PostKind
from shuniu.registry.models import Coverage, Guidance, Organisation, Placement, Post, Succession, Term

REASON = "the caller has reached the organisation within the actor's sight"
NAMED = 3
"""Employers named in one line; further ones are counted."""


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened to a body on a day. `organisation_id`: another body it is about."""

    on: date
    title: str
    text: str = ""
    tone: str = "neutral"
    organisation_id: int | None = None


def history(organisation: Organisation, *, officers: bool) -> list[Happening]:
    """What happened to an organisation, the latest first. `officers`: whether the reader may see who chaired it."""
    told = [
        *_beginning_and_end(organisation),
        *_places(organisation),
        *_successions(organisation),
        *_terms(organisation),
        *_guidance(organisation),
        *_coverage(organisation),
        *_edits(organisation),
        *(_chairs(organisation) if officers else ()),
    ]
    return sorted(told, key=lambda happening: happening.on, reverse=True)


def _beginning_and_end(organisation: Organisation) -> Iterator[Happening]:
    number = organisation.approval_number
    text = _("Approval {number}").format(number=number) if number else ""
    yield Happening(organisation.founded_on, _("Founded"), text, "good")
    if organisation.is_dissolved:
        yield Happening(organisation.dissolved_on, _("Dissolved"), tone="bad")


def _places(organisation: Organisation) -> Iterator[Happening]:
    rows = Placement.objects.unscoped(reason=REASON).filter(organisation=organisation).order_by("starts_on")
    for before, after in pairwise(rows.select_related("parent")):
        if before.parent_id != after.parent_id:
            title = _("Moved from {former} to {parent}").format(former=before.parent, parent=after.parent)
            yield Happening(after.starts_on, title, tone="active", organisation_id=after.parent_id)


def _successions(organisation: Organisation) -> Iterator[Happening]:
    rows = Succession.objects.unscoped(reason=REASON).select_related("predecessor", "successor")
    for row in rows.filter(Q(predecessor=organisation) | Q(successor=organisation)):
        merged, went = row.kind == "merged", row.predecessor_id == organisation.pk
        other = row.successor if went else row.predecessor
        if went:
            title = _("Merged into {name}") if merged else _("{name} was split off")
        else:
            title = _("Took over {name}") if merged else _("Split off from {name}")
        yield Happening(row.on, title.format(name=other), "", "active", other.pk)


def _terms(organisation: Organisation) -> Iterator[Happening]:
    for term in Term.objects.unscoped(reason=REASON).filter(organisation=organisation):
        title = _("Committee {number} elected for {years} years").format(number=term.number, years=term.years)
        yield Happening(term.starts_on, title)


def _guidance(organisation: Organisation) -> Iterator[Happening]:
    rows = Guidance.objects.unscoped(reason=REASON).filter(organisation=organisation).select_related("parent")
    for row in rows:
        yield Happening(
            row.starts_on, _("Guided in its work by {name}").format(name=row.parent), organisation_id=row.parent_id
        )
        if row.ends_on != FOREVER:
            yield Happening(row.ends_on, _("No longer guided by {name}").format(name=row.parent))


def _coverage(organisation: Organisation) -> Iterator[Happening]:
    rows = list(
        Coverage.objects.unscoped(reason=REASON)
        .filter(organisation=organisation)
        .order_by("starts_on", "employer__name")
        .values_list("starts_on", "ends_on", "employer__name")
    )
    for on, names in _by_day((starts, name) for starts, _ends, name in rows):
        yield Happening(on, _("Covers {employers}").format(employers=_listed(names)))
    for on, names in _by_day(sorted((ends, name) for _starts, ends, name in rows if ends != FOREVER)):
        yield Happening(on, _("No longer covers {employers}").format(employers=_listed(names)))


def _by_day(rows: Iterable[tuple[date, str]]) -> Iterator[tuple[date, list[str]]]:
    for on, group in groupby(rows, key=lambda row: row[0]):
        yield on, [name for _day, name in group]


def _listed(names: list[str]) -> str:
    named = pgettext("between items of a list", ", ").join(names[:NAMED])
    if len(names) <= NAMED:
        return named
    return _("{names} and others, {n} employers in all").format(names=named, n=len(names))


def _edits(organisation: Organisation) -> Iterator[Happening]:
    rows = TrailEntry.objects.filter(
        target_type="registry.organisation", target_id=organisation.pk, verb="organisation.edited"
    )
    for entry in rows.order_by("number"):
        yield from _renamed(timezone.localtime(entry.at).date(), entry.changes)


def _renamed(on: date, changes: dict[str, Any]) -> Iterator[Happening]:
    before, after = changes.get("before", {}), changes.get("after", {})
    if "name" in before:
        yield Happening(on, _("Renamed from {former} to {name}").format(former=before["name"], name=after["name"]))
    if "type" in before:
        former, kind = OrganisationType(before["type"]).label, OrganisationType(after["type"]).label
        yield Happening(on, _("Changed from “{former}” to “{kind}”").format(former=former, kind=kind))


def _chairs(organisation: Organisation) -> Iterator[Happening]:
    rows = Post.objects.unscoped(reason=REASON).filter(organisation=organisation, kind=PostKind.CHAIR)
    for row in rows.select_related("person"):
        yield Happening(row.starts_on, _("{name} became chair").format(name=row.person.name))
        if row.ends_on != FOREVER:
            yield Happening(row.ends_on, _("{name} ceased to be chair").format(name=row.person.name))

"""Papers whose end is to be called to mind, and whom it concerns."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from shuniu.accounts.public import holders
from shuniu.hub.models import Paper, Provider, ProviderStaff
from shuniu.hub.queries.providers import LIVE, WARNING, unrenewed
from shuniu.kernel.period import FOREVER
from shuniu.rulebook.public import find, place_of


@dataclass(frozen=True, slots=True)
class Ending:
    """A paper, and which warning of it is due: so many days before its end, 0 when it has ended."""

    paper: Paper
    days: int


def papers_to_warn_of(today: date) -> dict[Provider, list[Ending]]:
    """By provider, the papers of which a warning is due that has not gone out. The rule is that of the register."""
    rows = unrenewed(Paper.objects.unscoped(reason="the daily warning, to those who answer for each paper"))
    rows = rows.filter(good_until__lt=FOREVER, provider__state__in=LIVE).exclude(warned_days=0)
    found: dict[Provider, list[Ending]] = defaultdict(list)
    limits: dict[int, tuple[int, ...]] = {}
    for paper in rows.select_related("provider__organisation__area").order_by("pk").iterator(chunk_size=500):
        body = paper.provider.organisation
        if body.pk not in limits:
            limits[body.pk] = find(WARNING, on=today, at=place_of(body)).rule.numbers
        days = due_warning((paper.good_until - today).days, limits[body.pk])
        if days is not None and (paper.warned_days is None or days < paper.warned_days):
            found[paper.provider].append(Ending(paper, days))
    return found


def due_warning(left: int, limits: tuple[int, ...]) -> int | None:
    """The warning that is due with so many days left: the smallest limit not below them, 0 for none left, else None."""
    if left < 0:
        return 0
    return min((limit for limit in limits if left <= limit), default=None)


def hands_of(provider: Provider, today: date) -> list[int]:
    """The accounts that act for a provider or its group, and those that keep its register at the body itself."""
    keys = [key for key in (provider.pk, provider.group_id) if key]
    staff = ProviderStaff.everything.filter(provider_id__in=keys, ended_at=None).values_list("user_id", flat=True)
    keepers = holders("provider.edit", today, provider.organisation.path or "")
    return [*staff, *keepers.values_list("pk", flat=True)]

"""The public directory: services, who gives them, on what terms, and what those say who were served.

Pages and the machine-readable twin are made from the same values. Results are of the twelve whole months before the
present one: a figure that changed with every answer would tell whoever watches it what that answer was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.cache import cache
from django.utils.translation import gettext as _

from shuniu.desk.public import OnDuty, ServiceLine, on_duty_by_line
from shuniu.hub.enums import ServiceKind
from shuniu.hub.public import Offer, Provider, groups, kinds_served, members_of, offers
from shuniu.kernel.web.formats import month_text
from shuniu.voice.enums import Dimension
from shuniu.voice.public import Of, Result, result, results_by

KEPT = 600
"""Seconds that figures are kept in memory."""


@dataclass(frozen=True, slots=True)
class Window:
    """The months that results are of: from `start` up to but excluding `end`."""

    start: date
    end: date

    @classmethod
    def before(cls, today: date) -> Window:
        """The twelve whole months before the month of `today`."""
        end = today.replace(day=1)
        return cls(end.replace(year=end.year - 1), end)

    def of(self, **narrowed: Any) -> Of:
        """The ratings given in it."""
        return Of(start=self.start, end=self.end, **narrowed)

    @property
    def words(self) -> str:
        """Both months in words, as they stand beside a figure."""
        last = date(self.end.year - (self.end.month == 1), (self.end.month - 2) % 12 + 1, 1)
        return _("{first} to {last}").format(first=month_text(self.start), last=month_text(last))


@dataclass(frozen=True, slots=True)
class Service:
    """A service line as everybody may read it. Without `givers`, the union itself serves. `result`: None without ratings."""

    line: ServiceLine
    givers: tuple[Offer, ...]
    on_duty: tuple[OnDuty, ...]
    result: Result | None

    @property
    def kind_label(self) -> str:
        return kind_label(self.line.kind)


@dataclass(frozen=True, slots=True)
class Entry:
    """A provider as everybody may read it. A group stands for its firms."""

    provider: Provider
    kinds: tuple[str, ...]
    result: Result | None

    @property
    def kind_labels(self) -> list[str]:
        return [kind_label(kind) for kind in self.kinds]


def kind_label(kind: str) -> str:
    return str(ServiceKind(kind).label)


@dataclass(frozen=True, slots=True)
class Figures:
    """The results that may be shown: by service line and by provider."""

    lines: Mapping[str, Result]
    providers: Mapping[int, Result]

    @property
    def told(self) -> list[str]:
        """The lines whose result is shown. Providers are judged by these alone: else the difference between a provider's
        and a line's figures would tell what few people said of another line."""
        return [key for key, one in self.lines.items() if not one.is_hidden]


def figures(today: date) -> Figures:
    """The results of the window. They change once a month and are kept for ten minutes."""
    window = Window.before(today)
    key = f"portal.figures.{window.end}"
    known: Figures | None = cache.get(key)
    if known is None:
        known = _figures(window, today)
        cache.set(key, known, KEPT)
    return known


def _figures(window: Window, today: date) -> Figures:
    lines = {group.key: group.result for group in results_by(Dimension.LINE, window.of(), on=today)}
    told = Figures(lines, {}).told
    if not told:
        return Figures(lines, {})
    firms = {one.key: one.result for one in results_by(Dimension.PROVIDER, window.of(lines=told), on=today)}
    whole = {key: result(window.of(lines=told, providers=own), on=today) for key, own in groups().items()}
    return Figures(lines, firms | {key: one for key, one in whole.items() if one.n or one.is_hidden})


def services(lines: Sequence[ServiceLine], today: date) -> list[Service]:
    """The services of these lines, in a number of queries that does not depend on how many they are."""
    given = _by_service(offers(today, organisations={line.organisation_id for line in lines}))
    results = figures(today).lines
    on_duty = on_duty_by_line([line.pk for line in lines], today, today)
    return [
        Service(
            line,
            tuple(given.get((line.organisation_id, line.kind), ())),
            tuple(on_duty.get(line.pk, ())),
            results.get(line.key),
        )
        for line in lines
    ]


def entries(providers: Sequence[Provider], today: date) -> list[Entry]:
    """Providers with the services their people give and what those say who were served by them."""
    kinds = kinds_served([provider.pk for provider in providers])
    results = figures(today).providers
    return [
        Entry(provider, tuple(sorted(kinds.get(provider.pk, ()))), results.get(provider.pk)) for provider in providers
    ]


def firms_of(provider: Provider) -> list[Provider]:
    """The firms of a group; none for a firm."""
    return members_of(provider)


def _by_service(found: Iterable[Offer]) -> Mapping[tuple[int, str], list[Offer]]:
    given: dict[tuple[int, str], list[Offer]] = {}
    for offer in found:
        for kind in offer.kinds:
            given.setdefault((offer.organisation_id, kind), []).append(offer)
    return given

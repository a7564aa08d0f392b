"""What the ratings say: sums of indexed rows, held back where a group is too small."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncMonth

from shuniu.kernel.scope import Actor
from shuniu.rulebook.public import Place, find
from shuniu.voice.enums import CommentState, Dimension
from shuniu.voice.models import Invitation, Rating
from shuniu.voice.rules.figures import Result, held_back, result_of

MINIMUM = "group.suppression"
SUMS = "sums of groups that are large enough are for everybody; single answers are never returned"
COLUMNS = {
    Dimension.LINE: ("line", "line_name"),
    Dimension.PROVIDER: ("provider_id", "provider_name"),
    Dimension.PROFESSIONAL: ("professional_id", "professional_name"),
}


@dataclass(frozen=True, slots=True)
class Of:
    """Which ratings: given from `start` up to but excluding `end`; None leaves a choice open."""

    start: date | None = None
    end: date | None = None
    organisations: Collection[int] | None = None
    lines: Collection[str] | None = None
    kinds: Collection[str] | None = None
    providers: Collection[int] | None = None
    professionals: Collection[int] | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """One group of ratings with its key, its name and what may be said of it."""

    key: Any
    name: str
    result: Result


@dataclass(frozen=True, slots=True)
class Quote:
    """What somebody wrote, as a moderator worded it for the public. `month` is the first day of its month."""

    wording: str
    stars: int
    month: date


def result(of: Of, *, on: date, at: Place | None = None) -> Result:
    """What the ratings say of a service; held back where they are fewer than the rule asks for (`group.suppression`).

    `on` and `at` say which rule holds. One query, on an index of provider, professional or organisation.
    """
    rows = _chosen(Rating.objects.unscoped(reason=SUMS), of)
    return _result(_counted(rows), minimum_on(on, at), asked=_asked(of))


def results_by(
    dimension: Dimension, of: Of, *, on: date, at: Place | None = None, rows: QuerySet[Rating] | None = None
) -> list[Group]:
    """The results of each line, provider, professional or month, the most rated first (months in their order).

    Groups that are too small are held back, and with them as many others as it takes that no subtraction from the whole
    gives them away. `rows` narrows further, e.g. to what an actor may see.
    """
    chosen = _chosen(Rating.objects.unscoped(reason=SUMS) if rows is None else rows, of)
    counted: dict[Any, tuple[str, _Counts]] = {}
    for key, name, row in _by(dimension, chosen):
        counted.setdefault(key, (name, _Counts()))[1].add(row)
    minimum = minimum_on(on, at)
    hidden = held_back({key: counts.n for key, (_name, counts) in counted.items()}, minimum)
    groups = [
        Group(key, name, _result(counts, minimum, is_hidden=key in hidden)) for key, (name, counts) in counted.items()
    ]
    if dimension is Dimension.MONTH:
        return sorted(groups, key=lambda group: group.key)
    return sorted(groups, key=lambda group: (-group.result.n, group.name))


def result_of_rows(rows: QuerySet[Rating], of: Of, *, on: date, at: Place | None = None) -> Result:
    """As `result`, of rows that are narrowed already, e.g. to what an actor may see."""
    return _result(_counted(_chosen(rows, of)), minimum_on(on, at))


def stars_between(of: Of) -> tuple[int, int]:
    """Number of ratings and sum of their stars, for figures that are not shown by themselves, as a score's."""
    counts = _counted(_chosen(Rating.objects.unscoped(reason=SUMS), of))
    return counts.n, sum(stars * n for stars, n in enumerate(counts.spread, 1))


def stars_by(dimension: Dimension, of: Of) -> dict[Any, tuple[int, int]]:
    """As `stars_between`, for each key of a dimension, in one query."""
    counted: dict[Any, _Counts] = {}
    for key, _name, row in _by(dimension, _chosen(Rating.objects.unscoped(reason=SUMS), of)):
        counted.setdefault(key, _Counts()).add(row)
    return {key: (one.n, sum(stars * n for stars, n in enumerate(one.spread, 1))) for key, one in counted.items()}


def quotes(of: Of, *, most: int = 20) -> list[Quote]:
    """The latest public comments, in the wording of the moderators, with no more than the month they are from."""
    rows = _chosen(Rating.objects.unscoped(reason="wordings that a moderator made public"), of)
    found = rows.filter(comment_state=CommentState.PUBLISHED).order_by("-given_on", "pk")[:most]
    return [Quote(row.published, row.stars, row.given_on.replace(day=1)) for row in found]


def minimum_on(on: date, at: Place | None = None) -> int:
    """From how many people on figures are shown, by the rule."""
    return int(find(MINIMUM, on=on, at=at or Place.of()).rule.number)


def ratings(actor: Actor) -> QuerySet[Rating]:
    """The ratings of the services that the actor looks after."""
    return Rating.objects.visible_to(actor)


def comments_waiting(actor: Actor) -> QuerySet[Rating]:
    """The comments that the actor may moderate and nobody has looked at, with the organisation of the service."""
    reach = actor.reach("rating.moderate")
    rows = Rating.objects.unscoped(reason="the permission to moderate narrows the rows, not the one to see results")
    rows = rows.filter(comment_state=CommentState.WAITING).select_related("organisation")
    return rows.filter(reach.condition("organisation__path"))


class _Counts:
    """Ratings by stars, and what they said about being solved."""

    def __init__(self) -> None:
        self.spread = [0, 0, 0, 0, 0]
        self.solved = self.solved_asked = 0

    def add(self, row: Mapping[str, Any]) -> None:
        self.spread[row["stars"] - 1] += row["n"]
        self.solved += row["solved"]
        self.solved_asked += row["solved_asked"]

    @property
    def n(self) -> int:
        return sum(self.spread)


def _result(counts: _Counts, minimum: int, *, asked: int = 0, is_hidden: bool = False) -> Result:
    return result_of(
        counts.spread, minimum=minimum, solved=counts.solved, solved_asked=counts.solved_asked, asked=asked,
        is_hidden=is_hidden,
    )  # fmt: skip


def _counted(rows: QuerySet[Rating]) -> _Counts:
    counts = _Counts()
    for row in _summed(rows, "stars"):
        counts.add(row)
    return counts


def _by(dimension: Dimension, rows: QuerySet[Rating]) -> Iterable[tuple[Any, str, Mapping[str, Any]]]:
    """Key, latest known name and sums of each group and number of stars; ratings without the key are left out."""
    if dimension is Dimension.MONTH:
        for row in _summed(rows.annotate(month=TruncMonth("given_on")), "month", "stars"):
            yield row["month"], "", row
        return
    key, name = COLUMNS[dimension]
    for row in _summed(rows.exclude(**{key: None}), key, name, "stars"):
        yield row[key], row[name], row


def _summed(rows: QuerySet[Rating], *columns: str) -> Any:
    return rows.order_by().values(*columns).annotate(
        n=Count("pk"),
        solved=Count("pk", filter=Q(is_solved=True)),
        solved_asked=Count("pk", filter=Q(is_solved__isnull=False)),
    )  # fmt: skip


def _chosen(rows: QuerySet[Rating], of: Of) -> QuerySet[Rating]:
    wanted: dict[str, Any] = {
        "given_on__gte": of.start,
        "given_on__lt": of.end,
        "organisation__in": of.organisations,
        "line__in": of.lines,
        "kind__in": of.kinds,
        "provider_id__in": of.providers,
        "professional_id__in": of.professionals,
    }
    return rows.filter(**{key: value for key, value in wanted.items() if value is not None})


def _asked(of: Of) -> int:
    """How many were invited, where the choice can be read from invitations: a period and organisations."""
    if any((of.lines, of.kinds, of.providers, of.professionals)) or of.organisations is None:
        return 0
    rows = Invitation.objects.unscoped(reason=SUMS).filter(organisation__in=of.organisations)
    if of.start:
        rows = rows.filter(invited_on__gte=of.start)
    return (rows.filter(invited_on__lt=of.end) if of.end else rows).count()

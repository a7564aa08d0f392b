"""Cases as they are looked at: within sight, with what may be read of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from shuniu.desk.enums import Audience, LineRole
from shuniu.desk.models import Case, CaseFile, CaseStep, CaseWord, ReceiptTries, ServiceLine
from shuniu.desk.models.cases import SERVING
from shuniu.desk.receipts import WRONG_TRIES, read_receipt, receipt_hash, stretch
from shuniu.desk.sight import Sight
from shuniu.desk.words import hashes
from shuniu.kernel.scope import Actor
from shuniu.kernel.text import normal
from shuniu.registry.public import Person

RARE = 600
"""Cases that a word may have for their keys to be listed; a commoner word is asked of each row instead."""
FEW = 5


def cases(actor: Actor) -> QuerySet[Case]:
    """Every case in sight: numbers, states and times. What one says is asked of `Sight` row by row."""
    return (
        Case.objects.visible_to(actor)
        .select_related("line", "organisation", "version", "handler")
        .defer("version__setup", "line__setup")
    )


def own_cases(actor: Actor) -> QuerySet[Case]:
    """What the actor filed herself."""
    return cases(actor).filter(filer_id=actor.person_id) if actor.person_id is not None else cases(actor).none()


def handled_cases(actor: Actor) -> QuerySet[Case]:
    """What the actor handles."""
    return cases(actor).filter(handler_id=actor.user_id)


def lines(actor: Actor) -> QuerySet[ServiceLine]:
    """Lines whose cases the actor sees, by place or as staff."""
    staffed = Sight.of(actor).lines
    placed = actor.reach("case.view").condition("organisation__path")
    rows = ServiceLine.objects.unscoped(reason="narrowed to the actor's place and to the lines she works for")
    return (
        rows.filter(placed | Q(pk__in=list(staffed)))
        .select_related("organisation", "current")
        .defer("setup", "current__setup")
        .order_by("name", "pk")
    )


def lines_for(actor: Actor, path: str) -> QuerySet[ServiceLine]:
    """Lines that a member at this place of the tree may turn to."""
    above = [path[:end] for end in range(4, len(path) + 1, 4)]
    rows = ServiceLine.objects.unscoped(reason="everybody may know what her unions offer her")
    return rows.filter(organisation__path__in=above, is_open=True, current__isnull=False).select_related(
        "organisation", "current"
    )


def anonymous_lines() -> QuerySet[ServiceLine]:
    """Lines to which anybody may write without a name."""
    rows = ServiceLine.objects.unscoped(reason="the whole world may know where to write")
    open_ones = rows.filter(takes_anonymous=True, is_open=True, current__isnull=False)
    return (
        open_ones.select_related("organisation", "current")
        .defer("setup", "current__setup")
        .order_by("organisation__path", "name")
    )


def entry_lines(actor: Actor) -> list[ServiceLine]:
    """Lines for which the actor may enter cases of others."""
    sight = Sight.of(actor)
    staffed = [pk for pk, roles in sight.lines.items() if roles & {LineRole.DISPATCHES, LineRole.SUPERVISES}]
    rows = ServiceLine.objects.unscoped(reason="narrowed to where the actor enters cases")
    rows = (
        rows.filter(is_open=True, current__isnull=False)
        .select_related("organisation", "current")
        .defer("setup", "current__setup")
    )
    return list(
        rows.filter(actor.reach("case.enter").condition("organisation__path") | Q(pk__in=staffed)).order_by("name")
    )


def people_to_enter(actor: Actor) -> QuerySet[Person]:
    """Members whom the actor may enter cases for. She names them in full: there is no list of them for her."""
    rows = Person.objects.unscoped(reason="narrowed to where the actor enters cases; found by full name or number only")
    return rows.filter(actor.reach("case.enter").condition("home__path")).select_related("home")


def with_words(rows: QuerySet[Case], text: str) -> QuerySet[Case]:
    """The rows whose title has every two neighbouring characters of the text; by number where it reads like one."""
    typed = normal(text)
    if typed[-5:].isascii() and any(c.isdigit() for c in typed):
        return rows.filter(number__prefix=typed.upper().replace(" ", ""))
    wanted = hashes(text)
    if not wanted:
        return rows.none() if typed else rows
    rare = _rare(wanted)
    if rare is not None:
        rows, wanted = rows.filter(pk__in=rare[1]), [word for word in wanted if word != rare[0]]
    for word in wanted:
        rows = rows.filter(pk__in=CaseWord.everything.filter(word=word).values("case_id"))
    return rows


def _rare(words: Iterable[bytes]) -> tuple[bytes, list[int]] | None:
    """A word that few cases have, with their keys."""
    for word in words:
        keys = list(CaseWord.everything.filter(word=word).values_list("case_id", flat=True)[: RARE + 1])
        if len(keys) <= RARE:
            return word, keys
    return None


def history(case: Case, *, serves: bool) -> list[CaseStep]:
    """What happened, newest first; internal lines only for those who serve the case."""
    rows = case.steps.order_by("-pk")
    return list(rows if serves else rows.filter(audience=Audience.ALL))


def files(case: Case, *, serves: bool) -> list[CaseFile]:
    rows = case.files.order_by("pk")
    return list(rows if serves else rows.filter(audience=Audience.ALL))


def by_receipt(text: str, now: datetime) -> tuple[Case | None, bool]:
    """The case that a receipt opens, and whether receipts may be tried at all now."""
    if ReceiptTries.objects.filter(since=stretch(now), wrong__gte=WRONG_TRIES).exists():
        return None, False
    digits = read_receipt(text)
    rows = Case.objects.unscoped(reason="whoever holds the receipt filed the case")
    rows = (
        rows.select_related("line", "version", "organisation__area")
        .defer("version__setup", "line__setup")
        .filter(erased_at=None)
    )
    return (rows.filter(receipt=receipt_hash(digits)).first() if digits else None), True


def overdue(rows: QuerySet[Any], now: datetime) -> QuerySet[Any]:
    return rows.filter(closed_at=None, due_at__lt=now)


def serves_any(actor: Actor) -> bool:
    """Whether the actor serves cases at all."""
    return actor.user_id is not None and actor.may(*SERVING)


def anonymous_case(key: int) -> Case | None:
    """An anonymous case that its receipt has opened before."""
    rows = Case.objects.unscoped(reason="whoever holds the receipt filed the case")
    rows = (
        rows.select_related("line", "version", "organisation__area")
        .defer("version__setup", "line__setup")
        .filter(erased_at=None)
    )
    return rows.filter(pk=key, receipt__isnull=False).first()

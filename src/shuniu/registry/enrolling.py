"""Many people admitted to one union at once, from a pasted list.

Shared code below the actions: call it inside the transaction of a use case that has checked its actor's right.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from shuniu.kernel.errors import ActionError
from shuniu.registry.enums import MembershipAct, Standing
from shuniu.registry.identity import Particulars, columns, refuse_day
from shuniu.registry.ledger import Entry, enter
from shuniu.registry.models import Organisation, Person
from shuniu.registry.rules.pasting import Pasted

LONGEST_LIST: Final = 500
"""Lines that are taken at once. What is longer is better uploaded as a spreadsheet."""
SHOWN: Final = 10
"""Lines with mistakes that are named at once."""


class PastedError(ActionError):
    """Lines that cannot be taken, each with its sentence in `lines`. Nothing was written."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__("\n".join(lines[:SHOWN]))
        self.lines = tuple(lines[:SHOWN])


def enrol(union: Organisation, people: Sequence[Pasted], *, on: date, now: datetime) -> list[int]:
    """Admit all of `people` on the day `on`; the keys of their rows.

    Raises:
        PastedError: a number is wrong, somebody stands there twice or is a member already.
        ActionError: the list is too long, or somebody was entered at the same moment.
    """
    if len(people) > LONGEST_LIST:
        raise ActionError(
            _("Paste at most {n} people at once; upload longer lists as a spreadsheet.").format(n=LONGEST_LIST)
        )
    wanted = _rows(people, on, now)
    known = _known(wanted)
    _refuse_members(people, wanted, known)
    created = _create(union, [row for row in wanted if row["id_index"] not in known])
    keys = sorted([*created, *(person.pk for person in known.values())])
    enter([Entry(pk, union.pk, MembershipAct.APPROVED, on) for pk in keys])
    return keys


def _rows(people: Sequence[Pasted], on: date, now: datetime) -> list[dict[str, Any]]:
    """The columns of each person."""
    wrong: list[str] = []
    rows: list[dict[str, Any]] = []
    first: dict[bytes, int] = {}
    for one in people:
        try:
            row = columns(Particulars(name=one.name, id_number=one.id_number, mobile=one.mobile))
            refuse_day(on, row["born_on"], now)
        except ActionError as error:
            wrong.append(_told(one.line, error))
            continue
        if row["id_index"] in first:
            wrong.append(_told(one.line, _("The same person stands in line {n}.").format(n=first[row["id_index"]])))
        first.setdefault(row["id_index"], one.line)
        rows.append(row)
    if wrong:
        raise PastedError(wrong)
    return rows


def _told(line: int, sentence: object) -> str:
    return _("Line {n}: {sentence}").format(n=line, sentence=sentence)


def _known(rows: Iterable[dict[str, Any]]) -> dict[bytes, Person]:
    found = Person.objects.unscoped(reason="a person is known once, whoever asks")
    wanted = found.filter(id_index__in=[row["id_index"] for row in rows]).select_related("home")
    return {person.id_index: person for person in wanted}


def _refuse_members(people: Sequence[Pasted], rows: Sequence[dict[str, Any]], known: dict[bytes, Person]) -> None:
    wrong = list(_members(people, rows, known))
    if wrong:
        raise PastedError(wrong)


def _members(people: Sequence[Pasted], rows: Sequence[dict[str, Any]], known: dict[bytes, Person]) -> Iterator[str]:
    taken = _("{name} is a member of another union already. Ask for a transfer instead.")
    for one, row in zip(people, rows, strict=True):
        person = known.get(row["id_index"])
        if person and person.standing in {Standing.ACTIVE, Standing.RESERVED}:
            yield _told(one.line, taken.format(name=one.name))


def _create(union: Organisation, rows: Iterable[dict[str, Any]]) -> list[int]:
    try:
        with transaction.atomic():
            created = Person.everything.bulk_create([Person(home=union, **row) for row in rows], batch_size=100)
    except IntegrityError as error:
        raise ActionError(_("Somebody else entered one of these people just now. Please try again.")) from error
    return [person.pk for person in created]

"""Who bears a name, read from the indexes over names and their tails alone, as long as they are not too many."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, Func, QuerySet

from shuniu.kernel.lookups import Tail
from shuniu.registry.models import Person
from shuniu.registry.queries.sight import Sight

FEW_MATCHES: Final = 2_000
"""Up to here the bearers of a name are taken from the indexes; beyond, they are found soon in any order."""
JOINED: Final = "group_concat(DISTINCT found.pk)"
MARK: Final = "\ue000"
"""Stands for the name while a statement is written; `MARK_AFTER` is the first text that does not begin with it."""
MARK_AFTER: Final = "\ue001"


class HasLongName(Func):
    """Whether a name has a fourth character; written as the partial index over such names is."""

    template = "length(%(expressions)s) > 3"
    output_field = BooleanField()


def bearers(sight: Sight, name: str) -> list[int] | None:
    """The keys of those in sight whose name has the fragment, or whose pinyin initials begin with it, each once.

    None where they are more than `FEW_MATCHES`. They come as one text, because thousands of rows that nobody will look
    at take longer to fetch than to find.
    """
    sql, params = _statement(connection.vendor, sight, FEW_MATCHES, initials=name.isascii())
    if not sql:
        return []
    with connection.cursor() as cursor:
        cursor.execute(sql, [_with(one, name.lower() if name.isascii() else name) for one in params])
        number, text = cursor.fetchone()
    return None if number > FEW_MATCHES else [int(key) for key in text.split(",")] if text else []


@lru_cache(maxsize=256)
def _statement(vendor: str, sight: Sight, most: int, *, initials: bool) -> tuple[str, tuple[Any, ...]]:
    """The SQL of the question and its parameters, `MARK` in place of the name; empty where nothing is in sight.

    Four queries in one are put into SQL anew in the time that three such questions take to be answered.
    """
    found = candidates(sight.people(), MARK.lower() if initials else MARK, initials=initials)[: most + 1]
    try:
        sql, params = found.query.sql_with_params()
    except EmptyResultSet:
        return "", ()
    joined = "string_agg(DISTINCT found.pk::text, ',')" if vendor == "postgresql" else JOINED
    return f"SELECT count(*), {joined} FROM ({sql}) AS found", tuple(params)  # noqa: S608 -- nothing of it was typed


def _with(param: Any, name: str) -> Any:
    """A parameter with the name in its place: as it is in a range, its signs escaped in a pattern."""
    if not isinstance(param, str) or (MARK not in param and param != MARK_AFTER):
        return param
    if param == MARK:
        return name
    if param == MARK_AFTER:
        return name[:-1] + chr(ord(name[-1]) + 1)
    return param.replace(MARK, connection.ops.prep_for_like_query(name))


def candidates(people: QuerySet[Person], name: str, *, initials: bool) -> QuerySet[Person, int]:
    """Keys of the bearers of a name among `people`. Somebody may come twice."""
    if initials:
        return people.filter(initials__prefix=name).values_list("pk", flat=True)
    first = people.filter(name__prefix=name)
    second = people.alias(tail=Tail("name", start=2)).filter(tail__prefix=name)
    third = people.alias(tail=Tail("name", start=3)).filter(tail__prefix=name)
    later = people.alias(tail=Tail("name", start=4)).filter(HasLongName("name"), tail__contains=name)
    parts = [part.values_list("pk", flat=True) for part in (first, second, third, later)]
    return parts[0].union(*parts[1:], all=True)

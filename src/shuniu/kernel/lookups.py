"""Searches for a prefix that an index answers on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import json
from typing import Any

from django.db.models import BigAutoField, CharField, Func, Lookup


class Tail(Func):
    """The text from its `start`-th character on. An index over tails finds any fragment of a short name."""

    function = "substr"
    template = "substr(%(expressions)s, %(start)s)"
    output_field = CharField()

    def __init__(self, expression: Any, *, start: int) -> None:
        super().__init__(expression, start=start)


@BigAutoField.register_lookup
class Among(Lookup[Any]):
    """`pk__among=keys`: as `pk__in`, with the whole list as one parameter. Two thousand of them take longer to write out
    than to look up.
    """

    lookup_name = "among"
    prepare_rhs = False

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, params = self.process_lhs(compiler, connection)
        return f"{left} IN (SELECT value FROM json_each(%s))", (*params, json.dumps(list(self.rhs)))  # noqa: S608 -- no value in it

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, params = self.process_lhs(compiler, connection)
        return f"{left} = ANY(%s)", (*params, list(self.rhs))


@CharField.register_lookup
class Prefix(Lookup):
    """`name__prefix="王"`. A plain `startswith` is a full scan on SQLite, and a range needs a C collation on PostgreSQL."""

    lookup_name = "prefix"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, params = self.process_lhs(compiler, connection)
        low = str(self.rhs)
        return f"({left} >= %s AND {left} < %s)", (*params, low, *params, low[:-1] + chr(ord(low[-1]) + 1))

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, params = self.process_lhs(compiler, connection)
        escaped = str(self.rhs).replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
        return f"{left} LIKE %s", (*params, f"{escaped}%")

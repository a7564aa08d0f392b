"""Searches for a prefix that an index answers on SQLite and on PostgreSQL alike."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, Func, Lookup


class Tail(Func):
    """The text from its `start`-th character on. An index over tails finds any fragment of a short name."""

    function = "substr"
    template = "substr(%(expressions)s, %(start)s)"
    output_field = CharField()

    def __init__(self, expression: Any, *, start: int) -> None:
        super().__init__(expression, start=start)


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

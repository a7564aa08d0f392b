"""How makers of objects say what stands in an address after the question mark."""

QUERY = "?"
"""Key under which a maker may give what stands in the query, e.g. `{QUERY: {"organisation": 7}}`."""

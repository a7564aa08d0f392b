"""Searching in sealed titles: keyed hashes of neighbouring characters, of cases that everybody there may read.

Confidential titles are never indexed. See docs/adr/0010.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

from shuniu.kernel.text import normal
from shuniu.kernel.vault import indexer

PURPOSE = "case.word"
LENGTH = 8
"""Bytes kept of each hash: enough to tell words apart, too few to be worth anything else."""


def grams(text: str) -> set[str]:
    """Pairs of neighbouring letters or digits, across nothing else: `空调 坏了` has `空调`, `坏了`."""
    kept = "".join(c if c.isalnum() else " " for c in normal(text).casefold())
    return {a + b for part in kept.split() for a, b in pairwise(part)}


def hashes(text: str) -> list[bytes]:
    """What finds a title again by its words."""
    return [_hash(gram) for gram in sorted(grams(text))]


@lru_cache(maxsize=20_000)
def _hash(gram: str) -> bytes:
    return indexer(PURPOSE)(gram)[:LENGTH]

"""Receipts of anonymous cases: sixteen digits that nobody keeps but whoever filed the case.

What is stored is found by the digits alone and tells nothing of them: scrypt, salted with a key that lies outside the
database, so that neither a copy of the database nor a fast computer brings them back. See docs/adr/0011.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone

from shuniu.desk.models import Case
from shuniu.kernel.text import normal
from shuniu.kernel.vault import derived_key
from shuniu.rulebook.public import find, place_of

DIGITS: Final = 16
COST: Final = {"n": 2**14, "r": 8, "p": 1}


KEEP: Final = "case.anonymous_keep_days"
"""Id of the rule that says how long a closed anonymous case is kept."""
STRETCH: Final = 10
"""Minutes for which wrong receipts are counted together."""
WRONG_TRIES: Final = 200
"""Wrong receipts of everybody together in one stretch, after which nobody may try any more until it is over."""


def new_receipt() -> str:
    """Sixteen random digits, as they are shown: `1234 5678 9012 3456`."""
    digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    return " ".join(digits[at : at + 4] for at in range(0, DIGITS, 4))


def read_receipt(text: str) -> str:
    """The sixteen digits in what was typed; empty where it is no receipt at all."""
    digits = "".join(c for c in normal(text) if c not in " -　")
    return digits if len(digits) == DIGITS and digits.isascii() and digits.isdigit() else ""


def receipt_hash(digits: str) -> bytes:
    """What a case is found by."""
    return hashlib.scrypt(digits.encode(), salt=derived_key("case.receipt"), dklen=32, **COST)


def coarse(now: datetime) -> datetime:
    """The hour only: a moment to the second could be laid beside other logs."""
    return now.replace(minute=0, second=0, microsecond=0)


def stretch(now: datetime) -> datetime:
    """The beginning of the ten minutes in which a wrong receipt counts."""
    return now.replace(minute=now.minute - now.minute % STRETCH, second=0, microsecond=0)


def erasable(case: Case, now: datetime) -> bool:
    """Whether an anonymous case has been closed for longer than the rule lets it be kept."""
    if not case.is_anonymous or case.closed_at is None or case.erased_at is not None:
        return False
    days = find(KEEP, on=timezone.localtime(now).date(), at=place_of(case.organisation)).rule.number
    return now > case.closed_at + timedelta(days=days)

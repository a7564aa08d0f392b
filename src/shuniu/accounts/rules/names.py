"""What people type to say who they are."""

from __future__ import annotations

import re

from shuniu.kernel.text import normal

NAME = re.compile(r"[\w.@-]{2,40}")
MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)


def canonical(typed: str) -> str:
    """One spelling of a user name: NFKC, no outer blanks, lower case. `Ａlice ` and `alice` are one account."""
    return normal(typed).casefold()


def is_user_name(name: str) -> bool:
    """Whether a canonical name may be given: 2 to 40 letters (Chinese or Latin), digits, `.`, `-`, `_`; no mobile number."""
    return NAME.fullmatch(name) is not None and mobile(name) is None


def mobile(typed: str) -> str | None:
    """The eleven digits of a mobile number as people write it, e.g. `+86 138-0000-1234`; None for anything else."""
    digits = re.sub(r"[\s-]", "", normal(typed)).removeprefix("+").removeprefix("86")
    return digits if MOBILE.fullmatch(digits) else None

"""Identity numbers (GB 11643) and unified social credit codes (GB 32100): check digit, and what they tell.

The check digits come from `python-stdnum`. Its test that the county code existed in the year of birth is not used: it
refuses genuine numbers, so the place is not judged here.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from stdnum.cn import ric, uscc

from shuniu.kernel.text import normal
from shuniu.registry.enums import Sex

_CHECK = "10X98765432"


class NumberError(ValueError):
    """The number is wrong. `reason` is one of `length`, `characters`, `date`, `check`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class IdFacts(NamedTuple):
    """What an identity number says of its holder."""

    number: str
    born_on: date
    sex: Sex


def read_id_number(text: str) -> IdFacts:
    """The facts in an 18-character resident identity number.

    Raises:
        NumberError: wrong length, a letter where a digit belongs, no such day, or the check character does not fit.
    """
    number = text if text.isascii() and text.isalnum() else normal(text).replace(" ", "")
    number = number.upper()
    if len(number) != 18:
        raise NumberError("length")
    if not (number[:17].isascii() and number[:17].isdigit() and number[17] in _CHECK):
        raise NumberError("characters")
    try:
        born_on = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError as error:
        raise NumberError("date") from error
    if ric.calc_check_digit(number) != number[17]:
        raise NumberError("check")
    return IdFacts(number, born_on, Sex.MALE if int(number[16]) % 2 else Sex.FEMALE)


def read_credit_code(text: str) -> str:
    """A unified social credit code in its normal form.

    Raises:
        NumberError: wrong length, a character outside the code's alphabet, or the check character does not fit.
    """
    code = normal(text).replace(" ", "").replace("-", "").upper()
    if len(code) != 18:
        raise NumberError("length")
    if any(character not in "0123456789ABCDEFGHJKLMNPQRTUWXY" for character in code):
        raise NumberError("characters")
    if uscc.calc_check_digit(code[:17]) != code[17]:
        raise NumberError("check")
    return code

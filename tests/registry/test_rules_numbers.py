"""Check digits of identity numbers and credit codes, and what they say."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuniu.registry.enums import Sex
from shuniu.registry.rules.numbers import IdFacts, NumberError, read_credit_code, read_id_number

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def test_the_standards_own_number_is_read() -> None:
    assert read_id_number("11010519491231002X") == IdFacts("11010519491231002X", date(1949, 12, 31), Sex.FEMALE)


@pytest.mark.parametrize(
    "written", ["11010519491231002x", " 110105 19491231 002X ", "１１０１０５１９４９１２３１００２Ｘ"]
)
def test_small_letters_blanks_and_full_width_are_read(written: str) -> None:
    assert read_id_number(written).number == "11010519491231002X"


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("110105194912310021", "check"),
        ("11010519491331002X", "date"),
        ("11010519490229002X", "date"),
        ("1101051949123100", "length"),
        ("", "length"),
        ("1101051949A231002X", "characters"),
        ("11010519491231X023", "characters"),
    ],
)
def test_a_wrong_number_says_why(written: str, reason: str) -> None:
    with pytest.raises(NumberError) as refusal:
        read_id_number(written)

    assert refusal.value.reason == reason


@given(st.dates(date(1900, 1, 1), date(2025, 12, 31)), st.integers(0, 999), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(born: date, order: int, place: int, shift: int) -> None:
    body = f"990101{born:%Y%m%d}{order:03d}"
    number = body + "10X98765432"[sum(int(c) * w for c, w in zip(body, WEIGHTS, strict=True)) % 11]
    assert read_id_number(number) == IdFacts(number, born, Sex.MALE if order % 2 else Sex.FEMALE)

    digit = str((int(number[place]) + shift) % 10)
    with pytest.raises(NumberError):
        read_id_number(number[:place] + digit + number[place + 1 :])


@pytest.mark.parametrize("code", ["91350100M000100Y43", "81310112MC0000001Q", " 91350100-m000100y43 "])
def test_credit_codes_are_read(code: str) -> None:
    assert read_credit_code(code) in {"91350100M000100Y43", "81310112MC0000001Q"}


@pytest.mark.parametrize(
    ("code", "reason"),
    [("91350100M000100Y44", "check"), ("91350100I000100Y43", "characters"), ("91350100", "length")],
)
def test_a_wrong_credit_code_says_why(code: str, reason: str) -> None:
    with pytest.raises(NumberError) as refusal:
        read_credit_code(code)

    assert refusal.value.reason == reason

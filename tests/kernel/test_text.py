"""Names are brought to one spelling; what somebody writes stays as it was written."""

from __future__ import annotations

import pytest

from shuniu.kernel.text import initials, normal, prose


def test_names_get_half_width_letters_and_digits() -> None:
    assert normal(" ＡＢＣ１２３ ") == "ABC123"


def test_prose_keeps_chinese_punctuation_and_lines() -> None:
    assert prose(" 已走访，负责人（王某）同意：\r\n下周签。\x00 ") == "已走访，负责人（王某）同意：\n下周签。"


def test_initials_of_a_name() -> None:
    assert initials("王小明") == "wxm"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("云川(上海)有限公司", "云川（上海）有限公司"),
        ("云川（上海）有限公司", "云川（上海）有限公司"),
        ("ＡＢＣ（１）", "ABC(1)"),
        ("f(x)", "f(x)"),
    ],
)
def test_brackets_are_full_width_in_chinese_names_only(written: str, kept: str) -> None:
    assert normal(written) == kept

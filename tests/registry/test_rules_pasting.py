"""Lists as people paste them."""

from __future__ import annotations

import pytest

from shuniu.registry.rules.pasting import Pasted, read_pasted


@pytest.mark.parametrize(
    "line",
    [
        "林晓禾\t110105199003070025\t13900000000",
        "13900000000，110105199003070025，林晓禾",
        "林晓禾 110105199003070025 13900000000",
        "１１０１０５１９９００３０７００２５、林晓禾、13900000000",
        "1;林晓禾;110105199003070025;13900000000;生产部",
    ],
)
def test_a_line_is_read_in_any_order_with_any_separator(line: str) -> None:
    assert read_pasted(line) == [Pasted(1, "林晓禾", "110105199003070025", "13900000000")]


def test_lines_keep_their_numbers_and_headers_and_blank_lines_are_left_out() -> None:
    text = "姓名\t身份证号\n\n林晓禾\t110105199003070025\n卫舟\t"

    assert read_pasted(text) == [Pasted(3, "林晓禾", "110105199003070025", ""), Pasted(4, "卫舟", "", "")]


def test_a_name_of_two_words_stays_whole_between_tabs() -> None:
    assert read_pasted("Anna Berg\t11010519491231002X\t")[0].name == "Anna Berg"


def test_nothing_pasted_is_nobody() -> None:
    assert read_pasted(" \n\n") == []

from __future__ import annotations

from base64 import urlsafe_b64encode

import pytest

from shuniu.kernel.web.keyset import take
from tests.kernel.gallery.notes import Note

ORDERS = [("pinyin", "pk"), ("-points", "pk"), ("-joined_on", "pinyin", "-pk"), ("state", "-points", "pk")]


def walk(order, size, rows=None):
    """The pages from first to last, and the cursor back from each."""
    pages, backs, cursor = [], [], ""
    while True:
        one = take(rows if rows is not None else Note.objects.all(), order, cursor, size)
        pages.append([row.pk for row in one.rows])
        backs.append(one.before)
        cursor = one.after
        if not cursor:
            return pages, backs


@pytest.mark.parametrize("order", ORDERS)
def test_pages_forward_are_the_ordered_rows_without_gap_or_repeat(make_notes, order):
    make_notes(53)

    pages, _backs = walk(order, 10)

    assert [pk for page in pages for pk in page] == list(Note.objects.order_by(*order).values_list("pk", flat=True))
    assert [len(page) for page in pages] == [10, 10, 10, 10, 10, 3]


@pytest.mark.parametrize("order", ORDERS)
def test_pages_backward_are_the_pages_forward(make_notes, order):
    make_notes(53)
    pages, backs = walk(order, 10)

    for number in range(1, len(pages)):
        assert [row.pk for row in take(Note.objects.all(), order, backs[number], 10).rows] == pages[number - 1]
    assert backs[0] == ""


def test_a_row_that_comes_in_before_shifts_no_page(make_notes):
    make_notes(25)
    first = take(Note.objects.all(), ("pinyin", "pk"), "", 10)
    expected = [row.pk for row in take(Note.objects.all(), ("pinyin", "pk"), first.after, 10).rows]

    Note.objects.create(name="阿", pinyin="a", home="", mobile="", joined_on="2020-01-01", points=0, state="active")

    assert [row.pk for row in take(Note.objects.all(), ("pinyin", "pk"), first.after, 10).rows] == expected


def test_a_full_last_page_offers_no_next(make_notes):
    make_notes(20)

    second = take(Note.objects.all(), ("pk",), take(Note.objects.all(), ("pk",), "", 10).after, 10)

    assert (len(second.rows), second.after) == (10, "")


def test_going_back_to_the_start_offers_no_previous(make_notes):
    make_notes(30)
    second = take(Note.objects.all(), ("pk",), take(Note.objects.all(), ("pk",), "", 10).after, 10)

    first = take(Note.objects.all(), ("pk",), second.before, 10)

    assert (first.before, bool(first.after)) == ("", True)


def packed(text):
    return "n" + urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "x", "n", "p", "nnnn", "n!!!", "n" + "A" * 5000, "n\x00", "n王",
        packed("[]"), packed('["a"]'), packed('["a",1,2]'), packed('{"a":1}'), packed('"ab"'), packed("null"), packed('["a",null]'),
        packed('["a",{"x":1}]'), packed('["a","drop table"]'), packed('["a",99999999999999999999999]'), packed('["\\u0000",1]'),
        packed('["a",1e999]'), packed('["a",NaN]'), packed("[" * 1000),
    ],
)  # fmt: skip
def test_a_broken_cursor_is_the_first_page(make_notes, cursor):
    make_notes(12)

    found = take(Note.objects.all(), ("pinyin", "pk"), cursor, 10)

    assert [row.pk for row in found.rows] == [row.pk for row in take(Note.objects.all(), ("pinyin", "pk"), "", 10).rows]


def test_a_page_whose_rows_are_gone_is_the_first_page(make_notes):
    make_notes(30)
    first = take(Note.objects.all(), ("pk",), "", 10)
    Note.objects.filter(pk__gt=first.rows[-1].pk).delete()

    assert take(Note.objects.all(), ("pk",), first.after, 10).rows == first.rows


def test_no_rows_make_one_empty_page(make_notes):
    found = take(Note.objects.all(), ("pk",), "", 10)

    assert (found.rows, found.after, found.before) == ([], "", "")

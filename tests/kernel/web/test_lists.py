from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.http import QueryDict

from shuniu.kernel.web.lists import COUNT_LIMIT
from tests.kernel.gallery.notes import Note
from tests.kernel.gallery.urls import MEMBERS, MemberFilter
from tests.kernel.web.making import ask, somebody

CADRE = somebody("member.view", "member.edit")


def shown(path="/members/", actor=CADRE, rows=None, **options):
    htmx = {"HX-Request": "true"} if options.pop("htmx", False) else {}
    answer = MEMBERS.answer(ask(path, actor=actor, **htmx), Note.objects.all() if rows is None else rows, **options)
    assert answer.status_code == 200
    return answer.content.decode()


def names(html):
    return re.findall(r'<td class="cell-text cell-link"[^>]*><a [^>]*>([^<]+)<', html)


def link(html, rel):
    [url] = re.findall(rf'rel="{rel}" href="([^"]*)"', html)
    return "/members/" + url.replace("&amp;", "&")


def words(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


@pytest.fixture(autouse=True)
def _pages(gallery):
    """The list's links lead into the gallery."""


def test_a_list_shows_its_rows_in_order_with_masks_dates_and_states(make_notes):
    make_notes(3)

    html = shown()

    assert names(html) == ["钱建国", "孙思远", "赵晓岚"]
    assert "138****0001" in html
    assert "13800000001" not in html
    assert ">2019年1月8日</td>" in html
    assert '<span class="pill pill-good">在籍</span>' in html


def test_a_list_escapes_what_rows_say(make_notes):
    make_notes(1)
    Note.objects.update(name="<b>赵</b>", home="<script>alert(1)</script>")

    html = shown()

    assert "&lt;b&gt;赵&lt;/b&gt;" in html
    assert "<script>alert" not in html


def test_filters_narrow_the_rows_and_are_named_above_them(make_notes):
    make_notes(40)

    html = shown("/members/?q=赵&state=active", base=40, base_label="您负责的全部会员")

    assert names(html) == ["赵晓岚", "赵丽华"]
    assert "会籍状态：在籍" in html
    assert "基数 40 人（您负责的全部会员）" in words(html)


def test_taking_a_condition_away_keeps_the_others(make_notes):
    make_notes(5)

    html = shown("/members/?q=赵&state=active&at=nxxx&sort=-points")

    assert 'href="?q=%E8%B5%B5&amp;sort=-points"' in html
    assert 'href="?state=active&amp;sort=-points"' in html


def test_a_filter_value_that_is_not_valid_is_explained_and_not_applied(make_notes):
    make_notes(4)

    html = shown("/members/?state=nonsense&joined_after=yesterday")

    assert len(names(html)) == 4
    assert html.count('class="field-errors"') == 2


def test_no_match_offers_to_show_everything(make_notes):
    make_notes(2)

    html = shown("/members/?q=欧阳")

    assert "没有符合条件的记录" in html
    assert '<a class="btn btn-primary" href="/members/">显示全部</a>' in html


def test_an_empty_list_says_what_to_do_next_to_whoever_may(make_notes):
    assert '<a class="btn btn-primary" href="/form/">上传名单</a>' in shown()

    html = shown(actor=somebody("member.view"))

    assert "还没有会员" in html
    assert "上传名单</a>" not in html


@pytest.mark.parametrize(
    ("sort", "first"), [("points", "赵晓岚"), ("-points", "李晓岚"), ("joined_on", "赵晓岚"), ("x'; drop", "陈建国")]
)
def test_sorting_is_by_the_columns_that_offer_it(make_notes, sort, first):
    make_notes(100)

    assert names(shown(f"/members/?sort={sort}"))[0] == first


def test_the_sorted_column_says_so_and_turns_round(make_notes):
    make_notes(2)

    html = shown("/members/?sort=points")

    assert re.search(r'class="cell-number" aria-sort="ascending"><a href="\?sort=-points"', html)


def test_pages_follow_each_other_and_keep_conditions_and_order(make_notes):
    make_notes(120)
    first = shown("/members/?sort=-points&state=active")

    second = shown(link(first, "next"))
    back = shown(link(second, "prev"))

    assert len(names(first)) == 50
    assert "sort=-points" in link(first, "next")
    assert "state=active" in link(first, "next")
    assert names(back) == names(first)
    expected = Note.objects.filter(state="active").order_by("-points", "pk").values_list("name", flat=True)
    assert names(first) + names(second) == list(expected)


@pytest.mark.parametrize("at", ["n", "nAAAA", "%00", "p%F0%9F%98%80", "n" + "9" * 3000])
def test_a_broken_place_is_the_first_page(make_notes, at):
    make_notes(60)

    assert names(shown(f"/members/?at={at}")) == names(shown())


def test_the_count_is_exact_while_cheap_and_then_over(make_notes):
    make_notes(COUNT_LIMIT + 60)

    assert "超过 1,000 人" in words(shown()).replace("  ", " ")
    assert "共 1,060 人" in words(shown("/members/?count=exact")).replace("  ", " ")
    assert "共 1,060 人" in words(shown(base=COUNT_LIMIT + 60)).replace("  ", " ")


@pytest.mark.parametrize(("counted", "said"), [(60, "60"), (COUNT_LIMIT + 1, f"{COUNT_LIMIT:,}")])
def test_a_count_learnt_on_the_way_is_not_counted_again(make_notes, django_assert_num_queries, counted, said):
    make_notes(60)

    class Counting(MemberFilter):
        def narrow(self, rows):
            self.counted = counted
            return super().narrow(rows)

    form = Counting(actor=CADRE, today=ask("/").today)

    with django_assert_num_queries(1):
        html = shown(form=form)

    assert said in words(html)


def test_a_list_that_fits_one_page_is_not_counted(make_notes, django_assert_num_queries):
    make_notes(3)

    with django_assert_num_queries(1):
        assert "3" in words(shown("/members/?q=赵"))


def test_a_row_without_an_address_is_no_link(make_notes):
    make_notes(1)

    html = replace(MEMBERS, row_url=lambda row: "").answer(ask("/members/", actor=CADRE), Note.objects.all())

    assert 'href=""' not in html.content.decode()
    assert names(html.content.decode()) == []


@pytest.mark.parametrize("count", [1, 3, 60])
def test_queries_do_not_grow_with_rows(make_notes, django_assert_num_queries, count):
    make_notes(count)

    with django_assert_num_queries(1 if count < 50 else 2):
        shown()


def test_htmx_gets_the_rows_that_a_reload_would_show(make_notes):
    make_notes(60)

    whole, part = (
        re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", shown("/members/?state=active", htmx=htmx)).strip()
        for htmx in (False, True)
    )

    assert part.startswith('<div id="rows"')
    assert part in whole


def test_going_back_in_history_gets_the_whole_page(make_notes):
    make_notes(1)
    request = ask("/members/", actor=CADRE, **{"HX-Request": "true", "HX-History-Restore-Request": "true"})

    assert b"<!doctype html>" in MEMBERS.answer(request, Note.objects.all()).content


def test_answers_differ_for_htmx_and_say_so(make_notes):
    assert MEMBERS.answer(ask(actor=CADRE), Note.objects.all())["Vary"] == "HX-Request"


def test_exports_take_the_conditions_along_and_ask_for_the_right(make_notes):
    make_notes(1)

    html = shown("/members/?q=赵&at=nx")

    assert 'href="/none/?q=%E8%B5%B5"' in html
    assert "全部导出" not in html


def test_bulk_buttons_are_for_those_who_may(make_notes):
    make_notes(2)

    assert 'formaction="/none/"' in shown()
    assert 'name="row"' not in shown(actor=somebody("member.view"))


def test_a_filter_form_keeps_only_valid_values():
    form = MemberFilter(QueryDict("q=王&home=nowhere&state="), actor=CADRE, today=None)

    assert form.values == {"q": "王"}


def test_english_shows_english_dates(make_notes, settings):
    from django.utils import translation

    make_notes(1)

    with translation.override("en"):
        assert ">1 Jan 2019</td>" in shown()

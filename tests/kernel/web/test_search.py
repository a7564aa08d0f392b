from __future__ import annotations

import pytest

from shuniu.kernel.web import search, views
from shuniu.kernel.web.registers import Register
from shuniu.kernel.web.search import Hit, SearchProvider
from tests.kernel.web.making import ask, somebody


@pytest.fixture
def asked(monkeypatch):
    """Two providers that write down what they were asked."""
    seen = []

    def find(actor, query, limit):
        seen.append((query, limit))
        return [Hit(f"{query}{n}", f"/{n}/") for n in range(limit)]

    monkeypatch.setattr(search, "_providers", Register(rank=lambda one: one.order))
    search.register(
        SearchProvider("unions", "工会", ("organisation.view",), lambda actor, query, limit: [], order=1),
        SearchProvider("people", "会员", ("member.view",), find, order=2, all_url=lambda query: f"/members/?q={query}"),
    )
    return seen


def test_find_asks_only_providers_the_actor_may_use(asked):
    assert search.find(somebody("rule.view"), "王", 5) == []
    assert asked == []


def test_find_gives_groups_with_hits_and_says_when_there_are_more(asked):
    [group] = search.find(somebody("member.view", "organisation.view"), "王", 3)

    assert (group.key, group.title, group.more, group.all_url) == ("people", "会员", True, "/members/?q=王")
    assert [hit.title for hit in group.hits] == ["王0", "王1", "王2"]


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\x00\x07"])
def test_find_nothing_when_nothing_is_asked(asked, text):
    assert search.find(somebody("member.view"), text, 5) == []
    assert asked == []


def test_find_asks_with_a_tidy_and_short_question(asked):
    search.find(somebody("member.view"), "  王\x00  小\n明 " + "很" * 5000, 5)

    [(query, _limit)] = asked
    assert query.startswith("王 小 明 很很")
    assert len(query) == search.LONGEST_QUERY


def test_search_page_sends_strangers_to_sign_in(gallery):
    answer = gallery.get("/search/", {"q": "王"})

    assert answer.status_code == 302
    assert "next=" in answer.url


def test_the_search_page_groups_what_was_found_and_leads_on(gallery, asked):
    html = views.search(ask("/search/?q=%E7%8E%8B", actor=somebody("member.view"))).content.decode()

    assert "<!doctype html>" in html
    assert html.count("<b>王") == views.LISTED
    assert '<a href="/members/?q=王">查看全部匹配记录</a>' in html


def test_suggestions_are_a_few_lines_and_a_way_to_all(gallery, asked):
    request = ask("/search/?q=%E7%8E%8B", actor=somebody("member.view"), **{"HX-Request": "true"})

    html = views.search(request).content.decode()

    assert "<html" not in html
    assert html.count("<b>王") == views.SUGGESTED
    assert 'href="/search/?q=%E7%8E%8B"' in html


def test_a_search_without_a_hit_says_how_to_search_better(gallery):
    html = views.search(ask("/search/?q=%3Cb%3E", actor=somebody())).content.decode()

    assert "没有找到与“&lt;b&gt;”相关的内容" in html
    assert "拼音首字母" in html

from __future__ import annotations

import pytest

from shuniu.kernel.web import search
from shuniu.kernel.web.registers import Register
from shuniu.kernel.web.search import Hit, SearchProvider
from tests.kernel.web.making import somebody


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

"""Rating on a phone from a link, and what others see of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shuniu.voice.enums import CommentState
from shuniu.voice.models import Invitation, Rating
from tests.factories import Cast
from tests.voice.making import make_invitation, make_ratings

pytestmark = pytest.mark.django_db
PUNCTUAL = [{"key": "punctual", "kind": "yes_no", "zh": "是否准时？", "en": "On time?"}]


@pytest.fixture
def today_open() -> dict[str, Any]:
    """The invitation's days counted from today, as the pages read the clock."""
    today = timezone.localdate()
    return {"invited_on": today, "expires_on": today + timedelta(days=30)}


def opened(cast: Cast, days: dict[str, Any], **given: Any) -> tuple[Invitation, str]:
    invitation, address = make_invitation(cast.union, cast.bob.person, **given)
    Invitation.everything.filter(pk=invitation.pk).update(**days)
    return invitation, address


def test_a_worker_rates_from_the_link_without_signing_in(cast: Cast, today_open: dict[str, Any]) -> None:
    _invitation, address = opened(cast, today_open, form=PUNCTUAL)
    browser = Client()

    page = browser.get(address).content.decode()
    answer = browser.post(
        address, {"stars": "5", "is_solved": "yes", "more_punctual": "no", "comment": "谢谢"}, follow=True
    )

    assert "是否准时？" in page
    assert "罗律" in page
    assert answer.redirect_chain[-1][0] == reverse("voice:rated")
    row = Rating.everything.get()
    assert (row.stars, row.is_solved, row.more, row.comment_state) == (
        5, True, {"punctual": False}, CommentState.WAITING,
    )  # fmt: skip


def test_a_used_link_says_so_and_a_second_sending_thanks_again(cast: Cast, today_open: dict[str, Any]) -> None:
    _invitation, address = opened(cast, today_open)
    browser = Client()
    browser.post(address, {"stars": "5"})

    again = browser.post(address, {"stars": "1"})
    looked = browser.get(address).content.decode()

    assert again.status_code == 302
    assert "已经评价过" in looked
    assert [row.stars for row in Rating.everything.all()] == [5]


def test_a_link_that_has_run_out_says_so(cast: Cast, today_open: dict[str, Any]) -> None:
    _invitation, address = opened(cast, {**today_open, "expires_on": timezone.localdate()})

    assert "已经过期" in Client().get(address).content.decode()
    assert "已经过期" in Client().post(address, {"stars": "5"}).content.decode()
    assert not Rating.everything.exists()


def test_a_wrong_link_is_404_with_a_sentence(cast: Cast) -> None:
    answer = Client().get(reverse("voice:rate", args=["no-such-link"]))

    assert answer.status_code == 404
    assert "链接无效" in answer.content.decode()


def test_without_stars_nothing_is_sent(cast: Cast, today_open: dict[str, Any]) -> None:
    _invitation, address = opened(cast, today_open)

    assert "请选择" in Client().post(address, {"comment": "x"}).content.decode()
    assert not Rating.everything.exists()


def test_signed_in_the_person_rates_without_a_link_and_others_find_nothing(
    cast: Cast, today_open: dict[str, Any]
) -> None:
    invitation, _address = opened(cast, today_open)
    address = reverse("voice:rate_own", args=[invitation.pk])

    assert cast.alice.client.get(address).status_code in {403, 404}
    assert cast.bob.client.post(address, {"stars": "4"}).status_code == 302
    assert Rating.everything.get().stars == 4


def test_the_lawyer_who_served_is_told_that_she_may_not(cast: Cast, today_open: dict[str, Any]) -> None:
    assert cast.lawyer.user is not None
    _invitation, address = opened(cast, today_open, served_by=frozenset({cast.lawyer.user.pk}))

    looked = cast.lawyer.client.get(address).content.decode()
    cast.lawyer.client.post(address, {"stars": "5"})

    assert "服务的提供者不能评价" in looked
    assert not Rating.everything.exists()


def test_results_show_n_and_interval_and_hide_small_groups(cast: Cast) -> None:
    on = timezone.localdate()
    make_ratings(cast.union, *[5] * 12, *[2] * 2, on=on, provider_name="甲所")
    make_ratings(
        cast.union, 1, on=on, provider_id=8, provider_name="乙所", professional_id=12, professional_name="丁律"
    )

    page = cast.alice.client.get(reverse("voice:results")).content.decode()
    elsewhere = cast.charlie.client.get(reverse("voice:results")).content.decode()

    assert "12 / 15" in page
    assert "95% 置信区间" in page
    assert "不足5人" in page
    assert "甲所" not in elsewhere


def test_comments_are_moderated_by_those_who_may(cast: Cast) -> None:
    row = make_ratings(cast.union, 2, comment="张三没来", comment_state=CommentState.WAITING)[0]
    address = reverse("voice:comment", args=[row.pk])

    assert cast.clerk.client.get(address).status_code == 403
    assert cast.charlie.client.get(address).status_code == 404
    assert "张三没来" in cast.alice.client.get(reverse("voice:comments")).content.decode()
    assert cast.alice.client.post(address, {"wording": "工作人员没来"}).status_code == 302

    row.refresh_from_db()
    assert row.published == "工作人员没来"


@pytest.mark.parametrize("count", [1, 3])
def test_the_queue_of_comments_takes_as_many_queries_for_three_as_for_one(
    cast: Cast, count: int, django_assert_max_num_queries: Any
) -> None:
    make_ratings(cast.union, *[2] * count, comment="x", comment_state=CommentState.WAITING)
    browser = cast.alice.client

    with django_assert_max_num_queries(9):
        browser.get(reverse("voice:comments"))

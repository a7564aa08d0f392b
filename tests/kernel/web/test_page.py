from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse

from shuniu.kernel.web.page import page
from tests.kernel.web.making import ask, somebody

pytestmark = pytest.mark.urls("tests.kernel.gallery.urls")


@page("member.view", "member.edit")
def members(request):
    return HttpResponse("members")


@page(public=True, methods=["POST"])
def vote(request):
    return HttpResponse("counted")


@page()
def card(request):
    return HttpResponse(request.actor.name)


def test_page_sends_a_stranger_to_sign_in_and_back():
    answer = members(ask("/members/?q=%E7%8E%8B"))

    assert answer.status_code == 302
    assert parse_qs(urlsplit(answer.url).query) == {"next": ["/members/?q=%E7%8E%8B"]}


def test_page_refuses_a_signed_in_person_without_any_of_its_rights():
    with pytest.raises(PermissionDenied):
        members(ask(actor=somebody("rule.view")))


@pytest.mark.parametrize("held", ["member.view", "member.edit"])
def test_page_opens_to_any_one_of_its_rights(held):
    assert members(ask(actor=somebody(held))).content == b"members"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"])
def test_page_answers_other_methods_with_405_and_names_its_own(method):
    answer = members(ask(method=method, actor=somebody("member.view")))

    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD"


def test_page_checks_the_method_before_it_asks_who_it_is():
    assert vote(ask(method="GET")).status_code == 405


def test_page_without_permissions_is_for_everybody_signed_in():
    assert card(ask(actor=somebody())).content.decode() == "林岚"
    assert card(ask()).status_code == 302


def test_page_keeps_what_a_signed_in_person_sees_out_of_caches():
    assert card(ask(actor=somebody()))["Cache-Control"] == "no-store, private"
    assert "Cache-Control" not in vote(ask(method="POST"))


def test_page_tells_what_opens_it():
    assert members.page_permissions == {"member.view", "member.edit"}
    assert members.page_methods == ("GET", "HEAD")
    assert (members.page_public, members.login_required) == (False, True)
    assert vote.page_methods == ("POST",)
    assert (vote.page_public, vote.login_required) == (True, False)


def test_page_takes_head_along_with_get():
    assert page(methods=["GET", "POST"])(lambda request: HttpResponse()).page_methods == ("GET", "POST", "HEAD")


def test_a_public_page_that_asks_for_a_permission_is_a_mistake():
    with pytest.raises(ValueError, match="public"):
        page("member.view", public=True)

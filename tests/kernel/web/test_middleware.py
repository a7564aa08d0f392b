from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils.translation import get_language

from shuniu.kernel.web.middleware import (
    LanguageMiddleware,
    NowMiddleware,
    SafeMethodsDontWrite,
    WriteOnReadError,
    writes_on_read,
)
from tests.kernel.gallery.notes import Note


def through(middleware, view, method="GET", **cookies):
    request = RequestFactory().generic(method, "/")
    request.COOKIES.update(cookies)
    return middleware(view)(request)


def write(request):
    Note.objects.filter(pk=1).update(points=5)
    return HttpResponse("written")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_reading_may_not_write(make_notes, method):
    make_notes(1)

    with pytest.raises(WriteOnReadError, match="UPDATE"), transaction.atomic():
        through(SafeMethodsDontWrite, write, method)

    assert Note.objects.get().points == 0


def test_posting_may_write(make_notes):
    make_notes(1)

    through(SafeMethodsDontWrite, write, "POST")

    assert Note.objects.get().points == 5


def test_reading_may_write_where_a_reason_is_given(make_notes):
    make_notes(1)

    def excused(request):
        with writes_on_read(reason="when the session was last seen"):
            return write(request)

    through(SafeMethodsDontWrite, excused)

    assert Note.objects.get().points == 5


def test_the_excuse_ends_with_its_block(make_notes):
    def twice(request):
        with writes_on_read(reason="once"):
            write(request)
        return write(request)

    with pytest.raises(WriteOnReadError), transaction.atomic():
        through(SafeMethodsDontWrite, twice)


def test_reading_may_keep_its_session(db):
    def keep(request):
        SessionStore().create()
        return HttpResponse()

    assert through(SafeMethodsDontWrite, keep).status_code == 200


@pytest.mark.parametrize(
    ("cookie", "language"), [({}, "zh-hans"), ({"django_language": "en"}, "en"), ({"django_language": "fr"}, "zh-hans")]
)
def test_the_language_is_chinese_until_another_is_chosen(cookie, language):
    answer = through(LanguageMiddleware, lambda request: HttpResponse(get_language()), **cookie)

    assert answer.content.decode() == language
    assert answer["Content-Language"] == language


def test_the_browsers_own_language_is_not_asked():
    request = RequestFactory().get("/", headers={"Accept-Language": "en-US,en"})

    assert LanguageMiddleware(lambda request: HttpResponse(get_language()))(request).content == b"zh-hans"


def test_now_is_one_moment_and_today_its_day_in_shanghai():
    seen = []
    through(NowMiddleware, lambda request: seen.append(request) or HttpResponse())

    [request] = seen
    assert request.now.tzinfo is not None
    assert isinstance(request.today, date)
    assert request.today == request.now.astimezone(ZoneInfo("Asia/Shanghai")).date()

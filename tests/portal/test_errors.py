from __future__ import annotations

import pytest
from django.test import Client, override_settings

pytestmark = [pytest.mark.urls("tests.portal.site"), pytest.mark.django_db]


@pytest.fixture
def visitor():
    return Client(raise_request_exception=False, headers={"accept-language": "zh-CN"})


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/fail/bad/", 400, "无法识别该请求"),
        ("/fail/forbidden/", 403, "您没有权限打开此页面"),
        ("/fail/refused/", 403, "该工会已撤销，不能再修改。"),
        ("/nowhere/", 404, "页面不存在"),
        ("/fail/broken/", 500, "系统出现故障"),
        ("/fail/away/", 503, "系统繁忙或正在维护"),
        ("/fail/full/", 503, "系统繁忙或正在维护"),
        ("/fail/gone/", 503, "系统繁忙或正在维护"),
    ],
)
def test_trouble_is_told_in_plain_chinese(visitor, path, status, said):
    answer = visitor.get(path)

    assert answer.status_code == status
    assert said in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/fail/broken/", "/fail/away/", "/fail/bad/"])
def test_trouble_tells_nothing_of_the_inside(visitor, path):
    html = visitor.get(path).content.decode()

    for secret in ("secret detail", "10.0.0.9", "forged", "Traceback", "Error"):
        assert secret not in html


def test_a_database_that_is_away_says_when_to_come_back(visitor):
    assert visitor.get("/fail/away/")["Retry-After"] == "30"
    assert "Retry-After" not in visitor.get("/fail/broken/")


def test_a_form_that_waited_too_long_is_explained_and_not_done():
    with override_settings(CSRF_FAILURE_VIEW="shuniu.portal.web.errors.csrf_failure"):
        answer = Client(enforce_csrf_checks=True, headers={"accept-language": "zh-CN"}).post("/send/")

    assert answer.status_code == 403
    assert "页面停留时间过长" in answer.content.decode()


def test_an_error_page_needs_nothing_of_the_rest(visitor, django_assert_num_queries):
    with django_assert_num_queries(0):
        html = visitor.get("/fail/broken/").content.decode()

    assert "<script" not in html
    assert "sidebar" not in html

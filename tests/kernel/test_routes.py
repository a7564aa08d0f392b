from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import URLResolver, include, path, re_path
from django.urls.resolvers import RegexPattern
from ninja import NinjaAPI

from shuniu.kernel.web.page import page
from shuniu.kernel.web.routes import Route, routes


@page("member.view", "member.edit", methods=["GET", "POST"])
def members(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


@page(public=True)
def landing(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def plain(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def of(*patterns: object) -> list[Route]:
    return list(routes(URLResolver(RegexPattern(r"^/"), list(patterns))))


def test_a_page_tells_its_methods_permissions_and_full_name() -> None:
    inner = ([path("members/<int:pk>/", members, name="member_list")], "registry")

    (route,) = of(path("registry/", include(inner)))

    assert (route.path, route.name) == ("/registry/members/<int:pk>/", "registry:member_list")
    assert (route.methods, route.permissions, route.public) == (
        ("GET", "POST", "HEAD"),
        ("member.edit", "member.view"),
        False,
    )


def test_a_public_page_asks_for_nothing() -> None:
    (route,) = of(path("", landing, name="landing"))

    assert (route.path, route.permissions, route.public) == ("/", (), True)


def test_a_view_without_the_decorator_tells_no_methods_and_is_not_public() -> None:
    (route,) = of(re_path(r"^plain/$", plain))

    assert (route.name, route.methods, route.permissions, route.public) == ("", (), (), False)


def test_operations_of_the_api_tell_their_methods() -> None:
    api = NinjaAPI(urls_namespace="routes-test", docs_url=None, openapi_url=None)
    api.get("/counts")(plain)
    api.post("/counts")(plain)

    found = {route.path: route.methods for route in of(path("api/", api.urls))}

    assert found["/api/counts"] == ("GET", "POST")

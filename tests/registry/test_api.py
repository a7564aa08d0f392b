"""The JSON interface: who may ask for what, what is masked, how refusals are told, and that its description is true."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from shuniu.accounts.actions.tokens import create_token, revoke_token
from shuniu.accounts.models import ApiToken
from shuniu.registry.api import api, door
from shuniu.registry.enums import Sex
from shuniu.registry.models import Person
from tests.factories import Cast, Player
from tests.registry.making import FOUNDED, cover, make_body, make_employer, make_member

pytestmark = pytest.mark.django_db

ID_NUMBER, MOBILE = "110105199003070025", "13900000000"


@pytest.fixture(autouse=True)
def _fresh_counts() -> None:
    cache.clear()


def ask(player: Player, path: str, status: int = 200) -> Any:
    response = player.client.get(f"/api/{path}")
    assert response.status_code == status, response.content.decode()
    return response.json()


def token_of(player: Player, *scopes: str, days: int = 30) -> str:
    assert player.user is not None
    last_day = timezone.localdate() + timedelta(days=days)
    made = create_token(
        player.user, name="统计平台", scopes=scopes, last_day=last_day, actor=player.actor, now=timezone.now()
    )
    return made.text


def with_token(token: str, path: str) -> Any:
    return Client().get(f"/api/{path}", headers={"Authorization": f"Bearer {token}"})


def test_strangers_are_told_to_sign_in_or_to_send_a_token() -> None:
    for path in ("counts", "organisations", "members", "docs/", "openapi.json", "nothing"):
        response = Client().get(f"/api/{path}")
        assert (response.status_code, "Bearer" in response.json()["detail"]) == (401, True), path


def test_whoever_may_not_use_the_interface_is_told_which_permission_is_missing(cast: Cast) -> None:
    assert ask(cast.alice, "counts", 403) == {"detail": "缺少权限“api.use”：本人角色未授予，或令牌未包含。"}


def test_organisations_are_those_in_sight(cast: Cast) -> None:
    district = {one["name"] for one in ask(cast.dana, "organisations")["items"]}
    town = {one["name"] for one in ask(cast.cadre, "organisations")["items"]}

    assert {"云川机械厂工会", "青石纺织厂工会"} <= district
    assert town == {cast.town.name, "云川机械厂工会"}


def test_an_organisation_out_of_sight_does_not_exist(cast: Cast) -> None:
    for path in ("", "/subtree", "/counts"):
        assert "detail" in ask(cast.stranger, f"organisations/{cast.union.pk}{path}", 404)
    assert ask(cast.cadre, f"organisations/{cast.union.pk}")["number"] == cast.union.code
    assert ask(cast.cadre, f"counts?under={cast.other_union.pk}", 404)


def test_organisations_are_searched_and_filtered(cast: Cast) -> None:
    assert [one["name"] for one in ask(cast.dana, "organisations?q=纺织")["items"]] == ["青石纺织厂工会"]
    assert {one["type"] for one in ask(cast.dana, "organisations?type=town")["items"]} == {"town"}
    assert ask(cast.dana, "organisations?on=2014-12-31")["items"] == []


def test_subtree_is_that_of_the_day(cast: Cast) -> None:
    make_body(cast.town, on=date(2025, 5, 1), name="后建工会")

    def names(on: str) -> set[str]:
        found = ask(cast.cadre, f"organisations/{cast.town.pk}/subtree?on={on}")
        return {one["name"] for one in found["items"]}

    assert names("2025-04-30") == {cast.town.name, "云川机械厂工会"}
    assert names("2025-05-01") == {cast.town.name, "云川机械厂工会", "后建工会"}


def test_lists_come_in_pages_without_a_row_twice_or_missing(cast: Cast) -> None:
    for number in range(5):
        make_member(cast.union, name=f"林{number}")
    seen: list[int] = []
    cursor: str | None = ""
    while cursor is not None:
        found = ask(cast.cadre, f"members?limit=2&cursor={cursor}")
        assert len(found["items"]) <= 2
        seen += [one["id"] for one in found["items"]]
        cursor = found["next"]

    assert (
        sorted(seen)
        == sorted(set(seen))
        == sorted(Person.everything.filter(home=cast.union).values_list("pk", flat=True))
    )


@pytest.mark.parametrize("members", [1, 3])
def test_members_are_read_in_as_many_queries_for_one_as_for_three(
    cast: Cast, members: int, django_assert_max_num_queries: Any
) -> None:
    for _number in range(members - 1):
        make_member(cast.union)
    client = cast.cadre.client

    with django_assert_max_num_queries(11):
        client.get("/api/members")


def test_members_are_masked_for_everybody(cast: Cast) -> None:
    person = make_member(cast.union, name="林晓禾", id_number=ID_NUMBER, mobile=MOBILE, born_on=date(1990, 3, 7))

    for path in (f"members/{person.pk}", "members?q=林晓禾"):
        response = cast.dana.client.get(f"/api/{path}")
        text = response.content.decode()
        assert "110*************25" in text
        assert "139****0000" in text
        assert ID_NUMBER not in text
        assert MOBILE not in text
        assert "1990-03-07" not in text


def test_members_of_another_town_do_not_exist(cast: Cast) -> None:
    person = cast.bob.person
    assert person is not None

    assert ask(cast.stranger, f"members/{person.pk}", 404)
    assert ask(cast.stranger, f"members?under={cast.union.pk}", 404)
    assert person.pk not in [one["id"] for one in ask(cast.stranger, "members")["items"]]
    assert ask(cast.cadre, f"members/{person.pk}")["union"] == "云川机械厂工会"


def test_counts_on_a_day(cast: Cast) -> None:
    make_member(cast.union, on=date(2024, 6, 1), sex=Sex.MALE)
    make_member(cast.other_union, on=date(2024, 6, 1), sex=Sex.FEMALE)

    assert ask(cast.dana, "counts?on=2024-05-31") == {"on": "2024-05-31", "unions": 2, "members": 1, "women": 1}
    assert ask(cast.dana, "counts?on=2024-06-01") == {"on": "2024-06-01", "unions": 2, "members": 3, "women": 2}
    assert ask(cast.cadre, "counts?on=2024-06-01") == {"on": "2024-06-01", "unions": 1, "members": 2, "women": 1}
    assert ask(cast.dana, f"organisations/{cast.union.pk}/counts?on=2024-06-01")["members"] == 2
    assert ask(cast.dana, "counts?on=2000-01-01")["members"] == 0


def test_counts_by_area_category_and_year_add_up(cast: Cast) -> None:
    cover(cast.union, make_employer(cast.town))
    make_member(cast.union, on=date(2024, 6, 1))
    make_member(cast.other_union, on=date(2024, 6, 1))

    areas = ask(cast.dana, "counts/areas?on=2024-12-31")
    categories = {one["category"]: one for one in ask(cast.dana, "counts/categories?on=2024-12-31")}
    years = {one["year"]: one for one in ask(cast.dana, "counts/years?on=2024-12-31&first=2023")}

    assert sum(one["members"] for one in areas) == 3
    assert (categories["170"]["members"], categories["170"]["label"], categories[""]["members"]) == (2, "私营企业", 1)
    assert {year: one["members"] for year, one in years.items()} == {2023: 1, 2024: 3}
    assert years[2023]["unions"] == 2


def test_memberships_are_those_of_the_day(cast: Cast) -> None:
    joined = make_member(cast.union, on=date(2024, 6, 1), name="林晓禾")

    def people(on: str) -> list[int]:
        return [one["person_id"] for one in ask(cast.cadre, f"memberships?on={on}")["items"]]

    assert joined.pk not in people("2024-05-31")
    assert joined.pk in people("2024-06-01")
    assert ask(cast.cadre, "memberships?q=林晓禾")["items"][0]["ends_on"] is None


def test_employers_say_whether_a_union_covers_them(cast: Cast) -> None:
    covered = make_employer(cast.town, "已建单位")
    cover(cast.union, covered)
    make_employer(cast.town, "未建单位")
    make_employer(cast.other_town, "外镇单位")

    assert [one["name"] for one in ask(cast.cadre, "employers?has_union=true")["items"]] == ["已建单位"]
    assert [one["name"] for one in ask(cast.cadre, "employers?has_union=false")["items"]] == ["未建单位"]
    assert ask(cast.cadre, f"employers/{covered.pk}")["has_union"] is True
    assert ask(cast.stranger, f"employers/{covered.pk}", 404)


def test_a_rule_is_told_with_its_source(cast: Cast) -> None:
    found = ask(cast.cadre, f"rules/committee.threshold?under={cast.union.pk}")

    assert (found["value"], "工会法" in found["source"], found["confirmed"]) == ("≥ 25人", True, True)
    assert "detail" in ask(cast.cadre, "rules/no.such.rule", 422)


@pytest.mark.parametrize(
    "path",
    [
        "organisations?limit=0",
        "organisations?limit=201",
        "organisations?limit=viele",
        "organisations?type=club",
        "organisations/x",
        "organisations?on=2026-02-31",
        "members?standing=99",
        "members?under=-1",
        "members?under=99999999999999999999999",
        "counts/years?first=1",
        "organisations?q=" + "长" * 81,
    ],
)
def test_silly_questions_get_a_sentence(cast: Cast, path: str) -> None:
    response = cast.dana.client.get(f"/api/{path}")

    assert response.status_code in {404, 422}
    assert response.headers["Content-Type"].startswith("application/json")
    assert response.json()["detail"].endswith("。")


def test_a_broken_cursor_is_the_first_page(cast: Cast) -> None:
    assert ask(cast.dana, "organisations?cursor=nonsense") == ask(cast.dana, "organisations")


def test_nothing_can_be_written(cast: Cast) -> None:
    for method in ("post", "put", "patch", "delete"):
        assert getattr(cast.dana.client, method)("/api/organisations").status_code == 405


def test_a_token_opens_what_its_scopes_name(cast: Cast) -> None:
    token = token_of(cast.cadre, "api.use", "organisation.view")

    assert with_token(token, "organisations").status_code == 200
    refused = with_token(token, "members")
    assert refused.status_code == 403
    assert "member.view" in refused.json()["detail"]


def test_a_token_sees_no_more_than_its_owner(cast: Cast) -> None:
    token = token_of(cast.cadre, "api.use", "organisation.view")

    assert with_token(token, f"organisations/{cast.other_union.pk}").status_code == 404


def test_a_token_without_the_use_of_the_interface_opens_nothing(cast: Cast) -> None:
    token = token_of(cast.cadre, "organisation.view")

    assert with_token(token, "organisations").status_code == 403


def test_a_token_that_expired_or_was_revoked_opens_nothing(cast: Cast) -> None:
    expired, revoked = (
        token_of(cast.cadre, "api.use", "organisation.view"),
        token_of(cast.cadre, "api.use", "organisation.view"),
    )
    rows = list(ApiToken.objects.order_by("pk"))
    ApiToken.objects.filter(pk=rows[0].pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    revoke_token(rows[1], actor=cast.cadre.actor, now=timezone.now())

    for token in (expired, revoked, "", "gibberish"):
        assert with_token(token, "organisations").status_code == 401


def test_too_many_requests_are_held_back(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "PER_MINUTE", 2)
    client, other = cast.dana.client, cast.cadre.client

    answers = [client.get("/api/areas").status_code for _time in range(8)]

    assert answers[:2] == [200, 200]
    assert 429 in answers
    assert other.get("/api/areas").status_code == 200


def test_answers_are_kept_by_no_cache(cast: Cast) -> None:
    assert "no-store" in cast.dana.client.get("/api/members").headers["Cache-Control"]


def test_the_page_of_the_interface_runs_no_script_of_its_own(cast: Cast) -> None:
    text = cast.dana.client.get("/api/docs/").content.decode()

    assert "/api/organisations/{key}/subtree" in text
    assert "缺省为今天" in text
    assert "cdn" not in text
    assert "swagger" not in text.lower()
    assert cast.alice.client.get("/api/docs/").status_code == 403


def test_the_description_names_every_operation_and_its_refusals(cast: Cast) -> None:
    described = cast.dana.client.get("/api/openapi.json").json()

    assert described["openapi"].startswith("3.")
    assert described["components"]["securitySchemes"]["Account"] == {"type": "http", "scheme": "bearer"}
    writing = {path for path, methods in described["paths"].items() if methods.keys() != {"get"}}
    assert writing == {"/api/tenders"}
    for path, methods in described["paths"].items():
        for operation in methods.values():
            assert {"401", "403", "404", "422", "429"} < set(operation["responses"]), path
            assert operation["summary"]


def test_answers_are_as_described(cast: Cast) -> None:
    """Each answer of a list operation has exactly the fields that its schema names."""
    cover(cast.union, make_employer(cast.town))
    schemas = api.get_openapi_schema()["components"]["schemas"]
    for path, shape in (
        ("organisations", "OrganisationOut"),
        ("employers", "EmployerOut"),
        ("members", "MemberOut"),
        ("memberships", "MembershipOut"),
    ):
        (item, *_others) = ask(cast.cadre, path)["items"]
        assert set(item) == set(schemas[shape]["properties"]), path
    assert FOUNDED.isoformat() == ask(cast.cadre, f"organisations/{cast.union.pk}")["founded_on"]

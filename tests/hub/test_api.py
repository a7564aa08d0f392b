"""The hub through the JSON interface: the same sight, the same permissions, the same refusals as on the pages."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from shuniu.accounts.actions.tokens import create_token
from shuniu.hub.enums import DutyClass, ServiceKind
from shuniu.hub.models import Duty, Tender
from shuniu.kernel.models import TrailEntry
from tests.factories import Cast, Player
from tests.hub.making import make_duty, make_provider

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_counts() -> None:
    cache.clear()


def token_of(player: Player, *scopes: str) -> str:
    assert player.user
    last = timezone.localdate() + timedelta(days=30)
    made = create_token(player.user, name="接口", scopes=scopes, last_day=last, actor=player.actor, now=timezone.now())
    return made.text


def plan(duty: Duty, **changed: Any) -> dict[str, Any]:
    return {
        "duty_id": duty.pk,
        "title": "职工法律咨询服务",
        "need": "每个工作日安排律师值班。",
        "fiscal_year": timezone.localdate().year,
        "budget": 8_000_000,
        "method": "consultation",
        "method_reason": "公共服务项目，需就方案磋商。",
        "price_points": 20,
        "criteria": [{"name": "服务方案", "points": 80}],
        "lines": [{"name": "值班", "unit": "日", "quantity": 250}],
        **changed,
    }


def send(player: Player, body: object, *scopes: str) -> Any:
    header = {"Authorization": f"Bearer {token_of(player, *scopes)}"}
    return Client().post("/api/tenders", json.dumps(body), content_type="application/json", headers=header)


WRITE = ("api.use", "duty.view", "tender.edit")


def test_a_reserved_duty_is_refused_with_its_reason_and_the_attempt_is_kept(cast: Cast) -> None:
    duty = make_duty(cast.district, DutyClass.RESERVED, name="思想政治引领")

    answer = send(cast.dana, plan(duty), *WRITE)

    assert answer.status_code == 422
    assert "由工会干部自己承担" in answer.json()["detail"]
    assert not Tender.everything.exists()
    assert TrailEntry.objects.filter(verb="duty.reserved_refused", target_id=duty.pk).exists()


def test_an_open_duty_is_drafted_as_on_the_page(cast: Cast) -> None:
    answer = send(cast.dana, plan(make_duty(cast.district)), *WRITE)

    assert answer.status_code == 201, answer.content.decode()
    assert Tender.everything.get().number == answer.json()["number"]


def test_a_token_without_the_permission_and_a_session_without_a_token_write_nothing(cast: Cast) -> None:
    body = plan(make_duty(cast.district))

    assert send(cast.dana, body, "api.use", "duty.view").status_code == 403
    by_session = cast.dana.client.post("/api/tenders", json.dumps(body), content_type="application/json")
    assert (by_session.status_code, "令牌" in by_session.json()["detail"]) == (422, True)
    assert not Tender.everything.exists()


@pytest.mark.parametrize(
    "changed", [{"budget": -1}, {"title": ""}, {"method": "bribe"}, {"price_points": 10**9}, {"duty_id": 0}]
)
def test_silly_bodies_are_refused_and_no_error_of_the_server(changed: dict[str, Any], cast: Cast) -> None:
    assert send(cast.dana, plan(make_duty(cast.district), **changed), *WRITE).status_code == 422


def test_duties_and_providers_are_those_in_sight_without_contacts(cast: Cast) -> None:
    make_duty(cast.union, name="甲会的职责")
    make_duty(cast.other_union, name="乙会的职责")
    make_provider(cast.union, name="甲所", offers=["advice"], contact_phone="10000210001")

    mine = cast.cadre.client.get("/api/duties").json()
    firms = cast.cadre.client.get(f"/api/providers?service={ServiceKind.ADVICE}").json()

    assert [one["name"] for one in mine["items"]] == ["甲会的职责"]
    assert [one["name"] for one in firms["items"]] == ["甲所"]
    assert "10000210001" not in json.dumps(firms)
    assert cast.stranger.client.get("/api/providers").json()["items"] == []

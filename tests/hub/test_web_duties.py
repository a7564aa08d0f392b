"""The pages of duties: what a cadre does with them, and what others get."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from shuniu.hub.enums import DutyClass
from shuniu.hub.models import Duty
from tests.factories import Cast, Player, make_player
from tests.hub.making import make_duty
from tests.registry.making import make_district

pytestmark = pytest.mark.django_db
ANSWERS = {
    "law": "no",
    "guidance": "no",
    "licence": "outside",
    "frequency": "daily",
    "cost": "outside",
    "capacity": "none",
}


@pytest.fixture
def dana(db: None) -> Player:
    return make_player("district_cadre", make_district()[0])


def test_an_empty_catalogue_says_what_to_do_and_the_button_fills_it(dana: Player) -> None:
    client = dana.client

    assert "引入现成目录" in client.get("/hub/duties/").text
    first = client.post("/hub/duties/take/", {"organisation": dana.organisation.pk}, follow=True)
    again = client.post("/hub/duties/take/", {"organisation": dana.organisation.pk}, follow=True)

    assert "已录入47项职责" in first.text
    assert "没有新增" in again.text
    assert Duty.everything.count() == 47


def test_deciding_asks_first_says_what_follows_and_keeps_what_is_decided(dana: Player) -> None:
    duty, client, today = make_duty(dana.organisation, DutyClass.OWN_FIRST), dana.client, timezone.localdate()
    address = f"/hub/duties/{duty.pk}/decide/"

    assert "全部成本计算" in client.get(address).text
    told = client.post(address, ANSWERS)
    assert "按回答建议：可以社会化。" in told.text
    assert "只有外部人员具备" in told.text
    decision = {"kind": "open", "mode": "purchased", "decided_on": today, "review_on": today + timedelta(days=300)}
    answer = client.post(address, {**ANSWERS, **decision}, follow=True)

    assert "已作出决定" in answer.text
    duty.refresh_from_db()
    assert (duty.kind, duty.mode, duty.decided_by_id) == ("open", "purchased", dana.user.pk)


def test_what_guidance_reserves_can_only_be_reserved(dana: Player) -> None:
    duty, client, today = make_duty(dana.organisation), dana.client, timezone.localdate()
    answers = {**ANSWERS, "guidance": "yes"}
    decision = {"kind": "open", "mode": "purchased", "decided_on": today, "review_on": today + timedelta(days=300)}

    answer = client.post(f"/hub/duties/{duty.pk}/decide/", {**answers, **decision})

    assert "必须由工会干部自己承担" in answer.text
    duty.refresh_from_db()
    assert duty.decided_on is None


@pytest.mark.parametrize("sent", [{}, {"law": "perhaps"}, {**ANSWERS, "kind": "x", "decided_on": "9999-99-99"}])
def test_silly_input_shows_the_form_again(sent: dict[str, str], dana: Player) -> None:
    duty = make_duty(dana.organisation)

    assert dana.client.post(f"/hub/duties/{duty.pk}/decide/", sent).status_code == 200
    assert not duty.decisions.exists()


def test_filters_find_what_is_to_be_reviewed(dana: Player) -> None:
    today = timezone.localdate()
    days = {"逾期": -1, "将到": 20, "还早": 200}
    for name, distance in days.items():
        make_duty(dana.organisation, name=name, decided_on=today, review_on=today + timedelta(days=distance))
    make_duty(dana.organisation, name="未定")

    def found(query: str) -> set[str]:
        text = dana.client.get(f"/hub/duties/?{query}").text
        return {name for name in (*days, "未定") if f">{name}</a>" in text}

    assert found("state=review") == {"逾期", "将到"}
    assert found("state=overdue") == {"逾期"}
    assert found("state=open") == {"未定"}
    assert found("kind=reserved") == set()
    assert found("q=将") == {"将到"}


def test_the_catalogue_goes_out_as_table_and_as_paper(dana: Player) -> None:
    make_duty(dana.organisation, DutyClass.RESERVED, name="思想政治引领")
    client = dana.client

    sheet = load_workbook(BytesIO(client.get("/hub/duties/export/").content)).active
    assert "思想政治引领" in [cell.value for cell in list(sheet.rows)[1]]
    assert client.get("/hub/duties/catalogue.pdf").content.startswith(b"%PDF")
    assert client.get("/hub/duties/catalogue.docx").content.startswith(b"PK")


@pytest.mark.parametrize("address", ["/hub/duties/", "/hub/duties/{pk}/"])
def test_pages_cost_the_same_for_one_duty_and_for_three(address: str, dana: Player) -> None:
    duty = make_duty(dana.organisation)
    client, counts = dana.client, []
    for more in (0, 0, 2):
        for _ in range(more):
            make_duty(dana.organisation)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address.format(pk=duty.pk)).status_code == 200
        counts.append(len(seen))

    assert counts[1] == counts[2]


def test_the_home_page_calls_reviews_to_mind(dana: Player) -> None:
    make_duty(dana.organisation, name="律师值班", review_on=timezone.localdate())

    text = dana.client.get("/").text

    assert "待复核的职责" in text
    assert "律师值班" in text


def test_a_chair_of_another_union_learns_nothing(cast: Cast) -> None:
    duty = make_duty(cast.union, name="甲会的职责")

    assert cast.charlie.client.get(f"/hub/duties/{duty.pk}/").status_code == 404
    assert "甲会的职责" not in cast.charlie.client.get("/hub/duties/").text
    assert "甲会的职责" not in cast.charlie.client.get("/hub/duties/export/").content.decode("latin-1")

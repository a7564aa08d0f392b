"""The pages of the annual return: who makes it for whom, what is shown, refused and taken out."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from shuniu.kernel.models import TrailEntry
from shuniu.registry.models import Organisation, ReturnForm
from tests.factories import Cast
from tests.registry.making import cover, make_employer

pytestmark = pytest.mark.django_db

DAY = "2025-09-30"
BLOCK = {"number": "工统1表", "issuer": "云川市总工会", "approval": "云统制〔2025〕1号", "valid_until": "2027-12-31"}


def page(name: str, organisation: Organisation, **query: str) -> str:
    joined = "&".join(f"{key}={value}" for key, value in {"day": DAY, **query}.items())
    return reverse(f"registry:{name}", args=[organisation.pk]) + "?" + joined


def text(client: Client, url: str, status: int = 200) -> str:
    response = client.get(url)
    assert response.status_code == status, url
    return response.content.decode()


@pytest.fixture
def block(cast: Cast) -> ReturnForm:
    values: dict[str, Any] = {**BLOCK, "valid_until": date(2027, 12, 31)}
    return ReturnForm.everything.create(organisation=cast.district, **values)  # type: ignore[no-any-return]


def test_the_last_reference_day_is_proposed_and_leads_to_the_return(cast: Cast) -> None:
    client = cast.cadre.client
    form = client.get(reverse("registry:returns")).context["form"]
    assert (form.initial["day"].month, form.initial["day"].day) == (9, 30)

    answer = client.get(reverse("registry:returns"), {"organisation": cast.town.code, "day": DAY})

    assert answer.headers["Location"] == page("annual_return", cast.town)


@pytest.mark.parametrize(
    "given", [{"day": "2999-01-01"}, {"day": "1900-01-01"}, {"day": "x"}, {"organisation": "无此工会"}]
)
def test_silly_choices_are_told_at_the_field(cast: Cast, given: dict[str, str]) -> None:
    answer = cast.cadre.client.get(reverse("registry:returns"), {"organisation": cast.town.code, "day": DAY, **given})

    assert list(answer.context["form"].errors) == list(given)


@pytest.mark.parametrize("day", ["2999-01-01", "nie", ""])
def test_a_silly_day_falls_back_to_the_last_reference_day(cast: Cast, day: str) -> None:
    for name in ("annual_return", "annual_return_checks"):
        response = cast.cadre.client.get(page(name, cast.town, day=day))
        assert response.status_code == 200
        assert (response.context["made"].period.last.month, response.context["made"].period.last.day) == (9, 30)


def test_the_return_shows_each_share_with_its_base(cast: Cast) -> None:
    cover(cast.union, make_employer(cast.town, headcount=40))

    shown = text(cast.cadre.client, page("annual_return", cast.town))

    assert "会员（入会率）" in shown
    assert "2.5%" in shown
    assert "2024年10月1日" in shown
    assert "统计报表须标明表号" in shown


def test_others_returns_do_not_exist_and_members_make_none(cast: Cast) -> None:
    for name in ("annual_return", "annual_return_checks", "annual_return_form"):
        assert cast.stranger.client.get(page(name, cast.town)).status_code == 404, name
        assert cast.charlie.client.get(page(name, cast.union)).status_code == 404, name
        assert cast.organiser.client.get(page(name, cast.town)).status_code == 403, name
    assert cast.stranger.client.post(page("annual_return_workbook", cast.town)).status_code == 404
    assert cast.alice.client.get(page("annual_return", cast.union)).status_code == 200


def test_failing_rows_lead_to_the_union(cast: Cast) -> None:
    cover(cast.union, make_employer(cast.town, headcount=0))
    client = cast.cadre.client
    url = page("annual_return_checks", cast.town, check="staff")

    assert url.replace("&", "&amp;") in text(client, page("annual_return", cast.town))
    shown = text(client, url)
    assert reverse("registry:organisation", args=[cast.union.pk]) in shown
    assert "覆盖单位的职工人数为0。" in shown
    assert "全部相符" in text(client, page("annual_return_checks", cast.town, check="joint"))
    assert "覆盖单位的职工人数为0。" in text(client, page("annual_return_checks", cast.town, check="nonsense"))


def test_without_a_form_block_there_is_no_workbook(cast: Cast) -> None:
    answer = cast.cadre.client.post(page("annual_return_workbook", cast.town), follow=True)

    assert answer.redirect_chain == [(page("annual_return_form", cast.town), 302)]
    assert "请先填写表号" in answer.content.decode()
    assert not TrailEntry.objects.filter(verb="return.downloaded").exists()


def test_the_form_block_is_kept_once_for_all_below(cast: Cast) -> None:
    cast.dana.client.post(page("annual_return_form", cast.district), BLOCK)

    assert ReturnForm.everything.get().organisation == cast.district
    assert "工统1表" in text(cast.cadre.client, page("annual_return", cast.town))
    assert "工统1表" in text(cast.alice.client, page("annual_return", cast.union))


@pytest.mark.parametrize("missing", ["number", "issuer", "approval", "valid_until"])
def test_a_form_block_is_whole_or_not_kept(cast: Cast, missing: str) -> None:
    answer = cast.dana.client.post(page("annual_return_form", cast.district), {**BLOCK, missing: " "})

    assert list(answer.context["form"].errors) == [missing]
    assert not ReturnForm.everything.exists()


def test_an_outdated_form_is_called_so(cast: Cast, block: ReturnForm) -> None:
    ReturnForm.everything.update(valid_until=date(2020, 12, 31))

    assert "报表已过有效期" in text(cast.cadre.client, page("annual_return", cast.town))


def test_the_workbook_carries_the_block_the_tables_and_the_failing_rows(cast: Cast, block: ReturnForm) -> None:
    cover(cast.union, make_employer(cast.town, headcount=0))

    response = cast.cadre.client.post(page("annual_return_workbook", cast.town))

    assert "%E7%BB%9F%E8%AE%A1%E5%B9%B4%E6%8A%A5" in response.headers["Content-Disposition"]
    rows = [row for row in load_workbook(BytesIO(response.content)).active.values if any(row)]
    cells = [str(cell) for row in rows for cell in row if cell is not None]
    assert any("表号：工统1表" in cell for cell in cells)
    assert any("云统制〔2025〕1号" in cell for cell in cells)
    assert any("2024年10月1日至2025年9月30日" in cell for cell in cells)
    lines = {row[0]: row for row in rows}
    assert lines["基层工会"][:3] == ("基层工会", "家", 1)
    assert lines["其中：单独基层工会"][2:5] == (1, 1, "100.0%")
    assert any("覆盖单位的职工人数为0。" in cell for cell in cells)
    assert any("盖章" in cell for cell in cells)
    entry = TrailEntry.objects.get(verb="return.downloaded")
    assert (entry.organisation_id, entry.changes["failures"]) == (cast.town.pk, 1)


def test_a_workbook_is_not_made_by_looking(cast: Cast, block: ReturnForm) -> None:
    assert cast.cadre.client.get(page("annual_return_workbook", cast.town)).status_code == 405

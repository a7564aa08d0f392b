"""The pages of providers: the public application, the register, and what a manager sees."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from stdnum.cn import uscc

from shuniu.hub.enums import PaperKind, ProviderState
from shuniu.hub.models import Paper, Provider
from shuniu.kernel.exchange.store import save_upload
from tests.factories import Cast, Player, make_player
from tests.hub.making import make_manager, make_paper, make_professional, make_provider
from tests.registry.making import make_district, make_employer

pytestmark = pytest.mark.django_db
CODE = "91990101MA9000001"


@pytest.fixture(autouse=True)
def _fresh_counts() -> None:
    cache.clear()


@pytest.fixture
def dana(db: None) -> Player:
    return make_player("district_cadre", make_district()[0])


def application(dana: Player, **changed: Any) -> dict[str, Any]:
    return {
        "organisation": dana.organisation.pk if dana.organisation else "",
        "name": "云川新仁律师事务所",
        "kind": "law_firm",
        "credit_code": CODE + uscc.calc_check_digit(CODE),
        "offers": ["advice"],
        "contact_name": "贺川",
        "contact_phone": "10000210001",
        "issued_on": "2024-01-05",
        "file": SimpleUploadedFile("licence.pdf", b"%PDF-1.7"),
        "promise": "on",
        **changed,
    }


def test_anybody_applies_and_follows_the_application_by_its_receipt(dana: Player) -> None:
    visitor = Client()

    shown = visitor.post("/hub/providers/apply/", application(dana), follow=True).text
    receipt = re.search(r'class="receipt">([\d ]+)<', shown)
    provider = Provider.everything.get()

    assert receipt
    assert (provider.state, provider.entered_by, provider.name) == (ProviderState.APPLIED, None, "云川新仁律师事务所")
    assert Paper.everything.get().kind == PaperKind.LAW_PRACTICE
    assert "云川新仁" in Client().post("/hub/providers/application/", {"receipt": receipt[1]}).text
    assert "没有此编号" in Client().post("/hub/providers/application/", {"receipt": "1" * 16}).text
    assert receipt[1].replace(" ", "") not in str(list(Provider.everything.values()))


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"file": SimpleUploadedFile("licence.pdf", b"MZ\x90\x00")}, "不符合要求"),
        ({"credit_code": "91990101MA9000001X"}, "校验"),
        ({"promise": ""}, "必填"),
        ({"issued_on": "2999-01-01"}, "还没到"),
        ({"offers": ["murder"]}, "murder"),
    ],
)
def test_a_bad_application_leaves_nothing_behind(changed: dict[str, Any], told: str, dana: Player) -> None:
    text = Client().post("/hub/providers/apply/", application(dana, **changed)).text

    assert told in text or "field-errors" in text
    assert not Paper.everything.exists()


def test_programs_that_fill_in_everything_are_sent_round_in_a_circle(dana: Player) -> None:
    Client().post("/hub/providers/apply/", application(dana, website="http://x"))

    assert not Provider.everything.exists()


def test_one_network_cannot_flood_the_register(dana: Player) -> None:
    def apply(number: int) -> str:
        body = f"91990101MA91{number:05d}"
        sent = application(dana, credit_code=body + uscc.calc_check_digit(body), name=f"第{number}所")
        return Client().post("/hub/providers/apply/", sent).text

    told = [apply(number) for number in range(6)]

    assert Provider.everything.count() == 5
    assert "一小时后再试" in told[-1]


def test_a_cadre_vets_on_the_page_and_is_told_that_another_must_admit(dana: Player) -> None:
    row = make_provider(dana.organisation, state=ProviderState.APPLIED)
    client = dana.client
    assert "待审核的服务机构" in client.get("/").text

    client.post(f"/hub/providers/{row.pk}/step/vet/", {"reason": ""})
    for item in ("identity", "record", "staff", "secrecy", "conflicts", "insurance"):
        client.post(f"/hub/providers/{row.pk}/check/{item}/", {"result": "met"})
    page = client.get(f"/hub/providers/{row.pk}/").text

    assert "应当由其他人决定" in page
    assert "/step/approve/" not in page
    other = make_player("district_cadre", dana.organisation).client
    assert "/step/approve/" in other.get(f"/hub/providers/{row.pk}/").text
    other.post(f"/hub/providers/{row.pk}/step/approve/", {"reason": ""})
    row.refresh_from_db()
    assert row.state == ProviderState.ACTIVE


def test_a_manager_sees_her_own_provider_and_no_other(cast: Cast) -> None:
    own, other = make_provider(cast.district, name="甲所"), make_provider(cast.district, name="乙所")
    make_manager(own, cast.manager)
    client = cast.manager.client

    assert "甲所" in client.get("/hub/providers/mine/", follow=True).text
    assert client.get(f"/hub/providers/{other.pk}/").status_code == 404
    assert "乙所" not in client.get("/hub/providers/").text


def test_a_manager_hands_in_a_paper_and_declares_a_conflict(cast: Cast) -> None:
    own, employer = make_provider(cast.district), make_employer(cast.union, name="云川纺织厂")
    make_manager(own, cast.manager)
    client = cast.manager.client
    paper = {"kind": "insurance", "issued_on": "2024-01-05", "file": SimpleUploadedFile("a.png", b"\x89PNG\r\n\x1a\n")}

    assert "材料已提交" in client.post(f"/hub/providers/{own.pk}/papers/new/", paper, follow=True).text
    conflict = {"employer": "云川纺织厂", "starts_on": "2025-01-01"}
    assert "已申报" in client.post(f"/hub/providers/{own.pk}/conflicts/new/", conflict, follow=True).text
    assert "完全一致" in client.post(f"/hub/providers/{own.pk}/conflicts/new/", {**conflict, "employer": "云川"}).text
    assert own.conflicts.get().employer == employer


def test_a_paper_goes_out_as_a_file_to_be_saved_to_those_it_concerns(cast: Cast) -> None:
    own = make_provider(cast.district)
    make_manager(own, cast.manager)
    stored = save_upload(SimpleUploadedFile("a.pdf", b"%PDF-1.7").file)
    paper = make_paper(own, PaperKind.INSURANCE, file_id=stored.id, file_name="保单.pdf")

    answer = cast.manager.client.get(f"/hub/papers/{paper.pk}/file/")

    assert b"".join(answer.streaming_content) == b"%PDF-1.7"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert cast.desk.client.get(f"/hub/papers/{paper.pk}/file/").status_code == 403


def test_papers_that_end_are_called_to_mind_at_home(cast: Cast) -> None:
    own = make_provider(cast.district, name="甲所")
    make_manager(own, cast.manager)
    make_paper(own, PaperKind.INSURANCE, good_until=timezone.localdate())

    for player in (cast.dana, cast.manager):
        assert "保单 · 甲所" in player.client.get("/").text
    make_paper(own, PaperKind.INSURANCE)
    assert "保单 · 甲所" not in cast.dana.client.get("/").text


@pytest.mark.parametrize("address", ["/hub/providers/", "/hub/providers/{pk}/"])
def test_pages_cost_the_same_for_one_and_for_three(address: str, dana: Player) -> None:
    row = make_provider(dana.organisation)
    client, counts = dana.client, []
    for more in (1, 0, 2):
        for _ in range(more):
            make_provider(dana.organisation)
            make_professional(row)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address.format(pk=row.pk)).status_code == 200
        counts.append(len(seen))

    assert counts[1] == counts[2]

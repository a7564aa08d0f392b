"""What is published as open data: held against the schema of OCDS 1.1 itself, and kept by the database."""

from __future__ import annotations

import json
import tarfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from shuniu.hub import releases
from shuniu.hub.actions import tender_award, tender_notes, tenders
from shuniu.hub.models import TenderBid, TenderRelease
from shuniu.hub.queries.tenders import release_bodies
from shuniu.hub.ranking import ranked
from tests.hub.tendering import AFTER, DUE, NOW, Stage, draft, jury, published, release, send, set_stage

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / ".venv" / "schemas" / "ocdsmerge-0.8.0.tar.gz"
"""Fetched by tools/bootstrap.py, pinned in requirements/schemas.txt: the library's own tests hold the published schema."""
SCHEMA = "ocdsmerge-0.8.0/tests/fixtures/release-schema-1__1__4.json"


@pytest.fixture(scope="module")
def schema() -> Any:
    if not SOURCE.exists():
        pytest.skip("the published schema was not fetched: run make setup-test on a machine with pip")
    with tarfile.open(SOURCE) as archive:
        file = archive.extractfile(SCHEMA)
        assert file is not None
        read = json.load(file)
    read.pop("id")  # an address, which nothing here asks
    return jsonschema.Draft4Validator(read, format_checker=jsonschema.FormatChecker())


@pytest.fixture
def whole() -> Stage:
    """A tender through every step that is published: changed, opened, awarded, taken back, awarded again, final."""
    stage = set_stage()
    published(stage)
    tender_notes.publish_note(actor=stage.clerk, now=NOW, tender=stage.tender, text="值班地点增加一处")
    for price in (1200, 1000, 1500):
        send(stage, price * 100 + 37)
    release(stage)
    jury(stage)
    for place, reason in ((0, "放弃成交"), (1, "")):
        tender = stage.again()
        bid = TenderBid.everything.get(pk=ranked(tender)[place].bid)
        tender_award.propose_award(actor=stage.clerk, now=AFTER, tender=tender, bid=bid)
        tender_award.decide_award(actor=stage.chief, now=AFTER, tender=tender)
        tender_award.announce_award(actor=stage.clerk, now=AFTER, tender=tender)
        if reason:
            tender_award.take_award_back(actor=stage.chief, now=AFTER, tender=tender, reason=reason)
    tender_award.settle_award(actor=stage.clerk, now=AFTER + timedelta(days=30), tender=stage.tender)
    return stage


def test_each_step_is_a_release_that_the_published_schema_accepts(whole: Stage, schema: Any) -> None:
    bodies = release_bodies(whole.tender)

    assert [body["tag"][0] for body in bodies] == [
        "planning", "tender", "tenderUpdate", "tenderUpdate", "award", "awardCancellation", "award", "awardUpdate",
    ]  # fmt: skip
    for body in [*bodies, releases.compiled(bodies)]:
        assert [error.message for error in schema.iter_errors(body)] == []


def test_the_schema_would_find_a_mistake(whole: Stage, schema: Any) -> None:
    body = release_bodies(whole.tender)[0]

    wrong = (
        {**body, "tag": ["nothing"]},
        {**body, "tender": {"title": "无编号"}},
        {key: body[key] for key in body if key != "ocid"},
    )

    assert [schema.is_valid(one) for one in wrong] == [False, False, False]


def test_ids_are_told_once_and_references_lead_to_parties(whole: Stage) -> None:
    bodies = release_bodies(whole.tender)

    assert len({body["id"] for body in bodies}) == len(bodies)
    assert [body["date"] for body in bodies] == sorted(body["date"] for body in bodies)
    for body in bodies:
        parties = {party["id"] for party in body["parties"]}
        assert len(parties) == len(body["parties"])
        named = [body["buyer"], *body["tender"].get("tenderers", ())]
        named += [one for award in body.get("awards", ()) for one in award["suppliers"]]
        assert {one["id"] for one in named} <= parties


def test_the_record_says_what_the_releases_come_to(whole: Stage) -> None:
    url = reverse("hub:notice_record", args=[whole.tender.pk])

    package = Client().get(url).json()

    record = package["records"][0]
    compiled = record["compiledRelease"]
    assert (package["version"], compiled["tag"]) == ("1.1", ["compiled"])
    assert [award["status"] for award in compiled["awards"]] == ["cancelled", "active"]
    assert len(record["releases"]) == 8
    assert compiled["tender"]["numberOfTenderers"] == 3


def test_amounts_are_yuan_to_the_fen(whole: Stage) -> None:
    body = release_bodies(whole.tender)[-1]

    assert body["awards"][0]["value"] == {"amount": (1200 * 100 + 37) * 250 // 100 + 0.5, "currency": "CNY"}
    assert body["tender"]["value"]["amount"] == 500_000


def test_nothing_of_a_bid_is_published_before_the_opening() -> None:
    stage = set_stage()
    published(stage)
    bid = send(stage, 100_00)
    tender_notes.publish_note(actor=stage.clerk, now=NOW, tender=stage.tender, text="澄清")

    told = json.dumps(release_bodies(stage.tender), ensure_ascii=False)

    assert bid.provider.name not in told
    assert "tenderer" not in told


def test_a_tender_without_award_says_why(schema: Any) -> None:
    stage = set_stage()
    published(stage)
    release(stage, (0,), now=DUE)

    body = release_bodies(stage.tender)[-1]

    assert (body["tag"], body["tender"]["status"]) == (["tenderCancellation"], "unsuccessful")
    assert schema.is_valid(body)


def test_a_draft_that_is_cancelled_was_never_published() -> None:
    stage = set_stage()
    draft(stage)
    tenders.cancel_tender(actor=stage.chief, now=NOW, tender=stage.tender, reason="不再需要")

    assert release_bodies(stage.tender) == []


def test_the_database_lets_nobody_change_what_was_published() -> None:
    published(set_stage())
    statements = ["UPDATE hub_tenderrelease SET tag = 'award'"]
    if connection.vendor == "postgresql":
        statements.append("DELETE FROM hub_tenderrelease")

    for statement in statements:
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert TenderRelease.everything.count() == 2

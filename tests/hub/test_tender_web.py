"""Tenders in the browser's place: who is shown what, and what forms do with what is typed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from shuniu.hub.actions import tender_award, tender_experts, tender_opening, tenders
from shuniu.hub.enums import BidState, DutyClass, TenderState
from shuniu.hub.models import Tender, TenderBid, TenderJuror, TenderMark
from shuniu.hub.ranking import ranked
from tests.factories import Cast, Player, make_player
from tests.hub.making import make_duty, make_manager, make_provider
from tests.hub.tendering import YUAN, Stage, acting, content, make_expert, mark_all, plan, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage(cast: Cast) -> Stage:
    """The district buys; its clerk is the cast's buyer, its cadre Dana decides."""
    members = [make_player("tender_clerk", cast.district).user for _ in range(3)]
    assert all(members)
    return Stage(
        cast.district,
        make_duty(cast.district, name="职工法律咨询"),
        cast.buyer.actor,
        cast.dana.actor,
        [one for one in members if one],
    )


@pytest.fixture
def out(stage: Stage) -> Tender:
    """A published tender whose hour is a fortnight away."""
    return published(stage)


def published(stage: Stage) -> Tender:
    now = timezone.now()
    stage.tender = tenders.draft_tender(actor=stage.clerk, now=now, organisation=stage.district, plan=plan(stage.duty))
    tender_opening.name_opening_committee(actor=stage.clerk, now=now, tender=stage.tender, members=stage.committee)
    for place in range(3):
        member = stage.member(place)
        stage.codes[place] = tender_opening.make_opening_code(actor=member, now=now, tender=stage.tender)
        tender_opening.confirm_opening_code(actor=member, now=now, tender=stage.tender, code=stage.codes[place])
    tenders.approve_tender(actor=stage.chief, now=now, tender=stage.again())
    tenders.publish_tender(actor=stage.clerk, now=now, tender=stage.again(), due_at=now + timedelta(days=14))
    return stage.again()


def past_due(stage: Stage, prices: tuple[int, ...] = (1200, 1000, 1500)) -> Tender:
    """Three bids, and the hour has come."""
    for price in prices:
        send(stage, price * YUAN, now=timezone.now())
    Tender.everything.filter(pk=stage.tender.pk).update(due_at=timezone.now() - timedelta(minutes=1))
    return stage.again()


def open_all(stage: Stage) -> Tender:
    for place in range(3):
        code = stage.codes[place]
        tender_opening.release_key(actor=stage.member(place), now=timezone.now(), tender=stage.tender, code=code)
    return stage.again()


def drawn(stage: Stage) -> list[TenderJuror]:
    past_due(stage)
    open_all(stage)
    for _ in range(3):
        make_expert(stage)
    return tender_experts.draw_experts(
        actor=stage.clerk, now=timezone.now(), tender=stage.tender, experts=3, subject="advice"
    )


DRAFT: dict[str, Any] = {
    "title": "职工法律服务",
    "need": "工作日律师值班",
    "subject": "services",
    "fiscal_year": "2026",
    "budget": "500,000",
    "method": "",
    "lines": "律师值班 天 250\n普法讲座，场，12",
    "price_points": "20",
    "criteria": "服务方案 50 分三档评分\n团队资质 30",
    "small_discount": "10",
    "consulted_people": "120",
}


def test_a_draft_is_made_with_the_method_the_rules_propose(stage: Stage, cast: Cast) -> None:
    answer = cast.buyer.client.post(reverse("hub:tender_new"), {**DRAFT, "duty": stage.duty.pk})

    tender = Tender.everything.get()
    assert answer.status_code == 302
    assert (tender.method, tender.budget) == ("consultation", 500_000 * YUAN)
    assert [(line.name, line.unit, line.quantity) for line in tender.lines.all()] == [
        ("律师值班", "天", 250),
        ("普法讲座", "场", 12),
    ]
    assert [(one.name, one.points) for one in tender.criteria.all()] == [
        ("价格", 20),
        ("服务方案", 50),
        ("团队资质", 30),
    ]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"lines": "律师值班"}, "lines"),
        ({"lines": "律师值班 天 二百"}, "lines"),
        ({"criteria": "服务方案"}, "criteria"),
        ({"budget": "很多"}, "budget"),
        ({"fiscal_year": "99999"}, "fiscal_year"),
        ({"budget": "9" * 14}, "budget"),
    ],
)
def test_what_cannot_be_read_is_said_at_its_field(stage: Stage, cast: Cast, typed: dict[str, str], field: str) -> None:
    answer = cast.buyer.client.post(reverse("hub:tender_new"), {**DRAFT, "duty": stage.duty.pk, **typed})

    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    assert not Tender.everything.exists()


def test_a_reserved_duty_cannot_be_chosen(stage: Stage, cast: Cast) -> None:
    reserved = make_duty(cast.district, DutyClass.RESERVED)

    answer = cast.buyer.client.post(reverse("hub:tender_new"), {**DRAFT, "duty": reserved.pk})

    assert reserved.name in str(answer.context["form"].errors)
    assert not Tender.everything.exists()


def test_before_the_hour_nobody_is_told_who_has_bid_or_how_many(out: Tender, stage: Stage, cast: Cast) -> None:
    bid = send(stage, 1000 * YUAN, now=timezone.now())

    for player in (cast.buyer, cast.dana):
        page = player.client.get(reverse("hub:tender", args=[out.pk])).content.decode()
        assert bid.provider.name not in page
        assert "此前任何人都不会得知" in page
        assert player.client.get(reverse("hub:tender_bid", args=[out.pk, bid.pk])).status_code == 404
        assert player.client.get(reverse("hub:tender_scores", args=[out.pk])).status_code == 200
        assert player.client.get(reverse("hub:tender_paper", args=[out.pk, "opening", "pdf"])).status_code == 404
    releases = cast.erin.client.get(reverse("hub:notice_releases", args=[out.pk])).json()["releases"]
    assert all("tenderers" not in release["tender"] for release in releases)


def test_a_code_is_shown_once_and_confirmed_by_writing_it(stage: Stage, cast: Cast) -> None:
    now = timezone.now()
    stage.tender = tenders.draft_tender(actor=stage.clerk, now=now, organisation=stage.district, plan=plan(stage.duty))
    dana = cast.dana
    members = [dana.user.pk, *(one.pk for one in stage.committee[:2])] if dana.user else []
    cast.buyer.client.post(reverse("hub:tender_committee", args=[stage.tender.pk]), {"members": members})

    shown = dana.client.post(reverse("hub:tender_code_make", args=[stage.tender.pk]))
    code = shown.context["code"]
    again = dana.client.get(reverse("hub:tender_code", args=[stage.tender.pk])).content.decode()
    wrong = dana.client.post(reverse("hub:tender_code_confirm", args=[stage.tender.pk]), {"code": "A" * 24})
    right = dana.client.post(reverse("hub:tender_code_confirm", args=[stage.tender.pk]), {"code": code.lower()})

    assert code in shown.content.decode()
    assert shown["Cache-Control"] == "no-store, private" or "no-store" in shown["Cache-Control"]
    assert code not in again
    assert wrong.status_code == 200
    assert right.status_code == 302
    assert stage.tender.seats.get(user=dana.user).confirmed_at


def test_the_opening_page_takes_three_members(out: Tender, stage: Stage, cast: Cast) -> None:
    past_due(stage)

    for place, user in enumerate(stage.committee):
        client = make_client(user)
        assert client.get(reverse("hub:tender_open", args=[out.pk])).status_code == 200
        client.post(reverse("hub:tender_open", args=[out.pk]), {"code": stage.codes[place]})

    assert stage.again().state == TenderState.OPENED
    page = cast.buyer.client.get(reverse("hub:tender", args=[out.pk])).content.decode()
    assert all(bid.provider.name in page for bid in stage.bids)
    assert cast.buyer.client.get(reverse("hub:tender_open", args=[out.pk])).status_code == 403


def make_client(user: Any) -> Any:
    return Player(user).client


def test_a_manager_sends_a_bid_and_has_a_receipt(out: Tender, stage: Stage, cast: Cast) -> None:
    provider = make_provider(cast.district)
    make_manager(provider, cast.manager)
    client = cast.manager.client
    form = client.get(reverse("hub:bid_new", args=[out.pk])).context["form"]
    line = out.lines.get()
    sent = {
        "nonce": form.initial["nonce"],
        f"line{line.pk}": "1,800.50",
        "controller": "李合伙",
        "file1": SimpleUploadedFile("方案.pdf", b"%PDF-1.7 secret"),
    }

    answer = client.post(reverse("hub:bid_new", args=[out.pk]), sent)

    bid = TenderBid.everything.get()
    assert answer.status_code == 302
    receipt = client.get(answer["Location"]).content.decode()
    assert bid.digest in receipt
    assert "1,800" not in receipt
    assert client.get(reverse("hub:bid_file", args=[bid.pk, 0])).status_code == 404
    client.post(reverse("hub:bid_withdraw", args=[bid.pk]))
    assert TenderBid.everything.get().state == BidState.WITHDRAWN


@pytest.mark.parametrize("name", ["a.exe", "a.html", "无后缀"])
def test_files_of_other_kinds_are_not_taken(out: Tender, cast: Cast, name: str) -> None:
    make_manager(make_provider(cast.district), cast.manager)
    sent = {
        "nonce": "0" * 32,
        f"line{out.lines.get().pk}": "1",
        "controller": "李",
        "file1": SimpleUploadedFile(name, b"x"),
    }

    answer = cast.manager.client.post(reverse("hub:bid_new", args=[out.pk]), sent)

    assert "file1" in answer.context["form"].errors


def test_a_manager_sees_no_bid_of_another_provider(out: Tender, stage: Stage, cast: Cast) -> None:
    make_manager(make_provider(cast.district), cast.manager)
    other = send(stage, 1000 * YUAN, now=timezone.now())

    for name in ("bid", "bid_explain", "bid_object"):
        assert cast.manager.client.get(reverse(f"hub:{name}", args=[other.pk])).status_code == 404
    assert cast.manager.client.post(reverse("hub:bid_withdraw", args=[other.pk])).status_code == 404
    assert other.provider.name not in cast.manager.client.get(reverse("hub:bidding")).content.decode()


def test_a_bid_after_the_hour_is_sent_back_with_the_reason(out: Tender, stage: Stage, cast: Cast) -> None:
    make_manager(make_provider(cast.district), cast.manager)
    past_due(stage)

    answer = cast.manager.client.get(reverse("hub:bid_new", args=[out.pk]), follow=True)

    assert "逾期送达的投标不予接收" in answer.content.decode()


def test_an_expert_declares_then_scores_and_never_sees_the_others(out: Tender, stage: Stage, cast: Cast) -> None:
    jurors = drawn(stage)
    clients = [make_client(juror.user) for juror in jurors]
    url = reverse("hub:scoring", args=[out.pk])
    bid = stage.bids[0]
    read = reverse("hub:scoring_bid", args=[out.pk, bid.pk])

    assert clients[0].get(read).status_code == 403
    assert bid.provider.name in clients[0].get(url).content.decode()
    for client in clients:
        client.post(url, {"tie": "no"})
    assert "应答内容" in clients[0].get(read).content.decode()
    marks = {f"b{one.pk}c{c.pk}": "20" for one in stage.bids for c in out.criteria.filter(kind="quality")}
    clients[0].post(url, {**marks, "keep": "1"})
    kept = clients[0].get(url).context["form"]
    for client in clients:
        client.post(url, {**marks, "submit": "1"})

    assert str(kept.initial[f"b{bid.pk}c{out.criteria.filter(kind='quality')[0].pk}"]) == "20"
    assert stage.again().state == TenderState.SCORED
    assert TenderMark.everything.count() == 9
    assert cast.expert.client.get(url).status_code == 404
    assert "40.00" in clients[0].get(url).content.decode()


def test_whoever_steps_aside_says_why(out: Tender, stage: Stage) -> None:
    juror = drawn(stage)[0]
    client, url = make_client(juror.user), reverse("hub:scoring", args=[out.pk])

    silent = client.post(url, {"tie": "yes", "recusal": " "})
    client.post(url, {"tie": "yes", "recusal": "曾任其顾问"})

    assert "recusal" in silent.context["form"].errors
    assert "已回避" in client.get(url).content.decode()


def test_scores_are_sealed_on_the_page_until_all_are_in(out: Tender, stage: Stage, cast: Cast) -> None:
    jurors = drawn(stage)
    for juror in jurors:
        tender_experts.declare_ties(actor=stage.expert(juror), now=timezone.now(), tender=stage.tender)
    for juror in jurors[:2]:
        mark_all(stage, juror, (91, 81, 71))

    page = cast.dana.client.get(reverse("hub:tender_scores", args=[out.pk])).content.decode()
    assert "评分尚未公开" in page
    assert "72.80" not in page
    mark_all(stage, jurors[2], (91, 81, 71))
    assert "72.80" in cast.dana.client.get(reverse("hub:tender_scores", args=[out.pk])).content.decode()


def test_the_way_from_scores_to_the_award_by_two_people(out: Tender, stage: Stage, cast: Cast) -> None:
    scored(stage)
    step = lambda move: reverse("hub:tender_step", args=[out.pk, move])  # noqa: E731
    best = ranked(stage.tender)[0].bid

    cast.buyer.client.post(step("propose"), {"bid": best})
    refused = cast.buyer.client.get(step("decide"))
    cast.dana.client.post(step("decide"))
    cast.buyer.client.post(step("announce"))
    page = cast.erin.client.get(reverse("hub:notice", args=[out.pk])).content.decode()

    assert refused.status_code == 403
    assert stage.again().state == TenderState.ANNOUNCED
    assert TenderBid.everything.get(pk=best).provider.name in page
    for kind in ("notice", "opening", "scoring", "award"):
        answer = cast.buyer.client.get(reverse("hub:tender_paper", args=[out.pk, kind, "docx"]))
        assert answer.status_code == 200
    assert cast.buyer.client.get(reverse("hub:tender_paper", args=[out.pk, "scoring", "pdf"])).content[:4] == b"%PDF"


def scored(stage: Stage) -> Tender:
    jurors = drawn(stage)
    for juror in jurors:
        tender_experts.declare_ties(actor=stage.expert(juror), now=timezone.now(), tender=stage.tender)
    for juror in jurors:
        mark_all(stage, juror, (90, 90, 90))
    return stage.again()


def test_the_public_is_told_no_ranking_before_the_announcement(out: Tender, stage: Stage, cast: Cast) -> None:
    tender = scored(stage)
    best = TenderBid.everything.get(pk=ranked(tender)[0].bid)
    tender_award.propose_award(actor=stage.clerk, now=timezone.now(), tender=tender, bid=best)

    page = cast.erin.client.get(reverse("hub:notice", args=[out.pk])).content.decode()

    assert best.provider.name not in page
    record = cast.erin.client.get(reverse("hub:notice_record", args=[out.pk])).json()["records"][0]
    assert "awards" not in record["compiledRelease"]


def test_a_draft_has_no_public_page(stage: Stage, cast: Cast) -> None:
    tender = tenders.draft_tender(
        actor=stage.clerk, now=timezone.now(), organisation=stage.district, plan=plan(stage.duty)
    )

    for name in ("notice", "notice_releases", "notice_record"):
        assert cast.erin.client.get(reverse(f"hub:{name}", args=[tender.pk])).status_code == 404


def test_strangers_and_the_three_powers_see_no_tender(out: Tender, cast: Cast) -> None:
    url = reverse("hub:tender", args=[out.pk])

    told = {name: player.client.get(url).status_code for name, player in cast.players()}

    assert {name for name, status in told.items() if status == 200} == {"dana", "buyer"}
    assert {told[name] for name in ("operator", "security", "audit", "manager", "expert", "bob")} == {403}
    assert {told[name] for name in ("alice", "charlie")} == {404}


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_no_more_for_more_rows(
    stage: Stage, cast: Cast, count: int, django_assert_max_num_queries: Any
) -> None:
    for _ in range(count):
        tenders.draft_tender(actor=stage.clerk, now=timezone.now(), organisation=stage.district, plan=plan(stage.duty))
    client = cast.dana.client
    client.get(reverse("hub:tenders"))

    with django_assert_max_num_queries(12):
        answer = client.get(reverse("hub:tenders"))

    assert len(answer.context["list"].rows) == count


def test_lists_filters_figures_and_exports_answer(out: Tender, stage: Stage, cast: Cast) -> None:
    scored(stage)
    client = cast.dana.client

    for url in (
        reverse("hub:tenders") + "?q=法律&method=consultation&state=scored&year=2026",
        reverse("hub:tenders") + "?year=abc&method=zzz",
        reverse("hub:tenders_export"),
        reverse("hub:tender_figures"),
        reverse("hub:tender_figures") + "?year=2026",
        reverse("hub:experts") + "?q=E0",
        reverse("hub:expert", args=[stage.experts[0].pk]),
        reverse("hub:my_tenders"),
        reverse("hub:notices"),
        reverse("hub:releases_of_year", args=[timezone.now().year]) + "?after=x",
    ):
        assert client.get(url).status_code == 200


def test_the_pool_is_kept_by_the_buyer_only(stage: Stage, cast: Cast) -> None:
    assert cast.expert.user is not None
    made = cast.buyer.client.post(
        reverse("hub:expert_new"), {"user": cast.expert.user.pk, "fields_of": ["advice"], "employer": "云川大学"}
    )
    url = made["Location"]

    tied = cast.buyer.client.post(
        f"{url}tie/", {"provider": make_provider(cast.district).pk, "kind": "employed", "starts_on": "2020-01-01"}
    )

    assert tied.status_code == 302
    assert cast.dana.client.get(url).status_code == 200
    assert cast.expert.client.get(url).status_code == 403
    assert cast.alice.client.get(url).status_code == 404


def test_clarifications_are_public_and_move_the_deadline(out: Tender, cast: Cast) -> None:
    day = timezone.localdate() + timedelta(days=20)
    sent = {"text": "值班地点增加一处", "question": "几处？", "day": day.isoformat(), "hour": "10:30"}

    cast.buyer.client.post(reverse("hub:tender_note", args=[out.pk]), sent)

    page = cast.erin.client.get(reverse("hub:notice", args=[out.pk])).content.decode()
    assert "值班地点增加一处" in page
    assert timezone.localtime(Tender.everything.get().due_at).hour == 10  # type: ignore[arg-type]


def test_bad_addresses_are_not_found(out: Tender, cast: Cast) -> None:
    client = cast.dana.client

    for url in (
        reverse("hub:tender_step", args=[out.pk, "open"]),
        reverse("hub:tender_paper", args=[out.pk, "nothing", "pdf"]),
        reverse("hub:tender_paper", args=[out.pk, "notice", "exe"]),
        reverse("hub:tender", args=[10**18]),
        reverse("hub:releases_of_year", args=[99999]),
    ):
        assert client.get(url).status_code == 404


__all__ = ["acting", "content"]

"""Pages of agreements: what works, what is refused, what a stranger gets, and that no page grows with its rows."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shuniu.hub.enums import AcceptanceState, AgreementState, PaymentState
from shuniu.hub.models import Agreement, AgreementLine, Payment, Standard
from tests.factories import Cast
from tests.hub import objects_agreements as ready
from tests.hub.agreeing import END, FACTS, START, counted, fresh, make_draft, what
from tests.hub.making import make_manager

pytestmark = pytest.mark.django_db


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_draft_is_made_filled_and_says_what_it_lacks(cast: Cast) -> None:
    given = what(cast.union)
    form = {
        "title": given.title, "duty": given.duty.pk, "provider": given.provider.pk, "mode": "purchased",
        "kinds": ["advice"], "cycle": "quarter", "starts_on": "2026-01-01", "last_day": "2026-12-31",
        "confidentiality": "保密", "personal_information": "不外传", "liability": "赔偿", "disputes": "协商", "bond": "",
    }  # fmt: skip

    answer = cast.alice.client.post(reverse("hub:agreement_new"), form)

    row = Agreement.everything.get()
    assert (answer.status_code, row.ends_on, row.drafted_by_id) == (302, END, cast.alice.actor.user_id)
    assert "尚未填写服务内容和单价。" in text_of(cast.alice.client.get(reverse("hub:agreement", args=[row.pk])))


def test_lines_are_typed_row_by_row_and_empty_rows_are_left_out(cast: Cast) -> None:
    row = ready.draft(cast)
    boxes = {"rows": "3", "0-name": "律师值班", "0-unit": "天", "0-quantity": "248", "0-price": "350.5"}

    cast.alice.client.post(reverse("hub:agreement_lines", args=[row.pk]), boxes)

    line = AgreementLine.everything.get()
    assert (line.amount, fresh(row).amount) == (248 * 35_050, 248 * 35_050)


@pytest.mark.parametrize("wrong", [{"0-price": "很多"}, {"0-quantity": "-1"}, {"0-unit": ""}, {"0-quantity": "9" * 40}])
def test_a_row_that_is_not_whole_is_shown_with_its_reason(cast: Cast, wrong: dict[str, str]) -> None:
    row = ready.draft(cast)
    boxes = {"rows": "1", "0-name": "值班", "0-unit": "天", "0-quantity": "2", "0-price": "3", **wrong}

    answer = cast.alice.client.post(reverse("hub:agreement_lines", args=[row.pk]), boxes)

    assert (answer.status_code, AgreementLine.everything.count()) == (200, 0)
    assert "field-errors" in text_of(answer)


def test_a_ready_set_fills_the_standards(cast: Cast) -> None:
    row = ready.draft(cast)
    url = reverse("hub:agreement_standards", args=[row.pk])

    page = text_of(cast.alice.client.get(url + "?set=repair"))

    assert "及时到场" in page
    assert not Standard.everything.exists()


def test_who_drafted_is_told_that_somebody_else_signs(cast: Cast) -> None:
    row = make_draft(cast.union)
    Agreement.everything.filter(pk=row.pk).update(drafted_by=cast.alice.user)

    answer = cast.alice.client.post(reverse("hub:agreement_sign", args=[row.pk]), {"on": "2026-01-01"}, follow=True)

    assert "本协议由您起草，须由他人签订。" in text_of(answer)
    assert fresh(row).state == AgreementState.DRAFT


@pytest.mark.parametrize("start", ["2026-13-01", "x", "2026-01-02"])
def test_a_period_that_does_not_exist_is_not_found(cast: Cast, start: str) -> None:
    row = ready.agreement(cast)

    assert cast.alice.client.get(reverse("hub:score_preview", args=[row.pk, start])).status_code == 404


def test_a_score_shows_every_figure_with_its_base_and_its_target(cast: Cast) -> None:
    make_standards = ready.standard(cast)
    Standard.everything.filter(pk=make_standards.pk).update(
        measure="answered", target=9700, step=100, deduct=250, name="按时首次答复"
    )
    url = reverse("hub:score_preview", args=[make_standards.agreement_id, "2026-01-01"])

    with counted(FACTS):
        page = text_of(cast.alice.client.get(url))

    assert "96%（96/100）" in page
    assert "不低于97%" in page
    assert "97.5" in page


def test_the_manager_sees_her_agreement_and_another_providers_manager_does_not(cast: Cast) -> None:
    row = make_draft(cast.union)
    Agreement.everything.filter(pk=row.pk).update(state=AgreementState.IN_FORCE, signed_on=START)
    url = reverse("hub:agreement", args=[row.pk])

    before = cast.manager.client.get(url).status_code
    make_manager(row.provider, cast.manager)

    assert (before, cast.manager.client.get(url).status_code) == (404, 200)
    assert row.title in text_of(cast.manager.client.get(reverse("hub:my_standing")))


def test_a_payment_is_approved_by_somebody_else_from_the_list(cast: Cast) -> None:
    made = ready.payment(cast)
    Payment.everything.filter(pk=made.pk).update(requested_by=cast.clerk.user)

    cast.clerk.client.post(reverse("hub:payment_decide", args=[made.pk]), {"decision": "approve"})
    listed = text_of(cast.alice.client.get(reverse("hub:payments") + "?state=mine"))
    cast.alice.client.post(reverse("hub:payment_decide", args=[made.pk]), {"decision": "approve"})

    made.refresh_from_db()
    assert "首付款" in listed
    assert (made.state, made.decided_by_id) == (PaymentState.APPROVED, cast.alice.actor.user_id)


def test_everybody_reads_a_published_result_and_nobody_one_that_is_not(cast: Cast) -> None:
    public, kept = ready.published(cast), ready.acceptance(cast, AcceptanceState.CONCLUDED, "pass")

    listed = text_of(cast.erin.client.get(reverse("hub:acceptances_public")))

    assert listed.count("法律服务") == 1
    assert cast.erin.client.get(reverse("hub:acceptance_public", args=[public.pk])).status_code == 200
    assert cast.erin.client.get(reverse("hub:acceptance_public", args=[kept.pk])).status_code == 404


@pytest.mark.parametrize("name", ["agreements", "payments"])
def test_a_list_asks_the_same_with_one_row_and_with_three(
    cast: Cast, name: str, django_assert_num_queries: Any
) -> None:

    ready.payment(cast)
    client = cast.alice.client
    client.get(reverse(f"hub:{name}"))
    with CaptureQueriesContext(connection) as first:
        client.get(reverse(f"hub:{name}"))
    ready.payment(cast)
    ready.payment(cast)

    with django_assert_num_queries(len(first)):
        client.get(reverse(f"hub:{name}"))


def test_a_picture_is_believed_by_its_content_only(cast: Cast) -> None:

    norm = ready.standard(cast)
    form = {"standard": norm.pk, "on": "2026-03-02", "issue": "无牌", "photo": SimpleUploadedFile("a.png", b"<script>")}

    answer = cast.alice.client.post(reverse("hub:inspection_new", args=[norm.agreement_id]), form)

    assert "field-errors" in text_of(answer)
    assert not norm.inspections.exists()

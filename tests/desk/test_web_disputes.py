"""Pages of repairs, mediation and rating links."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shuniu.desk.actions.repairs import move_repair
from shuniu.desk.models import Case, Material, Repair
from shuniu.desk.queries.repairs import figures, public_repairs
from shuniu.hub.enums import ServiceKind
from shuniu.hub.queries.facts import facts_of
from shuniu.voice.models import Rating
from tests.desk.making import make_case, make_line, staff
from tests.desk.objects import _mediation, _repair
from tests.factories import Cast

pytestmark = pytest.mark.django_db


def now_repair(cast: Cast, place: str = "3号楼201", minutes: int = 0) -> Case:
    """A leak that was reported some minutes ago, in the hands of the lawyer."""
    line = make_line(cast.union, "repair")
    answers = {"fault": "leak", "place": place}
    at = timezone.now() - timedelta(minutes=minutes)
    return make_case(line, cast.bob.person, "水管漏水", answers=answers, handler=staff(line, cast.lawyer.user), now=at)


def text(browser: Client, name: str, *args: Any, **query: str) -> str:
    return browser.get(reverse(name, args=args), query).content.decode()


def test_the_repairer_taps_through_a_job_on_the_phone(cast: Cast) -> None:
    case = now_repair(cast)
    Case.everything.filter(pk=case.pk).update(state="assigned")
    browser = cast.lawyer.client

    page = text(browser, "desk:repair_jobs")
    browser.post(reverse("desk:repair_tap", args=[case.pk, "arrive"]))
    browser.post(reverse("desk:repair_tap", args=[case.pk, "arrive"]))

    assert "3号楼201" in page
    assert "我已到场" in page
    assert Repair.everything.get().arrived_at is not None
    assert "已修复" in text(browser, "desk:repair_jobs")


def test_the_board_shows_what_is_overdue_in_red_and_filters_it(cast: Cast) -> None:
    now_repair(cast, "1号楼101", minutes=40)
    now_repair(cast, "2号楼202")

    page = text(cast.alice.client, "desk:repairs", state="overdue")

    assert "1号楼101" in page
    assert "超期" in page
    assert "2号楼202" not in page
    assert "1号楼101" not in text(cast.charlie.client, "desk:repairs", state="all")


@pytest.mark.parametrize("count", [1, 3])
def test_the_board_takes_as_many_queries_for_three_as_for_one(
    cast: Cast, count: int, django_assert_max_num_queries: Any
) -> None:
    line = make_line(cast.union, "repair")
    for number in range(count):
        make_case(line, cast.bob.person, "灯坏了", answers={"fault": "light", "place": f"{number}号楼1"})
    browser = cast.alice.client
    browser.get(reverse("desk:repairs"))

    with django_assert_max_num_queries(9):
        browser.get(reverse("desk:repairs"))


def test_material_is_entered_and_stands_on_the_repair_order(cast: Cast) -> None:
    case = now_repair(cast)
    address = reverse("desk:repair_material", args=[case.pk])

    wrong = cast.lawyer.client.post(address, {"name": "阀门", "quantity": "一个", "unit": "个", "price": "12.5"})
    right = cast.lawyer.client.post(address, {"name": "阀门", "quantity": "1.5", "unit": "个", "price": "12.5"})
    order = cast.lawyer.client.get(reverse("desk:repair_paper", args=[case.pk, "pdf"]))

    assert (wrong.status_code, right.status_code) == (200, 302)
    assert Material.everything.get().total == 1875
    assert order.content.startswith(b"%PDF")
    assert "18.75" in text(cast.lawyer.client, "desk:case", case.pk)


def test_whoever_hands_out_is_offered_the_fittest_first(cast: Cast) -> None:
    case = _repair(cast)
    Case.everything.filter(pk=case.pk).update(handler=None, state="new")

    page = text(cast.alice.client, "desk:repair_send", case.pk)
    answer = cast.alice.client.post(
        reverse("desk:repair_send", args=[case.pk]), {"handler": str(cast.lawyer.user and cast.lawyer.user.pk)}
    )

    assert "在手0单" in page
    assert answer.status_code == 302
    case.refresh_from_db()
    assert (case.state, case.handler) == ("assigned", cast.lawyer.user)


def test_everybody_reads_what_is_promised_and_no_figure_of_a_few(cast: Cast) -> None:
    now_repair(cast)

    page = text(Client(), "desk:repair_board")

    assert "漏水、爆管" in page
    assert "15分钟" in page
    assert "7:30" in page
    assert "不足5人" in page


def test_late_arrival_counts_in_the_figures_and_in_the_facts_of_the_provider(cast: Cast) -> None:
    case = now_repair(cast, minutes=40)
    Case.everything.filter(pk=case.pk).update(state="assigned")
    case.refresh_from_db()
    actor, now = cast.lawyer.actor, timezone.now()
    move_repair(case, "arrive", actor=actor, now=now)
    move_repair(case, "fix", actor=actor, now=now, text="已修")

    today = timezone.localdate()
    found = figures(public_repairs(case.line), today - timedelta(days=1), today + timedelta(days=1), now)
    facts = facts_of([1], [ServiceKind.REPAIR], today, today + timedelta(days=1))

    assert (found.arrive_base, found.arrived_in_time, found.fix_base, found.fixed_in_time) == (1, 0, 1, 1)
    assert facts is not None
    assert facts.served == 0  # no provider stands behind this repairer


def test_a_cadre_sees_the_course_of_a_mediation_and_nothing_of_it(cast: Cast) -> None:
    case = _mediation(cast)

    listed, page = text(cast.alice.client, "desk:mediations"), text(cast.alice.client, "desk:case", case.pk)
    own = text(cast.mediator.client, "desk:case", case.pk)

    assert case.number in listed
    assert "云川机械厂" not in listed + page
    assert "云川机械厂" in own
    assert "本争议的法定期限" in own


def test_the_applicant_reads_the_mediation_without_ties_and_entries(cast: Cast) -> None:
    case = _mediation(cast)

    page = text(cast.bob.client, "desk:case", case.pk)

    assert "对方调解意愿" in page
    assert "登记对方意愿" not in page


def test_the_mediator_enters_a_refusal_and_hands_out_the_application(cast: Cast) -> None:
    case = _mediation(cast)
    browser = cast.mediator.client
    address = reverse("desk:mediation_enter", args=[case.pk, "consent"])
    on = timezone.localdate(case.opened_at).isoformat()

    paper = browser.get(reverse("desk:mediation_paper", args=[case.pk, "application", "docx"]))
    absent = browser.get(reverse("desk:mediation_paper", args=[case.pk, "agreement", "pdf"]))
    answer = browser.post(address, {"is_consented": "no", "on": on, "note": "不同意"})

    assert paper.content.startswith(b"PK")
    assert absent.status_code == 404
    assert answer.status_code == 302
    case.refresh_from_db()
    assert case.state == "refused"


def test_the_desk_gives_out_a_link_for_a_caller_and_the_caller_rates(cast: Cast) -> None:
    line = make_line(cast.union, "advice")
    case = make_case(line, None, handler=staff(line, cast.lawyer.user), contact=("来电人", "13800001234"))
    Case.everything.filter(pk=case.pk).update(closed_at=timezone.now(), state="closed")
    issue = reverse("desk:case_rating_link", args=[case.pk])

    page = cast.alice.client.post(issue).content.decode()
    address = page.partition("http://testserver")[2].partition("<")[0]
    Client().post(address, {"stars": "4", "is_solved": "yes"})

    assert cast.lawyer.client.post(issue).status_code == 403
    assert Rating.everything.get().stars == 4
    assert cast.alice.client.post(issue).status_code == 302  # rated already: told so on the case

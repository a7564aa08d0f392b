"""The pages of officers, certificates and study."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shuniu.registry.enums import PostKind, PostTime, QualificationKind
from shuniu.registry.models import Post, Qualification, StudyRecord
from tests.factories import Cast, Player
from tests.registry.making import make_member, make_post, make_qualification, make_study

pytestmark = pytest.mark.django_db


def page(client: Client, name: str, /, *args: Any, **query: Any) -> str:
    answer = client.get(reverse(f"registry:{name}", args=args), query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def post(client: Client, name: str, /, *args: Any, **data: Any) -> Any:
    return client.post(reverse(f"registry:{name}", args=args), data)


def appointment(cast: Cast, **changes: Any) -> dict[str, Any]:
    return {
        "organisation": cast.union.name,
        "kind": PostKind.CHAIR.value,
        "time": PostTime.PART.value,
        "on": timezone.localdate(),
        **changes,
    }


def test_a_post_is_given_from_the_page_of_a_person(alice: Player, cast: Cast) -> None:
    person = make_member(cast.union, name="林晓禾")

    answer = post(alice.client, "post_new", person.pk, **appointment(cast))

    assert answer.status_code == 302
    assert "林晓禾" in page(alice.client, "officers", kind="chair")
    assert "主席" in page(alice.client, "person", person.pk)


def test_a_second_chair_is_refused_with_the_way_to_replace_the_first(alice: Player, cast: Cast) -> None:
    first, second = make_member(cast.union, name="林晓禾"), make_member(cast.union, name="周志文")
    make_post(first, cast.union, PostKind.CHAIR)

    refused = post(alice.client, "post_new", second.pk, **appointment(cast))
    replaced = post(alice.client, "post_new", second.pk, **appointment(cast, replace="on"))

    assert "林晓禾" in str(refused.context["form"].errors["kind"])
    assert replaced.status_code == 302
    chairs = Post.everything.filter(kind=PostKind.CHAIR).order_by("pk")
    assert [post.is_open for post in chairs] == [False, True]


def test_the_page_of_a_post_says_whether_chair_and_audit_are_apart(alice: Player, cast: Cast) -> None:
    person = make_member(cast.union, name="林晓禾")
    chair = make_post(person, cast.union, PostKind.CHAIR)
    assert "职务分离符合要求" in page(alice.client, "post", chair.pk)

    make_post(person, cast.union, PostKind.AUDIT)

    html = page(alice.client, "post", chair.pk)
    assert "应当分开" in html
    assert reverse("rulebook:rule", args=["audit.committee.size"]) in html


def test_a_post_ends_once(alice: Player, cast: Cast) -> None:
    held = make_post(make_member(cast.union), cast.union)

    first = post(alice.client, "post_end", held.pk, on=timezone.localdate())
    second = post(alice.client, "post_end", held.pk, on=timezone.localdate())

    assert first.status_code == 302
    assert second.context["form"].non_field_errors()


def test_officers_are_listed_by_post_time_day_and_name(alice: Player, cast: Cast) -> None:
    today = timezone.localdate()
    make_post(make_member(cast.union, name="林晓禾", initials="lxh"), cast.union, PostKind.CHAIR, time=PostTime.FULL)
    make_post(make_member(cast.union, name="周志文", initials="zzw"), cast.union, ends_on=today)
    client = alice.client

    assert "周志文" not in page(client, "officers")
    assert "周志文" in page(client, "officers", held="ended")
    assert "周志文" in page(client, "officers", on=today - timedelta(days=1))
    assert "林晓禾" in page(client, "officers", time="full", q="lxh", union=cast.union.pk)
    assert "林晓禾" not in page(client, "officers", kind="audit")


def test_officers_whose_certificate_ends_soon_are_found(alice: Player, cast: Cast) -> None:
    today = timezone.localdate()
    soon, later = make_member(cast.union, name="林晓禾"), make_member(cast.union, name="周志文")
    for person, days in ((soon, 90), (later, 91)):
        make_post(person, cast.union)
        make_qualification(person, expires_on=today + timedelta(days=days))

    html = page(alice.client, "officers", expiring="on")

    assert "林晓禾" in html
    assert "周志文" not in html


def test_certificates_that_end_are_on_the_list_and_on_the_home_page(alice: Player, charlie: Player, cast: Cast) -> None:
    today = timezone.localdate()
    person = make_member(cast.union, name="林晓禾")
    make_qualification(person, expires_on=today + timedelta(days=30))
    make_qualification(make_member(cast.union, name="周志文"), expires_on=today - timedelta(days=1))

    html = page(alice.client, "qualifications")

    assert "还有30天到期" in html
    assert "已过期" in html
    assert "林晓禾" in page(alice.client, "qualifications", validity="running_out")
    assert "周志文" not in page(alice.client, "qualifications", validity="running_out")
    assert "即将到期的资质证书" in alice.client.get("/").content.decode()
    assert "即将到期的资质证书" not in charlie.client.get("/").content.decode()


def test_who_may_serve_what_counts_people_with_a_good_certificate_once(alice: Player, cast: Cast) -> None:
    today, person = timezone.localdate(), make_member(cast.union)
    make_qualification(person)
    make_qualification(person, expires_on=today)
    make_qualification(make_member(cast.union), expires_on=today - timedelta(days=1))

    answer = alice.client.get(reverse("registry:qualifications"))

    counted = {service.kind: service.people for service in answer.context["services"]}
    assert counted[QualificationKind.MEDIATOR] == 1
    assert sum(counted.values()) == 1


def test_a_certificate_is_recorded_and_renewed(alice: Player, cast: Cast) -> None:
    person, today = make_member(cast.union), timezone.localdate()
    paper = {"kind": "mediator", "number": "TJ-1", "issued_on": today, "expires_on": today}

    wrong = post(alice.client, "qualification_new", person.pk, **paper)
    right = post(alice.client, "qualification_new", person.pk, **{**paper, "expires_on": ""})
    row = Qualification.everything.get()
    renewed = post(
        alice.client, "qualification", row.pk, **{**paper, "expires_on": today + timedelta(days=700), "level": "中级"}
    )

    assert "expires_on" in wrong.context["form"].errors
    assert (right.status_code, renewed.status_code) == (302, 302)
    row.refresh_from_db()
    assert (row.expires_on, row.level) == (today + timedelta(days=700), "中级")


def test_study_is_recorded_corrected_and_summed(alice: Player, cast: Cast) -> None:
    today, person = timezone.localdate(), make_member(cast.union, name="林晓禾")
    make_post(person, cast.union)
    make_post(make_member(cast.union, name="周志文"), cast.union)
    client = alice.client
    course = {"title": "集体协商培训", "starts_on": today, "hours": 16}

    post(client, "study_new", person.pk, **course)
    post(client, "study", StudyRecord.everything.get().pk, **{**course, "hours": 24})
    make_study(person, "往年课程", starts_on=today.replace(year=today.year - 1, day=1))

    answer = client.get(reverse("registry:study_totals"))
    assert (answer.context["all"], answer.context["studied"], answer.context["hours"]) == (2, 1, 24)
    assert [(row.name, row.courses, row.hours) for row in answer.context["list"].rows] == [
        ("林晓禾", 1, 24),
        ("周志文", 0, 0),
    ]
    before = client.get(reverse("registry:study_totals"), {"year": today.year - 1})
    assert before.context["hours"] == 8
    assert "集体协商培训" in page(client, "studies", year=today.year)


@pytest.mark.parametrize("name", ["officers", "qualifications", "studies", "study_totals"])
@pytest.mark.parametrize("silly", ["abc", "-1", "9" * 40, "\x00"])
def test_silly_conditions_are_no_error(alice: Player, name: str, silly: str) -> None:
    keys = ("q", "kind", "time", "held", "expiring", "union", "on", "validity", "year", "at", "sort")

    page(alice.client, name, **dict.fromkeys(keys, silly))


@pytest.mark.parametrize("item_count", [1, 3])
@pytest.mark.parametrize(
    ("name", "queries"), [("officers", 4), ("qualifications", 7), ("studies", 4), ("study_totals", 6)]
)
def test_lists_cost_the_same_for_any_number_of_rows(
    alice: Player, cast: Cast, name: str, queries: int, item_count: int, django_assert_num_queries: Any
) -> None:
    for _number in range(item_count):
        person = make_member(cast.union)
        make_post(person, cast.union)
        make_qualification(person)
        make_study(person)
    client = alice.client
    page(client, name)

    with django_assert_num_queries(queries):
        page(client, name)


def test_a_person_is_chosen_before_she_gets_a_post(alice: Player, charlie: Player, cast: Cast) -> None:
    person = make_member(cast.union, name="林晓禾")
    address = reverse("registry:post_new", args=[person.pk])

    assert address in page(alice.client, "officer_new", q="林")
    assert address not in page(charlie.client, "officer_new", q="林")


def test_the_record_of_a_person_costs_the_same_for_any_length(
    alice: Player, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    person = make_member(cast.union)
    for number in range(4):
        make_post(person, cast.union, list(PostKind)[number])
        make_qualification(person)
        make_study(person, f"课程{number}")
    client = alice.client
    page(client, "person", person.pk)

    with django_assert_max_num_queries(14):
        page(client, "person", person.pk)


def test_officers_leave_as_a_workbook_without_numbers(alice: Player, cast: Cast) -> None:
    make_post(make_member(cast.union, name="林晓禾"), cast.union)

    answer = alice.client.get(reverse("registry:officers_export"))

    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")

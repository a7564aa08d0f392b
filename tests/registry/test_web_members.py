"""The pages of members: what they show, to whom, and what they never show."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shuniu.kernel.models import TrailEntry
from shuniu.kernel.text import initials
from shuniu.registry.actions.members import admit_directly
from shuniu.registry.enums import GroupTag, MembershipAct, Standing
from shuniu.registry.fields import PersonField
from shuniu.registry.identity import Particulars
from shuniu.registry.ledger import Entry, enter
from shuniu.registry.models import Organisation, Person, PersonTag, Transfer
from tests.factories import Cast, Player
from tests.registry.making import actor_at, make_body, make_member

NUMBER, MOBILE = "11010519491231002X", "13800001234"

pytestmark = pytest.mark.django_db


@pytest.fixture
def she(cast: Cast) -> Person:
    """A member of Alice's union whose numbers are on record."""
    particulars = Particulars(name="林晓禾", id_number=NUMBER, mobile=MOBILE)
    today = timezone.localdate()
    actor = actor_at(cast.union, "member.edit")
    return admit_directly(particulars, cast.union, on=today, actor=actor, now=timezone.now())


def page(client: Client, name: str, /, *args: Any, **query: Any) -> str:
    answer = client.get(reverse(f"registry:{name}", args=args), query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def post(client: Client, name: str, /, *args: Any, **data: Any) -> Any:
    return client.post(reverse(f"registry:{name}", args=args), data)


def said(answer: Any) -> str:
    """What the page says, after it has sent the browser on."""
    return " ".join(str(message) for message in answer.context["messages"])


# the list


def test_the_list_shows_masked_numbers_and_the_count_with_its_base(alice: Player, she: Person) -> None:
    html = page(alice.client, "members")

    assert "林晓禾" in html
    assert "138****1234" in html
    assert MOBILE not in html
    assert "您管辖的全部会员" in html


def test_a_stranger_sees_none_of_them_however_she_asks(charlie: Player, cast: Cast, she: Person) -> None:
    for query in ({}, {"q": "林"}, {"union": cast.union.pk}, {"standing": "everyone"}, {"on": "2026-01-01"}):
        assert "林晓禾" not in page(charlie.client, "members", **query)


def test_a_number_in_the_address_is_refused_with_the_way_to_go(alice: Player, she: Person) -> None:
    html = page(alice.client, "members", q=MOBILE)

    assert "号码不应出现在网址中" in html


@pytest.mark.parametrize("silly", ["abc", "-1", "9" * 40, "1;DROP TABLE", "\x00"])
def test_silly_conditions_are_no_error(alice: Player, silly: str) -> None:
    keys = ("union", "standing", "tag", "joined", "batch", "on", "at", "age", "q", "unconfirmed")

    page(alice.client, "members", **dict.fromkeys(keys, silly))
    for key in keys:
        page(alice.client, "members", **{key: silly})


def test_the_list_of_another_day_shows_who_was_a_member_then(alice: Player, cast: Cast) -> None:
    old = make_member(cast.union, name="王志文", initials=initials("王志文"))
    enter([Entry(old.pk, cast.union.pk, MembershipAct.LEFT, timezone.localdate())])

    assert "王志文" not in page(alice.client, "members")
    assert "王志文" in page(alice.client, "members", on="2020-01-01")
    assert "2020年1月1日的会员" in page(alice.client, "members", on="2020-01-01")


@pytest.mark.parametrize("item_count", [1, 3])
@pytest.mark.parametrize("query", [{"q": "王"}, {}, {"sex": "f"}, {"on": "2020-01-01"}])
def test_the_list_costs_the_same_for_any_number_of_rows(
    alice: Player,
    cast: Cast,
    item_count: int,
    query: dict[str, str],
    django_assert_num_queries: Any,
) -> None:
    for number in range(item_count):
        make_member(cast.union, name=f"王{number}", initials=f"w{number}")
    client = alice.client
    page(client, "members")  # the first page of a session notes where it comes from

    with django_assert_num_queries({"q": 6, "": 8, "sex": 9, "on": 9}[next(iter(query), "")]):
        page(client, "members", **query)


def test_a_name_is_found_by_its_initials_and_by_the_search_of_everything(alice: Player, she: Person) -> None:
    assert "林晓禾" in page(alice.client, "members", q="lxh")
    found = alice.client.get(reverse("kernel:search"), {"q": "晓禾"}).content.decode()

    assert reverse("registry:person", args=[she.pk]) in found


def test_the_search_of_everything_finds_no_stranger_and_no_number(charlie: Player, alice: Player, she: Person) -> None:
    address = reverse("registry:person", args=[she.pk])

    assert address not in charlie.client.get(reverse("kernel:search"), {"q": "晓禾"}).content.decode()
    assert address not in alice.client.get(reverse("kernel:search"), {"q": MOBILE}).content.decode()


# finding by number


@pytest.mark.parametrize("number", [MOBILE, "138 0000 1234", NUMBER.lower()])
def test_a_posted_number_leads_to_its_person(alice: Player, she: Person, number: str) -> None:
    answer = post(alice.client, "members_find", number=number)

    assert answer.status_code == 302
    assert answer.url == reverse("registry:person", args=[she.pk])


def test_a_number_out_of_sight_is_answered_like_one_that_nobody_has(charlie: Player, she: Person) -> None:
    theirs = post(charlie.client, "members_find", number=MOBILE).content.decode()
    nobodys = post(charlie.client, "members_find", number="13999999999").content.decode()

    assert "没有会员登记该号码" in theirs
    assert theirs.replace(MOBILE, "").count("<li") == nobodys.count("<li")


# one person


def test_the_record_shows_masks_and_what_happened(alice: Player, she: Person) -> None:
    html = page(alice.client, "person", she.pk)

    assert "110*************2X" in html or "110*************" in html
    assert NUMBER not in html
    assert MOBILE not in html
    assert "批准入会" in html


def test_a_clerk_without_the_right_is_not_offered_to_see_numbers(cast: Cast, she: Person) -> None:
    assert "查看完整号码" in page(cast.alice.client, "person", she.pk)
    assert "查看完整号码" not in page(cast.clerk.client, "person", she.pk)


def test_a_number_is_shown_once_for_a_reason(alice: Player, she: Person) -> None:
    client = alice.client

    asked = post(client, "person_reveal", she.pk, "mobile", reason="")
    shown = post(client, "person_reveal", she.pk, "mobile", reason="核对会员卡")

    assert MOBILE not in asked.content.decode()
    assert MOBILE in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert MOBILE not in page(client, "person_reveal", she.pk, "mobile")
    assert TrailEntry.objects.filter(verb="member.revealed").count() == 1


def test_fields_that_are_not_sealed_have_no_such_page(alice: Player, she: Person) -> None:
    assert alice.client.get(reverse("registry:person_reveal", args=[she.pk, "name"])).status_code == 404


def test_an_edit_never_shows_the_numbers_and_says_what_is_wrong_at_its_field(alice: Player, she: Person) -> None:
    client = alice.client
    assert MOBILE not in page(client, "person_edit", she.pk)

    answer = post(client, "person_edit", she.pk, name="林晓禾", id_type="resident", sex="m")

    assert answer.status_code == 200
    assert "性别与证件号码不符" in answer.content.decode() or "性别" in str(answer.context["form"].errors["sex"])


def test_an_edit_keeps_what_was_left_empty(alice: Player, she: Person) -> None:
    answer = post(alice.client, "person_edit", she.pk, name="林晓荷", id_type="resident", job="质检员")

    assert answer.status_code == 302
    she.refresh_from_db()
    assert (she.name, she.job, she.mobile) == ("林晓荷", "质检员", MOBILE)


def test_a_step_asks_for_what_it_needs_and_shows_the_result(alice: Player, she: Person) -> None:
    client, today = alice.client, timezone.localdate()

    without = post(client, "person_step", she.pk, "expel", on=today, reason="")
    with_all = post(client, "person_step", she.pk, "expel", on=today, reason="严重违反章程", vote="应到40，赞成38")

    assert set(without.context["form"].errors) == {"reason", "vote"}
    assert with_all.status_code == 302
    assert "已开除" in page(client, "person", she.pk) or "开除" in page(client, "person", she.pk)


def test_a_step_that_does_not_exist_is_no_page(alice: Player, she: Person) -> None:
    assert alice.client.get(reverse("registry:person_step", args=[she.pk, "promote"])).status_code == 404


def test_a_step_in_the_future_is_refused_with_a_sentence(alice: Player, she: Person) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)

    answer = post(alice.client, "person_step", she.pk, "leave", on=tomorrow, reason="辞职")

    assert answer.status_code == 200
    assert "on" in answer.context["form"].errors


# admitting


def test_a_new_member_is_entered_by_hand(alice: Player, cast: Cast) -> None:
    data = {
        "name": "周志文",
        "id_type": "resident",
        "id_number": NUMBER,
        "mobile": MOBILE,
        "union": cast.union.name,
        "how": "admit",
        "on": timezone.localdate(),
    }

    answer = post(alice.client, "member_new", **data)

    person = Person.everything.get(name="周志文")
    assert answer.url == reverse("registry:person", args=[person.pk])
    assert (person.standing, person.home_id) == (Standing.ACTIVE, cast.union.pk)


def test_a_second_membership_is_answered_with_the_offer_of_a_transfer(dana: Player, cast: Cast, she: Person) -> None:
    data = {
        "name": "林晓禾",
        "id_type": "resident",
        "id_number": NUMBER,
        "union": cast.other_union.name,
        "how": "admit",
        "on": timezone.localdate(),
    }

    html = post(dana.client, "member_new", **data).content.decode()

    assert f"{reverse('registry:transfer_new', args=[she.pk])}?to={cast.other_union.pk}" in html
    assert cast.union.name in html


def test_a_stranger_learns_the_union_but_is_not_led_to_the_record(charlie: Player, cast: Cast, she: Person) -> None:
    data = {
        "name": "林晓禾",
        "id_type": "resident",
        "id_number": NUMBER,
        "union": cast.other_union.name,
        "how": "apply",
        "on": timezone.localdate(),
    }

    html = post(charlie.client, "member_new", **data).content.decode()

    assert cast.union.name in html
    assert reverse("registry:person", args=[she.pk]) not in html
    assert reverse("registry:transfer_new", args=[she.pk]) not in html


def test_nobody_is_admitted_to_a_union_out_of_reach(charlie: Player, cast: Cast) -> None:
    data = {
        "name": "周志文",
        "id_type": "resident",
        "id_number": NUMBER,
        "union": cast.union.name,
        "how": "admit",
        "on": timezone.localdate(),
    }

    answer = post(charlie.client, "member_new", **data)

    assert "union" in answer.context["form"].errors
    assert not Person.everything.filter(name="周志文").exists()


# choosing many


def test_the_chosen_are_confirmed_and_others_are_not(alice: Player, charlie: Player, cast: Cast, she: Person) -> None:
    foreign = make_member(cast.other_union)

    answer = alice.client.post(
        reverse("registry:members_confirm"), {"row": [she.pk, foreign.pk, "x", "9" * 30]}, follow=True
    )

    assert "1" in said(answer)
    she.refresh_from_db()
    foreign.refresh_from_db()
    assert she.confirmed_on == timezone.localdate()
    assert foreign.confirmed_on is None


def test_groups_are_asked_for_before_they_are_put_on(alice: Player, she: Person) -> None:
    client = alice.client

    asked = client.post(reverse("registry:members_tag"), {"row": [she.pk]})
    done = client.post(
        reverse("registry:members_tag"), {"row": [she.pk], "tag": GroupTag.COURIER.value, "what": "put"}, follow=True
    )

    assert f'name="row" value="{she.pk}"' in asked.content.decode()
    assert "1" in said(done)
    assert PersonTag.everything.get().tag == GroupTag.COURIER


def test_choosing_nobody_is_told(alice: Player) -> None:
    assert "请先在列表中选择人员" in said(alice.client.post(reverse("registry:members_tag"), {}, follow=True))


# taking a list out


def rows_of(answer: Any) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(answer.content), read_only=True)
    return [tuple(row) for row in book.active.iter_rows(values_only=True)]  # type: ignore[union-attr]


def test_an_export_is_masked_narrowed_and_told(alice: Player, cast: Cast, she: Person) -> None:
    make_member(cast.other_union, name="林外人")

    answer = alice.client.post(reverse("registry:members_export") + "?q=林", {"kind": "xlsx"})

    rows = rows_of(answer)
    assert [row[0] for row in rows[1:]] == ["林晓禾"]
    assert rows[1][3] == "138****1234"
    entry = TrailEntry.objects.get(verb="member.exported")
    assert (entry.changes["rows"], entry.changes["filters"]) == (1, {"q": "林"})


def test_whole_numbers_leave_with_a_reason_only(alice: Player, she: Person) -> None:
    client, address = alice.client, reverse("registry:members_export")

    without = client.post(address, {"kind": "csv", "full": "on"})
    with_reason = client.post(address, {"kind": "csv", "full": "on", "reason": "办理互助保障"})

    assert "reason" in without.context["form"].errors
    text = b"".join(with_reason.streaming_content).decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text)))
    assert MOBILE in {row[3] for row in lines}
    assert TrailEntry.objects.get(verb="member.exported").changes["full"] is True


def test_a_long_export_raises_the_alarm(alice: Player, cast: Cast) -> None:
    for _number in range(100):
        make_member(cast.union)

    alice.client.post(reverse("registry:members_export"), {"kind": "xlsx"})

    assert TrailEntry.objects.get().verb == "member.mass_exported"


def test_a_name_cannot_become_a_formula(alice: Player, cast: Cast) -> None:
    make_member(cast.union, name='=HYPERLINK("x")')

    answer = alice.client.post(reverse("registry:members_export"), {"kind": "csv"})

    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert '\'=HYPERLINK(""x"")' in text


# transfers


def test_a_transfer_goes_from_page_to_page(alice: Player, charlie: Player, cast: Cast, she: Person) -> None:
    today = timezone.localdate()

    issued = post(
        alice.client, "transfer_new", she.pk, destination=cast.other_union.name, on=today, reason="换了工作单位"
    )
    transfer = Transfer.everything.get()
    assert issued.url == reverse("registry:transfer", args=[transfer.pk])
    assert "林晓禾" in page(charlie.client, "transfers", state="mine")
    received = post(charlie.client, "transfer_move", transfer.pk, "receive", on=today)

    assert received.status_code == 302
    she.refresh_from_db()
    assert she.home_id == cast.other_union.pk
    assert "林晓禾" in page(charlie.client, "person", she.pk)
    assert alice.client.get(reverse("registry:person", args=[she.pk])).status_code == 404


def test_the_receiving_union_sees_the_transfer_but_not_yet_the_person(
    alice: Player, charlie: Player, cast: Cast, she: Person
) -> None:
    post(alice.client, "transfer_new", she.pk, destination=cast.other_union.name, on=timezone.localdate())
    html = page(charlie.client, "transfer", Transfer.everything.get().pk)

    assert "林晓禾" in html
    assert MOBILE not in html
    assert reverse("registry:person", args=[she.pk]) not in html


def test_a_transfer_that_waits_too_long_is_on_the_worklist_with_its_rule(
    alice: Player, dana: Player, cast: Cast, she: Person
) -> None:
    post(alice.client, "transfer_new", she.pk, destination=cast.other_union.name, on=timezone.localdate())
    transfer = Transfer.everything.get()
    assert "林晓禾" not in page(dana.client, "transfers", state="overdue")
    Transfer.everything.update(out_on=timezone.localdate() - timedelta(days=31))

    assert "林晓禾" in page(dana.client, "transfers", state="overdue")
    html = page(dana.client, "transfer", transfer.pk)
    assert "超过30天的期限" in html
    assert reverse("rulebook:rule", args=["transfer.open_days"]) in html
    assert "超期未办的会籍转接" in dana.client.get("/").content.decode()


def test_the_issuing_union_is_not_offered_to_receive(alice: Player, cast: Cast, she: Person) -> None:
    post(alice.client, "transfer_new", she.pk, destination=cast.other_union.name, on=timezone.localdate())
    transfer = Transfer.everything.get()

    html = page(alice.client, "transfer", transfer.pk)

    assert reverse("registry:transfer_move", args=[transfer.pk, "withdraw"]) in html
    assert reverse("registry:transfer_move", args=[transfer.pk, "receive"]) not in html
    assert post(alice.client, "transfer_move", transfer.pk, "receive", on=timezone.localdate()).status_code == 403


def test_unions_anywhere_are_suggested_as_destinations_but_no_bodies_without_members(
    alice: Player, bob: Player, cast: Cast
) -> None:
    found = page(alice.client, "destinations_suggest", destination="青石")

    assert cast.other_union.name in found
    assert cast.other_town.name not in found
    assert bob.client.get(reverse("registry:destinations_suggest")).status_code == 403


def test_a_union_out_of_sight_can_be_named_as_destination_but_not_listed(alice: Player, cast: Cast) -> None:
    person = make_member(cast.union)
    far = make_body(cast.other_town, name="远方工会")

    answer = post(alice.client, "transfer_new", person.pk, destination=far.code, on=timezone.localdate())

    assert answer.status_code == 302
    assert Transfer.everything.get().destination_id == far.pk


# one's own card


def test_a_member_sees_her_card_her_history_and_her_masked_data(bob: Player, cast: Cast) -> None:
    html = page(bob.client, "me")

    assert "电子会员卡" in html
    assert cast.union.name in html
    assert "批准入会" in html


def test_consent_is_given_and_taken_back(bob: Player) -> None:
    client = bob.client
    assert bob.person is not None

    post(client, "me_consent", consent="yes")
    bob.person.refresh_from_db()
    assert bob.person.consented_on == timezone.localdate()
    assert "您已于" in page(client, "me")
    post(client, "me_consent", consent="no")

    bob.person.refresh_from_db()
    assert bob.person.consented_on is None


def test_a_member_reaches_no_record_but_her_own_card(bob: Player, she: Person) -> None:
    assert bob.person is not None
    for person in (she, bob.person):
        assert bob.client.get(reverse("registry:person", args=[person.pk])).status_code == 403
    assert "林晓禾" not in page(bob.client, "me")


def test_her_card_is_on_her_home_page(bob: Player) -> None:
    assert "电子会员卡" in bob.client.get("/").content.decode()


def test_applications_wait_on_the_home_page_of_those_who_decide(alice: Player, charlie: Player, cast: Cast) -> None:
    person: Person = Person.everything.create(name="周志文", sex="m", home=cast.union, standing=Standing.APPLIED)
    enter([Entry(person.pk, cast.union.pk, MembershipAct.APPLIED, timezone.localdate())])

    assert "周志文" in alice.client.get("/").content.decode()
    assert "周志文" not in charlie.client.get("/").content.decode()


def test_a_dissolved_union_takes_nobody(dana: Player, cast: Cast, she: Person) -> None:
    Organisation.everything.filter(pk=cast.other_union.pk).update(dissolved_on=timezone.localdate())

    answer = post(dana.client, "transfer_new", she.pk, destination=cast.other_union.name, on=timezone.localdate())

    assert "destination" in answer.context["form"].errors


# naming somebody on a form


def test_people_are_suggested_by_name_with_their_union_and_within_sight_only(alice: Player, cast: Cast) -> None:
    near, far = make_member(cast.union, name="欧阳远航"), make_member(cast.other_union, name="欧阳远山")

    found = alice.client.post(reverse("registry:people_suggest"), {"person": "欧阳"}).content.decode()

    assert f"欧阳远航 · {cast.union}（{near.pk}）" in found
    assert far.name not in found


def test_a_person_is_meant_by_a_number_in_full_or_as_suggested(she: Person, cast: Cast) -> None:
    _one, two = make_member(cast.union, name="甘棠"), make_member(cast.union, name="甘棠")
    field = PersonField()
    field.rows = Person.objects.visible_to(cast.alice.actor).select_related("home")

    assert field.clean([MOBILE]) == she
    assert field.clean([she.name]) == she
    assert field.clean([field.label_of(two)]) == two
    with pytest.raises(ValidationError, match="甘棠"):
        field.clean(["甘棠"])
    with pytest.raises(ValidationError):
        field.clean([str(two.pk)])

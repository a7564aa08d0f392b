"""Notices: who is told, when it goes out, and that nobody is told a thing twice or what is another's."""

from __future__ import annotations

import smtplib
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy

from shuniu.accounts.actions.users import set_email
from shuniu.kernel.models import TrailEntry
from shuniu.kernel.notices import Kind, delivery, kinds, notify
from shuniu.kernel.notices.actions import choose_channels
from shuniu.kernel.notices.enums import DeliveryState
from shuniu.kernel.notices.gateways import Email, Outbox
from shuniu.kernel.notices.kinds import EMAIL, GatewayError, Message, UnclearError
from shuniu.kernel.notices.models import Delivery, Notice
from shuniu.kernel.notices.rules import KEPT, SILENT, STALE, WAITS, wait_after
from tests.factories import NOW, Cast, Player
from tests.kernel.making import KIND, make_notice

pytestmark = pytest.mark.django_db


class Postman:
    """A gateway that remembers what it was given, and fails as it is told."""

    key, label = EMAIL, "信使"

    def __init__(self) -> None:
        self.sent: list[Message] = []
        self.fails: list[Exception] = []

    def send(self, message: Message) -> None:
        if self.fails:
            raise self.fails.pop(0)
        self.sent.append(message)


@pytest.fixture
def postman(monkeypatch: pytest.MonkeyPatch) -> Postman:
    """The only way out of the site."""
    one = Postman()
    monkeypatch.setattr(kinds, "_gateways", {EMAIL: one})
    return one


@pytest.fixture
def reached(bob: Player) -> int:
    """Bob's account, with an address."""
    assert bob.user is not None
    set_email(bob.user, address="bob@example.cn", actor=bob.actor, now=NOW)
    return bob.user.pk


def deliveries() -> list[str]:
    return list(Delivery.objects.order_by("pk").values_list("state", flat=True))


# telling


def test_each_reader_is_told_once_and_nobody_is_passed_over(cast: Cast) -> None:
    bob, alice = cast.bob.actor.user_id, cast.alice.actor.user_id

    notify([bob, alice, bob, None], kind=KIND, title="停水通知", now=NOW)

    assert sorted(Notice.everything.values_list("user_id", flat=True)) == sorted([bob, alice])


def test_what_is_told_stands_in_the_sites_language_whoever_acts(cast: Cast) -> None:
    with translation.override("en"):
        notify([cast.bob.actor.user_id], kind=KIND, title=gettext_lazy("Notices"), now=NOW)

    assert Notice.everything.get().title == "通知"


def test_values_are_filled_in_and_never_read_as_fields(cast: Cast) -> None:
    notify([1], kind=KIND, title="事项{number}", text="{0} {x}", values=None, now=NOW)
    notify([2], kind=KIND, title="事项{number}", values={"number": "{evil}\nBcc: x@y"}, now=NOW)

    assert Notice.everything.get(user_id=1).text == "{0} {x}"
    assert Notice.everything.get(user_id=2).title == "事项{evil} Bcc: x@y"


@pytest.mark.parametrize("url", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_a_notice_leads_nowhere_outside_of_the_site(url: str) -> None:
    with pytest.raises(ValueError, match="no path"):
        notify([1], kind=KIND, title="x", url=url, now=NOW)


def test_a_kind_that_no_room_registered_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="registered"):
        notify([1], kind="test.unknown", title="x", now=NOW)


def test_an_action_that_is_taken_back_tells_nobody(cast: Cast) -> None:
    with transaction.atomic():
        make_notice(1)
        transaction.set_rollback(True)

    assert not Notice.everything.exists()


# sending


def test_a_notice_goes_out_once_however_often_the_worker_looks(postman: Postman, reached: int) -> None:
    make_notice(reached, now=NOW)

    for minute in range(4):
        delivery.go(NOW + timedelta(minutes=minute))

    assert [(one.to, one.title) for one in postman.sent] == [("bob@example.cn", "您有新的事项")]
    assert deliveries() == [DeliveryState.SENT]


def test_whoever_gave_no_address_is_told_in_the_site_only(postman: Postman, alice: Player) -> None:
    make_notice(alice.actor.user_id or 0, now=NOW)

    delivery.go(NOW)

    assert postman.sent == []
    assert deliveries() == []


def test_a_refused_message_is_tried_again_later_and_then_given_up(postman: Postman, reached: int) -> None:
    make_notice(reached, now=NOW)
    now = NOW

    for wait in WAITS:
        postman.fails = [GatewayError("busy")]
        assert delivery.go(now) == 0
        assert delivery.go(now + wait - timedelta(seconds=1)) == 0, "before its time nothing is tried"
        now += wait
    assert deliveries() == [DeliveryState.WAITING]
    postman.fails = [GatewayError("busy")]
    delivery.go(now)

    assert deliveries() == [DeliveryState.FAILED]
    assert postman.sent == []


def test_a_refusal_for_good_is_not_tried_again(postman: Postman, reached: int) -> None:
    make_notice(reached, now=NOW)
    postman.fails = [GatewayError("no such mailbox", for_good=True)]

    delivery.go(NOW)

    assert deliveries() == [DeliveryState.FAILED]


@pytest.mark.parametrize("failure", [UnclearError("cut off"), ValueError("a bug of the gateway")])
def test_what_may_have_arrived_is_not_sent_again(postman: Postman, reached: int, failure: Exception) -> None:
    make_notice(reached, now=NOW)
    postman.fails = [failure]

    delivery.go(NOW)
    delivery.go(NOW + timedelta(hours=1))

    assert deliveries() == [DeliveryState.UNCLEAR]
    assert postman.sent == []


def test_a_worker_that_dies_in_the_middle_leaves_a_message_unclear_and_unsent(postman: Postman, reached: int) -> None:
    make_notice(reached, now=NOW)
    delivery.route(NOW)
    Delivery.objects.update(state=DeliveryState.SENDING, tried_at=NOW)

    delivery.go(NOW + SILENT)
    under_way = deliveries()
    delivery.go(NOW + SILENT + timedelta(seconds=1))

    assert under_way == [DeliveryState.SENDING]
    assert deliveries() == [DeliveryState.UNCLEAR]
    assert postman.sent == []


def test_two_workers_with_the_same_message_send_it_once(postman: Postman, reached: int) -> None:
    make_notice(reached, now=NOW)
    delivery.route(NOW)
    same = Delivery.objects.select_related("notice").get()

    sent = [delivery._hand_over(same, postman, NOW), delivery._hand_over(same, postman, NOW)]

    assert sent == [True, False]
    assert len(postman.sent) == 1


def test_a_stale_notice_goes_out_no_more(postman: Postman, reached: int) -> None:
    make_notice(reached, now=NOW)

    delivery.go(NOW + STALE)

    assert postman.sent == []
    assert Notice.everything.get().routed_at is not None


def test_an_address_taken_away_meanwhile_is_not_used(postman: Postman, reached: int, bob: Player) -> None:
    make_notice(reached, now=NOW)
    delivery.route(NOW)
    assert bob.user is not None
    set_email(bob.user, address="", actor=bob.actor, now=NOW)

    delivery.go(NOW)

    assert postman.sent == []
    assert deliveries() == [DeliveryState.FAILED]


def test_a_kind_not_wanted_by_mail_stays_in_the_site(postman: Postman, reached: int, bob: Player) -> None:
    choose_channels({(KIND, EMAIL): False}, actor=bob.actor, now=NOW)
    make_notice(reached, now=NOW)

    delivery.go(NOW)

    assert postman.sent == []
    assert Notice.everything.filter(user_id=reached).exists()


def test_a_gateway_of_ones_own_gets_what_its_readers_want(
    postman: Postman, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    messenger = Postman()
    reader = cast.clerk.actor.user_id or 0

    def known(users: Collection[int]) -> Mapping[int, str]:
        return {user: f"工号{user}" for user in users}

    monkeypatch.setattr(kinds, "_gateways", {EMAIL: postman, "messenger": messenger})
    monkeypatch.setattr(kinds, "_addresses", {**kinds._addresses, "messenger": known})
    choose_channels({(KIND, "messenger"): True}, actor=cast.clerk.actor, now=NOW)
    make_notice(reader, now=NOW)

    delivery.go(NOW)

    assert [message.to for message in messenger.sent] == [f"工号{reader}"]


def test_old_notices_are_forgotten_with_their_deliveries(postman: Postman, reached: int) -> None:
    make_notice(reached, now=NOW)
    delivery.go(NOW)

    delivery.forget(NOW + KEPT)
    kept = Notice.everything.count()
    delivery.forget(NOW + KEPT + timedelta(days=1))

    assert (kept, Notice.everything.count(), Delivery.objects.count()) == (1, 0, 0)


def test_waits_grow_and_end() -> None:
    waits = [wait_after(number) for number in range(1, len(WAITS) + 2)]

    assert waits[-1] is None
    assert waits[:-1] == sorted(WAITS)


# gateways


def test_mail_is_plain_text_with_the_way_back() -> None:
    message = Message(7, "bob@example.cn", "停水通知", "请储水。", "https://hub.example.cn/desk/")

    Email().send(message)

    (sent,) = mail.outbox
    assert sent.to == ["bob@example.cn"]
    assert sent.subject == "【枢纽】停水通知"
    assert sent.body.startswith("停水通知\n\n请储水。\n\nhttps://hub.example.cn/desk/\n\n-- \n")


@pytest.mark.parametrize(
    ("raised", "expected", "for_good"),
    [
        (smtplib.SMTPRecipientsRefused({"x": (550, b"no such user x@y")}), GatewayError, True),
        (smtplib.SMTPRecipientsRefused({"x": (450, b"later")}), GatewayError, False),
        (smtplib.SMTPDataError(451, b"later"), GatewayError, False),
        (smtplib.SMTPServerDisconnected("gone"), UnclearError, None),
        (TimeoutError("slow"), UnclearError, None),
    ],
)
def test_what_the_mail_server_says_decides_whether_it_is_tried_again(
    monkeypatch: pytest.MonkeyPatch, raised: Exception, expected: type[Exception], for_good: bool | None
) -> None:
    def refuse(*args: object) -> int:
        raise raised

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)

    with pytest.raises(expected) as told:
        Email().send(Message(1, "x@y.cn", "x", "", ""))

    assert getattr(told.value, "for_good", None) is for_good
    assert "@" not in str(told.value)


def test_the_outbox_keeps_a_file_for_each_message(tmp_path: Path) -> None:
    outbox = Outbox(EMAIL, "电子邮件", tmp_path / "outbox")

    for number in (7, 8, 8):
        outbox.send(Message(number, "bob@example.cn", "停水通知", "", ""))

    assert sorted(path.name for path in outbox.folder.iterdir()) == ["00000007-email.txt", "00000008-email.txt"]
    assert (outbox.folder / "00000007-email.txt").read_text(encoding="utf-8").startswith("To: bob@example.cn\n")


# pages


def test_the_bell_tells_how_many_are_unread_without_a_query_of_its_own(
    bob: Player, django_assert_num_queries: object
) -> None:
    reader = bob.actor.user_id or 0
    client = bob.client
    client.get("/help/")
    with django_assert_num_queries(3):  # type: ignore[operator]
        before = client.get("/help/").content.decode()
    for _round in range(2):
        make_notice(reader)
    with django_assert_num_queries(3):  # type: ignore[operator]
        after = client.get("/help/").content.decode()

    assert "条未读" not in before
    assert "2 条未读" in after


def test_opening_a_notice_marks_it_and_leads_on(bob: Player) -> None:
    notice = make_notice(bob.actor.user_id or 0)

    answer = bob.client.post(reverse("notices:open", args=[notice.pk]))

    notice.refresh_from_db()
    assert answer["Location"] == "/help/"
    assert notice.read_at is not None


def test_a_notice_of_somebody_else_is_not_found(bob: Player, alice: Player) -> None:
    notice = make_notice(alice.actor.user_id or 0)

    answer = bob.client.post(reverse("notices:open", args=[notice.pk]))

    notice.refresh_from_db()
    assert answer.status_code == 404
    assert notice.read_at is None
    assert notice.title not in bob.client.get(reverse("notices:list")).content.decode()


def test_all_that_stood_on_the_list_is_marked_and_nothing_that_came_later(bob: Player, alice: Player) -> None:
    reader = bob.actor.user_id or 0
    seen = make_notice(reader)
    others = make_notice(alice.actor.user_id or 0)
    later = make_notice(reader)

    bob.client.post(reverse("notices:read_all"), {"up_to": str(seen.pk)})

    assert set(Notice.everything.filter(read_at=None)) == {others, later}


@pytest.mark.parametrize("typed", ["", "x", "99999999999999999999", "-1"])
def test_a_silly_place_in_the_list_marks_nothing(bob: Player, typed: str) -> None:
    make_notice(bob.actor.user_id or 0)

    assert bob.client.post(reverse("notices:read_all"), {"up_to": typed}).status_code == 302
    assert Notice.everything.filter(read_at=None).count() == 1


@pytest.mark.parametrize("number", [1, 3])
def test_queries_of_the_list_do_not_grow(bob: Player, number: int, django_assert_num_queries: object) -> None:
    for _round in range(number):
        make_notice(bob.actor.user_id or 0)
    client = bob.client
    client.get(reverse("notices:list"))

    with django_assert_num_queries(5):  # type: ignore[operator]
        client.get(reverse("notices:list"))


def test_the_choice_of_channels_is_kept_and_told_to_the_trail_once(bob: Player, postman: Postman) -> None:
    url = reverse("notices:channels")
    assert "信使" in bob.client.get(url).content.decode()

    bob.client.post(url, {f"{KIND}-{EMAIL}": ""})
    bob.client.post(url, {f"{KIND}-{EMAIL}": ""})

    entries = TrailEntry.objects.filter(verb="notice.channels_chosen")
    assert entries.count() == 1
    assert entries.get().changes["after"][f"{KIND} {EMAIL}"] is False


def test_a_kind_is_offered_to_those_only_whom_it_may_concern(bob: Player, postman: Postman) -> None:
    assert not Kind("x", "x", permissions=("case.view",)).concerns(bob.actor)
    assert Kind("x", "x", permissions=("case.view", "own.view")).concerns(bob.actor)


def test_the_operator_sees_what_did_not_go_out_but_no_word_of_it(
    operator: Player, postman: Postman, reached: int
) -> None:
    now = timezone.now()
    make_notice(reached, "绝密标题", now=now)
    postman.fails = [GatewayError("SMTPSenderRefused 550", for_good=True)]
    delivery.go(now)

    html = operator.client.get(reverse("notices:troubled")).content.decode()

    assert "SMTPSenderRefused 550" in html
    assert "绝密标题" not in html
    assert "bob@example.cn" not in html
    assert "未能发出的通知" in operator.client.get("/").content.decode()


def test_ones_own_address_is_kept_sealed_and_masked(bob: Player, now: datetime) -> None:
    refused = bob.client.post(reverse("accounts:email"), {"address": "bob at example"})
    kept = bob.client.post(reverse("accounts:email"), {"address": "bobwang@example.cn"})

    assert refused.status_code == 200
    assert "field-error" in refused.content.decode()
    assert kept.status_code == 302
    assert "b***g@example.cn" in bob.client.get(reverse("accounts:home")).content.decode()
    assert "bobwang" not in str(TrailEntry.objects.latest("number").changes)

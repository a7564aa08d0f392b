"""Letters of nobody: what is kept of whoever writes, and for how long. Each test is told the time."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from shuniu.desk.actions import cases as actions
from shuniu.desk.actions.anonymous import NOBODY, count_wrong_receipt, erase_case, file_anonymously, write_anonymously
from shuniu.desk.casework import CaseError
from shuniu.desk.enums import LineRole
from shuniu.desk.models import Case, CaseFile, ServiceLine
from shuniu.desk.queries.cases import by_receipt
from shuniu.desk.receipts import WRONG_TRIES, new_receipt, read_receipt, receipt_hash
from shuniu.kernel.flow import FlowError
from shuniu.kernel.models import TrailEntry
from tests.desk.making import ANSWERS, MORNING, SYSTEM, make_case, make_line, staff
from tests.factories import make_player, make_user
from tests.registry.making import make_district

pytestmark = pytest.mark.django_db

NOW = MORNING + timedelta(minutes=37, seconds=12)
ADDRESS, AGENT = "203.0.113.77", "Canary-Browser/9.9"


@pytest.fixture
def line() -> ServiceLine:
    return make_line(make_district()[0], "letter")


def write(line: ServiceLine, **given: object) -> tuple[Case, str]:
    values = {"title": "食堂卫生", "answers": ANSWERS["letter"], "actor": NOBODY, "now": NOW, **given}
    return file_anonymously(line, **values)  # type: ignore[arg-type]


def answered(case: Case, line: ServiceLine) -> Case:
    handler = staff(line, make_user())
    case = actions.assign_case(case, handler, actor=SYSTEM, now=NOW)
    case = actions.move_case(case, "answer", text="已整改。", actor=SYSTEM, now=NOW)
    return actions.close_case(case, actor=SYSTEM, now=NOW)


def test_both_sides_talk_through_the_receipt(line: ServiceLine) -> None:
    case, receipt = write(line)
    opened, _may = by_receipt(receipt.replace(" ", ""), NOW)
    assert opened == case

    write_anonymously(case, "还有一件事。", actor=NOBODY, now=NOW)

    said = [(step.by_filer, step.by_account, step.by_name, step.text) for step in case.steps.order_by("pk")]
    assert said == [(True, None, "", ""), (True, None, "", "还有一件事。")]


def test_neither_the_receipt_nor_the_minute_is_kept(line: ServiceLine) -> None:
    case, receipt = write(line)

    case.refresh_from_db()
    assert bytes(case.receipt or b"") == receipt_hash(read_receipt(receipt))
    assert case.opened_at == MORNING
    assert set(case.steps.values_list("at", flat=True)) == {MORNING}
    assert {entry.at for entry in TrailEntry.objects.filter(verb="case.opened")} == {MORNING}


@pytest.mark.parametrize("typed", ["1234", "abcd efgh ijkl mnop", "1234567890123456 7", "", "١٢٣٤٥٦٧٨٩٠١٢٣٤٥٦"])
def test_what_is_no_receipt_opens_nothing(line: ServiceLine, typed: str) -> None:
    write(line)

    assert by_receipt(typed, NOW)[0] is None


def test_a_receipt_may_be_typed_in_full_width_and_with_blanks(line: ServiceLine) -> None:
    case, receipt = write(line)
    full_width = receipt.translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)})

    assert by_receipt(f" {full_width} ", NOW)[0] == case


def test_receipts_have_sixteen_digits_and_differ() -> None:
    receipts = {new_receipt() for _ in range(2000)}

    assert len(receipts) == 2000
    assert {len(read_receipt(one)) for one in receipts} == {16}


def test_after_many_wrong_receipts_nobody_may_try_until_the_stretch_is_over(line: ServiceLine) -> None:
    case, receipt = write(line)
    for _ in range(WRONG_TRIES):
        count_wrong_receipt(actor=NOBODY, now=NOW)

    assert by_receipt(receipt, NOW) == (None, False)
    assert by_receipt(receipt, NOW + timedelta(minutes=10)) == (case, True)


def test_a_line_that_takes_no_anonymous_letters_refuses_them() -> None:
    with pytest.raises(CaseError):
        write(make_line(make_district()[0], "advice"))


def test_a_form_sent_twice_is_one_letter_and_the_receipt_last_told_opens_it(line: ServiceLine) -> None:
    (first, _lost), (second, receipt) = write(line, once="x"), write(line, once="x")

    assert first == second
    assert by_receipt(receipt, NOW)[0] == first


def test_whoever_holds_the_receipt_may_close_it_through_nobody_else(line: ServiceLine) -> None:
    case, _receipt = write(line)

    with pytest.raises(FlowError):
        actions.move_case(case, "close", actor=NOBODY, now=NOW, as_filer=True)
    withdrawn = actions.move_case(case, "withdraw", actor=NOBODY, now=NOW, as_filer=True)
    assert withdrawn.closed_at == NOW


def test_a_letter_is_erased_when_its_days_are_over_and_not_before(line: ServiceLine) -> None:
    case, receipt = write(line)
    case = answered(case, line)
    CaseFile.everything.create(case=case, name="照片.jpg", stored="0" * 32, size=3, audience="all", at=NOW)

    assert not erase_case(case, actor=SYSTEM, now=NOW + timedelta(days=90))
    assert erase_case(case, actor=SYSTEM, now=NOW + timedelta(days=90, seconds=1))
    assert not erase_case(case, actor=SYSTEM, now=NOW + timedelta(days=91))

    case.refresh_from_db()
    assert (case.title, case.answers, case.receipt, case.files.count()) == ("", "", None, 0)
    assert set(case.steps.values_list("text", flat=True)) == {""}
    assert by_receipt(receipt, NOW + timedelta(days=91))[0] is None
    assert (case.number, case.state, case.closed_at) == (case.number, "closed", NOW)


def test_a_signed_letter_is_not_erased() -> None:
    case = make_case(make_line(make_district()[0], "letter"))
    case = answered(case, case.line)

    assert not erase_case(case, actor=SYSTEM, now=NOW + timedelta(days=900))


def test_a_letter_leaves_no_trace_of_the_browser_it_was_written_in(line: ServiceLine) -> None:
    """Written and followed over HTTP with a telling address, agent and cookie; then the whole database is searched."""
    staff(line, make_user(), LineRole.DISPATCHES)
    browser = Client(headers={"user-agent": AGENT, "accept-language": "xx-CANARY"}, REMOTE_ADDR=ADDRESS)
    browser.cookies["stray"] = "CANARYCOOKIE"
    sent = browser.post(f"/desk/letters/to/{line.key}/", {"title": "食堂金丝雀", "once": "k", **ANSWERS["letter"]})
    receipt = sent.context["receipt"]
    letter = browser.post("/desk/letters/follow/", {"receipt": receipt})
    browser.post("/desk/letters/write/", {"opened": letter.context["opened"], "text": "金丝雀来信补语"})
    browser.post("/desk/letters/follow/", {"receipt": "0000 0000 0000 0000"})

    assert Case.everything.get().steps.count() == 2
    dumped = dump()
    for canary in (
        ADDRESS,
        AGENT,
        "xx-CANARY",
        "CANARYCOOKIE",
        receipt,
        receipt.replace(" ", ""),
        "食堂金丝雀",
        "金丝雀来信补语",
    ):
        assert canary not in dumped
    assert set(sent.cookies) | set(letter.cookies) <= {"csrftoken"}
    assert "no-store" in sent["Cache-Control"]
    assert receipt not in sent.request["PATH_INFO"] + letter.request["PATH_INFO"]


def dump() -> str:
    """Every value of every table, as text; JSON as what it stands for."""
    with connection.cursor() as cursor:
        told = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            told += [plain(value) for row in cursor.fetchall() for value in row]
    return "\n".join(told)


def plain(value: object) -> str:
    text = bytes(value).decode("utf-8", "replace") if isinstance(value, (bytes, memoryview)) else str(value)
    return re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text)


def test_who_is_signed_in_is_not_tied_to_the_letter(line: ServiceLine) -> None:
    client = make_player().client

    assert "无痕窗口" in client.get(f"/desk/letters/to/{line.key}/").content.decode()
    client.post(f"/desk/letters/to/{line.key}/", {"title": "食堂", **ANSWERS["letter"]})

    case = Case.everything.get()
    assert (case.filer_id, case.steps.get().by_account) == (None, None)
    assert TrailEntry.objects.get(verb="case.opened").actor_id is None


def test_a_letter_that_was_opened_is_gone_on_with_for_half_an_hour_only() -> None:
    answer = Client().post("/desk/letters/write/", {"opened": "1:forged:word", "text": "x"})

    assert (answer.status_code, answer["Location"]) == (302, "/desk/letters/")

"""Numbers as people write them, ages, and what may be done with a membership."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from shuniu.kernel.flow import FlowError
from shuniu.kernel.scope import Actor, Grant
from shuniu.registry.enums import IdType, Sex, Standing
from shuniu.registry.rules.members import ACTS, MEMBERSHIP, Standee
from shuniu.registry.rules.membership import AFTER, BEFORE
from shuniu.registry.rules.numbers import NumberError, read_id_number
from shuniu.registry.rules.people import (
    AGES,
    AgeBand,
    age_on,
    birthdays,
    conflicts,
    id_key,
    read_document,
    read_mobile,
)
from shuniu.registry.rules.transfers import TRANSFER, Handover, TransferState, days_open, is_overdue

NUMBER = "11010519491231002X"


@pytest.mark.parametrize("typed", ["13800001234", "138 0000 1234", "+86 138-0000-1234", "１３８００００１２３４"])
def test_read_mobile_accepts_what_people_write(typed: str) -> None:
    assert read_mobile(typed) == "13800001234"


@pytest.mark.parametrize("typed", ["", "1380000123", "138000012345", "23800001234", "1380000123x", "٣٣٨٠٠٠٠١٢٣٤"])
def test_read_mobile_refuses_anything_else(typed: str) -> None:
    with pytest.raises(NumberError) as refused:
        read_mobile(typed)

    assert refused.value.reason == "mobile"


def test_read_document_checks_a_resident_number_and_only_shapes_the_others() -> None:
    assert read_document(IdType.RESIDENT, "11010519491231002x") == NUMBER
    assert read_document(IdType.PASSPORT, " e1234 5678 ") == "E12345678"
    with pytest.raises(NumberError):
        read_document(IdType.RESIDENT, "110105194912310021")
    with pytest.raises(NumberError) as refused:
        read_document(IdType.PASSPORT, "E123；DROP")
    assert refused.value.reason == "document"


def test_the_same_digits_of_two_kinds_of_document_are_two_keys() -> None:
    assert id_key(IdType.PASSPORT, "E12345678") != id_key(IdType.HK_MACAO_TAIWAN, "E12345678")


def test_conflicts_names_the_fields_that_contradict_the_number() -> None:
    facts = read_id_number(NUMBER)

    assert conflicts(facts, sex=Sex.MALE, born_on=date(1949, 12, 30)) == ["sex", "born_on"]
    assert conflicts(facts, sex=Sex.FEMALE, born_on=date(1949, 12, 31)) == []
    assert conflicts(facts, sex="", born_on=None) == []


@pytest.mark.parametrize("today", [date(2024, 2, 29), date(2025, 2, 28), date(2025, 3, 1), date(2026, 11, 22)])
def test_birthdays_of_a_band_are_exactly_those_of_its_ages(today: date) -> None:
    for band in AgeBand:
        days, (youngest, oldest) = birthdays(band, today), AGES[band]
        assert age_on(days.last, today) == youngest
        assert age_on(days.last + timedelta(days=1), today) == youngest - 1
        assert age_on(days.first, today) == oldest
        assert age_on(days.first - timedelta(days=1), today) == oldest + 1


def test_every_move_of_a_membership_agrees_with_what_its_event_may_follow_and_leaves() -> None:
    for move in MEMBERSHIP.transitions:
        act = ACTS[move.name]
        assert move.target is AFTER[act]
        assert set(move.source) <= BEFORE[act]


def test_nobody_decides_on_her_own_membership() -> None:
    clerk = Actor(1, "陈岚", 7, (Grant("clerk", None, "", frozenset({"member.edit"})),))

    assert MEMBERSHIP.available(Standee(7, Standing.APPLIED), clerk) == []
    assert [move.name for move in MEMBERSHIP.available(Standee(8, Standing.APPLIED), clerk)] == [
        "admit",
        "refuse",
        "record_death",
    ]
    with pytest.raises(FlowError):
        MEMBERSHIP.check("admit", Standee(7, Standing.APPLIED), clerk)


def test_the_receiving_union_receives_and_the_issuing_union_withdraws() -> None:
    transfer = Handover(TransferState.OPEN, "aaaa", "bbbb")

    def may(path: str) -> list[str]:
        actor = Actor(1, "陈岚", None, (Grant("clerk", None, path, frozenset({"transfer.edit"})),))
        return [move.name for move in TRANSFER.available(transfer, actor)]

    assert may("aaaa") == ["withdraw"]
    assert may("bbbb") == ["receive", "refuse"]
    assert may("cccc") == []
    assert may("") == ["receive", "refuse", "withdraw"]


def test_a_transfer_is_overdue_only_after_the_last_day_of_the_limit() -> None:
    issued = date(2026, 3, 1)

    assert days_open(issued, date(2026, 3, 31)) == 30
    assert not is_overdue(issued, date(2026, 3, 31), 30)
    assert is_overdue(issued, date(2026, 4, 1), 30)

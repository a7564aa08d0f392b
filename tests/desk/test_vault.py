"""Confidential lines are vaults: canaries are filed, and every door is knocked at by everybody who must not read them."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.urls import reverse

from shuniu.desk.actions import cases as actions
from shuniu.desk.actions import joining
from shuniu.desk.actions.files import attach_file
from shuniu.desk.casework import CaseError
from shuniu.desk.enums import Channel, LineRole
from shuniu.desk.models import Case, ServiceLine
from shuniu.kernel.models import TrailEntry
from tests.desk.making import MORNING, SYSTEM, make_line, staff
from tests.desk.test_anonymous import dump
from tests.factories import Cast

pytestmark = pytest.mark.django_db

TITLE, FACTS, ANSWER, NOTE, NAME, PHONE = (
    "标题金丝雀",
    "事实金丝雀",
    "答复金丝雀",
    "备注金丝雀",
    "附件金丝雀.txt",
    "13912345678",
)
CANARIES = (TITLE, FACTS, ANSWER, NOTE, NAME, PHONE)


@pytest.fixture
def vault(cast: Cast) -> Case:
    """Bob's letter in a confidential line of Alice's union, in the lawyer's hands; Alice is no staff of the line."""
    line = make_line(cast.union, "letter")
    case = actions.open_case(
        line, channel=Channel.WEB, title=TITLE, answers={"topic": "report", "facts": FACTS}, filer=cast.bob.person,
        contact=("", PHONE), actor=cast.bob.actor, now=MORNING,
    )  # fmt: skip
    case = actions.assign_case(case, staff(line, cast.lawyer.user), actor=SYSTEM, now=MORNING)
    actions.answer_case(case, ANSWER, actor=cast.lawyer.actor, now=MORNING)
    joining.add_note(case, NOTE, actor=cast.lawyer.actor, now=MORNING)
    attach_file(case, io.BytesIO(b"canary"), NAME, actor=cast.lawyer.actor, now=MORNING)
    case.refresh_from_db()
    return case


def pages(case: Case) -> list[str]:
    number = case.number
    by_case = [
        reverse(f"desk:{name}", args=[case.pk])
        for name in ("case", "case_assign", "case_attach", "case_merge", "case_hand_over", "case_extend")
    ]
    return [
        *by_case,
        reverse("desk:case_move", args=[case.pk, "accept"]),
        reverse("desk:case_write", args=[case.pk, "note"]),
        reverse("desk:case_file", args=[case.pk, case.files.get().pk]),
        "/", "/search/?q=" + TITLE, f"/search/?q={number}", "/desk/cases/", f"/desk/cases/?q={TITLE}",
        f"/desk/cases/?line={case.line_id}", "/desk/cases/export/", "/desk/handled/", "/account/trail/",
    ]  # fmt: skip


OUTSIDE = (
    "clerk", "alice", "charlie", "organiser", "cadre", "stranger", "dana", "operator", "security", "audit", "buyer",
    "desk", "manager", "mediator", "expert", "erin",
)  # fmt: skip


def test_nobody_but_those_who_serve_it_reads_a_vault(cast: Cast, vault: Case) -> None:
    assert cast.bob.person is not None
    secret, paths, told = (*CANARIES, cast.bob.person.name), pages(vault), []
    for name in OUTSIDE:
        client = getattr(cast, name).client
        for path in paths:
            text = text_of(client.get(path))
            told += [(name, path, word) for word in secret if word in text and word not in path]

    assert told == []


def text_of(answer: Any) -> str:
    return unzipped(b"".join(answer.streaming_content) if answer.streaming else answer.content)


def unzipped(body: bytes) -> str:
    """The text of an answer; of a workbook, of everything in it."""
    if body[:2] != b"PK":
        return body.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(body)) as book:
        return "".join(book.read(one).decode("utf-8", "replace") for one in book.namelist())


def test_a_cadre_sees_that_a_case_is_there_and_how_it_stands(cast: Cast, vault: Case) -> None:
    shown = cast.alice.client.get(reverse("desk:case", args=[vault.pk])).content.decode()

    assert all(word in shown for word in (vault.number, "已派单", "罗律", vault.line.name))
    assert vault.number in cast.alice.client.get("/desk/cases/").content.decode()


def test_the_handler_reads_all_and_the_filer_all_but_notes(cast: Cast, vault: Case) -> None:
    page = reverse("desk:case", args=[vault.pk])
    handler, filer = (player.client.get(page).content.decode() for player in (cast.lawyer, cast.bob))

    assert [word for word in CANARIES[:5] if word not in handler] == []
    assert [word for word in CANARIES[:5] if word not in filer] == [NOTE]


def test_staff_of_the_line_who_lead_it_read_and_colleagues_do_not(cast: Cast, vault: Case) -> None:
    page, found = reverse("desk:case_attach", args=[vault.pk]), {}
    for player, role in (
        (cast.alice, LineRole.SERVES),
        (cast.clerk, LineRole.DISPATCHES),
        (cast.dana, LineRole.SUPERVISES),
    ):
        staff(vault.line, player.user, role)
        found[role] = player.client.get(page).status_code

    assert found == {LineRole.SERVES: 403, LineRole.DISPATCHES: 200, LineRole.SUPERVISES: 200}


def test_whoever_stops_serving_stops_reading_at_once(cast: Cast, vault: Case) -> None:
    from shuniu.accounts.models import RoleGrant

    page = reverse("desk:case", args=[vault.pk])
    assert cast.lawyer.client.get(page).status_code == 200

    RoleGrant.everything.filter(user=cast.lawyer.user).delete()
    assert cast.lawyer.client.get(page).status_code == 403


def test_neither_the_trail_nor_the_database_holds_a_word_of_it(cast: Cast, vault: Case) -> None:
    told = str(list(TrailEntry.objects.values_list("changes", flat=True)))
    dumped = dump()

    assert [word for word in CANARIES if word in told or word in dumped] == []
    assert connection.vendor in {"sqlite", "postgresql"}


def test_nobody_unnamed_acts_on_a_vault(cast: Cast, vault: Case) -> None:
    for player in (cast.alice, cast.dana, cast.clerk, cast.mediator):
        with pytest.raises(PermissionDenied):
            actions.answer_case(vault, "x", actor=player.actor, now=MORNING)
        with pytest.raises(PermissionDenied):
            joining.add_note(vault, "x", actor=player.actor, now=MORNING)


def test_a_line_made_open_later_leaves_old_cases_sealed(cast: Cast, vault: Case) -> None:
    ServiceLine.everything.filter(pk=vault.line_id).update(secrecy="open")

    assert TITLE not in cast.alice.client.get(reverse("desk:case", args=[vault.pk])).content.decode()


def test_a_confidential_case_is_not_handed_to_an_open_line(cast: Cast, vault: Case) -> None:
    target = make_line(cast.union, "advice")

    with pytest.raises(CaseError):
        joining.hand_over(
            vault, target, title="x", answers={"topic": "pay", "facts": "x"}, text="", actor=cast.lawyer.actor,
            now=MORNING + timedelta(days=1),
        )  # fmt: skip

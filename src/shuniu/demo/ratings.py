"""What people said of the services of 2026: each asked once, about two of three answered; nobody real."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from shuniu.demo.cases import TODAY
from shuniu.desk.public import RATED, Case, asks_of, service_of
from shuniu.voice.enums import CommentState
from shuniu.voice.public import Invitation, Rating, link_index, unordered_key

SPREADS: Mapping[str, tuple[int, int, int, int, int]] = {
    "advice": (1, 1, 5, 29, 64),
    "counselling": (0, 1, 4, 25, 70),
    "grievance": (3, 5, 13, 41, 38),
    "letter": (4, 6, 15, 42, 33),
    "mediation": (2, 4, 10, 40, 44),
}
"""One to five stars in a hundred answers. Repairs are told apart: 187 of 200 are satisfied, the 93.5 % of the seed."""
REPAIRS, REPAIRS_SATISFIED = 200, 187
ANSWERING = 0.63
COMMENTS = {
    5: ("解答很专业，心里踏实了。", "上门很快，态度好。", "耐心细致，谢谢工会。"),
    4: ("总体不错，等待时间再短一些更好。", "问题解决了，流程还可以更简单。"),
    3: ("答复有些笼统。", "等了两天才联系我。"),
    2: ("处理比较慢，催了两次。", "没有完全解决问题。"),
    1: ("没有解决问题。",),
}


def rate(cases: Sequence[Case], member: int | None, random: Random) -> int:
    """Ask whoever filed a case that somebody served and closed; the number of answers."""
    closed = [one for one in cases if one.closed_at and one.filer_id and one.handler_id]
    _leave_one_to(member, closed)
    repairs = [one for one in closed if one.line.kind == "repair"]
    chosen = {one.pk for one in random.sample(repairs, min(REPAIRS, len(repairs)))}
    stars = [5] * 128 + [4] * (REPAIRS_SATISFIED - 128) + [3] * 8 + [2] * 4 + [1]
    random.shuffle(stars)
    given: list[tuple[Case, int]] = []
    invitations = []
    for case in closed:
        answers = case.pk in chosen if case.line.kind == "repair" else random.random() < ANSWERING
        answers = answers and case.filer_id != member
        invitations.append(_invitation(case, is_used=answers))
        if answers:
            given.append((case, stars.pop() if case.line.kind == "repair" else _stars(case, random)))
    Invitation.everything.bulk_create(invitations, batch_size=1000)
    rows = [_rating(case, number, random) for case, number in given]
    random.shuffle(rows)
    Rating.everything.bulk_create(rows, batch_size=1000)
    return len(rows)


def _leave_one_to(member: int | None, closed: Sequence[Case]) -> None:
    """The advice that was closed last is the demo member's own: she is asked, and has not answered yet."""
    advised = [one for one in closed if one.line.kind == "advice"]
    if member is not None and advised:
        last = max(advised, key=lambda one: (one.closed_at, one.pk))
        last.filer_id = member
        Case.everything.filter(pk=last.pk).update(filer=member)


def _stars(case: Case, random: Random) -> int:
    drawn = random.choices(range(1, 6), SPREADS[case.line.kind])[0]
    return max(1, drawn - 1) if case.reopened else drawn


_asks: dict[int, Any] = {}


def _service(case: Case) -> dict[str, Any]:
    told = service_of(case)
    asks = _asks.setdefault(case.version_id, asks_of(case))
    return {
        "line": told.line, "line_name": told.line_name, "kind": told.kind, "provider_id": told.provider_id,
        "provider_name": told.provider_name, "professional_id": told.professional_id,
        "professional_name": told.professional_name, "asks": asks,
    }  # fmt: skip


def _closed_on(case: Case) -> date:
    return timezone.localtime(case.closed_at).date() if case.closed_at else TODAY


def _invitation(case: Case, *, is_used: bool) -> Invitation:
    on = _closed_on(case)
    return Invitation(
        organisation_id=case.organisation_id, subject_kind=RATED, subject_id=case.pk, person_id=case.filer_id,
        link_index=link_index(f"demo {case.pk}"), service=_service(case),
        barred={"accounts": [case.handler_id], "people": []}, invited_on=on, expires_on=on + timedelta(days=30),
        is_used=is_used,
    )  # fmt: skip


def _rating(case: Case, stars: int, random: Random) -> Rating:
    told = _service(case)
    told.pop("asks")
    on = min(_closed_on(case) + timedelta(days=random.choice((0, 0, 1, 1, 2, 3, 5))), TODAY - timedelta(days=1))
    comment = random.choice(COMMENTS[stars]) if random.random() < 0.12 else ""
    recent = on > TODAY - timedelta(days=6)
    state = CommentState.NONE if not comment else CommentState.WAITING if recent else CommentState.PUBLISHED
    return Rating(
        id=unordered_key(), organisation_id=case.organisation_id, given_on=on, stars=stars,
        is_solved=None if random.random() < 0.1 else random.random() < 0.6 + 0.08 * stars, comment=comment,
        comment_state=state, published=comment if state == CommentState.PUBLISHED else "", is_mixed=True, **told,
    )  # fmt: skip

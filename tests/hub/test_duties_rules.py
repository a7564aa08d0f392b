"""What the answers about a duty speak for, over all of their combinations."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest
from django.utils import translation

from shuniu.hub.enums import DeliveryMode, DutyClass
from shuniu.hub.rules.duties import QUESTIONS, Suggestion, refusal, suggest


def all_answers() -> Iterator[dict[str, str]]:
    keys = [one.key for one in QUESTIONS]
    for chosen in product(*([answer for answer, _label in one.answers] for one in QUESTIONS)):
        yield dict(zip(keys, chosen, strict=True))


def test_every_complete_set_of_answers_gives_one_class_with_a_reason() -> None:
    found = [suggest(answers) for answers in all_answers()]

    assert len(found) == 2 * 2 * 3 * 3 * 3 * 3
    assert all(one.kind and one.sentence for one in found)
    assert {one.kind for one in found} == set(DutyClass)


def test_what_law_or_guidance_reserve_is_reserved_whatever_the_rest_says() -> None:
    for answers in all_answers():
        reserved = "yes" in (answers["law"], answers["guidance"])

        assert (suggest(answers).kind is DutyClass.RESERVED) == reserved
        assert suggest(answers).is_binding == reserved


def test_guidance_alone_is_enough_to_reserve_before_the_rest_is_answered() -> None:
    assert suggest({"guidance": "yes"}).kind is DutyClass.RESERVED


@pytest.mark.parametrize("missing", [one.key for one in QUESTIONS])
def test_nothing_is_suggested_while_an_answer_is_missing(missing: str) -> None:
    answers = {
        "law": "no",
        "guidance": "no",
        "licence": "none",
        "frequency": "rare",
        "cost": "own",
        "capacity": "enough",
    }

    assert suggest({**answers, missing: "silly"}).kind is None
    assert suggest(answers).kind is DutyClass.OWN_FIRST


def test_more_people_of_ones_own_never_open_a_duty() -> None:
    rank = {DutyClass.RESERVED: 0, DutyClass.OWN_FIRST: 1, DutyClass.OPEN: 2}
    for answers in all_answers():
        kinds = [suggest({**answers, "capacity": one}).kind for one in ("enough", "partly", "none")]
        ranks = [rank[kind] for kind in kinds if kind]

        assert ranks == sorted(ranks), answers


OPEN = Suggestion(DutyClass.OPEN, ("因为",))
RESERVED = Suggestion(DutyClass.RESERVED, ("因为。",))


@pytest.mark.parametrize(
    ("suggestion", "kind", "mode", "reason", "field"),
    [
        (OPEN, DutyClass.OPEN, DeliveryMode.PURCHASED, "", ""),
        (OPEN, DutyClass.OWN_FIRST, DeliveryMode.OWN, "", "reason"),
        (OPEN, DutyClass.OWN_FIRST, DeliveryMode.OWN, "人手已到位", ""),
        (OPEN, DutyClass.RESERVED, DeliveryMode.OWN, "涉及保密", ""),
        (OPEN, DutyClass.RESERVED, DeliveryMode.JOINT, "涉及保密", "mode"),
        (RESERVED, DutyClass.RESERVED, DeliveryMode.OWN, "", ""),
        (RESERVED, DutyClass.RESERVED, DeliveryMode.PURCHASED, "急需", "mode"),
        (RESERVED, DutyClass.OPEN, DeliveryMode.OWN, "领导要求", "kind"),
        (Suggestion(DutyClass.OWN_FIRST, ()), DutyClass.OWN_FIRST, DeliveryMode.PURCHASED, " ", "reason"),
        (Suggestion(DutyClass.OWN_FIRST, ()), DutyClass.OWN_FIRST, DeliveryMode.JOINT, "", ""),
        (Suggestion(None, ("先答完",)), DutyClass.OPEN, DeliveryMode.OWN, "急", "kind"),
    ],
)
def test_a_decision_may_depart_with_a_reason_but_never_from_what_binds(
    suggestion: Suggestion, kind: DutyClass, mode: DeliveryMode, reason: str, field: str
) -> None:
    found, sentence = refusal(suggestion, kind, mode, reason)

    assert found == field
    assert bool(sentence) == bool(field)


def test_reasons_are_told_in_the_readers_language() -> None:
    both = suggest({"law": "yes", "guidance": "yes"})

    with translation.override("zh-hans"):
        assert "由工会自己办理。思想政治" in both.sentence
    with translation.override("en"):
        assert "officers. Political" in both.sentence

"""Which class a duty belongs to: reasons asked one by one, the class they speak for, and what follows from a class.

The answers speak for a class and say why; a person decides. What the law or the Party's guidance keeps with the union's
own officers is no matter of weighing: there the decision may not depart from the answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from shuniu.hub.enums import DeliveryMode, DutyClass

Words = str | Promise

REVIEW_LIMIT: Final = "duty.review_months"
"""Id of the rule that says after how many months a decision is looked at again at the latest."""


@dataclass(frozen=True, slots=True)
class Question:
    """One reason to ask about, with the answers it can have."""

    key: str
    text: Words
    answers: tuple[tuple[str, Words], ...]

    def label_of(self, answer: str) -> Words:
        """What people read for an answer; empty for none."""
        return dict(self.answers).get(answer, "")


YES_NO: Final = (("yes", pgettext_lazy("answer", "Yes")), ("no", pgettext_lazy("answer", "No")))

QUESTIONS: Final = (
    Question(
        "law", gettext_lazy("Does a law or a rule of the union reserve this work to the union's own officers?"), YES_NO
    ),
    Question(
        "guidance",
        gettext_lazy("Is it political guidance and education, a decision or the use of the union's authority?"),
        YES_NO,
    ),
    Question(
        "licence",
        gettext_lazy("Does it need a professional licence?"),
        (
            ("none", gettext_lazy("It needs none")),
            ("held", gettext_lazy("Yes, and our own officers hold it")),
            ("outside", gettext_lazy("Yes, and only outsiders hold it")),
        ),
    ),
    Question(
        "frequency",
        gettext_lazy("How often does it arise?"),
        (
            ("rare", gettext_lazy("A few times a year")),
            ("regular", gettext_lazy("Every month")),
            ("daily", gettext_lazy("Every working day")),
        ),
    ),
    Question(
        "cost",
        gettext_lazy("Who does it at the lower cost, everything counted?"),
        (
            ("own", gettext_lazy("The union itself")),
            ("same", gettext_lazy("About the same")),
            ("outside", gettext_lazy("An outsider")),
        ),
    ),
    Question(
        "capacity",
        gettext_lazy("Are there people enough of our own to do it well?"),
        (
            ("enough", gettext_lazy("Enough")),
            ("partly", gettext_lazy("For a part of it")),
            ("none", gettext_lazy("None")),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The class that the answers speak for (None while they say too little), and why, as whole sentences."""

    kind: DutyClass | None
    why: tuple[Words, ...]

    @property
    def is_binding(self) -> bool:
        """Whether the decision must follow."""
        return self.kind is DutyClass.RESERVED

    @property
    def sentence(self) -> str:
        return joined(*self.why)


def joined(*sentences: Words) -> str:
    """Sentences one after another, as the reader's language sets them."""
    gap = "" if (get_language() or "").startswith("zh") else " "
    return gap.join(str(one) for one in sentences if one)


def suggest(answers: Mapping[str, str]) -> Suggestion:
    """What the answers speak for. Unknown keys and answers count as not given."""
    given = {one.key: answers.get(one.key, "") for one in QUESTIONS if one.label_of(answers.get(one.key, ""))}
    reserved = [text for key, text in RESERVING if given.get(key) == "yes"]
    if reserved:
        return Suggestion(DutyClass.RESERVED, tuple(reserved))
    missing = [one.text for one in QUESTIONS if one.key not in given]
    if missing:
        return Suggestion(None, (gettext_lazy("Answer all the questions first."),))
    return _weighed(given)


RESERVING: Final = (
    ("law", gettext_lazy("A law or a rule of the union reserves this work to the union's own officers.")),
    (
        "guidance",
        gettext_lazy("Political guidance, decisions and the union's authority stay with the union's own officers."),
    ),
)

OUTWARD: Final = (
    ("licence", "outside", gettext_lazy("It needs a licence that only outsiders hold.")),
    ("capacity", "none", gettext_lazy("There is nobody of our own to do it.")),
)
"""Each of these alone speaks for opening it."""


def _weighed(given: Mapping[str, str]) -> Suggestion:
    outward = tuple(text for key, answer, text in OUTWARD if given[key] == answer)
    if outward:
        return Suggestion(DutyClass.OPEN, outward)
    if given["capacity"] == "enough":
        return _with_people_enough(given)
    if given["frequency"] == "rare" and given["cost"] == "same":
        why = gettext_lazy("There are people of our own for a part of it, and it arises seldom.")
        return Suggestion(DutyClass.OWN_FIRST, (why,))
    if given["cost"] == "own":
        why = gettext_lazy("There are people of our own for a part of it, at the lower cost.")
        return Suggestion(DutyClass.OWN_FIRST, (why,))
    return Suggestion(
        DutyClass.OPEN, (gettext_lazy("Our own people manage only a part of it, and it costs no more outside."),)
    )


def _with_people_enough(given: Mapping[str, str]) -> Suggestion:
    if given["cost"] == "outside" and given["frequency"] != "daily":
        why = gettext_lazy("It does not arise every day, and an outsider does it at the lower cost.")
        return Suggestion(DutyClass.OPEN, (why,))
    return Suggestion(DutyClass.OWN_FIRST, (gettext_lazy("There are people enough of our own to do it."),))


MODES: Final = {
    DutyClass.RESERVED: (DeliveryMode.OWN,),
    DutyClass.OWN_FIRST: tuple(DeliveryMode),
    DutyClass.OPEN: tuple(DeliveryMode),
}
"""How a duty of each class may be carried out."""

OUTSIDE: Final = frozenset({DeliveryMode.COMMISSIONED, DeliveryMode.PURCHASED})
"""Modes that hand the work to somebody else."""


def refusal(suggestion: Suggestion, kind: DutyClass, mode: DeliveryMode, reason: str) -> tuple[str, str]:
    """Why a decision cannot stand: the field at fault and a sentence; two empty texts where it can."""
    if suggestion.kind is None:
        return "kind", suggestion.sentence
    if suggestion.is_binding and kind is not DutyClass.RESERVED:
        return "kind", _("{why} It cannot be opened.").format(why=suggestion.sentence)
    if mode not in MODES[kind]:
        return "mode", _("What is reserved is carried out by the union itself.")
    if reason.strip():
        return "", ""
    if kind is not suggestion.kind:
        return "reason", _("The answers speak for another class. Give the reason why you decide otherwise.")
    if kind is DutyClass.OWN_FIRST and mode in OUTSIDE:
        return "reason", _("The union's own people come first here. Give the reason why it goes to somebody else.")
    return "", ""

"""What is rated, who served, and what a rating says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shuniu.voice.enums import AskKind, Stars


@dataclass(frozen=True, slots=True)
class Subject:
    """The one thing that an invitation is about, in the words of the room that keeps it: `Subject("desk.case", 4711)`."""

    kind: str
    id: int


@dataclass(frozen=True, slots=True)
class Service:
    """The service that is rated. Keys are those of the rooms that keep them; names are as they were on the day.

    `served_by` are the accounts, `served_by_people` the people of the registry who served: they never rate it.
    """

    organisation_id: int
    line: str
    line_name: str
    kind: str
    provider_id: int | None = None
    provider_name: str = ""
    professional_id: int | None = None
    professional_name: str = ""
    served_by: frozenset[int] = frozenset()
    served_by_people: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody answered. `more` are the answers to the questions that the line added, by their keys."""

    stars: int
    is_solved: bool | None = None
    comment: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)


def is_satisfied(stars: int) -> bool:
    """Four stars and more count as satisfied."""
    return stars >= Stars.FOUR


def asks_of(form: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The questions that a line added, as far as they can be asked: a key, a kind known here, words in both languages."""
    return [
        dict(ask)
        for ask in form
        if ask.get("key") and ask.get("kind") in AskKind.values and ask.get("zh") and ask.get("en")
    ]


def possible_answers(ask: Mapping[str, Any]) -> list[Any]:
    """What a question may be answered with."""
    match ask["kind"]:
        case AskKind.STARS:
            return list(Stars.values)
        case AskKind.YES_NO:
            return [True, False]
        case _:
            return [one.get("key") for one in ask.get("choices", ())]


def kept_answers(form: Sequence[Mapping[str, Any]], more: Mapping[str, Any]) -> dict[str, Any]:
    """The answers that belong to a question of the form and are possible; everything else is dropped."""
    kept: dict[str, Any] = {}
    for ask in asks_of(form):
        value = more.get(ask["key"])
        if value is not None and value in possible_answers(ask):
            kept[ask["key"]] = value
    return kept

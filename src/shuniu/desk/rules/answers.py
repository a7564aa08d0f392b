"""Answers to the questions of a form, checked against them; and told again in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from shuniu.desk.enums import FieldKind
from shuniu.desk.rules.setup import Field
from shuniu.kernel.errors import ActionError
from shuniu.kernel.text import normal, prose
from shuniu.kernel.web.formats import date_text

LONGEST = {FieldKind.TEXT: 120, FieldKind.PLACE: 120, FieldKind.LONG: 2000}
LARGEST = 10**12


class AnswerError(ActionError):
    """An answer that does not fit its question; `field` is the question's key."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def read_answers(fields: Iterable[Field], given: Mapping[str, Any]) -> dict[str, Any]:
    """The answers as they are stored, in the order of the questions; questions without an answer are left out.

    Raises:
        AnswerError: a required one is missing, or one is of another kind.
    """
    found = {}
    for field in fields:
        value = given.get(field.key)
        if value is None or value in ("", [], ()):
            if field.required:
                raise AnswerError(field.key, _("Please answer “{field}”.").format(field=field.label))
            continue
        found[field.key] = _read(field, value)
    return found


def _read(field: Field, value: Any) -> Any:
    match field.kind:
        case FieldKind.TEXT | FieldKind.PLACE | FieldKind.LONG:
            return _text(field, value)
        case FieldKind.CHOICE:
            return _known(field, value)
        case FieldKind.MULTIPLE:
            return [_known(field, one) for one in (value if isinstance(value, (list, tuple)) else [value])]
        case FieldKind.DATE:
            return _day(field, value)
        case FieldKind.NUMBER:
            return _number(field, value)
        case _:
            return value in {True, "yes", "true", "1"}


def _text(field: Field, value: Any) -> str:
    text = prose(str(value)) if field.kind == FieldKind.LONG else normal(str(value))
    if len(text) > LONGEST[field.kind]:
        message = _("“{field}” has at most {n} characters.")
        raise AnswerError(field.key, message.format(field=field.label, n=LONGEST[field.kind]))
    return text


def _known(field: Field, value: Any) -> str:
    if str(value) not in {choice.key for choice in field.choices}:
        raise AnswerError(field.key, _("“{field}”: choose one of the answers.").format(field=field.label))
    return str(value)


def _day(field: Field, value: Any) -> str:
    try:
        return value.isoformat() if isinstance(value, date) else date.fromisoformat(str(value)).isoformat()
    except ValueError as error:
        raise AnswerError(field.key, _("“{field}” must be a date.").format(field=field.label)) from error


def _number(field: Field, value: Any) -> int:
    text = normal(str(value))
    if not (text.isascii() and text.isdigit()) or int(text[:20]) > LARGEST:
        raise AnswerError(field.key, _("“{field}” must be a whole number.").format(field=field.label))
    return int(text)


def told(fields: Iterable[Field], answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The answers in the reader's language, with the questions; those of questions that are no more stay away."""
    return [(str(field.label), _said(field, answers[field.key])) for field in fields if field.key in answers]


def _said(field: Field, value: Any) -> str:
    match field.kind:
        case FieldKind.CHOICE:
            return field.label_of(str(value))
        case FieldKind.MULTIPLE:
            return "、".join(field.label_of(str(one)) for one in value)
        case FieldKind.DATE:
            return date_text(date.fromisoformat(str(value)))
        case FieldKind.YES_NO:
            return _("Yes") if value else _("No")
        case _:
            return str(value)

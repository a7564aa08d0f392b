"""Fields that take a row by its name or number, with suggestions while typing.

A list of eighteen thousand is nobody's drop-down. Without JavaScript the full name or the number is typed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from shuniu.kernel.text import normal
from shuniu.kernel.web.requests import PageRequest

IN_BRACKETS = re.compile(r"[(（]([^()（）]*)[)）]$")
LONGEST = 200
SUGGESTED = 12


class NamedWidget(forms.TextInput):
    """One or more boxes with suggestions from `suggest_url`; `secretly`: what is typed must stand in no address."""

    template_name = "kernel/widgets/named.html"

    def __init__(
        self, suggest_url: str | Promise, boxes: int = 1, kind: str = "text", *, secretly: bool = False
    ) -> None:
        super().__init__(attrs={"maxlength": LONGEST, "type": kind})
        self.suggest_url = suggest_url
        self.boxes = boxes
        self.method = "post" if secretly else "get"
        self.label: str | Promise = ""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[str]:
        """What was typed, box by box, without the empty ones."""
        typed = data.getlist(name) if hasattr(data, "getlist") else [data.get(name) or ""]
        return [text for text in map(normal, typed) if text]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        typed = value if isinstance(value, list) else [value] if value else []
        empty = max(self.boxes - len(typed), 0 if self.boxes == 1 and typed else 1)
        context["widget"] |= {
            "values": [*typed, *[""] * empty],
            "boxes": self.boxes > 1,
            "suggest_url": self.suggest_url,
            "method": self.method,
            "label": self.label,
        }
        return context


class NamedField(forms.Field):
    """A row found by its name, its number, or both as suggested: `名称（编号）`. `rows`, set by the form, is the choice."""

    rows: QuerySet[Any]
    default_error_messages = {
        "none": gettext_lazy(
            "There is no “{text}” within your reach. Choose from the suggestions, or write the number."
        ),
        "several": gettext_lazy("Several are called “{text}”. Choose from the suggestions, or write the number."),
        "many": gettext_lazy("Choose one only."),
    }
    hidden_widget = forms.MultipleHiddenInput
    suggest_url: str | Promise = ""
    number = "code"
    most = 1
    secretly = False

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", NamedWidget(self.suggest_url, self.most, secretly=self.secretly))
        super().__init__(**options)
        self.widget.label = self.label or ""

    def prepare_value(self, value: Any) -> Any:
        match value:
            case Model():
                return [self.label_of(value)]
            case [*several]:
                return [self.label_of(one) if isinstance(one, Model) else one for one in several]
            case _:
                return value

    def label_of(self, row: Any) -> str:
        """How a row is suggested and shown."""
        number = getattr(row, self.number)
        return f"{row.name}（{number}）" if number else str(row.name)

    def meant_by(self, written: str, numbers: Sequence[str]) -> Q:
        """Which rows somebody means who wrote this; `numbers` are what may be a number in it."""
        return Q(name=written) | Q(**{f"{self.number}__in": numbers})

    def clean(self, value: Sequence[str]) -> Any:
        found = [self._found(text) for text in value or ()]
        if self.required and not found:
            raise ValidationError(self.error_messages["required"], code="required")
        if self.most > 1:
            return list(dict.fromkeys(found))
        if len(found) > 1:
            raise ValidationError(str(self.error_messages["many"]), code="many")
        return found[0] if found else None

    def _found(self, text: str) -> Any:
        written = normal(text)[:LONGEST]
        inside = IN_BRACKETS.search(written)
        numbers = [written, *([inside.group(1)] if inside else [])]
        rows = list(self.rows.filter(self.meant_by(written, numbers))[:2])
        if len(rows) == 1:
            return rows[0]
        key = "several" if rows else "none"
        raise ValidationError(str(self.error_messages[key]).format(text=written), code=key)


def suggestions(request: PageRequest, rows_named: Callable[[str], QuerySet[Any]], field: NamedField) -> HttpResponse:
    """What is offered below the box of a field, for what was typed into it so far."""
    asked = request.POST if request.method == "POST" else request.GET
    texts = (str(text) for name, text in asked.items() if text and name != "csrfmiddlewaretoken")
    typed = normal(next(texts, ""))[:LONGEST]
    rows = rows_named(typed)[:SUGGESTED] if typed else ()
    return render(request, "kernel/options.html", {"options": [field.label_of(row) for row in rows]})

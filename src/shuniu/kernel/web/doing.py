"""What every page that changes something does with its form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, cast

from django import forms
from django.db.models import QuerySet

from shuniu.kernel.errors import ActionError
from shuniu.kernel.web.requests import PageRequest

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def posted(request: PageRequest) -> Mapping[str, Any] | None:
    """The data for a form: what was posted, None for a page that is only looked at."""
    return request.POST if request.method == "POST" else None


def done(form: forms.BaseForm, act: Callable[[dict[str, Any]], object]) -> bool:
    """Whether the form was sent, is valid and its action went through. A refusal becomes an error of the form."""
    if not form.is_valid():
        return False
    try:
        act(form.cleaned_data)
    except ActionError as error:
        field = getattr(error, "field", None)
        for line in str(error).splitlines():
            form.add_error(field if field in form.fields else None, line)
        return False
    return True


def day_field(label: Any, today: date | None = None, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    """A field for a day, with today already filled in where it is given."""
    return forms.DateField(label=label, required=required, help_text=help_text, initial=today, widget=DAY)


def offer(form: forms.BaseForm, field: str, rows: QuerySet[Any]) -> None:
    """Let a field of the form choose among these rows."""
    cast("forms.ModelChoiceField[Any]", form.fields[field]).queryset = rows


def key_in(text: str) -> int | None:
    """The key of a row from an address; None for anything that is no key."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None

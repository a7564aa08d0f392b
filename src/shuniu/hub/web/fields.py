"""Fields of forms of the hub."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuniu.hub.models import Duty
from shuniu.kernel.errors import ActionError
from shuniu.kernel.money import format_yuan, parse_yuan

MOST_FEN = 10**13
MOST_POINTS = 100 * 100


class DutyField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """A duty to give away. What is reserved is offered too and marked: whoever chooses it learns why it is refused."""

    widget = forms.Select(attrs={"data-search": ""})

    def __init__(self, **given: Any) -> None:
        super().__init__(
            Duty.everything.none(),
            **{"label": gettext_lazy("Duty"), "empty_label": gettext_lazy("Please choose"), **given},
        )

    def label_from_instance(self, obj: Any) -> str:
        told = _("{name} (reserved)") if obj.is_reserved else "{name}"
        return told.format(name=obj.name)


class YuanField(forms.CharField):
    """An amount typed in yuan, kept in fen; nothing typed is nothing where it is not required."""

    def __init__(self, **given: Any) -> None:
        super().__init__(max_length=30, **given)
        self.widget.attrs |= {"inputmode": "decimal"}

    def prepare_value(self, value: Any) -> Any:
        return format_yuan(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> int:
        text = super().clean(value)
        if not text:
            return 0
        try:
            fen = parse_yuan(text)
        except ActionError as error:
            raise ValidationError(str(error)) from error
        if not 0 <= fen <= MOST_FEN:
            raise ValidationError(_("An amount is not negative and at most a hundred billion yuan."))
        return fen


class HundredthsField(forms.DecimalField):
    """A number with at most two decimals, kept as an integer of hundredths."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**{"min_value": 0, "max_value": 1000, "decimal_places": 2, **given})

    def prepare_value(self, value: Any) -> Any:
        return hundredths(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> int:
        number = super().clean(value)
        return int(number * 100) if number is not None else 0


def hundredths(value: int | None) -> str:
    """An integer of hundredths as people write it: 8750 is 87.5."""
    if value is None:
        return ""
    sign, (whole, part) = "-" if value < 0 else "", divmod(abs(value), 100)
    return f"{sign}{whole}.{part:02d}".rstrip("0").rstrip(".") if part else f"{sign}{whole}"

"""Forms of this room."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy

from shuniu.voice.enums import AskKind, Stars
from shuniu.voice.rules.services import Given

MORE = "more_"
LONGEST = 1000
YES_NO = [("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))]
ANSWERS = {"yes": True, "no": False}


class RateForm(forms.Form):
    """Stars, solved or not, and the questions that the line added."""

    stars = forms.TypedChoiceField(
        label=gettext_lazy("How content are you with this service?"),
        choices=Stars.choices,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose from one to five stars.")},
    )
    is_solved = forms.ChoiceField(
        label=gettext_lazy("Was your matter solved?"),
        choices=YES_NO,
        required=False,
        widget=forms.RadioSelect,
    )
    comment = forms.CharField(
        label=gettext_lazy("What would you like to say about it?"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "You may leave this empty. Please name nobody: what you write is read by a moderator, who may make it public."
        ),
    )

    def __init__(self, data: Mapping[str, Any] | None, service: Mapping[str, Any]) -> None:
        super().__init__(data)
        chinese = (get_language() or "").startswith("zh")
        for ask in service.get("asks", ()):
            label = ask["zh"] if chinese else ask["en"]
            choices = _choices(ask, chinese=chinese)
            self.fields[MORE + ask["key"]] = forms.ChoiceField(
                label=label, choices=choices, required=False, widget=forms.RadioSelect
            )
        self.order_fields(["stars", "is_solved", *[name for name in self.fields if name.startswith(MORE)], "comment"])

    @property
    def given(self) -> Given:
        """The answer, once the form is valid."""
        data = self.cleaned_data
        more = {
            name.removeprefix(MORE): ANSWERS.get(value, int(value) if value.isdecimal() else value)
            for name, value in data.items()
            if name.startswith(MORE) and value
        }
        return Given(data["stars"], ANSWERS.get(data["is_solved"]), data["comment"], more)


def _choices(ask: Mapping[str, Any], *, chinese: bool) -> list[tuple[Any, Any]]:
    match ask["kind"]:
        case AskKind.STARS:
            return list(Stars.choices)
        case AskKind.YES_NO:
            return list(YES_NO)
        case _:
            return [(one["key"], one["zh"] if chinese else one["en"]) for one in ask.get("choices", ())]


class ModerateForm(forms.Form):
    """The wording that everybody may read."""

    wording = forms.CharField(
        label=gettext_lazy("Public wording"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("Leave out names, numbers and whatever else tells who wrote it or who is meant."),
    )


class YearForm(forms.Form):
    """A year and a service line. Months are not offered by themselves: a year less eleven months would be one month."""

    year = forms.TypedChoiceField(label=gettext_lazy("Year"), coerce=int, required=False)
    line = forms.ChoiceField(label=gettext_lazy("Service line"), required=False)

    def __init__(self, data: Mapping[str, Any], today: date, lines: list[tuple[str, str]]) -> None:
        super().__init__(data)
        years = [(str(year), str(year)) for year in range(today.year, today.year - 6, -1)]
        self.fields["year"].choices = years  # type: ignore[attr-defined]  # a choice field
        self.fields["line"].choices = [("", gettext_lazy("All lines")), *lines]  # type: ignore[attr-defined]
        self.today = today

    def chosen(self) -> tuple[int, str]:
        """The year and the key of the line; this year and no line where nothing valid was chosen."""
        self.is_valid()
        return self.cleaned_data.get("year") or self.today.year, self.cleaned_data.get("line") or ""

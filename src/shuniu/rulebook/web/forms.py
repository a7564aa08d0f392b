"""What the pages of rules ask for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from shuniu.kernel.errors import ActionError
from shuniu.kernel.money import parse_yuan
from shuniu.kernel.scope import Actor
from shuniu.kernel.text import normal
from shuniu.rulebook.enums import Operator
from shuniu.rulebook.rules.book import LARGEST, official
from shuniu.rulebook.rules.rule import Rule, Topic
from shuniu.rulebook.rules.verdict import operators_for
from shuniu.rulebook.web import places

MOST = 999_999_999
OPERATOR_WORDS = {
    Operator.GE: gettext_lazy("at least this number"),
    Operator.GT: gettext_lazy("more than this number"),
    Operator.LE: gettext_lazy("at most this number"),
    Operator.LT: gettext_lazy("less than this number"),
    Operator.EQ: gettext_lazy("exactly the numbers given"),
    Operator.BETWEEN: gettext_lazy("from the first number to the second"),
}


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class RuleFilter(forms.Form):
    """Which rules, seen from where, on which day; what is left out is the reader's own place, and today."""

    q = forms.CharField(
        required=False,
        label=gettext_lazy("Rule or source"),
        max_length=60,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    place = forms.ChoiceField(required=False, label=gettext_lazy("Seen from"))
    group = forms.ChoiceField(required=False, label=pgettext_lazy("rule", "Subject"))
    on = forms.DateField(required=False, label=gettext_lazy("In force on"), widget=day_input())

    def __init__(self, data: QueryDict, *, actor: Actor, today: date) -> None:
        self.here = places.standpoint(actor, data.get("place", ""))
        said = {key: data[key] for key in self.base_fields if data.get(key)}
        super().__init__(
            {"on": today.isoformat(), **said, "place": self.here.key}, auto_id="filter-%s", label_suffix=""
        )
        _choices(self, "place", places.choices(actor, self.here))
        _choices(
            self, "group", [("", _("All subjects")), *((key, str(name)) for key, name in official().groups.items())]
        )
        self.day = today if self.errors.get("on") else self.cleaned_data["on"] or today

    @property
    def search_field(self) -> forms.BoundField:
        return self["q"]

    @property
    def other_fields(self) -> list[forms.BoundField]:
        return [self["place"], self["group"], self["on"]]

    @property
    def text(self) -> str:
        return str(self.cleaned_data.get("q", ""))

    @property
    def subject(self) -> str:
        return str(self.cleaned_data.get("group", ""))


class TrialForm(forms.Form):
    """Figures to hold against a rule."""

    found = forms.IntegerField(min_value=0, max_value=MOST)
    base = forms.IntegerField(min_value=0, max_value=MOST, required=False, label=gettext_lazy("Out of"))
    by = forms.IntegerField(min_value=0, max_value=MOST, required=False)

    def __init__(self, data: QueryDict, *, rule: Rule) -> None:
        super().__init__(data if "found" in data else None, auto_id="trial-%s", label_suffix="")
        self.fields["found"].label = str(rule.measure)
        self.fields["by"].label = str(official().measures.get(rule.topic.by, ""))
        for name, wanted in (("base", rule.per > 1), ("by", bool(rule.topic.by))):
            if wanted:
                self.fields[name].required = True
            else:
                del self.fields[name]


class Numbers(forms.CharField):
    """One or more whole numbers, or an amount of money, as the topic of the rule has it."""

    def __init__(self, *, topic: Topic, **options: Any) -> None:
        super().__init__(max_length=60, **options)
        self.topic = topic

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return self._read(text) if text else text

    def _read(self, text: str) -> list[int]:
        try:
            return [parse_yuan(text)] if self.topic.unit.key == "fen" else _whole_numbers(text)
        except ActionError as error:
            raise forms.ValidationError(str(error)) from error


def _whole_numbers(text: str) -> list[int]:
    words = [word for word in re.split(r"[,，、;；\s]+", normal(text)) if word]
    if not words or not all(word.isascii() and word.isdecimal() and len(word) <= len(str(LARGEST)) for word in words):
        raise ActionError(_("“{text}” must be whole numbers, with commas between several.").format(text=text))
    return [int(word) for word in words]


class UnitRuleForm(forms.Form):
    """A unit's own rule in the place of `above`."""

    operator = forms.ChoiceField(label=gettext_lazy("Comparison"))
    valid_from = forms.DateField(label=gettext_lazy("Valid from"), widget=day_input())
    source = forms.CharField(
        label=gettext_lazy("Decision it rests on"),
        max_length=120,
        help_text=gettext_lazy("The paper's title and number, or the meeting and its day."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    field_order = ("operator", "numbers", "valid_from", "source", "reason")

    def __init__(self, data: QueryDict | None, *, above: Rule, today: date) -> None:
        super().__init__(data, initial={"valid_from": today, "operator": above.operator}, label_suffix="")
        self.fields["numbers"] = Numbers(topic=above.topic, label=_numbers_label(above))
        _choices(self, "operator", [(one.value, str(OPERATOR_WORDS[one])) for one in operators_for(above)])
        if len(operators_for(above)) == 1:
            self.fields["operator"].widget = forms.HiddenInput()
        self.order_fields(self.field_order)


class EndForm(forms.Form):
    """The first day on which a unit's own rule no longer holds."""

    on = forms.DateField(
        label=gettext_lazy("No longer valid from"),
        widget=day_input(),
        help_text=gettext_lazy("A rule that has not begun by then is withdrawn."),
    )


def _numbers_label(rule: Rule) -> str:
    unit = rule.topic.unit
    if rule.per > 1:
        return _("Number per {per}").format(per=rule.per)
    return _("Amount in yuan") if unit.key == "fen" else _("Number ({unit})").format(unit=unit.name)


def _choices(form: forms.Form, name: str, choices: Sequence[tuple[str, Any]]) -> None:
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = choices

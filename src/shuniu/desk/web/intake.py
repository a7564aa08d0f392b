"""Forms made from a line's questions."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuniu.desk.enums import FieldKind
from shuniu.desk.filing import LONGEST_TITLE
from shuniu.desk.rules.answers import LARGEST, LONGEST
from shuniu.desk.rules.setup import Field
from shuniu.kernel.web.doing import DAY

SUBJECT_HELP = _("A few words, such as “Overtime in May not paid”.")


def question(field: Field) -> forms.Field:
    """The field of a form for one question."""
    given: dict[str, Any] = {"label": str(field.label), "help_text": str(field.help), "required": field.required}
    choices = [(choice.key, str(choice.label)) for choice in field.choices]
    match field.kind:
        case FieldKind.LONG:
            return forms.CharField(
                max_length=LONGEST[FieldKind.LONG], widget=forms.Textarea(attrs={"rows": 5}), **given
            )
        case FieldKind.CHOICE:
            return forms.ChoiceField(choices=[("", _("Please choose")), *choices], **given)
        case FieldKind.MULTIPLE:
            return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **given)
        case FieldKind.DATE:
            return forms.DateField(widget=DAY, **given)
        case FieldKind.NUMBER:
            return forms.IntegerField(min_value=0, max_value=LARGEST, **given)
        case FieldKind.YES_NO:
            return forms.ChoiceField(choices=[("yes", _("Yes")), ("no", _("No"))], widget=forms.RadioSelect, **given)
        case _:
            return forms.CharField(max_length=LONGEST[FieldKind.TEXT], **given)


class IntakeForm(forms.Form):
    """The intake form of a line: the subject, its questions, and a word that lets a form sent twice open one case."""

    title = forms.CharField(label=pgettext_lazy("case", "Subject"), max_length=LONGEST_TITLE, help_text=SUBJECT_HELP)
    once = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None, fields: Iterable[Field], **options: Any) -> None:
        super().__init__(data, label_suffix="", **options)
        self.questions = tuple(fields)
        for field in self.questions:
            self.fields[field.key] = question(field)
        self.fields["once"].initial = secrets.token_hex(16)

    def given(self) -> dict[str, Any]:
        """What the action takes of a valid form."""
        answers = {field.key: self.cleaned_data.get(field.key) for field in self.questions}
        return {"title": self.cleaned_data["title"], "answers": answers, "once": self.cleaned_data["once"]}

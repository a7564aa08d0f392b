"""Forms of transfers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuniu.kernel.text import normal
from shuniu.kernel.web.doing import day_field
from shuniu.kernel.web.lists import FilterForm
from shuniu.registry.enums import TransferState
from shuniu.registry.fields import OrganisationField
from shuniu.registry.models import Organisation, Transfer
from shuniu.registry.queries import transfers

LONGEST = 200
TEXT = forms.Textarea(attrs={"rows": 2})


class TransferFilter(FilterForm):
    q = forms.CharField(label=_("Name"), max_length=40, widget=forms.TextInput(attrs={"type": "search"}))
    state = forms.ChoiceField(
        label=pgettext_lazy("transfer", "State"),
        choices=[
            ("", _("All")),
            ("mine", _("Waiting for me")),
            ("overdue", _("Open for too long")),
            *TransferState.choices,
        ],
    )

    def narrow(self, rows: QuerySet[Transfer]) -> QuerySet[Transfer]:
        if name := normal(self.values.get("q", "")):
            rows = rows.filter(person__name__contains=name)
        match self.values.get("state"):
            case None:
                return rows
            case "mine":
                place = self.actor.reach("transfer.edit").condition("destination__path")
                return rows.filter(place, state=TransferState.OPEN)
            case "overdue":
                return transfers.overdue(rows, self.actor, self.today)
            case state:
                return rows.filter(state=state)


class DestinationField(OrganisationField):
    """Any union that takes members, in the actor's sight or not: a membership goes where the work is."""

    default_error_messages = {
        "none": _("There is no union “{text}”. Choose from the suggestions, or write the number."),
    }
    suggest_url = reverse_lazy("registry:destinations_suggest")


class IssueForm(forms.Form):
    """To which union, from which day."""

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        unions: QuerySet[Organisation],
        today: date,
        first: Organisation | None,
    ) -> None:
        super().__init__(data, label_suffix="")
        field = DestinationField(label=_("To which union"), initial=first)
        field.rows = unions
        self.fields["destination"] = field
        self.fields["on"] = day_field(pgettext_lazy("transfer", "Issued on"), today)
        self.fields["reason"] = forms.CharField(label=_("Reason"), max_length=LONGEST, required=False, widget=TEXT)


class ReceiveForm(forms.Form):
    def __init__(self, data: Mapping[str, Any] | None, *, today: date) -> None:
        super().__init__(data, label_suffix="")
        self.fields["on"] = day_field(_("Received on"), today, help_text=_("From this day she is your member."))


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=_("Reason"), max_length=LONGEST, widget=TEXT, help_text=_("The other union reads it.")
    )

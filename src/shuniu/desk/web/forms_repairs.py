"""Forms about repairs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from shuniu.desk.enums import ChargedTo
from shuniu.desk.models import Case, Repair
from shuniu.desk.queries import repairs as queries
from shuniu.kernel.errors import ActionError
from shuniu.kernel.money import parse_yuan
from shuniu.kernel.text import normal
from shuniu.kernel.web.doing import DAY
from shuniu.kernel.web.lists import FilterForm

QUANTITY = re.compile(r"(\d{1,6})(?:\.(\d{1,2}))?", re.ASCII)


class RepairFilter(FilterForm):
    """Which repairs: open ones unless said otherwise."""

    state = forms.ChoiceField(
        label=pgettext_lazy("repair", "State"),
        choices=[
            ("", gettext_lazy("Not mended yet")),
            ("overdue", gettext_lazy("Overdue")),
            ("free", gettext_lazy("Not handed out yet")),
            ("parts", gettext_lazy("Waiting for parts")),
            ("mended", gettext_lazy("Mended")),
            ("all", gettext_lazy("All")),
        ],
    )
    urgent = forms.ChoiceField(
        label=gettext_lazy("Urgency"), choices=[("", gettext_lazy("All")), ("yes", gettext_lazy("Urgent"))]
    )
    building = forms.CharField(label=gettext_lazy("Building"), max_length=60)

    def narrow(self, rows: Any) -> Any:
        match self.values.get("state", ""):
            case "":
                rows = rows.filter(fixed_at=None, case__closed_at=None)
            case "overdue":
                rows = rows.filter(case__closed_at=None, case__due_at__lt=timezone.now())
            case "free":
                rows = rows.filter(case__handler=None, case__closed_at=None)
            case "parts":
                rows = rows.filter(case__state="parts", case__closed_at=None)
            case "mended":
                rows = rows.exclude(fixed_at=None)
        if "urgent" in self.values:
            rows = rows.filter(is_urgent=True)
        if building := self.values.get("building"):
            rows = rows.filter(building__startswith=normal(building))
        return rows


class MaterialForm(forms.Form):
    """A line of material."""

    name = forms.CharField(label=gettext_lazy("Material"), max_length=60)
    quantity = forms.CharField(label=gettext_lazy("Quantity"), max_length=10, initial="1")
    unit = forms.CharField(label=gettext_lazy("Unit"), max_length=8, initial=gettext_lazy("piece"))
    price = forms.CharField(label=gettext_lazy("Price of a unit (yuan)"), max_length=16, initial="0")

    def clean_quantity(self) -> int:
        """In hundredths."""
        found = QUANTITY.fullmatch(normal(self.cleaned_data["quantity"]))
        if found is None:
            raise forms.ValidationError(_("Enter a number with at most two decimals."))
        return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))

    def clean_price(self) -> int:
        return fen_of(self.cleaned_data["price"])


class LabourForm(forms.Form):
    """What the work is charged at."""

    fen = forms.CharField(label=gettext_lazy("Work charged (yuan)"), max_length=16)

    def clean_fen(self) -> int:
        return fen_of(self.cleaned_data["fen"])


class CallForm(forms.Form):
    """A call back."""

    is_confirmed = forms.TypedChoiceField(
        label=gettext_lazy("Is it mended?"),
        choices=[("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))],
        coerce=lambda text: text == "yes",
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=gettext_lazy("What was said"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class SendForm(forms.Form):
    """Whom to send, the fittest first."""

    handler = forms.TypedChoiceField(
        label=gettext_lazy("Repairer"), coerce=int, widget=forms.RadioSelect,
        help_text=gettext_lazy("In the order of who has mended such a fault, fewest urgent jobs, fewest jobs."),
    )  # fmt: skip

    def __init__(self, data: Mapping[str, Any] | None, case: Case, today: date) -> None:
        super().__init__(data)
        found = queries.candidates(case, today)
        self.handlers = {one.user_id: one for one, _load in found}
        label = _("{name}: {n} jobs in hand, {urgent} of them urgent")
        self.fields["handler"].choices = [  # type: ignore[attr-defined]  # a choice field
            (one.user_id, label.format(name=one.name, n=load.in_hand, urgent=load.urgent_in_hand))
            for one, load in found
        ]
        if found:
            self.initial["handler"] = found[0][0].user_id


class MonthForm(forms.Form):
    """A month and a line."""

    month = forms.CharField(
        label=gettext_lazy("Month"), required=False, widget=forms.TextInput(attrs={"type": "month"})
    )
    line = forms.ChoiceField(label=gettext_lazy("Service line"), required=False)

    def __init__(self, data: Mapping[str, Any], lines: list[tuple[int, str]], today: date) -> None:
        super().__init__(data)
        self.fields["line"].choices = lines  # type: ignore[attr-defined]  # a choice field
        self.today = today

    def first(self) -> date:
        """The first day of the month asked for, of this month where none or a wrong one was."""
        self.is_valid()
        try:
            return date.fromisoformat(f"{self.cleaned_data.get('month') or ''}-01")
        except ValueError:
            return self.today.replace(day=1)


def wait_fields(case: Case) -> dict[str, forms.Field]:
    """What else is asked when a repair begins to wait."""
    return {
        "expected_on": forms.DateField(label=_("Expected on"), required=False, widget=DAY),
        "charged_to": forms.ChoiceField(label=_("What it waits for"), choices=ChargedTo.choices),
    }


def fen_of(text: str) -> int:
    """Fen from yuan as they were typed."""
    try:
        return parse_yuan(text)
    except ActionError as error:
        raise forms.ValidationError(str(error)) from error


def place_of(repair: Repair) -> str:
    """Building and room together."""
    return f"{repair.building}{repair.room}"

"""What the calculator of time limits asks: days only, no names, so that an address may be shared and printed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from shuniu.desk.rules import statutory as rules
from shuniu.desk.rules.statutory import CAUSES, Cause, Interruption, Numbers, Step, Suspension
from shuniu.kernel.calendar import Calendar
from shuniu.kernel.web.doing import DAY

EARLIEST, LATEST = date(1995, 1, 1), date(2100, 1, 1)
BREAKS = 3


class LimitForm(forms.Form):
    """One question to the calculator. `steps` answers it once the form is valid."""

    order: tuple[tuple[str, str], ...] = ()
    """Pairs of fields of which the first day is not after the second."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name, value in list(data.items()):
            if isinstance(value, date) and not EARLIEST <= value < LATEST:
                self.add_error(name, _("Enter a day between 1995 and 2099."))
        for first, second in self.order:
            a, b = data.get(first), data.get(second)
            if a and b and b < a:
                self.add_error(second, _("This day lies before “{other}”.").format(other=self.fields[first].label))
        return data

    def steps(self, numbers: Numbers, calendar: Calendar) -> list[Step]:
        """The limits that follow from what was entered."""
        raise NotImplementedError


def _day(label: Any, help_text: Any = "", *, required: bool = False) -> forms.DateField:
    return forms.DateField(label=label, help_text=help_text, required=required, widget=DAY)


class LimitationForm(LimitForm):
    """Until when arbitration may be applied for."""

    known_on = _day(
        gettext_lazy("Day the infringement was known"),
        gettext_lazy("Or the day it should have been known, e.g. the day pay was due."),
        required=True,
    )
    is_arrears = forms.BooleanField(label=gettext_lazy("It is about pay in arrears"), required=False)
    employment_ended_on = _day(
        gettext_lazy("Day the employment ended"), gettext_lazy("For pay in arrears; empty while it lasts.")
    )
    order = (("stopped_from", "stopped_until"),)

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        for number in range(1, BREAKS + 1):
            label = _("Broken off on ({n})").format(n=number)
            self.fields[f"broken_{number}"] = _day(label)
            self.fields[f"cause_{number}"] = forms.ChoiceField(
                label=_("By what ({n})").format(n=number), choices=list(CAUSES.items()), required=False
            )
        self.fields["stopped_from"] = _day(
            gettext_lazy("Stood still from"), gettext_lazy("Force majeure or another sound reason, e.g. grave illness.")
        )
        self.fields["stopped_until"] = _day(gettext_lazy("Stood still until"))

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if bool(data.get("stopped_from")) != bool(data.get("stopped_until")):
            self.add_error("stopped_until", _("Enter both days on which it stood still, or neither."))
        return data

    def steps(self, numbers: Numbers, calendar: Calendar) -> list[Step]:
        data = self.cleaned_data
        breaks = [
            Interruption(data[f"broken_{n}"], Cause(data.get(f"cause_{n}") or Cause.CLAIMED))
            for n in range(1, BREAKS + 1)
            if data.get(f"broken_{n}")
        ]
        stops = [Suspension(data["stopped_from"], data["stopped_until"])] if data.get("stopped_from") else []
        return [
            rules.limitation(
                data["known_on"], numbers, calendar, interruptions=breaks, suspensions=stops,
                is_arrears=data["is_arrears"], employment_ended_on=data["employment_ended_on"],
            )
        ]  # fmt: skip


class MediationForm(LimitForm):
    """Until when a mediation lasts."""

    received_on = _day(gettext_lazy("Day the application for mediation was received"), required=True)
    signed_on = _day(gettext_lazy("Day the agreement took effect"))
    order = (("received_on", "signed_on"),)

    def steps(self, numbers: Numbers, calendar: Calendar) -> list[Step]:
        data = self.cleaned_data
        return rules.mediation(data["received_on"], numbers, calendar, signed_on=data["signed_on"])


class ArbitrationForm(LimitForm):
    """The steps of an arbitration."""

    applied_on = _day(gettext_lazy("Day the commission got the application"), required=True)
    accepted_on = _day(gettext_lazy("Day it accepted"))
    served_on = _day(gettext_lazy("Day the other side got the copy"))
    hearing_on = _day(gettext_lazy("Day of the hearing"))
    award_on = _day(gettext_lazy("Day the award was received"))
    order = (("applied_on", "accepted_on"), ("accepted_on", "served_on"), ("accepted_on", "award_on"))

    def steps(self, numbers: Numbers, calendar: Calendar) -> list[Step]:
        return rules.arbitration(numbers=numbers, calendar=calendar, **self.cleaned_data)


class InspectionForm(LimitForm):
    """Complaints to the labour inspection."""

    ended_on = _day(
        gettext_lazy("Day of the violation"), gettext_lazy("Of one that lasted, the day it ended."), required=True
    )
    filed_on = _day(gettext_lazy("Day the inquiry was opened"))
    order = (("ended_on", "filed_on"),)

    def steps(self, numbers: Numbers, calendar: Calendar) -> list[Step]:
        data = self.cleaned_data
        return rules.inspection(data["ended_on"], numbers, calendar, filed_on=data["filed_on"])


class InjuryForm(LimitForm):
    """Recognition of a work injury."""

    injured_on = _day(
        gettext_lazy("Day of the injury"),
        gettext_lazy("Of an occupational disease, the day of the diagnosis."),
        required=True,
    )
    accepted_on = _day(gettext_lazy("Day the application was accepted"))
    order = (("injured_on", "accepted_on"),)

    def steps(self, numbers: Numbers, calendar: Calendar) -> list[Step]:
        data = self.cleaned_data
        return rules.injury(data["injured_on"], numbers, calendar, accepted_on=data["accepted_on"])


QUESTIONS: dict[str, tuple[Any, type[LimitForm]]] = {
    "limitation": (gettext_lazy("Limitation of arbitration"), LimitationForm),
    "mediation": (gettext_lazy("Mediation"), MediationForm),
    "arbitration": (pgettext_lazy("statutory", "Arbitration and court"), ArbitrationForm),
    "inspection": (gettext_lazy("Labour inspection"), InspectionForm),
    "injury": (gettext_lazy("Work injury"), InjuryForm),
}
"""The questions by their keys in the address, in the order of the tabs."""

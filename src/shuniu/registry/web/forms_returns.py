"""Forms of the annual return."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from shuniu.kernel.web.doing import DAY
from shuniu.registry.fields import OrganisationField
from shuniu.registry.models import Organisation
from shuniu.registry.rules.returns import CHECK_TITLES

EARLIEST = date(1949, 10, 1)


class ChooseForm(forms.Form):
    """For whom, as of which day."""

    organisation = OrganisationField(label=_("Union body"))
    day = forms.DateField(label=_("Day of the return"), widget=DAY)

    def __init__(
        self, data: Mapping[str, Any] | None, *, rows: QuerySet[Organisation], today: date, **options: Any
    ) -> None:
        super().__init__(data, label_suffix="", **options)
        self.today = today
        self.fields["organisation"].rows = rows  # type: ignore[attr-defined]  # an OrganisationField

    def clean_day(self) -> date:
        return within(self.cleaned_data["day"], self.today)


class DayForm(forms.Form):
    """As of which day."""

    day = forms.DateField(label=_("Day of the return"), widget=DAY)

    def __init__(self, data: Mapping[str, Any], *, default: date, today: date) -> None:
        super().__init__({"day": data.get("day") or default.isoformat()}, auto_id="filter-%s", label_suffix="")
        self.default, self.today = default, today

    def clean_day(self) -> date:
        return within(self.cleaned_data["day"], self.today)

    def chosen(self) -> date:
        """The day asked for; the last reference day where none makes sense."""
        return self.cleaned_data["day"] if self.is_valid() else self.default


def within(day: date, today: date) -> date:
    """A day of which something can be reported."""
    if day > today:
        raise forms.ValidationError(_("The day lies in the future."))
    if day < EARLIEST:
        raise forms.ValidationError(_("The day lies too far back."))
    return day


class CheckFilter(forms.Form):
    check = forms.ChoiceField(label=_("Check"), required=False, choices=[("", _("All")), *CHECK_TITLES.items()])


class BlockForm(forms.Form):
    """What the printed form must carry."""

    number = forms.CharField(label=_("Form number"), max_length=40)
    issuer = forms.CharField(label=_("Issuing body"), max_length=80)
    approval = forms.CharField(label=_("Approval or filing number"), max_length=80)
    valid_until = forms.DateField(label=_("Valid until"), widget=DAY)

    def __init__(self, data: Mapping[str, Any] | None, *, initial: Mapping[str, Any]) -> None:
        super().__init__(data, label_suffix="", initial=dict(initial))

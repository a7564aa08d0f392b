"""Forms of a mediation beside the steps of its case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from shuniu.desk.enums import Signer
from shuniu.desk.handlers import handlers_of
from shuniu.desk.models import Case
from shuniu.desk.web.forms_repairs import fen_of
from shuniu.kernel.web.doing import day_field

YES_NO = [("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))]


def _text(label: Any, rows: int = 4, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=required, max_length=8000, widget=widget, help_text=help_text)


def _yes_no(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, choices=YES_NO, coerce=lambda text: text == "yes", widget=forms.RadioSelect
    )


class ConsentForm(forms.Form):
    """The answer of the other side."""

    is_consented = _yes_no(gettext_lazy("Does the other side agree to mediation?"))
    note = _text(
        gettext_lazy("What it said"),
        required=False,
        help_text=gettext_lazy("If it refuses, the mediation ends and the applicant is told this."),
    )

    def __init__(self, data: Mapping[str, Any] | None, case: Case, today: date) -> None:
        super().__init__(data)
        self.fields["on"] = day_field(_("Answered on"), today)
        self.order_fields(["is_consented", "on", "note"])


class RepresentativesForm(forms.Form):
    """Who represents a group."""

    names = _text(gettext_lazy("Representatives, one a line"))

    def __init__(self, data: Mapping[str, Any] | None, case: Case, today: date) -> None:
        super().__init__(data)


class TieForm(forms.Form):
    """Who must not mediate, and why."""

    user = forms.TypedChoiceField(label=gettext_lazy("Who"), coerce=int)
    note = _text(gettext_lazy("What the tie is"))

    def __init__(self, data: Mapping[str, Any] | None, case: Case, today: date) -> None:
        super().__init__(data)
        choices = [(one.user_id, one.name) for one in handlers_of(case.line, today)]
        self.fields["user"].choices = choices  # type: ignore[attr-defined]  # a choice field


class SessionForm(forms.Form):
    """The record of a session."""

    held_at = forms.DateTimeField(
        label=gettext_lazy("Held at"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    place = forms.CharField(label=pgettext_lazy("mediation", "Place"), max_length=80)
    present = _text(gettext_lazy("Present"), 3)
    record = _text(gettext_lazy("Record"), 10)

    def __init__(self, data: Mapping[str, Any] | None, case: Case, today: date) -> None:
        super().__init__(data)


class MoreTimeForm(forms.Form):
    """More time, if both sides agree."""

    days = forms.IntegerField(label=gettext_lazy("By how many days"), min_value=1, max_value=30)
    worker_agrees = forms.BooleanField(label=gettext_lazy("The worker agrees"), required=False)
    employer_agrees = forms.BooleanField(label=gettext_lazy("The employer agrees"), required=False)

    def __init__(self, data: Mapping[str, Any] | None, case: Case, today: date) -> None:
        super().__init__(data)


class AgreementForm(forms.Form):
    """What both sides agreed on."""

    terms = _text(gettext_lazy("What was agreed"), 10)
    amount = forms.CharField(label=gettext_lazy("Amount (yuan)"), initial="0", max_length=20)

    def __init__(self, data: Mapping[str, Any] | None, case: Case, today: date) -> None:
        super().__init__(data)
        self.fields["perform_by"] = day_field(_("To be performed by"))

    def clean_amount(self) -> int:
        return fen_of(self.cleaned_data["amount"])


class SignForm(forms.Form):
    """A signature, or the seal."""

    signer = forms.ChoiceField(label=gettext_lazy("Who signed"), choices=Signer.choices, widget=forms.RadioSelect)

    def __init__(self, data: Mapping[str, Any] | None, case: Case, today: date) -> None:
        super().__init__(data)
        self.fields["on"] = day_field(_("Signed on"), today)


class ConfirmationForm(forms.Form):
    """The commission's confirmation."""

    def __init__(self, data: Mapping[str, Any] | None, case: Case, today: date) -> None:
        super().__init__(data)
        self.fields["on"] = day_field(_("Asked for on"), today)


class FollowUpForm(forms.Form):
    """Whether the agreement was performed."""

    is_performed = _yes_no(gettext_lazy("Was the agreement performed?"))
    note = _text(gettext_lazy("What the follow-up found"), required=False)

    def __init__(self, data: Mapping[str, Any] | None, case: Case, today: date) -> None:
        super().__init__(data)
        self.fields["on"] = day_field(_("Asked about it on"), today)
        self.order_fields(["is_performed", "on", "note"])


class YearForm(forms.Form):
    """A year."""

    year = forms.TypedChoiceField(label=gettext_lazy("Year"), coerce=int, required=False)

    def __init__(self, data: Mapping[str, Any], today: date) -> None:
        super().__init__(data)
        years = [(str(year), str(year)) for year in range(today.year, today.year - 6, -1)]
        self.fields["year"].choices = years  # type: ignore[attr-defined]  # a choice field
        self.today = today

    def chosen(self) -> int:
        """The year asked for, or this one."""
        self.is_valid()
        return self.cleaned_data.get("year") or self.today.year

"""Forms of providers, their papers and their people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from shuniu.hub.enums import AbsenceReason, CheckResult, PaperKind, Profession, ProviderKind, ProviderState, ServiceKind
from shuniu.hub.queries import providers as queries
from shuniu.hub.queries.duties import warning_days
from shuniu.hub.rules.uploads import refusal_of
from shuniu.hub.web.forms_duties import ALL, offer_bodies
from shuniu.kernel.scope import Actor
from shuniu.kernel.web.doing import day_field
from shuniu.kernel.web.lists import FilterForm

SEARCH = forms.TextInput(attrs={"type": "search", "placeholder": gettext_lazy("Name or credit code")})
SERVICES = [(one.value, one.label) for one in ServiceKind]
OUTSIDE = [(one.value, one.label) for one in ProviderKind if one != ProviderKind.OWN]
STATES = [("", ALL), ("waiting", gettext_lazy("To be vetted or admitted")), *ProviderState.choices]
NOTE = forms.Textarea(attrs={"rows": 2})


class ProviderFilter(FilterForm):
    """What the register can be narrowed by."""

    q = forms.CharField(label=gettext_lazy("Provider"), max_length=60, widget=SEARCH)
    state = forms.ChoiceField(label=pgettext_lazy("provider", "State"), choices=STATES)
    kind = forms.ChoiceField(label=pgettext_lazy("provider", "Kind"), choices=[("", ALL), *ProviderKind.choices])
    service = forms.ChoiceField(label=gettext_lazy("Service"), choices=[("", ALL), *SERVICES])
    papers = forms.ChoiceField(
        label=gettext_lazy("Papers"), choices=[("", ALL), ("ending", gettext_lazy("Ended or ending soon"))]
    )

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        values = self.values
        if q := values.get("q"):
            named = rows.filter(name__contains=q)
            rows = named | rows.filter(credit_code__startswith=q.upper())
        if values.get("state") == "waiting":
            rows = rows.filter(state__in=queries.WAITING)
        elif state := values.get("state"):
            rows = rows.filter(state=state)
        if kind := values.get("kind"):
            rows = rows.filter(kind=kind)
        if service := values.get("service"):
            rows = queries.offering(rows, service)
        if values.get("papers"):
            days = max(warning_days(queries.WARNING, self.actor, "provider.view", self.today))
            found = queries.ending(queries.papers(self.actor), self.today, days)
            rows = rows.filter(Exists(found.filter(provider=OuterRef("pk"))))
        return rows


class DetailsForm(forms.Form):
    """What is asked of every provider."""

    fields: dict[str, Any]

    name = forms.CharField(label=pgettext_lazy("provider", "Name"), max_length=120)
    kind = forms.ChoiceField(label=pgettext_lazy("provider", "Kind"), choices=OUTSIDE)
    credit_code = forms.CharField(label=gettext_lazy("Unified social credit code"), max_length=30)
    offers = forms.MultipleChoiceField(
        label=gettext_lazy("Services offered"), choices=SERVICES, widget=forms.CheckboxSelectMultiple
    )
    address = forms.CharField(label=gettext_lazy("Address"), max_length=120, required=False)
    contact_name = forms.CharField(label=gettext_lazy("Contact"), max_length=50)
    contact_phone = forms.CharField(label=gettext_lazy("Telephone"), max_length=30)
    about = forms.CharField(
        label=gettext_lazy("About the provider"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("What you do, since when, for whom. No names of people you have served."),
    )


class ProviderForm(DetailsForm):
    """A provider that a cadre enters; into which register, where there are several."""

    organisation: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=gettext_lazy("Register of"), queryset=None, empty_label=None
    )
    group: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=pgettext_lazy("provider", "Group"),
        queryset=None,
        required=False,
        help_text=gettext_lazy("The group that bids and contracts for this firm."),
    )

    field_order = ("organisation", "name", "kind", "group")

    def __init__(self, data: Mapping[str, Any] | None, *, actor: Actor) -> None:
        super().__init__(data, label_suffix="")
        offer_bodies(self, actor, "provider.edit")
        self.fields["group"].queryset = queries.providers(actor).filter(kind=ProviderKind.GROUP)
        self.fields["credit_code"].required = False
        self.fields["credit_code"].help_text = _("A group that is no body of its own has none.")


class MoveForm(forms.Form):
    """The reason of a step."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300, required=False, widget=NOTE)

    def __init__(self, data: Mapping[str, Any] | None, *, needed: bool) -> None:
        super().__init__(data, label_suffix="")
        self.fields["reason"].required = needed


class CheckForm(forms.Form):
    """What came of one item."""

    result = forms.ChoiceField(
        label=gettext_lazy("Result"), choices=CheckResult.choices, widget=forms.RadioSelect, initial=CheckResult.MET
    )
    note = forms.CharField(label=gettext_lazy("Note"), max_length=200, required=False, widget=NOTE)


def checked_file(upload: Any) -> Any:
    """An upload whose first bytes are those of a kind that is taken; nothing where nothing was handed in."""
    if not upload:
        return None
    beginning = upload.read(16)
    upload.seek(0)
    if sentence := refusal_of(upload.name or "", upload.size, beginning):
        raise ValidationError(sentence)
    return upload


def file_field(*, required: bool) -> forms.FileField:
    """A field for the picture of a paper."""
    return forms.FileField(
        label=gettext_lazy("Scan or photograph"),
        required=required,
        help_text=gettext_lazy("PDF, PNG or JPEG, 5 MB at most. It is kept encrypted."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
    )


class PaperForm(forms.Form):
    """A paper of a provider or of one of its people."""

    fields: dict[str, Any]

    kind = forms.ChoiceField(label=pgettext_lazy("paper", "Kind"), choices=PaperKind.choices)
    number = forms.CharField(label=gettext_lazy("Certificate number"), max_length=60, required=False)
    level = forms.CharField(label=gettext_lazy("Level"), max_length=20, required=False)
    issuer = forms.CharField(label=gettext_lazy("Issuer"), max_length=80, required=False)
    issued_on = day_field(gettext_lazy("Issued on"))
    good_until = day_field(
        gettext_lazy("Good until"), required=False, help_text=gettext_lazy("Leave it empty for a paper without an end.")
    )
    file = file_field(required=False)

    def clean_file(self) -> Any:
        return checked_file(self.cleaned_data["file"])


class ApplyForm(DetailsForm):
    """The application of a provider, with its licence or registration."""

    organisation: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=gettext_lazy("Apply to"), queryset=None, empty_label=None
    )
    issued_on = day_field(gettext_lazy("Licence or registration issued on"))
    good_until = day_field(
        gettext_lazy("Good until"), required=False, help_text=gettext_lazy("Leave it empty for a paper without an end.")
    )
    file = file_field(required=True)
    website = forms.CharField(required=False, widget=forms.HiddenInput)
    """Stays empty: only programs fill it in."""
    promise = forms.BooleanField(
        label=gettext_lazy("What is stated here is true. We agree that it is kept and used to vet this application.")
    )

    field_order = ("organisation", "name", "kind")

    def __init__(self, data: Mapping[str, Any] | None, files: Any, *, today: date) -> None:
        super().__init__(data, files, label_suffix="")
        field = self.fields["organisation"]
        field.queryset = queries.registers(today)
        found = list(field.queryset[:2])
        if len(found) == 1:
            field.initial, field.widget = found[0].pk, forms.HiddenInput()

    def clean_file(self) -> Any:
        return checked_file(self.cleaned_data["file"])


class ReceiptForm(forms.Form):
    """The number by which an application is followed."""

    receipt = forms.CharField(
        label=gettext_lazy("Receipt number"),
        max_length=32,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=gettext_lazy("The 16 digits that you were given when you applied."),
    )


class PersonForm(forms.Form):
    """Somebody who shall serve."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=50)
    profession = forms.ChoiceField(label=gettext_lazy("Profession"), choices=Profession.choices)
    serves = forms.MultipleChoiceField(
        label=gettext_lazy("May serve"), choices=SERVICES, widget=forms.CheckboxSelectMultiple
    )
    mobile = forms.CharField(label=gettext_lazy("Mobile"), max_length=20, required=False)


class AbsenceForm(forms.Form):
    """Days on which somebody takes no work."""

    first = day_field(gettext_lazy("First day"))
    last = day_field(gettext_lazy("Last day"))
    reason = forms.ChoiceField(label=gettext_lazy("Reason"), choices=AbsenceReason.choices)


class ConflictForm(forms.Form):
    """An employer that the provider serves."""

    fields: dict[str, Any]

    employer = forms.CharField(
        label=gettext_lazy("Employer"),
        max_length=120,
        help_text=gettext_lazy("The full name as registered, or the unified social credit code."),
    )
    starts_on = day_field(gettext_lazy("Since"))
    note = forms.CharField(label=gettext_lazy("Note"), max_length=200, required=False)


class EndForm(forms.Form):
    """The first day on which something no longer holds."""

    on = day_field(gettext_lazy("No longer from"))


class AccountForm(forms.Form):
    """The account that shall act for a provider or be one of its people."""

    username = forms.CharField(
        label=gettext_lazy("User name"),
        max_length=60,
        help_text=gettext_lazy(
            "The account is opened by the site operator; its role is given by two security officers."
        ),
    )

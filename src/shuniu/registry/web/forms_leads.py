"""Forms of organising leads."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuniu.kernel.scope import Actor
from shuniu.kernel.text import initials, normal
from shuniu.kernel.web.doing import DAY, day_field, offer
from shuniu.kernel.web.lists import FilterForm
from shuniu.registry.enums import EmployerCategory, Industry, LeadSource, LeadState, OrganisationType
from shuniu.registry.models import Area, Employer, Lead, Organisation, Post
from shuniu.registry.queries import organising
from shuniu.registry.rules.organising import OPEN_STATES
from shuniu.registry.rules.pasting import Pasted, read_pasted

NOTE, NOTE_LENGTH = _("Note"), 500
LARGEST = 10_000_000
KINDS = (OrganisationType.PRIMARY, OrganisationType.JOINT, OrganisationType.ORGANISER_POINT)
SEARCH = forms.TextInput(attrs={"type": "search", "placeholder": _("Name or pinyin initials")})
PASTED_HELP = _("One person a line: name, identity number, mobile. Lines copied from a spreadsheet will do.")


def searchable() -> forms.Select:
    return forms.Select(attrs={"data-search": ""})


class Organisers(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """A choice of organisers, by name and by the body that employs them."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.person.name}（{obj.organisation.short_name or obj.organisation.name}）"


def note_field(label: Any = NOTE, *, required: bool = False) -> forms.CharField:
    box = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, required=required, max_length=NOTE_LENGTH, widget=box)


def next_field() -> forms.DateField:
    return day_field(_("Next visit on"), required=False, help_text=_("It appears among your visits when it is due."))


def named(q: str, prefix: str = "") -> Q:
    """Employers by any part of their name, or by the beginning of its pinyin initials."""
    found = Q(**{f"{prefix}name__contains": q})
    return found | Q(**{f"{prefix}initials__startswith": initials(q)}) if q.isascii() else found


class LeadFilter(FilterForm):
    q = forms.CharField(label=_("Employer"), max_length=80, widget=SEARCH)
    state = forms.ChoiceField(
        label=pgettext_lazy("lead", "State"),
        choices=[("", _("All")), ("open", _("All that are open")), *LeadState.choices],
    )
    source = forms.ChoiceField(label=pgettext_lazy("lead", "Source"), choices=[("", _("All")), *LeadSource.choices])
    area = forms.ModelChoiceField(label=_("Area"), queryset=Area.objects.none(), empty_label=_("All"))
    organiser = Organisers(label=_("Organiser"), queryset=Post.everything.none(), empty_label=_("All"))
    opened_from = forms.DateField(label=_("Opened from"), widget=DAY)
    opened_to = forms.DateField(label=_("Opened until"), widget=DAY)

    def prepare(self) -> None:
        within = organising.areas_within(self.actor.reach("lead.view"))
        offer(self, "area", Area.objects.filter(pk__in=[area.pk for area in within]))
        offer(self, "organiser", organising.organisers(self.today, self.actor))

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        values = dict(self.values)
        if q := normal(values.pop("q", "")):
            rows = rows.filter(named(q, "employer__"))
        if state := values.pop("state", ""):
            rows = rows.filter(state__in=OPEN_STATES) if state == "open" else rows.filter(state=state)
        lookups = {
            "source": "source",
            "area": "employer__area",
            "organiser": "organiser",
            "opened_from": "opened_on__gte",
            "opened_to": "opened_on__lte",
        }
        return rows.filter(**{lookups[key]: value for key, value in values.items()})


class OpenForm(forms.Form):
    """What is noted when a lead is opened."""

    source = forms.ChoiceField(label=pgettext_lazy("lead", "Source"), choices=LeadSource.choices)
    expected_members = forms.IntegerField(
        label=_("Members expected"), min_value=0, max_value=LARGEST, required=False, initial=None
    )

    def __init__(self, data: Mapping[str, Any] | None, *, actor: Actor, today: date, area: Area | None = None) -> None:
        super().__init__(data, label_suffix="")
        posts = organising.organisers(today, actor)
        first = organising.first_choice(actor, today, area)
        self.fields["on"] = day_field(_("Learnt on"), today)
        self.fields["organiser"] = Organisers(
            label=_("Organiser"),
            queryset=posts,
            required=False,
            initial=first,
            empty_label=_("Not decided yet"),
            widget=searchable(),
        )
        self.fields["next_on"] = next_field()
        self.fields["note"] = note_field()

    def clean_expected_members(self) -> int:
        return self.cleaned_data["expected_members"] or 0


class NewEmployerForm(OpenForm):
    """An employer nobody has entered yet, and the lead about it."""

    name = forms.CharField(label=_("Name of the employer"), max_length=120)
    area = forms.ModelChoiceField(label=_("Area"), queryset=Area.objects.none(), empty_label=None)
    headcount = forms.IntegerField(label=_("Staff"), min_value=0, max_value=LARGEST)
    category = forms.ChoiceField(
        label=_("Category"), choices=EmployerCategory.choices, initial=EmployerCategory.PRIVATE
    )
    industry = forms.ChoiceField(label=_("Industry"), choices=Industry.choices, widget=searchable())
    credit_code = forms.CharField(
        label=_("Unified social credit code"),
        max_length=30,
        required=False,
        help_text=_("As on the business licence; it may follow later."),
    )
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    field_order = ("name", "area", "headcount", "category", "industry", "credit_code", "address", "source", "on")

    def __init__(self, data: Mapping[str, Any] | None, *, actor: Actor, today: date, name: str = "") -> None:
        super().__init__(data, actor=actor, today=today)
        areas = organising.areas_within(actor.reach("lead.edit"))
        offer(self, "area", Area.objects.filter(pk__in=[area.pk for area in areas]))
        self.fields["name"].initial = name
        self.order_fields(self.field_order)


class StepForm(forms.Form):
    """A step that is a day and a note."""

    def __init__(self, data: Mapping[str, Any] | None, *, today: date, reason: bool, ends: bool) -> None:
        super().__init__(data, label_suffix="")
        self.fields["on"] = day_field(_("Date"), today)
        self.fields["note"] = note_field(_("Reason") if reason else _("What was said"), required=reason)
        if not ends:
            self.fields["next_on"] = next_field()


class ApproveForm(forms.Form):
    approval_number = forms.CharField(label=_("Approval number"), max_length=60)

    def __init__(self, data: Mapping[str, Any] | None, *, today: date) -> None:
        super().__init__(data, label_suffix="")
        self.fields["on"] = day_field(_("Approved on"), today)
        self.fields["note"] = note_field()


class FoundForm(forms.Form):
    """The union that is founded. Other employers matter to a joint union only."""

    name = forms.CharField(label=_("Name of the union"), max_length=120)
    short_name = forms.CharField(label=_("Short name"), max_length=40, required=False)
    type = forms.ChoiceField(label=_("Type"), choices=[(kind.value, kind.label) for kind in KINDS])
    parent = forms.ModelChoiceField(
        label=_("Superior union"), queryset=Organisation.everything.none(), empty_label=None, widget=searchable()
    )
    others = forms.ModelMultipleChoiceField(
        label=_("Other employers"),
        queryset=Employer.everything.none(),
        required=False,
        help_text=_("Only for a joint union: other employers with open leads here, which it covers as well."),
        widget=forms.SelectMultiple(attrs={"data-search": ""}),
    )
    credit_code = forms.CharField(
        label=_("Credit code of the union"), max_length=30, required=False, help_text=_("Once it is a legal person.")
    )
    members = forms.CharField(
        label=_("First members"), required=False, help_text=PASTED_HELP, widget=forms.Textarea(attrs={"rows": 6})
    )

    def __init__(self, data: Mapping[str, Any] | None, *, lead: Lead, actor: Actor, today: date) -> None:
        super().__init__(data, label_suffix="")
        self.fields["on"] = day_field(_("Founded on"), today)
        offer(self, "parent", organising.superiors(actor, today))
        self.fields["parent"].initial = lead.territory_id
        offer(self, "others", organising.companions(lead))
        self.fields["name"].initial = f"{lead.employer.name}工会"
        self.order_fields(("name", "short_name", "type", "on", "parent", "others", "credit_code", "members"))

    def clean_members(self) -> list[Pasted]:
        return read_pasted(self.cleaned_data["members"])

    def clean_type(self) -> OrganisationType:
        return OrganisationType(self.cleaned_data["type"])


class JoinForm(forms.Form):
    union = forms.ModelChoiceField(label=_("Joint union"), queryset=Organisation.everything.none(), widget=searchable())

    def __init__(self, data: Mapping[str, Any] | None, *, lead: Lead, today: date) -> None:
        super().__init__(data, label_suffix="")
        offer(self, "union", organising.joint_unions(lead, today))
        self.fields["on"] = day_field(_("Joined on"), today)
        self.fields["note"] = note_field()


class NoteForm(forms.Form):
    def __init__(self, data: Mapping[str, Any] | None, *, today: date) -> None:
        super().__init__(data, label_suffix="")
        self.fields["on"] = day_field(_("Date"), today)
        self.fields["note"] = note_field(_("What was said"), required=True)
        self.fields["next_on"] = next_field()


class AssignForm(forms.Form):
    def __init__(self, data: Mapping[str, Any] | None, *, actor: Actor, today: date) -> None:
        super().__init__(data, label_suffix="")
        self.fields["organiser"] = Organisers(
            label=_("Organiser"), queryset=organising.organisers(today, actor), widget=searchable()
        )


class MembersForm(forms.Form):
    members = forms.CharField(label=_("New members"), help_text=PASTED_HELP, widget=forms.Textarea(attrs={"rows": 12}))

    def __init__(self, data: Mapping[str, Any] | None, *, today: date) -> None:
        super().__init__(data, label_suffix="")
        self.fields["on"] = day_field(_("Joined on"), today)

    def clean_members(self) -> list[Pasted]:
        return read_pasted(self.cleaned_data["members"])


class SettleForm(forms.Form):
    def __init__(self, data: Mapping[str, Any] | None, *, today: date) -> None:
        super().__init__(data, label_suffix="")
        self.fields["on"] = day_field(_("Counted on"), today, help_text=_("Members of the union on this day count."))

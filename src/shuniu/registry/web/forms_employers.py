"""Forms of employers and of areas."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from shuniu.kernel.web.doing import day_field
from shuniu.kernel.web.lists import FilterForm
from shuniu.registry.enums import AreaKind, EmployerCategory, Industry
from shuniu.registry.fields import AreaChoice, OrganisationField
from shuniu.registry.models import Area, Employer
from shuniu.registry.queries import employers, organisations
from shuniu.registry.queries.areas import areas
from shuniu.registry.web.forms_organisations import ALL, ActorForm, reason_field
from shuniu.rulebook.public import official

LARGEST = 10_000_000
SEARCH = forms.TextInput(attrs={"type": "search", "placeholder": gettext_lazy("Name, initials or credit code")})
CATEGORIES = [(value, f"{value} {label}") for value, label in EmployerCategory.choices]


class EmployerFilter(FilterForm):
    """What the list can be narrowed by."""

    fields: dict[str, Any]

    q = forms.CharField(label=gettext_lazy("Employer"), max_length=80, widget=SEARCH)
    union = forms.ChoiceField(label=gettext_lazy("Union"))
    area: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=gettext_lazy("Area"), queryset=None, empty_label=ALL
    )
    category = forms.ChoiceField(label=gettext_lazy("Category"), choices=[("", ALL), *EmployerCategory.choices])
    industry = forms.ChoiceField(label=gettext_lazy("Industry"), choices=[("", ALL), *Industry.choices])
    under = OrganisationField(label=gettext_lazy("In the ground of"))
    state = forms.ChoiceField(
        label=pgettext_lazy("employer", "State"),
        choices=[
            ("", pgettext_lazy("employer", "In operation")),
            ("closed", pgettext_lazy("employer", "Closed")),
            ("every", ALL),
        ],
    )

    def prepare(self) -> None:
        self.fields["area"].queryset = areas()
        self.fields["under"].rows = organisations.seen(self.actor)
        self.enough = employers.should_have_union(self.today)
        self.fields["union"].choices = [
            ("", ALL),
            ("with", _("With a union")),
            ("without", _("Without a union")),
            ("missing", _("Without, and {n} staff or more").format(n=self.enough)),
        ]

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        values = self.values
        rows = self._by_union(employers.with_unions(self._in_state(rows), self.today))
        if q := values.get("q"):
            rows = employers.named(rows, q)
        if under := values.get("under"):
            rows = rows.filter(territory__in=organisations.subtree_on(self.today, under).values("pk"))
        return rows.filter(**{key: values[key] for key in ("area", "category", "industry") if key in values})

    def _in_state(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        match self.values.get("state"):
            case "every":
                return rows
            case "closed":
                return rows.filter(closed_on__isnull=False)
            case _:
                return rows.filter(closed_on=None)

    def _by_union(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        match self.values.get("union"):
            case "with":
                return rows.filter(has_union=True)
            case "without":
                return rows.filter(has_union=False)
            case "missing":
                return rows.filter(has_union=False, headcount__gte=self.enough)
            case _:
                return rows


def _heads(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=LARGEST, required=False)


class EmployerForm(ActorForm):
    """What is known of an employer."""

    name = forms.CharField(label=pgettext_lazy("organisation", "Name"), max_length=120)
    credit_code = forms.CharField(
        label=gettext_lazy("Unified social credit code"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("18 characters, as on the licence."),
    )
    category = forms.ChoiceField(label=gettext_lazy("Category"), choices=CATEGORIES)
    industry = forms.ChoiceField(label=gettext_lazy("Industry"), choices=Industry.choices)
    area = AreaChoice(label=gettext_lazy("Area"), queryset=None)
    territory = OrganisationField(
        label=gettext_lazy("Responsible union body"),
        help_text=gettext_lazy("In whose ground it lies: the federation of the town, street or zone."),
    )
    address = forms.CharField(label=gettext_lazy("Address"), max_length=200, required=False)
    headcount = _heads(gettext_lazy("Staff"))
    women = _heads(gettext_lazy("Of them women"))
    migrants = _heads(gettext_lazy("Of them migrant workers"))
    dispatched = _heads(gettext_lazy("Of them dispatched workers"))
    counted_on = day_field(gettext_lazy("Staff counted on"), required=False)
    opened_on = day_field(gettext_lazy("Opened on"), required=False)

    def __init__(self, *args: Any, employer: Employer | None = None, **kwargs: Any) -> None:
        self.employer = employer
        known = {name: getattr(employer, name) for name in self.base_fields} if employer else {}
        super().__init__(*args, initial=known, **kwargs)

    def prepare(self) -> None:
        ground = employers.territories(self.actor, self.employer)
        self.fields["area"].queryset = areas()
        self.fields["territory"].rows = ground
        first = list(ground[:2])
        if len(first) == 1:
            self.fields["territory"].initial = first[0]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        return {name: 0 if name in HEADS and value is None else value for name, value in data.items()}


HEADS = frozenset({"headcount", "women", "migrants", "dispatched"})


class CloseForm(ActorForm):
    """When and why an employer ceased."""

    on = day_field(gettext_lazy("Closed on"))
    reason = reason_field(required=True)


class AreaForm(ActorForm):
    """A place of the map."""

    code = forms.CharField(label=gettext_lazy("Code"), max_length=12, help_text=gettext_lazy("Official area code."))
    name = forms.CharField(label=pgettext_lazy("organisation", "Name"), max_length=60)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=AreaKind.choices)
    parent: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=gettext_lazy("Part of"), queryset=None, required=False, empty_label=gettext_lazy("nothing")
    )
    jurisdiction = forms.ChoiceField(
        label=gettext_lazy("Rules of"), help_text=gettext_lazy("Whose local rules hold here besides the national ones.")
    )

    def __init__(self, *args: Any, area: Area | None = None, **kwargs: Any) -> None:
        self.area = area
        known = {name: getattr(area, name) for name in self.base_fields} if area else {}
        super().__init__(*args, initial=known, **kwargs)

    def prepare(self) -> None:
        self.fields["parent"].queryset = areas().exclude(pk=self.area.pk) if self.area else areas()
        self.fields["jurisdiction"].choices = [
            (place.key, str(place.name)) for place in official().jurisdictions.values()
        ]

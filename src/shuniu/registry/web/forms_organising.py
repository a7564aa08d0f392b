"""Forms of organising as a whole: territories, periods, gaps."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from shuniu.kernel.scope import Actor
from shuniu.kernel.text import normal
from shuniu.kernel.web.doing import DAY, day_field, offer
from shuniu.kernel.web.lists import FilterForm
from shuniu.registry.enums import AreaKind, EmployerCategory, Industry
from shuniu.registry.models import Area, Post
from shuniu.registry.queries import organising
from shuniu.registry.web.forms_leads import SEARCH, Organisers, named, searchable


class PeriodForm(forms.Form):
    """From one day to another, both included, and perhaps in one area only."""

    first = forms.DateField(label=_("Opened from"), widget=DAY)
    last = forms.DateField(label=_("Opened until"), widget=DAY)
    area = forms.ModelChoiceField(label=_("Area"), queryset=Area.objects.none(), required=False, empty_label=_("All"))

    def __init__(self, data: Mapping[str, Any], *, actor: Actor, today: date) -> None:
        year = {"first": date(today.year, 1, 1).isoformat(), "last": today.isoformat()}
        given = {key: data[key] for key in ("first", "last", "area") if data.get(key)}
        super().__init__({**year, **given}, auto_id="filter-%s", label_suffix="")
        areas = organising.areas_within(actor.reach("lead.view"))
        offer(self, "area", Area.objects.filter(pk__in=[area.pk for area in areas]))
        self.year = date(today.year, 1, 1), today

    def period(self) -> tuple[date, date, Area | None]:
        """What was asked for, where it makes sense; else this year."""
        if not self.is_valid():
            return *self.year, None
        first, last = self.cleaned_data["first"], self.cleaned_data["last"]
        return (first, last, self.cleaned_data["area"])

    def clean(self) -> None:
        first, last = self.cleaned_data.get("first"), self.cleaned_data.get("last")
        if first and last and last < first:
            raise forms.ValidationError(_("The period ends before it begins."))


class MonthForm(forms.Form):
    month = forms.CharField(
        label=_("Month"), required=False, max_length=7, widget=forms.TextInput(attrs={"type": "month"})
    )

    def __init__(self, data: Mapping[str, Any], *, today: date) -> None:
        self.today = today
        month = data.get("month") or f"{today:%Y-%m}"
        super().__init__({"month": month}, auto_id="filter-%s", label_suffix="")

    def clean_month(self) -> date:
        try:
            return date.fromisoformat(f"{self.cleaned_data['month']}-01")
        except ValueError as error:
            raise forms.ValidationError(_("Write the month like 2026-03.")) from error

    def first(self) -> date:
        """The first day of the month asked for; of this month where none makes sense."""
        return self.cleaned_data["month"] if self.is_valid() else self.today.replace(day=1)


class GapFilter(FilterForm):
    q = forms.CharField(label=_("Employer"), max_length=80, widget=SEARCH)
    area = forms.ModelChoiceField(label=_("Area"), queryset=Area.objects.none(), empty_label=_("All"))
    category = forms.ChoiceField(label=_("Category"), choices=[("", _("All")), *EmployerCategory.choices])
    industry = forms.ChoiceField(label=_("Industry"), choices=[("", _("All")), *Industry.choices])

    def prepare(self) -> None:
        within = organising.areas_within(self.actor.reach("lead.view"))
        offer(self, "area", Area.objects.filter(pk__in=[area.pk for area in within]))

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        values = dict(self.values)
        if q := normal(values.pop("q", "")):
            rows = rows.filter(named(q))
        return rows.filter(**values)


class TerritoryForm(forms.Form):
    """An organiser gets an area."""

    def __init__(self, data: Mapping[str, Any] | None, *, actor: Actor, today: date, area: str = "") -> None:
        super().__init__(data, label_suffix="")
        within = organising.areas_within(actor.reach("lead.approve"))
        places = [one.pk for one in within if one.kind != AreaKind.DISTRICT]
        self.fields["area"] = forms.ModelChoiceField(
            label=_("Area"), queryset=Area.objects.filter(pk__in=places), empty_label=None, initial=area or None
        )
        posts: QuerySet[Post] = organising.organisers(today, actor)
        self.fields["post"] = Organisers(label=_("Organiser"), queryset=posts, widget=searchable())
        self.fields["on"] = day_field(_("From"), today)


class EndForm(forms.Form):
    def __init__(self, data: Mapping[str, Any] | None, *, today: date) -> None:
        super().__init__(data, label_suffix="")
        self.fields["on"] = day_field(_("Until"), today, help_text=_("The first day on which it no longer holds."))

"""What the directory is narrowed by."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuniu.hub.enums import ProviderKind, ServiceKind
from shuniu.kernel.web.lists import FilterForm

SEARCH = forms.TextInput(attrs={"type": "search"})


class ServiceFilter(FilterForm):
    q = forms.CharField(label=_("Service or union"), max_length=80, widget=SEARCH)
    kind = forms.ChoiceField(
        label=pgettext_lazy("service line", "Kind"), choices=[("", _("All kinds")), *ServiceKind.choices]
    )

    def narrow(self, rows: Any) -> Any:
        if q := self.values.get("q"):
            rows = rows.filter(Q(name__icontains=q) | Q(organisation__name__icontains=q))
        return rows.filter(kind=self.values["kind"]) if "kind" in self.values else rows


class ProviderFilter(FilterForm):
    q = forms.CharField(label=_("Provider"), max_length=80, widget=SEARCH)
    kind = forms.ChoiceField(
        label=pgettext_lazy("provider", "Kind"), choices=[("", _("All kinds")), *ProviderKind.choices]
    )

    def narrow(self, rows: Any) -> Any:
        if q := self.values.get("q"):
            rows = rows.filter(name__icontains=q)
        return rows.filter(kind=self.values["kind"]) if "kind" in self.values else rows

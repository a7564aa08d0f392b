"""What the first page of the registry is asked for."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from shuniu.kernel.scope import Actor
from shuniu.kernel.web.doing import DAY
from shuniu.kernel.web.fields import NamedWidget
from shuniu.registry.fields import OrganisationField
from shuniu.registry.models import Organisation
from shuniu.registry.queries import organisations


class OverviewForm(forms.Form):
    """Which body, on which day, compared with which day. What makes no sense is passed over."""

    fields: dict[str, Any]

    org = OrganisationField(
        label=gettext_lazy("Union body"),
        required=False,
        widget=NamedWidget(OrganisationField.suggest_url, kind="search"),
    )
    on = forms.DateField(label=gettext_lazy("As of"), required=False, widget=DAY)
    since = forms.DateField(label=gettext_lazy("Compared with"), required=False, widget=DAY)

    def __init__(self, data: QueryDict | None, *, actor: Actor, top: Organisation, **kwargs: Any) -> None:
        super().__init__(data, auto_id="filter-%s", label_suffix="", **kwargs)
        self.actor, self.top = actor, top
        self.fields["org"].rows = organisations.seen(actor)

    @property
    def organisation(self) -> Organisation:
        """The body asked for, else the highest one in sight."""
        self.is_valid()
        return self.cleaned_data.get("org") or self.top

    def shown(self, organisation: Organisation, day: date, since: date) -> OverviewForm:
        """The form as the page shows it: with what was answered, and with the error of a body that is not there."""
        if self.errors.get("org"):
            return self
        initial = {"org": organisation, "on": day, "since": since}
        return OverviewForm(None, actor=self.actor, top=self.top, initial=initial)

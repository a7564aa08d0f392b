"""Forms of duty rosters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuniu.desk.models import ServiceLine, TeamMember
from shuniu.hub.public import Professional
from shuniu.kernel.web.doing import day_field

SLOT_CHOICES = [(minutes, str(minutes)) for minutes in (15, 20, 30, 45, 60)]


class People(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """Professionals, by name and firm."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name}（{obj.provider.name}）"


class OnePerson(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """A professional, by name and firm."""

    widget = forms.Select(attrs={"data-search": ""})

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name}（{obj.provider.name}）"


class LineForm(forms.Form):
    """Which line a roster or a plan is for."""

    line = forms.ModelChoiceField(
        label=_("Service line"), queryset=ServiceLine.everything.none(), empty_label=_("Please choose")
    )

    def __init__(self, data: Mapping[str, Any] | None, *, lines: QuerySet[ServiceLine]) -> None:
        super().__init__(data, label_suffix="")
        self.fields["line"].queryset = lines  # type: ignore[attr-defined]


class RosterForm(forms.Form):
    """What a roster is made from."""

    whole_days = forms.TypedChoiceField(
        label=_("A duty takes"),
        choices=[("yes", pgettext_lazy("duty", "Whole day")), ("no", _("Half a day"))],
        coerce=lambda value: value == "yes",
    )
    seats = forms.IntegerField(label=_("People at a time"), min_value=1, max_value=9, initial=1)
    slot_minutes = forms.TypedChoiceField(
        label=_("Minutes of an appointment"), choices=SLOT_CHOICES, initial=30, coerce=int
    )
    place = forms.CharField(label=pgettext_lazy("duty", "Place"), max_length=120, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    team = People(label=_("People who take turns"), queryset=Professional.everything.none())
    field_order = ("starts_on", "last_day")

    def __init__(
        self, data: Mapping[str, Any] | None, *, people: QuerySet[Professional], first: date, last: date
    ) -> None:
        super().__init__(data, label_suffix="")
        self.fields["starts_on"] = day_field(_("From"), first)
        self.fields["last_day"] = day_field(_("Last day"), last)
        self.fields["team"].queryset = people  # type: ignore[attr-defined]
        self.fields["team"].initial = [one.pk for one in people]
        self.order_fields(self.field_order)

    def clean_last_day(self) -> date:
        """The roster's period ends the day after."""
        last: date = self.cleaned_data["last_day"]
        if last >= date(9999, 12, 30):
            raise forms.ValidationError(_("Choose an earlier day."))
        return last

    @property
    def ends_on(self) -> date:
        return self.cleaned_data["last_day"] + timedelta(days=1)  # type: ignore[no-any-return]


class SettleForm(forms.Form):
    """Who is on duty on one seat, and who stands in."""

    professional = OnePerson(label=_("On duty"), queryset=Professional.everything.none(), empty_label=None)
    substitute = OnePerson(
        label=_("Substitute"), queryset=Professional.everything.none(), required=False, empty_label=_("Nobody")
    )
    despite = forms.CharField(
        label=_("Reason for an exception"),
        max_length=200,
        required=False,
        help_text=_("Only where it goes against fairness or the rest of a firm. It is kept in the trail."),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        people: QuerySet[Professional],
        professional: int | None,
        substitute: int | None,
    ) -> None:
        super().__init__(data, label_suffix="")
        for name, chosen in (("professional", professional), ("substitute", substitute)):
            self.fields[name].queryset = people  # type: ignore[attr-defined]
            self.fields[name].initial = chosen


class WishesForm(forms.Form):
    """When somebody would rather not be on duty."""

    avoids = forms.TypedMultipleChoiceField(
        label=_("Rather not on these weekdays"),
        choices=[(number, WEEKDAYS[number]) for number in range(7)],
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    avoids_days = forms.CharField(
        label=_("Rather not on these days"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One day a line, such as 2026-11-25."),
    )

    def __init__(self, data: Mapping[str, Any] | None, *, member: TeamMember) -> None:
        initial = {"avoids": member.avoids, "avoids_days": "\n".join(member.avoids_days)}
        super().__init__(data, initial=initial, label_suffix="")

    def clean_avoids_days(self) -> list[date]:
        """Days, one a line."""
        return list(_days(self.cleaned_data["avoids_days"].split()))


class OfferForm(forms.Form):
    """Why a duty is offered."""

    reason = forms.CharField(
        label=_("Reason"), max_length=200, required=False, help_text=_("The others of the roster read it.")
    )

    def __init__(self, data: Mapping[str, Any] | None) -> None:
        super().__init__(data, label_suffix="")


class TakeForm(forms.Form):
    """A duty of one's own to give in return."""

    in_return = forms.ChoiceField(label=_("Give in return"), required=False)

    def __init__(self, data: Mapping[str, Any] | None, *, own: list[tuple[int, str]]) -> None:
        super().__init__(data, label_suffix="")
        self.fields["in_return"].choices = [("", _("Nothing, I take it over")), *own]  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """The reason of a refusal."""

    answer = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, data: Mapping[str, Any] | None) -> None:
        super().__init__(data, label_suffix="")


def _days(words: Iterable[str]) -> Iterable[date]:
    for word in words:
        try:
            yield date.fromisoformat(word.strip(",;，；、"))
        except ValueError as error:
            message = _("“%(text)s” is no day. Write for example 2026-11-25.")
            raise forms.ValidationError(message, params={"text": word[:20]}) from error

"""Forms of bookings, working plans and counselling."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuniu.desk.enums import CrisisLevel, Meeting, Theme
from shuniu.desk.models import WorkPlan
from shuniu.desk.rules.slots import WEEK_A, WEEK_B
from shuniu.desk.web.forms_rosters import OnePerson
from shuniu.hub.public import Professional
from shuniu.kernel.period import FOREVER
from shuniu.kernel.web.doing import day_field
from shuniu.kernel.web.lists import FilterForm
from shuniu.registry.public import Person, PersonField


def long_field(label: Any, *, required: bool = True, help_text: Any = "", most: int = 2000) -> forms.CharField:
    box = forms.Textarea(attrs={"rows": 4})
    return forms.CharField(label=label, required=required, help_text=help_text, max_length=most, widget=box)


class ConfirmForm(forms.Form):
    """What is said when a booking is confirmed. For counselling the theme, for a clerk whom it is for."""

    topic = long_field(_("What it is about"), required=False, most=500)
    phone = forms.CharField(
        label=_("Telephone"), max_length=30, required=False, help_text=_("For a call if something changes.")
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        counselling: bool,
        people: QuerySet[Person] | None = None,
    ) -> None:
        super().__init__(data, label_suffix="")
        if counselling:
            self.fields["theme"] = forms.ChoiceField(
                label=_("Theme"), choices=Theme.choices, help_text=_("Only the counsellor sees it with your name.")
            )
            self.fields["topic"].help_text = _("You need not write anything. Only the counsellor reads it.")
        if people is not None:
            self._for_others(people)

    def _for_others(self, people: QuerySet[Person]) -> None:
        person = PersonField(label=_("Member"), required=False)
        person.rows = people
        self.fields["person"] = person
        self.fields["name"] = forms.CharField(
            label=_("Name or code"), max_length=50, required=False, help_text=_("For somebody who is no member here.")
        )
        if "theme" in self.fields:
            self.fields["theme"].required = False
        self.order_fields(("person", "name", "phone", "theme", "topic"))


class ReasonForm(forms.Form):
    """A reason."""

    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, data: Mapping[str, Any] | None, *, required: bool = True) -> None:
        super().__init__(data, label_suffix="")
        self.fields["reason"].required = required


class SeriesForm(forms.Form):
    """How many more sessions, and how far apart."""

    times = forms.IntegerField(label=_("Further sessions"), min_value=1, max_value=11, initial=3)
    weeks = forms.TypedChoiceField(
        label=_("Every"), choices=[(1, _("week")), (2, _("second week"))], coerce=int, initial=1
    )

    def __init__(self, data: Mapping[str, Any] | None) -> None:
        super().__init__(data, label_suffix="")


class WaitForm(forms.Form):
    """Between which days somebody waits for a place."""

    def __init__(self, data: Mapping[str, Any] | None, *, first: date, last: date) -> None:
        super().__init__(data, label_suffix="")
        self.fields["from_day"] = day_field(_("From"), first)
        self.fields["to_day"] = day_field(_("Until"), last)


class NoteForm(forms.Form):
    """The note of a session."""

    text = long_field(_("Note"), most=8000)

    def __init__(self, data: Mapping[str, Any] | None, *, text: str = "") -> None:
        super().__init__(data, initial={"text": text}, label_suffix="")


class CrisisForm(forms.Form):
    """A crisis as it is reported."""

    level = forms.ChoiceField(label=pgettext_lazy("crisis", "Level"), choices=CrisisLevel.choices)
    whom = forms.CharField(
        label=_("Who it is about"), max_length=100, required=False, help_text=_("Kept sealed; a code will do.")
    )
    what = long_field(_("What you saw and heard"), most=4000)

    def __init__(self, data: Mapping[str, Any] | None) -> None:
        super().__init__(data, label_suffix="")


class StepForm(forms.Form):
    """What was done."""

    note = long_field(pgettext_lazy("crisis", "What was done"), most=2000)

    def __init__(self, data: Mapping[str, Any] | None) -> None:
        super().__init__(data, label_suffix="")


class MoreForm(forms.Form):
    """More sessions than the rule says."""

    more = forms.IntegerField(label=_("More sessions"), min_value=1, max_value=12, initial=2)

    def __init__(self, data: Mapping[str, Any] | None) -> None:
        super().__init__(data, label_suffix="")


class PlanForm(forms.Form):
    """When somebody receives people: weekday by weekday, in week B where it differs."""

    professional = OnePerson(label=_("Professional"), queryset=Professional.everything.none(), empty_label=None)
    minutes = forms.IntegerField(label=_("Minutes of an appointment"), min_value=5, max_value=240)
    buffer = forms.IntegerField(label=_("Minutes between two"), min_value=0, max_value=120, initial=0)
    capacity = forms.IntegerField(label=_("People at a time"), min_value=1, max_value=50, initial=1)
    meeting = forms.ChoiceField(label=_("Way of meeting"), choices=Meeting.choices)
    place = forms.CharField(label=_("Place, number or link"), max_length=200, required=False)
    approach = forms.CharField(label=_("Approach"), max_length=60, required=False)
    sex = forms.ChoiceField(
        label=_("Sex"), required=False, choices=[("", _("Not said")), ("F", _("Female")), ("M", _("Male"))]
    )
    for_emergencies = forms.BooleanField(label=_("For emergencies of the same day only"), required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        people: QuerySet[Professional],
        today: date,
        minutes: int,
        plan: WorkPlan | None = None,
    ) -> None:
        super().__init__(data, initial=_of_plan(plan) if plan else {"minutes": minutes}, label_suffix="")
        self.fields["professional"].queryset = people  # type: ignore[attr-defined]
        self.fields["professional"].disabled = plan is not None
        start = day_field(_("From"), plan.starts_on if plan else today)
        start.disabled = plan is not None
        self.fields["starts_on"] = start
        self.fields["ends_on"] = day_field(_("First day without it"), required=False)
        for week, weekday in _cells():
            name = WEEKDAYS[weekday]
            label = name if week == WEEK_A else _("Week B: %(weekday)s") % {"weekday": name}
            self.fields[f"{week}{weekday}"] = forms.CharField(label=label, max_length=100, required=False)
        self.fields["a0"].help_text = _(
            "For example 9:00-12:00, 13:30-17:00. Week A, or every week if week B stays empty."
        )
        self.order_fields(("professional", "starts_on", "ends_on", *(f"{week}{day}" for week, day in _cells())))

    @property
    def hours(self) -> dict[str, dict[int, str]]:
        """Hours by week and weekday; without week B where nothing is written there."""
        found: dict[str, dict[int, str]] = {}
        for week, weekday in _cells():
            if text := self.cleaned_data[f"{week}{weekday}"].strip():
                found.setdefault(week, {})[weekday] = text
        return found


class ExceptionForm(forms.Form):
    """A day on which a plan differs."""

    is_open = forms.TypedChoiceField(
        label=_("That day"),
        choices=[("no", pgettext_lazy("day", "Closed")), ("yes", pgettext_lazy("day", "Open"))],
        coerce=lambda value: value == "yes",
    )
    hours = forms.CharField(label=_("Hours"), max_length=60, required=False, help_text=_("Empty: the whole day."))
    reason = forms.CharField(label=_("Reason"), max_length=100, required=False)

    def __init__(self, data: Mapping[str, Any] | None, *, today: date) -> None:
        super().__init__(data, label_suffix="")
        self.fields["day"] = day_field(pgettext_lazy("duty", "Day"), today)
        self.order_fields(("day",))


class BookingFilter(FilterForm):
    """Narrows the clerk's list."""

    state = forms.ChoiceField(
        label=pgettext_lazy("booking", "State"), choices=[("", _("All")), ("ahead", _("Still ahead"))]
    )
    from_day = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    to_day = forms.DateField(label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Bookings by day, and those that are ahead."""
        if "from_day" in self.values:
            rows = rows.filter(starts_at__date__gte=self.values["from_day"])
        if "to_day" in self.values:
            rows = rows.filter(starts_at__date__lte=self.values["to_day"])
        if self.values.get("state") == "ahead":
            rows = rows.filter(starts_at__date__gte=self.today, state="confirmed")
        return rows


def _cells() -> list[tuple[str, int]]:
    return [(week, weekday) for week in (WEEK_A, WEEK_B) for weekday in range(7)]


def _of_plan(plan: WorkPlan) -> dict[str, Any]:
    fields = ("minutes", "buffer", "capacity", "meeting", "place", "approach", "sex", "for_emergencies")
    initial: dict[str, Any] = {name: getattr(plan, name) for name in fields}
    initial |= {"professional": plan.professional_id, "ends_on": plan.ends_on if plan.ends_on < FOREVER else None}
    return initial | {f"{week}{weekday}": plan.hours.get(week, {}).get(str(weekday), "") for week, weekday in _cells()}

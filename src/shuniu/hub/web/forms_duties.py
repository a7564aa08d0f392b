"""Forms of duties: the list's filters, the text of a duty, and what is asked before somebody decides."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from shuniu.hub.enums import DeliveryMode, DutyClass
from shuniu.hub.models import Duty
from shuniu.hub.queries import duties as queries
from shuniu.hub.rules.duties import QUESTIONS, Suggestion
from shuniu.hub.rules.reviews import months_on
from shuniu.kernel.scope import Actor
from shuniu.kernel.web.doing import day_field
from shuniu.kernel.web.lists import FilterForm

ALL = gettext_lazy("All")
SEARCH = forms.TextInput(attrs={"type": "search", "placeholder": gettext_lazy("Name or number")})


class DutyFilter(FilterForm):
    """What the list can be narrowed by."""

    fields: dict[str, Any]

    q = forms.CharField(label=gettext_lazy("Duty"), max_length=60, widget=SEARCH)
    division = forms.ChoiceField(label=gettext_lazy("Field of work"))
    kind = forms.ChoiceField(label=pgettext_lazy("duty", "Class"), choices=[("", ALL), *DutyClass.choices])
    mode = forms.ChoiceField(label=gettext_lazy("Carried out"), choices=[("", ALL), *DeliveryMode.choices])
    state = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=[
            ("", ALL),
            ("open", gettext_lazy("Not decided yet")),
            ("review", gettext_lazy("Review due or soon due")),
            ("overdue", gettext_lazy("Review overdue")),
        ],
    )

    def prepare(self) -> None:
        found = queries.divisions(self.actor)
        self.fields["division"].choices = [("", ALL), *((one, one) for one in found)]

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        values = self.values
        if q := values.get("q"):
            rows = rows.filter(Q(name__contains=q) | Q(code__startswith=q.upper()))
        rows = rows.filter(**{key: values[key] for key in ("division", "kind", "mode") if key in values})
        match values.get("state"):
            case "open":
                return rows.filter(decided_on=None)
            case "review":
                days = queries.warning_days(queries.WARNING, self.actor, "duty.view", self.today)
                return queries.to_review(rows, self.today, max(days))
            case "overdue":
                return rows.filter(review_on__lt=self.today)
            case _:
                return rows


class DutyForm(forms.Form):
    """What a duty is called and how it is described; whose it is, where the actor may choose."""

    organisation: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=gettext_lazy("Union body"), queryset=None, empty_label=None
    )
    code = forms.CharField(label=pgettext_lazy("duty", "Number"), max_length=20)
    name = forms.CharField(label=pgettext_lazy("duty", "Name"), max_length=120)
    division = forms.CharField(label=gettext_lazy("Field of work"), max_length=40)
    description = forms.CharField(
        label=gettext_lazy("Description"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, data: Mapping[str, Any] | None, *, actor: Actor, duty: Duty | None = None) -> None:
        plain = ("code", "name", "division", "description")
        super().__init__(data, initial={key: getattr(duty, key) for key in plain} if duty else None, label_suffix="")
        if duty:
            del self.fields["organisation"]
        else:
            offer_bodies(self, actor, "duty.decide")


class TakeForm(forms.Form):
    """Into whose catalogue the ready duties go."""

    organisation: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=gettext_lazy("Union body"), queryset=None, empty_label=None
    )

    def __init__(self, data: Mapping[str, Any] | None, *, actor: Actor) -> None:
        super().__init__(data, label_suffix="")
        offer_bodies(self, actor, "duty.decide")


def offer_bodies(form: forms.Form, actor: Actor, permission: str) -> None:
    """Let the form's `organisation` be one of those where the actor holds the permission; a single one is not asked."""
    field: Any = form.fields["organisation"]
    field.queryset = queries.bodies(actor, permission)
    found = list(field.queryset[:2])
    if len(found) == 1:
        field.initial, field.widget = found[0].pk, forms.HiddenInput()


class AnswersForm(forms.Form):
    """The six questions."""

    fields: dict[str, Any]

    def __init__(self, data: Mapping[str, Any] | None, *, answers: Mapping[str, str]) -> None:
        super().__init__(data, initial=dict(answers), label_suffix="")
        for number, one in enumerate(QUESTIONS, start=1):
            label = f"{number}. {one.text}"
            self.fields[one.key] = forms.ChoiceField(label=label, choices=list(one.answers), widget=forms.RadioSelect)


class DecisionForm(AnswersForm):
    """The answers, kept out of sight by now, and the decision."""

    kind = forms.ChoiceField(label=pgettext_lazy("duty", "Class"), choices=DutyClass.choices, widget=forms.RadioSelect)
    mode = forms.ChoiceField(label=gettext_lazy("Carried out"), choices=DeliveryMode.choices)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Needed where you depart from what the answers speak for."),
    )
    decided_on = day_field(gettext_lazy("Decided on"))
    review_on = day_field(gettext_lazy("To be reviewed on"))

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        answers: Mapping[str, str],
        duty: Duty,
        suggestion: Suggestion,
        today: date,
    ) -> None:
        super().__init__(data, answers=answers)
        for one in QUESTIONS:
            self.fields[one.key].widget = forms.HiddenInput()
            self.fields[one.key].required = False
            self.fields[one.key].initial = answers.get(one.key, "")
        bound = suggestion.is_binding
        self.fields["kind"].initial = suggestion.kind or duty.kind
        self.fields["mode"].initial = DeliveryMode.OWN if bound else duty.mode
        self.fields["reason"].initial = duty.reason
        self.fields["decided_on"].initial = today
        self.fields["review_on"].initial = months_on(today, 12)
        if bound:
            self._bind()

    def _bind(self) -> None:
        """Offer only what is open: what is reserved stays reserved, and is done by the union itself."""
        self.fields["kind"].choices = [(DutyClass.RESERVED.value, DutyClass.RESERVED.label)]
        self.fields["mode"].choices = [(DeliveryMode.OWN.value, DeliveryMode.OWN.label)]
        self.fields["reason"].help_text = _("What is reserved needs no other reason than that given above.")

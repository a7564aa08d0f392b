"""Forms of agreements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuniu.hub.agreement_parts import Line, Norm, Part, What
from shuniu.hub.enums import AgreementState, Cycle, DeliveryMode, Due, Measure, ServiceKind
from shuniu.hub.models import Agreement, Duty, Provider
from shuniu.hub.queries import agreements as queries
from shuniu.hub.rules.agreements import CLAUSE_TEXTS, CLAUSES, LIVE, OUTSIDE, split_plan
from shuniu.hub.web.fields import DutyField, HundredthsField, YuanField
from shuniu.kernel.scope import Actor
from shuniu.kernel.text import normal
from shuniu.kernel.web.doing import day_field, offer
from shuniu.kernel.web.lists import FilterForm

SEARCH = forms.TextInput(attrs={"type": "search", "placeholder": _("Number or title")})
ENDING = 90
MODES = [(mode, mode.label) for mode in OUTSIDE]
CLAUSE_LABELS = {
    "confidentiality": _("Confidentiality"),
    "personal_information": _("Personal information"),
    "liability": _("Breach"),
    "disputes": _("Settlement of disputes"),
}


def searchable() -> forms.Select:
    return forms.Select(attrs={"data-search": ""})


def area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class AgreementFilter(FilterForm):
    q = forms.CharField(label=_("Agreement"), max_length=80, widget=SEARCH)
    state = forms.ChoiceField(
        label=pgettext_lazy("agreement", "State"),
        choices=[("", _("All")), ("live", _("Signed or in force")), *AgreementState.choices],
    )
    ending = forms.ChoiceField(label=_("Ends"), choices=[("", _("At any time")), (str(ENDING), _("Within 90 days"))])
    provider = forms.ModelChoiceField(
        label=_("Provider"), queryset=Provider.everything.none(), empty_label=_("All"), widget=searchable()
    )
    duty = forms.ModelChoiceField(
        label=_("Duty"), queryset=Duty.everything.none(), empty_label=_("All"), widget=searchable()
    )

    def prepare(self) -> None:
        seen = queries.agreements(self.actor)
        offer(self, "provider", queries.providers_in(seen))
        offer(self, "duty", queries.duties_in(seen))

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        values = dict(self.values)
        if q := normal(values.pop("q", "")):
            rows = rows.filter(Q(number__icontains=q) | Q(title__contains=q))
        if state := values.pop("state", ""):
            rows = rows.filter(state__in=LIVE) if state == "live" else rows.filter(state=state)
        if values.pop("ending", ""):
            rows = rows.filter(state__in=LIVE, ends_on__lte=self.today + timedelta(days=ENDING))
        return rows.filter(**values)


class AgreementForm(forms.Form):
    """What an agreement is about. The last day is included; the form keeps the first day without it."""

    title = forms.CharField(label=_("Title"), max_length=120)
    duty = DutyField(help_text=_("Duties of which it was decided that they are given to somebody outside."))
    provider = forms.ModelChoiceField(
        label=_("Provider"), queryset=Provider.everything.none(), empty_label=_("Please choose"), widget=searchable(),
        help_text=_("Active providers of the register."),
    )  # fmt: skip
    mode = forms.ChoiceField(label=_("Carried out"), choices=MODES)
    kinds = forms.MultipleChoiceField(
        label=_("Services covered"), choices=ServiceKind.choices, widget=forms.CheckboxSelectMultiple
    )
    cycle = forms.ChoiceField(label=_("Scored"), choices=Cycle.choices, initial=Cycle.QUARTER)
    bond = YuanField(label=_("Performance bond (yuan)"), required=False)
    reason = forms.CharField(
        label=_("Why without a tender, or for longer than usual"), max_length=300, required=False, widget=area(2)
    )

    def __init__(self, data: Mapping[str, Any] | None, *, actor: Actor, today: date, row: Agreement | None) -> None:
        super().__init__(data, label_suffix="", initial=_initial(row, today))
        offer(self, "duty", queries.duties_to_give(actor))
        offer(self, "provider", queries.providers_to_bind(actor))
        days = {"starts_on": day_field(_("First day")), "last_day": day_field(_("Last day"))}
        clauses = {
            name: forms.CharField(label=CLAUSE_LABELS[name], max_length=2000, widget=area(), initial=CLAUSE_TEXTS[name])
            for name in CLAUSES
        }
        order = ["title", "duty", "provider", "mode", "kinds", "starts_on", "last_day", "cycle", "bond", "reason"]
        self.fields |= {**days, **clauses}
        self.order_fields([*order, *CLAUSES])

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        first, last = found.get("starts_on"), found.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _now("The last day lies before the first."))
        return found

    def what(self) -> What:
        """The valid form as the action takes it."""
        values = dict(self.cleaned_data)
        last = values.pop("last_day")
        values |= {
            "mode": DeliveryMode(values["mode"]),
            "kinds": [ServiceKind(kind) for kind in values["kinds"]],
            "cycle": Cycle(values["cycle"]),
            "ends_on": last + timedelta(days=1),
        }
        return What(**values)


def _initial(row: Agreement | None, today: date) -> dict[str, Any]:
    if row is None:
        first = date(today.year + 1, 1, 1)
        return {"starts_on": first, "last_day": date(first.year, 12, 31)}
    names = ("title", "duty", "provider", "mode", "kinds", "cycle", "bond", "reason", "starts_on", *CLAUSES)
    return {name: getattr(row, name) for name in names} | {"last_day": row.ends_on - timedelta(days=1)}


class RowForm(forms.Form):
    """A row of a table of boxes. An empty row counts for nothing; one that is begun must be whole."""

    needed: tuple[str, ...] = ()
    chosen: tuple[str, ...] = ()
    """Boxes that always hold a choice, and so say nothing about whether the row is given."""
    use_required_attribute = False

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if self.is_given:
            for name in self.needed:
                if name not in self.errors and found.get(name) in forms.Field.empty_values:
                    self.add_error(name, _now("Please fill this in."))
        return found

    @property
    def is_given(self) -> bool:
        """Whether something was typed that makes it a row."""
        return any(self.data.get(self.add_prefix(name)) for name in self.needed if name not in self.chosen)


class LineForm(RowForm):
    needed = ("name", "unit", "quantity", "price")

    name = forms.CharField(label=_("Service"), max_length=120, required=False)
    unit = forms.CharField(label=pgettext_lazy("agreement line", "Unit"), max_length=20, required=False)
    quantity = forms.IntegerField(label=_("Quantity"), min_value=1, max_value=1_000_000, required=False)
    price = YuanField(label=_("Price (yuan)"), required=False)

    def row(self) -> Line:
        return Line(**self.cleaned_data)


class PartForm(RowForm):
    needed = ("name", "amount", "expected_on", "due")
    chosen = ("due",)

    name = forms.CharField(label=_("Payment"), max_length=60, required=False)
    due = forms.ChoiceField(label=_("Paid after"), choices=Due.choices, required=False)
    amount = YuanField(label=_("Amount (yuan)"), required=False)
    expected_on = day_field(_("Planned for"), required=False)

    def row(self) -> Part:
        values = self.cleaned_data
        return Part(values["name"], Due(values["due"]), values["amount"], values["expected_on"])


class NormForm(RowForm):
    needed = ("name", "requirement", "points", "measure")
    chosen = ("measure",)

    name = forms.CharField(label=_("Item"), max_length=60, required=False)
    requirement = forms.CharField(label=_("Work standard"), max_length=300, required=False, widget=area(2))
    measure = forms.ChoiceField(label=_("Assessed by"), choices=Measure.choices, required=False)
    points = HundredthsField(label=_("Points"), required=False, max_value=100)
    target = HundredthsField(label=_("Target"), required=False)
    step = HundredthsField(label=_("For each"), required=False)
    deduct = HundredthsField(label=_("Points off"), required=False, max_value=100)

    def row(self) -> Norm:
        values = self.cleaned_data
        return Norm(**values | {"measure": Measure(values["measure"]), "step": values["step"] or 100})


class Rows:
    """A table of forms: those given before, and some empty ones."""

    spare = 4
    most = 40

    def __init__(self, kind: type[RowForm], data: Any, rows: Sequence[Mapping[str, Any]]) -> None:
        count = self._count(data, len(rows))
        starts: list[dict[str, Any]] = [*map(dict, rows), *[{} for _place in range(count - len(rows))]]
        self.forms = [
            kind(data, prefix=str(place), initial=start, label_suffix="") for place, start in enumerate(starts)
        ]
        self.count = count

    def _count(self, data: Any, given: int) -> int:
        if data is None:
            return min(given + self.spare, self.most)
        text = str(data.get("rows", ""))
        return min(int(text), self.most) if text.isascii() and text.isdigit() and len(text) < 4 else given

    def __iter__(self) -> Iterator[RowForm]:
        return iter(self.forms)

    @property
    def heads(self) -> list[Any]:
        return [one.label for one in self.forms[0].fields.values()] if self.forms else []

    def is_valid(self) -> bool:
        return sum(one.is_valid() for one in self.forms) == len(self.forms)  # each says what is wrong with it

    def rows(self) -> list[Any]:
        """The rows that were given; once all are valid."""
        return [one.row() for one in self.forms if one.is_given]  # type: ignore[attr-defined]  # each kind has one


def plan_of_thirds(row: Agreement) -> list[dict[str, Any]]:
    """A usual plan to start from: on signing, at half time, at acceptance."""
    half = row.starts_on + (row.ends_on - row.starts_on) / 2
    names = (_now("First payment on signing"), _now("Payment at half time"), _now("Last payment after acceptance"))
    days = (row.starts_on, half, row.ends_on)
    amounts = split_plan(row.amount, (40, 40, 20))
    dues = (Due.SIGNING, Due.PERIOD, Due.ACCEPTANCE)
    return [
        {"name": name, "due": due, "amount": amount, "expected_on": day}
        for name, due, amount, day in zip(names, dues, amounts, days, strict=True)
    ]


class StepForm(forms.Form):
    """A day and, for some steps, the reason."""

    def __init__(self, data: Mapping[str, Any] | None, *, today: date, reason: bool) -> None:
        super().__init__(data, label_suffix="")
        self.fields["on"] = day_field(_("On"), today)
        if reason:
            self.fields["reason"] = forms.CharField(label=_("Reason"), max_length=300, widget=area())


class ReasonForm(forms.Form):
    """One box for a text that says why, or what."""

    def __init__(self, data: Any, label: Any, *, files: Any = None, required: bool = True, longest: int = 300) -> None:
        super().__init__(data, files, label_suffix="")
        self.fields["text"] = forms.CharField(label=label, max_length=longest, required=required, widget=area(4))


class AmendForm(forms.Form):
    content = forms.CharField(label=_("What changes"), max_length=300, widget=area())
    amount = YuanField(label=_("Added amount (yuan)"), required=False)
    last_day = day_field(_("New last day"), required=False, help_text=_("Empty: the term stays."))

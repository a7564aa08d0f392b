"""Forms about cases."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuniu.desk.enums import Asks, Channel
from shuniu.desk.filing import LONGEST_TEXT
from shuniu.desk.handlers import Handler, handlers_of
from shuniu.desk.lineage import setup_of, setup_of_line
from shuniu.desk.models import Case, ServiceLine
from shuniu.desk.queries import cases as queries
from shuniu.desk.rules.graph import CaseMove
from shuniu.desk.web.intake import IntakeForm
from shuniu.desk.web.panels import fields_of
from shuniu.kernel.scope import Actor
from shuniu.kernel.web.doing import DAY, offer
from shuniu.kernel.web.lists import FilterForm
from shuniu.registry.public import PersonField

SEARCH = forms.TextInput(attrs={"type": "search", "placeholder": _("Words of the subject, or the number")})
PHASES = [
    ("open", pgettext_lazy("cases", "Open")),
    ("unassigned", pgettext_lazy("cases", "In nobody's hands")),
    ("overdue", pgettext_lazy("cases", "Overdue")),
    ("closed", pgettext_lazy("cases", "Closed")),
]


class CaseFilter(FilterForm):
    """Filters of the lists of cases. The states of a line are offered once it is chosen."""

    q = forms.CharField(label=_("Subject or number"), max_length=80, widget=SEARCH)
    line = forms.ModelChoiceField(
        label=pgettext_lazy("case", "Service"), queryset=ServiceLine.everything.none(), empty_label=_("All")
    )
    state = forms.ChoiceField(label=_("State"), choices=[])
    opened_from = forms.DateField(label=_("Received from"), widget=DAY)
    opened_to = forms.DateField(label=_("Received until"), widget=DAY)

    def prepare(self) -> None:
        offer(self, "line", queries.lines(self.actor))
        self.fields["state"].choices = [("", _("All")), *PHASES, *self._states()]  # type: ignore[attr-defined]

    def _states(self) -> list[tuple[str, str]]:
        chosen = self.data.get("line", "") if self.is_bound else ""
        if not chosen.isdecimal() or len(chosen) > 18:
            return []
        line = queries.lines(self.actor).filter(pk=chosen).first()
        if line is None or line.current is None:
            return []
        return [(f"is-{stage.key}", str(stage.label)) for stage in setup_of(line.current).states]

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        values = self.values
        if "line" in values:
            rows = rows.filter(line=values["line"])
        if "opened_from" in values:
            rows = rows.filter(opened_at__date__gte=values["opened_from"])
        if "opened_to" in values:
            rows = rows.filter(opened_at__date__lte=values["opened_to"])
        rows = self._phase(rows, values.get("state", ""))
        return queries.with_words(rows, values["q"]) if "q" in values else rows

    def _phase(self, rows: QuerySet[Any], state: str) -> QuerySet[Any]:
        match state:
            case "":
                return rows
            case "open":
                return rows.filter(closed_at=None)
            case "unassigned":
                return rows.filter(closed_at=None, handler=None)
            case "overdue":
                return queries.overdue(rows, timezone.now())
            case "closed":
                return rows.filter(closed_at__isnull=False)
            case _:
                return rows.filter(state=state.removeprefix("is-"))


class EnterForm(IntakeForm):
    """The intake form as a clerk fills it in for somebody on the phone or at the counter."""

    channel = forms.ChoiceField(
        label=_("Came in by"),
        choices=[(channel.value, channel.label) for channel in (Channel.PHONE, Channel.VISIT)],
        widget=forms.RadioSelect,
        initial=Channel.PHONE.value,
    )
    filer = PersonField(
        label=_("Member"), required=False, help_text=_("Name, or the mobile or identity number in full.")
    )
    contact_name = forms.CharField(
        label=_("Name"), max_length=50, required=False, help_text=_("If not in the registry.")
    )
    contact_phone = forms.CharField(label=_("Telephone"), max_length=30, required=False)
    field_order = ("channel", "filer", "contact_name", "contact_phone", "title")

    def __init__(self, data: Mapping[str, Any] | None, line: ServiceLine, actor: Actor, **options: Any) -> None:
        super().__init__(data, setup_of_line(line).fields, **options)
        self.fields["filer"].rows = queries.people_to_enter(actor)  # type: ignore[attr-defined]
        self.order_fields(self.field_order)

    def given(self) -> dict[str, Any]:
        data = self.cleaned_data
        return super().given() | {
            "channel": Channel(data["channel"]),
            "filer": data["filer"],
            "contact": (data["contact_name"], data["contact_phone"]),
        }


class HandlerField(forms.ChoiceField):
    """One of those who serve a line."""

    def __init__(self, line: ServiceLine, now: datetime, **options: Any) -> None:
        self.handlers = {str(one.user_id): one for one in handlers_of(line, timezone.localtime(now).date())}
        choices = [("", _("Please choose")), *((key, one.name) for key, one in self.handlers.items())]
        super().__init__(choices=choices, widget=forms.Select(attrs={"data-search": ""}), **options)

    def clean(self, value: Any) -> Handler | None:
        return self.handlers.get(super().clean(value))


def text_field(label: Any, *, required: bool = True, rows: int = 5, **options: Any) -> forms.CharField:
    box = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=LONGEST_TEXT, required=required, widget=box, **options)


class MoveForm(forms.Form):
    """What a transition asks for, and what its effects ask for besides."""

    def __init__(
        self, data: Mapping[str, Any] | None, *, case: Case, move: CaseMove, now: datetime, text: str = ""
    ) -> None:
        super().__init__(data, label_suffix="")
        match move.asks:
            case Asks.HANDLER:
                self.fields["handler"] = HandlerField(case.line, now, label=_("Handled by"))
            case Asks.REASON:
                self.fields["text"] = text_field(_("Reason"), help_text=_("Whoever filed the case will read it."))
            case Asks.ANSWER:
                self.fields["text"] = text_field(_("Answer"), help_text=_("Whoever filed the case will read it."))
                self.fields["text"].initial = text
        self.own = fields_of(case, move.effects)
        self.fields.update(self.own)

    def given(self) -> dict[str, Any]:
        data = self.cleaned_data
        more = {key: data[key] for key in self.own}
        return {"text": data.get("text", ""), "handler": data.get("handler"), "data": more}


class AssignForm(forms.Form):
    def __init__(self, data: Mapping[str, Any] | None, *, case: Case, now: datetime) -> None:
        super().__init__(data, label_suffix="")
        self.fields["handler"] = HandlerField(case.line, now, label=_("Handled by"))


class WriteForm(forms.Form):
    """An answer, a message or a note."""

    def __init__(self, data: Mapping[str, Any] | None, *, label: Any) -> None:
        super().__init__(data, label_suffix="")
        self.fields["text"] = text_field(label, rows=4)


class MergeForm(forms.Form):
    number = forms.CharField(label=_("Number of the case that is kept"), max_length=24)


class ExtendForm(forms.Form):
    units = forms.IntegerField(label=_("By how much"), min_value=1, max_value=999)
    reason = text_field(_("Reason"), rows=3)

    def __init__(self, data: Mapping[str, Any] | None, *, clocks: list[tuple[str, str]]) -> None:
        super().__init__(data, label_suffix="")
        self.fields["clock"] = forms.ChoiceField(label=_("Limit"), choices=clocks)
        self.order_fields(("clock", "units", "reason"))


class FileForm(forms.Form):
    file = forms.FileField(label=_("File"))
    internal = forms.BooleanField(label=_("Only those who serve the case may read it"), required=False)


class ReceiptForm(forms.Form):
    receipt = forms.CharField(
        label=_("Receipt"), max_length=30, help_text=_("Sixteen digits."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip

"""Forms of tenders."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from shuniu.accounts.public import User
from shuniu.hub.actions.tenders import Criterion, Line, Plan
from shuniu.hub.enums import (
    CriterionKind,
    ServiceKind,
    TenderMethod,
    TenderState,
    TenderSubject,
    TieKind,
)
from shuniu.hub.models import Provider, Tender, TenderBid
from shuniu.hub.queries import tenders as queries
from shuniu.hub.tendering import proposed_for
from shuniu.hub.web.fields import DutyField
from shuniu.kernel.errors import ActionError
from shuniu.kernel.money import format_yuan, parse_yuan
from shuniu.kernel.period import FOREVER
from shuniu.kernel.text import normal
from shuniu.kernel.web.doing import DAY, day_field, offer
from shuniu.kernel.web.lists import FilterForm

LONG = forms.Textarea(attrs={"rows": 4})
TIME = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
HOUR = time(9, 30)
MOST_QUANTITY = 10_000_000
MOST_LINES = 30
YEARS = range(2015, 2100)
REASON_LENGTH = 300


class MoneyField(forms.CharField):
    """An amount in yuan; its value is in fen."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 20, "widget": forms.TextInput(attrs={"inputmode": "decimal"}), **options})

    def prepare_value(self, value: Any) -> Any:
        return format_yuan(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return 0
        try:
            return parse_yuan(text)
        except ActionError as error:
            raise ValidationError(str(error)) from error


REASON = _("Reason")


def reason_field(label: Any = REASON, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    box = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, max_length=REASON_LENGTH, required=required, widget=box, help_text=help_text)


def people_field(label: Any, help_text: Any = "", *, required: bool = True) -> Any:
    """Accounts, each with a box to tick."""
    return forms.ModelMultipleChoiceField(
        label=label,
        queryset=User.objects.none(),
        required=required,
        widget=forms.CheckboxSelectMultiple,
        help_text=help_text,
    )


class TenderFilter(FilterForm):
    q = forms.CharField(
        label=_("Title or number"),
        max_length=80,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    method = forms.ChoiceField(label=pgettext_lazy("tender", "Method"), choices=[("", _("All")), *TenderMethod.choices])
    state = forms.ChoiceField(label=pgettext_lazy("tender", "State"), choices=[("", _("All")), *TenderState.choices])
    year = forms.IntegerField(label=_("Fiscal year"), min_value=YEARS[0], max_value=YEARS[-1])

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        values = self.values
        if q := normal(values.get("q", "")):
            rows = rows.filter(title__contains=q) | rows.filter(number__contains=q)
        named = {"method": "method", "state": "state", "year": "fiscal_year"}
        return rows.filter(**{lookup: values[key] for key, lookup in named.items() if key in values})


class ExpertFilter(FilterForm):
    q = forms.CharField(
        label=pgettext_lazy("expert", "Name or number"),
        max_length=50,
        widget=forms.TextInput(attrs={"type": "search"}),
    )

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        q = normal(self.values.get("q", ""))
        return rows.filter(name__startswith=q) | rows.filter(number__startswith=q.upper()) if q else rows


def split_lines(text: str) -> Iterable[list[str]]:
    """The lines of a box, each cut at blanks, tabs, commas, semicolons and bars."""
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_LINES:
        raise ValidationError(gettext("There are more than {n} lines.").format(n=MOST_LINES))
    for line in lines:
        tidy = line
        for mark in ("\t", "，", ",", "|", "｜", "；", ";"):
            tidy = tidy.replace(mark, " ")
        yield tidy.split()


def number_in(word: str) -> int | None:
    """The whole number that a word is; None for any other."""
    return int(word) if word.isascii() and word.isdigit() and len(word) < 9 else None


class DraftForm(forms.Form):
    """Everything a draft says."""

    duty = DutyField()
    title = forms.CharField(label=pgettext_lazy("tender", "Title"), max_length=120)
    need = forms.CharField(label=_("Requirement"), max_length=5000, widget=LONG)
    subject = forms.ChoiceField(label=_("What is bought"), choices=TenderSubject.choices)
    fiscal_year = forms.IntegerField(label=_("Fiscal year"), min_value=YEARS[0], max_value=YEARS[-1])
    budget = MoneyField(label=_("Budget in yuan"), help_text=_("It is also the highest price that is accepted."))
    bond = MoneyField(label=_("Bid bond in yuan"), required=False)
    method = forms.ChoiceField(
        label=pgettext_lazy("tender", "Method"),
        choices=[("", _("As the rules propose for the amount")), *TenderMethod.choices],
        required=False,
    )
    method_reason = reason_field(
        _("Reason for the method"),
        required=False,
        help_text=_("Needed where the method differs from what the rules propose, with less competition."),
    )
    lines = forms.CharField(
        label=_("Items"),
        widget=LONG,
        max_length=4000,
        help_text=_("One item a line: what, unit, quantity. For example: Lawyer on duty, day, 250"),
    )
    price_points = forms.IntegerField(label=_("Points for the price, of 100"), min_value=1, max_value=100, initial=20)
    criteria = forms.CharField(
        label=_("Other criteria"),
        widget=LONG,
        max_length=6000,
        required=False,
        help_text=_("One criterion a line: name, points, how they are given. With the price they come to 100."),
    )
    small_discount = forms.IntegerField(
        label=_("Discount on the price of small firms, per cent"), min_value=0, max_value=20, initial=10
    )
    invited = forms.ModelMultipleChoiceField(
        label=_("Providers asked to bid"),
        queryset=Provider.everything.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("For invited tenders and single sources only."),
    )
    designed_by = forms.ModelChoiceField(
        label=_("Provider that designed the project"),
        queryset=Provider.everything.none(),
        required=False,
        empty_label=pgettext_lazy("provider", "None"),
        help_text=_("It and its group may not bid."),
    )
    consulted_on = day_field(_("Users asked on"), required=False)
    consulted_people = forms.IntegerField(label=_("How many were asked"), min_value=0, max_value=10**7, required=False)
    consulted_how = forms.CharField(label=_("How they were asked"), max_length=200, required=False)
    consulted_result = forms.CharField(
        label=_("What they said, and what was made of it"), max_length=3000, required=False, widget=LONG
    )

    def __init__(self, *args: Any, actor: Any, today: date, tender: Tender | None = None, **options: Any) -> None:
        initial = {"fiscal_year": today.year, **(initial_of(tender) if tender else {})}
        super().__init__(*args, **{"initial": initial, "label_suffix": "", **options})
        duties = queries.duties_to_buy(actor)
        if tender is not None:
            duties = duties.filter(organisation=tender.organisation_id)
        offer(self, "duty", duties)
        where = actor.reach("tender.edit").condition("organisation__path")
        providers = Provider.objects.visible_to(actor).filter(where, state="active").order_by("name", "pk")
        offer(self, "invited", providers)
        offer(self, "designed_by", providers)

    def clean_lines(self) -> list[Line]:
        found = []
        for words in split_lines(self.cleaned_data["lines"]):
            quantity = number_in(words[-1]) if len(words) > 2 else None
            if not quantity or quantity >= MOST_QUANTITY:
                raise ValidationError(
                    gettext("“{line}” is not an item with unit and whole quantity.").format(line=" ".join(words))
                )
            found.append(Line(" ".join(words[:-2])[:120], words[-2][:20], quantity))
        return found

    def clean_criteria(self) -> list[Criterion]:
        found = []
        for words in split_lines(self.cleaned_data["criteria"]):
            at = next((place for place, word in enumerate(words) if place and number_in(word) is not None), 0)
            points = number_in(words[at]) if at else None
            if points is None or points > 100:
                raise ValidationError(
                    gettext("“{line}” is not a criterion with its points.").format(line=" ".join(words))
                )
            guidance = " ".join(words[at + 1 :])[:REASON_LENGTH]
            found.append(Criterion(" ".join(words[:at])[:60], points, guidance))
        return found

    def plan(self, data: dict[str, Any], today: date) -> Plan:
        """The plan that was filled in, its method the proposed one where none was chosen."""
        given = dict(data)
        price = Criterion(pgettext("criterion", "Price"), given.pop("price_points"), kind=CriterionKind.PRICE)
        chosen = given.pop("method")
        method = TenderMethod(chosen) if chosen else proposed(data, today)
        criteria = [price, *given.pop("criteria")]
        subject = TenderSubject(given.pop("subject"))
        small = given.pop("small_discount") or 0
        people = given.pop("consulted_people") or 0
        return Plan(
            **given, method=method, criteria=criteria, subject=subject, small_discount=small, consulted_people=people
        )


def proposed(data: dict[str, Any], today: date) -> TenderMethod:
    return proposed_for(data["duty"].organisation, data["budget"], today)


def initial_of(tender: Tender) -> dict[str, Any]:
    """A draft as its form shows it."""
    wanted = (
        "duty", "title", "need", "subject", "fiscal_year", "budget", "bond", "method", "method_reason", "small_discount",
        "designed_by", "consulted_on", "consulted_people", "consulted_how", "consulted_result",
    )  # fmt: skip
    criteria = list(tender.criteria.all())
    return {
        **{key: getattr(tender, key) for key in wanted},
        "lines": "\n".join(f"{line.name} {line.unit} {line.quantity}" for line in tender.lines.all()),
        "price_points": next((one.points for one in criteria if one.kind == CriterionKind.PRICE), 0),
        "criteria": "\n".join(
            f"{one.name} {one.points} {one.guidance}".strip() for one in criteria if one.kind == CriterionKind.QUALITY
        ),
        "invited": [one.provider_id for one in tender.invitations.all()],
    }


class ReasonForm(forms.Form):
    reason = reason_field(help_text=_("It is published with the tender."))


class ApproveForm(forms.Form):
    split_reason = reason_field(
        _("Reason for going over the limit of the year"),
        required=False,
        help_text=_("Needed only where the duty comes to more in the year than may be bought without an open tender."),
    )


class NothingForm(forms.Form):
    """Only a button."""


class MomentForm(forms.Form):
    """A deadline, as a day and an hour."""

    day = day_field(_("Bids are due on"))
    hour = forms.TimeField(label=_("at"), widget=TIME, initial=HOUR)

    def moment(self, data: dict[str, Any]) -> datetime:
        return timezone.make_aware(datetime.combine(data["day"], data["hour"]))


class PublishForm(MomentForm):
    documents_until = day_field(_("Documents are offered until"), required=False)


class NoteForm(forms.Form):
    text = forms.CharField(label=_("Clarification or change"), max_length=3000, widget=LONG)
    question = forms.CharField(label=_("Question it answers"), max_length=1000, required=False, widget=LONG)
    asked_on = day_field(_("Asked on"), required=False)
    day = day_field(
        _("New deadline"), required=False, help_text=_("Needed where a change comes too near the deadline.")
    )
    hour = forms.TimeField(label=_("at"), widget=TIME, required=False, initial=HOUR)

    def due(self, data: dict[str, Any]) -> datetime | None:
        if data["day"] is None:
            return None
        return timezone.make_aware(datetime.combine(data["day"], data["hour"] or HOUR))


class CommitteeForm(forms.Form):
    members = people_field(
        _("Members of the opening committee"),
        _("Three open the bids together. Name five, so that two may be missing or lose their codes."),
    )

    def __init__(self, *args: Any, candidates: Any, **options: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **options})
        offer(self, "members", candidates)


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Opening code"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("24 letters and digits. Hyphens, blanks and small letters do not matter."),
    )


class DrawForm(forms.Form):
    subject = forms.ChoiceField(label=_("Field of the experts"), choices=ServiceKind.choices)
    experts = forms.IntegerField(label=_("Experts to be drawn"), min_value=1, max_value=15)
    representatives = people_field(_("Scoring for the buyer"), required=False)

    def __init__(self, *args: Any, candidates: Any, **options: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **options})
        offer(self, "representatives", candidates)


class DeclareForm(forms.Form):
    tie = forms.ChoiceField(
        label=_("Does anything tie you to one of these bidders?"),
        choices=[("no", _("No, nothing does: I score impartially and alone.")), ("yes", _("Yes, I step aside."))],
        widget=forms.RadioSelect,
    )
    recusal = reason_field(_("What ties you to it"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("tie") == "yes" and not normal(data.get("recusal", "")):
            self.add_error("recusal", gettext("Please say what ties you to the bidder."))
        return data


class ProposeForm(forms.Form):
    bid = forms.ModelChoiceField(
        label=pgettext_lazy("tender", "Bid"),
        queryset=TenderBid.everything.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    reason = reason_field(
        _("Reason for the choice"), required=False, help_text=_("Needed where several bids share the first place.")
    )


class JudgeForm(forms.Form):
    accepted = forms.ChoiceField(
        label=_("Does the explanation hold?"),
        choices=[("yes", _("Yes, the bid stays valid.")), ("no", _("No, or none came: the bid is invalid."))],
        widget=forms.RadioSelect,
    )
    reason = reason_field(required=False)


class AnswerForm(forms.Form):
    answer = forms.CharField(label=_("Answer"), max_length=3000, widget=LONG)
    upheld = forms.ChoiceField(
        label=_("Is the objection right?"),
        choices=[("no", _("No, the result stands.")), ("yes", _("Yes, the award is to be taken back."))],
        widget=forms.RadioSelect,
    )


class ExpertForm(forms.Form):
    fields_of = forms.MultipleChoiceField(
        label=pgettext_lazy("expert", "Fields"), choices=ServiceKind.choices, widget=forms.CheckboxSelectMultiple
    )
    employer = forms.CharField(label=_("Place of work"), max_length=120, required=False)


class ExpertEditForm(ExpertForm):
    is_active = forms.BooleanField(label=_("May be drawn"), required=False)


class ExpertNewForm(ExpertForm):
    user = forms.ModelChoiceField(label=_("Account"), queryset=User.objects.none(), empty_label=_("Please choose"))
    field_order = ("user", "fields_of", "employer")


class TieForm(forms.Form):
    provider = forms.ModelChoiceField(
        label=_("Provider"),
        queryset=Provider.everything.none(),
        widget=forms.Select(attrs={"data-search": ""}),
        empty_label=_("Please choose"),
    )
    kind = forms.ChoiceField(label=pgettext_lazy("tie", "Kind"), choices=TieKind.choices)
    starts_on = day_field(_("Since"))
    ends_on = forms.DateField(label=_("Until"), required=False, widget=DAY, help_text=_("Empty while it lasts."))

    def clean_ends_on(self) -> date:
        return self.cleaned_data["ends_on"] or FOREVER

"""Forms of officers, their certificates and their study."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuniu.kernel.text import normal
from shuniu.kernel.web.doing import DAY, day_field, key_in
from shuniu.kernel.web.lists import FilterForm
from shuniu.registry.actions.officers import Certificate, Study
from shuniu.registry.enums import PostKind, PostTime, QualificationKind
from shuniu.registry.fields import OrganisationField
from shuniu.registry.models import Organisation, Post, Qualification, StudyRecord
from shuniu.registry.queries import officers
from shuniu.registry.rules.officers import Validity

ALL = ("", _("All"))
FIRST_YEAR, LAST_YEAR, MOST_HOURS = 1990, 2100, 2000


def search_field() -> forms.CharField:
    return forms.CharField(label=_("Name"), max_length=40, widget=forms.TextInput(attrs={"type": "search"}))


def bearing(name: str, prefix: str) -> Q:
    """People by a fragment of their name, or by the beginning of its pinyin initials."""
    if name.isascii():
        return Q(**{f"{prefix}initials__startswith": name.lower()})
    return Q(**{f"{prefix}name__contains": name})


class OfficerFilter(FilterForm):
    q = search_field()
    kind = forms.ChoiceField(label=_("Post"), choices=[ALL, *PostKind.choices])
    time = forms.ChoiceField(label=pgettext_lazy("post", "Time"), choices=[ALL, *PostTime.choices])
    held = forms.ChoiceField(
        label=pgettext_lazy("post", "Held"),
        choices=[("", _("Now")), ("ended", _("Ended")), ("ever", _("Now or before"))],
    )
    expiring = forms.BooleanField(label=_("A certificate ends soon"))
    union = forms.ChoiceField(label=_("Union"))
    on = forms.DateField(label=_("As of"), widget=DAY)

    def prepare(self) -> None:
        key = key_in(self.data.get("union", ""))
        chosen = Organisation.objects.visible_to(self.actor).filter(pk=key).first() if key else None
        if chosen:  # reached from the page of a union
            self.fields["union"].choices = [ALL, (str(chosen.pk), str(chosen))]  # type: ignore[attr-defined]
        else:
            del self.fields["union"]

    def narrow(self, rows: QuerySet[Post]) -> QuerySet[Post]:
        values = self.values
        if name := normal(values.get("q", "")):
            rows = rows.filter(bearing(name, "person__"))
        rows = rows.filter(**{key: values[key] for key in ("kind", "time") if key in values})
        if "union" in values:
            rows = rows.filter(organisation=values["union"])
        if values.get("expiring"):
            days = max(officers.warning_days(self.actor, self.today))
            rows = rows.filter(officers.ending_certificate(self.today, days))
        return rows.filter(self._held(values.get("on", self.today), values.get("held", "")))

    @staticmethod
    def _held(day: date, held: str) -> Q:
        if held == "ended":
            return Q(ends_on__lte=day)
        return Q() if held == "ever" else Q(starts_on__lte=day, ends_on__gt=day)


class PostForm(forms.Form):
    """Which post, in which union, from when."""

    kind = forms.ChoiceField(label=_("Post"), choices=PostKind.choices)
    time = forms.ChoiceField(
        label=pgettext_lazy("post", "Time"), choices=PostTime.choices, initial=PostTime.PART, widget=forms.RadioSelect
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        unions: QuerySet[Organisation],
        today: date,
        first: Organisation | None,
    ) -> None:
        super().__init__(data, label_suffix="")
        field = OrganisationField(label=_("Union"), initial=first)
        field.rows = unions
        self.fields["organisation"] = field
        self.fields["on"] = day_field(pgettext_lazy("post", "From"), today)
        self.fields["replace"] = forms.BooleanField(
            label=_("Replace the chair"),
            required=False,
            help_text=_("Only for the post of chair: the present chair's post ends on the same day."),
        )
        self.order_fields(["organisation", "kind", "time", "on", "replace"])


class EndForm(forms.Form):
    def __init__(self, data: Mapping[str, Any] | None, *, today: date) -> None:
        super().__init__(data, label_suffix="")
        self.fields["on"] = day_field(_("Ends on"), today, help_text=_("The first day on which it is not held."))


class QualificationFilter(FilterForm):
    q = search_field()
    kind = forms.ChoiceField(label=_("Certificate"), choices=[ALL, *QualificationKind.choices])
    validity = forms.ChoiceField(
        label=_("Validity"),
        choices=[
            ALL,
            (Validity.VALID, _("Good today")),
            (Validity.RUNNING_OUT, _("Ends soon")),
            (Validity.EXPIRED, _("Expired")),
        ],
    )

    def narrow(self, rows: QuerySet[Qualification]) -> QuerySet[Qualification]:
        values = self.values
        if name := normal(values.get("q", "")):
            rows = rows.filter(bearing(name, "person__"))
        if "kind" in values:
            rows = rows.filter(kind=values["kind"])
        match values.get("validity"):
            case Validity.VALID:
                return rows.filter(Q(expires_on=None) | Q(expires_on__gte=self.today))
            case Validity.RUNNING_OUT:
                days = max(officers.warning_days(self.actor, self.today))
                return officers.running_out(rows, self.today, days)
            case Validity.EXPIRED:
                return rows.filter(expires_on__lt=self.today)
            case _:
                return rows


class QualificationForm(forms.Form):
    kind = forms.ChoiceField(label=_("Certificate"), choices=QualificationKind.choices)
    level = forms.CharField(label=_("Level"), max_length=20, required=False)
    number = forms.CharField(label=_("Certificate number"), max_length=40)
    issuer = forms.CharField(label=_("Issuer"), max_length=80, required=False)
    issued_on = day_field(_("Issued on"))
    expires_on = day_field(
        _("Good until"), required=False, help_text=_("Its last good day; empty where it never expires.")
    )

    FACTS = ("kind", "level", "number", "issuer", "issued_on", "expires_on")

    def __init__(self, data: Mapping[str, Any] | None, row: Qualification | None = None) -> None:
        shown = {key: getattr(row, key) for key in self.FACTS} if row else {}
        super().__init__(data, initial=shown, label_suffix="")

    @staticmethod
    def certificate(data: Mapping[str, Any]) -> Certificate:
        """The cleaned values as the actions take them."""
        return Certificate(
            kind=QualificationKind(data["kind"]),
            number=normal(data["number"]),
            issued_on=data["issued_on"],
            expires_on=data["expires_on"],
            level=normal(data["level"]),
            issuer=data["issuer"].strip(),
        )


class YearFilter(FilterForm):
    q = search_field()
    year = forms.IntegerField(label=_("Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR)


class StudyFilter(YearFilter):
    def narrow(self, rows: QuerySet[StudyRecord]) -> QuerySet[StudyRecord]:
        if name := normal(self.values.get("q", "")):
            rows = rows.filter(bearing(name, "person__"))
        if year := self.values.get("year"):
            rows = rows.filter(starts_on__gte=date(year, 1, 1), starts_on__lte=date(year, 12, 31))
        return rows


class TotalsFilter(YearFilter):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.about: int = self.values.pop("year", self.today.year)
        """The year that the list is about; it narrows nothing."""

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        name = normal(self.values.get("q", ""))
        return rows.filter(bearing(name, "")) if name else rows


class StudyForm(forms.Form):
    title = forms.CharField(label=_("Subject"), max_length=120)
    provider = forms.CharField(label=_("Held by"), max_length=80, required=False)
    starts_on = day_field(_("Starts on"))
    hours = forms.IntegerField(label=_("Hours"), min_value=1, max_value=MOST_HOURS)
    result = forms.CharField(label=_("Result"), max_length=80, required=False)

    FACTS = ("title", "provider", "starts_on", "hours", "result")

    def __init__(self, data: Mapping[str, Any] | None, row: StudyRecord | None = None) -> None:
        shown = {key: getattr(row, key) for key in self.FACTS} if row else {}
        super().__init__(data, initial=shown, label_suffix="")

    @staticmethod
    def study(data: Mapping[str, Any]) -> Study:
        """The cleaned values as the actions take them."""
        return Study(**{key: data[key].strip() if isinstance(data[key], str) else data[key] for key in StudyForm.FACTS})

"""Forms about people and their memberships."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuniu.kernel.text import normal
from shuniu.kernel.web.doing import DAY, day_field, key_in
from shuniu.kernel.web.lists import FilterForm
from shuniu.registry.enums import Education, Employment, GroupTag, Household, IdType, Political, Sex, Standing
from shuniu.registry.fields import OrganisationField
from shuniu.registry.identity import Particulars
from shuniu.registry.models import Membership, Organisation, Person
from shuniu.registry.queries.members import (
    EVERYONE,
    MemberFilter,
    bodies_to_choose,
    members_then,
    search_members,
)
from shuniu.registry.queries.sight import Sight, sight_of
from shuniu.registry.rules.members import NEEDS_REASON, NEEDS_VOTE
from shuniu.registry.rules.people import AGE_LABELS, AgeBand

ALL: Final = ("", _("All"))
NUMBERLIKE = re.compile(r"\d{6}")
LONGEST = 200
SHOWN: Final = ("name", "mobile", "sex", "joined_on", "standing", "home__name")
"""What the list reads of each person; every sealed field that is not read need not be opened."""
FIRST_YEAR, LAST_YEAR = 1925, 2100
STANDINGS = (
    ("", pgettext_lazy("standing", "Members")),
    *((str(one.value), one.label) for one in Standing if one is not Standing.ACTIVE),
    (EVERYONE, _("Everybody in the registry")),
)


class SightForm(FilterForm):
    """The filters that every list of members has: a name, and the part of the tree. `sight` is what they leave."""

    q = forms.CharField(
        label=_("Name"), max_length=40, widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"})
    )
    union = forms.ChoiceField(label=_("Where"), widget=forms.Select(attrs={"data-search": ""}))

    def prepare(self) -> None:
        key = key_in(self.data.get("union", ""))
        chosen = (
            Organisation.objects.visible_to(self.actor).only("name", "path").filter(pk=key).first() if key else None
        )
        bodies = bodies_to_choose(self.actor, chosen)
        everywhere = ("", _("All that I look after"))
        self.fields["union"].choices = [everywhere, *((str(pk), name) for pk, name in bodies)]  # type: ignore[attr-defined]
        self.below = chosen
        self.sight: Sight = sight_of(self.actor, chosen)

    def clean_q(self) -> str:
        name = normal(self.cleaned_data["q"])
        if NUMBERLIKE.search(name):
            raise ValidationError(_("Numbers do not belong in the address of a page. Use “Find by number”."))
        return name


class MemberFilterForm(SightForm):
    standing = forms.ChoiceField(label=_("Standing"), choices=STANDINGS)
    tag = forms.ChoiceField(label=_("Groups"), choices=[ALL, *GroupTag.choices])
    employment = forms.ChoiceField(label=_("Form of employment"), choices=[ALL, *Employment.choices])
    sex = forms.ChoiceField(label=_("Sex"), choices=[ALL, *Sex.choices])
    age = forms.ChoiceField(label=_("Age"), choices=[ALL, *((band.value, AGE_LABELS[band]) for band in AgeBand)])
    joined = forms.IntegerField(label=_("Year joined"), min_value=FIRST_YEAR, max_value=LAST_YEAR)
    unconfirmed = forms.DateField(label=_("Not confirmed since"), widget=DAY)
    batch = forms.IntegerField(label=_("Import batch"), min_value=1, max_value=2**62)
    on = forms.DateField(label=_("As of"), widget=DAY)

    def prepare(self) -> None:
        super().prepare()
        for key in ("batch", "unconfirmed"):  # reached from other pages; no reason to ask everybody
            if not self.data.get(key):
                del self.fields[key]

    @cached_property
    def members(self) -> int:
        """Full members in sight today: the base of the list."""
        return self.sight.members(self.today)

    @property
    def wanted(self) -> MemberFilter:
        """The filter in the registry's words."""
        values = self.values
        return MemberFilter(
            name=values.get("q", ""),
            standing=values.get("standing", ""),
            sex=values.get("sex", ""),
            tag=values.get("tag", ""),
            employment=values.get("employment", ""),
            age=AgeBand(values["age"]) if "age" in values else None,
            joined=values.get("joined"),
            unconfirmed_since=values.get("unconfirmed"),
            batch=values.get("batch"),
        )

    def narrow(self, rows: QuerySet[Person]) -> QuerySet[Person]:
        """The people wanted, out of the form's own sight."""
        members = None if self.wanted.name else self.members
        matches = search_members(self.sight, self.wanted, self.today, members)
        self.counted = matches.count
        return matches.rows.select_related("home").only(*SHOWN)


class ThenFilterForm(SightForm):
    """Filters of the members as of a day."""

    sex = forms.ChoiceField(label=_("Sex"), choices=[ALL, *Sex.choices])
    on = forms.DateField(label=_("As of"), widget=DAY)

    def narrow(self, rows: QuerySet[Membership]) -> QuerySet[Membership]:
        day = self.values.pop("on")  # what the list is about rather than a condition: alone it narrows nothing
        wanted = MemberFilter(name=self.values.get("q", ""), sex=self.values.get("sex", ""))
        return members_then(self.sight, day, wanted, self.actor)


class NumberForm(forms.Form):
    """A number to find somebody by. It is posted, and stands in no address and no log."""

    number = forms.CharField(
        label=_("Mobile or identity number"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text"}),
        help_text=_("The whole number. People are found only where you may see members."),
    )

    def clean_number(self) -> str:
        return normal(self.cleaned_data["number"])


def _choice(label: Any, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[("", "—"), *choices])


class PersonForm(forms.Form):
    """What is kept about a person."""

    name = forms.CharField(label=_("Name"), max_length=50)
    id_type = forms.ChoiceField(label=_("Kind of identity document"), choices=IdType.choices)
    id_number = forms.CharField(
        label=_("Identity number"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Sex and day of birth follow from a resident identity number."),
    )
    mobile = forms.CharField(
        label=_("Mobile"), max_length=30, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    sex = forms.ChoiceField(
        label=_("Sex"), required=False, choices=[("", "—"), *Sex.choices], help_text=_("Needed for other documents.")
    )
    born_on = day_field(_("Born on"), required=False, help_text=_("Needed for other documents."))
    ethnicity = forms.CharField(label=_("Ethnicity"), max_length=20, required=False)
    political = _choice(_("Political status"), Political.choices)
    education = _choice(pgettext_lazy("person", "Education"), Education.choices)
    household = _choice(_("Household registration"), Household.choices)
    is_migrant = forms.BooleanField(label=_("Migrant worker"), required=False)
    employment = _choice(_("Form of employment"), Employment.choices)
    department = forms.CharField(label=_("Department or team"), max_length=60, required=False)
    job = forms.CharField(label=_("Job"), max_length=60, required=False)

    FACTS = (
        "name",
        "id_type",
        "id_number",
        "mobile",
        "sex",
        "born_on",
        "ethnicity",
        "political",
        "education",
        "household",
        "is_migrant",
        "employment",
        "department",
        "job",
    )

    def __init__(self, data: Mapping[str, Any] | None, **options: Any) -> None:
        super().__init__(data, label_suffix="", **options)

    @classmethod
    def particulars(cls, data: Mapping[str, Any]) -> Particulars:
        """The cleaned values as the actions take them."""
        return Particulars(**{key: data[key] for key in cls.FACTS})


class EditForm(PersonForm):
    """Corrections. Numbers that are kept are not shown; empty fields leave them as they are."""

    def __init__(self, data: Mapping[str, Any] | None, person: Person) -> None:
        shown = [key for key in self.FACTS if key not in {"id_number", "mobile"}]
        super().__init__(data, initial={key: getattr(person, key) for key in shown})
        for key in ("id_number", "mobile"):
            self.fields[key].help_text = _("Leave empty to keep the number on record.")


class AdmitForm(PersonForm):
    """A new member, or somebody who applies."""

    def __init__(self, data: Mapping[str, Any] | None, *, unions: QuerySet[Organisation], today: date, **options: Any):
        super().__init__(data, **options)
        field = OrganisationField(label=_("Union"))
        field.rows = unions
        self.fields["union"] = field
        self.fields["how"] = forms.ChoiceField(
            label=_("What is recorded"),
            choices=[
                ("apply", _("An application, to be decided")),
                ("admit", _("An admission that the union has decided")),
            ],
            widget=forms.RadioSelect,
            initial="apply",
        )
        self.fields["on"] = day_field(_("On"), today, help_text=_("The day of the application or admission."))
        self.fields["id_number"].required = True
        self.order_fields(["name", "id_type", "id_number", "mobile", "union", "how", "on"])


class StepForm(forms.Form):
    """A step of a membership: its day, and what has to be said for it."""

    def __init__(self, data: Mapping[str, Any] | None, *, move: str, today: date) -> None:
        super().__init__(data, label_suffix="")
        self.fields["on"] = day_field(_("Date"), today)
        reason = forms.CharField(label=_("Reason"), max_length=LONGEST, required=move in NEEDS_REASON)
        reason.widget = forms.Textarea(attrs={"rows": 2})
        self.fields["reason"] = reason
        if move in NEEDS_VOTE:
            self.fields["vote"] = forms.CharField(
                label=_("The vote"),
                max_length=LONGEST // 2,
                help_text=_("Who voted and how, e.g. committee of 11: 10 for, 1 against."),
            )


class RevealForm(forms.Form):
    reason = forms.CharField(
        label=_("What the number is needed for"),
        max_length=LONGEST,
        help_text=_("Kept in the trail with your name. The number is shown once."),
    )


class TagForm(forms.Form):
    """Put people into a group, or take them out."""

    tag = forms.ChoiceField(label=_("Groups"), choices=GroupTag.choices)
    what = forms.ChoiceField(
        label=_("What to do"),
        choices=[("put", _("Put into the group")), ("take", _("Take out of the group"))],
        widget=forms.RadioSelect,
        initial="put",
    )


class ExportForm(forms.Form):
    """How a list is taken out."""

    kind = forms.ChoiceField(
        label=_("Kind of file"),
        choices=[("xlsx", _("Workbook (XLSX)")), ("csv", _("Text (CSV)"))],
        widget=forms.RadioSelect,
        initial="xlsx",
    )

    def __init__(self, data: Mapping[str, Any] | None, *, may_reveal: bool) -> None:
        super().__init__(data, label_suffix="")
        if may_reveal:
            self.fields["full"] = forms.BooleanField(
                label=_("With identity numbers and mobiles in full"), required=False
            )
        self.fields["reason"] = forms.CharField(
            label=_("What the file is needed for"),
            max_length=LONGEST,
            required=False,
            help_text=_("Needed for numbers in full; kept in the trail."),
        )

"""Forms of union bodies: the list's filters, and what is asked before a body is founded, changed or ended."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from shuniu.kernel.scope import Actor
from shuniu.kernel.vault import mask_account, mask_mobile
from shuniu.kernel.web.doing import DAY, day_field
from shuniu.kernel.web.lists import FilterForm
from shuniu.registry.enums import UNION_TYPES, OrganisationType
from shuniu.registry.fields import AreaChoice, EmployersField, OrganisationField
from shuniu.registry.models import Organisation
from shuniu.registry.queries import elections, employers, organisations
from shuniu.registry.queries.areas import areas
from shuniu.registry.rules.handover import needs_approval
from shuniu.registry.rules.terms import months_later
from shuniu.registry.rules.tree import PARENTS
from shuniu.rulebook.public import Place, find

SEARCH = forms.TextInput(attrs={"type": "search", "placeholder": gettext_lazy("Name, initials or number")})
ALL = gettext_lazy("All")
NAME = forms.CharField(label=pgettext_lazy("organisation", "Name"), max_length=120)
APPROVAL = gettext_lazy("Approval number")
REASON = gettext_lazy("Reason")
LONGEST_REASON = 200


def reason_field(*, required: bool = False) -> forms.CharField:
    box = forms.Textarea(attrs={"rows": 2})
    return forms.CharField(label=REASON, required=required, max_length=LONGEST_REASON, widget=box)


def approval_field(*, required: bool = False) -> forms.CharField:
    help_text = gettext_lazy("Of the superior union, e.g. 云工组〔2026〕8号. Branches and groups need none.")
    return forms.CharField(label=APPROVAL, required=required, max_length=60, help_text=help_text)


class OrganisationFilter(FilterForm):
    """What the list can be narrowed by. Figures are those of the day asked about."""

    fields: dict[str, Any]

    q = forms.CharField(label=gettext_lazy("Union body"), max_length=80, widget=SEARCH)
    type = forms.ChoiceField(
        label=pgettext_lazy("organisation", "Type"),
        choices=[("", ALL), ("unions", gettext_lazy("All unions")), *OrganisationType.choices],
    )
    under = OrganisationField(label=gettext_lazy("Below"))
    area: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=gettext_lazy("Area"), queryset=None, empty_label=ALL
    )
    due = forms.ChoiceField(label=gettext_lazy("Election"))
    size = forms.ChoiceField(label=gettext_lazy("Members"))
    chair = forms.ChoiceField(
        label=gettext_lazy("Chair"),
        choices=[("", ALL), ("none", gettext_lazy("Without a chair")), ("any", gettext_lazy("With a chair"))],
    )
    state = forms.ChoiceField(
        label=pgettext_lazy("organisation", "State"),
        choices=[
            ("", pgettext_lazy("organisation", "Standing")),
            ("dissolved", pgettext_lazy("organisation", "Dissolved")),
            ("every", ALL),
        ],
    )
    on = forms.DateField(label=gettext_lazy("As of"), widget=DAY)

    def prepare(self) -> None:
        self.fields["area"].queryset = areas()
        self.fields["under"].rows = organisations.seen(self.actor)
        self.fields["due"].choices = [
            ("", ALL),
            ("overdue", _("Overdue")),
            *[(str(n), _("Due within {n} months").format(n=n)) for n in elections.warning_months(self.today)],
            ("none", _("No committee in office")),
        ]
        self.fields["size"].choices = [("", ALL), *((key, label) for key, label, _low, _high in self.sizes)]

    @property
    def sizes(self) -> list[tuple[str, str, int, int | None]]:
        """Bands of members, those by which the size of a committee goes: key, label, lowest, highest."""
        bands = find("committee.size", on=self.today, at=Place()).rule.bands
        ends = [*(band.start - 1 for band in bands[1:]), None]
        return [
            (str(band.start), f"{band.start}–{end}" if end else _("{n} and more").format(n=band.start), band.start, end)
            for band, end in zip(bands, ends, strict=True)
        ]

    @property
    def day(self) -> date:
        return self.values.get("on") or self.today

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        values = self.values
        rows = organisations.with_figures(self._in_state(rows), self.day, self.today)
        if q := values.get("q"):
            rows = organisations.named(rows, q)
        if under := values.get("under"):
            rows = rows.filter(pk__in=organisations.subtree_on(self.day, under).values("pk"))
        if chair := values.get("chair"):
            rows = organisations.with_chair(rows, self.day, has=chair == "any")
        if area := values.get("area"):
            rows = rows.filter(area=area)
        return self._by_size(self._by_election(self._of_type(rows)))

    def _of_type(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.values.get("type")
        return rows.filter(type__in=UNION_TYPES if chosen == "unions" else [chosen]) if chosen else rows

    def _in_state(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        match self.values.get("state"):
            case "every":
                return rows
            case "dissolved":
                return rows.filter(dissolved_on__lte=self.day)
            case _:
                return organisations.standing(rows, self.day)

    def _by_election(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        match self.values.get("due"):
            case None:
                return rows
            case "overdue":
                return organisations.due_between(rows, self.day, date.min, self.day - timedelta(days=1))
            case "none":
                return organisations.without_committee(rows, self.day)
            case months:
                return organisations.due_between(rows, self.day, self.day, months_later(self.day, int(months)))

    def _by_size(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        chosen = next((band for band in self.sizes if band[0] == self.values.get("size")), None)
        if chosen is None:
            return rows
        _key, _label, low, high = chosen
        return organisations.sized(rows, low, high, past=self.day < self.today)


class ActorForm(forms.Form):
    """A form whose choices depend on who fills it in."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, actor: Actor, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.actor = actor
        self.today = today
        if "on" in self.fields:
            self.fields["on"].initial = today
        self.prepare()

    def prepare(self) -> None:
        """Fill in the choices of `self.fields`."""

    def restructurable(self) -> QuerySet[Organisation]:
        """The living bodies that the actor may restructure."""
        return organisations.within(self.actor.reach("organisation.restructure"))


class FoundForm(ActorForm):
    """A new body: what it is, where it stands, whom it covers."""

    parent = OrganisationField(label=gettext_lazy("Superior body"))
    name = NAME
    short_name = forms.CharField(label=gettext_lazy("Short name"), max_length=40, required=False)
    type = forms.ChoiceField(label=pgettext_lazy("organisation", "Type"), choices=OrganisationType.choices)
    area = AreaChoice(label=gettext_lazy("Area"), queryset=None)
    on = day_field(gettext_lazy("Founded on"))
    approval_number = approval_field()
    employers = EmployersField(
        label=gettext_lazy("Employers covered"),
        required=False,
        help_text=gettext_lazy("One a box, by name or credit code. More can be added on the union's page."),
    )
    credit_code = forms.CharField(
        label=gettext_lazy("Credit code of the union"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("If it is a legal person; the employer's own code does not belong here."),
    )
    code = forms.CharField(
        label=pgettext_lazy("organisation", "Number"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("Empty: the next one."),
    )

    def prepare(self) -> None:
        self.fields["parent"].rows = self.restructurable()
        self.fields["employers"].rows = employers.employers_of(self.actor).filter(closed_on=None)
        self.fields["area"].queryset = areas()
        self.fields["type"].initial = OrganisationType.PRIMARY


class EditForm(ActorForm):
    """What is known of a body. Sealed values are not shown: an empty box leaves them as they are."""

    name = NAME
    short_name = FoundForm.base_fields["short_name"]
    type = FoundForm.base_fields["type"]
    area = FoundForm.base_fields["area"]
    credit_code = FoundForm.base_fields["credit_code"]
    approval_number = forms.CharField(label=APPROVAL, required=False, max_length=60)
    contact_name = forms.CharField(label=gettext_lazy("Contact"), max_length=40, required=False)
    contact_phone = forms.CharField(
        label=gettext_lazy("Contact phone"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"data-secret": "", "autocomplete": "off", "inputmode": "tel"}),
    )
    bank_account = forms.CharField(
        label=gettext_lazy("Union account"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"data-secret": "", "autocomplete": "off", "inputmode": "numeric"}),
    )
    small_payer = forms.BooleanField(label=gettext_lazy("Pays small contributions"), required=False)
    has_congress = forms.BooleanField(label=gettext_lazy("Workers' congress held"), required=False)
    has_disclosure = forms.BooleanField(label=gettext_lazy("Management disclosed"), required=False)
    has_agreement = forms.BooleanField(label=gettext_lazy("Collective agreement in force"), required=False)
    has_mediation = forms.BooleanField(label=gettext_lazy("Mediation committee set up"), required=False)

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        shown = {name: getattr(organisation, name) for name in self.base_fields}
        shown |= {"contact_phone": "", "bank_account": ""}
        super().__init__(*args, initial=shown, **kwargs)
        self._tell_masks(organisation)

    def _tell_masks(self, organisation: Organisation) -> None:
        masks = {"contact_phone": mask_mobile, "bank_account": mask_account}
        for name, mask in masks.items():
            if held := getattr(organisation, name):
                self.fields[name].help_text = _("Held: {masked}. Leave the box empty to keep it.").format(
                    masked=mask(held)
                )

    def prepare(self) -> None:
        self.fields["area"].queryset = areas()


class MoveForm(ActorForm):
    """Where a body goes, and since when."""

    parent = OrganisationField(label=gettext_lazy("New superior body"))
    on = day_field(gettext_lazy("From"))
    approval_number = approval_field()
    reason = reason_field()

    def prepare(self) -> None:
        self.fields["parent"].rows = self.restructurable()


class ApprovedForm(ActorForm):
    """A form that asks for the superior body's approval where this kind of body needs one."""

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["approval_number"].required = needs_approval(OrganisationType(organisation.type))


class MergeForm(ApprovedForm):
    """Which body takes this one over."""

    successor = OrganisationField(
        label=gettext_lazy("Merged into"), help_text=gettext_lazy("The body that stays and takes everything over.")
    )
    on = day_field(gettext_lazy("From"))
    approval_number = approval_field()
    reason = reason_field()

    def prepare(self) -> None:
        self.fields["successor"].rows = self.restructurable()


class DissolveForm(ApprovedForm):
    """When and why a body ends."""

    on = day_field(gettext_lazy("Dissolved on"))
    approval_number = approval_field()
    reason = reason_field(required=True)


class SplitForm(ActorForm):
    """What becomes a body of its own."""

    name = NAME
    type = FoundForm.base_fields["type"]
    area = FoundForm.base_fields["area"]
    on = day_field(gettext_lazy("Split off on"))
    approval_number = approval_field()
    departments = forms.MultipleChoiceField(
        label=gettext_lazy("Members of these departments go over"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    parts: forms.ModelMultipleChoiceField[Any] = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Branches and groups go over with their members"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    employers: forms.ModelMultipleChoiceField[Any] = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Employers covered go over"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    reason = reason_field()

    def __init__(
        self, *args: Any, organisation: Organisation, departments: Iterable[tuple[str, int]], **kwargs: Any
    ) -> None:
        self.organisation = organisation
        self.found_departments = list(departments)
        super().__init__(*args, initial={"type": organisation.type, "area": organisation.area}, **kwargs)

    def prepare(self) -> None:
        above = OrganisationType(self.organisation.parent.type) if self.organisation.parent else None
        self.fields["type"].choices = [(kind.value, kind.label) for kind in OrganisationType if above in PARENTS[kind]]
        self.fields["area"].queryset = areas()
        self.fields["departments"].choices = [
            (name or "-", _("{name} ({n} people)").format(name=name or _("no department given"), n=number))
            for name, number in self.found_departments
        ]
        self._offer("parts", organisations.children_on(self.today, self.organisation).order_by("path"))
        covered = organisations.coverage_on(self.organisation, self.today).values("employer_id")
        self._offer("employers", employers.known(covered))

    def _offer(self, name: str, rows: QuerySet[Any]) -> None:
        if rows.exists():
            self.fields[name].queryset = rows
        else:
            del self.fields[name]

    def clean_departments(self) -> list[str]:
        return ["" if name == "-" else name for name in self.cleaned_data["departments"]]


class GuidanceForm(ActorForm):
    """Which industry union guides a body's work."""

    parent = OrganisationField(
        label=gettext_lazy("Industry union"),
        required=False,
        help_text=gettext_lazy("Empty: the guidance ends on that day."),
    )
    on = day_field(gettext_lazy("From"))

    def prepare(self) -> None:
        self.fields["parent"].rows = organisations.industry_unions()


class TermForm(ActorForm):
    """An election: the day, and for how many years."""

    on = day_field(gettext_lazy("Elected on"))
    years = forms.TypedChoiceField(label=gettext_lazy("Term in years"), coerce=int)

    def __init__(self, *args: Any, years: Iterable[int], **kwargs: Any) -> None:
        self.offered_years = list(years)
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        self.fields["years"].choices = [(number, str(number)) for number in self.offered_years]


class EndTermForm(ActorForm):
    """The day on which a committee left office without a new one."""

    on = day_field(gettext_lazy("Left office on"))
    reason = reason_field(required=True)


class CoverForm(ActorForm):
    """Employers that a union covers from a day on."""

    employers = EmployersField(
        label=gettext_lazy("Employers"), help_text=gettext_lazy("One a box, by name or credit code.")
    )
    on = day_field(gettext_lazy("From"))

    def prepare(self) -> None:
        self.fields["employers"].rows = employers.employers_of(self.actor).filter(closed_on=None)


class EndCoverageForm(ActorForm):
    """The day from which an employer is no longer covered."""

    on = day_field(gettext_lazy("Until (that day no longer included)"))

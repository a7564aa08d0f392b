"""Members: the list on any day, finding by number, admitting, choosing many, taking a list out."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from shuniu.kernel.vault import mask_id_number, mask_mobile
from shuniu.kernel.web.doing import done, key_in, posted
from shuniu.kernel.web.fields import suggestions
from shuniu.kernel.web.files import csv_file, workbook
from shuniu.kernel.web.formats import date_text
from shuniu.kernel.web.lists import Bulk, Column, Empty, Export, Kind, ListPage
from shuniu.kernel.web.page import page
from shuniu.kernel.web.requests import PageRequest
from shuniu.registry.actions import members as joining
from shuniu.registry.actions import people as keeping
from shuniu.registry.enums import GroupTag, Sex, Standing
from shuniu.registry.fields import PersonField
from shuniu.registry.models import Membership, Organisation, Person
from shuniu.registry.queries import members as queries
from shuniu.registry.queries.limits import rule_for
from shuniu.registry.queries.people import people_chosen
from shuniu.registry.queries.sight import Sight, sight_of
from shuniu.registry.rules.members import MEMBERSHIP, TAKES_MEMBERS
from shuniu.registry.web import forms_members as own
from shuniu.registry.web.labels import label

BOTH = ("GET", "POST")
MOST_IN_WORKBOOK = 50_000
"""Rows of a workbook. Longer lists are taken out as CSV, which is written while it is read."""


def standing_tone(person: Person) -> str:
    return MEMBERSHIP.of(Standing(person.standing)).tone


def person_url(person: Person) -> str:
    return _person_urls().format(person.pk)


@cache
def _person_urls() -> str:
    """The address of any person, to be filled in: a page has fifty of them."""
    return reverse("registry:person", args=[0]).replace("/0/", "/{}/")


COLUMNS: tuple[Column[Person], ...] = (
    Column("name", gettext_lazy("Name"), link=True),
    Column("home", gettext_lazy("Union"), value="home.name"),
    Column("sex", gettext_lazy("Sex"), value=lambda row: label(Sex, row.sex), narrow=False),
    Column("mobile", gettext_lazy("Mobile"), mask=mask_mobile, kind=Kind.CODE, narrow=False),
    Column("joined_on", gettext_lazy("Joined on"), kind=Kind.DATE),
    Column("standing", gettext_lazy("Standing"), value=lambda row: label(Standing, row.standing), tone=standing_tone),
)
UNIT = pgettext_lazy("unit", "people")

MEMBERS = ListPage[Person](
    title=gettext_lazy("Members"),
    unit=UNIT,
    columns=COLUMNS,
    filters=own.MemberFilterForm,
    row_url=person_url,
    empty=Empty(
        gettext_lazy("No members yet"),
        gettext_lazy("Upload the list you have, or admit the first member."),
        gettext_lazy("Upload a list"),
        "exchange:imports",
        "import.run",
    ),
    exports=(Export(gettext_lazy("Export"), "registry:members_export", "member.export"),),
    bulk=(
        Bulk(gettext_lazy("Groups"), "registry:members_tag", "tags", "member.edit"),
        Bulk(
            gettext_lazy("Records confirmed today"),
            "registry:members_confirm",
            "checks",
            "member.edit",
            gettext_lazy("Have these records been compared with the members themselves?"),
        ),
    ),
    template="registry/members.html",
)

THEN = ListPage[Membership](
    title=gettext_lazy("Members"),
    unit=UNIT,
    columns=(
        Column("name", gettext_lazy("Name"), value="person.name", link=True),
        Column("union", gettext_lazy("Union then"), value="organisation.name"),
        Column("sex", gettext_lazy("Sex"), value=lambda row: label(Sex, row.person.sex), narrow=False),
        Column("starts_on", pgettext_lazy("membership", "From"), kind=Kind.DATE),
        Column("ends_on", pgettext_lazy("membership", "Until"), kind=Kind.DATE),
        Column(
            "standing",
            gettext_lazy("Standing now"),
            value=lambda row: label(Standing, row.person.standing),
            tone=lambda row: standing_tone(row.person),
        ),
    ),
    filters=own.ThenFilterForm,
    row_url=lambda row: person_url(row.person) if row.reachable else "",  # type: ignore[attr-defined]
    template="registry/members.html",
)


@page("member.view")
def members(request: PageRequest) -> HttpResponse:
    """Members today, or as of another day."""
    form = own.MemberFilterForm(request.GET, actor=request.actor, today=request.today)
    day, admit = form.values.get("on", request.today), request.actor.may("member.edit")
    if day != request.today:
        about = _("members on {day}").format(day=date_text(day))
        then = form.sight.members(day)
        return THEN.answer(request, Membership.everything.none(), base=then, base_label=about, may_admit=admit)
    if form.values.get("q"):  # a name is looked for among everybody, so the members are not its base
        return MEMBERS.answer(request, Person.everything.none(), form=form, may_admit=admit)
    base, about = form.members, _base_label(form.below)
    return MEMBERS.answer(request, Person.everything.none(), base=base, base_label=about, form=form, may_admit=admit)


def _crumbs() -> list[tuple[Any, str]]:
    return [(MEMBERS.title, reverse("registry:members"))]


def _base_label(below: Organisation | None) -> str:
    return _("members of {body}").format(body=below) if below else _("all members you look after")


@page("member.view", methods=BOTH)
def members_find(request: PageRequest) -> HttpResponseBase:
    """Somebody by mobile or identity number. The number is posted and stands in no address."""
    form = own.NumberForm(posted(request), label_suffix="")
    found: list[Person] | None = None
    if form.is_valid():
        found = queries.people_with_number(request.actor, form.cleaned_data["number"])
        if len(found) == 1:
            return redirect("registry:person", found[0].pk)
    return render(
        request, "registry/members_find.html", {"form": form, "found": found, "submit": _("Find"), "crumbs": _crumbs()}
    )


@page("member.view", methods=["POST"])
def people_suggest(request: PageRequest) -> HttpResponse:
    """What is offered below a box in which somebody is named. Only names are: numbers are typed in full."""
    sight = sight_of(request.actor)
    return suggestions(request, lambda typed: _bearers(sight, typed), PersonField())


def _bearers(sight: Sight, typed: str) -> QuerySet[Person]:
    rows = queries.people_bearing(sight, typed).select_related("home").order_by("pk")
    return rows.none() if own.NUMBERLIKE.search(typed) else rows


@page("member.edit", methods=BOTH)
def member_new(request: PageRequest) -> HttpResponseBase:
    """Admit somebody, or record that she applies."""
    unions = _admitting(request)
    first = unions.filter(pk=key_in(request.GET.get("union", ""))).first()
    form = own.AdmitForm(posted(request), unions=unions, today=request.today, initial={"union": first})
    context: dict[str, Any] = {"title": _("Admit a member"), "submit": _("Record"), "form": form, "crumbs": _crumbs()}
    entered: list[Person] = []

    def act(data: dict[str, Any]) -> None:
        action = joining.admit_directly if data["how"] == "admit" else joining.apply
        try:
            person = action(form.particulars(data), data["union"], on=data["on"], actor=request.actor, now=request.now)
        except joining.AlreadyMemberError as error:
            context["member"] = queries.visible_people(request.actor).filter(pk=error.person_id).first()
            context["union"] = data["union"]
            raise
        entered.append(person)

    if done(form, act):
        messages.success(request, _("{name} is entered.").format(name=entered[0].name))
        return redirect("registry:person", entered[0].pk)
    return render(request, "registry/member_new.html", context | {"cancel_url": reverse("registry:members")})


def _admitting(request: PageRequest) -> Any:
    """The unions to which the actor may admit people."""
    place = request.actor.reach("member.edit").condition("path")
    rows = Organisation.objects.visible_to(request.actor).filter(place, type__in=TAKES_MEMBERS)
    return rows.filter(dissolved_on__gt=request.today)


@page("member.edit", methods=("POST",))
def members_confirm(request: PageRequest) -> HttpResponseBase:
    """The chosen records were compared with the members themselves."""
    chosen = people_chosen(request.actor, request.POST.getlist("row"))
    number = keeping.confirm_records(chosen, on=request.today, actor=request.actor, now=request.now)
    sentence = ngettext("{n} record is confirmed.", "{n} records are confirmed.", number)
    messages.success(request, sentence.format(n=number))
    return redirect("registry:members")


@page("member.edit", methods=("POST",))
def members_tag(request: PageRequest) -> HttpResponseBase:
    """Put the chosen people into a group, or take them out: first the question, then the deed."""
    chosen = people_chosen(request.actor, request.POST.getlist("row"))
    form = own.TagForm(request.POST if "tag" in request.POST else None, label_suffix="")
    if chosen and form.is_valid():
        tag = GroupTag(form.cleaned_data["tag"])
        action = keeping.tag_people if form.cleaned_data["what"] == "put" else keeping.untag_people
        number = action(chosen, tag, actor=request.actor, now=request.now)
        sentence = ngettext("{n} person's groups have changed.", "{n} people's groups have changed.", number)
        messages.success(request, sentence.format(n=number))
        return redirect("registry:members")
    if not chosen:
        messages.error(request, _("Choose people on the list first."))
        return redirect("registry:members")
    context = {"form": form, "chosen": chosen, "crumbs": _crumbs(), "cancel_url": reverse("registry:members")}
    return render(request, "registry/members_tag.html", context)


@page("member.export", methods=BOTH)
def members_export(request: PageRequest) -> HttpResponseBase:
    """Take the list out as a file. Numbers are masked, unless somebody who may reveal them gives a reason."""
    chosen = own.MemberFilterForm(request.GET, actor=request.actor, today=request.today)
    form = own.ExportForm(posted(request), may_reveal=request.actor.may("member.reveal"))
    if form.is_valid():
        full = form.cleaned_data.get("full", False)
        rights = ("member.export", "member.reveal") if full else ("member.export",)
        sight = sight_of(request.actor, chosen.below, *rights)
        rows = queries.search_members(sight, chosen.wanted, request.today).rows.select_related("home").order_by("pk")
        number = rows.count()
        if form.cleaned_data["kind"] == "xlsx" and number > MOST_IN_WORKBOOK:
            form.add_error("kind", _too_long())
        elif done(form, lambda data: _tell_export(request, chosen, number, data)):
            return _file(rows, full=full, kind=form.cleaned_data["kind"])
    context = {"form": form, "conditions": _conditions(chosen), "submit": _("Export"), "crumbs": _crumbs()}
    here = f"{reverse('registry:members')}?{request.GET.urlencode()}"
    return render(request, "registry/members_export.html", context | {"cancel_url": here})


def _too_long() -> str:
    message = _("A workbook takes {n} people at most. Choose CSV, or narrow the list.")
    return message.format(n=f"{MOST_IN_WORKBOOK:,}")


def _tell_export(request: PageRequest, chosen: own.MemberFilterForm, number: int, data: dict[str, Any]) -> None:
    alarm = rule_for(request.actor, "member.export", "export.alarm_rows", request.today).numbers[0]
    filters = {key: str(value) for key, value in chosen.values.items()}
    keeping.record_export(
        number,
        filters,
        full=data.get("full", False),
        reason=data["reason"],
        alarm_rows=alarm,
        actor=request.actor,
        now=request.now,
    )


def _conditions(chosen: own.MemberFilterForm) -> list[tuple[Any, Any]]:
    return [(chosen[key].label, _said(chosen, key)) for key in chosen.values]


def _said(chosen: own.MemberFilterForm, key: str) -> Any:
    choices = {str(code): label for code, label in getattr(chosen.fields[key], "choices", ())}
    return choices.get(str(chosen.values[key]), chosen.values[key])


HEADS = (
    gettext_lazy("Name"),
    gettext_lazy("Kind of identity document"),
    gettext_lazy("Identity number"),
    gettext_lazy("Mobile"),
    gettext_lazy("Union"),
    gettext_lazy("Standing"),
    gettext_lazy("Joined on"),
    gettext_lazy("Sex"),
    gettext_lazy("Born on"),
    gettext_lazy("Ethnicity"),
    gettext_lazy("Political status"),
    pgettext_lazy("person", "Education"),
    gettext_lazy("Household registration"),
    gettext_lazy("Migrant worker"),
    gettext_lazy("Form of employment"),
    gettext_lazy("Department or team"),
    gettext_lazy("Job"),
)


def _file(rows: Any, *, full: bool, kind: str) -> HttpResponseBase:
    lines = _lines(rows.iterator(chunk_size=2000), full=full)
    return (workbook if kind == "xlsx" else csv_file)(MEMBERS.title, HEADS, lines)


def _lines(people: Iterator[Person], *, full: bool) -> Iterator[list[Any]]:
    for person in people:
        number = person.id_number if full else mask_id_number(person.id_number)
        mobile = person.mobile if full else mask_mobile(person.mobile)
        cells = [
            person.name,
            person.get_id_type_display(),
            number,
            mobile,
            person.home.name if person.home else "",
            person.get_standing_display(),
            person.joined_on,
            person.get_sex_display(),
            person.born_on,
            person.ethnicity,
            person.get_political_display(),
            person.get_education_display(),
            person.get_household_display(),
            _("Yes") if person.is_migrant else _("No"),
            person.get_employment_display(),
            person.department,
            person.job,
        ]
        yield [str(cell) if isinstance(cell, Promise) else cell for cell in cells]

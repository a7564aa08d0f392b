"""Officers: who holds which post, which certificate, and what each has studied."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from shuniu.kernel.text import normal
from shuniu.kernel.web.doing import done, key_in, posted
from shuniu.kernel.web.files import workbook
from shuniu.kernel.web.lists import Column, Empty, Export, Kind, ListPage
from shuniu.kernel.web.page import page
from shuniu.kernel.web.requests import PageRequest, get_or_404
from shuniu.registry.actions import officers as actions
from shuniu.registry.enums import PostKind, PostTime
from shuniu.registry.models import Organisation, Person, Post, Qualification, StudyRecord
from shuniu.registry.people import place_of
from shuniu.registry.queries import officers as queries
from shuniu.registry.rules.officers import SERVES, expiry, expiry_label, expiry_tone
from shuniu.registry.web import forms_officers as own
from shuniu.registry.web.labels import label
from shuniu.registry.web.views_members import person_url
from shuniu.registry.web.views_people import person_for

BOTH = ("GET", "POST")

OFFICERS = ListPage[Post](
    title=gettext_lazy("Officers"),
    unit=pgettext_lazy("unit", "posts"),
    columns=(
        Column("person", gettext_lazy("Name"), value="person.name", link=True),
        Column("kind", gettext_lazy("Post"), value=lambda row: label(PostKind, row.kind)),
        Column("organisation", gettext_lazy("Union"), value="organisation.name"),
        Column("time", pgettext_lazy("post", "Time"), value=lambda row: label(PostTime, row.time), narrow=False),
        Column("starts_on", pgettext_lazy("post", "From"), kind=Kind.DATE),
        Column("ends_on", pgettext_lazy("post", "Until"), kind=Kind.DATE, narrow=False),
    ),
    filters=own.OfficerFilter,
    row_url=lambda row: reverse("registry:post", args=[row.pk]),
    empty=Empty(
        gettext_lazy("No officers yet"),
        gettext_lazy("Give a post to a member, or upload the list of officers you have."),
        gettext_lazy("Give a post"),
        "registry:officer_new",
        "officer.edit",
    ),
    exports=(Export(gettext_lazy("Export"), "registry:officers_export", "member.export"),),
    template="registry/officers.html",
)

QUALIFICATIONS = ListPage[Qualification](
    title=gettext_lazy("Certificates"),
    unit=pgettext_lazy("unit", "certificates"),
    columns=(
        Column("person", gettext_lazy("Name"), value="person.name", link=True),
        Column("kind", gettext_lazy("Certificate"), value=lambda row: row.get_kind_display()),
        Column("level", gettext_lazy("Level"), narrow=False),
        Column("number", gettext_lazy("Certificate number"), kind=Kind.CODE, narrow=False),
        Column("union", gettext_lazy("Union"), value="person.home.name"),
        Column("expires_on", gettext_lazy("Good until"), kind=Kind.DATE, order=("expiry", "pk")),
    ),
    default_order=("expiry", "pk"),
    filters=own.QualificationFilter,
    row_url=lambda row: reverse("registry:qualification", args=[row.pk]),
    empty=Empty(
        gettext_lazy("No certificates yet"),
        gettext_lazy("A certificate is recorded on the page of the person who holds it."),
        gettext_lazy("Look for the person"),
        "registry:members",
        "member.view",
    ),
    template="registry/qualifications.html",
)

STUDIES = ListPage[StudyRecord](
    title=gettext_lazy("Study records"),
    unit=pgettext_lazy("unit", "study records"),
    columns=(
        Column("person", gettext_lazy("Name"), value="person.name", link=True),
        Column("title", gettext_lazy("Subject")),
        Column("provider", gettext_lazy("Held by"), narrow=False),
        Column("starts_on", gettext_lazy("Starts on"), kind=Kind.DATE, order=("starts_on", "pk")),
        Column("hours", gettext_lazy("Hours"), kind=Kind.NUMBER, order=("hours", "pk")),
        Column("result", gettext_lazy("Result"), narrow=False),
    ),
    default_order=("-starts_on", "-pk"),
    filters=own.StudyFilter,
    row_url=lambda row: reverse("registry:study", args=[row.pk]),
    empty=Empty(
        gettext_lazy("No study records yet"),
        gettext_lazy("Study is recorded on the page of the officer who took part."),
        gettext_lazy("Look for the officer"),
        "registry:officers",
        "officer.view",
    ),
    template="registry/studies.html",
)

TOTALS = ListPage[Person](
    title=gettext_lazy("Study in the year"),
    unit=pgettext_lazy("unit", "officers"),
    columns=(
        Column("name", gettext_lazy("Name"), link=True),
        Column("union", gettext_lazy("Union"), value="home.name"),
        Column("courses", gettext_lazy("Courses"), kind=Kind.NUMBER),
        Column("hours", gettext_lazy("Hours"), kind=Kind.NUMBER),
    ),
    filters=own.TotalsFilter,
    row_url=person_url,
    template="registry/study_totals.html",
)


@page("officer.view")
def officers(request: PageRequest) -> HttpResponse:
    """Posts in the unions in sight."""
    may = request.actor.may("officer.edit")
    return OFFICERS.answer(request, queries.posts(request.actor), may_appoint=may)


@page("member.export")
def officers_export(request: PageRequest) -> HttpResponse:
    """The posts of the list as a workbook; it holds no personal numbers."""
    chosen = own.OfficerFilter(request.GET, actor=request.actor, today=request.today)
    place = request.actor.reach("member.export").condition("organisation__path")
    rows = chosen.narrow(queries.posts(request.actor).filter(place)).order_by("organisation__path", "pk")
    heads = [column.title for column in OFFICERS.columns]
    cells = ([_plain(column.of(row)) for column in OFFICERS.columns] for row in rows.iterator(chunk_size=2000))
    return workbook(OFFICERS.title, heads, cells)


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, (int, str)) or hasattr(value, "year") else str(value)


@page("officer.edit")
def officer_new(request: PageRequest) -> HttpResponse:
    """Choose who gets a post: a search among the people in sight."""
    query = normal(request.GET.get("q", ""))[:40]
    found = queries.people_called(request.actor, query) if query else []
    context = {"query": query, "found": found, "union": key_in(request.GET.get("union", ""))}
    return render(request, "registry/officer_new.html", context)


@page("officer.edit", methods=BOTH)
def post_new(request: PageRequest, pk: int) -> HttpResponseBase:
    """Give somebody a post."""
    row = get_or_404(Person.objects.visible_to(request.actor).select_related("home__area"), pk=pk)
    place = request.actor.reach("officer.edit").condition("path")
    unions = Organisation.objects.visible_to(request.actor).filter(place, dissolved_on__gt=request.today)
    first = unions.filter(pk=key_in(request.GET.get("union", "")) or row.home_id).first()
    form = own.PostForm(posted(request), unions=unions, today=request.today, first=first)

    def act(data: dict[str, Any]) -> None:
        time, on, actor, now = PostTime(data["time"]), data["on"], request.actor, request.now
        if data["replace"] and data["kind"] == PostKind.CHAIR:
            actions.replace_chair(row, data["organisation"], time, on=on, actor=actor, now=now)
        else:
            actions.appoint(row, data["organisation"], PostKind(data["kind"]), time, on=on, actor=actor, now=now)

    if done(form, act):
        messages.success(request, _("{name} has the post.").format(name=row.name))
        return redirect("registry:person", pk)
    return _person_form(request, row, form, _("Give a post"))


@page("officer.view")
def post(request: PageRequest, pk: int) -> HttpResponse:
    """One post: who holds it, since when, and whether chairing and auditing are apart."""
    row = get_or_404(queries.posts(request.actor), pk=pk)
    may = row.is_open and request.actor.may_at("officer.edit", row.organisation.path or "")
    context = {
        "post": row,
        "crumbs": [(OFFICERS.title, reverse("registry:officers"))],
        "may_end": may,
        "verdicts": queries.audit_verdicts(row.organisation, request.today),
        "facts": [
            (_("Union"), row.organisation),
            (_("Post"), row.get_kind_display()),
            (_("Time"), row.get_time_display()),
            (_("Since"), row.starts_on),
            (_("Until"), row.ends_on),
        ],
    }
    return render(request, "registry/post.html", context)


@page("officer.edit", methods=BOTH)
def post_end(request: PageRequest, pk: int) -> HttpResponseBase:
    """End a post."""
    row = get_or_404(queries.posts(request.actor), pk=pk)
    if not request.actor.may_at("officer.edit", row.organisation.path or ""):
        raise PermissionDenied
    form = own.EndForm(posted(request), today=request.today)

    def act(data: dict[str, Any]) -> None:
        actions.end_post(row, on=data["on"], actor=request.actor, now=request.now)

    if done(form, act):
        messages.success(request, _("The post has ended."))
        return redirect("registry:post", pk)
    return _person_form(request, row.person, form, _("End the post"), submit=_("End the post"), danger=True)


@page("officer.view")
def qualifications(request: PageRequest) -> HttpResponse:
    """Certificates in sight, the first to end first; and who may serve what."""
    steps = queries.warning_days(request.actor, request.today)
    rows = queries.qualifications(request.actor)
    services = queries.services(request.actor, request.today)
    return _with_states(request, steps).answer(request, rows, services=services, steps=steps)


def _with_states(request: PageRequest, steps: tuple[int, ...]) -> ListPage[Qualification]:
    """The list with its last column as of the day of the request."""

    def state(row: Qualification) -> str:
        return expiry_label(expiry(row.expires_on, request.today, steps))

    def tone(row: Qualification) -> str:
        return expiry_tone(expiry(row.expires_on, request.today, steps), steps)

    last = Column[Qualification]("validity", _("Validity"), value=state, tone=tone)
    return replace(QUALIFICATIONS, columns=(*QUALIFICATIONS.columns, last))


@page("officer.view", "officer.edit", methods=BOTH)
def qualification(request: PageRequest, pk: int) -> HttpResponseBase:
    """One certificate, corrected or renewed by those who may."""
    row = get_or_404(queries.qualifications(request.actor), pk=pk)
    may = request.actor.may_at("officer.edit", place_of(row.person))
    if request.method == "POST" and not may:
        raise PermissionDenied
    form = own.QualificationForm(posted(request), row)

    def act(data: dict[str, Any]) -> None:
        actions.correct_qualification(row, form.certificate(data), actor=request.actor, now=request.now)

    if done(form, act):
        messages.success(request, _("The certificate is corrected."))
        return redirect("registry:qualification", pk)
    steps = queries.warning_days(request.actor, request.today)
    state = expiry(row.expires_on, request.today, steps)
    context = {
        "row": row,
        "form": form,
        "may_edit": may,
        "crumbs": [(QUALIFICATIONS.title, reverse("registry:qualifications"))],
        "label": expiry_label(state),
        "tone": expiry_tone(state, steps),
        "serves": SERVES.get(row.kind),  # type: ignore[call-overload]
        "facts": _certificate_facts(row),
    }
    return render(request, "registry/qualification.html", context)


def _certificate_facts(row: Qualification) -> list[tuple[Any, Any]]:
    return [
        (_("Level"), row.level),
        (_("Certificate number"), row.number),
        (_("Issuer"), row.issuer),
        (_("Issued on"), row.issued_on),
        (_("Good until"), row.expires_on),
    ]


@page("officer.edit", methods=BOTH)
def qualification_new(request: PageRequest, pk: int) -> HttpResponseBase:
    """Record a certificate that somebody holds."""
    row = person_for(request, pk, "officer.edit")
    form = own.QualificationForm(posted(request))

    def act(data: dict[str, Any]) -> None:
        actions.record_qualification(row, form.certificate(data), actor=request.actor, now=request.now)

    if done(form, act):
        messages.success(request, _("The certificate is recorded."))
        return redirect("registry:person", pk)
    return _person_form(request, row, form, _("Record a certificate"))


@page("officer.view")
def studies(request: PageRequest) -> HttpResponse:
    """Records of study in sight."""
    return STUDIES.answer(request, queries.studies(request.actor))


@page("officer.view")
def study_totals(request: PageRequest) -> HttpResponse:
    """Officers of today with the courses and hours of one year, those without any among them."""
    form = own.TotalsFilter(request.GET, actor=request.actor, today=request.today)
    year = form.about
    all_, studied, hours = queries.hours_of(request.actor, year, request.today)
    rows = queries.officers_studying(request.actor, year, request.today)
    context = {"year": year, "all": all_, "studied": studied, "hours": hours}
    return TOTALS.answer(request, rows, base=all_, base_label=_("officers of today"), form=form, **context)


@page("officer.view", "officer.edit", methods=BOTH)
def study(request: PageRequest, pk: int) -> HttpResponseBase:
    """One record of study, corrected by those who may."""
    row = get_or_404(queries.studies(request.actor), pk=pk)
    may = request.actor.may_at("officer.edit", place_of(row.person))
    if request.method == "POST" and not may:
        raise PermissionDenied
    form = own.StudyForm(posted(request), row)

    def act(data: dict[str, Any]) -> None:
        actions.correct_study(row, form.study(data), actor=request.actor, now=request.now)

    if done(form, act):
        messages.success(request, _("The record is corrected."))
        return redirect("registry:study", pk)
    facts = [
        (_("Held by"), row.provider),
        (_("Starts on"), row.starts_on),
        (_("Hours"), row.hours),
        (_("Result"), row.result),
    ]
    crumbs = [(STUDIES.title, reverse("registry:studies"))]
    context = {"row": row, "form": form, "may_edit": may, "crumbs": crumbs, "facts": facts}
    return render(request, "registry/study.html", context)


@page("officer.edit", methods=BOTH)
def study_new(request: PageRequest, pk: int) -> HttpResponseBase:
    """Record that somebody took part in a course."""
    row = person_for(request, pk, "officer.edit")
    form = own.StudyForm(posted(request))

    def act(data: dict[str, Any]) -> None:
        actions.record_study([row], form.study(data), actor=request.actor, now=request.now)

    if done(form, act):
        messages.success(request, _("The course is recorded."))
        return redirect("registry:person", pk)
    return _person_form(request, row, form, _("Record study"))


def _person_form(request: PageRequest, person: Person, form: Any, title: str, **context: Any) -> HttpResponse:
    here = person_url(person)
    crumbs = [(_("Members"), reverse("registry:members")), (person.name, here)]
    shared = {"person": person, "form": form, "title": title, "crumbs": crumbs, "cancel_url": here}
    return render(request, "registry/person_form.html", shared | context)

"""Pages that change union bodies. What cannot be taken back is shown with its consequences before it is confirmed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shuniu.kernel.web.doing import done, posted
from shuniu.kernel.web.page import page
from shuniu.kernel.web.requests import PageRequest, get_or_404
from shuniu.registry.actions import employers as employer_actions
from shuniu.registry.actions import organisations as actions
from shuniu.registry.actions import restructuring, terms
from shuniu.registry.enums import OrganisationType
from shuniu.registry.founding import Founding
from shuniu.registry.models import Organisation
from shuniu.registry.places import place_of
from shuniu.registry.queries import organisations as queries
from shuniu.registry.queries.employers import employers_of, seen_coverage
from shuniu.registry.rules.handover import PARTS
from shuniu.registry.rules.terms import rule_of_years
from shuniu.registry.web import forms_organisations as own
from shuniu.registry.web.asked import number_asked
from shuniu.rulebook.public import find

BOTH = ("GET", "POST")
EDIT, RESTRUCTURE = "organisation.edit", "organisation.restructure"


def _reach(request: PageRequest, pk: int, permission: str) -> Organisation:
    """The body, if it is in sight (else 404) and the actor may do this there (else 403)."""
    row = get_or_404(queries.seen(request.actor), pk=pk)
    if not request.actor.may_at(permission, row.path or ""):
        raise PermissionDenied
    return row


def _back(row: Organisation, said: str, request: PageRequest) -> HttpResponseBase:
    messages.success(request, said)
    return redirect("registry:organisation", row.pk)


def _form(request: PageRequest, form: Any, title: str, row: Organisation | None, **context: Any) -> HttpResponse:
    cancel = reverse("registry:organisation", args=[row.pk]) if row else reverse("registry:organisations")
    return render(
        request,
        "registry/organisation_form.html",
        {"form": form, "title": title, "organisation": row, "cancel_url": cancel, **context},
    )


def _confirmed(
    request: PageRequest,
    form: Any,
    title: str,
    row: Organisation,
    act: Callable[[dict[str, Any]], object],
    ask: Callable[[dict[str, Any]], tuple[str, list[str]]],
    **context: Any,
) -> HttpResponse | None:
    """None when the action went through; else the page that asks for the form, or for a yes to its consequences."""
    sure = request.POST.get("confirmed") == "yes"
    if request.method == "POST" and sure and done(form, act):
        return None
    if request.method == "POST" and not sure and form.is_valid():
        question, consequences = ask(form.cleaned_data)
        back = {"submit": _("Confirm"), "cancel_url": reverse("registry:organisation", args=[row.pk])}
        shown = {"form": form, "question": question, "consequences": consequences, **context, **back}
        return render(request, "registry/confirm.html", shown)
    return _form(request, form, title, row, submit=_("Go on"), **context)


@page(RESTRUCTURE, methods=BOTH)
def organisation_new(request: PageRequest) -> HttpResponseBase:
    """Found a body."""
    form = own.FoundForm(posted(request), actor=request.actor, today=request.today, initial=_suggested(request))
    founded: list[Organisation] = []

    def act(data: dict[str, Any]) -> None:
        covered = data.pop("employers")
        what = Founding(**{**data, "type": OrganisationType(data["type"])})
        founded.append(actions.found_organisation(actor=request.actor, now=request.now, what=what, employers=covered))

    if request.method == "POST" and done(form, act):
        return _back(founded[0], _("{name} was founded.").format(name=founded[0]), request)
    return _form(request, form, _("Found a body"), None, submit=_("Found"), draft="organisation-new")


def _suggested(request: PageRequest) -> dict[str, Any]:
    """What the form begins with when one comes from the page of a superior body or of an employer."""
    parents, covered = queries.seen(request.actor), employers_of(request.actor)
    if parent := parents.filter(pk=number_asked(request, "parent")).first():
        return {"parent": parent, "area": parent.area}
    if employer := covered.filter(pk=number_asked(request, "employer")).first():
        name = _("{employer} union").format(employer=employer.name)
        return {"parent": employer.territory, "area": employer.area, "employers": [employer], "name": name}
    return {}


@page(EDIT, methods=BOTH)
def organisation_edit(request: PageRequest, pk: int) -> HttpResponseBase:
    """Correct what is known of a body."""
    row = _reach(request, pk, EDIT)
    form = own.EditForm(posted(request), actor=request.actor, today=request.today, organisation=row)

    def act(data: dict[str, Any]) -> None:
        sealed = {name: data[name] or None for name in actions.SEALED}
        details = actions.Details(**{**data, **sealed, "type": OrganisationType(data["type"])})
        actions.edit_organisation(actor=request.actor, now=request.now, organisation=row, details=details)

    if request.method == "POST" and done(form, act):
        return _back(row, _("Saved."), request)
    return _form(request, form, _("Edit {name}").format(name=row), row)


@page(RESTRUCTURE, methods=BOTH)
def organisation_move(request: PageRequest, pk: int) -> HttpResponseBase:
    """Put a body under another superior, after its consequences were shown."""
    row = _reach(request, pk, RESTRUCTURE)
    form = own.MoveForm(posted(request), actor=request.actor, today=request.today)

    def act(data: dict[str, Any]) -> None:
        actions.move_organisation(actor=request.actor, now=request.now, organisation=row, **data)

    def ask(data: dict[str, Any]) -> tuple[str, list[str]]:
        touched = queries.consequences(row, with_parts=True)
        question = _("Move {name} to {parent}?").format(name=row, parent=data["parent"])
        return question, [
            *_bodies(touched.bodies),
            *_members(touched.members),
            _("History and figures of the past stay."),
        ]

    title = _("Move {name}").format(name=row)
    return _confirmed(request, form, title, row, act, ask) or _back(
        row, _("{name} was moved.").format(name=row), request
    )


@page(RESTRUCTURE, methods=BOTH)
def organisation_merge(request: PageRequest, pk: int) -> HttpResponseBase:
    """Let another body take this one over, after its consequences were shown."""
    row = _reach(request, pk, RESTRUCTURE)
    form = own.MergeForm(posted(request), actor=request.actor, today=request.today, organisation=row)

    def act(data: dict[str, Any]) -> None:
        restructuring.merge_organisations(actor=request.actor, now=request.now, merged=row, **data)

    def ask(data: dict[str, Any]) -> tuple[str, list[str]]:
        touched = queries.consequences(row)
        question = _("Merge {name} into {successor}?").format(name=row, successor=data["successor"])
        goes = _("{n} people go over to {successor}: {members} members, {reserved} reserved, {applicants} applicants.")
        people = goes.format(
            n=touched.members + touched.reserved + touched.applicants,
            successor=data["successor"],
            members=touched.members,
            reserved=touched.reserved,
            applicants=touched.applicants,
        )
        return question, [
            people,
            *_bodies(touched.bodies),
            *_employers(touched.employers),
            *_ends(touched),
            _ended(row),
        ]

    title = _("Merge {name} into another body").format(name=row)
    return _confirmed(request, form, title, row, act, ask, danger=True) or _back(
        row, _("{name} was merged.").format(name=row), request
    )


@page(RESTRUCTURE, methods=BOTH)
def organisation_split(request: PageRequest, pk: int) -> HttpResponseBase:
    """Found a body out of this one, after its consequences were shown."""
    row = _reach(request, pk, RESTRUCTURE)
    form = own.SplitForm(
        posted(request),
        actor=request.actor,
        today=request.today,
        organisation=row,
        departments=queries.departments_of(row),
    )
    founded: list[Organisation] = []

    def act(data: dict[str, Any]) -> None:
        names = ("name", "area", "on", "approval_number")
        what = Founding(**{name: data[name] for name in names}, type=OrganisationType(data["type"]), parent=row.parent)
        body, _moved = restructuring.split_organisation(
            actor=request.actor,
            now=request.now,
            source=row,
            what=what,
            people=queries.people_in(row, data["departments"]),
            employers=[employer.pk for employer in data.get("employers", ())],
            parts=list(data.get("parts", ())),
            reason=data["reason"],
        )
        founded.append(body)

    def ask(data: dict[str, Any]) -> tuple[str, list[str]]:
        people = len(queries.people_in(row, data["departments"]))
        parts, covered = len(data.get("parts", ())), len(data.get("employers", ()))
        question = _("Split {new} off from {name}?").format(new=data["name"], name=row)
        return question, [*_members(people), *_bodies(parts), *_employers(covered), _("{name} stays.").format(name=row)]

    title = _("Split {name}").format(name=row)
    return _confirmed(request, form, title, row, act, ask) or _back(
        founded[0], _("{name} was founded.").format(name=founded[0]), request
    )


@page(RESTRUCTURE, methods=BOTH)
def organisation_dissolve(request: PageRequest, pk: int) -> HttpResponseBase:
    """End a body, after its consequences were shown."""
    row = _reach(request, pk, RESTRUCTURE)
    form = own.DissolveForm(posted(request), actor=request.actor, today=request.today, organisation=row)

    def act(data: dict[str, Any]) -> None:
        restructuring.dissolve_organisation(actor=request.actor, now=request.now, organisation=row, **data)

    def ask(data: dict[str, Any]) -> tuple[str, list[str]]:
        touched = queries.consequences(row, with_parts=True)
        question = _("Dissolve {name}?").format(name=row)
        return question, [
            *_kept(row, touched),
            *_bodies(touched.bodies),
            *_uncovered(touched.employers),
            *_ends(touched),
            _ended(row),
        ]

    title = _("Dissolve {name}").format(name=row)
    return _confirmed(request, form, title, row, act, ask, danger=True) or _back(
        row, _("{name} was dissolved.").format(name=row), request
    )


def _kept(row: Organisation, touched: queries.Consequences) -> list[str]:
    if row.type in PARTS:
        said = _("{n} members stay members of {superior}.")
    else:
        said = _("The membership of {n} members is kept at {superior} as reserved, without dues and votes.")
    kept = [said.format(n=touched.members + touched.reserved, superior=row.parent)]
    if touched.applicants:
        refused = ngettext("{n} application is refused.", "{n} applications are refused.", touched.applicants)
        kept.append(refused.format(n=touched.applicants))
    return kept


def _members(number: int) -> list[str]:
    return [ngettext("{n} member goes with it.", "{n} members go with it.", number).format(n=number)] if number else []


def _bodies(number: int) -> list[str]:
    return [ngettext("{n} body below goes too.", "{n} bodies below go too.", number).format(n=number)] if number else []


def _employers(number: int) -> list[str]:
    if not number:
        return []
    return [ngettext("{n} employer goes over.", "{n} employers go over.", number).format(n=number)]


def _uncovered(number: int) -> list[str]:
    if not number:
        return []
    sentence = ngettext("The coverage of {n} employer ends.", "The coverage of {n} employers ends.", number)
    return [sentence.format(n=number)]


def _ends(touched: queries.Consequences) -> list[str]:
    """What comes to an end, or changes hands, with a body."""
    told = [
        (touched.posts, ngettext("{n} post ends.", "{n} posts end.", touched.posts)),
        (
            touched.transfers,
            ngettext(
                "{n} open transfer is redirected or refused.",
                "{n} open transfers are redirected or refused.",
                touched.transfers,
            ),
        ),
        (
            touched.guided,
            ngettext("{n} body is no longer guided by it.", "{n} bodies are no longer guided by it.", touched.guided),
        ),
    ]
    return [sentence.format(n=number) for number, sentence in told if number]


def _ended(row: Organisation) -> str:
    return _("{name} no longer exists from that day; its history and figures of the past stay.").format(name=row)


@page(EDIT, methods=BOTH)
def organisation_guidance(request: PageRequest, pk: int) -> HttpResponseBase:
    """Name the industry union that guides a body's work."""
    row = _reach(request, pk, EDIT)
    form = own.GuidanceForm(
        posted(request),
        actor=request.actor,
        today=request.today,
        initial={"parent": queries.guide_on(row, request.today)},
    )

    def act(data: dict[str, Any]) -> None:
        actions.set_guidance(actor=request.actor, now=request.now, organisation=row, **data)

    if request.method == "POST" and done(form, act):
        return _back(row, _("Saved."), request)
    return _form(request, form, _("Guidance of {name}").format(name=row), row)


@page(EDIT, methods=BOTH)
def organisation_cover(request: PageRequest, pk: int) -> HttpResponseBase:
    """Let a union cover employers."""
    row = _reach(request, pk, EDIT)
    form = own.CoverForm(posted(request), actor=request.actor, today=request.today)

    def act(data: dict[str, Any]) -> None:
        employer_actions.cover_employers(actor=request.actor, now=request.now, organisation=row, **data)

    if request.method == "POST" and done(form, act):
        return _back(row, _("Saved."), request)
    return _form(request, form, _("Employers covered by {name}").format(name=row), row)


@page(EDIT, methods=BOTH)
def coverage_end(request: PageRequest, pk: int) -> HttpResponseBase:
    """Say that an employer is no longer covered."""
    coverage = get_or_404(seen_coverage(request.actor), pk=pk)
    row = _reach(request, coverage.organisation_id, EDIT)
    form = own.EndCoverageForm(posted(request), actor=request.actor, today=request.today)

    def act(data: dict[str, Any]) -> None:
        employer_actions.end_coverage(actor=request.actor, now=request.now, coverage=coverage, **data)

    if request.method == "POST" and done(form, act):
        return _back(row, _("Saved."), request)
    title = _("{employer} is no longer covered by {name}").format(employer=coverage.employer, name=row)
    return _form(request, form, title, row)


def _years(row: Organisation, request: PageRequest) -> tuple[int, ...]:
    rule = rule_of_years(OrganisationType(row.type))
    return find(rule, on=request.today, at=place_of(row)).rule.numbers


@page(EDIT, methods=BOTH)
def term_new(request: PageRequest, pk: int) -> HttpResponseBase:
    """Record the election of a committee."""
    row = _reach(request, pk, EDIT)
    form = own.TermForm(posted(request), actor=request.actor, today=request.today, years=_years(row, request))

    def act(data: dict[str, Any]) -> None:
        terms.start_term(actor=request.actor, now=request.now, organisation=row, **data)

    if request.method == "POST" and done(form, act):
        return _back(row, _("The election was recorded. Now enter who holds which post."), request)
    return _form(request, form, _("Record an election at {name}").format(name=row), row)


@page(EDIT, methods=BOTH)
def term_correct(request: PageRequest, pk: int) -> HttpResponseBase:
    """Correct the present term."""
    row = _reach(request, pk, EDIT)
    term = queries.term_on(row, request.today)
    form = own.TermForm(
        posted(request),
        actor=request.actor,
        today=request.today,
        years=_years(row, request),
        initial={"on": term.starts_on, "years": term.years} if term else None,
    )

    def act(data: dict[str, Any]) -> None:
        terms.correct_term(actor=request.actor, now=request.now, organisation=row, **data)

    if request.method == "POST" and done(form, act):
        return _back(row, _("Saved."), request)
    return _form(request, form, _("Correct the term of {name}").format(name=row), row)


@page(EDIT, methods=BOTH)
def term_end(request: PageRequest, pk: int) -> HttpResponseBase:
    """Say that the committee left office without a new one."""
    row = _reach(request, pk, EDIT)
    form = own.EndTermForm(posted(request), actor=request.actor, today=request.today)

    def act(data: dict[str, Any]) -> None:
        terms.end_term(actor=request.actor, now=request.now, organisation=row, **data)

    if request.method == "POST" and done(form, act):
        return _back(row, _("Saved."), request)
    return _form(request, form, _("End the term of {name}").format(name=row), row, danger=True)

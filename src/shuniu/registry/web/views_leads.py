"""Organising leads: the list, one lead and its steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from shuniu.kernel.errors import ActionError
from shuniu.kernel.flow import Transition
from shuniu.kernel.text import normal
from shuniu.kernel.web.doing import done, posted
from shuniu.kernel.web.files import workbook
from shuniu.kernel.web.lists import Column, Empty, Export, Kind, ListPage
from shuniu.kernel.web.page import page
from shuniu.kernel.web.requests import PageRequest, get_or_404
from shuniu.registry.actions import organising as actions
from shuniu.registry.enums import EmployerCategory, Industry, LeadSource
from shuniu.registry.founding import Founding
from shuniu.registry.models import Lead
from shuniu.registry.queries import organising
from shuniu.registry.rules.organising import LEADS, NEEDS_REASON, STAGES, STEPS, LeadCase
from shuniu.registry.web import forms_leads as own

BOTH = ("GET", "POST")
ORGANISE = ("lead.edit", "lead.approve")


def state_tone(row: Lead) -> str:
    return LEADS.state(row).tone  # type: ignore[arg-type]  # a lead has a state, which is all this looks at


def organiser_name(row: Lead) -> str:
    return row.organiser.person.name if row.organiser else ""


COLUMNS: tuple[Column[Lead], ...] = (
    Column("employer", gettext_lazy("Employer"), value="employer.name", link=True, order=("employer__name", "pk")),
    Column("state", pgettext_lazy("lead", "State"), value=lambda row: row.get_state_display(), tone=state_tone),
    Column("area", gettext_lazy("Area"), value="employer.area.name", narrow=False),
    Column(
        "headcount",
        gettext_lazy("Staff"),
        value="employer.headcount",
        kind=Kind.NUMBER,
        order=("employer__headcount", "pk"),
    ),
    Column("source", pgettext_lazy("lead", "Source"), value=lambda row: row.get_source_display(), narrow=False),
    Column("organiser", gettext_lazy("Organiser"), value=organiser_name),
    Column("opened_on", gettext_lazy("Opened on"), kind=Kind.DATE, order=("opened_on", "pk"), narrow=False),
    Column("next_on", gettext_lazy("Next visit on"), kind=Kind.DATE, narrow=False),
)

LIST = ListPage[Lead](
    title=gettext_lazy("Organising leads"),
    unit=pgettext_lazy("unit", "leads"),
    columns=COLUMNS,
    default_order=("-opened_on", "-pk"),
    filters=own.LeadFilter,
    row_url=lambda row: reverse("registry:lead", args=[row.pk]),
    empty=Empty(
        gettext_lazy("No leads yet"),
        gettext_lazy("A lead begins with an employer that has no union: from an inspection, a case or a walk-in."),
        gettext_lazy("Open a lead"),
        "registry:lead_new",
        "lead.edit",
    ),
    exports=(Export(gettext_lazy("Export"), "registry:leads_export", "lead.view"),),
    template="registry/lead_list.html",
)


@page("lead.view")
def leads(request: PageRequest) -> HttpResponse:
    """All leads within sight."""
    rows = organising.leads(request.actor)
    may_open = request.actor.may("lead.edit")
    return LIST.answer(request, rows, base=rows.count(), base_label=_("all leads you look after"), may_open=may_open)


@page("lead.view")
def leads_export(request: PageRequest) -> HttpResponse:
    """The leads of the list as a workbook."""
    chosen = own.LeadFilter(request.GET, actor=request.actor, today=request.today)
    rows = chosen.narrow(organising.leads(request.actor)).order_by(*LIST.default_order)
    cells = ([_plain(column, row) for column in COLUMNS] for row in rows.iterator(chunk_size=2000))
    return workbook(LIST.title, [column.title for column in COLUMNS], cells)


def _plain(column: Column[Lead], row: Lead) -> Any:
    value = column.of(row)
    return str(value) if isinstance(value, Promise) else value


@page("lead.edit")
def lead_new(request: PageRequest) -> HttpResponse:
    """Find the employer a new lead is about, or go on to enter it."""
    query = normal(request.GET.get("q", ""))[:80]
    found = organising.employers_named(request.actor, own.named(query), request.today) if query else []
    return render(request, "registry/lead_new.html", {"query": query, "found": found})


@page("lead.edit", methods=BOTH)
def lead_open(request: PageRequest, employer: int) -> HttpResponseBase:
    """Open a lead about an employer of the registry."""
    row = get_or_404(organising.employers_to_organise(request.actor), pk=employer)
    form = own.OpenForm(posted(request), actor=request.actor, today=request.today, area=row.area)
    opened: list[Lead] = []

    def act(data: dict[str, Any]) -> None:
        opened.append(actions.open_lead(actor=request.actor, now=request.now, employer=row, **_opening(data)))

    if done(form, act):
        messages.success(request, _("The lead is open."))
        return redirect("registry:lead", opened[0].pk)
    context = {"form": form, "title": _("Open a lead"), "employer": row, "submit": _("Open the lead")}
    return render(request, "registry/lead_form.html", context | {"cancel_url": reverse("registry:lead_new")})


def _opening(data: dict[str, Any]) -> dict[str, Any]:
    wanted = ("on", "expected_members", "organiser", "next_on", "note")
    return {key: data[key] for key in wanted} | {"source": LeadSource(data["source"])}


@page("lead.edit", methods=BOTH)
def lead_new_employer(request: PageRequest) -> HttpResponseBase:
    """Enter an employer nobody knew yet, and open a lead about it."""
    name = normal(request.GET.get("name", ""))[:120]
    form = own.NewEmployerForm(posted(request), actor=request.actor, today=request.today, name=name)
    opened: list[Lead] = []

    def act(data: dict[str, Any]) -> None:
        employer = _new_employer(data, request)
        opened.append(actions.open_lead(actor=request.actor, now=request.now, employer=employer, **_opening(data)))

    if done(form, act):
        messages.success(request, _("The employer is entered and the lead is open."))
        return redirect("registry:lead", opened[0].pk)
    context = {"form": form, "title": _("Open a lead about a new employer"), "submit": _("Open the lead")}
    context |= {"draft": "lead-new", "cancel_url": reverse("registry:lead_new")}
    return render(request, "registry/lead_form.html", context)


def _new_employer(data: dict[str, Any], request: PageRequest) -> actions.NewEmployer:
    body = organising.body_of(data["area"], request.today, request.actor.reach("lead.edit"))
    if body is None:
        raise ActionError(_("No union body answers for {area} yet.").format(area=data["area"]))
    given = {key: data[key] for key in ("name", "area", "headcount", "credit_code", "address")}
    category, industry = EmployerCategory(data["category"]), Industry(data["industry"])
    return actions.NewEmployer(territory=body, category=category, industry=industry, **given)


@page("lead.view")
def lead(request: PageRequest, pk: int) -> HttpResponse:
    """One lead: how far it is, what was said, what comes next."""
    row = get_or_404(organising.leads(request.actor), pk=pk)
    case = organising.case_of(row)
    moves = LEADS.available(case, request.actor, row.territory.path or "")
    forward = [move for move in moves if move.name not in NEEDS_REASON]
    context = {
        "lead": row,
        "state": LEADS.of(case.state),
        "crumbs": [(LIST.title, reverse("registry:leads"))],
        "primary": _button(row, forward[0]) if forward else None,
        "others": [_button(row, move) for move in moves if move not in forward[:1]],
        "may_note": case.state in STAGES[:-1] and request.actor.may_at("lead.edit", row.territory.path or ""),
        "stages": _stages(row, case),
        "facts": _facts(row),
        "verdicts": organising.verdicts(row, request.today),
        "covered_by": organising.covered_by(row, request.today),
        "events": _events(row),
        **organising.results(row, request.actor, request.today),
    }
    return render(request, "registry/lead.html", context)


def _button(row: Lead, move: Transition[LeadCase]) -> dict[str, Any]:
    name = "registry:lead_step" if move.name in STEPS else f"registry:lead_{move.name}"
    args = [row.pk, move.name] if move.name in STEPS else [row.pk]
    return {"label": move.label, "url": reverse(name, args=args), "danger": move.danger}


def _stages(row: Lead, case: LeadCase) -> list[dict[str, Any]]:
    """The stages with what was reached; a lead that was closed keeps the furthest one it came to."""
    reached = STAGES.index(case.state) if case.state in STAGES else organising.furthest(row)
    return [
        {"label": state.label, "done": place < reached, "current": place == reached and case.state in STAGES}
        for place, state in enumerate(STAGES)
    ]


def _facts(row: Lead) -> list[tuple[Any, Any]]:
    employer = row.employer
    return [
        (_("Staff"), employer.headcount),
        (_("Members expected"), row.expected_members or ""),
        (_("Category"), employer.get_category_display()),
        (_("Industry"), employer.get_industry_display()),
        (_("Area"), employer.area),
        (_("Responsible union body"), row.territory),
        (_("Address"), employer.address),
        (pgettext("lead", "Source"), row.get_source_display()),
        (_("Opened on"), row.opened_on),
        (_("Next visit on"), row.next_on),
        (_("Approval number"), row.approval_number),
        (_("Note"), row.note),
    ]


STEP_TITLES = {
    "open": pgettext_lazy("lead", "Lead opened"),
    "note": pgettext_lazy("lead", "Contact"),
    "visit": pgettext_lazy("lead", "Visited"),
    "consent": pgettext_lazy("lead", "Consented"),
    "prepare": pgettext_lazy("lead", "Preparatory group set up"),
    "approve": pgettext_lazy("lead", "Founding approved"),
    "send_back": pgettext_lazy("lead", "Sent back"),
    "found": pgettext_lazy("lead", "Union founded"),
    "join": pgettext_lazy("lead", "Joined a joint union"),
    "close": pgettext_lazy("lead", "Closed without a union"),
}
TONES = {"found": "good", "join": "good", "close": "done", "send_back": "warn"}


def _events(row: Lead) -> list[dict[str, Any]]:
    return [
        {
            "on": step.on,
            "title": STEP_TITLES.get(step.step, step.get_state_display()),
            "text": step.note,
            "who": step.by_name,
            "tone": TONES.get(step.step, "neutral"),
        }
        for step in organising.steps_of(row)
    ]


Act = Callable[[dict[str, Any]], object]


def _answer(
    request: PageRequest, row: Lead, form: forms.Form, act: Act, said: str, title: object, **context: Any
) -> HttpResponseBase:
    """A form about one lead: shown, or carried out and back to the lead."""
    back = reverse("registry:lead", args=[row.pk])
    if request.method == "POST" and done(form, act):
        messages.success(request, said)
        return redirect(back)
    crumbs = [(LIST.title, reverse("registry:leads")), (row.employer.name, back)]
    shown = {"form": form, "lead": row, "title": title, "crumbs": crumbs, "cancel_url": back}
    return render(request, "registry/lead_form.html", shown | context)


def _moving(request: PageRequest, pk: int, step: str) -> tuple[Lead, HttpResponseBase | None]:
    """The lead, and where to go instead if this step cannot be taken now."""
    row = get_or_404(organising.leads(request.actor), pk=pk)
    try:
        LEADS.check(step, organising.case_of(row), request.actor, row.territory.path or "")
    except ActionError as error:
        messages.error(request, str(error))
        return row, redirect("registry:lead", pk)
    return row, None


@page(*ORGANISE, methods=BOTH)
def lead_step(request: PageRequest, pk: int, step: str) -> HttpResponseBase:
    """A step that is a day and a note."""
    if step not in STEPS:
        return redirect("registry:lead", pk)
    row, elsewhere = _moving(request, pk, step)
    if elsewhere:
        return elsewhere
    move = LEADS.transition(step)
    form = own.StepForm(posted(request), today=request.today, reason=step in NEEDS_REASON, ends=step == "close")

    def act(data: dict[str, Any]) -> None:
        actions.take_step(actor=request.actor, now=request.now, lead=row, step=step, **data)

    said = _("The lead has moved on.")
    return _answer(request, row, form, act, said, move.label, submit=move.label, danger=move.danger)


@page("lead.approve", methods=BOTH)
def lead_approve(request: PageRequest, pk: int) -> HttpResponseBase:
    """Approve the founding of the union."""
    row, elsewhere = _moving(request, pk, "approve")
    if elsewhere:
        return elsewhere
    form = own.ApproveForm(posted(request), today=request.today)

    def act(data: dict[str, Any]) -> None:
        actions.approve_lead(actor=request.actor, now=request.now, lead=row, **data)

    title = LEADS.transition("approve").label
    return _answer(request, row, form, act, _("The founding is approved."), title, submit=title)


@page("organisation.restructure", methods=BOTH)
def lead_found(request: PageRequest, pk: int) -> HttpResponseBase:
    """Found the union that was approved."""
    row, elsewhere = _moving(request, pk, "found")
    if elsewhere:
        return elsewhere
    form = own.FoundForm(posted(request), lead=row, actor=request.actor, today=request.today)

    def act(data: dict[str, Any]) -> None:
        others, members = list(data.pop("others")), data.pop("members")
        what = Founding(area=row.employer.area, **data)
        actions.found_union(actor=request.actor, now=request.now, lead=row, what=what, others=others, members=members)

    title = LEADS.transition("found").label
    return _answer(request, row, form, act, _("The union is founded."), title, submit=title)


@page("organisation.restructure", methods=BOTH)
def lead_join(request: PageRequest, pk: int) -> HttpResponseBase:
    """Record that the employer joined a joint union."""
    row, elsewhere = _moving(request, pk, "join")
    if elsewhere:
        return elsewhere
    form = own.JoinForm(posted(request), lead=row, today=request.today)

    def act(data: dict[str, Any]) -> None:
        actions.join_union(actor=request.actor, now=request.now, lead=row, **data)

    title = LEADS.transition("join").label
    return _answer(request, row, form, act, _("The joint union covers this employer now."), title)


@page("lead.edit", methods=BOTH)
def lead_note(request: PageRequest, pk: int) -> HttpResponseBase:
    """Keep what was said, without moving on."""
    row = _within(request, pk, "lead.edit")
    form = own.NoteForm(posted(request), today=request.today)

    def act(data: dict[str, Any]) -> None:
        actions.add_note(actor=request.actor, now=request.now, lead=row, **data)

    return _answer(request, row, form, act, _("Kept."), _("Note a contact"))


@page("lead.edit", methods=BOTH)
def lead_assign(request: PageRequest, pk: int) -> HttpResponseBase:
    """Give the lead to another organiser."""
    row = _within(request, pk, "lead.edit")
    form = own.AssignForm(posted(request), actor=request.actor, today=request.today)

    def act(data: dict[str, Any]) -> None:
        actions.assign_lead(actor=request.actor, now=request.now, lead=row, **data)

    return _answer(request, row, form, act, _("The lead has a new organiser."), pgettext("lead", "Assign"))


@page("member.edit", methods=BOTH)
def lead_members(request: PageRequest, pk: int) -> HttpResponseBase:
    """Admit people to the union that was founded."""
    row = _within(request, pk, "member.edit")
    form = own.MembersForm(posted(request), today=request.today)

    def act(data: dict[str, Any]) -> None:
        actions.enrol_members(actor=request.actor, now=request.now, lead=row, **data)

    return _answer(request, row, form, act, _("The members are admitted."), _("Admit members"), submit=_("Admit"))


@page("lead.approve", methods=BOTH)
def lead_settle(request: PageRequest, pk: int) -> HttpResponseBase:
    """Record what the enrolled members earn the organiser."""
    row = _within(request, pk, "lead.approve")
    form = own.SettleForm(posted(request), today=request.today)

    def act(data: dict[str, Any]) -> None:
        actions.settle_enrolment(actor=request.actor, now=request.now, lead=row, **data)

    title = _("Settle the allowance for members")
    return _answer(request, row, form, act, _("The allowance is recorded."), title, submit=_("Settle"))


def _within(request: PageRequest, pk: int, permission: str) -> Lead:
    """A lead in sight, where the actor also holds the permission."""
    row = get_or_404(organising.leads(request.actor), pk=pk)
    if not request.actor.may_at(permission, row.territory.path or ""):
        raise PermissionDenied(permission)
    return row

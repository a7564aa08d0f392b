"""One person: her record, its corrections, the steps of her membership, and a number in full."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from shuniu.kernel.errors import ActionError
from shuniu.kernel.flow import Transition
from shuniu.kernel.vault import mask_id_number, mask_mobile
from shuniu.kernel.web.doing import done, key_in, posted
from shuniu.kernel.web.formats import date_text
from shuniu.kernel.web.page import page
from shuniu.kernel.web.requests import PageRequest, get_or_404
from shuniu.registry.actions import members as joining
from shuniu.registry.actions import people as keeping
from shuniu.registry.actions import transfers as transferring
from shuniu.registry.enums import MembershipAct, Standing
from shuniu.registry.models import Person, Transfer
from shuniu.registry.people import place_of
from shuniu.registry.queries.limits import rule_for
from shuniu.registry.queries.members import visible_people
from shuniu.registry.queries.people import Record, record_of
from shuniu.registry.queries.transfers import destinations
from shuniu.registry.rules.members import MEMBERSHIP, Standee
from shuniu.registry.rules.officers import expiry, expiry_label, expiry_tone
from shuniu.registry.rules.people import age_on
from shuniu.registry.rules.transfers import TRANSFER
from shuniu.registry.web import forms_members as own
from shuniu.registry.web.forms_transfers import IssueForm

BOTH = ("GET", "POST")
SEALED = {"id_number": gettext_lazy("Identity number"), "mobile": gettext_lazy("Mobile")}
TONES = {
    MembershipAct.APPROVED: "good",
    MembershipAct.TRANSFERRED_IN: "good",
    MembershipAct.RESUMED: "good",
    MembershipAct.APPLIED: "warn",
    MembershipAct.TRANSFERRED_OUT: "warn",
    MembershipAct.LEFT: "done",
    MembershipAct.EXPELLED: "bad",
    MembershipAct.DIED: "done",
}
CONFIRMED = {Standing.ACTIVE, Standing.RESERVED}
"""Standings in which a record is compared with the member every year."""
Button = dict[str, Any]


def person_in_sight(request: PageRequest, pk: int) -> Person:
    """The person, or 404."""
    return get_or_404(visible_people(request.actor).select_related("home__area"), pk=pk)


def person_for(request: PageRequest, pk: int, permission: str) -> Person:
    """The person, if the actor holds the permission at her union; 404 out of sight, 403 without the right."""
    person = person_in_sight(request, pk)
    if not request.actor.may_at(permission, place_of(person)):
        raise PermissionDenied
    return person


@page("member.view")
def person(request: PageRequest, pk: int) -> HttpResponse:
    """One person's record: facts and what happened, and what may be done next."""
    row = person_in_sight(request, pk)
    record = record_of(row)
    buttons = _buttons(request, row, record)
    context = {
        "person": row,
        "state": MEMBERSHIP.of(Standing(row.standing)),
        "crumbs": [(_("Members"), reverse("registry:members"))],
        "primary": buttons[0] if buttons else None,
        "others": buttons[1:],
        "facts": facts_of(row, request.today),
        "numbers": _numbers(request, row),
        "record": record,
        "certificates": certificates(record, request),
        "events": timeline(record),
        "open_transfer": record.open_transfer,
        "may_confirm": row.standing in CONFIRMED and request.actor.may_at("member.edit", place_of(row)),
        "hours": sum(study.hours for study in record.studies if study.starts_on.year == request.today.year),
    }
    return render(request, "registry/person.html", context)


def facts_of(person: Person, today: date) -> list[tuple[Any, Any]]:
    """What may be shown of a person besides her numbers."""
    born = person.born_on and _("{day} ({age} years old)").format(
        day=date_text(person.born_on), age=age_on(person.born_on, today)
    )
    return [
        (_("Union"), person.home),
        (_("Joined on"), person.joined_on),
        (_("Sex"), person.get_sex_display()),
        (_("Born on"), born),
        (_("Ethnicity"), person.ethnicity),
        (_("Political status"), person.get_political_display()),
        (pgettext("person", "Education"), person.get_education_display()),
        (_("Household registration"), person.get_household_display()),
        (_("Migrant worker"), _("Yes") if person.is_migrant else _("No")),
        (_("Form of employment"), person.get_employment_display()),
        (_("Department or team"), person.department),
        (_("Job"), person.job),
        (_("Record confirmed on"), person.confirmed_on),
        (_("Consent to use of data on"), person.consented_on),
    ]


def masked_numbers(person: Person) -> list[tuple[str, str, str]]:
    """The sealed fields: key, label and masked value."""
    shown = {"id_number": mask_id_number(person.id_number), "mobile": mask_mobile(person.mobile)}
    return [(key, str(label), shown[key]) for key, label in SEALED.items()]


def _numbers(request: PageRequest, person: Person) -> list[tuple[str, str, str]]:
    """The sealed fields with their labels, masked, and where they are shown in full, for those who may."""
    may = request.actor.may_at("member.reveal", place_of(person))
    return [
        (label, value, reverse("registry:person_reveal", args=[person.pk, key]) if may else "")
        for key, label, value in masked_numbers(person)
    ]


def certificates(record: Record, request: PageRequest) -> list[dict[str, Any]]:
    """A person's certificates, each with how it stands today."""
    steps = rule_for(request.actor, "officer.view", "qualification.warning_days", request.today).numbers
    found = []
    for row in record.qualifications:
        state = expiry(row.expires_on, request.today, steps)
        found.append({"row": row, "label": expiry_label(state), "tone": expiry_tone(state, steps)})
    return found


def timeline(record: Record) -> list[dict[str, Any]]:
    """What happened to a membership and with posts, newest first."""
    events = [
        {
            "on": event.on,
            "title": _("{event}: {union}").format(event=event.get_act_display(), union=event.organisation),
            "text": event.reason,
            "tone": TONES.get(MembershipAct(event.act), "neutral"),
        }
        for event in record.events
    ]
    for post in record.posts:
        what = _("{post}: {union}").format(post=post.get_kind_display(), union=post.organisation)
        events.append({"on": post.starts_on, "title": _("Took the post {what}").format(what=what), "tone": "active"})
        if not post.is_open:
            events.append({"on": post.ends_on, "title": _("Left the post {what}").format(what=what), "tone": "done"})
    return sorted(events, key=lambda event: event["on"], reverse=True)


def _buttons(request: PageRequest, person: Person, record: Record) -> list[Button]:
    """What this actor may do with the record now; the first is what should be done."""
    actor, path = request.actor, place_of(person)
    moves = MEMBERSHIP.available(Standee(person.pk, Standing(person.standing)), actor, path)
    steps = [_step(person, move) for move in moves]
    quiet = [step for step in steps if step["danger"]]
    waiting = [_transfer_button(one) for one in [record.open_transfer] if one and _may_receive(one, actor)]
    urgent = [step for step in steps if step["urgent"]]
    rest = [step for step in steps if not step["urgent"] and not step["danger"]]
    edits = _links(person, actor, path, has_open=record.open_transfer is not None)
    return [*waiting, *urgent, *edits, *rest, *quiet]


def _step(person: Person, move: Transition[Standee]) -> Button:
    url = reverse("registry:person_step", args=[person.pk, move.name])
    return {"label": move.label, "url": url, "danger": move.danger, "urgent": move.name in {"admit", "resume"}}


def _may_receive(transfer: Transfer, actor: Any) -> bool:
    return "receive" in {move.name for move in TRANSFER.available(transferring.handover(transfer), actor)}


def _transfer_button(transfer: Transfer) -> Button:
    return {"label": _("Receive the transfer"), "url": reverse("registry:transfer", args=[transfer.pk])}


def _links(person: Person, actor: Any, path: str, *, has_open: bool) -> list[Button]:
    member = person.standing in {Standing.ACTIVE, Standing.RESERVED}
    offered = (
        ("person_edit", gettext_lazy("Correct the record"), "member.edit", True),
        ("transfer_new", gettext_lazy("Issue a transfer"), "transfer.edit", member and not has_open),
        ("post_new", gettext_lazy("Give a post"), "officer.edit", True),
        ("qualification_new", gettext_lazy("Record a certificate"), "officer.edit", True),
        ("study_new", gettext_lazy("Record study"), "officer.edit", True),
    )
    return [
        {"label": label, "url": reverse(f"registry:{name}", args=[person.pk])}
        for name, label, permission, fits in offered
        if fits and actor.may_at(permission, path)
    ]


@page("member.edit", methods=BOTH)
def person_edit(request: PageRequest, pk: int) -> HttpResponseBase:
    """Correct what is kept about a person. Numbers are replaced, never shown."""
    row = person_for(request, pk, "member.edit")
    form = own.EditForm(posted(request), row)

    def act(data: dict[str, Any]) -> None:
        keeping.edit_person(row, form.particulars(data), actor=request.actor, now=request.now)

    if done(form, act):
        messages.success(request, _("The record is corrected."))
        return redirect("registry:person", pk)
    return _form(request, row, form, _("Correct the record"))


@page("member.edit", methods=BOTH)
def person_step(request: PageRequest, pk: int, move: str) -> HttpResponseBase:
    """A step of a membership, such as admission, reservation or leaving."""
    row = person_for(request, pk, "member.edit")
    step = next((one for one in MEMBERSHIP.transitions if one.name == move), None)
    if step is None:
        raise Http404
    form = own.StepForm(posted(request), move=move, today=request.today)

    def act(data: dict[str, Any]) -> None:
        said = {key: data.get(key, "") for key in ("reason", "vote")}
        joining.take_step(row, move, on=data["on"], actor=request.actor, now=request.now, **said)

    if done(form, act):
        messages.success(request, _("Recorded: {step}.").format(step=step.label))
        return redirect("registry:person", pk)
    consequence = _consequence(row, move)
    return _form(request, row, form, step.label, submit=step.label, danger=step.danger, consequence=consequence)


def _consequence(person: Person, move: str) -> str:
    if move in {"leave", "expel", "record_death"}:
        return _("The membership ends, with every post and any open transfer. The record stays, and can be found.")
    if move == "reserve":
        return _("The membership is kept without dues, and without voting or standing for election.")
    return ""


@page("member.edit", methods=("POST",))
def person_confirm(request: PageRequest, pk: int) -> HttpResponseBase:
    """The record was compared with the person today."""
    row = person_for(request, pk, "member.edit")
    try:
        number = keeping.confirm_records([row], on=request.today, actor=request.actor, now=request.now)
    except ActionError as error:
        messages.error(request, str(error))
    else:
        done_ = _("The record is confirmed.") if number else _("Only members' records are confirmed.")
        (messages.success if number else messages.error)(request, done_)
    return redirect("registry:person", pk)


@page("member.reveal", methods=BOTH)
def person_reveal(request: PageRequest, pk: int, field: str) -> HttpResponseBase:
    """One number in full, once, for a reason that is kept."""
    row = person_for(request, pk, "member.reveal")
    if field not in SEALED:
        raise Http404
    form = own.RevealForm(posted(request), label_suffix="")
    shown: list[str] = []

    def act(data: dict[str, Any]) -> None:
        value = keeping.reveal_number(row, field, reason=data["reason"], actor=request.actor, now=request.now)
        shown.append(value)

    done(form, act)
    title = _("Show in full: {field}").format(field=SEALED[field])
    return _form(request, row, form, title, submit=_("Show"), shown=shown[0] if shown else "")


@page("transfer.edit", methods=BOTH)
def transfer_new(request: PageRequest, pk: int) -> HttpResponseBase:
    """Issue a transfer to another union."""
    row = person_for(request, pk, "transfer.edit")
    standing = destinations(request.today)
    first = standing.filter(pk=key_in(request.GET.get("to", "")) or 0).first()
    form = IssueForm(posted(request), unions=standing, today=request.today, first=first)
    issued: list[Transfer] = []

    def act(data: dict[str, Any]) -> None:
        issued.append(
            transferring.issue_transfer(
                row, data["destination"], on=data["on"], reason=data["reason"], actor=request.actor, now=request.now
            )
        )

    if done(form, act):
        messages.success(request, _("The transfer is issued. The other union has to receive it."))
        return redirect("registry:transfer", issued[0].pk)
    return _form(request, row, form, _("Issue a transfer"))


def _form(request: PageRequest, person: Person, form: forms.Form, title: Any, **context: Any) -> HttpResponse:
    here = reverse("registry:person", args=[person.pk])
    crumbs = [(_("Members"), reverse("registry:members")), (person.name, here)]
    shared = {"person": person, "form": form, "title": title, "crumbs": crumbs, "cancel_url": here}
    return render(request, "registry/person_form.html", shared | context)

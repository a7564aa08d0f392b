"""What hangs on a provider: papers, people, absences, conflicts, accounts. The union's pages and its manager's are one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from shuniu.hub.actions import papers as paper_actions
from shuniu.hub.actions import professionals as actions
from shuniu.hub.enums import AbsenceReason, PaperKind, Profession, ServiceKind
from shuniu.hub.hands import APPROVE, EDIT, is_keeper, may_change
from shuniu.hub.models import Professional, Provider
from shuniu.hub.queries import fitness
from shuniu.hub.queries import providers as queries
from shuniu.hub.rules.uploads import content_type
from shuniu.hub.web import forms_providers as forms
from shuniu.hub.web.views_providers import answer_form, services_text
from shuniu.kernel.errors import ActionError, FieldError
from shuniu.kernel.exchange.store import open_upload
from shuniu.kernel.web.doing import done, posted
from shuniu.kernel.web.page import page
from shuniu.kernel.web.requests import PageRequest, get_or_404

BOTH = ("GET", "POST")
HANDS = (EDIT, "provider.own")
SEES = ("provider.view", "provider.own", "service.give")


def _provider(request: PageRequest, pk: int) -> Provider:
    """A provider in sight that the actor may change."""
    row: Provider = get_or_404(queries.providers(request.actor), pk=pk)
    if not may_change(request.actor, row):
        raise PermissionDenied(EDIT)
    return row


def _home(provider: Provider, part: str = "") -> str:
    return reverse("hub:provider", args=[provider.pk]) + (f"#{part}" if part else "")


@page(*HANDS, methods=BOTH)
def paper_new(request: PageRequest, pk: int) -> HttpResponseBase:
    """Hand in a paper of a provider."""
    return _hand_in(request, _provider(request, pk), None)


@page(*HANDS, methods=BOTH)
def professional_paper_new(request: PageRequest, pk: int) -> HttpResponseBase:
    """Hand in a paper of one of its people."""
    row = get_or_404(queries.professionals(request.actor), pk=pk)
    return _hand_in(request, _provider(request, row.provider_id), row)


def _hand_in(request: PageRequest, provider: Provider, person: Professional | None) -> HttpResponseBase:
    form = forms.PaperForm(posted(request), request.FILES or None)
    back = reverse("hub:professional", args=[person.pk]) if person else _home(provider, "papers")

    def act(data: dict[str, Any]) -> None:
        file = data.pop("file")
        details = paper_actions.PaperDetails(**{**data, "kind": PaperKind(data["kind"])}, professional=person)
        paper_actions.hand_in_paper(provider, details, upload_of(file), actor=request.actor, now=request.now)

    if done(form, act):
        messages.success(request, _("The paper is handed in. It counts once somebody else has checked it."))
        return redirect(back)
    title = _("Hand in a paper of {name}").format(name=person or provider)
    return answer_form(request, form, title, back)


def upload_of(file: Any) -> paper_actions.Upload | None:
    """What a form took, as the actions want it."""
    return paper_actions.Upload(file, file.name or "", file.size) if file else None


@page(*SEES)
def paper_file(request: PageRequest, pk: int) -> HttpResponseBase:
    """The picture of a paper, to be saved and never shown inside the site: for those who check it and those it is of."""
    row = get_or_404(queries.papers(request.actor), pk=pk)
    own = row.professional is not None and row.professional.user_id == request.actor.user_id
    if not own and not may_change(request.actor, row.provider):
        raise PermissionDenied(EDIT)
    try:
        content = open_upload(row.file_id)
    except FileNotFoundError as error:
        raise Http404 from error
    answer = FileResponse(content, as_attachment=True, filename=row.file_name, content_type=content_type(row.file_name))
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@page(EDIT, methods=["POST"])
def paper_check(request: PageRequest, pk: int) -> HttpResponseBase:
    """Say that a paper was compared with the original."""
    row = get_or_404(queries.papers(request.actor), pk=pk)
    try:
        paper_actions.check_paper(row, actor=request.actor, now=request.now)
        messages.success(request, _("The paper is checked."))
    except ActionError as error:
        messages.error(request, str(error))
    return redirect(_home(row.provider, "papers"))


@page(*SEES)
def professional(request: PageRequest, pk: int) -> HttpResponse:
    """Somebody who serves: what for, with which papers, and when she is away."""
    row = get_or_404(queries.professionals(request.actor), pk=pk)
    changes = may_change(request.actor, row.provider)
    context = {
        "person": row,
        "facts": _facts(row),
        "papers": queries.papers(request.actor).filter(professional=row).order_by("-good_until", "pk"),
        "absences": queries.absences_from(row, request.today)[:20],
        "reasons": list(
            dict.fromkeys(filter(None, (fitness.reason_not_to_serve(row, kind, request.today) for kind in row.serves)))
        ),
        "may_change": changes,
        "may_enter_absence": changes or row.user_id == request.actor.user_id,
        "may_admit": is_keeper(request.actor, row.provider, APPROVE) and not row.is_active,
        "may_link": is_keeper(request.actor, row.provider, APPROVE) and row.user_id is None,
        "may_see_provider": is_keeper(request.actor, row.provider, "provider.view")
        or row.provider.is_run_by(request.actor),
    }
    return render(request, "hub/professional.html", context)


def _facts(row: Professional) -> list[tuple[str, Any]]:
    return [
        (_("Profession"), row.get_profession_display()),
        (_("May serve"), services_text(row.serves)),
        (_("Mobile"), row.mobile),
        (_("Provider"), row.provider),
        (_("Account"), _("linked") if row.user_id else ""),
    ]


@page("service.give")
def professional_mine(request: PageRequest) -> HttpResponseBase:
    """One's own entry in the register."""
    row = queries.own_professional(request.actor)
    return redirect("hub:professional", row.pk) if row else render(request, "hub/provider_none.html")


@page(*HANDS, methods=BOTH)
def professional_new(request: PageRequest, pk: int) -> HttpResponseBase:
    """Name somebody who shall serve."""
    provider = _provider(request, pk)
    form = forms.PersonForm(posted(request))
    named: list[Professional] = []

    def act(data: dict[str, Any]) -> None:
        typed = {"profession": Profession(data["profession"]), "serves": [ServiceKind(one) for one in data["serves"]]}
        details = actions.ProfessionalDetails(**{**data, **typed})
        named.append(actions.name_professional(provider, details, actor=request.actor, now=request.now))

    if done(form, act):
        messages.success(
            request, _("{name} is named. Hand in her papers; then the union admits her.").format(name=named[0])
        )
        return redirect("hub:professional", named[0].pk)
    return answer_form(request, form, _("Name somebody of {name}").format(name=provider), _home(provider, "people"))


@page(APPROVE, methods=["POST"])
def professional_admit(request: PageRequest, pk: int) -> HttpResponseBase:
    """Let somebody take new work."""
    row = get_or_404(queries.professionals(request.actor), pk=pk)
    try:
        actions.admit_professional(row, actor=request.actor, now=request.now)
        messages.success(request, _("{name} takes new work.").format(name=row))
    except ActionError as error:
        messages.error(request, str(error))
    return redirect("hub:professional", row.pk)


@page(*HANDS, methods=["POST"])
def professional_retire(request: PageRequest, pk: int) -> HttpResponseBase:
    """Give somebody no new work."""
    row = get_or_404(queries.professionals(request.actor), pk=pk)
    actions.retire_professional(row, actor=request.actor, now=request.now)
    messages.success(request, _("{name} takes no new work.").format(name=row))
    return redirect("hub:professional", row.pk)


@page(*HANDS, "service.give", methods=BOTH)
def absence_new(request: PageRequest, pk: int) -> HttpResponseBase:
    """Say when somebody is away."""
    row = get_or_404(queries.professionals(request.actor), pk=pk)
    if row.user_id != request.actor.user_id and not may_change(request.actor, row.provider):
        raise PermissionDenied(EDIT)
    form = forms.AbsenceForm(posted(request))

    def act(data: dict[str, Any]) -> None:
        reason = AbsenceReason(data["reason"])
        actions.enter_absence(row, data["first"], data["last"], reason, actor=request.actor, now=request.now)

    if done(form, act):
        messages.success(request, _("The absence is entered."))
        return redirect("hub:professional", row.pk)
    title = _("Enter an absence of {name}").format(name=row)
    return answer_form(request, form, title, reverse("hub:professional", args=[row.pk]))


@page(*HANDS, methods=BOTH)
def conflict_new(request: PageRequest, pk: int) -> HttpResponseBase:
    """Declare an employer that the provider serves."""
    provider = _provider(request, pk)
    form = forms.ConflictForm(posted(request))

    def act(data: dict[str, Any]) -> None:
        employer = queries.employer_called(data.pop("employer"))
        if employer is None:
            raise FieldError("employer", _("No employer has exactly this name or code. Write it as it is registered."))
        actions.declare_conflict(provider, employer, actor=request.actor, now=request.now, **data)

    if done(form, act):
        messages.success(request, _("Declared. Nobody of this provider is given a case against the employer."))
        return redirect(_home(provider, "conflicts"))
    title = _("Declare an employer that {name} serves").format(name=provider)
    return answer_form(request, form, title, _home(provider, "conflicts"))


@page(*HANDS, methods=BOTH)
def conflict_end(request: PageRequest, pk: int) -> HttpResponseBase:
    """Say that the provider serves the employer no more."""
    row = get_or_404(queries.conflicts(request.actor), pk=pk)
    if not may_change(request.actor, row.provider):
        raise PermissionDenied(EDIT)
    form = forms.EndForm(posted(request))

    def act(data: dict[str, Any]) -> None:
        actions.end_conflict(row, on=data["on"], actor=request.actor, now=request.now)

    if done(form, act):
        messages.success(request, _("Saved."))
        return redirect(_home(row.provider, "conflicts"))
    title = _("{provider} no longer serves {employer}").format(provider=row.provider, employer=row.employer.name)
    return answer_form(request, form, title, _home(row.provider, "conflicts"))


@page(APPROVE, methods=BOTH)
def account_link(request: PageRequest, pk: int) -> HttpResponseBase:
    """Let an account act for a provider."""
    provider = get_or_404(queries.providers(request.actor), pk=pk)
    return _link(request, provider, None)


@page(APPROVE, methods=BOTH)
def professional_link(request: PageRequest, pk: int) -> HttpResponseBase:
    """Say which account is one of its people."""
    row = get_or_404(queries.professionals(request.actor), pk=pk)
    return _link(request, row.provider, row)


def _link(request: PageRequest, provider: Provider, person: Professional | None) -> HttpResponseBase:
    if not is_keeper(request.actor, provider, APPROVE):
        raise PermissionDenied(APPROVE)
    form = forms.AccountForm(posted(request))
    back = reverse("hub:professional", args=[person.pk]) if person else _home(provider, "staff")

    def act(data: dict[str, Any]) -> None:
        actions.link_account(provider, data["username"], person, actor=request.actor, now=request.now)

    if done(form, act):
        messages.success(request, _("The account is linked."))
        return redirect(back)
    return answer_form(request, form, _("Link an account to {name}").format(name=person or provider), back)


@page(APPROVE, methods=["POST"])
def account_unlink(request: PageRequest, pk: int, staff: int) -> HttpResponseBase:
    """Let an account act for a provider no more."""
    provider = get_or_404(queries.providers(request.actor), pk=pk)
    row = get_or_404(queries.staff_of(provider), pk=staff)
    actions.unlink_account(row, actor=request.actor, now=request.now)
    messages.success(request, _("The account acts for {name} no more.").format(name=provider))
    return redirect(_home(provider, "staff"))

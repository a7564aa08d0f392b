"""What roles there are, who holds them, and giving them with four eyes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from shuniu.accounts.actions import grants as granting
from shuniu.accounts.enums import GrantState
from shuniu.accounts.models import RoleGrant
from shuniu.accounts.queries.grants import called, visible_grants
from shuniu.accounts.rules.granting import proposable
from shuniu.accounts.rules.roles import catalogue
from shuniu.accounts.web import door
from shuniu.accounts.web.forms import Confirmation, GrantForm, ReasonForm
from shuniu.kernel.errors import ActionError
from shuniu.kernel.web.lists import Column, Empty, FilterForm, Kind, ListPage
from shuniu.kernel.web.page import page
from shuniu.kernel.web.requests import PageRequest, get_or_404


def role_title(grant: RoleGrant) -> str:
    """The role's name as people know it; the key of one that is not installed any more."""
    return str(grant.definition.title) if grant.definition else grant.role


def _role_choices() -> list[tuple[str, str]]:
    return [("", _("All roles")), *((one.key, str(one.title)) for one in catalogue().roles.values())]


class GrantFilter(FilterForm):
    q = forms.CharField(
        label=gettext_lazy("User name or name"), max_length=60, widget=forms.TextInput(attrs={"type": "search"})
    )
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=_role_choices)
    state = forms.ChoiceField(
        label=gettext_lazy("State"), choices=[("", gettext_lazy("All states")), *GrantState.choices]
    )

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        if typed := self.values.get("q"):
            rows = called(rows, typed)
        return rows.filter(**{key: self.values[key] for key in ("role", "state") if key in self.values})


GRANTS = ListPage[RoleGrant](
    title=gettext_lazy("Roles given"),
    unit=pgettext_lazy("unit", "roles"),
    columns=(
        Column("user", gettext_lazy("Account"), value="user.name", link=True),
        Column("role", gettext_lazy("Role"), value=role_title),
        Column("organisation", pgettext_lazy("role grant", "At")),
        Column("starts_on", pgettext_lazy("period", "From"), kind=Kind.DATE, narrow=False),
        Column("last_day", pgettext_lazy("period", "Last day"), kind=Kind.DATE, narrow=False),
        Column("state", gettext_lazy("State"), template="accounts/_grant_state.html"),
    ),
    default_order=("-id",),
    filters=GrantFilter,
    row_url=lambda row: reverse("accounts:grant", args=[row.pk]),
    empty=Empty(
        gettext_lazy("No roles given yet"),
        gettext_lazy("Propose a role for an account; a second person approves it."),
        gettext_lazy("Propose a role"),
        "accounts:grant_new",
        "role.grant",
    ),
    template="accounts/grants.html",
)


@page()
def roles(request: PageRequest) -> HttpResponse:
    """What each role may do and who gives it."""
    known = catalogue()
    shown = [
        {
            "role": role,
            "may": [words for key, words in known.permissions.items() if key in role.permissions],
            "approved_by": [known.roles[key].title for key in sorted(role.approved_by)],
            "mine": role.key in request.actor.roles,
        }
        for role in known.roles.values()
    ]
    return render(request, "accounts/roles.html", {"roles": shown})


@page("role.view")
def grants(request: PageRequest) -> HttpResponse:
    """Roles given, waiting and ended, within sight."""
    return GRANTS.answer(
        request, visible_grants(request.actor), may_propose=bool(proposable(catalogue(), request.actor))
    )


@page("role.view")
def grant(request: PageRequest, pk: int) -> HttpResponse:
    """One grant, and what may be done with it."""
    row = get_or_404(visible_grants(request.actor), pk=pk)
    me, waiting = request.actor.user_id, row.state == GrantState.PROPOSED
    context = {
        "grant": row,
        "title": role_title(row),
        "may_decide": waiting and me not in {row.granted_by_id, row.user_id} and request.actor.may("role.grant"),
        "may_withdraw": waiting and me == row.granted_by_id,
        "may_end": row.state == GrantState.APPROVED and row.ends_on > request.today and me != row.user_id,
        "confirmation": Confirmation(),
        "crumbs": [(GRANTS.title, reverse("accounts:grants"))],
    }
    return render(request, "accounts/grant.html", context)


@page("role.grant", methods=["GET", "POST"])
def grant_new(request: PageRequest) -> HttpResponse:
    """Propose a role."""
    if not proposable(catalogue(), request.actor):
        raise PermissionDenied
    asked = {"username": request.GET.get("user", "")}
    form = GrantForm(request.POST or None, actor=request.actor, today=request.today, initial=asked)
    if request.method == "POST" and form.is_valid():
        if not door.is_own_password(request, form.cleaned_data["password"]):
            form.add_error("password", _("This is not your present password."))
        elif (made := _tried(form, **form.grant(), actor=request.actor, now=request.now)) is not None:
            messages.success(request, _("The role is proposed. It counts as soon as a second person approves it."))
            return redirect("accounts:grant", made.pk)
    context = {"form": form, "submit": _("Propose"), "cancel_url": reverse("accounts:grants")}
    return render(request, "accounts/grant_new.html", context)


@page("role.grant", methods=["POST"])
def grant_approve(request: PageRequest, pk: int) -> HttpResponse:
    """Approve a proposed role, with one's password."""
    form = Confirmation(request.POST)
    if not form.is_valid() or not door.is_own_password(request, form.cleaned_data["password"]):
        messages.error(request, _("The role is not approved: your password was not right."))
        return redirect("accounts:grant", pk)
    return _act(request, pk, granting.approve_grant, _("The role is approved and counts from its first day."))


@page("role.grant", methods=["POST"])
def grant_refuse(request: PageRequest, pk: int) -> HttpResponse:
    """Refuse a proposed role."""
    return _act(request, pk, granting.refuse_grant, _("The proposal is refused."))


@page("role.grant", methods=["POST"])
def grant_withdraw(request: PageRequest, pk: int) -> HttpResponse:
    """Take back one's own proposal."""
    return _act(request, pk, granting.withdraw_grant, _("The proposal is withdrawn."))


@page("role.grant", methods=["GET", "POST"])
def grant_end(request: PageRequest, pk: int) -> HttpResponse:
    """Take a role away."""
    row = get_or_404(visible_grants(request.actor), pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = _("The role has ended. It is lost at the holder's next request.")
        return _act(request, pk, granting.end_grant, done, reason=form.cleaned_data["reason"])
    context = {
        "form": form,
        "question": _("End the role “{role}” of {name}?").format(role=role_title(row), name=row.user.name),
        "consequence": _("It is lost at once. To give it again, it must be proposed and approved anew."),
        "submit": _("End the role"),
        "cancel_url": reverse("accounts:grant", args=[pk]),
        "danger": True,
    }
    return render(request, "kernel/kinds/confirm.html", context)


def _tried(form: GrantForm, **given: Any) -> RoleGrant | None:
    try:
        return granting.propose_grant(given.pop("user"), **given)
    except ActionError as error:
        form.add_error(None, str(error))
        return None


def _act(request: PageRequest, pk: int, action: Callable[..., None], done: str, **given: Any) -> HttpResponse:
    try:
        action(get_or_404(visible_grants(request.actor), pk=pk), actor=request.actor, now=request.now, **given)
        messages.success(request, done)
    except ActionError as error:
        messages.error(request, str(error))
    return redirect("accounts:grant", pk)

"""Accounts, for the site operator; the security officer sees them and resets second factors."""

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

from shuniu.accounts.actions import second_factor, users
from shuniu.accounts.models import User
from shuniu.accounts.queries.grants import grants_of
from shuniu.accounts.queries.users import all_users, search
from shuniu.accounts.rules.granting import proposable
from shuniu.accounts.rules.roles import catalogue
from shuniu.accounts.web.forms import ChangeUserForm, NewUserForm
from shuniu.kernel.errors import ActionError
from shuniu.kernel.vault import mask_mobile
from shuniu.kernel.web.lists import Column, Empty, FilterForm, Kind, ListPage
from shuniu.kernel.web.page import page
from shuniu.kernel.web.requests import PageRequest, get_or_404

EVERYWHERE = ""
"""The path of the whole site: accounts lie nowhere in the tree, so a cadre's right below her district does not count."""


class UserFilter(FilterForm):
    q = forms.CharField(
        label=gettext_lazy("User name, name or mobile"), max_length=60, widget=forms.TextInput(attrs={"type": "search"})
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        choices=[
            ("", gettext_lazy("All accounts")),
            ("on", gettext_lazy("May sign in")),
            ("off", gettext_lazy("Disabled")),
        ],
    )

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        rows = search(rows, self.values["q"]) if "q" in self.values else rows
        return rows.filter(is_active=self.values["state"] == "on") if "state" in self.values else rows


USERS = ListPage[User](
    title=gettext_lazy("Accounts"),
    unit=pgettext_lazy("unit", "accounts"),
    columns=(
        Column("username", gettext_lazy("User name"), link=True, order=("username",)),
        Column("name", gettext_lazy("Name shown"), order=("name", "id")),
        Column("mobile", gettext_lazy("Mobile number"), mask=mask_mobile, kind=Kind.CODE, narrow=False),
        Column("last_login", gettext_lazy("Last sign-in"), kind=Kind.MOMENT, narrow=False),
        Column("is_active", gettext_lazy("State"), template="accounts/_user_state.html"),
    ),
    default_order=("username",),
    filters=UserFilter,
    row_url=lambda row: reverse("accounts:user", args=[row.pk]),
    empty=Empty(
        gettext_lazy("No accounts yet"),
        gettext_lazy("Create an account for each person who works with this site."),
        gettext_lazy("New account"),
        "accounts:user_new",
        "user.edit",
    ),
    template="accounts/users.html",
)


@page("user.view")
def users_list(request: PageRequest) -> HttpResponse:
    """All accounts."""
    return USERS.answer(request, all_users(), actor_may_edit=request.actor.may("user.edit"))


@page("user.view")
def user(request: PageRequest, pk: int) -> HttpResponse:
    """One account with its roles."""
    row = get_or_404(all_users(), pk=pk)
    context = {
        "account": row,
        "grants": grants_of(row),
        "mine": row.pk == request.actor.user_id,
        "may_edit": request.actor.may("user.edit"),
        "may_reset_factor": request.actor.may_at("role.grant", EVERYWHERE) and row.has_second_factor,
        "may_propose": bool(proposable(catalogue(), request.actor)),
        "crumbs": [(USERS.title, reverse("accounts:users"))],
    }
    return render(request, "accounts/user.html", context)


@page("user.edit", methods=["GET", "POST"])
def user_new(request: PageRequest) -> HttpResponse:
    """A new account; its one-time password is shown once."""
    form = NewUserForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = users.open_account(**form.cleaned_data, actor=request.actor, now=request.now)
        except ActionError as error:
            form.add_error(None, str(error))
        else:
            return render(
                request, "accounts/password_given.html", {"account": made.user, "password": made.password, "made": True}
            )
    context = {
        "form": form,
        "submit": _("Create the account"),
        "cancel_url": reverse("accounts:users"),
        "draft": "user-new",
    }
    return render(request, "accounts/user_form.html", context)


@page("user.edit", methods=["GET", "POST"])
def user_edit(request: PageRequest, pk: int) -> HttpResponse:
    """Name and mobile of an account."""
    row = get_or_404(all_users(), pk=pk)
    form = ChangeUserForm(request.POST or None, initial={"name": row.name, "mobile_number": row.mobile})
    if request.method == "POST" and form.is_valid():
        try:
            users.change_user(row, **form.cleaned_data, actor=request.actor, now=request.now)
        except ActionError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The account is changed."))
            return redirect("accounts:user", pk)
    context = {"form": form, "account": row, "cancel_url": reverse("accounts:user", args=[pk])}
    return render(request, "accounts/user_form.html", context)


@page("user.edit", methods=["POST"])
def user_disable(request: PageRequest, pk: int) -> HttpResponse:
    """Close an account; it is out at once."""
    return _act(request, pk, users.disable_user, _("The account is disabled. It is signed out everywhere."))


@page("user.edit", methods=["POST"])
def user_enable(request: PageRequest, pk: int) -> HttpResponse:
    """Open a disabled account again."""
    return _act(request, pk, users.enable_user, _("The account may sign in again."))


@page("user.edit", methods=["POST"])
def user_reset(request: PageRequest, pk: int) -> HttpResponse:
    """A new one-time password, shown once."""
    row = get_or_404(all_users(), pk=pk)
    try:
        password = users.reset_password(row, actor=request.actor, now=request.now)
    except ActionError as error:
        messages.error(request, str(error))
        return redirect("accounts:user", pk)
    return render(request, "accounts/password_given.html", {"account": row, "password": password})


@page("role.grant", methods=["POST"])
def user_reset_factor(request: PageRequest, pk: int) -> HttpResponse:
    """Take a lost second factor off an account. Not for those who reset passwords: together they could sign in."""
    if not request.actor.may_at("role.grant", EVERYWHERE):
        raise PermissionDenied
    done = _("The second factor is taken off. It is set up anew at the next sign-in.")
    return _act(request, pk, second_factor.reset_second_factor, done)


def _act(request: PageRequest, pk: int, action: Callable[..., None], done: str) -> HttpResponse:
    try:
        action(get_or_404(all_users(), pk=pk), actor=request.actor, now=request.now)
        messages.success(request, done)
    except ActionError as error:
        messages.error(request, str(error))
    return redirect("accounts:user", pk)

"""Signing in and out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from shuniu.accounts.enums import Ending
from shuniu.accounts.web import door, lockout
from shuniu.accounts.web.forms import CodeForm, SignInForm
from shuniu.kernel.web.page import page
from shuniu.kernel.web.requests import PageRequest


@page(public=True, methods=["GET", "POST"])
def sign_in(request: PageRequest) -> HttpResponse:
    """The first step: name and password."""
    target = request.POST.get("next") or request.GET.get("next", "")
    if request.user.is_authenticated:
        return HttpResponseRedirect(door.safe_target(request, target))
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = door.check_password(request, form.cleaned_data["username"], form.cleaned_data["password"])
        if user is not None:
            return door.admit(request, user, target)
        form.add_error(None, _("The name or the password is not right."))
    context = {"form": form, "next": target, "ended": _why_ended(request), "submit": _("Sign in")}
    return render(request, "accounts/sign_in.html", context)


@page(public=True, methods=["GET", "POST"])
def second_factor(request: PageRequest) -> HttpResponse:
    """The second step: a one-time code."""
    waiting = door.pending(request)
    if waiting is None:
        messages.info(request, _("Please begin again with your name and password."))
        return redirect("accounts:sign_in")
    user, target = waiting
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if door.check_code(request, user, form.cleaned_data["code"]):
            return door.begin(request, user, target)
        form.add_error(None, _("This code is not right, or was used before. Wait for the next one."))
    return render(request, "accounts/second_factor.html", {"form": form, "submit": _("Go on")})


@page(public=True, methods=["POST"])
def sign_out(request: PageRequest) -> HttpResponse:
    """The end of the session, here and on the server."""
    if request.user.is_authenticated:
        door.leave(request, Ending.SIGNED_OUT)
        messages.success(request, _("You are signed out."))
    return redirect("accounts:sign_in")


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: Mapping[str, Any] | None = None
) -> HttpResponse:
    """What everybody sees after too many wrong attempts, whether there is such an account or not (called by axes)."""
    del response
    until = lockout.locked_until(request, credentials)
    answer = render(request, "accounts/locked_out.html", {"until": until}, status=429)
    if until is not None:
        answer["Retry-After"] = str(max(1, math.ceil((until - timezone.now()).total_seconds())))
    return answer


def _why_ended(request: PageRequest) -> str:
    return str(Ending(kept).label) if (kept := request.session.pop(door.ENDED, "")) else ""

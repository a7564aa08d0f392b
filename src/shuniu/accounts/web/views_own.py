"""One's own account: password, second factor, sessions, API tokens."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode

import segno
from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shuniu.accounts.actions import second_factor as factor
from shuniu.accounts.actions import sign_ins, users
from shuniu.accounts.actions import tokens as token_actions
from shuniu.accounts.enums import Ending
from shuniu.accounts.queries.grants import grants_of
from shuniu.accounts.queries.users import live_sign_ins, tokens_of, unused_recovery_codes
from shuniu.accounts.rules import codes
from shuniu.accounts.rules.roles import catalogue
from shuniu.accounts.web import door
from shuniu.accounts.web.door import me
from shuniu.accounts.web.forms import Confirmation, EmailForm, PasswordForm, SetUpForm, TokenForm
from shuniu.kernel import vault
from shuniu.kernel.errors import ActionError
from shuniu.kernel.web.doing import done, posted
from shuniu.kernel.web.page import page
from shuniu.kernel.web.requests import PageRequest, get_or_404


@page()
def home(request: PageRequest) -> HttpResponse:
    """Who I am here, which roles I hold, and the ways to everything about my account."""
    known = catalogue().roles
    own = [known[grant.role] for grant in request.actor.grants if grant.organisation_id is None and grant.role in known]
    context = {
        "held": [
            grant for grant in grants_of(me(request)) if grant.state == "approved" and grant.holds_on(request.today)
        ],
        "own": own,
        "codes_left": unused_recovery_codes(me(request).pk),
    }
    return render(request, "accounts/home.html", context)


@page(methods=["GET", "POST"])
def email(request: PageRequest) -> HttpResponse:
    """Where notices reach me outside of the site."""
    user = me(request)
    form = EmailForm(posted(request), initial={"address": user.email})
    if done(form, lambda data: users.set_email(user, **data, actor=request.actor, now=request.now)):
        messages.success(request, _("Your e-mail address is kept."))
        return redirect("accounts:home")
    context = {
        "form": form,
        "title": _("E-mail address for notices"),
        "submit": _("Keep"),
        "cancel_url": reverse("accounts:home"),
    }
    return render(request, "accounts/email.html", context)


@page(methods=["GET", "POST"])
def password(request: PageRequest) -> HttpResponse:
    """A new password; every other session ends."""
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and _confirmed(request, form):
        try:
            door.change_password(request, form.cleaned_data["new_password"])
        except ActionError as error:
            form.add_error("new_password", str(error))
        else:
            messages.success(request, _("Your password is changed. All other sessions have ended."))
            return redirect("accounts:home")
    context = {"form": form, "forced": me(request).must_change_password, "submit": _("Change the password")}
    return render(request, "accounts/password.html", context)


@page(methods=["GET", "POST"])
def set_up_second_factor(request: PageRequest) -> HttpResponse:
    """Scan the secret with an app, show that it works, and print the recovery codes."""
    form, secret = SetUpForm(request.POST or None), _offered_secret(request)
    if request.method == "POST" and _confirmed(request, form):
        try:
            printed = factor.set_up_second_factor(
                me(request), secret=secret, code=form.cleaned_data["code"], actor=request.actor, now=request.now
            )
        except ActionError as error:
            form.add_error("code", str(error))
        else:
            return render(request, "accounts/recovery_codes.html", {"codes": printed})
    image = segno.make(codes.enrolment_address(secret, me(request).username), error="m")
    context = {
        "form": form,
        "secret": secret,
        "sealed": _seal(request, secret),
        "image": image.svg_data_uri(scale=5, border=2),
        "submit": _("Set up"),
    }
    return render(request, "accounts/set_up_second_factor.html", context)


@page(methods=["GET", "POST"])
def recovery_codes(request: PageRequest) -> HttpResponse:
    """New printed codes in place of the old ones."""
    if not me(request).has_second_factor:
        return redirect("accounts:set_up_second_factor")
    form = Confirmation(request.POST or None)
    if request.method == "POST" and _confirmed(request, form):
        printed = factor.renew_recovery_codes(me(request), actor=request.actor, now=request.now)
        return render(request, "accounts/recovery_codes.html", {"codes": printed})
    context = {
        "form": form,
        "question": _("Make new recovery codes?"),
        "consequence": _("The codes printed before open nothing any more."),
        "submit": _("Make new codes"),
        "cancel_url": reverse("accounts:home"),
    }
    return render(request, "kernel/kinds/confirm.html", context)


@page()
def sessions(request: PageRequest) -> HttpResponse:
    """Where I am signed in."""
    limits = catalogue().limits(request.actor.roles)
    rows = live_sign_ins(me(request).pk, limits=limits, now=request.now)
    return render(
        request, "accounts/sessions.html", {"rows": rows, "here": request.session.get(door.SIGN_IN), "limits": limits}
    )


@page(methods=["POST"])
def session_end(request: PageRequest, pk: int) -> HttpResponse:
    """End one of my sessions."""
    row = get_or_404(me(request).sign_ins.select_related("user"), pk=pk)
    sign_ins.end_session(row, ending=Ending.ENDED, actor=request.actor, now=request.now)
    messages.success(request, _("The session has ended."))
    return redirect("accounts:sessions")


@page(methods=["POST"])
def sessions_end_others(request: PageRequest) -> HttpResponse:
    """End all of my sessions but this one."""
    here = request.session.get(door.SIGN_IN) or 0
    ended = sign_ins.end_other_sessions(me(request), but=here, actor=request.actor, now=request.now)
    done = ngettext("{count} other session has ended.", "{count} other sessions have ended.", ended)
    messages.success(request, done.format(count=ended))
    return redirect("accounts:sessions")


@page("api.use")
def tokens(request: PageRequest) -> HttpResponse:
    """My API tokens."""
    rows = tokens_of(me(request).pk)
    return render(request, "accounts/tokens.html", {"rows": rows, "permissions": catalogue().permissions})


@page("api.use", methods=["GET", "POST"])
def token_new(request: PageRequest) -> HttpResponse:
    """A new token, shown once."""
    form = TokenForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and _confirmed(request, form):
        given = {key: form.cleaned_data[key] for key in ("name", "scopes", "last_day")}
        try:
            made = token_actions.create_token(me(request), **given, actor=request.actor, now=request.now)
        except ActionError as error:
            form.add_error(None, str(error))
        else:
            return render(request, "accounts/token_made.html", {"token": made})
    context = {"form": form, "submit": _("Make the token"), "cancel_url": reverse("accounts:tokens")}
    return render(request, "accounts/token_new.html", context)


@page("api.use", methods=["POST"])
def token_revoke(request: PageRequest, pk: int) -> HttpResponse:
    """Make a token of mine worthless."""
    try:
        token_actions.revoke_token(get_or_404(tokens_of(me(request).pk), pk=pk), actor=request.actor, now=request.now)
        messages.success(request, _("The token is revoked."))
    except ActionError as error:
        messages.error(request, str(error))
    return redirect("accounts:tokens")


def _confirmed(request: PageRequest, form: forms.Form) -> bool:
    """Whether the form is complete and its `password` is the asker's own; wrong ones count like at the door."""
    if not form.is_valid():
        return False
    if door.is_own_password(request, form.cleaned_data["password"]):
        return True
    form.add_error("password", _("This is not your present password."))
    return False


def _seal(request: PageRequest, secret: str) -> str:
    return urlsafe_b64encode(vault.seal(secret, f"accounts.set_up.{me(request).pk}")).decode()


def _offered_secret(request: PageRequest) -> str:
    """The secret that the page showed to this user before, else a new one. It travels sealed and is kept nowhere."""
    try:
        return vault.unseal(urlsafe_b64decode(request.POST.get("sealed", "")), f"accounts.set_up.{me(request).pk}")
    except (ValueError, vault.VaultError):
        return codes.new_secret()

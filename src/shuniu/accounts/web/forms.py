"""What people fill in about accounts."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django import forms
from django.db.models import Model
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from shuniu.accounts.models import User
from shuniu.accounts.queries.grants import organisations_called
from shuniu.accounts.queries.users import find_user
from shuniu.accounts.rules import granting
from shuniu.accounts.rules.roles import catalogue
from shuniu.kernel.period import FOREVER
from shuniu.kernel.scope import Actor

LONGEST_PASSWORD = 128


def password_field(label: Any, *, new: bool = False, help_text: Any = "") -> forms.CharField:
    """A password as it was typed: blanks count."""
    keep = "new-password" if new else "current-password"
    widget = forms.PasswordInput(attrs={"autocomplete": keep})
    return forms.CharField(label=label, max_length=LONGEST_PASSWORD, strip=False, widget=widget, help_text=help_text)


class Plain(forms.Form):
    """A form whose labels stand alone and whose ids say the field's name."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


class SignInForm(Plain):
    username = forms.CharField(
        label=_("User name or mobile number"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = password_field(_("Password"))


class CodeForm(Plain):
    code = forms.CharField(
        label=_("One-time code"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "text", "autofocus": True}),
        help_text=_("Six digits from your authenticator app, or one of your printed recovery codes."),
    )


class Confirmation(Plain):
    """The password once more before something that matters."""

    password = password_field(_("Your password"), help_text=_("To be sure that it is you."))


class PasswordForm(Plain):
    password = password_field(_("Present password"))
    new_password = password_field(
        _("New password"), new=True, help_text=_("At least 10 characters; not a common password and not digits alone.")
    )
    new_password_again = password_field(_("New password again"), new=True)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("new_password") != given.get("new_password_again"):
            self.add_error("new_password_again", gettext("The two new passwords differ."))
        return given


class EmailForm(Plain):
    address = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        max_length=200,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("Notices are sent there as you choose. Empty: none is sent. Nobody else is shown the address."),
    )


class SetUpForm(Confirmation):
    code = forms.CharField(
        label=_("Code that the app shows now"),
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )
    field_order = ["code", "password"]


class ChangeUserForm(Plain):
    name = forms.CharField(
        label=_("Name shown"), max_length=50, help_text=_("The person's full name, as colleagues know it.")
    )
    mobile_number = forms.CharField(
        label=_("Mobile number"),
        max_length=20,
        required=False,
        help_text=_("Can be used to sign in. It is stored encrypted."),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )


class NewUserForm(ChangeUserForm):
    username = forms.CharField(
        label=_("User name"),
        max_length=40,
        help_text=_("2 to 40 letters (Chinese or Latin), digits, dots, hyphens or underscores."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    field_order = ["username", "name", "mobile_number"]


class ReasonForm(Plain):
    reason = forms.CharField(label=_("Reason"), max_length=200, help_text=_("Kept in the audit trail."))


class GrantForm(Confirmation):
    """A role proposed for somebody. Offers the roles that the actor may propose anywhere."""

    username = forms.CharField(
        label=_("Account"), max_length=80, help_text=_("User name or mobile number of the account.")
    )
    role = forms.ChoiceField(label=_("Role"))
    organisation = forms.CharField(
        label=pgettext_lazy("role grant", "At"),
        max_length=120,
        required=False,
        help_text=_(
            "Number or name of the organisation; empty for a role that holds for the whole site or for what is assigned."
        ),
    )
    starts_on = forms.DateField(
        label=pgettext_lazy("period", "From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last_day = forms.DateField(
        label=pgettext_lazy("period", "Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Empty: until it is ended."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=200, help_text=_("E.g. the number of the appointment."))
    field_order = ["username", "role", "organisation", "starts_on", "last_day", "reason", "password"]

    def __init__(self, *args: Any, actor: Actor, today: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"starts_on": today, **kwargs.pop("initial", {})}, **kwargs)
        offered = [(one.key, str(one.title)) for one in granting.proposable(catalogue(), actor)]
        cast("forms.ChoiceField", self.fields["role"]).choices = [("", "—"), *offered]

    def clean_username(self) -> User:
        user = find_user(self.cleaned_data["username"])
        if user is None:
            raise forms.ValidationError(gettext("There is no account with this user name or mobile number."))
        return user

    def clean_organisation(self) -> Model | None:
        typed = self.cleaned_data["organisation"]
        found = organisations_called(typed) if typed else []
        if typed and not found:
            raise forms.ValidationError(gettext("No organisation has this number or name."))
        if len(found) > 1:
            names = pgettext("list of names", ", ").join(f"{one} {getattr(one, 'code', '')}" for one in found)
            raise forms.ValidationError(
                gettext("Several organisations fit; give the number: {names}").format(names=names)
            )
        return found[0] if found else None

    def grant(self) -> dict[str, Any]:
        """What `propose_grant` takes."""
        given, last = self.cleaned_data, self.cleaned_data["last_day"]
        return {
            "user": given["username"],
            "role": given["role"],
            "organisation": given["organisation"],
            "starts_on": given["starts_on"],
            "ends_on": date.fromordinal(last.toordinal() + 1) if last and last < FOREVER else FOREVER,
            "reason": given["reason"],
        }


class TokenForm(Confirmation):
    name = forms.CharField(label=_("What it is for"), max_length=60)
    scopes = forms.MultipleChoiceField(
        label=_("It may"), widget=forms.CheckboxSelectMultiple(), help_text=_("Never more than you may yourself.")
    )
    last_day = forms.DateField(
        label=pgettext_lazy("period", "Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    field_order = ["name", "scopes", "last_day", "password"]

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = [(key, str(words)) for key, words in catalogue().permissions.items() if actor.may(key)]
        cast("forms.ChoiceField", self.fields["scopes"]).choices = held

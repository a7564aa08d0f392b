"""What the trail calls the doings of this room."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

VERBS = {
    "user.created": _("Account created"),
    "user.changed": _("Account changed"),
    "user.email_set": _("E-mail address for notices set"),
    "user.disabled": _("Account disabled"),
    "user.enabled": _("Account enabled again"),
    "user.password_reset": _("Password reset"),
    "user.password_changed": _("Password changed"),
    "user.second_factor_set": _("Second factor set up"),
    "user.second_factor_reset": _("Second factor taken off"),
    "user.recovery_codes_renewed": _("Recovery codes renewed"),
    "user.recovery_code_used": _("Recovery code used"),
    "user.signed_in": _("Signed in"),
    "user.signed_out": _("Session ended"),
    "user.sign_in_failed": _("Sign-in failed"),
    "user.locked_out": _("Locked out after too many attempts"),
    "role.proposed": _("Role proposed"),
    "role.granted": _("Role given"),
    "role.refused": _("Role refused"),
    "role.withdrawn": _("Proposal of a role withdrawn"),
    "role.ended": _("Role ended"),
    "token.created": _("API token made"),
    "token.revoked": _("API token revoked"),
}
DETAILS = {
    "browser": _("Browser"),
    "ending": _("How the session ended"),
    "sessions": _("Sessions"),
    "user": _("Account"),
    "username": _("User name"),
    "scopes": _("Permissions"),
}

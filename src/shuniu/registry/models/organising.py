"""Organising: from an employer without a union to a founded one with members, and what that earns."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from shuniu.kernel.scope import ScopedModel
from shuniu.registry.enums import LeadSource, LeadState
from shuniu.registry.models.areas import Employer
from shuniu.registry.models.officers import Post
from shuniu.registry.models.organisations import Organisation


class Lead(ScopedModel):
    """An employer that should have a union, on its way to one. `territory` is the body in whose ground it lies."""

    scope_path = "territory__path"
    scope_permission = "lead.view"

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="leads")
    territory = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    organiser = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, blank=True, related_name="leads")
    source = models.CharField(_("source"), max_length=10, choices=LeadSource)
    state = models.CharField(_("state"), max_length=10, choices=LeadState, default=LeadState.NEW)
    opened_on = models.DateField(_("opened on"))
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    next_on = models.DateField(_("next visit on"), null=True, blank=True)
    expected_members = models.PositiveIntegerField(_("members expected"), default=0)
    approval_number = models.CharField(_("approval number"), max_length=60, blank=True)
    founded = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="leads")
    note = models.CharField(_("note"), max_length=500, blank=True)

    class Meta(ScopedModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["employer"],
                condition=~models.Q(state__in=[LeadState.FOUNDED, LeadState.CLOSED]),
                name="lead_open_once",
            ),
            models.CheckConstraint(
                name="lead_founded_names_union",
                condition=models.Q(state=LeadState.FOUNDED, founded__isnull=False)
                | (~models.Q(state=LeadState.FOUNDED) & models.Q(founded__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "opened_on"], name="lead_by_state"),
            models.Index(fields=["opened_on"], name="lead_by_opening"),
        ]

    def __str__(self) -> str:
        return f"{self.employer_id} {self.state}"


class LeadStep(ScopedModel):
    """One step of a lead: what was done, which state it left, when, by whom, with what said."""

    scope_path = "lead__territory__path"
    scope_permission = "lead.view"

    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="steps")
    step = models.CharField(_("step"), max_length=12)
    """`open`, `note`, `assign` or the name of a transition of the flow of leads."""
    state = models.CharField(_("state"), max_length=10, choices=LeadState)
    on = models.DateField(_("on"))
    by_id = models.BigIntegerField(_("account"), null=True)
    by_name = models.CharField(_("by"), max_length=80)
    note = models.CharField(_("note"), max_length=500, blank=True)

    class Meta(ScopedModel.Meta):
        pass

    def __str__(self) -> str:
        return f"{self.lead_id} {self.state}"


class Allowance(ScopedModel):
    """What an organiser earns for a result of a lead, by the rule in force on the day. Amount in fen."""

    scope_path = "lead__territory__path"
    scope_permission = "lead.view"

    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="allowances")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="allowances")
    result = models.CharField(_("result"), max_length=20)
    """`founded` or `enrolled`."""
    quantity = models.PositiveIntegerField(_("quantity"))
    amount = models.BigIntegerField(_("amount"))
    rule_id = models.CharField(_("rule"), max_length=60)
    on = models.DateField(_("on"))

    class Meta(ScopedModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["lead", "result"], name="allowance_once_per_result"),
            models.CheckConstraint(name="allowance_not_negative", condition=models.Q(amount__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.lead_id} {self.result}"

"""How a provider did under an agreement: inspections, scores, payments, acceptance."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuniu.hub.enums import AcceptanceState, InspectionState, Outcome, PaymentState, ScoreState
from shuniu.hub.models.agreements import Agreement, AgreementPart, Milestone, Standard, account
from shuniu.kernel.period import PeriodModel, starts_before_it_ends
from shuniu.kernel.scope import ScopedModel
from shuniu.kernel.vault import EncryptedField


class Inspection(AgreementPart):
    """Somebody looked at how a standard is kept. What was found may have to be put right by a day.

    `photo` and `evidence_file` are keys of stored uploads; `deduct` is in hundredths of a point.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="inspections")
    standard = models.ForeignKey(Standard, on_delete=models.PROTECT, related_name="inspections")
    on = models.DateField(_("on"))
    place = models.CharField(_("place"), max_length=80, blank=True)
    issue = models.CharField(_("issue"), max_length=80, blank=True)
    note = models.CharField(_("what was found"), max_length=500, blank=True)
    deduct = models.PositiveIntegerField(_("points taken off"), default=0)
    photo = models.CharField(_("photo"), max_length=32, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=InspectionState, default=InspectionState.CLEAR)
    due_on = models.DateField(_("to be put right by"), null=True, blank=True)
    raised_by = account()
    evidence = models.CharField(_("what was done"), max_length=500, blank=True)
    evidence_file = models.CharField(_("proof"), max_length=32, blank=True)
    evidence_on = models.DateField(_("evidence given on"), null=True, blank=True)
    checked_by = account()
    checked_on = models.DateField(_("checked on"), null=True, blank=True)
    answer = models.CharField(_("result of the check"), max_length=300, blank=True)

    class Meta(AgreementPart.Meta):
        constraints = [
            models.CheckConstraint(
                name="inspection_checked_by_another",
                condition=Q(checked_by__isnull=True) | Q(raised_by__isnull=True) | ~Q(checked_by=F("raised_by")),
            ),
            models.CheckConstraint(
                name="inspection_clear_has_no_issue",
                condition=(Q(state=InspectionState.CLEAR) & Q(issue=""))
                | (~Q(state=InspectionState.CLEAR) & ~Q(issue="")),
            ),
        ]
        indexes = [models.Index(fields=["agreement", "on"], name="inspection_by_day")]

    def __str__(self) -> str:
        return self.issue or str(self.on)


class Score(AgreementPart, PeriodModel):
    """The score of a period as it was confirmed. `steps` and `rules` are frozen; `digest` proves it.

    `total` is in hundredths of a point out of a hundred; None where too little could be assessed.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="scores")
    total = models.PositiveIntegerField(_("score"), null=True)
    consequence = models.CharField(_("consequence"), max_length=12)
    percent = models.PositiveSmallIntegerField(_("share paid"))
    steps = models.JSONField(_("steps"))
    digest = models.CharField(_("seal"), max_length=64)
    state = models.CharField(_("state"), max_length=10, choices=ScoreState, default=ScoreState.CONFIRMED)
    confirmed_by = account()
    confirmed_on = models.DateField(_("confirmed on"))
    objection = models.CharField(_("objection"), max_length=500, blank=True)
    objected_by = account()
    objected_on = models.DateField(_("objected on"), null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=500, blank=True)
    answered_by = account()
    answered_on = models.DateField(_("answered on"), null=True, blank=True)

    class Meta(AgreementPart.Meta):
        constraints = [
            starts_before_it_ends("score_period_not_empty"),
            models.UniqueConstraint(
                fields=["agreement", "starts_on"], condition=~Q(state=ScoreState.SET_ASIDE), name="score_once_a_period"
            ),
            models.CheckConstraint(
                name="score_answered_by_another",
                condition=Q(answered_by__isnull=True)
                | Q(confirmed_by__isnull=True)
                | ~Q(answered_by=F("confirmed_by")),
            ),
        ]
        indexes = [models.Index(fields=["agreement", "ends_on"], name="score_by_period")]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.starts_on}"


class Acceptance(AgreementPart):
    """What was delivered, held against each standard, with the opinion of those who were served. Published once done.

    `findings` has for each standard its name, what was found and a note; `facts` the ratings of the period as they
    stood when it was concluded.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="acceptances")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    on = models.DateField(_("accepted on"))
    state = models.CharField(_("state"), max_length=10, choices=AcceptanceState, default=AcceptanceState.OPEN)
    outcome = models.CharField(pgettext_lazy("acceptance", "result"), max_length=8, choices=Outcome, blank=True)
    findings = models.JSONField(_("standards"), default=list)
    facts = models.JSONField(_("ratings"), default=dict)
    rectify_by = models.DateField(_("to be put right by"), null=True, blank=True)
    summary = models.CharField(_("summary"), max_length=500, blank=True)
    opened_by = account()
    concluded_by = account()
    published_on = models.DateField(_("published on"), null=True, blank=True)

    class Meta(AgreementPart.Meta):
        constraints = [
            starts_before_it_ends("acceptance_period_not_empty"),
            models.UniqueConstraint(
                fields=["agreement"], condition=Q(state=AcceptanceState.OPEN), name="acceptance_open_once"
            ),
            models.CheckConstraint(
                name="acceptance_concluded_has_outcome",
                condition=(Q(state=AcceptanceState.OPEN) & Q(outcome=""))
                | (~Q(state=AcceptanceState.OPEN) & ~Q(outcome="")),
            ),
        ]
        indexes = [models.Index(fields=["state", "published_on"], name="acceptance_published")]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.on}"


class Opinion(ScopedModel):
    """What somebody who was served says at an acceptance. Who it was stays sealed and is never published."""

    scope_path = "acceptance__agreement__organisation__path"
    scope_permission = "agreement.edit"

    acceptance = models.ForeignKey(Acceptance, on_delete=models.PROTECT, related_name="opinions")
    who = EncryptedField(verbose_name=_("name"), blank=True)
    stars = models.PositiveSmallIntegerField(_("stars"))
    comment = models.CharField(_("comment"), max_length=300, blank=True)
    entered_by = account()

    class Meta(ScopedModel.Meta):
        constraints = [models.CheckConstraint(name="opinion_one_to_five", condition=Q(stars__gte=1, stars__lte=5))]

    def __str__(self) -> str:
        return f"{self.stars}"


class Payment(AgreementPart):
    """A request to pay a milestone. `amount` is the plan's at the share the score leads to; fen, frozen when asked.

    Approved by somebody else than who asked; the books tell when it was paid.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="payments")
    milestone = models.ForeignKey(Milestone, on_delete=models.PROTECT, related_name="payments")
    score = models.ForeignKey(Score, on_delete=models.PROTECT, null=True, blank=True, related_name="payments")
    planned = models.BigIntegerField(_("planned amount"))
    percent = models.PositiveSmallIntegerField(_("share paid"))
    amount = models.BigIntegerField(_("amount"))
    accepted_on = models.DateField(_("due counts from"))
    due_on = models.DateField(_("due on"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=PaymentState, default=PaymentState.REQUESTED)
    requested_by = account()
    requested_at = models.DateTimeField(_("asked for at"))
    decided_by = account()
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    answer = models.CharField(_("reason"), max_length=300, blank=True)
    paid_on = models.DateField(_("paid on"), null=True, blank=True)

    class Meta(AgreementPart.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["milestone"], condition=~Q(state=PaymentState.REFUSED), name="payment_once_a_milestone"
            ),
            models.CheckConstraint(
                name="payment_decided_by_another",
                condition=Q(decided_by__isnull=True) | Q(requested_by__isnull=True) | ~Q(decided_by=F("requested_by")),
            ),
            models.CheckConstraint(name="payment_within_plan", condition=Q(amount__gt=0) & Q(amount__lte=F("planned"))),
            models.CheckConstraint(
                name="payment_paid_has_day",
                condition=(Q(state=PaymentState.PAID) & Q(paid_on__isnull=False))
                | (~Q(state=PaymentState.PAID) & Q(paid_on__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "due_on"], name="payment_by_state"),
            models.Index(fields=["agreement", "state"], name="payment_by_agreement"),
        ]

    def __str__(self) -> str:
        return f"{self.milestone_id} {self.amount}"

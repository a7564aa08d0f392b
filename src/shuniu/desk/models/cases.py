"""Cases: what somebody asked for, who handles it and how far it is."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuniu.desk.enums import Audience, Channel, Secrecy, StepKind
from shuniu.desk.models.lines import LineStaff, LineVersion, ServiceLine
from shuniu.kernel.scope import Actor, ScopedModel
from shuniu.kernel.vault import BlindIndexField, EncryptedField

SERVING = ("case.view", "case.enter", "service.give")
"""Any of these makes an account staff: whoever holds none any more reaches no case by having handled it."""


class Case(ScopedModel):
    """A case of a service line. What it says is sealed; who may open it is asked of `queries.cases` each time.

    `organisation` and `secrecy` are the line's, copied so that lists need no join and a vault stays one. `state` is a
    key of the state graph of `version`. `due_at` is the nearest end of its running clocks. `answers` is the intake form
    as JSON, by the keys of its questions. `receipt` finds an anonymous case for whoever holds its sixteen digits.
    """

    scope_permission = "case.view"

    number = models.CharField(_("number"), max_length=24, unique=True)
    line = models.ForeignKey(ServiceLine, on_delete=models.PROTECT, related_name="cases", db_index=False)
    version = models.ForeignKey(LineVersion, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    secrecy = models.CharField(_("who may read"), max_length=12, choices=Secrecy)
    channel = models.CharField(_("came in by"), max_length=12, choices=Channel)
    state = models.CharField(_("state"), max_length=20)
    title = EncryptedField(verbose_name=_("subject"))
    answers = EncryptedField(verbose_name=_("answers"))
    filer = models.ForeignKey(
        "registry.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("filed by")
    )
    contact_name = EncryptedField(verbose_name=_("name of whoever called"))
    contact_phone = EncryptedField(verbose_name=_("telephone of whoever called"))
    employer = models.ForeignKey("registry.Employer", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False,
        verbose_name=pgettext_lazy("case", "handled by"),
    )  # fmt: skip
    professional = models.ForeignKey(
        "hub.Professional", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    provider = models.ForeignKey("hub.Provider", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    origin = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="successors", verbose_name=_("came from")
    )
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged", verbose_name=_("merged into")
    )
    receipt = BlindIndexField(max_length=32)
    once = BlindIndexField()
    opened_at = models.DateTimeField(_("received at"))
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    reopened = models.PositiveSmallIntegerField(_("reopened"), default=0)
    erased_at = models.DateTimeField(_("erased at"), null=True, blank=True)

    class Meta(ScopedModel.Meta):
        indexes = [
            models.Index(fields=["line", "state", "opened_at", "id"], name="case_by_state"),
            models.Index(fields=["line", "opened_at", "id"], name="case_by_line"),
            models.Index(fields=["organisation", "opened_at"], name="case_by_organisation"),
            models.Index(fields=["opened_at", "id"], name="case_by_time"),
            models.Index(fields=["handler", "closed_at"], name="case_by_handler"),
            models.Index(fields=["due_at"], condition=Q(closed_at=None), name="case_by_due"),
            models.Index(fields=["line", "closed_at"], condition=Q(closed_at=None), name="case_open"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["receipt"], name="case_receipt_once"),
            models.UniqueConstraint(fields=["once"], name="case_filed_once"),
            models.CheckConstraint(name="case_anonymous_is_nobody", condition=~Q(channel="anonymous") | Q(filer=None)),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_confidential(self) -> bool:
        return self.secrecy == Secrecy.CONFIDENTIAL

    @property
    def is_anonymous(self) -> bool:
        return self.channel == Channel.ANONYMOUS

    @property
    def answered(self) -> dict[str, Any]:
        """The answers of the intake form."""
        return json.loads(self.answers) if self.answers else {}

    @classmethod
    def own_rows(cls, actor: Actor) -> Q | None:
        """Cases one filed; and, while one serves at all, those one handles and those of lines one is staff of."""
        own = Q(pk__in=[])
        if actor.person_id is not None and actor.may("own.view"):
            own |= Q(filer_id=actor.person_id)
        if actor.user_id is not None and actor.may(*SERVING):
            lines = LineStaff.everything.filter(user_id=actor.user_id, ended_at=None).exclude(role="serves")
            own |= Q(handler_id=actor.user_id) | Q(line_id__in=lines.values("line_id"))
        return own


class CasePart(ScopedModel):
    """Something that belongs to a case and is reached through it only."""

    scope_path = "case__organisation__path"

    class Meta(ScopedModel.Meta):
        abstract = True


class CaseStep(CasePart):
    """A line of a case's history. `state` is the state it came to, where it moved."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="steps", db_index=False)
    at = models.DateTimeField(_("at"))
    kind = models.CharField(pgettext_lazy("case step", "kind"), max_length=12, choices=StepKind)
    audience = models.CharField(_("may be read by"), max_length=6, choices=Audience)
    by_account = models.BigIntegerField(_("account"), null=True, blank=True)
    by_name = models.CharField(pgettext_lazy("case step", "by"), max_length=50, blank=True)
    by_filer = models.BooleanField(_("by whoever filed the case"), default=False)
    state = models.CharField(_("state"), max_length=20, blank=True)
    text = EncryptedField(verbose_name=_("text"))

    class Meta(CasePart.Meta):
        indexes = [models.Index(fields=["case", "id"], name="case_step_by_case")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"


class CaseClock(CasePart):
    """A limit of a case that runs or has run: `limit` units by a rule, `extra` units granted on top."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="clocks", db_index=False)
    key = models.CharField(_("clock"), max_length=20)
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    unit = models.CharField(_("unit"), max_length=12)
    rule = models.CharField(_("rule"), max_length=60)
    limit = models.PositiveIntegerField(_("limit"))
    extra = models.PositiveIntegerField(_("extended by"), default=0)
    started_at = models.DateTimeField(_("started at"))
    stopped_at = models.DateTimeField(_("stopped at"), null=True, blank=True)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    alerted = models.PositiveSmallIntegerField(_("reminders sent"), default=0)

    class Meta(CasePart.Meta):
        constraints = [models.UniqueConstraint(fields=["case", "key", "round"], name="case_clock_once")]
        indexes = [models.Index(fields=["due_at"], condition=Q(stopped_at=None), name="case_clock_by_due")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.key}"


class ClockPause(CasePart):
    """A stretch in which a clock stood still, with its reason; it lasts while `ended_at` is empty."""

    scope_path = "clock__case__organisation__path"

    clock = models.ForeignKey(CaseClock, on_delete=models.PROTECT, related_name="pauses", db_index=False)
    started_at = models.DateTimeField(_("since"))
    ended_at = models.DateTimeField(_("until"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=40)

    class Meta(CasePart.Meta):
        indexes = [models.Index(fields=["clock", "started_at"], name="clock_pause_by_clock")]
        constraints = [
            models.UniqueConstraint(fields=["clock"], condition=Q(ended_at=None), name="clock_paused_once"),
        ]

    def __str__(self) -> str:
        return f"{self.clock_id} {self.reason}"


class CaseFile(CasePart):
    """A file of a case. Its name is sealed, its content lies encrypted in the store under `stored`."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="files", db_index=False)
    name = EncryptedField(verbose_name=_("name of the file"))
    stored = models.CharField(_("stored as"), max_length=32)
    size = models.PositiveIntegerField(_("size"))
    audience = models.CharField(_("may be read by"), max_length=6, choices=Audience)
    by_name = models.CharField(pgettext_lazy("case step", "by"), max_length=50, blank=True)
    at = models.DateTimeField(_("at"))

    class Meta(CasePart.Meta):
        indexes = [models.Index(fields=["case", "id"], name="case_file_by_case")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.stored}"


class Extension(CasePart):
    """More time asked for a clock by one person and decided on by another."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="extensions", db_index=False)
    clock = models.ForeignKey(CaseClock, on_delete=models.PROTECT, related_name="+", db_index=False)
    units = models.PositiveIntegerField(_("by how much"))
    reason = EncryptedField(verbose_name=_("reason"))
    asked_by = models.BigIntegerField(_("asked by the account"), null=True)
    asked_at = models.DateTimeField(_("asked at"))
    decided_by = models.BigIntegerField(_("decided by the account"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    granted = models.BooleanField(_("granted"), null=True, blank=True)

    class Meta(CasePart.Meta):
        constraints = [
            models.UniqueConstraint(fields=["clock"], condition=Q(decided_at=None), name="extension_open_once"),
        ]
        indexes = [models.Index(fields=["case", "id"], name="extension_by_case")]

    def __str__(self) -> str:
        return f"{self.case_id} +{self.units}"


class CaseWord(CasePart):
    """The keyed hash of two neighbouring characters in the title of an open case: what text search goes by."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="words", db_index=False)
    word = models.BinaryField(_("hash"), max_length=8)

    class Meta(CasePart.Meta):
        constraints = [models.UniqueConstraint(fields=["word", "case"], name="case_word_once")]
        indexes = [models.Index(fields=["case"], name="case_word_by_case")]

    def __str__(self) -> str:
        return str(self.case_id)


class ReceiptTries(models.Model):
    """How many wrong receipts were tried in a stretch of time, by everybody together: nobody's address is kept."""

    since = models.DateTimeField(_("since"), unique=True)
    wrong = models.PositiveIntegerField(_("wrong tries"), default=0)

    def __str__(self) -> str:
        return f"{self.since} {self.wrong}"

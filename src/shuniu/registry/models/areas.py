"""Places and the units that employ people in them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shuniu.kernel.period import PeriodModel
from shuniu.kernel.scope import Actor, ScopedModel
from shuniu.registry.enums import AreaKind, EmployerCategory, Industry


class Area(models.Model):
    """A district, or a town, street or zone in it. Shared: every signed-in person may know the map."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=60)
    kind = models.CharField(_("kind"), max_length=10, choices=AreaKind)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="parts")
    jurisdiction = models.CharField(
        _("jurisdiction"), max_length=20, help_text=_("Which local rules hold here, e.g. shanghai.")
    )

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Employer(ScopedModel):
    """A unit that employs people: enterprise, public institution, organ or other. It may have a union or not yet."""

    scope_path = "territory__path"
    scope_permission = "employer.view"

    credit_code = models.CharField(_("unified social credit code"), max_length=18, unique=True, null=True, blank=True)
    name = models.CharField(_("name"), max_length=120)
    initials = models.CharField(_("pinyin initials"), max_length=120, blank=True)
    category = models.CharField(_("category"), max_length=3, choices=EmployerCategory)
    industry = models.CharField(_("industry"), max_length=1, choices=Industry)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, verbose_name=_("area"))
    territory = models.ForeignKey(
        "registry.Organisation", on_delete=models.PROTECT, related_name="+", verbose_name=_("responsible union body")
    )
    address = models.CharField(_("address"), max_length=200, blank=True)
    headcount = models.PositiveIntegerField(_("staff"), default=0)
    women = models.PositiveIntegerField(_("of them women"), default=0)
    migrants = models.PositiveIntegerField(_("of them migrant workers"), default=0)
    dispatched = models.PositiveIntegerField(_("of them dispatched"), default=0)
    counted_on = models.DateField(_("staff counted on"), null=True, blank=True)
    opened_on = models.DateField(_("opened on"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    batch_id = models.BigIntegerField(_("import batch"), null=True, blank=True)

    class Meta(ScopedModel.Meta):
        indexes = [
            models.Index(fields=["name"], name="employer_by_name"),
            models.Index(fields=["initials"], name="employer_by_initials"),
        ]
        constraints = [
            models.CheckConstraint(
                name="employer_parts_within_staff",
                condition=Q(women__lte=models.F("headcount"))
                & Q(migrants__lte=models.F("headcount"))
                & Q(dispatched__lte=models.F("headcount")),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def own_rows(cls, actor: Actor) -> Q | None:
        """The employers whose union lies within reach, wherever the employer itself is."""
        reach = actor.reach(cls.scope_permission)
        if not reach:
            return None
        covered = Coverage.everything.filter(reach.condition("organisation__path")).values("employer_id")
        return Q(pk__in=covered)


class Coverage(ScopedModel, PeriodModel):
    """A union covers an employer's staff for a time; a joint union covers several employers."""

    scope_permission = "organisation.view"

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="coverage")
    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="coverage")
    batch_id = models.BigIntegerField(_("import batch"), null=True, blank=True)

    class Meta(ScopedModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organisation", "employer", "starts_on"], name="coverage_starts_once")
        ]
        indexes = [models.Index(fields=["employer", "ends_on"], name="coverage_by_employer")]

    def __str__(self) -> str:
        return f"{self.organisation_id} covers {self.employer_id}"

"""Posts of officers, what they are qualified for and what they studied."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shuniu.kernel.period import FOREVER, PeriodModel, starts_before_it_ends
from shuniu.kernel.scope import ScopedModel
from shuniu.registry.enums import PostKind, PostTime, QualificationKind
from shuniu.registry.models.areas import Area
from shuniu.registry.models.organisations import Organisation
from shuniu.registry.models.people import Person


class Post(ScopedModel, PeriodModel):
    """A person holds a post in an organisation for a time."""

    scope_permission = "officer.view"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="posts")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="posts")
    kind = models.CharField(_("post"), max_length=14, choices=PostKind)
    time = models.CharField(_("time"), max_length=10, choices=PostTime, default=PostTime.PART)
    batch_id = models.BigIntegerField(_("import batch"), null=True, blank=True)

    class Meta(ScopedModel.Meta):
        constraints = [
            starts_before_it_ends("post_not_empty"),
            models.UniqueConstraint(
                fields=["organisation"], condition=Q(kind=PostKind.CHAIR, ends_on=FOREVER), name="post_one_chair"
            ),
            models.UniqueConstraint(
                fields=["organisation", "person", "kind"], condition=Q(ends_on=FOREVER), name="post_held_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.get_kind_display()}"


class Qualification(ScopedModel):
    """A certificate a person holds. `expires_on` is NULL where it never expires."""

    scope_path = "person__home__path"
    scope_permission = "officer.view"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="qualifications")
    kind = models.CharField(_("qualification"), max_length=14, choices=QualificationKind)
    level = models.CharField(_("level"), max_length=20, blank=True)
    number = models.CharField(_("certificate number"), max_length=40)
    issuer = models.CharField(_("issuer"), max_length=80, blank=True)
    issued_on = models.DateField(_("issued on"))
    expires_on = models.DateField(_("expires on"), null=True, blank=True)
    batch_id = models.BigIntegerField(_("import batch"), null=True, blank=True)

    class Meta(ScopedModel.Meta):
        constraints = [models.UniqueConstraint(fields=["kind", "number"], name="qualification_numbered_once")]
        indexes = [models.Index(fields=["expires_on"], name="qualification_by_expiry")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"


class StudyRecord(ScopedModel):
    """A course, study visit or class that an officer took part in."""

    scope_path = "person__home__path"
    scope_permission = "officer.view"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="studies")
    title = models.CharField(_("subject"), max_length=120)
    provider = models.CharField(_("held by"), max_length=80, blank=True)
    starts_on = models.DateField(_("starts on"))
    hours = models.PositiveSmallIntegerField(_("hours"))
    result = models.CharField(_("result"), max_length=80, blank=True)

    class Meta(ScopedModel.Meta):
        constraints = [models.UniqueConstraint(fields=["person", "title", "starts_on"], name="study_recorded_once")]

    def __str__(self) -> str:
        return self.title


class Territory(ScopedModel, PeriodModel):
    """An organiser answers for an area for a time."""

    scope_path = "post__organisation__path"
    scope_permission = "lead.view"

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="territories")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="territories")

    class Meta(ScopedModel.Meta):
        constraints = [
            starts_before_it_ends("territory_not_empty"),
            models.UniqueConstraint(fields=["post", "area"], condition=Q(ends_on=FOREVER), name="territory_held_once"),
        ]

    def __str__(self) -> str:
        return f"{self.post_id} at {self.area_id}"

"""What a repair has beside its case: the place, waits, materials, what it costs, and the call afterwards."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuniu.desk.enums import ChargedTo, PlaceKind
from shuniu.desk.models.cases import Case
from shuniu.desk.rules.repairs import total
from shuniu.kernel.scope import Actor, ScopedModel
from shuniu.kernel.vault import BlindIndexField, EncryptedField


class Repair(ScopedModel):
    """One repair. Its state, photos and clocks (`visit`, `solve`) are the case's.

    `place_index` is the keyed hash of building and room: where the same fault comes again, without the room of a private
    home standing in the table.
    """

    scope_permission = "case.view"

    case = models.OneToOneField(Case, on_delete=models.PROTECT, primary_key=True, related_name="repair")
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    fault = models.CharField(_("class of fault"), max_length=20)
    building = models.CharField(_("building"), max_length=60, blank=True)
    room = EncryptedField(verbose_name=_("room"))
    place_index = BlindIndexField()
    place_kind = models.CharField(_("whose place"), max_length=10, choices=PlaceKind, default=PlaceKind.PUBLIC)
    is_urgent = models.BooleanField(_("urgent"), default=False)
    labour = models.BigIntegerField(_("work charged (fen)"), default=0)
    repeat_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="repeats", verbose_name=_("repeat of")
    )
    reported_at = models.DateTimeField(_("reported at"))
    arrived_at = models.DateTimeField(_("arrived at"), null=True, blank=True)
    fixed_at = models.DateTimeField(_("mended at"), null=True, blank=True)
    signed_at = models.DateTimeField(_("signed off at"), null=True, blank=True)
    is_drawn = models.BooleanField(_("drawn for a call"), default=False)
    called_at = models.DateTimeField(_("called back at"), null=True, blank=True)
    is_confirmed = models.BooleanField(_("confirmed as mended on the phone"), null=True, blank=True)
    call_note = EncryptedField(verbose_name=_("what was said on the phone"))

    class Meta(ScopedModel.Meta):
        indexes = [
            models.Index(fields=["place_index", "fault", "fixed_at"], name="repair_by_place"),
            models.Index(fields=["organisation", "reported_at"], name="repair_by_report"),
            models.Index(fields=["organisation", "fixed_at"], name="repair_by_mending"),
            models.Index(
                fields=["organisation", "fixed_at"], condition=Q(is_drawn=True, called_at=None), name="repair_to_call"
            ),
        ]

    def __str__(self) -> str:
        return str(self.case_id)

    @property
    def is_charged(self) -> bool:
        return self.place_kind != PlaceKind.PUBLIC

    @classmethod
    def own_rows(cls, actor: Actor) -> Q | None:
        own = Case.own_rows(actor)
        return Q(case__in=Case.everything.filter(own).values("pk")) if own is not None else None


class RepairPart(ScopedModel):
    """Something that belongs to a repair and is reached through it only."""

    scope_path = "repair__organisation__path"
    scope_permission = "case.view"

    class Meta(ScopedModel.Meta):
        abstract = True

    @classmethod
    def own_rows(cls, actor: Actor) -> Q | None:
        own = Case.own_rows(actor)
        return Q(repair__in=Case.everything.filter(own).values("pk")) if own is not None else None


class PartsWait(RepairPart):
    """A stretch in which nothing could be done for want of a part or of a way in; it lasts while `ended_at` is empty."""

    repair = models.ForeignKey(Repair, on_delete=models.PROTECT, related_name="waits", db_index=False)
    charged_to = models.CharField(_("charged to"), max_length=10, choices=ChargedTo, default=ChargedTo.STORES)
    what = models.CharField(_("what is missing"), max_length=80)
    expected_on = models.DateField(_("expected on"), null=True, blank=True)
    started_at = models.DateTimeField(_("since"))
    ended_at = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta(RepairPart.Meta):
        constraints = [
            models.UniqueConstraint(fields=["repair"], condition=Q(ended_at=None), name="repair_waits_once"),
        ]
        indexes = [models.Index(fields=["repair", "started_at"], name="parts_wait_by_repair")]

    def __str__(self) -> str:
        return self.what


class Material(RepairPart):
    """A line of what was used: `quantity` in hundredths of the unit, `price` in fen a unit. Stock comes later."""

    repair = models.ForeignKey(Repair, on_delete=models.PROTECT, related_name="materials", db_index=False)
    name = models.CharField(pgettext_lazy("material", "name"), max_length=60)
    quantity = models.PositiveIntegerField(_("quantity in hundredths"))
    unit = models.CharField(_("unit"), max_length=8)
    price = models.BigIntegerField(_("price of a unit (fen)"))

    class Meta(RepairPart.Meta):
        indexes = [models.Index(fields=["repair", "id"], name="material_by_repair")]
        constraints = [
            models.CheckConstraint(name="material_of_something", condition=Q(quantity__gt=0, price__gte=0)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def total(self) -> int:
        """Fen for the line."""
        return total(self.quantity, self.price)

    @property
    def quantity_text(self) -> str:
        """The quantity as people write it: `2.5` for 250 hundredths."""
        return f"{self.quantity / 100:g}"

"""Union bodies and where each stood in the tree, on any day."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from shuniu.kernel.period import FOREVER, PeriodModel, starts_before_it_ends
from shuniu.kernel.scope import ScopedModel
from shuniu.kernel.vault import EncryptedField
from shuniu.registry.enums import OrganisationType
from shuniu.registry.models.areas import Area


class Organisation(ScopedModel):
    """A union body. `path`, `parent` and `dissolved_on` say where it stands today; `Placement` keeps every day."""

    scope_path = "path"
    scope_permission = "organisation.view"

    code = models.CharField(_("number"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=120)
    short_name = models.CharField(_("short name"), max_length=40, blank=True)
    initials = models.CharField(_("pinyin initials"), max_length=120, blank=True)
    type = models.CharField(_("type"), max_length=16, choices=OrganisationType)
    credit_code = models.CharField(_("credit code of the union"), max_length=18, unique=True, null=True, blank=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, verbose_name=_("area"))
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    path = models.CharField(_("place in the tree"), max_length=64, unique=True, null=True)  # noqa: DJ001 -- none yet
    founded_on = models.DateField(_("founded on"))
    dissolved_on = models.DateField(_("dissolved on"), default=FOREVER)
    approval_number = models.CharField(_("approval number"), max_length=60, blank=True)
    contact_name = models.CharField(_("contact"), max_length=40, blank=True)
    contact_phone = EncryptedField(verbose_name=_("contact phone"))
    bank_account = EncryptedField(verbose_name=_("union account"))
    small_payer = models.BooleanField(_("pays small contributions"), default=False)
    has_congress = models.BooleanField(_("workers' congress held"), default=False)
    has_disclosure = models.BooleanField(_("management disclosed"), default=False)
    has_agreement = models.BooleanField(_("collective agreement in force"), default=False)
    has_mediation = models.BooleanField(_("mediation committee set up"), default=False)
    batch_id = models.BigIntegerField(_("import batch"), null=True, blank=True)

    class Meta(ScopedModel.Meta):
        indexes = [
            models.Index(fields=["name"], name="organisation_by_name"),
            models.Index(fields=["initials"], name="organisation_by_initials"),
            models.Index(fields=["type", "path"], name="organisation_by_type"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_dissolved(self) -> bool:
        return self.dissolved_on != FOREVER


class Placement(ScopedModel, PeriodModel):
    """Where an organisation stood in the territorial tree for a period of days."""

    scope_permission = "organisation.view"

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="placements")
    parent = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    path = models.CharField(_("place in the tree"), max_length=64)
    cause = models.CharField(_("cause"), max_length=20, default="founded")
    """`founded`, `moved`, `merged`, `split` or `imported`."""

    class Meta(ScopedModel.Meta):
        constraints = [
            starts_before_it_ends("placement_not_empty"),
            models.UniqueConstraint(
                fields=["organisation"], condition=models.Q(ends_on=FOREVER), name="placement_open_once"
            ),
        ]
        indexes = [models.Index(fields=["path", "starts_on", "ends_on", "organisation"], name="placement_by_path")]

    def __str__(self) -> str:
        return f"{self.organisation_id} at {self.path}"


class Guidance(ScopedModel, PeriodModel):
    """The second parent (条): the industry body that guides an organisation's work for a time."""

    scope_permission = "organisation.view"

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="guidance")
    parent = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="guided")

    class Meta(ScopedModel.Meta):
        constraints = [
            starts_before_it_ends("guidance_not_empty"),
            models.UniqueConstraint(
                fields=["organisation"], condition=models.Q(ends_on=FOREVER), name="guidance_open_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} guided by {self.parent_id}"


class Succession(ScopedModel):
    """One organisation took over from another on a day: by merger, or as a part split off."""

    scope_permission = "organisation.view"
    scope_path = "successor__path"

    predecessor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="predecessions")
    on = models.DateField(_("on"))
    kind = models.CharField(_("kind"), max_length=10)
    """`merged` or `split`."""

    class Meta(ScopedModel.Meta):
        constraints = [models.UniqueConstraint(fields=["predecessor", "successor", "on"], name="succession_told_once")]

    def __str__(self) -> str:
        return f"{self.predecessor_id} to {self.successor_id}"


class Term(ScopedModel):
    """A committee's term of office (届). `ended_on` is the day the next one took over."""

    scope_permission = "organisation.view"

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="terms")
    number = models.PositiveSmallIntegerField(_("term number"))
    starts_on = models.DateField(_("elected on"))
    years = models.PositiveSmallIntegerField(_("years"))
    due_on = models.DateField(_("election due on"))
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    batch_id = models.BigIntegerField(_("import batch"), null=True, blank=True)

    class Meta(ScopedModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "number"], name="term_numbered_once")]
        indexes = [models.Index(fields=["ended_on", "due_on"], name="term_by_due_date")]

    def __str__(self) -> str:
        return f"{self.organisation_id} #{self.number}"


class ReturnForm(ScopedModel):
    """What a printed statistical form must carry (Statistics Law, art. 17), as the unit that makes the return has it.

    Units below without a form of their own use that of the nearest body above them.
    """

    scope_permission = "return.make"

    organisation = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="return_form")
    number = models.CharField(_("form number"), max_length=40)
    issuer = models.CharField(_("issuing body"), max_length=80)
    approval = models.CharField(_("approval or filing number"), max_length=80)
    valid_until = models.DateField(_("valid until"))

    class Meta(ScopedModel.Meta):
        pass

    def __str__(self) -> str:
        return self.number

"""People and their membership: events are the truth, periods and the person's standing follow from them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shuniu.kernel.period import FOREVER, PeriodModel, starts_before_it_ends
from shuniu.kernel.scope import Actor, ScopedModel
from shuniu.kernel.vault import BlindIndexField, EncryptedField
from shuniu.registry.enums import (
    Education,
    Employment,
    GroupTag,
    Household,
    IdType,
    MembershipAct,
    Political,
    Sex,
    Standing,
    TransferState,
)
from shuniu.registry.models.organisations import Organisation


class Person(ScopedModel):
    """A person known to the union. `home`, `standing` and `joined_on` are today's, derived from the events."""

    scope_path = "home__path"
    scope_permission = "member.view"

    name = models.CharField(_("name"), max_length=50)
    initials = models.CharField(_("pinyin initials"), max_length=50, blank=True)
    id_type = models.CharField(_("kind of identity document"), max_length=10, choices=IdType, default=IdType.RESIDENT)
    id_number = EncryptedField(verbose_name=_("identity number"))
    id_index = BlindIndexField()
    mobile = EncryptedField(verbose_name=_("mobile"))
    mobile_index = BlindIndexField()
    sex = models.CharField(_("sex"), max_length=1, choices=Sex)
    born_on = models.DateField(_("born on"), null=True, blank=True)
    ethnicity = models.CharField(_("ethnicity"), max_length=20, blank=True)
    political = models.CharField(_("political status"), max_length=10, choices=Political, blank=True)
    education = models.CharField(_("education"), max_length=10, choices=Education, blank=True)
    household = models.CharField(_("household registration"), max_length=10, choices=Household, blank=True)
    is_migrant = models.BooleanField(_("migrant worker"), default=False)
    employment = models.CharField(_("form of employment"), max_length=10, choices=Employment, blank=True)
    job = models.CharField(_("job"), max_length=60, blank=True)
    department = models.CharField(_("department or team"), max_length=60, blank=True)
    home = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("union")
    )
    standing = models.PositiveSmallIntegerField(_("standing"), choices=Standing, default=Standing.APPLIED)
    joined_on = models.DateField(_("joined on"), null=True, blank=True)
    confirmed_on = models.DateField(_("record confirmed on"), null=True, blank=True)
    consented_on = models.DateField(_("consent to use of data on"), null=True, blank=True)
    batch_id = models.BigIntegerField(_("import batch"), null=True, blank=True)

    class Meta(ScopedModel.Meta):
        constraints = [models.UniqueConstraint(fields=["id_index"], name="person_known_once")]
        indexes = [
            models.Index(fields=["home", "id"], name="person_by_home"),
            models.Index(fields=["mobile_index"], name="person_by_mobile"),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def own_rows(cls, actor: Actor) -> Q | None:
        return Q(pk=actor.person_id) if actor.person_id is not None and actor.may("own.view") else None


class PersonTag(ScopedModel):
    """A group a person belongs to (eight groups, new forms of employment)."""

    scope_path = "person__home__path"
    scope_permission = "member.view"

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="tags", db_index=False)
    tag = models.CharField(_("group"), max_length=10, choices=GroupTag)

    class Meta(ScopedModel.Meta):
        constraints = [models.UniqueConstraint(fields=["person", "tag"], name="person_tagged_once")]

    def __str__(self) -> str:
        return self.get_tag_display()


class MembershipEvent(ScopedModel):
    """Something that happened to a membership on a day. Append-only."""

    scope_permission = "member.view"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="events", db_index=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    act = models.PositiveSmallIntegerField(_("event"), choices=MembershipAct)
    on = models.DateField(_("on"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    batch_id = models.BigIntegerField(_("import batch"), null=True, blank=True)

    class Meta(ScopedModel.Meta):
        indexes = [models.Index(fields=["person", "id"], name="event_by_person")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.get_act_display()} {self.on}"


class Membership(ScopedModel, PeriodModel):
    """A period in which a person stood with one union in one standing (member, or membership reserved)."""

    scope_permission = "member.view"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships", db_index=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    standing = models.PositiveSmallIntegerField(_("standing"), choices=Standing)
    woman = models.BooleanField(_("woman"))
    """The person's sex, copied so that women are counted without reading people."""
    batch_id = models.BigIntegerField(_("import batch"), null=True, blank=True)

    class Meta(ScopedModel.Meta):
        constraints = [
            starts_before_it_ends("membership_not_empty"),
            models.UniqueConstraint(fields=["person"], condition=Q(ends_on=FOREVER), name="membership_open_once"),
        ]
        indexes = [
            models.Index(fields=["person", "starts_on"], name="membership_by_person"),
            models.Index(
                fields=["organisation", "standing", "starts_on", "ends_on"], name="membership_by_organisation"
            ),
            models.Index(fields=["standing", "starts_on", "organisation", "woman"], name="membership_by_start"),
            models.Index(fields=["standing", "ends_on", "organisation", "woman"], name="membership_by_end"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.organisation_id}"


class YearTally(ScopedModel):
    """How many members joined and left a union in a year, and how many it had at the end of it.

    A row stands for every year from `year` up to, but not including, `until`, so that one row a union answers for any
    year. Always equal to what follows from `Membership`: written by `ledger` only, rebuilt by
    `shuniu manage rebuild_tallies`, checked by `shuniu verify`.
    """

    scope_permission = "organisation.view"

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    year = models.PositiveSmallIntegerField(_("year"))
    until = models.PositiveSmallIntegerField(_("until"))
    joined = models.PositiveIntegerField(_("joined"))
    left = models.PositiveIntegerField(_("left"))
    women_joined = models.PositiveIntegerField(_("women who joined"))
    women_left = models.PositiveIntegerField(_("women who left"))
    members = models.PositiveIntegerField(_("members at the end of the year"))
    women = models.PositiveIntegerField(_("women at the end of the year"))

    class Meta(ScopedModel.Meta):
        constraints = [models.UniqueConstraint(fields=["organisation", "year"], name="tally_once_a_year")]
        indexes = [models.Index(fields=["until", "year", "organisation", "members", "women"], name="tally_by_year")]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.year}"


class Transfer(ScopedModel):
    """A membership on its way from one union to another: issued by one, received by the other."""

    scope_path = "origin__path"
    scope_permission = "member.view"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="transfers")
    origin = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="transfers_out")
    destination = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="transfers_in")
    state = models.CharField(_("state"), max_length=10, choices=TransferState, default=TransferState.OPEN)
    out_on = models.DateField(_("issued on"))
    in_on = models.DateField(_("received on"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    answer = models.CharField(_("answer"), max_length=200, blank=True)

    class Meta(ScopedModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(state=TransferState.OPEN), name="transfer_open_once"
            ),
            models.CheckConstraint(
                name="transfer_received_has_day",
                condition=Q(state=TransferState.RECEIVED, in_on__isnull=False)
                | (~Q(state=TransferState.RECEIVED) & Q(in_on__isnull=True)),
            ),
        ]
        indexes = [models.Index(fields=["state", "out_on"], name="transfer_by_state")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.origin_id} to {self.destination_id}"

    @classmethod
    def own_rows(cls, actor: Actor) -> Q | None:
        """Transfers that come in, and one's own."""
        condition = actor.reach(cls.scope_permission).condition("destination__path")
        return condition | Q(person_id=actor.person_id) if actor.person_id else condition

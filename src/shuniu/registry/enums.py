"""Choices of the registry. Values are stored; labels are what people read."""

from __future__ import annotations

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class OrganisationType(TextChoices):
    """Kinds of union bodies (Trade Union Law, arts. 10 and 11)."""

    FEDERATION = "federation", _("Local federation")
    INDUSTRY = "industry", _("Industry union")
    TOWN = "town", _("Town, street or zone federation")
    ASSOCIATION = "association", _("Union association")
    PRIMARY = "primary", _("Primary union")
    JOINT = "joint", _("Joint primary union")
    BRANCH = "branch", _("Branch")
    GROUP = "group", _("Group")
    ORGANISER_POINT = "organiser_point", _("Single organiser (fewer than 25 members)")

    @property
    def is_union(self) -> bool:
        """Whether it counts as one established union in 建会 figures."""
        return self in UNION_TYPES


UNION_TYPES = frozenset({OrganisationType.PRIMARY, OrganisationType.JOINT, OrganisationType.ORGANISER_POINT})
ABOVE_PRIMARY = frozenset(
    {OrganisationType.FEDERATION, OrganisationType.INDUSTRY, OrganisationType.TOWN, OrganisationType.ASSOCIATION}
)


class AreaKind(TextChoices):
    DISTRICT = "district", _("District")
    TOWN = "town", _("Town")
    STREET = "street", _("Street")
    ZONE = "zone", _("Zone")


class EmployerCategory(TextChoices):
    """Unit categories with their codes in the official form (registration types)."""

    STATE = "110", _("State-owned")
    COLLECTIVE = "120", _("Collective")
    COOPERATIVE = "130", _("Share cooperative")
    JOINT_OPERATION = "140", _("Joint operation")
    STATE_SOLE = "151", _("Wholly state-owned company")
    LIMITED = "159", _("Other limited company")
    STATE_SHARES = "161", _("State-controlled share company")
    SHARES = "169", _("Other share company")
    PRIVATE = "170", _("Private")
    OTHER_DOMESTIC = "190", _("Other domestic")
    HK_MACAO_TAIWAN = "200", _("Hong Kong, Macao or Taiwan invested")
    FOREIGN = "300", _("Foreign invested")
    INSTITUTION = "400", _("Public institution")
    ORGAN = "500", _("State organ")
    SELF_EMPLOYED = "600", _("Self-employed household")
    NON_PROFIT = "700", _("Private non-enterprise unit")


class Industry(TextChoices):
    """The twenty sections of the national classification GB/T 4754."""

    A = "A", _("Agriculture, forestry, animal husbandry and fishery")
    B = "B", _("Mining")
    C = "C", _("Manufacturing")
    D = "D", _("Electricity, heat, gas and water supply")
    E = "E", _("Construction")
    F = "F", _("Wholesale and retail")
    G = "G", _("Transport, storage and post")
    H = "H", _("Accommodation and catering")
    I = "I", _("Information transmission, software and IT services")  # noqa: E741 -- the section's official letter
    J = "J", _("Finance")
    K = "K", _("Real estate")
    L = "L", _("Leasing and business services")
    M = "M", _("Research and technical services")
    N = "N", _("Water, environment and public facilities")
    O = "O", _("Resident services, repair and other services")  # noqa: E741 -- the section's official letter
    P = "P", pgettext_lazy("industry", "Education")
    Q = "Q", _("Health and social work")
    R = "R", _("Culture, sports and entertainment")
    S = "S", _("Public administration, social security and social organisations")
    T = "T", _("International organisations")


class Sex(TextChoices):
    MALE = "m", _("Male")
    FEMALE = "f", _("Female")


class IdType(TextChoices):
    RESIDENT = "resident", _("Resident identity card")
    PASSPORT = "passport", _("Passport")
    HK_MACAO_TAIWAN = "hmt", _("Hong Kong, Macao or Taiwan permit")


class Household(TextChoices):
    RURAL = "rural", _("Agricultural")
    URBAN = "urban", _("Non-agricultural")


class Employment(TextChoices):
    CONTRACT = "contract", _("Labour contract")
    DISPATCHED = "dispatched", _("Dispatched")
    FLEXIBLE = "flexible", _("Flexible")
    PLATFORM = "platform", _("New form of employment")


class Education(TextChoices):
    PRIMARY = "primary", _("Primary school")
    JUNIOR = "junior", _("Junior middle school")
    SENIOR = "senior", _("Senior middle or vocational school")
    COLLEGE = "college", _("Junior college")
    BACHELOR = "bachelor", _("Bachelor")
    MASTER = "master", _("Master")
    DOCTOR = "doctor", _("Doctor")


class Political(TextChoices):
    PARTY = "party", _("Party member")
    LEAGUE = "league", _("League member")
    DEMOCRATIC = "democratic", _("Member of a democratic party")
    MASSES = "masses", _("Unaffiliated")


class GroupTag(TextChoices):
    """The eight groups (2018) and the workers of new forms of employment (2021); each is a line of reports."""

    TRUCK = "truck", _("Lorry driver")
    COURIER = "courier", _("Courier")
    CARER = "carer", _("Hospital carer")
    DOMESTIC = "domestic", _("Domestic worker")
    SHOP = "shop", _("Shop information assistant")
    FOOD = "food", _("Food delivery rider")
    ESTATE = "estate", _("Estate agent")
    GUARD = "guard", _("Security guard")
    RIDE = "ride", _("Ride-hailing driver")


EIGHT_GROUPS = frozenset(GroupTag) - {GroupTag.RIDE}
NEW_EMPLOYMENT = frozenset({GroupTag.TRUCK, GroupTag.RIDE, GroupTag.COURIER, GroupTag.FOOD})


class Standing(IntegerChoices):
    """Where a person stands with the union. Small integers, because half a million rows carry it."""

    APPLIED = 1, pgettext_lazy("membership", "Applied")
    ACTIVE = 2, pgettext_lazy("membership", "Member")
    RESERVED = 3, pgettext_lazy("membership", "Membership reserved")
    LEFT = 4, pgettext_lazy("membership", "Left")
    EXPELLED = 5, pgettext_lazy("membership", "Expelled")
    DECEASED = 6, pgettext_lazy("membership", "Deceased")
    REFUSED = 7, pgettext_lazy("membership", "Application refused")


class MembershipAct(IntegerChoices):
    """What can happen to a membership. The events are the truth; standing and periods follow from them."""

    APPLIED = 1, pgettext_lazy("event", "Applied")
    APPROVED = 2, pgettext_lazy("event", "Admitted")
    REFUSED = 3, pgettext_lazy("event", "Application refused")
    TRANSFERRED_OUT = 4, pgettext_lazy("event", "Transfer issued")
    TRANSFERRED_IN = 5, pgettext_lazy("event", "Transferred in")
    RESERVED = 6, pgettext_lazy("event", "Membership reserved")
    RESUMED = 7, pgettext_lazy("event", "Membership resumed")
    LEFT = 8, pgettext_lazy("event", "Left")
    EXPELLED = 9, pgettext_lazy("event", "Expelled")
    DIED = 10, pgettext_lazy("event", "Died")


class PostKind(TextChoices):
    CHAIR = "chair", _("Chair")
    VICE_CHAIR = "vice_chair", _("Vice-chair")
    COMMITTEE = "committee", _("Committee member")
    AUDIT_CHAIR = "audit_chair", _("Chair of the fund audit committee")
    AUDIT = "audit", _("Member of the fund audit committee")
    WOMEN_CHAIR = "women_chair", _("Chair of the women workers' committee")
    WOMEN = "women", _("Member of the women workers' committee")
    CADRE = "cadre", _("Union cadre")
    ORGANISER = "organiser", _("Organiser")
    GROUP_LEADER = "group_leader", _("Group leader")


COMMITTEE_POSTS = frozenset({PostKind.CHAIR, PostKind.VICE_CHAIR, PostKind.COMMITTEE})


class PostTime(TextChoices):
    FULL = "full", _("Full-time")
    PART = "part", _("Part-time")
    SOCIALISED = "socialised", _("Socialised")


class QualificationKind(TextChoices):
    COUNSELLOR = "counsellor", _("Psychological counsellor")
    COORDINATOR = "coordinator", _("Labour relations coordinator")
    ARBITRATOR = "arbitrator", _("Arbitrator")
    MEDIATOR = "mediator", _("Mediator")
    LAWYER = "lawyer", _("Lawyer")
    SOCIAL_WORKER = "social_worker", _("Social worker")
    SUPERVISOR = "supervisor", _("Labour law supervisor")


class TransferState(TextChoices):
    OPEN = "open", pgettext_lazy("transfer", "Waiting to be received")
    RECEIVED = "received", pgettext_lazy("transfer", "Received")
    REFUSED = "refused", pgettext_lazy("transfer", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("transfer", "Withdrawn")


class LeadSource(TextChoices):
    INSPECTION = "inspection", _("Labour inspection")
    CASE = "case", _("Dispute or case")
    WALK_IN = "walk_in", _("Walk-in")


class LeadState(TextChoices):
    NEW = "new", pgettext_lazy("lead", "New")
    VISITED = "visited", pgettext_lazy("lead", "Visited")
    CONSENTED = "consented", pgettext_lazy("lead", "Consented")
    PREPARING = "preparing", pgettext_lazy("lead", "Preparing")
    APPROVED = "approved", pgettext_lazy("lead", "Approved")
    FOUNDED = "founded", pgettext_lazy("lead", "Founded")
    CLOSED = "closed", pgettext_lazy("lead", "Closed without a union")

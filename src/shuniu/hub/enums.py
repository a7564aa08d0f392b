"""Choices of the hub. Values are stored; labels are what people read."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class DutyClass(TextChoices):
    """Whether work of the union may be done by outsiders."""

    RESERVED = "reserved", _("Reserved to the union's own officers")
    OWN_FIRST = "own_first", _("The union's own first")
    OPEN = "open", _("May be opened")


class DeliveryMode(TextChoices):
    """Who carries a duty out, and on what terms."""

    OWN = "own", pgettext_lazy("delivery mode", "Own")
    JOINT = "joint", pgettext_lazy("delivery mode", "Joint")
    COMMISSIONED = "commissioned", pgettext_lazy("delivery mode", "Commissioned")
    PURCHASED = "purchased", pgettext_lazy("delivery mode", "Purchased")
    VOLUNTEER = "volunteer", pgettext_lazy("delivery mode", "Volunteer")


class ServiceKind(TextChoices):
    """Kinds of service that a professional may be fit for, and that a service line offers."""

    ADVICE = "advice", _("Legal advice")
    COUNSELLING = "counselling", _("Psychological counselling")
    GRIEVANCE = "grievance", _("Grievance")
    MEDIATION = "mediation", _("Mediation of disputes")
    REPAIR = "repair", _("Repairs")
    LETTER = "letter", _("Letters to the chair")
    TRAINING = "training", _("Training")
    ASSESSMENT = "assessment", _("Assessment")
    OTHER = "other", pgettext_lazy("service kind", "Other service")


class ProviderKind(TextChoices):
    """What sort of body a provider is."""

    LAW_FIRM = "law_firm", _("Law firm")
    GROUP = "group", _("Group of firms")
    ASSOCIATION = "association", _("Association")
    COMPANY = "company", pgettext_lazy("provider kind", "Company")
    INSTITUTION = "institution", pgettext_lazy("provider kind", "Public institution")
    OWN = "own", _("Unit of the organisation itself")


class ProviderState(TextChoices):
    """How far a provider has come: only an active one gets new work."""

    APPLIED = "applied", pgettext_lazy("provider", "Applied")
    VETTING = "vetting", pgettext_lazy("provider", "Being vetted")
    ACTIVE = "active", pgettext_lazy("provider", "Active")
    SUSPENDED = "suspended", pgettext_lazy("provider", "Suspended")
    REFUSED = "refused", pgettext_lazy("provider", "Not admitted")
    REMOVED = "removed", pgettext_lazy("provider", "Removed")


class Profession(TextChoices):
    """What a professional is by training."""

    LAWYER = "lawyer", _("Lawyer")
    COUNSELLOR = "counsellor", _("Counsellor")
    MEDIATOR = "mediator", _("Mediator")
    TRAINER = "trainer", _("Trainer")
    REPAIRER = "repairer", _("Repairer")
    ASSESSOR = "assessor", _("Assessor")
    OFFICER = "officer", pgettext_lazy("profession", "Union officer")

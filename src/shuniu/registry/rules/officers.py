"""Posts that exclude each other, certificates that run out, and what each certificate lets an officer do."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuniu.registry.enums import PostKind, QualificationKind

AUDIT_POSTS: Final = frozenset({PostKind.AUDIT_CHAIR, PostKind.AUDIT})
STAFF_POSTS: Final = frozenset({PostKind.CADRE, PostKind.ORGANISER})
"""Posts that people are employed for. The others are elected, and only members can be elected."""
EXCLUDES: Final = {
    PostKind.CHAIR: AUDIT_POSTS,
    PostKind.AUDIT_CHAIR: frozenset({PostKind.CHAIR}),
    PostKind.AUDIT: frozenset({PostKind.CHAIR}),
}
"""Who spends does not audit: posts in one union that nobody may hold together."""
AUDIT_RULE: Final = "audit.committee.size"
"""Id of the rule whose page says who may sit on a fund audit committee."""

SERVES: Final[dict[QualificationKind, str | Promise]] = {
    QualificationKind.COUNSELLOR: gettext_lazy("Psychological counselling of workers"),
    QualificationKind.COORDINATOR: gettext_lazy("Collective bargaining and labour relations"),
    QualificationKind.ARBITRATOR: gettext_lazy("Labour arbitration"),
    QualificationKind.MEDIATOR: gettext_lazy("Mediation of labour disputes"),
    QualificationKind.LAWYER: gettext_lazy("Legal advice and representation"),
    QualificationKind.SOCIAL_WORKER: gettext_lazy("Casework, group work and care visits"),
    QualificationKind.SUPERVISOR: gettext_lazy("Supervision of labour law"),
}
"""The service that a valid certificate of each kind lets its holder do."""


@dataclass(frozen=True, slots=True)
class PostVerdict:
    """Whether the posts of one person in one union may be held together; the sentence is for the page."""

    ok: bool
    sentence: str


def excluded(kind: PostKind, held: Collection[PostKind]) -> frozenset[PostKind]:
    """Those of the posts held in the same union that exclude `kind`."""
    return EXCLUDES.get(kind, frozenset()).intersection(held)


def audit_verdict(name: str, held: Collection[PostKind]) -> PostVerdict | None:
    """Whether the chair keeps out of the fund audit committee; None for somebody who is in neither."""
    audits = AUDIT_POSTS.intersection(held)
    if not audits and PostKind.CHAIR not in held:
        return None
    if audits and PostKind.CHAIR in held:
        return PostVerdict(
            ok=False, sentence=_("{name} chairs the union and sits on its fund audit committee.").format(name=name)
        )
    return PostVerdict(
        ok=True, sentence=_("Chairing the union and auditing its funds are in different hands.").format(name=name)
    )


class Validity(StrEnum):
    """How a certificate stands on a day."""

    PERMANENT = "permanent"
    VALID = "valid"
    RUNNING_OUT = "running_out"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Expiry:
    """How a certificate stands, and for how many days it is still good; None where it never expires.

    `step` is the warning that has been reached, e.g. 30 of the steps (90, 30); None before the first.
    """

    validity: Validity
    days: int | None = None
    step: int | None = None


def expiry(expires_on: date | None, today: date, steps: Iterable[int]) -> Expiry:
    """How a certificate stands on `today`; it is good up to and including the day it expires on.

    Args:
        steps: days before expiry at which to warn, from the rule `qualification.warning_days`.
    """
    if expires_on is None:
        return Expiry(Validity.PERMANENT)
    days = (expires_on - today).days
    if days < 0:
        return Expiry(Validity.EXPIRED, days)
    reached = [step for step in steps if days <= step]
    if reached:
        return Expiry(Validity.RUNNING_OUT, days, min(reached))
    return Expiry(Validity.VALID, days)


def expiry_label(found: Expiry) -> str:
    """What the pill says."""
    if found.validity is Validity.PERMANENT:
        return _("No expiry")
    if found.validity is Validity.EXPIRED:
        return _("Expired")
    if found.validity is Validity.RUNNING_OUT:
        return _("{n} days left").format(n=found.days)
    return _("Valid")


def expiry_tone(found: Expiry, steps: Sequence[int]) -> str:
    """The tone of the pill: the last warning is worse than those before it."""
    if found.validity is Validity.EXPIRED or (found.step is not None and found.step == min(steps)):
        return "bad"
    return "warn" if found.validity is Validity.RUNNING_OUT else "good"

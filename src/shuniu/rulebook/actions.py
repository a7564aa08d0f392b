"""A unit sets a rule of its own, and ends it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from shuniu.kernel import trail
from shuniu.kernel.errors import ActionError
from shuniu.kernel.period import FOREVER
from shuniu.kernel.scope import Actor
from shuniu.kernel.web.formats import date_text
from shuniu.rulebook.enums import Operator, UnitMay
from shuniu.rulebook.models import Body, UnitRule
from shuniu.rulebook.queries import rule_above
from shuniu.rulebook.rules.book import numbers_complaint
from shuniu.rulebook.rules.finding import may_replace
from shuniu.rulebook.rules.rule import Rule, UnitValue
from shuniu.rulebook.rules.verdict import operators_for

CHECKED = "the actor's right at the unit was checked"


@transaction.atomic(durable=True)
def set_unit_rule(
    organisation: Body,
    rule_id: str,
    *,
    operator: Operator,
    numbers: Sequence[int],
    valid_from: date,
    source: str,
    reason: str = "",
    actor: Actor,
    now: datetime,
) -> UnitRule:
    """Set a unit's own rule from a day on; the one that held until then ends there.

    Args:
        source: the decision it rests on, as the rule's page cites it.

    Raises:
        PermissionDenied: the actor may not set rules for the unit.
        ActionError: the rule leaves units no choice, the numbers are no rule or ask less than the rule above, the day
            has passed, or a later rule of the unit exists.
    """
    _require(actor, organisation.path)
    _refuse_past(valid_from, now)
    row = UnitRule(
        organisation_id=organisation.pk,
        rule_id=rule_id,
        operator=operator,
        numbers=list(numbers),
        valid_from=valid_from,
        source=source,
        reason=reason,
        set_by_id=actor.user_id,
        set_by_name=actor.name,
        set_at=now,
    )
    _refuse_unfit(row.value, rule_above(organisation, rule_id, on=valid_from))
    before = _end_the_one_before(row)
    _insert(row)
    trail.record("rule.set", row, actor=actor, now=now, before=before, after=_told(row))
    return row


@transaction.atomic(durable=True)
def end_unit_rule(rule: UnitRule, *, on: date, actor: Actor, now: datetime) -> None:
    """End a unit's own rule: `on` is the first day on which it no longer holds. One that has not begun is withdrawn.

    Raises:
        PermissionDenied: the actor may not set rules for the unit.
        ActionError: the day has passed, or the rule has ended or ends before it.
    """
    _require(actor, rule.organisation.path)
    _refuse_past(on, now)
    on = max(on, rule.valid_from)
    if on >= rule.valid_to:
        raise ActionError(_("This rule ends on {day} already.").format(day=date_text(rule.valid_to)))
    rows = UnitRule.objects.unscoped(reason=CHECKED).filter(pk=rule.pk, valid_to=rule.valid_to)
    if not rows.update(valid_to=on):
        raise ActionError(_("Somebody else has just changed this rule. Reload the page and look again."))
    before, rule.valid_to = rule.valid_to, on
    trail.record("rule.ended", rule, actor=actor, now=now, before={"valid_to": before}, after={"valid_to": on})


def _require(actor: Actor, path: str | None) -> None:
    if not actor.may_at("rule.edit", path or ""):
        raise PermissionDenied


def _refuse_past(day: date, now: datetime) -> None:
    if day < timezone.localtime(now).date():
        raise ActionError(_("A rule cannot begin or end on a day that has passed."))


def _refuse_unfit(value: UnitValue, above: Rule) -> None:
    allowed = operators_for(above)
    if above.topic.unit_may is UnitMay.NONE or not allowed:
        raise ActionError(_("A unit cannot set a rule of its own here."))
    if value.operator not in allowed:
        raise ActionError(_("This comparison does not fit the rule."))
    new = above.replaced_by(value)
    if complaint := numbers_complaint(new):
        raise ActionError(_("The number must be {expected}.").format(expected=complaint))
    if not may_replace(new, above):
        message = _("A unit's own rule may only be stricter than the one of {place}: {value} ({source}).")
        raise ActionError(message.format(place=above.place, value=above.value, source=above.citation))


def _end_the_one_before(row: UnitRule) -> Mapping[str, Any]:
    """End the unit's rule that holds on the day, if there is one; what it was, for the trail."""
    rows = UnitRule.objects.unscoped(reason=CHECKED)
    rows = rows.filter(organisation_id=row.organisation_id, rule_id=row.rule_id, valid_to__gt=row.valid_from)
    earlier = rows.exclude(valid_from=F("valid_to")).order_by("valid_from").last()
    if earlier is None:
        return {}
    if earlier.valid_from >= row.valid_from:
        message = _("A rule of this unit begins on {day} already. End that one first.")
        raise ActionError(message.format(day=date_text(earlier.valid_from)))
    rows.filter(pk=earlier.pk).update(valid_to=row.valid_from)
    return _told(earlier)


def _insert(row: UnitRule) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise ActionError(_("Somebody else has just changed this rule. Reload the page and look again.")) from error


def _told(row: UnitRule) -> Mapping[str, Any]:
    ends = None if row.valid_to == FOREVER else row.valid_to
    return {
        "rule": row.rule_id,
        "operator": row.operator,
        "numbers": row.numbers,
        "valid_from": row.valid_from,
        "valid_to": ends,
        "source": row.source,
        "reason": row.reason,
    }

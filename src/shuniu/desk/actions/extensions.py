"""More time for a limit: asked for by who handles the case, granted by somebody else."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shuniu.desk import clockwork
from shuniu.desk.casework import CaseError, add_step, locked, save_as_it_was, tell_trail
from shuniu.desk.enums import Audience, StepKind, Who
from shuniu.desk.filing import checked_text
from shuniu.desk.models import Case, CaseClock, Extension
from shuniu.desk.sight import Sight
from shuniu.kernel.scope import Actor
from shuniu.rulebook.public import find, place_of

LONGEST = "case.extension_workdays"
"""Id of the rule that says by how many units a limit is extended at most."""


@transaction.atomic(durable=True)
def ask_extension(case: Case, clock: CaseClock, *, units: int, reason: str, actor: Actor, now: datetime) -> Extension:
    """Ask for more units of a clock that runs.

    Raises:
        PermissionDenied: the actor does not handle the case.
        CaseError: too much is asked, without a reason, or while another answer is awaited.
    """
    case = locked(case)
    if not Sight.of(actor).roles(case) & {Who.HANDLER, Who.DISPATCHER}:
        raise PermissionDenied
    most = find(LONGEST, on=timezone.localtime(now).date(), at=place_of(case.organisation)).rule.number
    if not 1 <= units <= most:
        raise CaseError(_("A limit is extended by at least 1 and at most {n}.").format(n=most))
    if clock.case_id != case.pk or clock.stopped_at is not None:
        raise CaseError(_("This clock does not run any more."))
    written = checked_text(reason)
    if not written:
        raise CaseError(_("Please give the reason."))
    try:
        with transaction.atomic():
            asked: Extension = Extension.everything.create(
                case=case, clock=clock, units=units, reason=written, asked_by=actor.user_id, asked_at=now
            )
    except IntegrityError as error:
        raise CaseError(_("More time has been asked for already.")) from error
    add_step(case, StepKind.EXTENSION, actor=actor, now=now, text=written, audience=Audience.STAFF)
    tell_trail("case.extension_asked", case, actor, now, units=units)
    return asked


@transaction.atomic(durable=True)
def decide_extension(extension: Extension, *, granted: bool, actor: Actor, now: datetime) -> None:
    """Grant or refuse more time; never the one who asked.

    Raises:
        PermissionDenied: the actor neither hands out nor supervises cases of the line.
        CaseError: it is the actor's own request, or it was decided on already.
    """
    case = locked(extension.case)
    if not Sight.of(actor).roles(case) & {Who.DISPATCHER, Who.SUPERVISOR}:
        raise PermissionDenied
    if extension.asked_by == actor.user_id:
        raise CaseError(_("You asked for this yourself. Somebody else has to decide on it."))
    open_ones = Extension.everything.filter(pk=extension.pk, decided_at=None)
    if not open_ones.update(granted=granted, decided_by=actor.user_id, decided_at=now):
        raise CaseError(_("This has been decided on already."))
    if granted:
        _lengthen(case, extension)
    told = _("More time was granted.") if granted else _("More time was refused.")
    add_step(
        case, StepKind.EXTENSION, actor=actor, now=now, text=told, audience=Audience.ALL if granted else Audience.STAFF
    )
    tell_trail("case.extension_decided", case, actor, now, granted=granted)


def _lengthen(case: Case, extension: Extension) -> None:
    clock = CaseClock.everything.select_for_update(of=("self",)).get(pk=extension.clock_id)
    clock.extra += extension.units
    clockwork.reckon(clock)
    CaseClock.everything.filter(pk=clock.pk).update(alerted=0)
    case.due_at = clockwork.nearest(case.clocks.filter(stopped_at=None))
    save_as_it_was(case, case.state, "due_at")

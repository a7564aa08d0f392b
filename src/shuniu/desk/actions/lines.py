"""Setting up service lines: from a template, part by part, published as versions; and who works for them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from shuniu.accounts.public import User
from shuniu.desk.blueprints import Blueprint
from shuniu.desk.enums import LineRole, Secrecy
from shuniu.desk.lineage import digest
from shuniu.desk.models import AnswerTemplate, LineStaff, LineVersion, ServiceLine
from shuniu.desk.rules.setup import PARTS, read_setup
from shuniu.desk.soundness import wrong_with
from shuniu.hub.public import Duty
from shuniu.kernel import trail
from shuniu.kernel.errors import ActionError
from shuniu.kernel.guards import require
from shuniu.kernel.scope import Actor
from shuniu.kernel.text import normal, prose
from shuniu.registry.public import Organisation


class LineError(ActionError):
    """Something about a line that cannot be so; `field` is the form's field it is about."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@transaction.atomic(durable=True)
def set_up_line(
    *,
    organisation: Organisation,
    blueprint: Blueprint,
    key: str,
    prefix: str,
    name: str,
    actor: Actor,
    now: datetime,
    about: str = "",
    duty: Duty | None = None,
) -> ServiceLine:
    """Start a line of a union body from a template. It takes no cases until it is published.

    Raises:
        PermissionDenied: the actor may not set up lines there.
        LineError: the short name or the letters of its numbers are taken.
    """
    require(actor, "line.edit", organisation)
    try:
        with transaction.atomic():
            line: ServiceLine = ServiceLine.everything.create(
                organisation=organisation,
                duty=duty,
                key=key,
                prefix=normal(prefix).upper(),
                name=normal(name),
                about=normal(about) or str(blueprint.about),
                kind=blueprint.kind,
                secrecy=blueprint.secrecy,
                takes_anonymous=blueprint.takes_anonymous,
                setup=blueprint.setup,
            )
    except IntegrityError as error:
        raise LineError(_("The short name or the letters are taken by another line. Choose others."), "key") from error
    AnswerTemplate.everything.bulk_create(
        [AnswerTemplate(line=line, title=title, text=text) for title, text in blueprint.answers]
    )
    _tell("line.set_up", line, actor, now, template=blueprint.key)
    return line


@transaction.atomic(durable=True)
def change_line(
    line: ServiceLine,
    *,
    name: str,
    about: str,
    secrecy: Secrecy,
    takes_anonymous: bool,
    is_open: bool,
    actor: Actor,
    now: datetime,
) -> None:
    """Change what a line is called, who may read new cases of it, and whether it takes any. Cases that there are stay as
    they were opened.
    """
    require(actor, "line.edit", line.organisation)
    values = {
        "name": normal(name), "about": normal(about), "secrecy": str(secrecy), "takes_anonymous": takes_anonymous,
        "is_open": is_open,
    }  # fmt: skip
    before = {key: getattr(line, key) for key in values}
    ServiceLine.everything.filter(pk=line.pk).update(**values)
    changed = {key for key in values if before[key] != values[key]}
    _tell("line.changed", line, actor, now, fields=sorted(changed))


@transaction.atomic(durable=True)
def change_setup(line: ServiceLine, setup: Mapping[str, Any], *, part: str, actor: Actor, now: datetime) -> None:
    """Keep a changed draft, be it sound or not. `part` names what was changed, for the trail.

    Raises:
        PermissionDenied: the actor may not set up lines there. DataFileError: it is no setup at all.
    """
    require(actor, "line.edit", line.organisation)
    read_setup(setup, line.name)
    ServiceLine.everything.filter(pk=line.pk).update(setup=dict(setup))
    _tell("line.draft_changed", line, actor, now, part=part if part in (*PARTS, "initial") else "")


@transaction.atomic(durable=True)
def publish_line(line: ServiceLine, *, actor: Actor, now: datetime) -> LineVersion:
    """Make the draft the version that new cases go by. Cases that there are keep theirs.

    Raises:
        PermissionDenied: the actor may not set up lines there.
        LineError: the draft is not sound; the sentences say in what.
    """
    require(actor, "line.edit", line.organisation)
    line = ServiceLine.everything.select_for_update(of=("self",)).select_related("current").get(pk=line.pk)
    wrong = wrong_with(line)
    if wrong:
        raise LineError("\n".join(wrong))
    mark = digest(line.setup)
    if line.current is not None and line.current.digest == mark:
        return line.current
    number = line.current.number + 1 if line.current is not None else 1
    version: LineVersion = LineVersion.everything.create(
        line=line, number=number, setup=line.setup, digest=mark, published_at=now, published_by=actor.name
    )
    ServiceLine.everything.filter(pk=line.pk).update(current=version)
    _tell("line.published", line, actor, now, version=number)
    return version


@transaction.atomic(durable=True)
def drop_draft(line: ServiceLine, *, actor: Actor, now: datetime) -> None:
    """Go back to the published version; what was changed since is gone."""
    require(actor, "line.edit", line.organisation)
    line = ServiceLine.everything.select_related("organisation", "current").get(pk=line.pk)
    if line.current is not None and line.current.setup != line.setup:
        ServiceLine.everything.filter(pk=line.pk).update(setup=line.current.setup)
        _tell("line.draft_dropped", line, actor, now)


@transaction.atomic(durable=True)
def add_staff(line: ServiceLine, user: User, role: LineRole, *, actor: Actor, now: datetime) -> LineStaff:
    """Have an account work for the line; nothing happens where it does so already."""
    require(actor, "line.edit", line.organisation)
    found, made = LineStaff.everything.get_or_create(
        line=line, user=user, role=role, ended_at=None, defaults={"started_at": now}
    )
    if made:
        _tell("line.staff_added", line, actor, now, account=user.pk, role=str(role))
    return found


@transaction.atomic(durable=True)
def end_staff(staff: LineStaff, *, actor: Actor, now: datetime) -> None:
    """Have an account work for the line no more. Cases it handles stay with it until they are given to somebody else."""
    require(actor, "line.edit", staff.line.organisation)
    if LineStaff.everything.filter(pk=staff.pk, ended_at=None).update(ended_at=now):
        _tell("line.staff_ended", staff.line, actor, now, account=staff.user_id, role=staff.role)


@transaction.atomic(durable=True)
def keep_answer(line: ServiceLine, *, title: str, text: str, actor: Actor, now: datetime) -> AnswerTemplate:
    """Keep a text that answers may begin with, in place of one of the same title. An empty text removes it."""
    require(actor, "line.edit", line.organisation)
    rows = AnswerTemplate.everything.filter(line=line, title=normal(title))
    written = prose(text)
    if not written:
        rows.delete()
        found = AnswerTemplate(line=line, title=normal(title), text="")
    else:
        found, _made = rows.update_or_create(line=line, title=normal(title), defaults={"text": written})
    _tell("line.answer_kept", line, actor, now)
    return found


def _tell(verb: str, line: ServiceLine, actor: Actor, now: datetime, **detail: object) -> None:
    trail.record(verb, line, actor=actor, now=now, detail={"line": line.key, **detail})

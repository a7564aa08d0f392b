"""Where organisations stand: the one place that writes `Placement` and `Organisation.parent` and `.path`.

Shared code below the actions: call it inside the transaction of a use case that has checked its actor's right. Changes
of the tree take turns, at the row of the root.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import CharField, Max, QuerySet, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _

from shuniu.kernel.errors import ActionError
from shuniu.kernel.period import FOREVER
from shuniu.kernel.scope import path_range
from shuniu.kernel.web.formats import date_text
from shuniu.registry.enums import OrganisationType
from shuniu.registry.guards import refuse_dissolved
from shuniu.registry.models import Organisation, Placement
from shuniu.registry.rules import tree

REASON = "the tree is changed for a use case that has checked the actor's right"


def lock_tree() -> None:
    """Wait until nobody else changes the tree, to the end of the transaction."""
    roots = Organisation.objects.unscoped(reason=REASON).filter(parent=None).order_by("pk")
    list(roots.select_for_update(of=("self",), no_key=True).values_list("pk"))


def next_path(parent: Organisation | None) -> str:
    """A path below `parent` that no organisation has ever had.

    Raises:
        ActionError: the tree has no room there.
    """
    above = (parent.path or "") if parent else ""
    used = [
        rows.filter(path_range(above, "path"), path__gt=above).aggregate(last=Max("path"))["last"] or ""
        for rows in (Organisation.objects.unscoped(reason=REASON), Placement.objects.unscoped(reason=REASON))
    ]
    return _after(parent, max(used))


def _after(parent: Organisation | None, last: str) -> str:
    try:
        return tree.path_after((parent.path or "") if parent else "", last)
    except tree.TreeFullError as error:
        raise ActionError(_("There is no room for another body below {name}.").format(name=parent or "")) from error


def place(organisation: Organisation, parent: Organisation | None, *, on: date, cause: str = "founded") -> None:
    """Give an organisation its first place, from the day `on`.

    Where the parent came to its own place later, the registry does not know where the body stood before: its place
    begins with the parent's.

    Raises:
        ActionError: the parent may not have such a body below it, or is dissolved.
    """
    lock_tree()
    if parent:
        parent.refresh_from_db(fields=["path", "dissolved_on", "type"])
    _refuse_parent(organisation.type, parent)
    path = next_path(parent)
    since = max(on, (parent and stands_since(parent)) or on)
    Organisation.everything.filter(pk=organisation.pk).update(parent=parent, path=path)
    Placement.everything.create(organisation=organisation, parent=parent, path=path, starts_on=since, cause=cause)
    organisation.parent, organisation.path = parent, path


def place_new(bodies: Sequence[Organisation], *, cause: str) -> None:
    """Write many new bodies, each with its first place below its `parent`, from the day it was founded.

    Their parents are saved. The caller has locked the tree, and checked what may stand where.

    Raises:
        ActionError: the tree has no room there.
    """
    below: dict[int | None, list[Organisation]] = {}
    for body in bodies:
        below.setdefault(body.parent_id, []).append(body)
    for siblings in below.values():
        path = ""
        for body in siblings:
            path = body.path = _after(body.parent, path) if path else next_path(body.parent)
    Organisation.everything.bulk_create(bodies, batch_size=500)
    Placement.everything.bulk_create(
        (
            Placement(
                organisation=body,
                parent_id=body.parent_id,
                path=body.path or "",
                starts_on=body.founded_on,
                cause=cause,
            )
            for body in bodies
        ),
        batch_size=500,
    )


def move(organisation: Organisation, parent: Organisation, *, on: date, cause: str = "moved") -> int:
    """Move an organisation with all that stands below it, from the day `on`; the number of bodies moved.

    A second move on the same day replaces the first: a place held on no day is not kept.

    Raises:
        ActionError: the move would close a ring, the parent may not have such a body below it or is dissolved, or the
            parent or a body of the subtree came to its present place after that day.
    """
    lock_tree()
    organisation.refresh_from_db(fields=["path", "parent", "dissolved_on", "type"])
    parent.refresh_from_db(fields=["path", "dissolved_on", "type"])
    refuse_dissolved(organisation)
    if tree.is_within(parent.path or "", organisation.path or ""):
        raise ActionError(_("A body cannot stand below itself. Choose another superior."))
    _refuse_parent(organisation.type, parent)
    _refuse_day(parent, on)
    standing = _standing_within(organisation.path or "")
    _refuse_later(standing, on)
    path = next_path(parent)
    _keep_past(standing, on)
    moved = standing.update(path=_rebased(organisation.path or "", path), starts_on=on, cause=cause)
    Placement.everything.filter(organisation=organisation, ends_on=FOREVER).update(parent=parent)
    _rewrite_present(organisation, parent, path)
    return moved


def leave(organisation: Organisation, *, on: date) -> None:
    """End an organisation's place on the day it ceases to exist. Its last path stays on its row, for those who look back.

    Raises:
        ActionError: it came to its present place after that day, or bodies still stand below it on that day.
    """
    lock_tree()
    standing = _standing_within(organisation.path or "")
    if standing.exclude(organisation=organisation).exists():
        raise ActionError(_("{name} still has bodies below it. Move or dissolve them first.").format(name=organisation))
    _refuse_later(standing, on)
    standing.filter(starts_on=on).delete()
    standing.update(ends_on=on)


def _standing_within(path: str) -> QuerySet[Placement]:
    return Placement.objects.unscoped(reason=REASON).filter(path_range(path, "path"), ends_on=FOREVER)


def _rebased(old: str, new: str) -> Concat:
    return Concat(Value(new), Substr("path", len(old) + 1), output_field=CharField())


def _keep_past(standing: QuerySet[Placement], on: date) -> None:
    """Keep a closed row of each place that was held before `on`; the open rows are about to become the new places."""
    past = standing.filter(starts_on__lt=on).values_list("organisation_id", "parent_id", "path", "cause", "starts_on")
    Placement.everything.bulk_create(
        Placement(organisation_id=pk, parent_id=above, path=path, cause=cause, starts_on=since, ends_on=on)
        for pk, above, path, cause, since in past
    )


def _rewrite_present(organisation: Organisation, parent: Organisation, path: str) -> None:
    old = organisation.path or ""
    Organisation.everything.filter(path_range(old, "path")).update(path=_rebased(old, path))
    Organisation.everything.filter(pk=organisation.pk).update(parent=parent)
    organisation.parent, organisation.path = parent, path


def _refuse_parent(kind: str, parent: Organisation | None) -> None:
    above = OrganisationType(parent.type) if parent else None
    if parent:
        refuse_dissolved(parent)
    if not tree.may_stand_below(OrganisationType(kind), above):
        raise ActionError(
            _("“{kind}” cannot stand below “{above}”.").format(
                kind=OrganisationType(kind).label, above=above.label if above else _("the top of the site")
            )
        )


def _refuse_day(parent: Organisation, on: date) -> None:
    since = stands_since(parent)
    if since and on < since:
        raise ActionError(
            _("{name} has stood at its present place only since {day}. Choose that day or a later one.").format(
                name=parent, day=date_text(since)
            )
        )


def _refuse_later(standing: QuerySet[Placement], on: date) -> None:
    later = standing.filter(starts_on__gt=on).select_related("organisation").order_by("-starts_on").first()
    if later:
        raise ActionError(
            _("{name} has stood at its present place only since {day}. Choose that day or a later one.").format(
                name=later.organisation, day=date_text(later.starts_on)
            )
        )


def stands_since(organisation: Organisation) -> date | None:
    """The day since which an organisation has stood where it does; None for one that has no place any more."""
    here = Placement.objects.unscoped(reason=REASON).filter(organisation=organisation, ends_on=FOREVER)
    return here.values_list("starts_on", flat=True).first()

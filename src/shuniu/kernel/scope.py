"""Who may see which rows. A row of an organisation is reached by saying whose eyes are looking."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, ClassVar, NoReturn, Self, TypeVar, cast

from django.db import models
from django.db.models import Q

M = TypeVar("M", bound=models.Model)

STEP = 4
"""Characters of a path that one level of the tree takes."""


class UnscopedQueryError(RuntimeError):
    """A scoped model was queried without `.visible_to(actor)` or `.unscoped(reason=...)`."""


def successor(path: str) -> str:
    """The smallest string above every path that starts with `path`; for `path` not empty."""
    return path[:-1] + chr(ord(path[-1]) + 1)


def path_range(path: str, column: str) -> Q:
    """The rows whose `column` lies in the subtree at `path`. An empty path is the whole tree."""
    if not path:
        return Q()
    return Q(**{f"{column}__gte": path, f"{column}__lt": successor(path)})


@dataclass(frozen=True, slots=True)
class Grant:
    """A role held at an organisation: what may be done, and below which path. An empty path is the whole site."""

    role: str
    organisation_id: int | None
    path: str
    permissions: frozenset[str]

    def covers(self, permission: str, path: str) -> bool:
        return permission in self.permissions and path.startswith(self.path)


@dataclass(frozen=True, slots=True)
class Reach:
    """The subtrees in which an actor holds one permission. No path overlaps another; `("",)` is everything."""

    paths: tuple[str, ...]

    @classmethod
    def of(cls, paths: Iterable[str]) -> Reach:
        kept: list[str] = []
        for path in sorted(set(paths)):
            if not kept or not path.startswith(kept[-1]):
                kept.append(path)
        return cls(tuple(kept))

    def __bool__(self) -> bool:
        return bool(self.paths)

    @property
    def everything(self) -> bool:
        return "" in self.paths

    def includes(self, path: str) -> bool:
        return any(path.startswith(mine) for mine in self.paths)

    def condition(self, column: str) -> Q:
        """Rows within reach by the tree path in `column`. Reaching nothing gives a condition that no row meets."""
        if self.everything:
            return Q()
        condition = Q(pk__in=[])
        for index, path in enumerate(self.paths):
            condition = path_range(path, column) if index == 0 else condition | path_range(path, column)
        return condition


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever is doing something, with every role held at this moment.

    `user_id` is the account, `person_id` the person of the registry behind it (None for service accounts).
    `purposes` are the ends for which data may be used in this request, e.g. an assessor's one round.
    """

    user_id: int | None
    name: str
    person_id: int | None = None
    grants: tuple[Grant, ...] = ()
    purposes: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def system(cls, name: str = "system") -> Actor:
        """The software itself, in jobs and in the demo: reaches every row by way of no permission check at all."""
        return cls(user_id=None, name=name, grants=(Grant("system", None, "", _Everything()),))

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(grant.role for grant in self.grants)

    def may(self, *permissions: str) -> bool:
        """Whether any of the permissions is held anywhere."""
        return any(permission in grant.permissions for grant in self.grants for permission in permissions)

    def may_at(self, permission: str, path: str) -> bool:
        """Whether the permission is held at the place of a row."""
        return any(grant.covers(permission, path) for grant in self.grants)

    def reach(self, permission: str) -> Reach:
        return Reach.of(grant.path for grant in self.grants if permission in grant.permissions)


class _Everything(frozenset[str]):
    """Every permission there is, those of later rooms included."""

    def __contains__(self, item: object) -> bool:
        return True


class ScopedQuerySet(models.QuerySet[M]):
    def visible_to(self, actor: Actor) -> Self:
        """The rows whose place lies where the actor holds the model's permission, and the actor's own."""
        model = cast("type[ScopedModel]", self.model)
        reach = actor.reach(model.scope_permission)
        if reach.everything:
            return self
        condition = reach.condition(model.scope_path)
        own = model.own_rows(actor)
        return self.filter(condition if own is None else condition | own)


class ScopedManager(models.Manager[M]):
    """Refuses every query until it is said who is looking, or why nobody is."""

    def get_queryset(self) -> NoReturn:
        raise UnscopedQueryError(f"Reach {self.model._meta.label} by .visible_to(actor) or .unscoped(reason=...).")

    def _rows(self) -> ScopedQuerySet[M]:
        return ScopedQuerySet(self.model, using=self._db)

    def visible_to(self, actor: Actor) -> ScopedQuerySet[M]:
        return self._rows().visible_to(actor)

    def unscoped(self, *, reason: str) -> ScopedQuerySet[M]:
        """Every row. For actions that have checked their actor's right, jobs and measurements; `reason` says which."""
        if not reason:
            raise UnscopedQueryError("An unscoped query needs a reason.")
        return self._rows()


class ScopedModel(models.Model):
    """A model whose rows lie somewhere in the tree of organisations."""

    scope_path: ClassVar[str] = "organisation__path"
    """Lookup from the model to the tree path at which a row lies."""
    scope_permission: ClassVar[str] = ""
    """The permission that lets an actor see rows at that place."""

    everything = models.Manager()  # first, for Django's own machinery: related managers, validation, fixtures
    objects: ClassVar[ScopedManager[Any]] = ScopedManager()

    class Meta:
        abstract = True
        default_manager_name = "everything"
        base_manager_name = "everything"

    @classmethod
    def own_rows(cls, actor: Actor) -> Q | None:
        """Rows that belong to the actor personally; None where the model has none."""
        return None

"""The roles of the site, read from `roles.toml` and checked for what must never be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TypeVar

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shuniu.accounts.enums import RoleScope
from shuniu.kernel.toml import DataFileError, Table, read_toml

T = TypeVar("T")

FILE = Path(__file__).resolve().parents[1] / "roles.toml"

OPEN_PERSONAL_DATA = frozenset({"member.export", "member.reveal"})
"""Permissions that let personal data out; a role that has one asks for a second factor."""
DATA_OF_UNIONS = (
    "member.", "transfer.", "officer.", "employer.", "lead.", "import.", "return.", "organisation.", "duty.", "provider.",
    "tender.", "agreement.", "payment.", "line.", "case.", "roster.", "booking.", "service.", "rating.",
)  # fmt: skip
"""Beginnings of the permissions that none of the three separate powers may have."""


@dataclass(frozen=True, slots=True)
class Words:
    """A text in both languages; shown in the reader's."""

    en: str
    zh: str

    def __str__(self) -> str:
        return self.zh if (get_language() or "zh").startswith("zh") else self.en


@dataclass(frozen=True, slots=True)
class Role:
    """What the holder of a role may do. See the head of `roles.toml` for the meaning of each field."""

    key: str
    title: Words
    description: Words
    scope: RoleScope
    separate: bool
    second_factor: bool
    proposed_by: frozenset[str]
    approved_by: frozenset[str]
    permissions: frozenset[str]


@dataclass(frozen=True, slots=True)
class SessionLimits:
    """How long one sign-in lasts, and after how long a password must be changed (None: never)."""

    idle: timedelta
    absolute: timedelta
    password_age: timedelta | None


@dataclass(frozen=True, slots=True)
class SignInLimits:
    """Figures of signing in. See the section `sign_in` of `roles.toml`."""

    one_time_password: timedelta
    second_step: timedelta
    recovery_codes: int
    token: timedelta


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything `roles.toml` says."""

    roles: dict[str, Role]
    permissions: dict[str, Words]
    staff: SessionLimits
    member: SessionLimits
    sign_in: SignInLimits

    def conflicting(self, held: Iterable[str], wanted: str) -> list[Role]:
        """The roles among `held` beside which `wanted` may not be given. A role already held conflicts with nothing."""
        new = self.roles[wanted]
        others = (self.roles[key] for key in sorted(set(held) - {wanted}) if key in self.roles)
        return [role for role in others if _apart(role, new)]

    def limits(self, roles: Iterable[str]) -> SessionLimits:
        """Of a person with these roles: whoever holds more than what comes with the person is staff."""
        return self.staff if any(self._is_staff(key) for key in roles) else self.member

    def needs_second_factor(self, roles: Iterable[str]) -> bool:
        return any(key in self.roles and self.roles[key].second_factor for key in roles)

    def _is_staff(self, key: str) -> bool:
        return key not in self.roles or self.roles[key].scope is not RoleScope.OWN


def _apart(one: Role, other: Role) -> bool:
    return (one.separate or other.separate) and RoleScope.OWN not in {one.scope, other.scope}


@cache
def catalogue() -> Catalogue:
    """The roles as installed.

    Raises:
        DataFileError: `roles.toml` is damaged or breaks a rule of this module.
    """
    return parse(read_toml(FILE))


def role(key: str) -> Role:
    """The role with this key. KeyError where there is none."""
    return catalogue().roles[key]


def parse(table: Table) -> Catalogue:
    """The catalogue that a file describes.

    Raises:
        DataFileError: a value is missing or of another kind, a key is unknown or twice, or a role has what it must not.
    """
    table.only("session", "sign_in", "permission", "role")
    permissions = _unique((entry.text("key"), _words(entry, "key"), entry) for entry in table.tables("permission"))
    roles = _unique((entry.text("key"), _role(entry), entry) for entry in table.tables("role"))
    for one in roles.values():
        _check(one, table.where, permissions, roles)
    session = table.table("session")
    return Catalogue(
        roles,
        permissions,
        _session(session.table("staff")),
        _session(session.table("member")),
        _sign_in(table.table("sign_in")),
    )


def _unique(entries: Iterable[tuple[str, T, Table]]) -> dict[str, T]:
    found: dict[str, T] = {}
    for key, value, entry in entries:
        if key in found:
            raise DataFileError(_("{where}: “{key}” stands there twice.").format(where=entry.where, key=key))
        found[key] = value
    return found


def _words(entry: Table, *others: str) -> Words:
    entry.only("en", "zh", *others)
    return Words(entry.text("en"), entry.text("zh"))


def _role(entry: Table) -> Role:
    entry.only(*Role.__dataclass_fields__)
    return Role(
        key=entry.text("key"),
        title=_words(entry.table("title")),
        description=_words(entry.table("description")),
        scope=entry.one_of("scope", RoleScope),
        separate=entry.flag("separate"),
        second_factor=entry.flag("second_factor"),
        proposed_by=_keys(entry, "proposed_by"),
        approved_by=_keys(entry, "approved_by"),
        permissions=_keys(entry, "permissions"),
    )


def _keys(entry: Table, name: str) -> frozenset[str]:
    return frozenset(entry.list_of(name, str, _("a list of keys")))


def _session(entry: Table) -> SessionLimits:
    entry.only("idle_minutes", "absolute_hours", "password_days")
    days = entry.integer("password_days")
    return SessionLimits(
        timedelta(minutes=entry.integer("idle_minutes")),
        timedelta(hours=entry.integer("absolute_hours")),
        timedelta(days=days) if days else None,
    )


def _sign_in(entry: Table) -> SignInLimits:
    entry.only("one_time_password_days", "second_step_minutes", "recovery_codes", "token_days")
    return SignInLimits(
        timedelta(days=entry.integer("one_time_password_days")),
        timedelta(minutes=entry.integer("second_step_minutes")),
        entry.integer("recovery_codes"),
        timedelta(days=entry.integer("token_days")),
    )


def _check(one: Role, where: str, permissions: dict[str, Words], roles: dict[str, Role]) -> None:
    for sentence, broken in (
        (_("{where}: the role “{role}” names “{what}”, which is no permission."), one.permissions - permissions.keys()),
        (
            _("{where}: the role “{role}” names “{what}”, which is no role."),
            (one.proposed_by | one.approved_by) - roles.keys(),
        ),
        (_("{where}: the role “{role}” may “{what}” and so needs a second factor."), _open_without_second_factor(one)),
        (_("{where}: the role “{role}” is a separate power and may not have “{what}”."), _data_of_separate(one)),
    ):
        if broken:
            raise DataFileError(sentence.format(where=where, role=one.key, what=min(broken)))


def _open_without_second_factor(one: Role) -> frozenset[str]:
    return frozenset() if one.second_factor else one.permissions & OPEN_PERSONAL_DATA


def _data_of_separate(one: Role) -> set[str]:
    return {key for key in one.permissions if one.separate and key.startswith(DATA_OF_UNIONS)}

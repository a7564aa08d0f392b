"""The people of the tests and what they stand in. Rows of the registry are made by `tests.registry.making`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cache
from itertools import count
from typing import Any

from django.contrib.auth.hashers import make_password
from django.test import Client
from django.utils import timezone

from shuniu.accounts.enums import GrantState
from shuniu.accounts.models import RoleGrant
from shuniu.accounts.public import User, actor_for, create_user, grant_role
from shuniu.kernel.scope import Actor
from shuniu.registry.enums import OrganisationType
from shuniu.registry.models import Organisation, Person
from tests.registry.making import FOUNDED, make_body, make_district, make_member

PASSWORD = "meihua-shan-2026"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
"""The second factor of everybody in the cast who needs one."""
NOW = datetime(2026, 3, 5, 10, 0, tzinfo=timezone.get_fixed_timezone(480))
TODAY = date(2026, 3, 5)
SYSTEM = Actor.system("test")
_numbers = count(1)


@dataclass(frozen=True)
class Player:
    """Somebody of the cast: the account (None: not signed in), and the organisation of the role held."""

    user: User | None
    organisation: Organisation | None = None
    person: Person | None = None

    @property
    def actor(self) -> Actor:
        """As the actions and queries know them, today."""
        return actor_for(self.user, timezone.localdate()) if self.user else Actor(None, "")

    @property
    def client(self) -> Client:
        """A browser of theirs, signed in."""
        client = Client()
        if self.user:
            client.force_login(self.user, backend="shuniu.accounts.backends.AccountBackend")
        return client


@dataclass(frozen=True)
class Cast:
    """Two towns of one district, a union in each, and everybody whose rights differ."""

    district: Organisation
    town: Organisation
    union: Organisation
    other_town: Organisation
    other_union: Organisation
    erin: Player
    """Nobody: not signed in."""
    bob: Player
    """A member of the union."""
    clerk: Player
    """Clerk of the union."""
    alice: Player
    """Chair of the union."""
    charlie: Player
    """Chair of the other union in the other town; must never see Alice's rows."""
    organiser: Player
    """Organiser at the town."""
    cadre: Player
    """Cadre of the town."""
    stranger: Player
    """Cadre of the other town."""
    dana: Player
    """Cadre of the district."""
    operator: Player
    """Site operator."""
    security: Player
    """Security officer."""
    second_security: Player
    """Another security officer, to approve what the first proposes."""
    audit: Player
    """Audit officer."""
    buyer: Player
    """Tender clerk of the district."""
    desk: Player
    """Service clerk of the district."""
    manager: Player
    """Manager of an outside provider; like the three below, holds an assigned role and no place in the tree."""
    lawyer: Player
    """A professional of that provider."""
    mediator: Player
    """A mediator."""
    expert: Player
    """A tender expert."""

    def players(self) -> Iterator[tuple[str, Player]]:
        for one in fields(self):
            value = getattr(self, one.name)
            if isinstance(value, Player):
                yield one.name, value


def make_user(username: str = "", *, second_factor: bool = False, **given: Any) -> User:
    """An account with `PASSWORD`, made today; with `second_factor`, its secret is `SECRET`."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "name": f"吴{number}",
        "password": PASSWORD,
        "actor": SYSTEM,
        "now": timezone.now(),
        **given,
    }
    user = create_user(username=username or f"user{number}", **values)
    if second_factor:
        user.totp_secret, user.totp_confirmed_at = SECRET, user.created_at
        user.save(update_fields=["totp_secret", "totp_confirmed_at"])
    return user


def make_player(role: str = "", organisation: Organisation | None = None, username: str = "", **given: Any) -> Player:
    """Somebody with one role, held since the district was founded."""
    user = make_user(username, second_factor=True, **given)
    if role:
        give(user, role, organisation)
    return Player(user, organisation)


def give(user: User, role: str, organisation: Organisation | None = None, **given: Any) -> None:
    """Give a role as the command line does."""
    values = {"starts_on": FOUNDED, "reason": "test", "actor": SYSTEM, "now": timezone.now(), **given}
    grant_role(user, role=role, organisation=organisation, **values)


def make_cast() -> Cast:
    """The cast, written in two statements: most tests of all rooms begin with it. It leaves nothing in the trail."""
    district, town = make_district()
    other_town = make_body(district, OrganisationType.TOWN, name="青石镇总工会")
    union, other_union = make_body(town, name="云川机械厂工会"), make_body(other_town, name="青石纺织厂工会")
    person = make_member(union, name="包一鸣")
    parts = (
        _Part("bob", "bob", "包一鸣", "", union, person),
        _Part("clerk", "clerk", "柯敏", "union_clerk", union),
        _Part("alice", "alice", "艾丽", "union_chair", union),
        _Part("charlie", "charlie", "查理", "union_chair", other_union),
        _Part("organiser", "organiser", "欧阳朔", "organiser", town),
        _Part("cadre", "cadre", "甘霖", "town_cadre", town),
        _Part("stranger", "stranger", "石远", "town_cadre", other_town),
        _Part("dana", "dana", "戴娜", "district_cadre", district),
        _Part("operator", "operator", "欧文", "site_operator"),
        _Part("security", "security", "安全", "security_officer"),
        _Part("second_security", "security2", "安平", "security_officer"),
        _Part("audit", "audit", "审计", "audit_officer"),
        _Part("buyer", "buyer", "白采", "tender_clerk", district),
        _Part("desk", "desk", "戴斯", "service_clerk", district),
        _Part("manager", "manager", "马律", "provider_manager"),
        _Part("lawyer", "lawyer", "罗律", "professional"),
        _Part("mediator", "mediator", "米调", "mediator"),
        _Part("expert", "expert", "艾评", "tender_expert"),
    )
    users = User.objects.bulk_create(_account(part) for part in parts)
    RoleGrant.everything.bulk_create(_grant(part, user) for part, user in zip(parts, users, strict=True) if part.role)
    players = {part.key: Player(user, part.place, part.person) for part, user in zip(parts, users, strict=True)}
    return Cast(district, town, union, other_town, other_union, erin=Player(None), **players)


@dataclass(frozen=True)
class _Part:
    """One of the cast before the curtain rises."""

    key: str
    username: str
    name: str
    role: str
    place: Organisation | None = None
    person: Person | None = None


def _account(part: _Part) -> User:
    now = timezone.now()
    return User(
        username=part.username,
        name=part.name,
        person=part.person,
        password=_hashed(),
        password_changed_at=now,
        created_at=now,
        totp_secret=SECRET if part.role else "",
        totp_confirmed_at=now if part.role else None,
    )


def _grant(part: _Part, user: User) -> RoleGrant:
    now = timezone.now()
    return RoleGrant(
        user=user,
        role=part.role,
        organisation=part.place,
        state=GrantState.APPROVED,
        starts_on=FOUNDED,
        reason="test",
        granted_at=now,
        decided_at=now,
    )


@cache
def _hashed() -> str:
    return make_password(PASSWORD)

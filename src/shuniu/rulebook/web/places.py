"""Where a page of rules looks from: a union body of the reader's, or a jurisdiction. In addresses `o:12` or `j:shanghai`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from shuniu.kernel.scope import Actor
from shuniu.rulebook import queries
from shuniu.rulebook.rules.book import official
from shuniu.rulebook.rules.finding import Place
from shuniu.rulebook.rules.rule import NATIONAL


@dataclass(frozen=True, slots=True)
class Standpoint:
    """A place with its key and name; `body` is the union body, None for a jurisdiction."""

    key: str
    name: str
    place: Place
    body: Any | None = None


def standpoint(actor: Actor, key: str) -> Standpoint:
    """What the key says, within the actor's sight; else the actor's first own union body, else the whole country."""
    kind, _colon, name = key.partition(":")
    if kind == "j" and name in official().jurisdictions:
        return _jurisdiction(name)
    seen = queries.body(actor, int(name)) if kind == "o" and name.isdecimal() and len(name) < 19 else None
    own = [seen] if seen else queries.bodies(actor, "rule.view")
    return _body(own[0]) if own else _jurisdiction(NATIONAL)


def choices(actor: Actor, here: Standpoint) -> list[tuple[str, list[tuple[str, str]]]]:
    """The places a page offers, `here` among them, as groups of a select."""
    bodies = [(f"o:{body.pk}", str(body)) for body in queries.bodies(actor, "rule.view")]
    if here.body and (here.key, here.name) not in bodies:
        bodies.append((here.key, here.name))
    places = sorted(official().jurisdictions.values(), key=lambda place: (place.key != NATIONAL, place.key))
    groups = [(_("My union bodies"), bodies), (_("Places"), [(f"j:{one.key}", str(one.name)) for one in places])]
    return [group for group in groups if group[1]]


def _jurisdiction(key: str) -> Standpoint:
    return Standpoint(f"j:{key}", str(official().jurisdictions[key].name), Place.of(key if key != NATIONAL else ""))


def _body(body: Any) -> Standpoint:
    return Standpoint(f"o:{body.pk}", str(body), queries.place_of(body), body)

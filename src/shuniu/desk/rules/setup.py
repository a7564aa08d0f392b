"""The setup of a service line: its form, states, transitions, clocks, who is told what. Data, read and checked as a whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from shuniu.desk.enums import Asks, Event, FieldKind, Tone, Who
from shuniu.desk.rules.words import Words
from shuniu.kernel.clock import ClockUnit
from shuniu.kernel.toml import Table

KEY = re.compile(r"^[a-z][a-z0-9_]{0,19}\Z")
"""Short names inside a setup; at most twenty characters, as long as the column that stores a state."""
PARTS = ("fields", "states", "moves", "clocks", "tells", "rating")
NO_WORDS = Words()
CHOICES = {FieldKind.CHOICE, FieldKind.MULTIPLE}


@dataclass(frozen=True, slots=True)
class Choice:
    key: str
    label: Words


@dataclass(frozen=True, slots=True)
class Field:
    """A question of the intake form or of the rating form."""

    key: str
    kind: FieldKind
    label: Words
    help: Words = NO_WORDS
    required: bool = False
    choices: tuple[Choice, ...] = ()

    def label_of(self, key: str) -> str:
        """What a chosen answer is called; the key itself for one that is no choice any more."""
        return next((str(choice.label) for choice in self.choices if choice.key == key), key)


@dataclass(frozen=True, slots=True)
class Stage:
    """A state of a case. `share` is how far along it is, in percent; clocks stand still in a `paused` one."""

    key: str
    label: Words
    tone: Tone
    share: int
    final: bool = False
    paused: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """A transition: who may take it, what stands in its way, what it asks for and what it does besides."""

    name: str
    label: Words
    source: tuple[str, ...]
    target: str
    who: frozenset[Who]
    asks: Asks = Asks.NOTHING
    guards: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()
    danger: bool = False


@dataclass(frozen=True, slots=True)
class Clock:
    """A limit that runs from entering one of `starts` until one of `stops` is entered, or an answer is given.

    The number is that of a rule of the rulebook: `rule`, or, by the answer to the question `by`, one of `rules`.
    """

    key: str
    label: Words
    unit: ClockUnit
    rule: str
    starts: frozenset[str]
    stops: frozenset[str]
    answered: bool = False
    by: str = ""
    rules: Mapping[str, str] | None = None

    def rule_for(self, answers: Mapping[str, Any]) -> str:
        """Id of the rule that limits a case with these answers."""
        return (self.rules or {}).get(str(answers.get(self.by, "")), self.rule)


@dataclass(frozen=True, slots=True)
class Tell:
    """Who is told of an event."""

    on: Event
    whom: frozenset[Who]


@dataclass(frozen=True)
class Setup:
    """Everything about a line that a case depends on. The order of each part is the order on pages."""

    fields: tuple[Field, ...]
    initial: str
    states: tuple[Stage, ...]
    moves: tuple[Move, ...]
    clocks: tuple[Clock, ...]
    tells: tuple[Tell, ...]
    rating: tuple[Field, ...]

    def state(self, key: str) -> Stage:
        """The state with this key; one that is not declared stands under its bare key."""
        return next((s for s in self.states if s.key == key), Stage(key, Words(key), Tone.NEUTRAL, 0))

    def move(self, name: str) -> Move | None:
        return next((one for one in self.moves if one.name == name), None)

    def field(self, key: str) -> Field | None:
        return next((one for one in self.fields if one.key == key), None)

    def told(self, event: Event) -> frozenset[Who]:
        """Everybody who is told of an event."""
        return frozenset().union(*(tell.whom for tell in self.tells if tell.on == event))

    @property
    def finals(self) -> frozenset[str]:
        return frozenset(stage.key for stage in self.states if stage.final)

    @property
    def paused(self) -> frozenset[str]:
        return frozenset(stage.key for stage in self.states if stage.paused)


def read_setup(values: Mapping[str, Any], where: str) -> Setup:
    """Read a setup as it is stored; `where` names it in errors.

    Raises:
        DataFileError: something is missing or of another kind; the sentence names the place and what belongs there.
    """
    table = Table(dict(values), where)
    table.only("initial", *PARTS)
    return Setup(
        fields=tuple(map(read_field, table.tables("fields"))),
        initial=table.text("initial") if table.values.get("initial") else "",
        states=tuple(map(read_stage, table.tables("states"))),
        moves=tuple(map(read_move, table.tables("moves"))),
        clocks=tuple(map(read_clock, table.tables("clocks"))),
        tells=tuple(map(read_tell, table.tables("tells"))),
        rating=tuple(map(read_field, table.tables("rating"))),
    )


def read_field(table: Table) -> Field:
    table.only("key", "kind", "label", "help", "required", "choices")
    kind = table.one_of("kind", FieldKind)
    found = [Choice(_key(one), Words.read(one.table("label"))) for one in table.tables("choices")]
    if bool(found) != (kind in CHOICES):
        table.refuse("choices", _("a list with at least one choice, for questions that have choices"))
    return Field(
        key=_key(table),
        kind=kind,
        label=Words.read(table.table("label")),
        help=Words.read(table.table("help")) if "help" in table else NO_WORDS,
        required="required" in table and table.flag("required"),
        choices=tuple(found),
    )


def read_stage(table: Table) -> Stage:
    table.only("key", "label", "tone", "share", "final", "paused")
    share = table.integer("share") if "share" in table else 0
    return Stage(
        key=_key(table),
        label=Words.read(table.table("label")),
        tone=table.one_of("tone", Tone),
        share=share if 0 <= share <= 100 else table.refuse("share", _("a number from 0 to 100")),
        final="final" in table and table.flag("final"),
        paused="paused" in table and table.flag("paused"),
    )


def read_move(table: Table) -> Move:
    table.only("name", "label", "from", "to", "who", "asks", "guards", "effects", "danger")
    return Move(
        name=_key(table, "name"),
        label=Words.read(table.table("label")),
        source=_texts(table, "from"),
        target=table.text("to"),
        who=_people(table, "who"),
        asks=table.one_of("asks", Asks) if "asks" in table else Asks.NOTHING,
        guards=_texts(table, "guards"),
        effects=_texts(table, "effects"),
        danger="danger" in table and table.flag("danger"),
    )


def read_clock(table: Table) -> Clock:
    table.only("key", "label", "unit", "rule", "starts", "stops", "answered", "by", "rules")
    return Clock(
        key=_key(table),
        label=Words.read(table.table("label")),
        unit=table.one_of("unit", ClockUnit),
        rule=table.text("rule"),
        starts=frozenset(_texts(table, "starts")),
        stops=frozenset(_texts(table, "stops")),
        answered="answered" in table and table.flag("answered"),
        by=table.text("by") if "by" in table else "",
        rules=dict(table.table("rules").values) if "rules" in table else None,
    )


def read_tell(table: Table) -> Tell:
    table.only("on", "whom")
    return Tell(table.one_of("on", Event), _people(table, "whom"))


def _key(table: Table, name: str = "key") -> str:
    value = table.text(name)
    return value if KEY.fullmatch(value) else table.refuse(name, _("small letters, digits and _, at most 20"))


def _texts(table: Table, key: str) -> tuple[str, ...]:
    return tuple(table.list_of(key, str, _("a list of texts"))) if key in table else ()


def _people(table: Table, key: str) -> frozenset[Who]:
    found = _texts(table, key)
    if not found or not set(found) <= set(Who.values):
        table.refuse(key, ", ".join(Who.values))
    return frozenset(map(Who, found))


def problems(setup: Setup, *, guards: Iterable[str], effects: Iterable[str], rules: Iterable[str]) -> Iterator[str]:
    """What keeps a setup from being used, as sentences; none where it is sound. `rules`: ids of the rulebook's rules."""
    yield from _twice(setup)
    yield from _states_wrong(setup)
    yield from _moves_wrong(setup, set(guards), set(effects))
    yield from _clocks_wrong(setup, set(rules))


def _twice(setup: Setup) -> Iterator[str]:
    parts = {
        _("The form"): [field.key for field in setup.fields],
        _("The rating form"): [field.key for field in setup.rating],
        _("The states"): [stage.key for stage in setup.states],
        _("The transitions"): [move.name for move in setup.moves],
        _("The clocks"): [clock.key for clock in setup.clocks],
    }
    for part, keys in parts.items():
        for key in sorted({key for key in keys if keys.count(key) > 1}):
            yield _("{part}: the short name “{key}” is used twice.").format(part=part, key=key)


def _states_wrong(setup: Setup) -> Iterator[str]:
    keys = {stage.key for stage in setup.states}
    if setup.initial not in keys:
        yield _("Choose the state in which a new case is.")
        return
    if not setup.finals:
        yield _("There must be at least one state in which a case is closed.")
    elif setup.initial in setup.finals:
        yield _("A new case cannot be closed already.")
    reached = _reached(setup, setup.initial)
    for stage in setup.states:
        if stage.key not in reached:
            yield _("No transition leads to “{state}”.").format(state=stage.label)
        elif not stage.final and not _reached(setup, stage.key) & setup.finals:
            yield _("From “{state}” no case can ever be closed.").format(state=stage.label)


def _reached(setup: Setup, start: str) -> set[str]:
    reached, new = set[str](), {start}
    while new:
        reached |= new
        new = {move.target for move in setup.moves if reached & set(move.source)} - reached
    return reached


def _moves_wrong(setup: Setup, guards: set[str], effects: set[str]) -> Iterator[str]:
    keys = {stage.key for stage in setup.states}
    for move in setup.moves:
        if not move.source or not {*move.source, move.target} <= keys:
            yield _("“{move}” must lead from and to states that there are.").format(move=move.label)
        for key in sorted({*move.guards} - guards | {*move.effects} - effects):
            yield _("“{move}”: this installation does not know “{key}”.").format(move=move.label, key=key)


def _clocks_wrong(setup: Setup, rules: set[str]) -> Iterator[str]:
    keys = {stage.key for stage in setup.states}
    for clock in setup.clocks:
        if not clock.starts or not clock.starts | clock.stops <= keys or not (clock.stops or clock.answered):
            yield _("The clock “{clock}” must start and stop in states that there are.").format(clock=clock.label)
        for rule in sorted({clock.rule, *(clock.rules or {}).values()} - rules):
            yield _("The clock “{clock}”: the rulebook has no rule “{rule}”.").format(clock=clock.label, rule=rule)
        asked = setup.field(clock.by) if clock.by else None
        choices = {choice.key for choice in asked.choices} if asked else set()
        if clock.by and not set(clock.rules or {}) <= choices:
            message = _("The clock “{clock}”: the question “{field}” has no such choices.")
            yield message.format(clock=clock.label, field=clock.by)

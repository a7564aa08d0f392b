"""The official rules, read from the TOML files of `rulebook/data` and checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import chain, pairwise
from pathlib import Path
from string import Formatter

from django.utils.translation import gettext as _

from shuniu.kernel.period import FOREVER
from shuniu.kernel.toml import DataFileError, Table, read_toml
from shuniu.rulebook.enums import Case, Force, Kind, Operator, UnitMay
from shuniu.rulebook.rules.finding import NoRuleError
from shuniu.rulebook.rules.rule import ALWAYS, Band, Jurisdiction, Rule, Source, Text, Topic, Unit

DATA = Path(__file__).parents[1] / "data"
TOPICS = "topics*.toml"
"""Files that say what rules are about; the first of them, `topics.toml`, has the sentence for an unknown figure."""
FIELDS = {"found", "needed", "gap", "subject", "base", "by", "rate"}
OPERATORS = {
    Kind.LIMIT: set(Operator),
    Kind.DUTY: {Operator.GE, Operator.GT},
    Kind.SETTING: {Operator.EQ},
}
"""The operators that make sense for each kind."""
SENTENCES = {Kind.LIMIT: {Case.PASS, Case.FAIL}, Kind.DUTY: {Case.FREE}, Kind.SETTING: {Case.STATE}}
DUTY_SENTENCES = {Force.MUST: {Case.PASS, Case.FAIL, Case.OPEN}, Force.MAY: {Case.MAY}}
SHARES = {Operator.GE, Operator.GT, Operator.LE, Operator.LT}
RULE_KEYS = (
    "id", "operator", "value", "per", "bands", "force", "measure", "valid_from", "valid_to", "source", "articles",
    "confirmed", "note",
)  # fmt: skip
LARGEST, MOST_NUMBERS = 1_000_000_000, 12
COMMON_YEAR = 2001
"""Any year without 29 February, on which nothing can begin every year."""


@dataclass(frozen=True, slots=True)
class Book:
    """Every official rule, by topic, with the names that pages need."""

    topics: Mapping[str, Topic]
    rules: Mapping[str, tuple[Rule, ...]]
    jurisdictions: Mapping[str, Jurisdiction]
    groups: Mapping[str, Text]
    measures: Mapping[str, Text]

    def topic(self, rule_id: str) -> Topic:
        """What rules of the id are about.

        Raises:
            NoRuleError: the book has no rule of that id.
        """
        if rule_id not in self.topics:
            raise NoRuleError(_("There is no rule “{rule}”.").format(rule=rule_id))
        return self.topics[rule_id]

    @classmethod
    def load(cls, directory: Path) -> Book:
        """The book that the files of the directory state.

        Raises:
            DataFileError: a file is not as `docs/rooms/rulebook.md` says; the sentence names file, place and remedy.
        """
        heads = [read_toml(path) for path in sorted(directory.glob(TOPICS), key=lambda path: path.stem)]
        for head in heads:
            head.only("unknown", "units", "measures", "groups", "topic")
        measures, groups = _merged(heads, "measures"), _merged(heads, "groups")
        units = {key: Unit(key, text) for key, text in _merged(heads, "units").items()}
        unknown = _text(heads[0].table("unknown"))
        topics = {}
        for table in chain.from_iterable(head.tables("topic") for head in heads):
            topic = _topic(table, units, measures, groups, unknown)
            topics[topic.id] = topic if topic.id not in topics else table.refuse("id", _("used once only"))
        return cls._with_rules(directory, topics, groups, measures)

    @classmethod
    def _with_rules(
        cls, directory: Path, topics: dict[str, Topic], groups: dict[str, Text], measures: dict[str, Text]
    ) -> Book:
        rules: list[Rule] = []
        jurisdictions = {}
        for path in sorted(directory.glob("*.toml")):
            if not path.match(TOPICS):
                place, stated = _local_rules(read_toml(path), topics, measures)
                jurisdictions[place.key] = place
                rules += stated
        _refuse_overlaps(rules)
        by_topic = {key: tuple(rule for rule in rules if rule.id == key) for key in topics}
        return cls(topics, by_topic, jurisdictions, groups, measures)


@lru_cache(maxsize=1)
def official() -> Book:
    """The rules shipped with Shuniu; read once a process."""
    return Book.load(DATA)


def _text(table: Table) -> Text:
    table.only("zh", "en")
    return Text(table.text("zh"), table.text("en"))


def _texts(table: Table) -> dict[str, Text]:
    return {key: _text(table.table(key)) for key in table.values}


def _merged(heads: Iterable[Table], name: str) -> dict[str, Text]:
    """The texts of one table over all files, each key stated once."""
    found: dict[str, Text] = {}
    for head in heads:
        if name in head:
            table = head.table(name)
            for key, text in _texts(table).items():
                found[key] = text if key not in found else table.refuse(key, _("stated once only"))
    return found


def _known(table: Table, key: str, known: Iterable[str]) -> str:
    value = table.text(key)
    return value if value in known else table.refuse(key, _("one of {known}").format(known=", ".join(known)))


def _topic(
    table: Table, units: Mapping[str, Unit], measures: Mapping[str, Text], groups: Mapping[str, Text], unknown: Text
) -> Topic:
    table.only("id", "group", "title", "kind", "unit", "measure", "by", "unit_may", "sentences")
    kind = table.one_of("kind", Kind)
    unit_may = table.one_of("unit_may", UnitMay) if "unit_may" in table else UnitMay.NONE
    if kind is Kind.SETTING and unit_may is UnitMay.STRICTER:
        table.refuse("unit_may", _("any or none, since a setting is neither strict nor lax"))
    return Topic(
        id=table.text("id"),
        group=_known(table, "group", groups),
        title=_text(table.table("title")),
        kind=kind,
        unit=units[_known(table, "unit", units)],
        measure="" if kind is Kind.SETTING else _known(table, "measure", measures),
        by=_known(table, "by", measures) if "by" in table else "",
        unit_may=unit_may,
        sentences={Case.UNKNOWN: unknown, **_sentences(table.table("sentences"), kind)},
    )


def _sentences(table: Table, kind: Kind) -> dict[Case, Text]:
    table.only(*(case for case in Case if case is not Case.UNKNOWN))
    sentences = {Case(key): text for key, text in _texts(table).items()}
    for case in SENTENCES[kind] - sentences.keys():
        table.refuse(case, _("there, as a sentence in both languages"))
    for case, text in sentences.items():
        strange = _fields(text.zh) | _fields(text.en)
        if strange - FIELDS:
            table.refuse(
                case, _("a sentence with no other fields than {fields}").format(fields=", ".join(sorted(FIELDS)))
            )
    return sentences


def _fields(sentence: str) -> set[str]:
    try:
        return {name for _literal, name, _spec, _conversion in Formatter().parse(sentence) if name is not None}
    except ValueError:
        return {sentence}


def _local_rules(
    file: Table, topics: Mapping[str, Topic], measures: Mapping[str, Text]
) -> tuple[Jurisdiction, list[Rule]]:
    file.only("jurisdiction", "sources", "rule")
    table = file.table("jurisdiction")
    table.only("key", "zh", "en")
    place = Jurisdiction(table.text("key"), Text(table.text("zh"), table.text("en")))
    sources = file.table("sources")
    known = {key: _source(sources.table(key)) for key in sources.values}
    return place, [_rule(entry, place, topics, measures, known) for entry in file.tables("rule")]


def _source(table: Table) -> Source:
    table.only("zh", "en", "note")
    note = _text(table.table("note")) if "note" in table else None
    return Source(Text(table.text("zh"), table.text("en")), note)


def _rule(
    table: Table,
    place: Jurisdiction,
    topics: Mapping[str, Topic],
    measures: Mapping[str, Text],
    sources: Mapping[str, Source],
) -> Rule:
    table.only(*RULE_KEYS)
    topic = topics[_known(table, "id", topics)]
    operator = table.one_of("operator", Operator)
    if operator not in OPERATORS[topic.kind]:
        table.refuse("operator", ", ".join(sorted(OPERATORS[topic.kind])))
    measure = _known(table, "measure", measures) if "measure" in table else topic.measure
    return _checked(
        table,
        Rule(
            topic=topic,
            jurisdiction=place,
            operator=operator,
            numbers=() if operator is Operator.TABLE else _numbers(table),
            source=sources[_known(table, "source", sources)],
            per=table.integer("per") if "per" in table else 1,
            bands=tuple(map(_band, table.tables("bands"))),
            force=table.one_of("force", Force) if "force" in table else Force.MUST,
            measure=measures.get(measure, Text("", "")),
            articles=table.integers("articles") if "articles" in table else (),
            valid_from=table.day("valid_from") if "valid_from" in table else ALWAYS,
            valid_to=table.day("valid_to") if "valid_to" in table else FOREVER,
            confirmed=table.flag("confirmed") if "confirmed" in table else True,
            note=_text(table.table("note")) if "note" in table else None,
        ),
    )


def _numbers(table: Table) -> tuple[int, ...]:
    return table.integers("value") if isinstance(table.values.get("value"), list) else (table.integer("value"),)


def _band(table: Table) -> Band:
    table.only("from", "low", "high", "also")
    also = table.integers("also") if "also" in table else ()
    band = Band(table.integer("from"), table.integer("low"), table.integer("high"), also)
    return band if 0 <= band.low <= band.high else table.refuse("high", _("no less than “low”"))


def _checked(table: Table, rule: Rule) -> Rule:
    if complaint := numbers_complaint(rule):
        table.refuse("bands" if rule.operator is Operator.TABLE else "value", complaint)
    if rule.valid_from >= rule.valid_to:
        table.refuse("valid_to", _("after “valid_from”"))
    if rule.per < 1 or (rule.per > 1 and rule.operator not in SHARES):
        table.refuse("per", _("at least 1, and only for GE, GT, LE and LT"))
    if rule.topic.kind is Kind.DUTY:
        for case in DUTY_SENTENCES[rule.force] - rule.topic.sentences.keys():
            table.refuse(
                "force", _("one for which the rule “{id}” has the sentence “{case}”").format(id=rule.id, case=case)
            )
    return rule


def numbers_complaint(rule: Rule) -> str:
    """What is wrong with the numbers of a rule: what they must be; empty where nothing is wrong."""
    starts = [band.start for band in rule.bands]
    if rule.operator is Operator.TABLE:
        good = bool(starts) and starts[0] == 0 and all(a < b for a, b in pairwise(starts)) and bool(rule.topic.by)
        return "" if good else _("bands from 0 on in order, for a rule that says “by” which figure")
    if not rule.numbers or min(rule.numbers) < 0 or max(rule.numbers) > LARGEST or len(rule.numbers) > MOST_NUMBERS:
        return _("one or a few whole numbers from 0 to {largest}").format(largest=LARGEST)
    if rule.topic.unit.key == "month_day":
        return "" if _is_month_day(rule.numbers) else _("a month and a day")
    if rule.operator is Operator.BETWEEN:
        good = len(rule.numbers) == 2 and rule.numbers[0] <= rule.numbers[1]
        return "" if good else _("two numbers, the smaller one first")
    return "" if rule.operator is Operator.EQ or len(rule.numbers) == 1 else _("one number")


def _is_month_day(numbers: tuple[int, ...]) -> bool:
    try:
        return len(numbers) == 2 and bool(date(COMMON_YEAR, *numbers))
    except ValueError:
        return False


def _refuse_overlaps(rules: list[Rule]) -> None:
    ordered = sorted(rules, key=lambda rule: (rule.id, rule.jurisdiction.key, rule.valid_from))
    for earlier, later in pairwise(ordered):
        same_kind = (earlier.id, earlier.jurisdiction.key) == (later.id, later.jurisdiction.key)
        if same_kind and later.valid_from < earlier.valid_to:
            message = _("Two rules “{id}” of {place} hold on {day}.")
            raise DataFileError(message.format(id=later.id, place=later.place, day=later.valid_from))

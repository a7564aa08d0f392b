"""What a rule is: its subject, its numbers, where and when it holds and where it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import get_language

from shuniu.kernel.money import format_yuan
from shuniu.kernel.period import FOREVER
from shuniu.rulebook.enums import Case, Force, Kind, Operator, UnitMay

NATIONAL = "national"
"""The jurisdiction whose rules hold everywhere."""
ALWAYS = date.min
"""The start of a rule whose source names none."""
SYMBOLS = {Operator.GE: "≥ ", Operator.GT: "> ", Operator.LE: "≤ ", Operator.LT: "< "}


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in both languages; as a string, in the reader's."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.zh if (get_language() or "zh").startswith("zh") else self.en

    def filled(self, fields: Mapping[str, Text]) -> Text:
        return Text(
            self.zh.format(**{key: text.zh for key, text in fields.items()}),
            self.en.format(**{key: text.en for key, text in fields.items()}),
        )

    def between(self, words: Iterable[str]) -> Text:
        """The words with this one between them."""
        return self.joining(map(same, words))

    def joining(self, texts: Iterable[Text]) -> Text:
        """The texts with this one between them."""
        listed = list(texts)
        return Text(self.zh.join(text.zh for text in listed), self.en.join(text.en for text in listed))


def same(text: object) -> Text:
    """Words that need no translation, such as a number."""
    return Text(str(text), str(text))


AND, OR, TO = Text("、", ", "), Text("或", " or "), Text("–", "–")
PER_MILLE = 1000
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unit:
    """What numbers count. `fen` are shown as yuan, a `month_day` is a pair."""

    key: str
    name: Text

    def figures(self, numbers: Sequence[int], joined: Text) -> Text:
        """The numbers without the name of the unit."""
        if self.key == "month_day":
            return Text(f"{numbers[0]}月{numbers[1]}日", f"{numbers[1]} {MONTHS[numbers[0] - 1]}")
        return joined.between(format_yuan(number) if self.key == "fen" else str(number) for number in numbers)

    def amount(self, numbers: Sequence[int], joined: Text) -> Text:
        figures = self.figures(numbers, joined)
        if self.key == "month_day":
            return figures
        return Text(f"{figures.zh}{self.name.zh}", f"{figures.en} {self.name.en}")


@dataclass(frozen=True, slots=True)
class Topic:
    """What rules of one id are about. `measure` is the figure compared, `by` the one that chooses a table's band."""

    id: str
    group: str
    title: Text
    kind: Kind
    unit: Unit
    measure: str
    by: str
    unit_may: UnitMay
    sentences: Mapping[Case, Text]

    def mentions(self, text: str) -> bool:
        """Whether the id or the title, in either language, has the text in it."""
        return any(text.casefold() in words.casefold() for words in (self.id, self.title.zh, self.title.en))


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """A place with rules of its own; the key's parts from wide to narrow, e.g. `shenzhen.futian`."""

    key: str
    name: Text


@dataclass(frozen=True, slots=True)
class Source:
    """A law, regulation or paper, and what must be known about the text that was used."""

    title: Text
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """A band of a table: figures from `start` on, up to the next band. `also` are single numbers allowed besides."""

    start: int
    low: int
    high: int
    also: tuple[int, ...] = ()

    @property
    def numbers(self) -> Text:
        span = str(self.low) if self.low == self.high else f"{self.low}–{self.high}"
        also = OR.between(map(str, self.also))
        return Text(f"{span}（或{also.zh}）", f"{span} (or {also.en})") if self.also else same(span)


@dataclass(frozen=True, slots=True)
class UnitValue:
    """A unit's own rule as it was set. `path` is the unit's place in the tree."""

    pk: int
    rule_id: str
    organisation_id: int
    organisation: str
    path: str
    operator: Operator
    numbers: tuple[int, ...]
    valid_from: date
    valid_to: date
    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: numbers that hold in a jurisdiction from `valid_from` until the day before `valid_to`.

    With `per`, the numbers are a share: 2 per 3 is two thirds. `confirmed` is False where the numbers were not checked
    against the text of the source. `own` is set for a unit's own rule.
    """

    topic: Topic
    jurisdiction: Jurisdiction
    operator: Operator
    numbers: tuple[int, ...]
    source: Source
    per: int = 1
    bands: tuple[Band, ...] = ()
    force: Force = Force.MUST
    measure: Text = Text("", "")
    articles: tuple[int, ...] = ()
    valid_from: date = ALWAYS
    valid_to: date = FOREVER
    confirmed: bool = True
    note: Text | None = None
    own: UnitValue | None = None

    @property
    def id(self) -> str:
        return self.topic.id

    @property
    def number(self) -> int:
        """The one number of the rule.

        Raises:
            ValueError: it has several, or a table.
        """
        (number,) = self.numbers
        return number

    @property
    def is_national(self) -> bool:
        return self.jurisdiction.key == NATIONAL

    @property
    def starts_known(self) -> bool:
        """Whether the source says from when it holds."""
        return self.valid_from != ALWAYS

    @property
    def place(self) -> Text:
        """Where the rule holds: the jurisdiction, or the unit that set it."""
        return same(self.own.organisation) if self.own else self.jurisdiction.name

    @property
    def place_key(self) -> str:
        """The place as pages have it in their address."""
        return f"o:{self.own.organisation_id}" if self.own else f"j:{self.jurisdiction.key}"

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day < self.valid_to

    @property
    def citation(self) -> Text:
        """The source with its articles."""
        title = self.source.title
        if not self.articles:
            return title
        numbers = [str(article) for article in self.articles]
        word = "article" if len(numbers) == 1 else "articles"
        return Text(f"{title.zh}第{'、'.join(numbers)}条", f"{title.en}, {word} {', '.join(numbers)}")

    @property
    def notes(self) -> list[Text]:
        return [note for note in (self.note, self.source.note) if note is not None]

    @property
    def rate(self) -> Text:
        """A share as people write it: `2/3`, or `3‰`."""
        return same(f"{self.numbers[0]}‰" if self.per == PER_MILLE else f"{self.numbers[0]}/{self.per}")

    @property
    def joint(self) -> Text:
        """The word between several numbers."""
        if self.operator is Operator.BETWEEN:
            return TO
        return AND if self.topic.kind is Kind.SETTING else OR

    @property
    def value(self) -> Text:
        """The rule's number as a table shows it: `≥ 25人`, `3或5年`, `> 1/2`."""
        if self.operator is Operator.TABLE:
            count = len(self.bands)
            return Text(f"按人数分{count}档", f"{count} bands by size")
        amount = self.rate if self.per > 1 else self.topic.unit.amount(self.numbers, self.joint)
        sign = "" if self.topic.kind is Kind.SETTING else SYMBOLS.get(self.operator, "")
        return Text(f"{sign}{amount.zh}", f"{sign}{amount.en}")

    def replaced_by(self, own: UnitValue) -> Rule:
        """The unit's own rule in the place of this one, from which it has everything that it does not state itself."""
        return replace(
            self,
            operator=own.operator,
            numbers=own.numbers,
            source=Source(same(own.source)),
            articles=(),
            valid_from=own.valid_from,
            valid_to=own.valid_to,
            confirmed=True,
            note=same(own.reason) if own.reason else None,
            own=own,
        )

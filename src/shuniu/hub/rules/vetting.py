"""What is looked at before a provider is admitted, and which papers must be good for new work: data of `data/vetting.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from django.utils.translation import get_language

from shuniu.hub.enums import CheckResult, PaperKind, ProviderKind, ServiceKind
from shuniu.kernel.toml import Table, read_toml

DATA: Final = Path(__file__).parents[1] / "data" / "vetting.toml"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to find out about an applicant."""

    key: str
    zh: str
    en: str
    kinds: frozenset[ProviderKind]

    def __str__(self) -> str:
        return self.zh if (get_language() or "zh").startswith("zh") else self.en

    def concerns(self, kind: str) -> bool:
        return not self.kinds or kind in self.kinds


@dataclass(frozen=True, slots=True)
class Vetting:
    """The checklist, and the papers that providers and their people need."""

    items: tuple[Item, ...]
    of_provider: Mapping[ProviderKind, frozenset[PaperKind]]
    of_service: Mapping[ServiceKind, frozenset[PaperKind]]

    def items_for(self, kind: str) -> tuple[Item, ...]:
        """The checklist for a kind of provider."""
        return tuple(item for item in self.items if item.concerns(kind))

    def papers_of(self, kind: str) -> frozenset[PaperKind]:
        """What a provider of this kind must hold."""
        return self.of_provider.get(ProviderKind(kind), frozenset())

    def papers_for(self, service: str) -> frozenset[PaperKind]:
        """What a professional must hold for a kind of service."""
        return self.of_service.get(ServiceKind(service), frozenset())

    def open_items(self, kind: str, results: Mapping[str, str]) -> tuple[Item, ...]:
        """Items that nobody has settled in the applicant's favour, by the results so far."""
        settled = {CheckResult.MET, CheckResult.NOT_APPLICABLE}
        return tuple(item for item in self.items_for(kind) if results.get(item.key) not in settled)


@cache
def vetting() -> Vetting:
    """The checklist as shipped.

    Raises:
        DataFileError: the file names a kind that does not exist, or leaves something out.
    """
    table = read_toml(DATA)
    table.only("item", "papers")
    papers = table.table("papers")
    return Vetting(
        tuple(_item(one) for one in table.tables("item")),
        {ProviderKind(key): _papers(papers.table("provider"), key) for key in papers.table("provider").values},
        {ServiceKind(key): _papers(papers.table("service"), key) for key in papers.table("service").values},
    )


def _item(table: Table) -> Item:
    table.only("key", "zh", "en", "kinds")
    kinds = table.list_of("kinds", str, ", ".join(ProviderKind)) if "kinds" in table else []
    return Item(table.text("key"), table.text("zh"), table.text("en"), frozenset(map(ProviderKind, kinds)))


def _papers(table: Table, key: str) -> frozenset[PaperKind]:
    return frozenset(map(PaperKind, table.list_of(key, str, ", ".join(PaperKind))))

"""The state diagrams in docs are those of the code."""

from __future__ import annotations

from tools.diagrams import declared, drawn, pages, redrawn


def test_diagrams_in_docs_equal_the_declared_flows() -> None:
    stale = [page.name for page in pages() if redrawn(page.read_text()) != page.read_text()]

    assert stale == [], "Run `python -m tools.diagrams` to draw them anew."


def test_every_declared_flow_is_drawn_in_docs() -> None:
    shown = {name for page in pages() for name in drawn(page.read_text())}

    assert declared().keys() - shown == set()


def test_a_diagram_that_is_not_drawn_yet_ends_where_its_block_ends() -> None:
    page = "<!-- flow: shuniu.registry.rules.transfers.TRANSFER -->\n```mermaid\n```\nText.\n```mermaid\n```\n"

    assert redrawn(page).endswith("\n```\nText.\n```mermaid\n```\n")

"""Keep the state diagrams in docs/ equal to the flows declared in code.

A diagram is the Mermaid block after a line `<!-- flow: shuniu.room.rules.noun.NAME -->`.
`python -m tools.diagrams` rewrites them; `tests/architecture/test_diagrams.py` compares.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

import django
from django.utils.translation import override

import shuniu

ROOT = Path(__file__).resolve().parents[1]
DIAGRAM = re.compile(r"(<!-- flow: (?P<name>[\w.]+) -->\n```mermaid\n)(?P<drawn>(?:(?!```).)*)(```)", re.DOTALL)


def declared() -> dict[str, Any]:
    """Every flow declared at the top of a `rules` module, or of a `drawn` one that builds flows from data."""
    from shuniu.kernel.flow import Flow  # noqa: PLC0415 -- needs Django to be set up

    return {
        f"{module}.{name}": value
        for module in _rule_modules()
        for name, value in vars(import_module(module)).items()
        if isinstance(value, Flow)
    }


def drawn(text: str) -> dict[str, str]:
    """The diagrams of a page of docs, by the name of their flow."""
    return {match["name"]: match["drawn"] for match in DIAGRAM.finditer(text)}


def redrawn(text: str) -> str:
    """The page with every diagram drawn anew.

    Raises:
        KeyError: the page names a flow that is not declared.
    """
    flows = declared()
    return DIAGRAM.sub(lambda match: f"{match[1]}{picture(flows[match['name']])}\n{match[4]}", text)


def picture(flow: Any) -> str:
    """The diagram in English, the language of these docs."""
    with override("en"):
        return str(flow.mermaid())


def pages() -> list[Path]:
    return sorted((ROOT / "docs").rglob("*.md"))


def _rule_modules() -> Iterator[str]:
    for module in walk_packages(shuniu.__path__, "shuniu."):
        if ".rules" in module.name or module.name.endswith(".drawn"):
            yield module.name


def main() -> int:
    """Rewrite what has changed and say which pages those were."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shuniu.config.settings")
    django.setup()
    for page in pages():
        text = page.read_text()
        if (new := redrawn(text)) != text:
            page.write_text(new)
            print(page.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The docs lead where they say, show pictures that are there, and name every command."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from shuniu.cli import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
ELSEWHERE = re.compile(r"[a-z]+:")
CHINESE = re.compile(r"[一-鿿]")
HEAVIEST = 200_000
COMMAND_FILES = ROOT.glob("src/shuniu/*/management/commands/[a-z]*.py")


def targets(page: Path) -> list[str]:
    """Where the page's relative links and pictures lead; what stands in code leads nowhere."""
    found = LINK.findall(CODE.sub("", page.read_text(encoding="utf-8")))
    return [target.partition("#")[0] for target in found if not ELSEWHERE.match(target) and not target.startswith("#")]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_and_picture_is_there(path: Path) -> None:
    assert [target for target in targets(path) if not (path.parent / target).exists()] == []


def test_every_picture_is_shown_somewhere_and_light() -> None:
    shown = {(page.parent / target).resolve() for page in PAGES for target in targets(page)}
    kept = set((ROOT / "docs" / "screenshots").glob("*.png"))

    assert kept, "python -m pytest tests/journeys with SHUNIU_SCREENSHOTS=1 makes them"
    assert sorted(path.name for path in kept - shown) == []
    assert [path.name for path in kept if path.stat().st_size > HEAVIEST] == []


@pytest.mark.parametrize("folder", ["docs/operate", "docs/guide"])
def test_every_page_can_be_reached_from_its_index(folder: str) -> None:
    index = ROOT / folder / "index.md"
    linked = {(index.parent / target).resolve() for target in targets(index)}
    pages = set((ROOT / folder).glob("*.md")) - {index}

    assert sorted(page.name for page in pages - linked) == []


FOR_DEVELOPERS = {"makemigrations"}


def test_every_command_is_named_for_those_who_run_the_site() -> None:
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES if page.parent.name in {"operate", "guide"})
    wanted = {f"shuniu {command.name}" for command in COMMANDS} | {path.stem for path in COMMAND_FILES} - FOR_DEVELOPERS

    assert sorted(name for name in wanted if not re.search(rf"\b{name}\b", text)) == []


def test_the_guide_is_chinese_first_with_an_english_summary() -> None:
    wrong = []
    for page in sorted((ROOT / "docs" / "guide").glob("*.md")):
        chinese, _, english = page.read_text(encoding="utf-8").partition("\n## English summary\n")
        if not CHINESE.search(chinese.splitlines()[0]) or len(english.split()) < 20:
            wrong.append(page.name)

    assert wrong == []

"""Rules for every template of every room."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

SOURCE = Path(__file__).resolve().parents[2] / "src" / "shuniu"
GALLERY = Path(__file__).resolve().parents[1] / "kernel" / "gallery"
TEMPLATES = {
    str(path.relative_to(folder)): path
    for folder in SOURCE.glob("*/templates")
    for path in folder.rglob("*")
    if path.is_file()
}

BANNED = {
    "a script without a file": re.compile(r"<script(?![^>]*\bsrc=)", re.IGNORECASE),
    "a style block": re.compile(r"<style\b", re.IGNORECASE),
    "a style attribute": re.compile(r"<[a-z][^>]*\sstyle\s*=", re.IGNORECASE),
    "an event handler": re.compile(r"<[a-z][^>]*\s(on[a-z]+|hx-on[:\w-]*)\s*=", re.IGNORECASE),
    "a script address": re.compile(r"javascript:|hx-vals=['\"]js:", re.IGNORECASE),
    "another site's file": re.compile(r"<(script|link|img|iframe)[^>]*(src|href)=[\"'](https?:)?//", re.IGNORECASE),
    "a value marked safe": re.compile(r"\|\s*safe\b|{%\s*autoescape off"),
}
ALLOWED: dict[tuple[str, str], str] = {}


def text_of(path: Path) -> str:
    return re.sub(r"{#.*?#}|{%\s*comment.*?endcomment\s*%}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)


def test_there_are_templates_to_look_at():
    assert len(TEMPLATES) > 20


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_a_template_parses_and_its_rooms_agree_on_its_name(name):
    assert Path(get_template(name).origin.name) == TEMPLATES[name]


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_a_template_keeps_the_content_policy(name):
    found = {what for what, pattern in BANNED.items() if pattern.search(text_of(TEMPLATES[name]))}

    assert found - {what for allowed, what in ALLOWED if allowed == name} == set()


def test_every_exception_is_still_needed():
    stale = [key for key in ALLOWED if not BANNED[key[1]].search(text_of(TEMPLATES[key[0]]))]

    assert stale == []


@pytest.mark.parametrize(
    "bad",
    [
        "<script>go()</script>",
        '<p style="color:red">',
        '<a class="x" onclick="go()">',
        '<p hx-on:click="go()">',
        "<style>p{}</style>",
        '<a href="javascript:go()">',
        '<img src="//elsewhere.example/a.png">',
        "{{ name|safe }}",
    ],
)
def test_the_rules_see_what_they_forbid(bad):
    assert [what for what, pattern in BANNED.items() if pattern.search(bad)] != []


def test_every_template_is_used():
    shown = GALLERY.glob("*.html")  # pieces of the shell are for every room to come; the gallery keeps them in view
    code = "\n".join(path.read_text(encoding="utf-8") for path in (*SOURCE.rglob("*.py"), *shown))
    pages = {name: path.read_text(encoding="utf-8") for name, path in TEMPLATES.items()}
    unused = [
        name
        for name in TEMPLATES
        if name not in code and not any(name in text for other, text in pages.items() if other != name)
    ]

    assert unused == []


def test_every_page_has_a_title_for_the_browser():
    whole = [name for name, path in TEMPLATES.items() if re.search(r"{%\s*extends", path.read_text(encoding="utf-8"))]
    bare = [
        name
        for name in whole
        if "/kinds/" not in name
        and "block title" not in TEMPLATES[name].read_text(encoding="utf-8")
        and not inherits_title(name)
    ]

    assert bare == []


def inherits_title(name: str) -> bool:
    """Whether the page's skeleton fills the title by itself, as lists and confirmations do."""
    found = re.search(r"{%\s*extends \"([^\"]+)\"", TEMPLATES[name].read_text(encoding="utf-8"))
    parent = found.group(1) if found else ""
    return (
        parent in TEMPLATES and "/kinds/" in parent and "block title" in TEMPLATES[parent].read_text(encoding="utf-8")
    )

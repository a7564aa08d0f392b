"""The Chinese catalogues: compile them, check that they are complete, bring them up to the code.

    catalogues.py compile    .po to .mo, where the .po is newer
    catalogues.py check      report every message without a Chinese text, and every text that would be shown wrong
    catalogues.py update     add messages that are missing, with an empty text; remove those that nothing uses

Each room keeps src/shuniu/<room>/locale/zh_Hans/LC_MESSAGES/django.po. A message is done when any room, or Django
itself, translates it. `check` and `update` need the program xgettext; without it `check` ends with 3.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "shuniu"
CATALOGUE = Path("locale/zh_Hans/LC_MESSAGES/django.po")
SKIPPED = 3
INSTALLED = ("conf", *(f"contrib/{name}" for name in ("auth", "contenttypes", "sessions", "messages", "staticfiles")))
"""The parts of Django that this site has: what others of its parts say is not to be had."""
HEADER = {
    "Project-Id-Version": "shuniu",
    "Language": "zh_Hans",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}
KEYWORDS = (
    "gettext_noop",
    "gettext_lazy",
    "ngettext_lazy:1,2",
    "pgettext:1c,2",
    "npgettext:1c,2,3",
    "pgettext_lazy:1c,2",
    "npgettext_lazy:1c,2,3",
)
NAMED_FIELD = re.compile(r"%\(\w+\)[sd]|\{\w+\}")

MessageKey = tuple[str, str]
"""The context, often empty, and the English text."""


def key_of(entry: polib.POEntry) -> MessageKey:
    return (entry.msgctxt or "", entry.msgid)


def catalogues(source: Path) -> dict[str, Path]:
    """The catalogue of each room that has one."""
    return {room.name: room / CATALOGUE for room in sorted(source.iterdir()) if (room / CATALOGUE).is_file()}


def compile_stale(source: Path) -> int:
    """Compile each catalogue that is newer than its compiled form; how many were."""
    stale = [po for po in catalogues(source).values() if not is_fresh(po.with_suffix(".mo"), po)]
    for po in stale:
        beside = po.with_suffix(f".{os.getpid()}.new")
        polib.pofile(str(po)).save_as_mofile(str(beside))
        beside.replace(po.with_suffix(".mo"))
    return len(stale)


def is_fresh(made: Path, source: Path) -> bool:
    return made.exists() and made.stat().st_mtime_ns >= source.stat().st_mtime_ns


def extract(room: Path) -> dict[MessageKey, polib.POEntry]:
    """Every message in the Python files and templates of `room`, as xgettext reads them."""
    with tempfile.TemporaryDirectory() as scratch:
        files = [str(path) for path in readable_copies(room, Path(scratch))]
        command = ["xgettext", "--from-code=UTF-8", "--language=Python", "--output=-", "--add-comments=Translators"]
        command += [f"--keyword={keyword}" for keyword in KEYWORDS]
        made = subprocess.run(
            [*command, "--files-from=-"],
            input="\n".join(files),
            capture_output=True,
            check=True,
            text=True,
            cwd=scratch,
        )
    return {key_of(entry): entry for entry in polib.pofile(made.stdout)} if made.stdout else {}


def readable_copies(room: Path, scratch: Path) -> Iterator[Path]:
    """The files of `room` as Python for xgettext, under `scratch`, by paths relative to it."""
    from django.utils.translation.template import templatize  # noqa: PLC0415 -- slow import

    for path in sorted(room.rglob("*")):
        if path.suffix not in {".py", ".html", ".txt"} or "migrations" in path.parts or not path.is_file():
            continue
        text = path.read_text(encoding="utf-8")
        name = Path(room.name) / path.relative_to(room)
        (scratch / name.parent).mkdir(parents=True, exist_ok=True)
        readable = text if path.suffix == ".py" else templatize(text, origin=str(name))
        (scratch / name).write_text(readable, encoding="utf-8")
        yield name


def used(source: Path) -> dict[str, dict[MessageKey, polib.POEntry]]:
    """The messages of each room of `source`."""
    rooms = [path for path in sorted(source.iterdir()) if path.is_dir() and path.name != "__pycache__"]
    return {room.name: extract(room) for room in rooms}


def translated(paths: Iterable[Path]) -> set[MessageKey]:
    return {key_of(entry) for path in paths for entry in polib.pofile(str(path)).translated_entries()}


def of_django() -> list[Path]:
    """Django's own Chinese catalogues, as far as they are loaded here."""
    import django  # noqa: PLC0415 -- slow import

    base = Path(django.__file__).parent
    return [path for room in INSTALLED if (path := base / room / CATALOGUE).is_file()]


def missing(source: Path) -> list[str]:
    """One line for each message of the code that has no Chinese text anywhere."""
    done = translated([*catalogues(source).values(), *of_django()])
    return [
        f"{room}: no Chinese text for {entry.msgid!r} ({place_of(entry)})"
        for room, messages in used(source).items()
        for key, entry in messages.items()
        if key not in done
    ]


def place_of(entry: polib.POEntry) -> str:
    return ", ".join(f"{name}:{line}" for name, line in entry.occurrences[:2])


def wrong(source: Path) -> list[str]:
    """One line for each entry that is fuzzy, empty, lost a named field, or disagrees with another room."""
    found: list[str] = []
    texts: dict[MessageKey, tuple[str, object]] = {}
    for room, path in catalogues(source).items():
        catalogue = polib.pofile(str(path))
        if catalogue.metadata.get("Plural-Forms") != HEADER["Plural-Forms"]:
            found.append(f"{room}: the header must say Plural-Forms: {HEADER['Plural-Forms']}")
        for entry in catalogue:
            if not entry.obsolete:
                found += [f"{room}: {problem} in {entry.msgid!r}" for problem in problems(entry)]
                text = entry.msgstr or entry.msgstr_plural
                other, said = texts.setdefault(key_of(entry), (room, text))
                if said != text:
                    found.append(f"{room}: {entry.msgid!r} reads otherwise in {other}: {said!r}, {text!r}")
    return found


def problems(entry: polib.POEntry) -> Iterator[str]:
    """What is wrong with one entry."""
    if entry.fuzzy:
        yield "a guess (fuzzy)"
    elif not entry.translated():
        yield "no Chinese text"
    texts = list(entry.msgstr_plural.values()) or [entry.msgstr]
    fields = set(NAMED_FIELD.findall(entry.msgid_plural or entry.msgid))
    for text in filter(None, texts):
        if set(NAMED_FIELD.findall(text)) - fields - set(NAMED_FIELD.findall(entry.msgid)):
            yield "a field that the English text has not"
        elif fields - set(NAMED_FIELD.findall(text)):
            yield "a field lost"


def check(source: Path) -> int:
    found = wrong(source) + (missing(source) if shutil.which("xgettext") else [])
    print(*sorted(set(found)), sep="\n")
    if not found and not shutil.which("xgettext"):
        print("skipped: looking for untranslated messages needs xgettext (on Debian: apt-get install gettext)")
        return SKIPPED
    return 1 if found else 0


def update(source: Path) -> int:
    """Add what is missing and remove what nothing uses, room by room."""
    everywhere = translated(of_django())
    messages = used(source)
    for room, wanted in messages.items():
        path = source / room / CATALOGUE
        catalogue = polib.pofile(str(path), wrapwidth=0) if path.exists() else polib.POFile(wrapwidth=0)
        catalogue.metadata = {**catalogue.metadata, **HEADER}
        known = {key_of(entry) for entry in catalogue}
        elsewhere = translated(other for name, other in catalogues(source).items() if name != room)
        unused = [entry for entry in catalogue if entry.obsolete or not is_used(entry, messages)]
        added = [entry for key, entry in wanted.items() if key not in known | everywhere | elsewhere]
        for entry in unused:
            catalogue.remove(entry)
        catalogue.extend(blank(entry) for entry in added)
        if added or unused:
            path.parent.mkdir(parents=True, exist_ok=True)
            catalogue.save(str(path))
            print(f"{room}: {len(added)} added, {len(unused)} removed")
    return 0


def is_used(entry: polib.POEntry, messages: dict[str, dict[MessageKey, polib.POEntry]]) -> bool:
    return any(key_of(entry) in of_room for of_room in messages.values())


def blank(entry: polib.POEntry) -> polib.POEntry:
    """`entry` to be filled in. Places are left out: they would change with every line of code."""
    plural = {0: ""} if entry.msgid_plural else {}
    flags = [flag for flag in entry.flags if flag != "fuzzy"]
    return polib.POEntry(
        msgid=entry.msgid, msgctxt=entry.msgctxt, msgid_plural=entry.msgid_plural, msgstr_plural=plural, flags=flags
    )


def main(arguments: list[str]) -> int:
    match arguments:
        case ["compile"]:
            compile_stale(SOURCE)
            return 0
        case ["check"]:
            return check(SOURCE)
        case ["update"] if shutil.which("xgettext"):
            return update(SOURCE)
        case ["update"]:
            print("update needs xgettext (on Debian: apt-get install gettext)", file=sys.stderr)
        case _:
            print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

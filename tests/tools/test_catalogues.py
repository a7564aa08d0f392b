from __future__ import annotations

import gettext
import shutil
from pathlib import Path

import polib
import pytest

from tools import catalogues

needs_xgettext = pytest.mark.skipif(shutil.which("xgettext") is None, reason="no xgettext (apt-get install gettext)")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Two rooms: `front` shows three messages, `back` one; none has a catalogue yet."""
    (tmp_path / "front/templates").mkdir(parents=True)
    (tmp_path / "back").mkdir()
    (tmp_path / "front/views.py").write_text(
        "_('The union was founded.')\nngettext('{n} union', '{n} unions', n)\npgettext('a place', 'post')\n"
    )
    (tmp_path / "front/templates/list.html").write_text(
        "{% load i18n %}{% translate 'Password' %}{% blocktranslate trimmed %}\n  Found {{ n }}\n  people.\n{% endblocktranslate %}"
    )
    (tmp_path / "back/rules.py").write_text("gettext_lazy('Too few members.')\n")
    return tmp_path


def write(source: Path, room: str, entries: list[polib.POEntry]) -> Path:
    path = source / room / catalogues.CATALOGUE
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue = polib.POFile()
    catalogue.metadata = dict(catalogues.HEADER)
    catalogue.extend(entries)
    catalogue.save(str(path))
    return path


def entry(msgid: str, msgstr: str = "", **others: object) -> polib.POEntry:
    return polib.POEntry(msgid=msgid, msgstr=msgstr, **others)


@needs_xgettext
def test_messages_of_python_and_templates_are_found(source: Path) -> None:
    found = catalogues.extract(source / "front")

    assert set(found) == {
        ("", "The union was founded."),
        ("", "{n} union"),
        ("a place", "post"),
        ("", "Password"),
        ("", "Found %(n)s people."),
    }


@needs_xgettext
def test_a_message_is_done_when_any_room_or_django_translates_it(source: Path) -> None:
    write(
        source, "back", [entry("The union was founded.", "工会已成立。"), entry("Too few members.", "会员人数不足。")]
    )
    write(source, "front", [entry("post", "职务", msgctxt="a place"), entry("Found %(n)s people.", "找到%(n)s人。")])

    missing = catalogues.missing(source)

    assert [line.split(" (")[0] for line in missing] == ["front: no Chinese text for '{n} union'"]


@needs_xgettext
def test_update_adds_what_is_missing_to_its_room_and_removes_what_is_unused(source: Path) -> None:
    write(source, "front", [entry("Nobody says this.", "无人说。"), entry("The union was founded.", "工会已成立。")])
    write(source, "back", [entry("post", "职务", msgctxt="a place")])

    catalogues.update(source)

    front = polib.pofile(str(source / "front" / catalogues.CATALOGUE))
    back = polib.pofile(str(source / "back" / catalogues.CATALOGUE))
    assert {each.msgid: each.msgstr for each in front} == {
        "The union was founded.": "工会已成立。",
        "{n} union": "",
        "Found %(n)s people.": "",
    }
    assert {each.msgid: each.msgstr for each in back} == {"post": "职务", "Too few members.": ""}
    assert front.metadata["Plural-Forms"] == "nplurals=1; plural=0;"


@needs_xgettext
def test_update_twice_changes_nothing(source: Path) -> None:
    catalogues.update(source)
    path = source / "front" / catalogues.CATALOGUE
    before = path.read_bytes()

    catalogues.update(source)

    assert path.read_bytes() == before


def test_wrong_entries_are_named_with_what_is_wrong(source: Path) -> None:
    write(
        source,
        "front",
        [
            entry("Right.", "正确。"),
            entry("Guess.", "猜。", flags=["fuzzy"]),
            entry("Empty."),
            entry("{n} of {all}", "{n}"),
            entry("%(n)s left", "剩%(m)s"),
            polib.POEntry(msgid="One ballot", msgid_plural="{n} ballots", msgstr_plural={0: "{n}张选票"}),
        ],
    )
    write(source, "back", [entry("Right.", "对。")])

    assert catalogues.wrong(source) == [
        "front: 'Right.' reads otherwise in back: '对。', '正确。'",
        "front: a guess (fuzzy) in 'Guess.'",
        "front: no Chinese text in 'Empty.'",
        "front: a field lost in '{n} of {all}'",
        "front: a field that the English text has not in '%(n)s left'",
    ]


def test_a_catalogue_without_the_chinese_plural_is_wrong(source: Path) -> None:
    path = write(source, "front", [])
    path.write_text(path.read_text().replace("nplurals=1; plural=0;", "nplurals=2; plural=(n != 1);"))

    assert catalogues.wrong(source) == ["front: the header must say Plural-Forms: nplurals=1; plural=0;"]


def test_compile_makes_what_gettext_reads_and_only_when_the_text_is_newer(source: Path) -> None:
    path = write(source, "front", [entry("Password", "查找")])

    assert catalogues.compile_stale(source) == 1
    assert catalogues.compile_stale(source) == 0
    with path.with_suffix(".mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Password") == "查找"


def test_a_compiled_catalogue_older_than_its_text_is_made_again(source: Path) -> None:
    import os

    path = write(source, "front", [entry("Password", "查找")])
    catalogues.compile_stale(source)
    os.utime(path.with_suffix(".mo"), (0, 0))

    assert catalogues.compile_stale(source) == 1


def test_a_wrong_word_is_answered_with_the_right_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert catalogues.main(["translate"]) == 2
    assert "catalogues.py check" in capsys.readouterr().err


def test_parts_of_django_that_are_not_installed_do_not_count() -> None:
    known = catalogues.translated(catalogues.of_django())

    assert ("", "Password") in known
    assert ("", "Change password") not in known  # the admin's, which this site has not

from __future__ import annotations

from pathlib import Path

import pytest

from shuniu.kernel.finders import PACKAGE_FILES, PackageFilesFinder


@pytest.fixture
def node_modules(tmp_path: Path) -> Path:
    for file in PACKAGE_FILES:
        (tmp_path / file.directory).mkdir(parents=True, exist_ok=True)
        (tmp_path / file.directory / file.name).write_text(file.name)
    (tmp_path / "echarts/dist/extension.js").write_text("not used by any page")
    (tmp_path / "@tabler/core/dist/js/tabler.min.js.map").write_text("{}")
    return tmp_path


def test_list_gives_the_listed_files_and_the_maps_beside_them(node_modules: Path) -> None:
    finder = PackageFilesFinder(node_modules=node_modules)

    listed = {f"{storage.prefix}/{name}" for name, storage in finder.list([])}

    assert listed == {
        "vendor/tabler/tabler.min.css",
        "vendor/tabler/tabler.min.js",
        "vendor/tabler/tabler.min.js.map",
        "vendor/echarts/echarts.min.js",
        "vendor/tom-select/tom-select.complete.min.js",
        "vendor/tom-select/tom-select.bootstrap5.min.css",
    }


def test_listed_files_can_be_opened_through_their_storage(node_modules: Path) -> None:
    storages = dict(PackageFilesFinder(node_modules=node_modules).list([]))

    with storages["echarts.min.js"].open("echarts.min.js") as file:
        assert file.read() == b"echarts.min.js"


def test_list_leaves_out_ignored_patterns(node_modules: Path) -> None:
    listed = [name for name, _ in PackageFilesFinder(node_modules=node_modules).list(["*.js", "*.map"])]

    assert listed == ["tabler.min.css", "tom-select.bootstrap5.min.css"]


def test_find_knows_a_served_name_and_nothing_else(node_modules: Path) -> None:
    finder = PackageFilesFinder(node_modules=node_modules)

    assert finder.find("vendor/echarts/echarts.min.js") == str(node_modules / "echarts/dist/echarts.min.js")
    assert finder.find("vendor/echarts/echarts.min.js", find_all=True) == [
        str(node_modules / "echarts/dist/echarts.min.js")
    ]
    assert finder.find("vendor/echarts/extension.js") == []
    assert finder.find("vendor/../echarts/dist/extension.js") == []


def test_check_names_what_is_missing_and_what_to_run(node_modules: Path) -> None:
    finder = PackageFilesFinder(node_modules=node_modules)
    assert finder.check() == []

    (node_modules / "echarts/dist/echarts.min.js").unlink()

    (warning,) = finder.check()
    assert warning.msg == "These front-end files are missing: vendor/echarts/echarts.min.js."
    assert warning.hint == "Run `make setup`."

"""The contracts between rooms hold, and name every room."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "shuniu"
ABOVE_ROOMS = {"config", "cli"}
OPEN_WHOLE = {"kernel"}
MACHINE_PATH = re.compile(r"(?<![\w.~}])/(work|root|tmp|opt|home/\w+)/\w")


def rooms() -> set[str]:
    return {path.parent.name for path in PACKAGE.glob("*/__init__.py")} - ABOVE_ROOMS


@pytest.fixture(scope="module")
def contracts() -> dict[str, dict[str, Any]]:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    return {contract["id"]: contract for contract in told}


def test_contracts_hold() -> None:
    program = Path(sys.executable).with_name("lint-imports")

    done = subprocess.run(
        [str(program), "--no-logo", "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout


def test_every_room_has_its_place_in_the_order(contracts: dict[str, dict[str, Any]]) -> None:
    assert set(contracts["rooms"]["layers"]) == rooms() | ABOVE_ROOMS


def test_every_room_but_the_open_one_keeps_the_layers(contracts: dict[str, dict[str, Any]]) -> None:
    assert set(contracts["inside"]["containers"]) == {f"shuniu.{room}" for room in rooms() - OPEN_WHOLE}


def test_every_room_is_installed(settings: Any) -> None:
    assert {app.removeprefix("shuniu.") for app in settings.INSTALLED_APPS if app.startswith("shuniu.")} == rooms()


def test_no_file_names_a_path_of_somebodys_machine() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    found = [
        f"{name}:{number}"
        for name in filter(None, listed.split("\0"))
        if (ROOT / name).is_file() and name != str(Path(__file__).relative_to(ROOT))
        for number, line in enumerate((ROOT / name).read_text(errors="replace").splitlines(), 1)
        if MACHINE_PATH.search(line)
    ]

    assert found == []

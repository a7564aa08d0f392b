from __future__ import annotations

from pathlib import Path

import grimp
import pytest

from tools.facade_contract import FacadeContract

OPTIONS = {
    "package": "house",
    "open_modules": ["public", "enums", "events"],
    "kernel": ["kernel"],
    "mounts": ["config"],
}


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.chdir(tmp_path)
    for name in ("", "kernel", "attic", "cellar", "config"):
        folder = tmp_path / "house" / name
        folder.mkdir(exist_ok=True)
        (folder / "__init__.py").touch()
    for name in ("kernel/scope", "attic/models", "attic/public", "attic/enums", "cellar/web", "config/urls"):
        (tmp_path / "house" / f"{name}.py").touch()
    return tmp_path / "house"


def broken(house: Path) -> list[str]:
    contract = FacadeContract("Rooms meet at their public face", {"root_packages": ["house"]}, OPTIONS)
    return list(contract.check(grimp.build_graph("house", cache_dir=None), verbose=False).metadata["broken"])


@pytest.mark.parametrize("module", ["house.attic.public", "house.attic.enums", "house.kernel.scope", "house.cellar"])
def test_a_room_may_import_faces_the_kernel_and_itself(house: Path, module: str) -> None:
    (house / "cellar/web.py").write_text(f"import {module}\n")

    assert broken(house) == []


@pytest.mark.parametrize("module", ["house.attic.models", "house.attic"])
def test_a_room_may_not_reach_inside_another(house: Path, module: str) -> None:
    (house / "cellar/web.py").write_text(f"import {module}\n")

    assert broken(house) == [f"house.cellar.web -> {module}"]


def test_an_import_inside_a_function_counts(house: Path) -> None:
    (house / "kernel/scope.py").write_text("def late():\n    from house.attic import models\n    return models\n")

    assert broken(house) == ["house.kernel.scope -> house.attic.models"]


def test_what_mounts_the_rooms_may_import_any(house: Path) -> None:
    (house / "config/urls.py").write_text("import house.attic.models\n")

    assert broken(house) == []

"""The bootstrap on a small project of its own: a package made here, a front end of one file, one catalogue."""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tools import bootstrap

REPOSITORY = Path(__file__).resolve().parents[2]


def make_wheel(folder: Path) -> str:
    """A package `smallest` 1.0 in `folder`; its sha256."""
    folder.mkdir()
    path = folder / "smallest-1.0-py3-none-any.whl"
    files = {
        "smallest.py": "SAYS = '你好'\n",
        "smallest-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: smallest\nVersion: 1.0\n",
        "smallest-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    rows = [f"{name},sha256={_record_hash(text)},{len(text.encode())}" for name, text in files.items()]
    files["smallest-1.0.dist-info/RECORD"] = "\n".join([*rows, "smallest-1.0.dist-info/RECORD,,"]) + "\n"
    with zipfile.ZipFile(path, "w") as wheel:
        for name, text in files.items():
            wheel.writestr(name, text)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _record_hash(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose lock holds one package, on a machine whose only index is a folder."""
    root = tmp_path / "工会 project"
    (root / "src/shuniu").mkdir(parents=True)
    (root / "src/shuniu/__init__.py").touch()
    (root / "src/shuniu/cli.py").write_text(
        "def main():\n    import smallest\n    print(smallest.SAYS)\n    return 7\n"
    )
    sha = make_wheel(tmp_path / "wheels")
    (root / "requirements").mkdir()
    (root / "requirements/base.txt").write_text(f"smallest==1.0 --hash=sha256:{sha}\n")
    for name, value in {
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(tmp_path / "wheels"),
        "PIP_CONFIG_FILE": "/dev/null",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("UV_NO_INDEX", "1")
    monkeypatch.setenv("UV_FIND_LINKS", str(tmp_path / "wheels"))
    return root


@pytest.fixture
def shop(project: Path) -> bootstrap.Workshop:
    """The project with an empty environment that pip of this environment can fill."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(project / ".venv")], check=True)
    return bootstrap.Workshop(project)


def test_packages_are_installed_and_shuniu_becomes_a_command(shop: bootstrap.Workshop) -> None:
    bootstrap.install_packages(shop, "base")

    done = subprocess.run([str(shop.venv / "bin/shuniu")], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (7, "你好\n", "")


def test_packages_are_not_installed_again_for_the_same_lock(
    shop: bootstrap.Workshop, capsys: pytest.CaptureFixture[str]
) -> None:
    bootstrap.install_packages(shop, "base")
    capsys.readouterr()
    shutil.rmtree(shop.root.parent / "wheels")  # from here on nothing could be installed

    bootstrap.install_packages(shop, "base")

    assert capsys.readouterr().out == ""


def test_a_package_with_another_hash_is_refused_in_one_sentence(shop: bootstrap.Workshop) -> None:
    (shop.root / "requirements/base.txt").write_text(f"smallest==1.0 --hash=sha256:{'0' * 64}\n")

    with pytest.raises(bootstrap.SetupError) as refused:
        bootstrap.install_packages(shop, "base")

    assert str(refused.value).startswith("Installing the Python packages failed: ")
    assert str(refused.value).endswith("(the whole output is in .venv/setup.log)")
    assert "\n" not in str(refused.value)
    assert not shop.done("base", bootstrap.fingerprint([shop.root / "requirements/base.txt"], str(shop.root)))
    assert not list(shop.venv.glob("lib/python*/site-packages/smallest.py"))


def test_a_missing_package_is_refused_with_what_the_installer_said(shop: bootstrap.Workshop) -> None:
    (shop.root.parent / "wheels/smallest-1.0-py3-none-any.whl").unlink()

    with pytest.raises(bootstrap.SetupError, match="smallest"):
        bootstrap.install_packages(shop, "base")

    assert "smallest" in shop.log.read_text()


def test_a_working_environment_is_kept_and_a_broken_one_is_made_anew(shop: bootstrap.Workshop) -> None:
    marker = shop.venv / "marker"
    marker.touch()
    bootstrap.make_environment(shop)
    assert marker.exists()

    shop.python.unlink()
    shop.python.write_text("#!/bin/sh\nexit 1\n")
    shop.python.chmod(0o755)
    bootstrap.make_environment(shop)

    assert not marker.exists()
    assert bootstrap.works([str(shop.python), "-c", ""])


def test_front_end_comes_from_the_npm_of_the_machine_once(
    shop: bootstrap.Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (shop.root / "package-lock.json").write_text("{}")
    npm = program(
        tmp_path / "bin", "npm", 'case $1 in --version) echo 10.2.0;; ci) mkdir node_modules && echo "$@" > told;; esac'
    )
    monkeypatch.setenv("PATH", f"{npm.parent}:/usr/bin:/bin")

    bootstrap.install_front_end(shop)
    told = (shop.root / "told").read_text().split()
    bootstrap.install_front_end(shop)

    assert told[:2] == ["ci", "--ignore-scripts"]
    assert capsys.readouterr().out.count("front-end packages") == 1


@pytest.mark.parametrize(("version", "fit"), [("8.19.4", False), ("9.2.0", True), ("11.0.1", True), ("what", False)])
def test_npm_of_the_machine_must_know_the_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, fit: bool
) -> None:
    npm = program(tmp_path / "bin", "npm", f"echo {version}")
    monkeypatch.setenv("PATH", f"{npm.parent}:/usr/bin:/bin")

    assert bootstrap.npm_of_the_machine() == (str(npm) if fit else None)


def test_a_machine_without_npm_says_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    assert bootstrap.npm_of_the_machine() is None


def program(folder: Path, name: str, script: str) -> Path:
    folder.mkdir()
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def test_fingerprint_changes_with_contents_and_place(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    lock.write_text("one")
    before = bootstrap.fingerprint([lock], "here")

    assert bootstrap.fingerprint([lock], "there") != before
    lock.write_text("two")
    assert bootstrap.fingerprint([lock], "here") != before


def test_a_wrong_word_is_answered_with_the_right_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert bootstrap.main(["everything"]) == 2
    assert capsys.readouterr().err == "Usage: bootstrap.py base|test\n"


def test_make_alone_lists_every_target() -> None:
    listed = subprocess.run(
        ["make", "--no-print-directory"], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )

    targets = [line.split()[1] for line in listed.stdout.splitlines()]
    assert targets == ["help", "setup", "demo", "test", "check", "bench", "lock", "fmt", "clean"]

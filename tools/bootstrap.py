"""Make a working copy ready to run: environment, pinned packages, front-end files, Chinese catalogues.

    python3 tools/bootstrap.py base     what the site needs
    python3 tools/bootstrap.py test     what its tests need, too

Standard library only, and readable by Pythons too old to run Shuniu, so that they can say so. Every registry is the
machine's own choice: pip, uv and npm are run with their own configuration. Work that was done for the same locks is
not done again.
"""

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NEEDED = (3, 11)
NPM_NEEDED = 9
SETS = ("base", "test")
COMMAND = """#!/bin/sh
'''exec' "{python}" "$0" "$@"
' '''
import sys
from shuniu.cli import main
sys.exit(main())
"""
"""The console command. A shell starts it, because the first line of a script may hold neither spaces nor a long path."""


def first_complaint(said: "list[str]") -> str:
    """The first line that speaks of an error, and the next one: some installers name what is missing only there."""
    found = next((at for at, line in enumerate(said) if "error" in line.lower()), len(said) - 1)
    return " ".join(said[found : found + 2]) if said else "it said nothing"


class SetupError(Exception):
    """What stands in the way, as one sentence for whoever typed the command."""


class Workshop:
    """The environment being built in `root`/.venv, and the note of which work was done for which files."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.venv = root / ".venv"
        self.python = self.venv / "bin" / "python"
        self.log = self.venv / "setup.log"
        self.notes = self.venv / "setup.json"

    def done(self, step: str, stamp: str) -> bool:
        return self._read().get(step) == stamp

    def note(self, step: str, stamp: str) -> None:
        self.notes.write_text(json.dumps({**self._read(), step: stamp}, indent=1))

    def _read(self) -> "dict[str, str]":
        try:
            return dict(json.loads(self.notes.read_text()))
        except (OSError, ValueError):
            return {}

    def run(self, what: str, command: "list[str]", **environment: str) -> None:
        """Run `command`, its output to the log.

        Raises:
            SetupError: it failed; the sentence says what failed, its last line, and where the rest stands.
        """
        with self.log.open("w+", encoding="utf-8", errors="replace") as log:
            code = subprocess.call(
                command,
                cwd=str(self.root),
                env={**os.environ, **environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
            log.seek(0)
            said = [line.strip() for line in log if line.strip()]
        if code:
            reason = first_complaint(said)
            raise SetupError(
                f"{what} failed: {reason[:300]} (the whole output is in {self.log.relative_to(self.root)})"
            )


def fingerprint(files: "list[Path]", place: str = "") -> str:
    """A hash of what stands in `files`, and of the place where that holds."""
    whole = hashlib.sha256(place.encode())
    for path in files:
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def newer_python() -> "str | None":
    """Another Python on the path that is new enough."""
    return next(filter(None, (shutil.which(f"python3.{minor}") for minor in range(19, NEEDED[1] - 1, -1))), None)


def works(command: "list[str]") -> bool:
    """Whether `command` runs and ends well."""
    nothing = subprocess.DEVNULL
    return subprocess.call(command, stdin=nothing, stdout=nothing, stderr=nothing) == 0


def installers(venv: Path) -> "list[list[str]]":
    """The ways to install packages into `venv` that this machine has, best first."""
    python = str(venv / "bin" / "python")
    quiet = ["install", "--quiet", "--disable-pip-version-check"]
    ways = []
    if works([python, "-c", "import pip"]):
        ways.append([python, "-m", "pip", *quiet])
    if shutil.which("uv"):
        ways.append(["uv", "pip", "install", "--quiet", "--python", python])
    if works([sys.executable, "-m", "pip", "--version"]):
        ways.append([sys.executable, "-m", "pip", "--python", python, *quiet])
    return ways


def make_environment(shop: Workshop) -> None:
    """Create .venv, with pip where this Python can give it one.

    Raises:
        SetupError: this Python cannot make environments, or nothing here can install packages into one.
    """
    if shop.python.exists() and works([str(shop.python), "-c", ""]):
        return
    say("Creating the environment .venv")
    if importlib.util.find_spec("venv") is None:
        raise SetupError(f"{sys.executable} has no module venv; install it (on Debian: apt-get install python3-venv).")
    shutil.rmtree(shop.venv, ignore_errors=True)
    shop.venv.mkdir()
    pip = [] if importlib.util.find_spec("ensurepip") else ["--without-pip"]
    shop.run("Creating the environment", [sys.executable, "-m", "venv", *pip, str(shop.venv)])
    if not installers(shop.venv):
        shutil.rmtree(shop.venv)
        raise SetupError(
            f"{sys.executable} has neither ensurepip nor pip, and there is no uv on the path; "
            "install one of them (on Debian: apt-get install python3-venv) and run this again."
        )


def install_packages(shop: Workshop, name: str) -> None:
    """Install requirements/`name`.txt, each file checked against its hash, and make `shuniu` a command."""
    lock = shop.root / "requirements" / (name + ".txt")
    stamp = fingerprint([lock], str(shop.root))
    if shop.done(name, stamp):
        return
    count = sum("==" in line for line in lock.read_text().splitlines())
    say(f"Installing {count} Python packages")
    install(shop, lock)
    link_project(shop)
    shop.note(name, stamp)


def install(shop: Workshop, lock: Path) -> None:
    ways = installers(shop.venv)
    if not ways:
        raise SetupError("Nothing on this machine can install Python packages: install pip or uv and run this again.")
    command = [*ways[0], "--require-hashes", "--only-binary", ":all:", "-r", str(lock)]
    shop.run("Installing the Python packages", command)


def link_project(shop: Workshop) -> None:
    """Let the environment import `src` and run `shuniu`. Two small files do without a build and without a network."""
    for packages in shop.venv.glob("lib/python*/site-packages"):
        (packages / "shuniu.pth").write_text(os.path.relpath(str(shop.root / "src"), str(packages)) + "\n")
    command = shop.venv / "bin" / "shuniu"
    command.write_text(COMMAND.format(python=shop.python))
    command.chmod(0o755)


def npm_of_the_machine() -> "str | None":
    npm = shutil.which("npm")
    if npm is None:
        return None
    asked = subprocess.run([npm, "--version"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    version = asked.stdout.decode(errors="replace").strip()
    major = version.split(".")[0]
    return npm if asked.returncode == 0 and major.isdigit() and int(major) >= NPM_NEEDED else None


def npm_command(shop: Workshop) -> str:
    """The machine's npm, else the one that comes with Node from the Python registry, pinned like everything else."""
    npm = npm_of_the_machine()
    if npm is None:
        say("Installing Node, as this machine has no npm of its own")
        install(shop, shop.root / "requirements" / "node.txt")
        npm = str(shop.venv / "bin" / "npm")
    return npm


def install_front_end(shop: Workshop) -> None:
    lock = shop.root / "package-lock.json"
    stamp = fingerprint([lock])
    if shop.done("front end", stamp) and (shop.root / "node_modules").is_dir():
        return
    npm = npm_command(shop)
    say("Installing the front-end packages")
    path = os.pathsep.join([str(shop.venv / "bin"), os.environ.get("PATH", "")])
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1"]
    shop.run("Installing the front-end packages", command, PATH=path, NODE_USE_SYSTEM_CA="1")
    shop.note("front end", stamp)


def fetch_schemas(shop: Workshop) -> None:
    """Fetch, for the tests, the sources of libraries that hold published schemas. Without pip, those tests are skipped."""
    lock = shop.root / "requirements" / "schemas.txt"
    pips = [python for python in (str(shop.python), sys.executable) if works([python, "-m", "pip", "--version"])]
    if not lock.exists() or not pips:
        return
    stamp, kept = fingerprint([lock]), shop.venv / "schemas"
    if shop.done("schemas", stamp) and kept.is_dir():
        return
    say("Fetching published schemas")
    command = [pips[0], "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--no-binary", ":all:", "--only-binary", "setuptools", "--require-hashes", "-r", str(lock)]
    shop.run("Fetching the schemas", [*command, "-d", str(kept)])
    shop.note("schemas", stamp)


def compile_catalogues(shop: Workshop) -> None:
    catalogues = sorted((shop.root / "src").glob("**/LC_MESSAGES/*.po"))
    stamp = fingerprint(catalogues)
    if shop.done("catalogues", stamp) and all(path.with_suffix(".mo").exists() for path in catalogues):
        return
    say(f"Compiling {len(catalogues)} catalogues")
    shop.run("Compiling the catalogues", [str(shop.python), str(shop.root / "tools" / "catalogues.py"), "compile"])
    shop.note("catalogues", stamp)


def say(line: str) -> None:
    print("  " + line + " ...", flush=True)


def set_up(root: Path, name: str) -> None:
    """Bring `root` to the state that the lock `name` asks for."""
    shop = Workshop(root)
    make_environment(shop)
    install_packages(shop, name)
    install_front_end(shop)
    if name == "test":
        fetch_schemas(shop)
    compile_catalogues(shop)


def main(arguments: "list[str]") -> int:
    if sys.version_info < NEEDED:
        other = newer_python()
        if other:
            os.execv(other, [other, *sys.argv])  # noqa: S606 -- the same script, read by a newer Python
        print(f"Shuniu needs Python 3.{NEEDED[1]} or newer; this is {sys.version.split()[0]}.", file=sys.stderr)
        return 2
    if len(arguments) != 1 or arguments[0] not in SETS:
        print("Usage: bootstrap.py base|test", file=sys.stderr)
        return 2
    begun = time.monotonic()
    try:
        set_up(ROOT, arguments[0])
    except SetupError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"  Ready after {time.monotonic() - begun:.1f} s.", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Run the checks and the tests, one line each: what passed, what failed, what this machine lacks and how to get it.

    test.py check    what takes seconds
    test.py all      that, then every test on SQLite and, where one can be reached, on PostgreSQL those that the database
                     can make a difference to

With REQUIRE=all in the environment a skip is a failure. The PostgreSQL server is the one named by
SHUNIU_TEST_POSTGRES (postgres://...), else the one of this machine, if it has a role `shuniu` that may create databases.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import psycopg

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
REPORTS = ROOT / "var" / "reports"
POSTGRES = (
    "postgres://shuniu:shuniu@127.0.0.1:{port}/shuniu",
    "postgres://shuniu@/shuniu?host=/var/run/postgresql",
)
HOW_TO_POSTGRES = "apt-get install postgresql, then .ci/run makes the role; or set SHUNIU_TEST_POSTGRES=postgres://..."
SHOWN_LINES = 25
"""Of what a failed check said."""
SKIPPED = 3
"""The exit code by which a check says that the machine lacks something."""


@dataclass(frozen=True, slots=True)
class Step:
    """One check. `mend` is what to type when it fails; by default the check itself, to see all that it says."""

    name: str
    command: list[str]
    mend: str = ""

    @property
    def advice(self) -> str:
        return self.mend or shlex.join(word.removeprefix(f"{ROOT}/") for word in self.command)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a step ended. `verdict` is ok, FAILED or skipped; `told` is what its reader must know."""

    name: str
    verdict: str
    seconds: float = 0.0
    told: str = ""

    def __str__(self) -> str:
        took = f"{self.seconds:6.1f} s" if self.seconds else " " * 8
        return f"{self.verdict:8}{self.name:28}{took}  {self.told}".rstrip()


def program(name: str, *arguments: str) -> list[str]:
    return [str(BIN / name), *arguments]


def templates() -> list[str]:
    tracked = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "src/*.html"]
    listed = subprocess.run(tracked, cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()
    return [name for name in listed if (ROOT / name).exists()] or [str(path) for path in ROOT.glob("src/**/*.html")]


def checks() -> list[Step]:
    return [
        Step("types", program("mypy")),
        Step("format", program("ruff", "format", "--check", "--output-format", "concise", "."), "make fmt"),
        Step("lint", program("ruff", "check", "--quiet", "--output-format", "concise", ".")),
        Step("templates", program("djade", "--check", "--target-version", "5.2", *templates()), "make fmt"),
        Step("contracts between rooms", program("lint-imports", "--no-cache", "--no-logo")),
        Step("catalogues", program("python", "tools/catalogues.py", "check")),
        Step("migrations", program("python", "-m", "django", "makemigrations", "--check", "--dry-run")),
        Step("locks", program("python", "tools/lock.py", "check")),
    ]


def run_check(step: Step) -> Outcome:
    begun = time.monotonic()
    environment = {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PYTHONPATH": str(ROOT),
        "SHUNIU_DATA": str(REPORTS / "data"),
    }
    done = subprocess.run(
        step.command,
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    seconds = time.monotonic() - begun
    if done.returncode == SKIPPED:
        return Outcome(step.name, "skipped", seconds, done.stdout.strip().removeprefix("skipped: "))
    if done.returncode:
        return Outcome(step.name, "FAILED", seconds, "\n" + shortened(done.stdout, step.advice))
    return Outcome(step.name, "ok", seconds)


def shortened(output: str, advice: str) -> str:
    """The first lines of `output`, and what to type then."""
    lines = output.rstrip().splitlines()
    rest = [f"... and {len(lines) - SHOWN_LINES} more lines"] if len(lines) > SHOWN_LINES else []
    return "\n".join([*lines[:SHOWN_LINES], *rest, f"To go on: {advice}"])


def postgres() -> str | None:
    """The address of a PostgreSQL server where tests may create their databases."""
    named = os.environ.get("SHUNIU_TEST_POSTGRES")
    port = os.environ.get("PGPORT", "5432")
    addresses = [named] if named else [address.format(port=port) for address in POSTGRES]
    return next(filter(may_create, addresses), None)


def may_create(address: str) -> bool:
    try:
        with psycopg.connect(address, connect_timeout=3) as connection:
            row = connection.execute(
                "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
    except psycopg.Error:
        return False
    return bool(row and row[0])


def run_tests(name: str, database: str, *wanted: str) -> Outcome:
    """All tests, or those `wanted`, on one database. Their output is shown as it comes."""
    report = REPORTS / f"{name}.xml"
    report.parent.mkdir(parents=True, exist_ok=True)
    print(f"\nTests on {name}", flush=True)
    begun = time.monotonic()
    code = subprocess.call(
        program(
            "python",
            "-m",
            "pytest",
            "-n",
            "2",
            "--dist",
            "worksteal",
            "--quiet",
            "--tb=short",
            f"--junitxml={report}",
            *wanted,
        ),
        cwd=ROOT,
        env={**os.environ, "SHUNIU_DATABASE": database},
    )
    return Outcome(f"tests on {name}", "FAILED" if code else "ok", time.monotonic() - begun)


def skips(report: Path) -> dict[str, str]:
    """The tests of a run, and why each was skipped; empty where it was not."""
    found: dict[str, str] = {}
    for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314 -- pytest wrote it
        why = [one.get("message", "") for one in case.findall("skipped") if one.get("type") == "pytest.skip"]
        found[f"{case.get('classname')}::{case.get('name')}"] = "".join(why)
    return found


def skipped_everywhere(reports: list[Path]) -> Iterator[Outcome]:
    """One outcome for each reason why some tests ran on no database at all."""
    runs = [skips(report) for report in reports if report.exists()]
    ran = {name for run in runs for name, why in run.items() if not why}
    skipped = {name: why for run in reversed(runs) for name, why in run.items() if name not in ran}
    for reason in sorted(set(skipped.values())):
        count = sum(why == reason for why in skipped.values())
        yield Outcome(f"{count} test{'s' if count > 1 else ''}", "skipped", told=reason)


def all_tests() -> Iterator[Outcome]:
    shutil.rmtree(REPORTS, ignore_errors=True)
    yield run_tests("SQLite", f"sqlite:///{REPORTS / 'test.sqlite3'}")
    address = postgres()
    if address:
        yield run_tests("PostgreSQL", address, "-m", "not one_database")
    else:
        yield Outcome("tests on PostgreSQL", "skipped", told=f"no server can be reached: {HOW_TO_POSTGRES}")
    yield from skipped_everywhere(sorted(REPORTS.glob("*.xml")))


def outcomes(wanted: str) -> Iterator[Outcome]:
    with ThreadPoolExecutor(max_workers=2) as pool:
        yield from pool.map(run_check, checks())
    if wanted == "all":
        yield from all_tests()


def conclude(outcomes: Iterable[Outcome], *, all_required: bool) -> int:
    """Tell each outcome as it comes; 1 if one of them must not be."""
    bad = {"FAILED", "skipped"} if all_required else {"FAILED"}
    wanting = []
    for outcome in outcomes:
        print(outcome, flush=True)
        if outcome.verdict in bad:
            wanting.append(outcome.name)
    if wanting:
        print(f"\nNot done: {', '.join(wanting)}.", flush=True)
    return 1 if wanting else 0


def main(arguments: list[str]) -> int:
    if arguments not in (["check"], ["all"]):
        print(__doc__, file=sys.stderr)
        return 2
    return conclude(outcomes(arguments[0]), all_required=os.environ.get("REQUIRE") == "all")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The runner behind `make check` and `make test`."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tools import test as runner
from tools.test import Outcome, Step


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


@pytest.mark.parametrize(
    ("code", "verdict", "told"),
    [
        ("print('much')", "ok", ""),
        ("print('skipped: no xgettext (apt-get install gettext)'); raise SystemExit(3)", "skipped", "no xgettext"),
        ("print('line 7 is wrong'); raise SystemExit(1)", "FAILED", "line 7 is wrong\nTo go on: make fmt"),
    ],
)
def test_a_check_ends_as_its_exit_code_says(code: str, verdict: str, told: str) -> None:
    outcome = runner.run_check(Step("words", python(code), "make fmt"))

    assert outcome.verdict == verdict
    assert outcome.told.strip().startswith(told)
    assert outcome.seconds > 0


def test_a_long_complaint_is_cut_and_says_how_to_see_the_rest() -> None:
    step = Step("words", python("print(*range(1000), sep='\\n'); raise SystemExit(1)"))

    told = runner.run_check(step).told.strip().splitlines()

    assert told[:3] == ["0", "1", "2"]
    assert told[-2] == f"... and {1000 - runner.SHOWN_LINES} more lines"
    assert told[-1].startswith("To go on: ")
    assert len(told) == runner.SHOWN_LINES + 2


def test_checks_leave_the_data_of_this_copy_alone() -> None:
    outcome = runner.run_check(
        Step("words", python("import os; print(os.environ['SHUNIU_DATA']); raise SystemExit(1)"))
    )

    assert outcome.told.strip().splitlines()[0] == str(runner.ROOT / "var/reports/data")


def report(path: Path, **cases: str | None) -> Path:
    """What pytest reports of tests that were run (None) or skipped for a reason."""
    lines = [
        f'<testcase classname="tests.x" name="{name}">'
        + (f'<skipped type="pytest.skip" message="{reason}" />' if reason else "")
        + "</testcase>"
        for name, reason in cases.items()
    ]
    path.write_text(f"<testsuites><testsuite>{''.join(lines)}</testsuite></testsuites>")
    return path


def test_a_test_that_ran_on_one_database_was_not_skipped(tmp_path: Path) -> None:
    first = report(tmp_path / "a.xml", one="SQLite only", two="no Chromium", three="no Chromium", four=None)
    second = report(tmp_path / "b.xml", one=None, two="no Chromium", three="no Chromium", four="PostgreSQL only")

    assert list(runner.skipped_everywhere([first, second])) == [Outcome("2 tests", "skipped", told="no Chromium")]


def test_what_only_one_run_was_to_do_and_skipped_is_told(tmp_path: Path) -> None:
    first = report(tmp_path / "a.xml", one=None, journey="no Chromium")
    second = report(tmp_path / "b.xml", one=None)

    assert list(runner.skipped_everywhere([first, second])) == [Outcome("1 test", "skipped", told="no Chromium")]


def test_an_expected_failure_is_no_skip(tmp_path: Path) -> None:
    path = report(tmp_path / "a.xml", one="later")
    path.write_text(path.read_text().replace("pytest.skip", "pytest.xfail"))

    assert list(runner.skipped_everywhere([path])) == []


def test_runs_without_a_report_skip_nothing(tmp_path: Path) -> None:
    assert list(runner.skipped_everywhere([tmp_path / "none.xml"])) == []


@pytest.mark.parametrize(("all_required", "code"), [(False, 0), (True, 1)])
def test_a_skip_is_a_failure_where_all_is_required(
    capsys: pytest.CaptureFixture[str], all_required: bool, code: int
) -> None:
    outcomes = [Outcome("lint", "ok", 0.4), Outcome("tests on PostgreSQL", "skipped", told="no server")]

    assert runner.conclude(outcomes, all_required=all_required) == code
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == [
        "ok      lint                           0.4 s",
        "skipped tests on PostgreSQL                   no server",
    ]
    assert lines[2:] == (["", "Not done: tests on PostgreSQL."] if code else [])


def test_an_unreachable_server_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHUNIU_TEST_POSTGRES", "postgres://nobody:{wrong}@127.0.0.1:1/none")

    assert runner.postgres() is None

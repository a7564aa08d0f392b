"""What the console command says: help that helps, and one sentence when something is wrong."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from shuniu import cli

ROOT = Path(__file__).resolve().parents[2]
WORDS = [command.name for command in cli.COMMANDS]


def shuniu(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a shell would."""
    code = "import sys; from shuniu.cli import main; sys.exit(main())"
    return subprocess.run(
        [sys.executable, "-c", code, *words],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT / "src"), **environment},
    )


def told(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Exit code, output and error output of the command, run in this process."""
    try:
        code = cli.main(words)
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else -1
    out, err = capsys.readouterr()
    return code, out, err


def test_help_lists_every_command_of_the_house(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = told(capsys, "--help")

    listed = [line.split()[0] for line in out.split("COMMAND\n")[1].splitlines() if line.startswith("    ")]
    assert code == 0
    assert listed == [*WORDS, "manage"]
    assert {"serve", "worker", "demo", "import", "export", "verify", "backup", "restore", "urls", "bench"} == set(WORDS)


@pytest.mark.parametrize("word", WORDS)
def test_help_of_each_command_says_what_it_does_and_gives_an_example(
    capsys: pytest.CaptureFixture[str], word: str
) -> None:
    code, out, _ = told(capsys, word, "--help")

    about, _, examples = out.partition("examples:\n")
    assert code == 0
    assert about.split("\n\n")[1].rstrip().endswith(".")
    assert all(line.startswith(f"  shuniu {word}") for line in examples.splitlines())
    assert len(examples.splitlines()) >= 1
    assert max(map(len, out.splitlines())) <= 100


def test_every_example_in_the_help_can_be_parsed() -> None:
    for command in cli.COMMANDS:
        for example in command.examples:
            words = example.split(" > ")[0].split()[1:]
            assert cli.parse(words).run is command.run


def test_help_needs_no_settings_and_no_time() -> None:
    begun = time.monotonic()

    done = shuniu("serve", "--help", DJANGO_SETTINGS_MODULE="no.such.settings")

    assert (done.returncode, done.stderr) == (0, "")
    assert time.monotonic() - begun < 2


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], "shuniu: the following arguments are required: COMMAND; see `shuniu --help`."),
        (
            ["serve", "--port", "99999"],
            "shuniu serve: argument --port: '99999' is not a port between 0 and 65535; see `shuniu serve --help`.",
        ),
        (
            ["serve", "--workers", "0"],
            "shuniu serve: argument --workers: '0' is not a whole number above 0; see `shuniu serve --help`.",
        ),
        (
            ["import", "members", "m.xlsx"],
            "shuniu import: the following arguments are required: --as; see `shuniu import --help`.",
        ),
    ],
)
def test_words_that_make_no_sense_get_one_sentence(
    capsys: pytest.CaptureFixture[str], words: list[str], sentence: str
) -> None:
    assert told(capsys, *words) == (2, "", sentence + "\n")


def test_an_unknown_bench_is_answered_with_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = told(capsys, "bench", "cellar")

    assert code == 2
    assert err.startswith("shuniu: There is no bench 'cellar'; there is ")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        (
            {"SHUNIU_DATABASE": "mysql://root@db/union"},
            "shuniu: SHUNIU_DATABASE must start with sqlite:/// or postgres://, not mysql://\n",
        ),
        ({"SHUNIU_KEYS": "/proc/1/no"}, "shuniu: No such file or directory: /proc/1/no\n"),
        ({"DJANGO_SETTINGS_MODULE": "no.such"}, "shuniu: ModuleNotFoundError: No module named 'no'\n"),
    ],
)
def test_settings_that_cannot_be_used_get_one_sentence(
    tmp_path: Path, environment: dict[str, str], sentence: str
) -> None:
    done = shuniu("verify", **{"SHUNIU_DATA": str(tmp_path), **environment})

    assert (done.returncode, done.stdout, done.stderr) == (2, "", sentence)


def test_an_unreachable_database_gets_one_sentence(tmp_path: Path) -> None:
    done = shuniu("verify", SHUNIU_DATA=str(tmp_path), SHUNIU_DATABASE="sqlite:////proc/none.sqlite3")

    assert (done.returncode, done.stderr) == (2, "shuniu: The database cannot be used: unable to open database file\n")


def test_an_empty_database_is_answered_with_what_to_run(tmp_path: Path) -> None:
    done = shuniu("serve", "--port", "0", SHUNIU_DATA=str(tmp_path / "var"))

    assert done.returncode == 2
    assert done.stderr.startswith("shuniu: The database is ")
    assert done.stderr.endswith(" migrations behind; run `shuniu manage migrate` first.\n")


def test_debug_keeps_the_traceback(tmp_path: Path) -> None:
    done = shuniu("verify", SHUNIU_DATA=str(tmp_path), SHUNIU_DATABASE="mysql://db/union", SHUNIU_DEBUG="1")

    assert "Traceback" in done.stderr


def test_manage_hands_everything_to_django(tmp_path: Path) -> None:
    done = shuniu("manage", "showmigrations", "--plan", "kernel", SHUNIU_DATA=str(tmp_path / "var"))

    assert done.returncode == 0
    assert "kernel.0001_initial" in done.stdout


def test_a_reader_who_has_seen_enough_is_no_error(tmp_path: Path) -> None:
    code = "import sys; from shuniu.cli import main; sys.exit(main())"
    command = f"{sys.executable} -c '{code}' urls --json | head -1"

    done = subprocess.run(
        ["/bin/sh", "-c", command],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT / "src"), "SHUNIU_DATA": str(tmp_path)},
    )

    assert (done.stdout, done.stderr) == ("[\n", "")

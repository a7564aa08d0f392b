"""The console command `shuniu`.

Django is set up by the commands that need it, so that help is there at once. Whatever goes wrong becomes one sentence
and exit code 2; with SHUNIU_DEBUG=1 it stays a traceback.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import tempfile
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

ROOMS = Path(__file__).resolve().parent
FAILED = 2
DEFAULT_PORT = 8000
TELLING = {"CommandError", "ImproperlyConfigured", "ValueError"}
"""Errors whose message is a sentence by itself."""


class UsageError(Exception):
    """The command cannot be done as it was typed, or not yet; the message says why."""


class Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(FAILED, f"{self.prog}: {message}; see `{self.prog} --help`.\n")


Option = tuple[tuple[str, ...], dict[str, Any]]


def option(*names: str, **settings: Any) -> Option:
    return names, settings


@dataclass(frozen=True, slots=True)
class Command:
    """One word after `shuniu`."""

    name: str
    run: Callable[[argparse.Namespace], int]
    summary: str
    about: str
    examples: tuple[str, ...]
    options: tuple[Option, ...] = ()


def set_up() -> None:
    """Load the settings and the rooms."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shuniu.config.settings")
    import django

    django.setup()


def waiting_migrations() -> int:
    """How many migrations the database is behind the code."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def set_up_on_migrated() -> None:
    """Load the rooms and make sure that the database fits them.

    Raises:
        UsageError: the database is behind the code.
    """
    set_up()
    waiting = waiting_migrations()
    if waiting:
        behind = counted(waiting, "migration")
        raise UsageError(f"The database is {behind} behind; run `shuniu manage migrate` first.")


def serve(arguments: argparse.Namespace) -> int:
    set_up_on_migrated()
    from shuniu.kernel import server

    server.serve(
        arguments.host,
        arguments.port,
        workers=arguments.workers,
        with_worker=not arguments.no_worker,
        say=say,
    )
    return 0


def worker(arguments: argparse.Namespace) -> int:
    set_up_on_migrated()
    from shuniu.kernel import server

    command = server.worker_command()
    os.execv(command[0], command)  # noqa: S606 -- becomes the worker, which then gets the signals itself


def demo(arguments: argparse.Namespace) -> int:
    os.environ.setdefault("SHUNIU_DEMO", "1")
    set_up()
    from django.core.management import call_command

    from shuniu.demo.public import load

    if waiting_migrations():
        say("Preparing the database ...")
        call_command("migrate", verbosity=0)
    load(full=arguments.full, report=say)
    return serve(arguments) if arguments.serve else 0


def import_sheet(arguments: argparse.Namespace) -> int:
    set_up_on_migrated()
    from shuniu.kernel.exchange.command import run_import

    return run_import(arguments.sheet, arguments.file, arguments.user)


def export_sheet(arguments: argparse.Namespace) -> int:
    set_up_on_migrated()
    from shuniu.kernel.exchange.command import run_export

    return run_export(arguments.sheet, arguments.user)


def verify(arguments: argparse.Namespace) -> int:
    set_up_on_migrated()
    from shuniu.kernel.checks import registered

    whole = trail_is_whole()
    for check in registered():
        report = check.run()
        say(f"{check.title}: {counted(report.checked, 'row')} checked, {report.wrong:,} wrong.")
        for problem in report.problems:
            say(f"  {problem}")
        whole = whole and not report.wrong
    return 0 if whole else 1


def trail_is_whole() -> bool:
    """Walk the trail and say what was found."""
    from shuniu.kernel import trail

    report = trail.verify_chain()
    if report.broken_at is None:
        say(f"The trail is whole: {counted(report.checked, 'entry', 'entries')}.")
        return True
    found = {
        "altered": "was altered or put in another place",
        "missing": "is missing",
        "cut": "and what followed were cut off",
    }
    say(
        f"The trail is broken: entry {report.broken_at:,} {found[report.problem]}; {report.checked:,} before it are whole."
    )
    return False


def backup(arguments: argparse.Namespace) -> int:
    set_up_on_migrated()
    from django.utils import timezone

    from shuniu.kernel.backup import make_backup

    made = make_backup(arguments.file, now=timezone.now())
    size = arguments.file.stat().st_size / 1e6
    say(f"{arguments.file} holds the database and {counted(len(made.files) - 1, 'stored file')}, {size:,.1f} MB.")
    say("The vault keys are not in it: keep a copy of them elsewhere, or nothing sealed can be read again.")
    return 0


def restore(arguments: argparse.Namespace) -> int:
    set_up()
    from shuniu.kernel.backup import restore_backup

    made = restore_backup(arguments.file, force=arguments.force)
    say(f"Restored the site as of {made.made_at}: the database and {counted(len(made.files) - 1, 'stored file')}.")
    say("Run `shuniu manage migrate`, then `shuniu verify`.")
    return 0


def urls(arguments: argparse.Namespace) -> int:
    set_up()
    from shuniu.kernel.web.routes import routes

    found = list(routes())
    if arguments.json:
        say(json.dumps([asdict(route) for route in found], ensure_ascii=False, indent=1))
        return 0
    for route in found:
        who = "public" if route.public else ", ".join(route.permissions) or "-"
        say(f"{route.path:58} {'/'.join(route.methods) or '-':12} {who:32} {route.name}")
    return 0


def benches() -> list[str]:
    """The rooms that can be measured."""
    return sorted(path.parent.name for path in ROOMS.glob("*/bench.py"))


def bench(arguments: argparse.Namespace) -> int:
    if arguments.name not in benches():
        raise UsageError(f"There is no bench {arguments.name!r}; there is {', '.join(benches()) or 'none yet'}.")
    with tempfile.TemporaryDirectory(prefix="shuniu-bench-") as folder:
        os.environ["SHUNIU_DATA"] = str(Path(folder, "data"))
        os.environ["SHUNIU_DEMO"] = "1"  # the bench signs in without a second factor
        os.environ.pop("SHUNIU_DATABASE", None)
        place_bench(arguments.name, arguments.database)
        set_up()
        for figure in import_module(f"shuniu.{arguments.name}.bench").run(rows=arguments.rows):
            say(json.dumps(figure, ensure_ascii=False))
    return 0


def place_bench(name: str, database: str | None) -> None:
    """Give a bench data, and by default a database, of its own: it fills and empties them."""
    data = Path(os.environ.get("SHUNIU_DATA", "var")).resolve() / "tmp" / f"bench-{name}"
    data.mkdir(parents=True, exist_ok=True)
    os.environ["SHUNIU_DATA"] = str(data)
    os.environ["SHUNIU_DATABASE"] = database or f"sqlite:///{data / 'bench.sqlite3'}"


def manage(arguments: argparse.Namespace) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shuniu.config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["shuniu manage", *arguments.rest])
    return 0


def port_number(text: str) -> int:
    port = int(text) if text.isascii() and text.isdigit() else -1
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port between 0 and 65535")
    return port


def positive(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return number


SERVING = (
    option("--host", default="127.0.0.1", help="address to listen at (default: %(default)s)"),
    option("--port", type=port_number, default=DEFAULT_PORT, help="port to listen at (default: %(default)s)"),
    option("--workers", type=positive, default=2, help="processes of the web server (default: %(default)s)"),
    option("--no-worker", action="store_true", help="do not run the background worker beside it"),
)
AS_USER = option("--as", dest="user", metavar="USER", required=True, help="user name of the account it is done as")

COMMANDS = (
    Command(
        "serve",
        serve,
        "run the site",
        "Run the site: gunicorn with two processes of four threads, and the background worker beside it. Either is "
        "started again when it dies; both are stopped cleanly by Ctrl-C or SIGTERM.",
        ("shuniu serve", "shuniu serve --host 0.0.0.0 --port 80 --workers 4"),
        SERVING,
    ),
    Command(
        "worker",
        worker,
        "run the background worker alone",
        "Run the background worker alone: long imports and other jobs. Wanted only where the site itself is run with "
        "`serve --no-worker`, or to work with several of them.",
        ("shuniu worker",),
    ),
    Command(
        "demo",
        demo,
        "load the demo district into an empty database",
        "Migrate the database and, if it is empty, load a made-up district federation into it; print its accounts "
        "and their passwords. Never do this to a site in use.",
        ("shuniu demo --serve", "shuniu demo --full"),
        (
            option(
                "--full", action="store_true", help="18,303 unions and 550,373 members instead of about 300 and 6,000"
            ),
            option("--serve", action="store_true", help="then run the site"),
            *SERVING,
        ),
    ),
    Command(
        "import",
        import_sheet,
        "import a spreadsheet",
        "Check a spreadsheet and take its good rows in, as the pages do it for the same account. Rows that are wrong "
        "are told and left out, and it ends with 1.",
        ("shuniu import members members.xlsx --as chen",),
        (
            option("sheet", metavar="SHEET", help="what the rows are, e.g. members"),
            option("file", metavar="FILE", type=Path, help="a CSV or XLSX file"),
            AS_USER,
        ),
    ),
    Command(
        "export",
        export_sheet,
        "export a spreadsheet",
        "Write the rows that an account may see as CSV to standard output.",
        ("shuniu export members --as chen > members.csv",),
        (option("sheet", metavar="SHEET", help="what the rows are, e.g. members"), AS_USER),
    ),
    Command(
        "verify",
        verify,
        "check the trail and what is derived",
        "Walk the trail of who did what and check every seal; then hold what is derived, such as periods, standings and "
        "tallies, against what it follows from. Names what is wrong, and ends with 1 if anything is.",
        ("shuniu verify",),
    ),
    Command(
        "backup",
        backup,
        "write the site to one file",
        "Write the database and the stored files to one .tar.gz with a hash of each, while the site runs. The vault "
        "keys are never in it.",
        ("shuniu backup shuniu-2026-11-22.tar.gz",),
        (option("file", metavar="FILE", type=Path, help="the file to make; it must not exist yet"),),
    ),
    Command(
        "restore",
        restore,
        "bring a site back from a backup",
        "Check every hash in a backup, then put its database and stored files in the place of what is here. Stop the "
        "site first, and put the vault keys back before.",
        ("shuniu restore shuniu-2026-11-22.tar.gz",),
        (
            option("file", metavar="FILE", type=Path, help="a file made by `shuniu backup`"),
            option("--force", action="store_true", help="replace the site that is here"),
        ),
    ),
    Command(
        "urls",
        urls,
        "list every URL",
        "List every URL pattern with its methods and the permissions of which any one opens it.",
        ("shuniu urls", "shuniu urls --json"),
        (option("--json", action="store_true", help="as JSON, with the name of the view"),),
    ),
    Command(
        "bench",
        bench,
        "measure a room",
        "Measure a room and print one JSON line for each figure. It works in a database of its own.",
        ("shuniu bench registry", "shuniu bench registry --rows 55000 --database postgres://shuniu@127.0.0.1/bench"),
        (
            option("name", metavar="NAME", help=f"one of: {', '.join(benches()) or 'none yet'}"),
            option("--rows", type=positive, help="members to measure with (default: the room's own)"),
            option("--database", metavar="URL", help="sqlite:///... or postgres://... (default: SQLite)"),
        ),
    ),
)


def parser() -> argparse.ArgumentParser:
    whole = Parser(
        prog="shuniu",
        description="Shuniu 枢纽: software for a trade union that works as a hub.",
        epilog="The environment names the database (SHUNIU_DATABASE), the data directory (SHUNIU_DATA) and the rest; "
        "see docs/operate.",
    )
    words = whole.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in COMMANDS:
        one = words.add_parser(
            command.name,
            help=command.summary,
            description=textwrap.fill(command.about, 78),
            epilog="examples:\n  " + "\n  ".join(command.examples),
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        one.set_defaults(run=command.run)
        for names, settings in command.options:
            one.add_argument(*names, **settings)
    words.add_parser("manage", help="Django's own commands, e.g. shuniu manage migrate", add_help=False)
    return whole


def parse(words: Sequence[str]) -> argparse.Namespace:
    """What `words` ask for. Everything after `manage` is Django's to read, options and all."""
    if words[:1] == ["manage"]:
        return argparse.Namespace(run=manage, rest=list(words[1:]) or ["help"])
    return parser().parse_args(words)


def counted(number: int, one: str, many: str = "") -> str:
    """`number` with its noun: 1 migration, 1,200 migrations."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def say(line: str) -> None:
    print(line, flush=True)


def sentence(error: Exception) -> str:
    """`error` as one line for whoever typed the command."""
    line = next(iter(str(error).strip().splitlines()), "")
    kind = type(error)
    if isinstance(error, OSError) and error.filename:
        return f"{error.strerror}: {error.filename}"
    if kind.__module__ == "django.db.utils":
        return f"The database cannot be used: {line}"
    told = isinstance(error, UsageError) or kind.__module__.startswith("shuniu.") or kind.__name__ in TELLING
    return line if told and line else f"{kind.__name__}: {line}"


def main(words: Sequence[str] | None = None) -> int:
    try:
        arguments = parse(sys.argv[1:] if words is None else words)
        run: Callable[[argparse.Namespace], int] = arguments.run
        return run(arguments)
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    except BrokenPipeError:  # `shuniu urls | head`; what Python still holds for the pipe goes nowhere
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE
    except Exception as error:
        if os.environ.get("SHUNIU_DEBUG"):
            raise
        print(f"shuniu: {sentence(error)}", file=sys.stderr)
        return FAILED


if __name__ == "__main__":
    sys.exit(main())

"""What the commands do on a site that is there."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.utils import translation

from shuniu import cli
from shuniu.kernel import trail
from shuniu.kernel.models import TrailEntry
from shuniu.kernel.scope import Actor
from shuniu.registry.models import Membership
from tests import schema
from tests.cli.test_words import ROOT, shuniu
from tests.registry.making import make_district, make_member

NOW = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def test_urls_as_json_have_one_shape(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["urls", "--json"]) == 0

    found = json.loads(capsys.readouterr().out)
    assert {tuple(route) for route in found} == {("path", "name", "methods", "permissions", "public", "view")}
    assert [route["path"] for route in found if not route["path"].startswith("/")] == []


def test_urls_tell_methods_permissions_and_whether_the_page_is_public(capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["urls", "--json"])

    by_name = {route["name"]: route for route in json.loads(capsys.readouterr().out)}

    assert by_name["portal:home"]["path"] == "/"
    assert by_name["portal:home"]["public"] is True
    users = by_name["accounts:users"]
    assert (users["methods"], users["permissions"], users["public"]) == (["GET", "HEAD"], ["user.view"], False)


def test_urls_as_text_have_one_line_each(capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["urls", "--json"])
    count = len(json.loads(capsys.readouterr().out))
    cli.main(["urls"])

    assert len(capsys.readouterr().out.splitlines()) == count


@pytest.fixture
def three_entries(db: None) -> None:
    actor = Actor.system("测试")
    for number in range(3):
        trail.record("member.admitted", None, actor=actor, now=NOW, detail={"number": number})


@pytest.mark.usefixtures("three_entries")
def test_verify_counts_a_whole_trail(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["verify"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "The trail is whole: 3 entries."
    assert "Tallies equal the memberships: 0 rows checked, 0 wrong." in said


@pytest.mark.usefixtures("three_entries")
def test_verify_names_the_first_altered_entry_and_ends_with_1(capsys: pytest.CaptureFixture[str]) -> None:
    TrailEntry.objects.filter(number__gte=2).update(actor_name="别人")

    assert cli.main(["verify"]) == 1
    assert capsys.readouterr().out.splitlines()[0] == (
        "The trail is broken: entry 2 was altered or put in another place; 1 before it are whole."
    )


@pytest.mark.django_db
def test_verify_names_what_no_longer_follows_and_ends_with_1(capsys: pytest.CaptureFixture[str]) -> None:
    member = make_member(make_district()[1])
    Membership.everything.update(starts_on=date(1999, 1, 1))

    assert cli.main(["verify"]) == 1
    said = capsys.readouterr().out.splitlines()
    assert f"  person {member.pk}: the kept periods are not those that the events give" in said


@pytest.mark.usefixtures("three_entries")
@pytest.mark.parametrize(
    ("number", "told"), [(1, "entry 1 is missing; 0 before"), (3, "entry 3 and what followed were cut off; 2 before")]
)
def test_verify_names_an_entry_that_was_removed(capsys: pytest.CaptureFixture[str], number: int, told: str) -> None:
    TrailEntry.objects.filter(number=number).delete()

    assert cli.main(["verify"]) == 1
    assert told in capsys.readouterr().out


@pytest.mark.django_db(transaction=True)
def test_backup_and_restore_tell_what_they_did(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, settings: Any
) -> None:
    settings.SHUNIU_DATA = tmp_path / "data"
    (tmp_path / "data").mkdir()
    (tmp_path / "data/upload.bin").write_bytes(b"sealed")
    path = str(tmp_path / "site.tar.gz")

    assert cli.main(["backup", path]) == 0
    assert "holds the database and 1 stored file" in capsys.readouterr().out
    (tmp_path / "data/upload.bin").unlink()
    assert cli.main(["restore", path]) == 0

    assert (tmp_path / "data/upload.bin").read_bytes() == b"sealed"
    assert capsys.readouterr().out.splitlines()[0].endswith(": the database and 1 stored file.")


@pytest.mark.django_db(transaction=True)
def test_restore_over_a_site_is_one_sentence(capsys: pytest.CaptureFixture[str], tmp_path: Path, settings: Any) -> None:
    settings.SHUNIU_DATA = tmp_path / "data"
    (tmp_path / "data").mkdir()
    get_user_model()._base_manager.create(username="chen", name="陈晓", password_changed_at=NOW, created_at=NOW)
    cli.main(["backup", str(tmp_path / "site.tar.gz")])
    capsys.readouterr()

    with translation.override("zh-hans"):
        assert cli.main(["restore", str(tmp_path / "site.tar.gz")]) == 2
    assert capsys.readouterr().err == "shuniu: 此处已有站点；加上 --force 才会替换。\n"


def test_restore_from_a_file_that_is_not_there_is_one_sentence(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    missing = tmp_path / "site.tar.gz"

    assert cli.main(["restore", str(missing)]) == 2
    assert capsys.readouterr().err == f"shuniu: No such file or directory: {missing}\n"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """A site that is served in a data directory of its own, and its port."""
    environment = {"SHUNIU_DATA": str(tmp_path / "var"), "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "src")}
    schema.copy_to(tmp_path / "var/shuniu.sqlite3")
    assert shuniu("manage", "migrate", "--verbosity", "0", **environment).returncode == 0
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "shuniu.cli", "serve", "--port", str(port), "--workers", "1"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    yield port, process
    process.kill()
    process.communicate()


def free_port() -> int:
    from shuniu.kernel.server import listen

    with listen("127.0.0.1", 0) as listener:
        return int(listener.getsockname()[1])


def fetch(port: int, path: str, seconds: float = 60) -> str:
    """The body at `path`, waiting for the site to come up."""
    until = time.monotonic() + seconds
    while True:
        try:
            with OPENER.open(f"http://127.0.0.1:{port}{path}", timeout=seconds) as answer:
                return str(answer.read().decode())
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def children(pid: int) -> list[int]:
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return [int(word) for word in listed.stdout.split()]


def test_serve_answers_pages_and_static_files_survives_a_kill_and_stops_cleanly(
    site: tuple[int, subprocess.Popen[str]],
) -> None:
    port, process = site
    page = fetch(port, "/")
    web, worker = children(process.pid)

    sheet = page.split('href="/static/', 1)[1].split('"')[0]
    assert fetch(port, f"/static/{sheet}")
    os.kill(web, signal.SIGKILL)
    assert '<html lang="zh-Hans"' in fetch(port, "/")

    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0
    assert children(process.pid) == []
    assert not Path(f"/proc/{worker}").exists()

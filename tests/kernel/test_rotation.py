"""Renewing the encryption key: everything stays readable, nothing stays under the old key, a stop does no harm."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shuniu.accounts.models import User
from shuniu.kernel import rotation, vault
from shuniu.kernel.models import TrailEntry
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_keys(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.SHUNIU_KEYRING = tmp_path / "vault.json"
    vault.keyring.cache_clear()
    yield
    vault.keyring.cache_clear()


def versions() -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute("select mobile from accounts_user")
        return {bytes(sealed)[0] for (sealed,) in cursor.fetchall() if sealed}


def rotate(*options: str) -> str:
    said = StringIO()
    call_command("rotate_keys", *options, stdout=said)
    return said.getvalue()


def test_everything_is_sealed_by_the_new_key_and_stays_readable() -> None:
    user = make_user(mobile_number="13800001234", second_factor=True)
    secret = user.totp_secret

    said = rotate()

    assert versions() == {2}
    user = User.objects.get(pk=user.pk)
    assert (user.mobile, user.totp_secret) == ("13800001234", secret)
    assert "2 values were sealed anew." in said
    assert TrailEntry.objects.get(verb="keys.rotated").changes["version"] == 2


def test_search_by_the_blind_index_goes_on() -> None:
    user = make_user(mobile_number="13800001234")
    index = bytes(user.mobile_index or b"")

    rotate()

    assert User.objects.get(mobile_index=index) == user


def test_rotation_that_was_stopped_is_resumed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation, "CHUNK", 2)
    for number in range(5):
        make_user(mobile_number=f"1380000000{number}")

    def stop(table: str, seen: int, done: int) -> None:
        raise KeyboardInterrupt

    rotation.new_key()
    with pytest.raises(KeyboardInterrupt):
        rotation.reseal(stop)
    halfway = versions()
    said = rotate("--resume")

    assert (halfway, versions()) == ({1, 2}, {2})
    assert "3 values were sealed anew." in said
    assert len({user.mobile for user in User.objects.all()}) == 5


def test_resuming_when_all_is_done_changes_nothing() -> None:
    make_user(mobile_number="13800001234")
    rotate()

    with CaptureQueriesContext(connection) as queries:
        assert "0 values were sealed anew." in rotate("--resume")
    assert [one["sql"] for one in queries if one["sql"].startswith("UPDATE") and "trail" not in one["sql"]] == []


def test_process_that_knows_the_old_ring_reads_values_of_the_new_key() -> None:
    make_user(mobile_number="13800001234")
    old = vault.keyring()
    rotate()
    vault.keyring.cache_clear()
    path = Path(rotation.settings.SHUNIU_KEYRING)
    new = path.read_text()
    path.write_text(old.to_json())
    assert vault.keyring().current == 1
    path.write_text(new)

    assert User.objects.get().mobile == "13800001234"


def test_every_table_with_sealed_columns_is_visited() -> None:
    names = {table.name.strip('"') for table in rotation.sealed_tables()}

    assert {"accounts_user", "accounts_signin", "registry_person", "registry_organisation"} <= names


def test_keys_run_out_with_a_sentence() -> None:
    ring = vault.keyring()
    path = Path(rotation.settings.SHUNIU_KEYRING)
    vault.save_keyring(path, vault.Keyring(255, {255: ring.keys[1]}, ring.index_key))
    vault.keyring.cache_clear()

    with pytest.raises(CommandError, match="255"):
        rotate()


def test_damaged_value_stops_with_a_sentence() -> None:
    user = make_user(mobile_number="13800001234")
    with connection.cursor() as cursor:
        cursor.execute(
            "update accounts_user set mobile = %s where id = %s",
            [connection.Database.Binary(b"\x01" + b"x" * 40), user.pk],
        )

    with pytest.raises(CommandError, match="does not open"):
        rotate()

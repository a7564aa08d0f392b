"""What is sealed opens with its own field and key only, is found by index, and shows masked."""

from __future__ import annotations

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from shuniu.kernel import vault
from shuniu.registry.models import Person
from tests.factories import Player

NUMBER = "11010519491231002X"


@given(st.text(min_size=1))
def test_sealed_text_opens_again(text: str) -> None:
    text = text.encode("utf-8", "ignore").decode()

    assert vault.unseal(vault.seal(text, "a.B.c"), "a.B.c") == text


def test_the_same_value_is_sealed_differently_each_time() -> None:
    assert vault.seal(NUMBER, "a.B.c") != vault.seal(NUMBER, "a.B.c")


def test_a_value_moved_to_another_field_does_not_open() -> None:
    with pytest.raises(vault.VaultError):
        vault.unseal(vault.seal(NUMBER, "registry.Person.id_number"), "registry.Person.mobile")


@pytest.mark.parametrize("position", [0, 5, 20, -1])
def test_an_altered_byte_is_noticed(position: int) -> None:
    sealed = bytearray(vault.seal(NUMBER, "a.B.c"))
    sealed[position] ^= 1

    with pytest.raises(vault.VaultError):
        vault.unseal(bytes(sealed), "a.B.c")


def test_indexes_of_two_purposes_cannot_be_joined() -> None:
    assert vault.blind_index(NUMBER, "person.id_number") == vault.blind_index(NUMBER, "person.id_number")
    assert vault.blind_index(NUMBER, "person.id_number") != vault.blind_index(NUMBER, "person.mobile")


def test_what_an_old_key_sealed_stays_readable_after_rotation() -> None:
    ring = vault.Keyring.fresh()
    turned = vault.Keyring.from_json(ring.rotated().to_json())

    assert turned.keys[ring.current] == ring.keys[1]
    assert turned.current == 2
    assert turned.index_key == ring.index_key


@pytest.mark.parametrize(
    ("mask", "value", "shown"),
    [
        (vault.mask_mobile, "13800001234", "138****1234"),
        (vault.mask_id_number, NUMBER, "110*************2X"),
        (vault.mask_account, "6222021234567890123", "***************0123"),
        (vault.mask_mobile, "110", "***"),
        (vault.mask_name, "王晓明", "王*明"),
        (vault.mask_name, "王明", "王*"),
        (vault.mask_name, "", ""),
    ],
)
def test_masks_keep_the_length_and_hide_short_values(mask: object, value: str, shown: str) -> None:
    assert callable(mask)
    assert mask(value) == shown


def test_the_database_holds_no_number_in_clear(bob: Player) -> None:
    assert bob.person is not None
    Person.everything.filter(pk=bob.person.pk).update(id_number=NUMBER, mobile="13800001234")

    with connection.cursor() as cursor:
        cursor.execute("SELECT id_number, mobile FROM registry_person WHERE id = %s", [bob.person.pk])
        id_number, mobile = (bytes(value) for value in cursor.fetchone())

    assert NUMBER.encode() not in id_number
    assert b"13800001234" not in mobile
    assert Person.everything.get(pk=bob.person.pk).id_number == NUMBER


def test_a_sealed_field_cannot_be_filtered_by() -> None:
    with pytest.raises(Exception, match="Unsupported lookup"):
        Person.everything.filter(id_number=NUMBER)

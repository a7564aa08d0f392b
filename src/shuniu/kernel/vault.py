"""Personal numbers and confidential text: encrypted field by field, found by keyed hash, shown masked.

A sealed value is `version byte | 12-byte nonce | AES-256-GCM ciphertext`, bound to the name of its field, so that a
value copied into another column does not open. The keys lie in a directory outside the database and outside backups.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models

NONCE = 12
INDEX_BYTES = 16


class VaultError(RuntimeError):
    """A sealed value cannot be opened: wrong key, wrong field, or altered bytes."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """Encryption keys by version, the version that seals today, and the key of blind indexes and chains."""

    current: int
    keys: dict[int, bytes]
    index_key: bytes

    @classmethod
    def fresh(cls) -> Keyring:
        return cls(1, {1: secrets.token_bytes(32)}, secrets.token_bytes(32))

    def rotated(self) -> Keyring:
        """The ring with a new current key. Old values stay readable; `shuniu manage rotate_keys` seals them anew."""
        version = max(self.keys) + 1
        return Keyring(version, {**self.keys, version: secrets.token_bytes(32)}, self.index_key)

    def to_json(self) -> str:
        keys = {str(version): b64encode(key).decode() for version, key in self.keys.items()}
        return json.dumps({"current": self.current, "keys": keys, "index": b64encode(self.index_key).decode()})

    @classmethod
    def from_json(cls, text: str) -> Keyring:
        data = json.loads(text)
        keys = {int(version): b64decode(key) for version, key in data["keys"].items()}
        return cls(data["current"], keys, b64decode(data["index"]))


def load_keyring(path: Path) -> Keyring:
    """The keyring at `path`, made on first use and readable by its owner only."""
    try:
        return Keyring.from_json(path.read_text())
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        ring = Keyring.fresh()
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:  # another process was first
            return Keyring.from_json(path.read_text())
        with os.fdopen(descriptor, "w") as file:
            file.write(ring.to_json())
        return ring


def save_keyring(path: Path, ring: Keyring) -> None:
    """Replace the keyring at once: a crash leaves the old one or the new one."""
    beside = path.with_suffix(".new")
    beside.write_text(ring.to_json())
    beside.chmod(0o600)
    beside.replace(path)


@cache
def keyring() -> Keyring:
    return load_keyring(Path(settings.SHUNIU_KEYRING))


def sealer(context: str) -> Callable[[str], bytes]:
    """A fast function that seals many values of one field."""
    ring = keyring()
    encrypt = AESGCM(ring.keys[ring.current]).encrypt
    version, bound, random = bytes([ring.current]), context.encode(), os.urandom

    def seal_one(value: str) -> bytes:
        nonce = random(NONCE)
        return version + nonce + encrypt(nonce, value.encode(), bound)

    return seal_one


def seal(value: str, context: str) -> bytes:
    """Encrypt `value` for the field named by `context`."""
    return sealer(context)(value)


def unseal(sealed: bytes, context: str) -> str:
    """Decrypt what `seal` made for the same field.

    Raises:
        VaultError: the key version is unknown, the field is another, or a byte was changed.
    """
    key = _key(sealed[0]) if sealed else None
    if key is None:
        raise VaultError("unknown key version")
    try:
        opened = AESGCM(key).decrypt(sealed[1 : 1 + NONCE], sealed[1 + NONCE :], context.encode())
    except InvalidTag as error:
        raise VaultError("the sealed value does not open") from error
    return opened.decode()


def _key(version: int) -> bytes | None:
    if version not in keyring().keys:
        keyring.cache_clear()  # another process has made a new key since this one read the ring
    return keyring().keys.get(version)


def file_key() -> tuple[int, bytes]:
    """The current version and a key for stored files, derived so that it opens no field."""
    ring = keyring()
    return ring.current, derived_key("file", ring.current)


def derived_key(purpose: str, version: int | None = None) -> bytes:
    """A 32-byte key for one purpose, from the index key or from one version of the encryption key."""
    ring = keyring()
    base = ring.index_key if version is None else ring.keys[version]
    return hmac.digest(base, b"shuniu:" + purpose.encode(), hashlib.sha256)


def indexer(purpose: str) -> Callable[[str], bytes]:
    """A fast function giving the 16-byte keyed hash (BLAKE2b as a MAC) of many values of one purpose."""
    key, blake = derived_key("index:" + purpose), hashlib.blake2b

    def index_one(value: str) -> bytes:
        return blake(value.encode(), digest_size=INDEX_BYTES, key=key).digest()

    return index_one


def blind_index(value: str, purpose: str) -> bytes:
    """What finds a sealed value again without opening it. The same value of another purpose has another index."""
    return indexer(purpose)(value)


def _mask(value: str, front: int, back: int) -> str:
    if len(value) <= front + back:
        return "*" * len(value)
    return value[:front] + "*" * (len(value) - front - back) + value[len(value) - back :]


def mask_mobile(value: str) -> str:
    """`13800001234` as `138****1234`."""
    return _mask(value, 3, 4)


def mask_id_number(value: str) -> str:
    """First three and last two characters; the length is kept."""
    return _mask(value, 3, 2)


def mask_account(value: str) -> str:
    """The last four characters of a bank account."""
    return _mask(value, 0, 4)


def mask_email(value: str) -> str:
    """`lin.xiaohe@example.cn` as `l***e@example.cn`: enough to know one's own again."""
    name, at, host = value.partition("@")
    return f"{name[:1]}***{name[-1:] if len(name) > 2 else ''}{at}{host}" if value else ""


def mask_name(value: str) -> str:
    """`王晓明` as `王*明`, `王明` as `王*`."""
    return _mask(value, 1, 1) if len(value) > 2 else value[:1] + "*" * (len(value) - 1)


class EncryptedField(models.Field):  # type: ignore[type-arg]  # not generic at run time
    """Text that is encrypted in the database. Python sees the clear text; it cannot be searched, only `blind_index`ed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["editable"] = False
        kwargs["blank"] = True
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:  # noqa: FBT001, FBT002 -- Django's signature
        super().contribute_to_class(cls, name, private_only)
        self.context = f"{cls._meta.app_label}.{cls._meta.object_name}.{name}"

    def get_internal_type(self) -> str:
        return "BinaryField"

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:  # noqa: FBT001, FBT002 -- Django's signature
        return connection.Database.Binary(seal(value, self.context) if value else b"")

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str:
        sealed = bytes(value or b"")
        return unseal(sealed, self.context) if sealed else ""

    def get_lookup(self, lookup_name: str) -> Any:
        """None: what is encrypted with a fresh nonce each time equals nothing. Search by the blind index."""
        return None


class BlindIndexField(models.BinaryField):  # type: ignore[type-arg]
    """Sixteen bytes of keyed hash beside an `EncryptedField`; empty values are NULL so that they never collide."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("null", True)
        kwargs.setdefault("max_length", INDEX_BYTES)
        super().__init__(*args, **kwargs)

    def get_prep_value(self, value: Any) -> Any:
        return value or None

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> bytes | None:
        return None if value is None else bytes(value)

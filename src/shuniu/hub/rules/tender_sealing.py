"""Sealed bids: what is encrypted for whom, so that no one of clerk, operator and committee member can read a bid alone.

Each member of the opening committee holds an opening code that is kept nowhere; a key pair follows from it. The
tender has a key pair of its own, whose private key is made once, split among the members (Shamir, `needed` of them put
it together again) and forgotten. A bid is encrypted with a fresh key; that key is wrapped with a secret that needs the
tender's private key and, besides, a second half that the site hands out from the opening hour on only.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY = 32
NONCE = 12
LETTERS: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Letters and digits that are not taken for one another when written by hand."""
GROUPS, GROUP = 6, 4
"""24 of 31 letters: 118 bits, so that trying out codes against a stolen database is hopeless."""
WORK = {"n": 2**12, "r": 8, "p": 1}
"""Scrypt on top of a code that cannot be guessed anyway."""


class SealError(Exception):
    """Something sealed does not open: wrong key, or altered bytes."""


def new_code() -> str:
    """An opening code, in groups to be written down."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(GROUP)) for _ in range(GROUPS))


def tidy_code(text: str) -> str:
    """A code as somebody types it, without hyphens and blanks, in capitals."""
    return "".join(letter for letter in text.upper() if letter in LETTERS)


def key_of_code(code: str, salt: bytes) -> X25519PrivateKey:
    """The member's private key."""
    secret = hashlib.scrypt(tidy_code(code).encode(), salt=salt, dklen=KEY, **WORK)
    return X25519PrivateKey.from_private_bytes(secret)


def public_bytes(key: X25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()


def seal_for(public: bytes, secret: bytes, context: str, half: bytes = b"") -> bytes:
    """Encrypt `secret` so that only the private key to `public`, together with `half`, opens it for this `context`."""
    mine = X25519PrivateKey.generate()
    shared = mine.exchange(X25519PublicKey.from_public_bytes(public))
    nonce = secrets.token_bytes(NONCE)
    sealed = AESGCM(_wrapping_key(shared + half, context)).encrypt(nonce, secret, context.encode())
    return public_bytes(mine) + nonce + sealed


def open_with(private: X25519PrivateKey, sealed: bytes, context: str, half: bytes = b"") -> bytes:
    """What `seal_for` sealed.

    Raises:
        SealError: another key, another half, another context, or altered bytes.
    """
    try:
        shared = private.exchange(X25519PublicKey.from_public_bytes(sealed[:KEY]))
        nonce, body = sealed[KEY : KEY + NONCE], sealed[KEY + NONCE :]
        return AESGCM(_wrapping_key(shared + half, context)).decrypt(nonce, body, context.encode())
    except (InvalidTag, ValueError) as error:
        raise SealError("the sealed value does not open") from error


def _wrapping_key(secret: bytes, context: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY, salt=None, info=b"shuniu:tender:" + context.encode()).derive(secret)


@dataclass(frozen=True, slots=True)
class SealedBid:
    """A bid as it lies in the database: the content under its own key, and that key under the tender's."""

    key: bytes
    content: bytes

    @property
    def digest(self) -> str:
        """What the receipt shows: whoever has it can tell later whether a byte was changed."""
        return digest_of(self.key, self.content)


def digest_of(key: bytes, content: bytes) -> str:
    """SHA-256 of a sealed bid, in hexadecimal."""
    return hashlib.sha256(len(key).to_bytes(4, "big") + key + content).hexdigest()


def seal_bid(content: bytes, *, public: bytes, half: bytes, context: str) -> SealedBid:
    """Seal a bid for the opening. `context` binds it to its tender and its bidder."""
    key, nonce = secrets.token_bytes(KEY), secrets.token_bytes(NONCE)
    sealed = nonce + AESGCM(key).encrypt(nonce, content, context.encode())
    return SealedBid(seal_for(public, key, context, half), sealed)


def bid_key(sealed: bytes, *, private: X25519PrivateKey, half: bytes, context: str) -> bytes:
    """The key of one bid, once the private key of the tender is put together. Raises SealError."""
    return open_with(private, sealed, context, half)


def open_bid(content: bytes, key: bytes, context: str) -> bytes:
    """The content of a bid. Raises SealError."""
    try:
        return AESGCM(key).decrypt(content[:NONCE], content[NONCE:], context.encode())
    except (InvalidTag, ValueError) as error:
        raise SealError("the bid does not open") from error


@dataclass(frozen=True, slots=True)
class TenderKey:
    """The key pair of a tender, its private half already in shares, one for each member, numbered from 1."""

    public: bytes
    half: bytes
    shares: tuple[bytes, ...]


def new_tender_key(members: int, needed: int) -> TenderKey:
    """Make the key of a tender for `members` of whom `needed` open it. The private key is forgotten on return."""
    private = X25519PrivateKey.generate()
    shares = split(private.private_bytes_raw(), members, needed)
    return TenderKey(public_bytes(private), secrets.token_bytes(KEY), shares)


def rebuilt_key(shares: Mapping[int, bytes], public: bytes) -> X25519PrivateKey:
    """The private key of the tender from the shares of enough members.

    Raises:
        SealError: too few shares, or a false one among them.
    """
    try:
        private = X25519PrivateKey.from_private_bytes(combine(shares))
    except ValueError as error:
        raise SealError("the shares do not make a key") from error
    if public_bytes(private) != public:
        raise SealError("the shares do not make this tender's key")
    return private


# Shamir's scheme, byte by byte, over GF(256) with the polynomial of AES.

_EXP = [1] * 510
for _place in range(1, 255):
    _last = _EXP[_place - 1]
    _double = (_last << 1) ^ (0x11B if _last & 0x80 else 0)
    _EXP[_place] = _double ^ _last
_EXP[255:] = _EXP[:255]
_LOG = {value: place for place, value in enumerate(_EXP[:255])}


def _times(a: int, b: int) -> int:
    return _EXP[_LOG[a] + _LOG[b]] if a and b else 0


def _over(a: int, b: int) -> int:
    return _EXP[_LOG[a] - _LOG[b] + 255] if a else 0


def split(secret: bytes, members: int, needed: int) -> tuple[bytes, ...]:
    """Shares of `secret` for members 1 to `members`; fewer than `needed` of them tell nothing about it."""
    if not 1 <= needed <= members <= 255:
        raise ValueError("between 1 and 255 members, and no more needed than there are")
    curves = [[byte, *secrets.token_bytes(needed - 1)] for byte in secret]
    return tuple(bytes(_value(curve, member) for curve in curves) for member in range(1, members + 1))


def _value(curve: Sequence[int], at: int) -> int:
    value = 0
    for coefficient in reversed(curve):
        value = _times(value, at) ^ coefficient
    return value


def combine(shares: Mapping[int, bytes]) -> bytes:
    """The secret from shares by member number. Too few, or a false one, give other bytes."""
    weights = {member: _weight(member, shares) for member in shares}
    size = min((len(share) for share in shares.values()), default=0)
    return bytes(
        _sum(_times(share[place], weights[member]) for member, share in shares.items()) for place in range(size)
    )


def _weight(member: int, shares: Mapping[int, bytes]) -> int:
    weight = 1
    for other in shares:
        if other != member:
            weight = _times(weight, _over(other, other ^ member))
    return weight


def _sum(values: object) -> int:
    total = 0
    for value in values:  # type: ignore[attr-defined]
        total ^= value
    return total

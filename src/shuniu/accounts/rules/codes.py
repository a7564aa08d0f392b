"""One-time codes by the clock (RFC 6238) and printed recovery codes."""

from __future__ import annotations

import secrets
from base64 import b32encode
from datetime import datetime

import pyotp

from shuniu.kernel.text import normal

ISSUER = "Shuniu"
STEP = 30
"""Seconds that one code holds, as every authenticator app has it."""
WINDOW = (0, -1, 1)
"""Steps before and after the present one that count too: clocks go wrong."""
DIGITS = 6


def new_secret() -> str:
    return pyotp.random_base32()


def enrolment_address(secret: str, account: str) -> str:
    """What the QR code says to an authenticator app."""
    return pyotp.TOTP(secret, digits=DIGITS, interval=STEP).provisioning_uri(name=account, issuer_name=ISSUER)


def matching_step(secret: str, code: str, *, at: datetime, after: int) -> int | None:
    """The number of the 30-second step whose code this is, later than step `after`; None where no step matches."""
    digits = "".join(normal(code).split())
    now = int(at.timestamp()) // STEP
    device = pyotp.TOTP(secret, digits=DIGITS, interval=STEP)
    matches = [
        now + shift
        for shift in WINDOW
        if secrets.compare_digest(device.generate_otp(now + shift).encode(), digits.encode())
    ]
    return next((step for step in matches if step > after), None)


def new_recovery_code() -> str:
    """Ten letters and digits in two groups, 50 bits of chance: `k3vq7-d2hjm`."""
    text = b32encode(secrets.token_bytes(7)).decode().lower()
    return f"{text[:5]}-{text[5:10]}"


def tidy_recovery_code(typed: str) -> str:
    """As it was printed, however it was typed."""
    text = "".join(c for c in normal(typed).lower() if c.isalnum())
    return f"{text[:5]}-{text[5:]}"


def looks_like_code(typed: str) -> bool:
    """Whether it is digits of an app rather than a printed code."""
    digits = "".join(normal(typed).split())
    return len(digits) == DIGITS and digits.isdigit()

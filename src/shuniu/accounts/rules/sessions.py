"""How long a session lasts, and what must be done before anything else."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from shuniu.accounts.enums import Ending, Step
from shuniu.accounts.rules.roles import Catalogue, SessionLimits, SignInLimits

SEEN_EVERY = timedelta(minutes=1)
"""How coarsely the moment a session was last used is kept."""

BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrom", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
    ("Mac OS", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


def ending(limits: SessionLimits, *, started: datetime, seen: datetime, now: datetime) -> Ending | None:
    """Why a session is over at `now`; None while it lasts. The limit itself is still inside."""
    if now - started > limits.absolute:
        return Ending.TOO_OLD
    if now - seen > limits.idle:
        return Ending.IDLE
    return None


def password_is_old(limits: SessionLimits, *, changed_at: datetime, now: datetime) -> bool:
    """Whether the password has been in use for longer than it may be."""
    return limits.password_age is not None and now - changed_at > limits.password_age


def one_time_password_is_over(limits: SignInLimits, *, must_change: bool, changed_at: datetime, now: datetime) -> bool:
    """Whether a password given by somebody else was left unused for too long."""
    return must_change and now - changed_at > limits.one_time_password


def next_step(catalogue: Catalogue, roles: Iterable[str], *, stale_password: bool, has_second_factor: bool) -> Step:
    """What a signed-in person must do before anything else."""
    if stale_password:
        return Step.PASSWORD
    if not has_second_factor and catalogue.needs_second_factor(roles):
        return Step.SECOND_FACTOR
    return Step.NONE


def browser_summary(user_agent: str) -> str:
    """`Chrome · Windows`, enough to know one's own devices by; empty where nothing is recognised."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    return " · ".join(part for part in (browser, system) if part)

"""The kinds of notices that rosters, bookings and counselling send."""

from __future__ import annotations

from typing import Final

BOOKING: Final = "desk.booking"
DUTY: Final = "desk.duty"
CRISIS: Final = "desk.crisis"

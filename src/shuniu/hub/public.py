"""What other rooms use of the hub."""

from __future__ import annotations

from shuniu.hub.models import Conflict, Duty, Professional, Provider, ProviderStaff

__all__ = ["Conflict", "Duty", "Professional", "Provider", "ProviderStaff"]

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings


@pytest.fixture(scope="session", autouse=True)
def static_root() -> None:
    """WhiteNoise wants its directory to be there, be it empty."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)

"""The cast: the same people in every room's tests. Charlie never sees what is Alice's."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from tests.factories import NOW, TODAY, Cast, Player, make_cast


@pytest.fixture
def now() -> datetime:
    """A Thursday morning in Shanghai, for whatever is told the time."""
    return NOW


@pytest.fixture
def today() -> date:
    return TODAY


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def alice(cast: Cast) -> Player:
    """Chair of her union."""
    return cast.alice


@pytest.fixture
def bob(cast: Cast) -> Player:
    """Member of Alice's union."""
    return cast.bob


@pytest.fixture
def charlie(cast: Cast) -> Player:
    """Chair of another union in another town."""
    return cast.charlie


@pytest.fixture
def dana(cast: Cast) -> Player:
    """Cadre of the district."""
    return cast.dana


@pytest.fixture
def erin(cast: Cast) -> Player:
    """Nobody we know."""
    return cast.erin


@pytest.fixture
def operator(cast: Cast) -> Player:
    """Site operator."""
    return cast.operator


@pytest.fixture
def security(cast: Cast) -> Player:
    """Security officer."""
    return cast.security


@pytest.fixture
def audit(cast: Cast) -> Player:
    """Audit officer."""
    return cast.audit

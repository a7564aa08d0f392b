"""Labels of choices for lists: looked up once a language and not once a row."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.db.models import Choices
from django.utils.translation import get_language


def label(choices: type[Choices], value: Any) -> str:
    """What a stored value is called; nothing for no value."""
    return _label(choices, value, get_language()) if value else ""


@lru_cache(maxsize=1024)
def _label(choices: type[Choices], value: Any, language: str | None) -> str:
    return str(choices(value).label)

"""How values are written on pages, in the reader's language."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, gettext

from shuniu.kernel.money import format_yuan

DASH = "—"
"""What stands where there is no value."""


def is_chinese() -> bool:
    return (get_language() or "zh").startswith("zh")


def date_text(day: date | None) -> str:
    """2026年3月5日 in Chinese, 5 Mar 2026 in English; the open end of a period and no day at all are a dash."""
    if day is None or day.year == date.max.year:
        return DASH
    day = timezone.localtime(day).date() if isinstance(day, datetime) and timezone.is_aware(day) else day
    return f"{day.year}年{day.month}月{day.day}日" if is_chinese() else f"{day.day} {day:%b} {day.year}"


def month_text(day: date) -> str:
    """2026年3月 in Chinese, Mar 2026 in English."""
    return f"{day.year}年{day.month}月" if is_chinese() else f"{day:%b} {day.year}"


def moment_text(moment: datetime | None) -> str:
    """A day and its time to the minute, in the site's time zone."""
    if moment is None:
        return DASH
    local = timezone.localtime(moment) if timezone.is_aware(moment) else moment
    return f"{date_text(local.date())} {local:%H:%M}"


def thousands(number: float | None) -> str:
    return DASH if number is None else f"{number:,}"


def money(fen: int | None) -> str:
    """Yuan with two places, from fen."""
    return DASH if fen is None else format_yuan(fen)


def percent(numerator: int | None, denominator: int | None, places: int = 1) -> str:
    """A share rounded half up in whole numbers, without floats; a dash where there is no base."""
    if numerator is None or not denominator:
        return DASH
    scale = 10**places
    tenths = (numerator * 200 * scale + denominator) // (2 * denominator)
    return f"{tenths / scale:.{places}f}%"


def text(value: Any) -> str:
    """Any plain value: days, moments, whole numbers and yes or no in their own way, no value as a dash."""
    match value:
        case None | "":
            return DASH
        case datetime():
            return moment_text(value)
        case date():
            return date_text(value)
        case bool():
            return gettext("Yes") if value else gettext("No")
        case int():
            return thousands(value)
        case _:
            return str(value)

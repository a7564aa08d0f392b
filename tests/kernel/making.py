"""Rows of the kernel for tests."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from shuniu.kernel.notices import Kind, notify, register_kind
from shuniu.kernel.notices.models import Notice

KIND = "test.told"
register_kind(Kind(KIND, "试验通知", order=999))


def make_notice(
    user_id: int, title: str = "您有新的事项", *, url: str = "/help/", now: datetime | None = None
) -> Notice:
    """The account is told something of the kind `KIND`."""
    notify([user_id], kind=KIND, title=title, text="请尽快办理。", url=url, now=now or timezone.now())
    return Notice.everything.filter(user_id=user_id).latest("pk")

"""`notify`: a room tells people something, inside the transaction of the action that made it so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise

from shuniu.kernel.notices.kinds import kind_of
from shuniu.kernel.notices.models import Notice

LONGEST_TITLE, LONGEST_TEXT = 200, 500
Text = str | Promise


def notify(
    user_ids: Iterable[int | None],
    *,
    kind: str,
    title: Text,
    text: Text = "",
    url: str = "",
    values: Mapping[str, Any] | None = None,
    now: datetime,
) -> None:
    """Tell accounts something, each once. It stands in the site when the caller's transaction is committed, and a
    background worker sends it out by the channels that each reader wants.

    Nothing confidential belongs in it: of a case of a confidential line, the number only.

    Args:
        user_ids: the accounts; None among them is passed over, so that `case.handler_id` can be given as it is.
        kind: a registered kind.
        title, text: lazy sentences; kept in the site's language. Fields in braces are filled from `values`.
        url: a path of this site, where the reader goes on.

    Raises:
        ValueError: the kind is not registered, or `url` is no path of this site.
    """
    if kind_of(kind) is None:
        raise ValueError(f"No room has registered the kind {kind!r}.")
    if url and (not url.startswith("/") or url[:2] in {"//", "/\\"}):
        raise ValueError(f"{url!r} is no path of this site.")
    with translation.override(settings.LANGUAGE_CODE):
        said, more = (_written(words, values) for words in (title, text))
    readers = sorted({user_id for user_id in user_ids if user_id is not None})
    Notice.everything.bulk_create(
        Notice(user_id=reader, kind=kind, title=said[:LONGEST_TITLE], text=more[:LONGEST_TEXT], url=url, created_at=now)
        for reader in readers
    )


def _written(words: Text, values: Mapping[str, Any] | None) -> str:
    """One line: titles become subjects of mails."""
    text = str(words)
    return " ".join((text.format(**values) if values is not None else text).split())

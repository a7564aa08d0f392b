"""The object that each page of `voice` is asked about in the access matrix; see `tests.architecture.objects`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shuniu.voice.enums import CommentState
from tests.factories import Cast
from tests.voice.making import make_invitation, make_ratings


def _invitation(cast: Cast) -> dict[str, Any]:
    return {"pk": make_invitation(cast.union, cast.bob.person)[0].pk}


def _link(cast: Cast) -> dict[str, Any]:
    return {"token": make_invitation(cast.union)[1].rstrip("/").rpartition("/")[2]}


def _comment(cast: Cast) -> dict[str, Any]:
    return {"pk": make_ratings(cast.union, 3, comment="等了很久", comment_state=CommentState.WAITING)[0].pk}


BY_PAGE: dict[str, Callable[[Cast], dict[str, Any]]] = {
    "voice:rate": _link,
    "voice:rate_own": _invitation,
    "voice:comment": _comment,
}
BY_PARAMETER: dict[str, Callable[[Cast], Any]] = {}

"""Where sessions are kept: in Django's table, read by a query that was put into SQL once (`SESSION_ENGINE`)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from shuniu.kernel.prepared import Prepared

OPEN = Prepared(lambda key, now: Session.objects.filter(session_key=key, expire_date__gt=now), key=str, now=datetime)


class SessionStore(DatabaseStore):
    """A session as it stands in the database now: one that was ended is over at the next request."""

    def _get_session_from_db(self) -> Any:
        found = OPEN.instance(key=self.session_key, now=timezone.now()) if self.session_key else None
        if found is None:
            self._session_key = None
        return found

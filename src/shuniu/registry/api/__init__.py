"""The JSON door of the registry, mounted at /api/: the queries of the pages, for programs.

Who asks is known before a request comes here: by the session, or by `Authorization: Bearer <token>`, whose permissions
are no more than those chosen for the token. Everything is read-only.
"""

from __future__ import annotations

from shuniu.registry.api.door import api

__all__ = ["api"]

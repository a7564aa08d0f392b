"""The JSON door of the registry, mounted at /api/: the queries of the pages, for programs.

Who asks is known before a request comes here: by the session, or by `Authorization: Bearer <token>`, whose permissions
are no more than those chosen for the token. The registry is read-only; other rooms add routers of their own.
"""

from __future__ import annotations

from shuniu.registry.api.door import api, elsewhere

__all__ = ["api", "elsewhere"]

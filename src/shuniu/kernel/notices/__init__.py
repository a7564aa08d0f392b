"""Notices: what the site tells people, inside it and by the channels they chose. Rooms import from here.

notify([user_id], kind="desk.assigned", title=_("Case {number} was given to you"), values={"number": case.number},
       url=reverse("desk:case", args=[case.pk]), now=now)
"""

from __future__ import annotations

from shuniu.kernel.notices.kinds import Kind, register_addresses, register_gateway, register_kind
from shuniu.kernel.notices.telling import notify

__all__ = ["Kind", "notify", "register_addresses", "register_gateway", "register_kind"]

"""What other rooms use of this one: asking for ratings, and what the ratings say.

invited = invite(Subject("desk.case", case.pk), Service(...), person=case.filer, actor=actor, now=now)
found = result(Of(providers=[firm.pk], start=first, end=after), on=today)       # found.mean, found.share, found.n
"""

from __future__ import annotations

from shuniu.voice.actions.invitations import Invited, invite
from shuniu.voice.models import Invitation, Rating
from shuniu.voice.models.invitations import link_index
from shuniu.voice.models.ratings import unordered_key
from shuniu.voice.queries.invitations import is_rated, open_invitations
from shuniu.voice.queries.results import (
    Group,
    Of,
    Quote,
    quotes,
    result,
    results_by,
    stars_between,
    stars_by,
)
from shuniu.voice.rules.figures import Interval, Result, held_back, wilson
from shuniu.voice.rules.services import Service, Subject

__all__ = [
    "Group",
    "Interval",
    "Invitation",
    "Invited",
    "Of",
    "Quote",
    "Rating",
    "Result",
    "Service",
    "Subject",
    "held_back",
    "invite",
    "is_rated",
    "link_index",
    "open_invitations",
    "quotes",
    "result",
    "results_by",
    "stars_between",
    "stars_by",
    "unordered_key",
    "wilson",
]

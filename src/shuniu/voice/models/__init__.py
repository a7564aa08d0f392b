from shuniu.voice.models.invitations import Invitation
from shuniu.voice.models.ratings import Rating

__all__ = ["Invitation", "Rating"]

"""What other rooms and the command line use of accounts."""

from shuniu.accounts.actions.grants import GrantError, grant_role
from shuniu.accounts.actions.users import AccountError, OpenedAccount, create_user, open_account
from shuniu.accounts.models import User
from shuniu.accounts.queries.actors import NOBODY, actor_for, actor_for_token, holders
from shuniu.accounts.queries.users import find_user
from shuniu.accounts.rules.roles import Catalogue, Role, catalogue, role

__all__ = [
    "NOBODY",
    "AccountError",
    "Catalogue",
    "GrantError",
    "OpenedAccount",
    "Role",
    "User",
    "actor_for",
    "actor_for_token",
    "catalogue",
    "create_user",
    "find_user",
    "grant_role",
    "holders",
    "open_account",
    "role",
]

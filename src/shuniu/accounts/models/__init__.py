"""The tables of accounts, by noun."""

from shuniu.accounts.models.grants import RoleGrant
from shuniu.accounts.models.sign_ins import SignIn
from shuniu.accounts.models.tokens import ApiToken
from shuniu.accounts.models.users import RecoveryCode, User

__all__ = ["ApiToken", "RecoveryCode", "RoleGrant", "SignIn", "User"]

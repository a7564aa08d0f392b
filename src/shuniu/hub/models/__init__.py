from shuniu.hub.models.duties import Duty
from shuniu.hub.models.providers import Conflict, Professional, Provider, ProviderStaff

__all__ = ["Conflict", "Duty", "Professional", "Provider", "ProviderStaff"]

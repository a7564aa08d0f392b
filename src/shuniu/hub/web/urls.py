"""The pages of this room, noun by noun."""

from __future__ import annotations

from shuniu.hub.web import (
    urls_agreements,
    urls_duties,
    urls_providers,
    urls_tenders,
)

app_name = "hub"

urlpatterns = [
    *urls_duties.urlpatterns,
    *urls_providers.urlpatterns,
    *urls_tenders.urlpatterns,
    *urls_agreements.urlpatterns,
]

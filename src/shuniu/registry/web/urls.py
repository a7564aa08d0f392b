"""The pages of the registry, noun by noun."""

from __future__ import annotations

from shuniu.registry.web import (
    urls_employers,
    urls_leads,
    urls_organisations,
    urls_organising,
    urls_overview,
    urls_people,
    urls_returns,
)

app_name = "registry"

urlpatterns = [
    *urls_overview.urlpatterns,
    *urls_people.urlpatterns,
    *urls_employers.urlpatterns,
    *urls_organisations.urlpatterns,
    *urls_leads.urlpatterns,
    *urls_organising.urlpatterns,
    *urls_returns.urlpatterns,
]

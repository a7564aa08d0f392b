"""The pages of the registry, noun by noun."""

from __future__ import annotations

from shuniu.registry.web import urls_leads, urls_organising

app_name = "registry"

urlpatterns = [
    *urls_leads.urlpatterns,
    *urls_organising.urlpatterns,
]

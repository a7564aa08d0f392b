"""The pages of this room, noun by noun."""

from __future__ import annotations

from shuniu.desk.web import (
    urls_bookings,
    urls_cases,
    urls_lines,
    urls_mediation,
    urls_repairs,
    urls_rosters,
)

app_name = "desk"

urlpatterns = [
    *urls_lines.urlpatterns,
    *urls_cases.urlpatterns,
    *urls_rosters.urlpatterns,
    *urls_bookings.urlpatterns,
    *urls_mediation.urlpatterns,
    *urls_repairs.urlpatterns,
]

from __future__ import annotations

from django.urls import path

from shuniu.registry.web import views_organisations as views
from shuniu.registry.web import views_restructuring as changes

urlpatterns = [
    path("organisations/", views.organisations, name="organisations"),
    path("organisations/export/", views.organisations_export, name="organisations_export"),
    path("organisations/export.csv", views.organisations_export_csv, name="organisations_export_csv"),
    path("organisations/suggest/", views.organisations_suggest, name="organisations_suggest"),
    path("organisations/new/", changes.organisation_new, name="organisation_new"),
    path("organisations/<int:pk>/", views.organisation, name="organisation"),
    path("organisations/<int:pk>/below/", views.organisation_below, name="organisation_below"),
    path("organisations/<int:pk>/edit/", changes.organisation_edit, name="organisation_edit"),
    path("organisations/<int:pk>/move/", changes.organisation_move, name="organisation_move"),
    path("organisations/<int:pk>/merge/", changes.organisation_merge, name="organisation_merge"),
    path("organisations/<int:pk>/split/", changes.organisation_split, name="organisation_split"),
    path("organisations/<int:pk>/dissolve/", changes.organisation_dissolve, name="organisation_dissolve"),
    path("organisations/<int:pk>/guidance/", changes.organisation_guidance, name="organisation_guidance"),
    path("organisations/<int:pk>/cover/", changes.organisation_cover, name="organisation_cover"),
    path("organisations/<int:pk>/term/", changes.term_new, name="term_new"),
    path("organisations/<int:pk>/term/correct/", changes.term_correct, name="term_correct"),
    path("organisations/<int:pk>/term/end/", changes.term_end, name="term_end"),
    path("coverage/<int:pk>/end/", changes.coverage_end, name="coverage_end"),
]

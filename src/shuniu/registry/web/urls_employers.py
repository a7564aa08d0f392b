from __future__ import annotations

from django.urls import path

from shuniu.registry.web import views_employers as views

urlpatterns = [
    path("employers/", views.employers, name="employers"),
    path("employers/export/", views.employers_export, name="employers_export"),
    path("employers/export.csv", views.employers_export_csv, name="employers_export_csv"),
    path("employers/suggest/", views.employers_suggest, name="employers_suggest"),
    path("employers/new/", views.employer_new, name="employer_new"),
    path("employers/<int:pk>/", views.employer, name="employer"),
    path("employers/<int:pk>/edit/", views.employer_edit, name="employer_edit"),
    path("employers/<int:pk>/close/", views.employer_close, name="employer_close"),
]

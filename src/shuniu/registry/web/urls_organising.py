from __future__ import annotations

from django.urls import path

from shuniu.registry.web import views_organising as views

urlpatterns = [
    path("organising/", views.my_organising, name="my_organising"),
    path("organising/coverage/", views.coverage, name="organising_coverage"),
    path("organising/gaps/", views.gaps, name="organising_gaps"),
    path("organising/gaps/export/", views.gaps_export, name="organising_gaps_export"),
    path("organising/funnel/", views.funnel, name="organising_funnel"),
    path("organising/allowances/", views.allowances, name="allowances"),
    path("organising/allowances/export/", views.allowances_export, name="allowances_export"),
    path("organising/territories/new/", views.territory_new, name="territory_new"),
    path("organising/territories/<int:pk>/end/", views.territory_end, name="territory_end"),
]

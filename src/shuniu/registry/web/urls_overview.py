from __future__ import annotations

from django.urls import path

from shuniu.registry.web import views_elections as elections
from shuniu.registry.web import views_overview as views

urlpatterns = [
    path("", views.home, name="home"),
    path("groups/", views.groups, name="groups"),
    path("areas/", views.areas, name="areas"),
    path("areas/new/", views.area_new, name="area_new"),
    path("areas/<int:pk>/edit/", views.area_edit, name="area_edit"),
    path("elections/", elections.due, name="elections"),
    path("elections/export/", elections.due_export, name="elections_export"),
]

from __future__ import annotations

from django.urls import path

from shuniu.portal.web import views, views_directory

app_name = "portal"

urlpatterns = [
    path("", views.home, name="home"),
    path("help/", views.help_page, name="help"),
    path("services/", views_directory.services, name="services"),
    path("services/data/services.json", views_directory.services_data, name="services_data"),
    path("services/data/providers.json", views_directory.providers_data, name="providers_data"),
    path("services/duty/", views_directory.duty, name="duty"),
    path("services/providers/", views_directory.providers, name="providers"),
    path("services/providers/<int:pk>/", views_directory.provider, name="provider"),
    path("services/<slug:key>/", views_directory.service, name="service"),
]

from __future__ import annotations

from django.urls import path

from shuniu.portal.web import views

app_name = "portal"

urlpatterns = [
    path("", views.home, name="home"),
    path("help/", views.help_page, name="help"),
]

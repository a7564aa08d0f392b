from __future__ import annotations

from django.urls import path

from shuniu.desk.web import views_statutory

urlpatterns = [
    path("limits/", views_statutory.limits, name="limits"),
]

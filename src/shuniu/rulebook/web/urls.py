from __future__ import annotations

from django.urls import path

from shuniu.rulebook.web import views

app_name = "rulebook"

urlpatterns = [
    path("", views.rules, name="rules"),
    path("own/<int:pk>/end/", views.end_own, name="end_own"),
    path("<str:rule_id>/", views.rule, name="rule"),
    path("<str:rule_id>/own/", views.set_own, name="set_own"),
]

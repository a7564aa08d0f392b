from __future__ import annotations

from django.urls import path

from shuniu.registry.web import views_returns as views

urlpatterns = [
    path("returns/", views.returns, name="returns"),
    path("returns/<int:pk>/", views.annual, name="annual_return"),
    path("returns/<int:pk>/checks/", views.checks, name="annual_return_checks"),
    path("returns/<int:pk>/workbook/", views.workbook, name="annual_return_workbook"),
    path("returns/<int:pk>/form/", views.form_block, name="annual_return_form"),
]

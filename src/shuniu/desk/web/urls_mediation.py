from __future__ import annotations

from django.urls import path

from shuniu.desk.web import views_mediation as views
from shuniu.desk.web import views_statutory

urlpatterns = [
    path("limits/", views_statutory.limits, name="limits"),
    path("mediations/", views.mediations, name="mediations"),
    path("mediations/figures/", views.mediation_figures, name="mediation_figures"),
    path("mediations/<int:pk>/enter/<slug:what>/", views.mediation_enter, name="mediation_enter"),
    path("mediations/<int:pk>/papers/<slug:paper>.<slug:form>", views.mediation_paper, name="mediation_paper"),
]

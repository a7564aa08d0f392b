from __future__ import annotations

from django.urls import path

from shuniu.registry.web import views_leads as views

urlpatterns = [
    path("leads/", views.leads, name="leads"),
    path("leads/export/", views.leads_export, name="leads_export"),
    path("leads/new/", views.lead_new, name="lead_new"),
    path("leads/new/employer/", views.lead_new_employer, name="lead_new_employer"),
    path("leads/new/<int:employer>/", views.lead_open, name="lead_open"),
    path("leads/<int:pk>/", views.lead, name="lead"),
    path("leads/<int:pk>/step/<slug:step>/", views.lead_step, name="lead_step"),
    path("leads/<int:pk>/approve/", views.lead_approve, name="lead_approve"),
    path("leads/<int:pk>/found/", views.lead_found, name="lead_found"),
    path("leads/<int:pk>/join/", views.lead_join, name="lead_join"),
    path("leads/<int:pk>/note/", views.lead_note, name="lead_note"),
    path("leads/<int:pk>/assign/", views.lead_assign, name="lead_assign"),
    path("leads/<int:pk>/members/", views.lead_members, name="lead_members"),
    path("leads/<int:pk>/settle/", views.lead_settle, name="lead_settle"),
]

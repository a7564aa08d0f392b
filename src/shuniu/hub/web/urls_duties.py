from __future__ import annotations

from django.urls import path

from shuniu.hub.web import views_duties as views

urlpatterns = [
    path("duties/", views.duties, name="duties"),
    path("duties/export/", views.duties_export, name="duties_export"),
    path("duties/catalogue.pdf", views.duties_pdf, name="duties_pdf"),
    path("duties/catalogue.docx", views.duties_docx, name="duties_docx"),
    path("duties/take/", views.duties_take, name="duties_take"),
    path("duties/new/", views.duty_new, name="duty_new"),
    path("duties/<int:pk>/", views.duty, name="duty"),
    path("duties/<int:pk>/edit/", views.duty_edit, name="duty_edit"),
    path("duties/<int:pk>/decide/", views.duty_decide, name="duty_decide"),
]

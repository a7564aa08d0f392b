"""Addresses of the imports."""

from django.urls import path

from shuniu.kernel.exchange.web import views, views_upload

app_name = "exchange"
urlpatterns = [
    path("", views_upload.imports, name="imports"),
    path("new/<slug:key>/", views_upload.upload, name="upload"),
    path("new/<slug:key>/template/", views_upload.template, name="template"),
    path("<int:pk>/", views.batch, name="batch"),
    path("<int:pk>/columns/", views.columns, name="columns"),
    path("<int:pk>/table/", views.table, name="table"),
    path("<int:pk>/check/", views.check, name="check"),
    path("<int:pk>/apply/", views.apply, name="apply"),
    path("<int:pk>/undo/", views.undo, name="undo"),
    path("<int:pk>/cancel/", views.cancel, name="cancel"),
    path("<int:pk>/errors/", views.errors, name="errors"),
]

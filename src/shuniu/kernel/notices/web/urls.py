"""Addresses of the notices."""

from django.urls import path

from shuniu.kernel.notices.web import views

app_name = "notices"
urlpatterns = [
    path("", views.notices, name="list"),
    path("read/", views.read_all, name="read_all"),
    path("channels/", views.channels, name="channels"),
    path("troubled/", views.troubled, name="troubled"),
    path("<int:pk>/", views.open_notice, name="open"),
]

from __future__ import annotations

from django.urls import path

from shuniu.kernel.web import views

app_name = "kernel"

urlpatterns = [
    path("search/", views.search, name="search"),
    path("language/", views.set_language, name="language"),
    path("text-size/", views.set_text_size, name="text_size"),
]

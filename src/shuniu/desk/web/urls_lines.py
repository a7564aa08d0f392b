from __future__ import annotations

from django.urls import URLPattern, path

from shuniu.desk.web import views_lines as views

urlpatterns: list[URLPattern] = [
    path("lines/", views.lines, name="lines"),
    path("lines/new/", views.line_new, name="line_new"),
    path("lines/new/<slug:template>/", views.line_new_from, name="line_new_from"),
    path("lines/<int:pk>/", views.line, name="line"),
    path("lines/<int:pk>/edit/", views.line_edit, name="line_edit"),
    path("lines/<int:pk>/preview/", views.line_preview, name="line_preview"),
    path("lines/<int:pk>/draft/<slug:what>/", views.line_publish, name="line_publish"),
    path("lines/<int:pk>/part/<slug:part>/<int:index>/", views.line_part, name="line_part"),
    path("lines/<int:pk>/part/<slug:part>/<int:index>/<slug:turn>/", views.line_part_turn, name="line_part_turn"),
    path("lines/<int:pk>/staff/", views.line_staff_new, name="line_staff_new"),
    path("lines/<int:pk>/staff/<int:staff>/end/", views.line_staff_end, name="line_staff_end"),
    path("lines/<int:pk>/text/", views.line_text, name="line_text_new"),
    path("lines/<int:pk>/text/<int:text>/", views.line_text, name="line_text"),
]

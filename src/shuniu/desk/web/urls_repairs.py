from __future__ import annotations

from django.urls import path

from shuniu.desk.web import views_rating
from shuniu.desk.web import views_repairs as views

urlpatterns = [
    path("cases/<int:pk>/rating-link/", views_rating.case_rating_link, name="case_rating_link"),
    path("repairs/", views.repairs, name="repairs"),
    path("repairs/jobs/", views.repair_jobs, name="repair_jobs"),
    path("repairs/figures/", views.repair_figures, name="repair_figures"),
    path("repairs/board/", views.repair_board, name="repair_board"),
    path("repairs/<int:pk>/tap/<slug:move>/", views.repair_tap, name="repair_tap"),
    path("repairs/<int:pk>/send/", views.repair_send, name="repair_send"),
    path("repairs/<int:pk>/material/", views.repair_material, name="repair_material"),
    path("repairs/<int:pk>/material/<int:line>/remove/", views.repair_material_remove, name="repair_material_remove"),
    path("repairs/<int:pk>/labour/", views.repair_labour, name="repair_labour"),
    path("repairs/<int:pk>/call/", views.repair_call, name="repair_call"),
    path("repairs/<int:pk>/order.<slug:form>", views.repair_paper, name="repair_paper"),
]

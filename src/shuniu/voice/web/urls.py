from __future__ import annotations

from django.urls import path

from shuniu.voice.web import views_rate, views_results

app_name = "voice"

urlpatterns = [
    path("", views_results.results, name="results"),
    path("comments/", views_results.comments, name="comments"),
    path("comments/<int:pk>/", views_results.comment, name="comment"),
    path("rate/mine/<int:pk>/", views_rate.rate_own, name="rate_own"),
    path("rate/thanks/", views_rate.rated, name="rated"),
    path("rate/<str:token>/", views_rate.rate, name="rate"),
]

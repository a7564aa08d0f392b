from __future__ import annotations

from django.urls import path

from shuniu.hub.web import views_apply, views_papers, views_providers

urlpatterns = [
    path("providers/", views_providers.providers, name="providers"),
    path("providers/export/", views_providers.providers_export, name="providers_export"),
    path("providers/new/", views_providers.provider_new, name="provider_new"),
    path("providers/mine/", views_providers.provider_mine, name="provider_mine"),
    path("providers/apply/", views_apply.apply, name="apply"),
    path("providers/applied/", views_apply.applied, name="applied"),
    path("providers/application/", views_apply.application, name="application"),
    path("providers/<int:pk>/", views_providers.provider, name="provider"),
    path("providers/<int:pk>/step/<slug:move>/", views_providers.provider_move, name="provider_move"),
    path("providers/<int:pk>/check/<slug:item>/", views_providers.provider_check, name="provider_check"),
    path("providers/<int:pk>/papers/new/", views_papers.paper_new, name="paper_new"),
    path("providers/<int:pk>/people/new/", views_papers.professional_new, name="professional_new"),
    path("providers/<int:pk>/conflicts/new/", views_papers.conflict_new, name="conflict_new"),
    path("providers/<int:pk>/accounts/new/", views_papers.account_link, name="account_link"),
    path("providers/<int:pk>/accounts/<int:staff>/end/", views_papers.account_unlink, name="account_unlink"),
    path("papers/<int:pk>/file/", views_papers.paper_file, name="paper_file"),
    path("papers/<int:pk>/check/", views_papers.paper_check, name="paper_check"),
    path("conflicts/<int:pk>/end/", views_papers.conflict_end, name="conflict_end"),
    path("people/mine/", views_papers.professional_mine, name="professional_mine"),
    path("people/<int:pk>/", views_papers.professional, name="professional"),
    path("people/<int:pk>/papers/new/", views_papers.professional_paper_new, name="professional_paper_new"),
    path("people/<int:pk>/admit/", views_papers.professional_admit, name="professional_admit"),
    path("people/<int:pk>/retire/", views_papers.professional_retire, name="professional_retire"),
    path("people/<int:pk>/absences/new/", views_papers.absence_new, name="absence_new"),
    path("people/<int:pk>/account/", views_papers.professional_link, name="professional_link"),
]

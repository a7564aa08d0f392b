from __future__ import annotations

from django.urls import path

from shuniu.registry.web import views_members, views_officers, views_own, views_people, views_transfers

urlpatterns = [
    path("members/", views_members.members, name="members"),
    path("members/find/", views_members.members_find, name="members_find"),
    path("members/suggest/", views_members.people_suggest, name="people_suggest"),
    path("members/new/", views_members.member_new, name="member_new"),
    path("members/export/", views_members.members_export, name="members_export"),
    path("members/tag/", views_members.members_tag, name="members_tag"),
    path("members/confirm/", views_members.members_confirm, name="members_confirm"),
    path("members/<int:pk>/", views_people.person, name="person"),
    path("members/<int:pk>/edit/", views_people.person_edit, name="person_edit"),
    path("members/<int:pk>/confirm/", views_people.person_confirm, name="person_confirm"),
    path("members/<int:pk>/step/<slug:move>/", views_people.person_step, name="person_step"),
    path("members/<int:pk>/reveal/<slug:field>/", views_people.person_reveal, name="person_reveal"),
    path("members/<int:pk>/transfer/", views_people.transfer_new, name="transfer_new"),
    path("members/<int:pk>/post/", views_officers.post_new, name="post_new"),
    path("members/<int:pk>/qualification/", views_officers.qualification_new, name="qualification_new"),
    path("members/<int:pk>/study/", views_officers.study_new, name="study_new"),
    path("transfers/", views_transfers.transfers, name="transfers"),
    path("transfers/suggest/", views_transfers.destinations_suggest, name="destinations_suggest"),
    path("transfers/<int:pk>/", views_transfers.transfer, name="transfer"),
    path("transfers/<int:pk>/<slug:move>/", views_transfers.transfer_move, name="transfer_move"),
    path("officers/", views_officers.officers, name="officers"),
    path("officers/export/", views_officers.officers_export, name="officers_export"),
    path("officers/new/", views_officers.officer_new, name="officer_new"),
    path("officers/<int:pk>/", views_officers.post, name="post"),
    path("officers/<int:pk>/end/", views_officers.post_end, name="post_end"),
    path("qualifications/", views_officers.qualifications, name="qualifications"),
    path("qualifications/<int:pk>/", views_officers.qualification, name="qualification"),
    path("studies/", views_officers.studies, name="studies"),
    path("studies/totals/", views_officers.study_totals, name="study_totals"),
    path("studies/<int:pk>/", views_officers.study, name="study"),
    path("me/", views_own.me, name="me"),
    path("me/consent/", views_own.me_consent, name="me_consent"),
]

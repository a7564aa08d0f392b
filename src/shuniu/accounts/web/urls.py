from __future__ import annotations

from django.urls import path

from shuniu.accounts.web import views_grants, views_own, views_session, views_trail, views_users

app_name = "accounts"

urlpatterns = [
    path("", views_own.home, name="home"),
    path("sign-in/", views_session.sign_in, name="sign_in"),
    path("sign-in/code/", views_session.second_factor, name="second_factor"),
    path("sign-out/logout", views_session.sign_out, name="sign_out"),
    path("password/", views_own.password, name="password"),
    path("email/", views_own.email, name="email"),
    path("second-factor/", views_own.set_up_second_factor, name="set_up_second_factor"),
    path("second-factor/codes/", views_own.recovery_codes, name="recovery_codes"),
    path("sessions/", views_own.sessions, name="sessions"),
    path("sessions/others/end/", views_own.sessions_end_others, name="sessions_end_others"),
    path("sessions/<int:pk>/end/", views_own.session_end, name="session_end"),
    path("tokens/", views_own.tokens, name="tokens"),
    path("tokens/new/", views_own.token_new, name="token_new"),
    path("tokens/<int:pk>/revoke/", views_own.token_revoke, name="token_revoke"),
    path("users/", views_users.users_list, name="users"),
    path("users/new/", views_users.user_new, name="user_new"),
    path("users/<int:pk>/", views_users.user, name="user"),
    path("users/<int:pk>/edit/", views_users.user_edit, name="user_edit"),
    path("users/<int:pk>/disable/", views_users.user_disable, name="user_disable"),
    path("users/<int:pk>/enable/", views_users.user_enable, name="user_enable"),
    path("users/<int:pk>/reset/", views_users.user_reset, name="user_reset"),
    path("users/<int:pk>/second-factor/reset/", views_users.user_reset_factor, name="user_reset_factor"),
    path("roles/", views_grants.roles, name="roles"),
    path("grants/", views_grants.grants, name="grants"),
    path("grants/new/", views_grants.grant_new, name="grant_new"),
    path("grants/<int:pk>/", views_grants.grant, name="grant"),
    path("grants/<int:pk>/approve/", views_grants.grant_approve, name="grant_approve"),
    path("grants/<int:pk>/refuse/", views_grants.grant_refuse, name="grant_refuse"),
    path("grants/<int:pk>/withdraw/", views_grants.grant_withdraw, name="grant_withdraw"),
    path("grants/<int:pk>/end/", views_grants.grant_end, name="grant_end"),
    path("trail/", views_trail.trail, name="trail"),
    path("trail/verify/", views_trail.trail_verify, name="trail_verify"),
    path("trail/export/", views_trail.trail_export, name="trail_export"),
    path("trail/<int:number>/", views_trail.trail_entry, name="trail_entry"),
]

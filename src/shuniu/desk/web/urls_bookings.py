from __future__ import annotations

from django.urls import path

from shuniu.desk.web import views_book as book
from shuniu.desk.web import views_bookings as views
from shuniu.desk.web import views_counselling as counselling

urlpatterns = [
    path("book/", book.book, name="book"),
    path("book/<slug:key>/", book.book_line, name="book_line"),
    path("book/<slug:key>/consent/", book.consent, name="consent"),
    path("book/<slug:key>/wait/", book.wait, name="wait"),
    path("bookings/", views.bookings, name="bookings"),
    path("bookings/mine/", book.my_bookings, name="my_bookings"),
    path("bookings/<int:pk>/", views.booking, name="booking"),
    path("bookings/<int:pk>/confirm/", book.booking_confirm, name="booking_confirm"),
    path("bookings/<int:pk>/cancel/", views.booking_cancel, name="booking_cancel"),
    path("bookings/<int:pk>/call-off/", views.booking_withdraw, name="booking_withdraw"),
    path("bookings/<int:pk>/settle/<slug:came>/", views.booking_settle, name="booking_settle"),
    path("bookings/<int:pk>/series/", views.booking_series, name="booking_series"),
    path("bookings/<int:pk>/note/", counselling.session_note, name="session_note"),
    path("bookings/<int:pk>/more/", counselling.course_extend, name="course_extend"),
    path("waiting/<int:pk>/leave/", book.wait_leave, name="wait_leave"),
    path("consents/<int:pk>/withdraw/", book.consent_withdraw, name="consent_withdraw"),
    path("plans/", views.plans, name="plans"),
    path("plans/new/", views.plan_new, name="plan_new"),
    path("plans/<int:pk>/", views.plan, name="plan"),
    path("plans/<int:pk>/edit/", views.plan_edit, name="plan_edit"),
    path("plans/<int:pk>/day/", views.plan_except, name="plan_except"),
    path("plans/days/<int:pk>/drop/", views.exception_drop, name="exception_drop"),
    path("crises/", counselling.crises, name="crises"),
    path("crises/new/", counselling.crisis_new, name="crisis_new"),
    path("crises/<int:pk>/", counselling.crisis, name="crisis"),
    path("crises/<int:pk>/step/<int:task>/", counselling.crisis_step, name="crisis_step"),
    path("crises/<int:pk>/close/", counselling.crisis_close, name="crisis_close"),
    path("counselling/<slug:key>/figures/", counselling.counselling_figures, name="counselling_figures"),
]

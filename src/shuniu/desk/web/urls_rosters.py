from __future__ import annotations

from django.urls import path

from shuniu.desk.web import views_duties as duties
from shuniu.desk.web import views_rosters as rosters

urlpatterns = [
    path("rosters/", rosters.rosters, name="rosters"),
    path("rosters/new/", rosters.roster_new, name="roster_new"),
    path("rosters/<int:pk>/", rosters.roster, name="roster"),
    path("rosters/<int:pk>/solve/", rosters.roster_solve, name="roster_solve"),
    path("rosters/<int:pk>/publish/", rosters.roster_publish, name="roster_publish"),
    path("rosters/<int:pk>/mend/", rosters.roster_mend, name="roster_mend"),
    path("rosters/<int:pk>/print/<slug:form>/", rosters.roster_print, name="roster_print"),
    path("rosters/<int:pk>/day/<str:day>/<slug:half>/<int:seat>/", rosters.shift_settle, name="shift_settle"),
    path("rosters/<int:pk>/wishes/<int:member>/", rosters.team_wishes, name="team_wishes"),
    path("duty/", duties.my_days, name="my_days"),
    path("duty/<int:pk>/check-in/", duties.check_in, name="check_in"),
    path("duty/<int:pk>/offer/", duties.shift_offer, name="shift_offer"),
    path("duty/calendar/", duties.feed_make, name="feed_make"),
    path("duty/calendar/end/", duties.feed_end, name="feed_end"),
    path("duty/calendar/<str:secret>.ics", duties.feed, name="feed"),
    path("swaps/", duties.swaps, name="swaps"),
    path("swaps/<int:pk>/", duties.swap, name="swap"),
    path("swaps/<int:pk>/take/", duties.swap_take, name="swap_take"),
    path("swaps/<int:pk>/withdraw/", duties.swap_withdraw, name="swap_withdraw"),
    path("swaps/<int:pk>/approve/", duties.swap_approve, name="swap_approve"),
    path("swaps/<int:pk>/refuse/", duties.swap_refuse, name="swap_refuse"),
    path("on-duty/", duties.duty_public, name="duty_public"),
    path("on-duty/<slug:key>.ics", duties.line_feed, name="line_feed"),
    path("help-now/", duties.help_now, name="help_now"),
]

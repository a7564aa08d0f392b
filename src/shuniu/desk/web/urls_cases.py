from __future__ import annotations

from django.urls import URLPattern, path

from shuniu.desk.web import views_anonymous, views_cases, views_figures, views_filing

urlpatterns: list[URLPattern] = [
    path("help/", views_filing.help_tiles, name="help"),
    path("help/<slug:key>/", views_filing.file, name="file"),
    path("mine/", views_cases.mine, name="mine"),
    path("enter/", views_filing.enter, name="enter"),
    path("enter/<slug:key>/", views_filing.enter_line, name="enter_line"),
    path("handled/", views_cases.handled, name="handled"),
    path("figures/", views_figures.figures_page, name="figures"),
    path("figures/export/", views_figures.figures_export, name="figures_export"),
    path("cases/", views_cases.cases, name="cases"),
    path("cases/export/", views_cases.cases_export, name="cases_export"),
    path("cases/<int:pk>/", views_cases.case, name="case"),
    path("cases/<int:pk>/step/<slug:move>/", views_cases.case_move, name="case_move"),
    path("cases/<int:pk>/assign/", views_cases.case_assign, name="case_assign"),
    path("cases/<int:pk>/write/<slug:what>/", views_cases.case_write, name="case_write"),
    path("cases/<int:pk>/files/", views_cases.case_attach, name="case_attach"),
    path("cases/<int:pk>/files/<int:file>/", views_cases.case_file, name="case_file"),
    path("cases/<int:pk>/papers/<slug:paper>.<slug:form>", views_cases.case_paper, name="case_paper"),
    path("cases/<int:pk>/merge/", views_cases.case_merge, name="case_merge"),
    path("cases/<int:pk>/hand-over/", views_filing.hand_over, name="case_hand_over"),
    path("cases/<int:pk>/extend/", views_cases.case_extend, name="case_extend"),
    path("cases/<int:pk>/extend/<int:extension>/<slug:answer>/", views_cases.case_extension, name="case_extension"),
    path("letters/", views_anonymous.anonymous, name="anonymous"),
    path("letters/follow/", views_anonymous.anonymous_follow, name="anonymous_follow"),
    path("letters/write/", views_anonymous.anonymous_write, name="anonymous_write"),
    path("letters/to/<slug:key>/", views_anonymous.anonymous_new, name="anonymous_new"),
    path("hotlines/", views_anonymous.hotline_page, name="hotlines"),
]

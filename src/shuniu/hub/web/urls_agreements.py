from __future__ import annotations

from django.urls import path

from shuniu.hub.web import views_acceptances as acceptances
from shuniu.hub.web import views_agreement_work as work
from shuniu.hub.web import views_agreements as views
from shuniu.hub.web import views_payments as payments
from shuniu.hub.web import views_scores as scores

ONE = "agreements/<int:agreement>/"

urlpatterns = [
    path("agreements/", views.agreements, name="agreements"),
    path("agreements/export/", views.agreements_export, name="agreements_export"),
    path("agreements/new/", views.agreement_new, name="agreement_new"),
    path("agreements/from-award/<int:tender>/", views.agreement_from_award, name="agreement_from_award"),
    path(ONE, views.agreement, name="agreement"),
    path(ONE + "edit/", views.agreement_edit, name="agreement_edit"),
    path(ONE + "lines/", views.agreement_lines, name="agreement_lines"),
    path(ONE + "plan/", views.agreement_plan, name="agreement_plan"),
    path(ONE + "standards/", views.agreement_standards, name="agreement_standards"),
    path(ONE + "sign/", views.agreement_sign, name="agreement_sign"),
    path(ONE + "step/<slug:step>/", views.agreement_step, name="agreement_step"),
    path(ONE + "renew/", views.agreement_renew, name="agreement_renew"),
    path(ONE + "agreement.<slug:form>", views.agreement_paper, name="agreement_paper"),
    path(ONE + "amend/", work.agreement_amend, name="agreement_amend"),
    path("amendments/<int:amendment>/decide/", work.amendment_decide, name="amendment_decide"),
    path(ONE + "induct/", work.agreement_induct, name="agreement_induct"),
    path("inductions/<int:induction>/confirm/", work.induction_confirm, name="induction_confirm"),
    path(ONE + "inspect/", work.inspection_new, name="inspection_new"),
    path("inspections/<int:inspection>/", work.inspection, name="inspection"),
    path("inspections/<int:inspection>/evidence/", work.inspection_evidence, name="inspection_evidence"),
    path("inspections/<int:inspection>/check/", work.inspection_check, name="inspection_check"),
    path("inspections/<int:inspection>/<slug:which>/", work.inspection_file, name="inspection_file"),
    path(ONE + "scores/<slug:start>/", scores.score_preview, name="score_preview"),
    path(ONE + "scores/<slug:start>/confirm/", scores.score_confirm, name="score_confirm"),
    path("scores/<int:score>/", scores.score, name="score"),
    path("scores/<int:score>/object/", scores.score_object, name="score_object"),
    path("scores/<int:score>/answer/", scores.score_answer, name="score_answer"),
    path("providers/<int:provider>/standing/", scores.provider_standing, name="provider_standing"),
    path("my/standing/", scores.my_standing, name="my_standing"),
    path("my/figures/", scores.my_figures, name="my_figures"),
    path("payments/", payments.payments, name="payments"),
    path("payments/export/", payments.payments_export, name="payments_export"),
    path("milestones/<int:milestone>/request/", payments.payment_request, name="payment_request"),
    path("payments/<int:payment>/", payments.payment, name="payment"),
    path("payments/<int:payment>/decide/", payments.payment_decide, name="payment_decide"),
    path("payments/<int:payment>/paid/", payments.payment_paid, name="payment_paid"),
    path(ONE + "accept/", acceptances.acceptance_new, name="acceptance_new"),
    path("acceptances/<int:acceptance>/", acceptances.acceptance, name="acceptance"),
    path("acceptances/<int:acceptance>/opinion/", acceptances.acceptance_opinion, name="acceptance_opinion"),
    path("acceptances/<int:acceptance>/conclude/", acceptances.acceptance_conclude, name="acceptance_conclude"),
    path("acceptances/<int:acceptance>/publish/", acceptances.acceptance_publish, name="acceptance_publish"),
    path("acceptances/<int:acceptance>/form.<slug:form>", acceptances.acceptance_paper, name="acceptance_paper"),
    path("results/", acceptances.acceptances_public, name="acceptances_public"),
    path("results/<int:result>/", acceptances.acceptance_public, name="acceptance_public"),
]

"""Tenders, bids, scoring, experts, and what the public reads of them."""

from __future__ import annotations

from django.urls import URLPattern, path

from shuniu.hub.web import (
    views_tender_bidding,
    views_tender_bids,
    views_tender_experts,
    views_tender_opening,
    views_tender_public,
    views_tender_scoring,
    views_tender_steps,
    views_tenders,
)

urlpatterns: list[URLPattern] = [
    path("tenders/", views_tenders.tenders, name="tenders"),
    path("tenders/export/", views_tenders.tenders_export, name="tenders_export"),
    path("tenders/new/", views_tenders.tender_new, name="tender_new"),
    path("tenders/figures/", views_tender_experts.tender_figures, name="tender_figures"),
    path("tenders/mine/", views_tender_opening.my_tenders, name="my_tenders"),
    path("tenders/<int:pk>/", views_tenders.tender, name="tender"),
    path("tenders/<int:pk>/edit/", views_tenders.tender_edit, name="tender_edit"),
    path("tenders/<int:pk>/committee/", views_tender_steps.tender_committee, name="tender_committee"),
    path("tenders/<int:pk>/code/", views_tender_opening.tender_code, name="tender_code"),
    path("tenders/<int:pk>/code/make/", views_tender_opening.tender_code_make, name="tender_code_make"),
    path("tenders/<int:pk>/code/confirm/", views_tender_opening.tender_code_confirm, name="tender_code_confirm"),
    path("tenders/<int:pk>/open/", views_tender_opening.tender_open, name="tender_open"),
    path("tenders/<int:pk>/clarify/", views_tender_steps.tender_note, name="tender_note"),
    path("tenders/<int:pk>/draw/", views_tender_steps.tender_draw, name="tender_draw"),
    path("tenders/<int:pk>/scores/", views_tender_bids.tender_scores, name="tender_scores"),
    path("tenders/<int:pk>/step/<slug:move>/", views_tender_steps.tender_step, name="tender_step"),
    path("tenders/<int:pk>/papers/<slug:kind>.<slug:form>", views_tender_bids.tender_paper, name="tender_paper"),
    path("tenders/<int:pk>/bids/<int:number>/", views_tender_bids.tender_bid, name="tender_bid"),
    path("tenders/<int:pk>/bids/<int:number>/reject/", views_tender_bids.tender_bid_reject, name="tender_bid_reject"),
    path("tenders/<int:pk>/bids/<int:number>/judge/", views_tender_bids.tender_bid_judge, name="tender_bid_judge"),
    path(
        "tenders/<int:pk>/bids/<int:number>/files/<int:place>/",
        views_tender_bids.tender_bid_file,
        name="tender_bid_file",
    ),
    path("tenders/<int:pk>/objections/<int:number>/", views_tender_steps.tender_objection, name="tender_objection"),
    path("experts/", views_tender_experts.experts, name="experts"),
    path("experts/new/", views_tender_experts.expert_new, name="expert_new"),
    path("experts/<int:pk>/", views_tender_experts.expert, name="expert"),
    path("experts/<int:pk>/tie/", views_tender_experts.expert_tie, name="expert_tie"),
    path("scoring/<int:pk>/", views_tender_scoring.scoring, name="scoring"),
    path("scoring/<int:pk>/bids/<int:number>/", views_tender_scoring.scoring_bid, name="scoring_bid"),
    path(
        "scoring/<int:pk>/bids/<int:number>/files/<int:place>/",
        views_tender_scoring.scoring_bid_file,
        name="scoring_bid_file",
    ),
    path("bidding/", views_tender_bidding.bidding, name="bidding"),
    path("bidding/<int:pk>/", views_tender_bidding.bid_new, name="bid_new"),
    path("bids/<int:pk>/", views_tender_bidding.bid, name="bid"),
    path("bids/<int:pk>/withdraw/", views_tender_bidding.bid_withdraw, name="bid_withdraw"),
    path("bids/<int:pk>/explain/", views_tender_bidding.bid_explain, name="bid_explain"),
    path("bids/<int:pk>/object/", views_tender_bidding.bid_object, name="bid_object"),
    path("bids/<int:pk>/files/<int:place>/", views_tender_bidding.bid_file, name="bid_file"),
    path("notices/", views_tender_public.notices, name="notices"),
    path("notices/<int:pk>/", views_tender_public.notice, name="notice"),
    path("notices/<int:pk>/releases.json", views_tender_public.notice_releases, name="notice_releases"),
    path("notices/<int:pk>/record.json", views_tender_public.notice_record, name="notice_record"),
    path("notices/ocds/<int:year>.json", views_tender_public.releases_of_year, name="releases_of_year"),
]

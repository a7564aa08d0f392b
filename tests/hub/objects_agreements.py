"""What stands for agreements and their parts in the access matrix: they lie with Alice's union, their provider is the manager's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from shuniu.hub.enums import (
    AcceptanceState,
    AgreementState,
    Cycle,
    DeliveryMode,
    Due,
    InspectionState,
    Measure,
    TenderMethod,
    TenderState,
    TenderSubject,
)
from shuniu.hub.models import (
    Acceptance,
    Agreement,
    Amendment,
    Induction,
    Inspection,
    Milestone,
    Payment,
    ProviderStaff,
    Score,
    Standard,
    Tender,
)
from shuniu.hub.rules.agreement_scores import score, told
from tests.factories import NOW, TODAY, Cast
from tests.hub.agreeing import END, START
from tests.hub.making import make_duty, make_manager, make_professional, make_provider
from tests.hub.test_agreement_rules import TERMS


def agreement(cast: Cast, state: AgreementState = AgreementState.IN_FORCE) -> Agreement:
    staff = ProviderStaff.everything.filter(user=cast.manager.user, ended_at=None).select_related("provider").first()
    provider = staff.provider if staff else make_provider(cast.union, papers=False)
    if staff is None:
        make_manager(provider, cast.manager)
    made: Agreement = Agreement.everything.create(
        organisation=cast.union, number=f"XY{Agreement.everything.count()}", title="法律服务",
        duty=make_duty(cast.union, mode=DeliveryMode.PURCHASED), provider=provider, mode=DeliveryMode.PURCHASED,
        kinds=["advice"], cycle=Cycle.MONTH, amount=100, starts_on=START, ends_on=END, state=state, drafted_at=NOW,
        signed_on=START,
    )  # fmt: skip
    return made


def draft(cast: Cast) -> Agreement:
    return agreement(cast, AgreementState.DRAFT)


def milestone(cast: Cast) -> Milestone:
    made: Milestone = Milestone.everything.create(
        agreement=agreement(cast), order=1, name="首付款", due=Due.SIGNING, amount=100, expected_on=START
    )
    return made


def payment(cast: Cast) -> Payment:
    one = milestone(cast)
    made: Payment = Payment.everything.create(
        agreement=one.agreement, milestone=one, planned=100, percent=100, amount=100, accepted_on=START,
        requested_at=NOW,
    )  # fmt: skip
    return made


def standard(cast: Cast) -> Standard:
    made: Standard = Standard.everything.create(
        agreement=agreement(cast), order=1, name="检查", requirement="一案一档", measure=Measure.MANUAL, points=10_000
    )
    return made


def inspection(cast: Cast) -> Inspection:
    norm = standard(cast)
    made: Inspection = Inspection.everything.create(
        agreement=norm.agreement, standard=norm, on=TODAY, issue="无牌上岗", state=InspectionState.TO_MEND
    )
    return made


def confirmed(cast: Cast) -> Score:
    steps = told(score([], None, (), TERMS)) | {
        "verdict": {"zh": "暂不评分", "en": "Not rated"}, "rule": "score.least_share", "counted": False
    }  # fmt: skip
    made: Score = Score.everything.create(
        agreement=agreement(cast), starts_on=START, ends_on=date(2026, 2, 1), consequence="not_rated", percent=100,
        steps=steps, digest="", confirmed_on=TODAY,
    )  # fmt: skip
    return made


def acceptance(cast: Cast, state: AcceptanceState = AcceptanceState.OPEN, outcome: str = "") -> Acceptance:
    made: Acceptance = Acceptance.everything.create(
        agreement=agreement(cast), starts_on=START, ends_on=date(2026, 2, 1), on=TODAY, state=state, outcome=outcome
    )
    return made


def published(cast: Cast) -> Acceptance:
    return acceptance(cast, AcceptanceState.PUBLISHED, "pass")


def amendment(cast: Cast) -> Amendment:
    made: Amendment = Amendment.everything.create(
        agreement=agreement(cast), content="增加", amount=1, proposed_on=TODAY
    )
    return made


def induction(cast: Cast) -> Induction:
    row = agreement(cast)
    made: Induction = Induction.everything.create(
        agreement=row, professional=make_professional(row.provider, papers=False), course="标准", on=START, version=1
    )
    return made


def awarded(cast: Cast) -> Tender:
    made: Tender = Tender.everything.create(
        organisation=cast.union, duty=make_duty(cast.union, mode=DeliveryMode.PURCHASED), number="CG1", ocid="ocds-1",
        title="法律服务采购", need="值班", subject=TenderSubject.SERVICES, fiscal_year=2026, budget=100,
        method=TenderMethod.OPEN, proposed_method=TenderMethod.OPEN, state=TenderState.AWARDED, created_at=NOW,
    )  # fmt: skip
    return made


def _drafted(cast: Cast) -> dict[str, Any]:
    return {"agreement": draft(cast).pk}


def _in_january(cast: Cast) -> dict[str, Any]:
    return {"agreement": agreement(cast).pk, "start": "2026-01-01"}


BY_PAGE: dict[str, Callable[[Cast], dict[str, Any]]] = {
    **dict.fromkeys(
        ("hub:agreement_edit", "hub:agreement_lines", "hub:agreement_plan", "hub:agreement_standards",
         "hub:agreement_sign"), _drafted
    ),
    "hub:agreement_from_award": lambda cast: {"tender": awarded(cast).pk},
    "hub:agreement_step": lambda cast: {"agreement": agreement(cast).pk, "step": "terminate"},
    "hub:agreement_paper": lambda cast: {"agreement": agreement(cast).pk, "form": "docx"},
    "hub:acceptance_paper": lambda cast: {
        "acceptance": acceptance(cast, AcceptanceState.CONCLUDED, "pass").pk, "form": "docx"
    },
    "hub:score_preview": _in_january,
    "hub:score_confirm": _in_january,
    "hub:inspection_file": lambda cast: {"inspection": inspection(cast).pk, "which": "photo"},
    "hub:provider_standing": lambda cast: {"provider": make_provider(cast.union, papers=False).pk},
}  # fmt: skip
BY_PARAMETER: dict[str, Callable[[Cast], Any]] = {
    "hub:agreement": lambda cast: agreement(cast).pk,
    "hub:amendment": lambda cast: amendment(cast).pk,
    "hub:induction": lambda cast: induction(cast).pk,
    "hub:inspection": lambda cast: inspection(cast).pk,
    "hub:score": lambda cast: confirmed(cast).pk,
    "hub:milestone": lambda cast: milestone(cast).pk,
    "hub:payment": lambda cast: payment(cast).pk,
    "hub:acceptance": lambda cast: acceptance(cast).pk,
    "hub:result": lambda cast: published(cast).pk,
}

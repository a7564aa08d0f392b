"""The district's agreements of 2026: signed by two, scored by the quarter with the real rules, paid by what the scores say.

Runs last: what it scores are the cases, bookings and ratings that other parts of the demo have built.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta

from shuniu.demo.duties import moment
from shuniu.demo.providers import Hub
from shuniu.hub.enums import Cycle, DeliveryMode, Due, DutyClass, Finding, Measure, Outcome, ServiceKind
from shuniu.hub.public import (
    Acceptance,
    Agreement,
    Duty,
    Inspection,
    Line,
    Milestone,
    Norm,
    Part,
    Payment,
    Professional,
    Provider,
    Standard,
    What,
    add_opinion,
    check_inspection,
    conclude_acceptance,
    confirm_score,
    decide_payment,
    draft_agreement,
    give_evidence,
    open_acceptance,
    propose_amendment,
    publish_acceptance,
    ready_sets,
    record_inductions,
    record_inspection,
    request_payment,
    set_lines,
    set_plan,
    set_standards,
    sign_agreement,
    tell_paid,
    turn_agreements,
)
from shuniu.kernel.scope import Actor
from shuniu.registry.public import Organisation

DRAFTED, SIGNED, START, END = date(2025, 12, 18), date(2025, 12, 26), date(2026, 1, 1), date(2027, 1, 1)
QUARTERS = (
    (date(2026, 1, 1), date(2026, 4, 9)),
    (date(2026, 4, 1), date(2026, 7, 9)),
    (date(2026, 7, 1), date(2026, 10, 14)),
)
"""The first day of each quarter scored, and the day on which it was."""
MIDTERM = date(2026, 7, 15)
CLAUSES = {
    "confidentiality": "乙方及其人员对履行本协议知悉的职工、用人单位和工会的情况负有保密义务，仅用于本协议约定的服务，协议终止后保密义务继续有效。",
    "personal_information": "乙方受甲方委托、按甲方要求处理个人信息，不得向他人提供，不得在甲方系统之外留存；协议终止时应当返还或者删除。",
    "liability": "违约方应当赔偿对方损失。严重违约或者多次违约的，对方可以解除协议。",
    "disputes": "履行本协议发生争议的，双方协商解决；协商不成的，向甲方所在地人民法院起诉。",
}


@dataclass(frozen=True, slots=True)
class Offer:
    """An agreement of the demo: the set of its standards, its lines with prices in yuan, the shares of its payments."""

    key: str
    title: str
    provider: str
    kinds: tuple[ServiceKind, ...]
    lines: tuple[tuple[str, str, int, int], ...]
    mode: DeliveryMode = DeliveryMode.PURCHASED
    bond: int = 0


ADVICE = Offer(
    "advice", "职工法律咨询服务协议（2026年度）", "group", (ServiceKind.ADVICE,),
    (("律师值班（每个工作日1人）", "天", 248, 350), ("劳动法律讲座", "场", 12, 600)), bond=500_000,
)  # fmt: skip
MIND = Offer(
    "counselling", "职工心理关爱服务协议（2026年度）", "counsellors", (ServiceKind.COUNSELLING, ServiceKind.TRAINING),
    (("一对一心理咨询", "次", 240, 200), ("心理健康知识讲座（送教上门）", "场", 40, 800)),
)  # fmt: skip
REPAIR = Offer(
    "repair", "学院工会报修服务协议（2026年度）", "repairs", (ServiceKind.REPAIR,),
    (("报修受理和维修（人工）", "月", 12, 6_500),),
)  # fmt: skip
VOLUNTEER = Offer(
    "volunteer", "女职工健康志愿服务协议", "counsellors", (ServiceKind.TRAINING,),
    (("健康讲座", "场", 6, 0), ("妈咪小屋值守", "天", 48, 0)), DeliveryMode.VOLUNTEER,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Office:
    """The two who act for the district: one prepares, the other signs and approves."""

    clerk: Actor
    chief: Actor


def build(college: Organisation, hub: Hub, duties: Mapping[str, Duty], office: Office) -> None:
    """Four agreements with their standards, people, scores, payments and an acceptance."""
    repair_duty: Duty = Duty.everything.create(
        organisation=college, code="HQ01", name="校园设施报修和维修", division="后勤服务", kind=DutyClass.OPEN,
        mode=DeliveryMode.PURCHASED, decided_on=date(2025, 12, 16), review_on=date(2027, 12, 15),
    )  # fmt: skip
    advice = _agree(ADVICE, duties["WQ01"], hub, office)
    mind = _agree(MIND, duties["XL01"], hub, office)
    repair = _agree(REPAIR, repair_duty, hub, office)
    _agree(VOLUNTEER, duties["NG02"], hub, office)
    turn_agreements(actor=office.clerk, now=moment(START))
    advice, mind, repair = map(_fresh, (advice, mind, repair))
    _induct(advice, hub.people["lawyers"], office)
    _induct(mind, hub.people["counsellors"], office)
    _induct(repair, hub.people["repairs"], office)
    _look(advice, mind, repair, office)
    for start, on in QUARTERS:
        for one in (advice, mind, repair):
            confirm_score(one, starts_on=start, actor=office.clerk, now=moment(on))
    _pay(advice, mind, repair, office)
    _accept(advice, office)
    propose_amendment(
        mind, content="增加12场“高温季职工心理减压”送教上门讲座", amount=768_000, new_ends_on=None, actor=office.clerk,
        now=moment(date(2026, 11, 20)),
    )  # fmt: skip


def _agree(offer: Offer, duty: Duty, hub: Hub, office: Office) -> Agreement:
    provider: Provider = hub.providers[offer.provider]
    now = moment(DRAFTED)
    what = What(
        title=offer.title, duty=duty, provider=provider, mode=offer.mode, kinds=offer.kinds, cycle=Cycle.QUARTER,
        starts_on=START, ends_on=END, bond=offer.bond, **CLAUSES,
    )  # fmt: skip
    row = draft_agreement(what, actor=office.clerk, now=now)
    lines = [Line(name, unit, quantity, price * 100) for name, unit, quantity, price in offer.lines]
    amount = sum(line.quantity * line.price for line in lines)
    set_lines(row, lines, actor=office.clerk, now=now)
    if amount:
        set_plan(row, _plan(amount), actor=office.clerk, now=now)
    norms = [
        Norm(**{one.name: getattr(item, one.name) for one in fields(Norm)}) for item in ready_sets()[offer.key].items
    ]
    set_standards(row, norms, actor=office.clerk, now=now)
    sign_agreement(_fresh(row), on=SIGNED, actor=office.chief, now=moment(SIGNED))
    return row


def _fresh(row: Agreement) -> Agreement:
    found: Agreement = Agreement.everything.select_related("organisation__area", "duty", "provider").get(pk=row.pk)
    return found


def _plan(amount: int) -> list[Part]:
    """A third on signing, a fifth after each of the first three quarters, the rest after acceptance."""
    first, quarter = amount * 30 // 100, amount * 20 // 100
    days = (date(2026, 4, 1), date(2026, 7, 1), date(2026, 10, 1))
    quarters = [Part(f"第{name}季度款", Due.PERIOD, quarter, day) for name, day in zip("一二三", days, strict=True)]
    return [
        Part("首付款", Due.SIGNING, first, START),
        *quarters,
        Part("尾款", Due.ACCEPTANCE, amount - first - 3 * quarter, END),
    ]


def _induct(row: Agreement, people: list[Professional], office: Office) -> None:
    """Everybody before the first duty; the last of the counsellors has not been confirmed by the provider yet."""
    now = moment(SIGNED + timedelta(days=4))
    made = record_inductions(
        row, people, course="工会服务工作标准和保密要求", on=SIGNED + timedelta(days=4), actor=office.clerk, now=now
    )
    later = made if len(made) < 100 else made[:-1]
    type(made[0]).everything.filter(pk__in=[one.pk for one in later]).update(provider_at=now)


def _look(advice: Agreement, mind: Agreement, repair: Agreement, office: Office) -> None:
    """Inspections of the year: mostly clean, one thing three times in a month, one still to be put right."""
    for row, days in ((advice, (20, 110, 200)), (mind, (25, 120, 210)), (repair, (15, 100, 190, 220))):
        for day in days:
            _inspect(row, START + timedelta(days=day), office.clerk)
    for day in (4, 12, 25):
        _inspect(repair, date(2026, 5, day), office.clerk, issue="完工后未清理现场", deduct=100)
    found = _inspect(
        advice, date(2026, 8, 18), office.clerk, issue="接待记录未及时归档", deduct=150, due_on=date(2026, 8, 31)
    )
    give_evidence(
        found, text="已补齐7至8月接待记录，指定专人每周归档。", actor=office.chief, now=moment(date(2026, 8, 28))
    )
    checked: Inspection = Inspection.everything.select_related("agreement__organisation").get(pk=found.pk)
    check_inspection(
        checked, passed=True, answer="抽查10件，记录齐全。", actor=office.chief, now=moment(date(2026, 9, 2))
    )
    _inspect(
        repair, date(2026, 11, 17), office.clerk, issue="高处作业未系安全带", deduct=300, due_on=date(2026, 11, 30)
    )


def _inspect(
    row: Agreement, on: date, actor: Actor, issue: str = "", deduct: int = 0, due_on: date | None = None
) -> Inspection:
    standards = Standard.everything.select_related("agreement__organisation")
    norm: Standard = standards.get(agreement=row, measure=Measure.MANUAL)
    return record_inspection(
        norm, on=on, place="服务现场", issue=issue, note=f"现场检查发现：{issue}。" if issue else "现场检查，未发现问题。",
        deduct=deduct, due_on=due_on, actor=actor, now=moment(on),
    )  # fmt: skip


def _pay(advice: Agreement, mind: Agreement, repair: Agreement, office: Office) -> None:
    """The first three payments are made; of the fourth one waits for approval, one is approved, one is not asked for."""
    for row in (advice, mind, repair):
        for order, on in enumerate((date(2026, 1, 12), date(2026, 4, 13), date(2026, 7, 13)), start=1):
            made = _ask(row, order, on, office)
            tell_paid(
                _payment(made), on=on + timedelta(days=11), actor=office.clerk, now=moment(on + timedelta(days=11))
            )
    _ask(repair, 4, date(2026, 10, 19), office)
    milestone = _milestone(mind, 4)
    request_payment(milestone, actor=office.chief, now=moment(date(2026, 11, 23)))


def _ask(row: Agreement, order: int, on: date, office: Office) -> Payment:
    made = request_payment(_milestone(row, order), actor=office.clerk, now=moment(on))
    decide_payment(_payment(made), approve=True, actor=office.chief, now=moment(on + timedelta(days=2)))
    return made


def _milestone(row: Agreement, order: int) -> Milestone:
    found: Milestone = Milestone.everything.select_related("agreement__organisation__area").get(
        agreement=row, order=order
    )
    return found


def _payment(made: Payment) -> Payment:
    found: Payment = Payment.everything.select_related("agreement__organisation", "score").get(pk=made.pk)
    return found


OPINIONS = (
    (5, "律师解释得很清楚，第二天就把要补的材料写给我了。"),
    (5, "值班时间固定，下班后也能约到。"),
    (4, "讲座案例贴近我们厂，希望多讲工伤。"),
    (4, "等了二十分钟，服务态度好。"),
    (5, ""),
)


def _accept(row: Agreement, office: Office) -> None:
    """The acceptance of the first half of the year, with what users said, published."""
    now = moment(MIDTERM)
    made = open_acceptance(row, starts_on=START, ends_on=date(2026, 7, 1), on=MIDTERM, actor=office.clerk, now=now)
    for stars, comment in OPINIONS:
        add_opinion(made, stars=stars, comment=comment, actor=office.clerk, now=now)
    norms = list(Standard.everything.filter(agreement=row).order_by("order"))
    findings = {one.pk: (Finding.MET, "") for one in norms}
    findings[norms[-1].pk] = (Finding.DEVIATION, "个别接待记录归档不及时，已要求改进。")
    shown: Acceptance = Acceptance.everything.select_related("agreement__organisation__area").get(pk=made.pk)
    conclude_acceptance(
        shown, findings=findings, outcome=Outcome.PASS, rectify_by=None, actor=office.clerk, now=now,
        summary="上半年每个工作日均有律师值班，服务内容和质量符合协议约定，归档工作应当改进。",
    )  # fmt: skip
    concluded: Acceptance = Acceptance.everything.select_related("agreement__organisation__area").get(pk=made.pk)
    publish_acceptance(concluded, actor=office.clerk, now=now)

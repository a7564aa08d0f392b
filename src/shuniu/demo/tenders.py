"""A tender that found the group of law firms, one that takes bids, one that is a draft, and the pool of experts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils import timezone

from shuniu.accounts.public import User, actor_for, grant_role
from shuniu.demo.providers import Hub
from shuniu.hub import public as hub
from shuniu.hub.enums import CriterionKind, ServiceKind, TenderMethod, TenderSubject, TieKind
from shuniu.hub.public import Agreement, Duty, Provider, ProviderStaff, Tender
from shuniu.kernel.scope import Actor
from shuniu.registry.public import Organisation

YUAN = 100
SINCE = datetime(2025, 1, 6, 2, tzinfo=timezone.get_fixed_timezone(0))
NO_PASSWORD = "!"  # noqa: S105 -- matches none: these accounts cannot sign in
EXPERTS = (
    ("史景行", "东江政法学院", ("advice", "mediation")),
    ("方以宁", "东江政法学院", ("advice", "mediation")),
    ("郝明远", "云川区人民法院退休法官", ("advice", "mediation")),
    ("葛思齐", "东江市律师协会", ("advice",)),
    ("龚若谷", "云川区财政局", ("advice", "training", "assessment")),
    ("聂清扬", "东江大学心理系", ("counselling", "training")),
    ("康悦然", "云川区精神卫生中心", ("counselling",)),
    ("施向阳", "东江社会工作协会", ("assessment", "training")),
    ("路知行", "东江会计师协会", ("assessment", "advice")),
)
LINES = (hub.TenderItem("律师值班（每个工作日1人）", "天", 248), hub.TenderItem("劳动法律讲座", "场", 12))
CRITERIA = (
    hub.TenderPoints("价格", 20, kind=CriterionKind.PRICE),
    hub.TenderPoints("服务方案", 30, "针对性强、可操作得24至30分；较好得15至23分；一般得0至14分"),
    hub.TenderPoints("团队资质", 20, "执业五年以上律师每名1分，最高20分"),
    hub.TenderPoints("同类业绩", 15, "近三年职工法律服务项目每个3分，最高15分"),
    hub.TenderPoints("质量、保密和应急", 10, "制度齐全得8至10分；有缺项得0至7分"),
    hub.TenderPoints("服务响应", 5, "承诺两小时内响应得5分，四小时内得3分"),
)
OFFERS = (("group", 350, 600), ("bidder1", 360, 660), ("bidder2", 330, 580))
"""Who bid for the finished tender, with prices a day and a lecture in yuan."""
SHARES = {"group": (96, 92, 95), "bidder1": (88, 90, 86), "bidder2": (74, 71, 78)}
"""What the three experts gave, in per cent of each criterion's points."""


@dataclass(slots=True)
class Buying:
    """Who buys for the district, and from whom."""

    root: Organisation
    duties: Mapping[str, Duty]
    providers: Mapping[str, Provider]
    committee: Sequence[User]
    clerk: Actor
    chief: Actor
    third: Actor
    codes: dict[int, str]


def build(root: Organisation, users: Mapping[str, User], duties: Mapping[str, Duty], built: Hub) -> Tender:
    """Three tenders, as their people took each step; the finished one."""
    day = date(2025, 11, 3)
    clerk, chief, third = (actor_for(users[name], day) for name in ("buyer", "deputy", "district"))
    committee = [users[name] for name in ("buyer", "deputy", "district")]
    buying = Buying(root, duties, built.providers, committee, clerk, chief, third, {})
    _pool(buying, users["expert"])
    finished = _finished(buying, users["provider"])
    _open_for_bids(buying)
    _draft(buying)
    return finished


def link(tender: Tender, built: Hub) -> None:
    """Say of the agreement with the group which tender it came of."""
    Agreement.everything.filter(duty=tender.duty_id, provider=built.providers["group"]).update(tender=tender)


def moment(day: date, hour: int = 10, minute: int = 0) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def _account(username: str, name: str) -> User:
    return User.objects.create(
        username=username, name=name, password=NO_PASSWORD, password_changed_at=SINCE, created_at=SINCE
    )


def _pool(buying: Buying, signed_in: User) -> None:
    """Nine experts; the first has the account that the demo names."""
    for index, (name, employer, kinds) in enumerate(EXPERTS):
        user = signed_in if index == 0 else _account(f"expert{index + 1}", name)
        if index:
            told = {"starts_on": date(2025, 1, 1), "reason": "评审专家入库", "actor": Actor.system("演示数据")}
            grant_role(user, role="tender_expert", now=SINCE, **told)  # type: ignore[arg-type]
        fields = [ServiceKind(kind) for kind in kinds]
        expert = hub.enter_expert(
            actor=buying.clerk,
            now=moment(date(2025, 11, 3)),
            organisation=buying.root,
            user=user,
            fields=fields,
            employer=employer,
        )
        if index == 8:
            hub.record_tie(
                actor=buying.clerk, now=moment(date(2025, 11, 3)), expert=expert, provider=buying.providers["bidder1"],
                kind=TieKind.EMPLOYED, starts_on=date(2018, 3, 1), ends_on=date(2024, 6, 30),
            )  # fmt: skip


def _plan(duty: Duty, title: str, need: str, budget: int, **given: object) -> hub.TenderPlan:
    values = {
        "subject": TenderSubject.SERVICES,
        "fiscal_year": 2026,
        "method": TenderMethod.CONSULTATION,
        "small_discount": 10,
        "criteria": CRITERIA,
        "consulted_how": "“职工说事”线上问卷和三场座谈会",
        **given,
    }
    return hub.TenderPlan(duty=duty, title=title, need=need, budget=budget * YUAN, **values)  # type: ignore[arg-type]


def _committee(buying: Buying, tender: Tender, on: datetime) -> None:
    """Name the committee; each member makes and confirms a code."""
    hub.name_opening_committee(actor=buying.clerk, now=on, tender=tender, members=buying.committee)
    for user in buying.committee:
        member = actor_for(user, on.date())
        code = hub.make_opening_code(actor=member, now=on, tender=tender)
        hub.confirm_opening_code(actor=member, now=on, tender=tender, code=code)
        buying.codes[user.pk] = code


def _again(tender: Tender) -> Tender:
    found: Tender = Tender.everything.select_related("organisation__area", "duty").get(pk=tender.pk)
    return found


def _finished(buying: Buying, group_manager: User) -> Tender:
    """From October to December 2025: three bidders, an objection that did not hold, the group of law firms."""
    plan = _plan(
        buying.duties["WQ01"],
        "2026年度职工法律服务采购项目",
        "为全区职工提供法律咨询：每个工作日安排1名律师在区总工会职工服务中心值班；全年送劳动法律讲座进企业12场。",
        100_000,
        lines=LINES,
        consulted_on=date(2025, 10, 15),
        consulted_people=412,
        consulted_result="七成职工希望午间有律师值班，已列入服务要求；建议增加夜间电话咨询的，暂不采纳，列入下年度研究。",
    )
    clerk, chief = buying.clerk, buying.chief
    drafted = moment(date(2025, 11, 3))
    tender = hub.draft_tender(actor=clerk, now=drafted, organisation=buying.root, plan=plan)
    _committee(buying, tender, moment(date(2025, 11, 4)))
    hub.approve_tender(actor=chief, now=moment(date(2025, 11, 5)), tender=_again(tender))
    due = moment(date(2025, 11, 24), 9, 30)
    hub.publish_tender(
        actor=clerk,
        now=moment(date(2025, 11, 7)),
        tender=_again(tender),
        due_at=due,
        documents_until=date(2025, 11, 14),
    )
    hub.publish_note(
        actor=clerk, now=moment(date(2025, 11, 12)), tender=tender, question="节假日调休上班的周末是否需要值班？",
        asked_on=date(2025, 11, 11), text="需要。国务院通知的调休上班日属于工作日，应当安排值班。",
    )  # fmt: skip
    _bid(buying, tender, group_manager)
    for user in buying.committee:
        member = actor_for(user, due.date())
        hub.release_key(actor=member, now=due, tender=tender, code=buying.codes[user.pk])
    _score(buying, tender)
    return _award(buying, tender)


def _bid(buying: Buying, tender: Tender, group_manager: User) -> None:
    lines = list(tender.lines.all())
    for index, (key, day_price, lecture_price) in enumerate(OFFERS):
        manager = group_manager if key == "group" else _account(f"{key}-manager", ("苗青禾", "戚远舟")[index - 1])
        if key != "group":
            ProviderStaff.everything.create(provider=buying.providers[key], user=manager, started_at=SINCE)
            told = {"starts_on": date(2025, 1, 1), "reason": "投标联系人", "actor": Actor.system("演示数据")}
            grant_role(manager, role="provider_manager", now=SINCE, **told)  # type: ignore[arg-type]
        prices = {lines[0].pk: day_price * YUAN, lines[1].pk: lecture_price * YUAN}
        answers = {one.pk: f"{one.name}：详见响应文件第{one.position}章。" for one in tender.criteria.all()}
        content = hub.BidContent(prices=prices, answers=answers, controller=buying.providers[key].name)
        when = moment(date(2025, 11, 20), 14 + index, 12 * index)
        actor = actor_for(manager, when.date())
        hub.submit_bid(actor=actor, now=when, tender=tender, content=content, nonce=f"{index + 1:032x}")


def _score(buying: Buying, tender: Tender) -> None:
    """Three experts by lot; each declares, then scores alone."""
    on = moment(date(2025, 11, 24), 10, 30)
    jurors = hub.draw_experts(actor=buying.clerk, now=on, tender=_again(tender), experts=3, subject=ServiceKind.ADVICE)
    bids = {bid.provider_id: bid for bid in tender.bids.all()}
    criteria = [one for one in tender.criteria.all() if one.kind == CriterionKind.QUALITY]
    for place, juror in enumerate(jurors):
        expert = actor_for(User.objects.get(pk=juror.user_id), on.date())
        hub.declare_ties(actor=expert, now=on, tender=tender)
        marks = {
            bids[buying.providers[key].pk].pk: hub.Marks(
                {one.pk: one.points * shares[place] for one in criteria},
                "方案与本区职工需求结合较好。" if key == "group" else "",
            )
            for key, shares in SHARES.items()
        }
        hub.save_marks(
            actor=expert, now=moment(date(2025, 11, 24), 15, 10 * place), tender=tender, marks=marks, submit=True
        )


def _award(buying: Buying, tender: Tender) -> Tender:
    clerk, chief = buying.clerk, buying.chief
    best = tender.bids.select_related("provider").get(provider=buying.providers["group"])
    hub.propose_award(actor=clerk, now=moment(date(2025, 11, 26)), tender=_again(tender), bid=best)
    hub.decide_award(actor=chief, now=moment(date(2025, 11, 28)), tender=_again(tender))
    hub.announce_award(actor=clerk, now=moment(date(2025, 12, 1)), tender=_again(tender))
    objecting = ProviderStaff.everything.select_related("user").get(provider=buying.providers["bidder1"]).user
    objection = hub.object_to_award(
        actor=actor_for(objecting, date(2025, 12, 4)), now=moment(date(2025, 12, 4)), tender=_again(tender),
        text="我所报价合理、业绩较多，请说明“团队资质”一项的评分依据。",
    )  # fmt: skip
    hub.answer_tender_objection(
        actor=buying.third, now=moment(date(2025, 12, 8)), objection=objection, upheld=False,
        answer="“团队资质”按执业五年以上律师人数计分，评审人员逐人核对了执业证，计分无误。",
    )  # fmt: skip
    hub.settle_award(actor=clerk, now=moment(date(2025, 12, 12)), tender=_again(tender))
    return _again(tender)


def _open_for_bids(buying: Buying) -> None:
    """Counselling for 2027, open until the middle of December; its bids are opened by whoever looks at the demo then."""
    plan = _plan(
        buying.duties["XL01"],
        "2027年度职工心理关爱服务采购项目",
        "为全区职工提供一对一心理咨询240次，送心理健康讲座进企业40场，建立危机干预衔接机制。",
        240_000,
        fiscal_year=2027,
        lines=(hub.TenderItem("一对一心理咨询", "次", 240), hub.TenderItem("心理健康讲座（送教上门）", "场", 40)),
        consulted_on=date(2026, 10, 20),
        consulted_people=286,
        consulted_result="职工希望增加周末咨询时段，已列入服务要求。",
    )
    tender = hub.draft_tender(actor=buying.clerk, now=moment(date(2026, 11, 9)), organisation=buying.root, plan=plan)
    _committee(buying, tender, moment(date(2026, 11, 10)))
    hub.approve_tender(actor=buying.chief, now=moment(date(2026, 11, 12)), tender=_again(tender))
    hub.publish_tender(
        actor=buying.clerk, now=moment(date(2026, 11, 18)), tender=_again(tender),
        due_at=moment(date(2026, 12, 15), 9, 30), documents_until=date(2026, 11, 27),
    )  # fmt: skip


def _draft(buying: Buying) -> None:
    """Assessment of harmonious enterprises, waiting for somebody to approve it."""
    plan = _plan(
        buying.duties["PG01"],
        "2027年度劳动关系和谐企业第三方评估采购项目",
        "对全区参评企业开展问卷、访谈、查阅资料和现场核查，提出整改建议并复核整改情况。",
        560_000,
        fiscal_year=2027,
        lines=(hub.TenderItem("企业评估", "家", 280),),
        consulted_on=date(2026, 11, 11),
        consulted_people=35,
        consulted_how="参评企业工会主席座谈会",
        consulted_result="建议评估时间避开年底，已采纳。",
    )
    hub.draft_tender(actor=buying.clerk, now=moment(date(2026, 11, 23)), organisation=buying.root, plan=plan)

"""A year of mediations: all five classes of dispute, every state, agreements with signatures and what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from shuniu.demo.cases import NOW, TODAY, Desk, Server
from shuniu.demo.places import Places
from shuniu.desk.enums import Channel, DisputeClass
from shuniu.desk.public import (
    Case,
    Mediation,
    MediationAgreement,
    MediationSession,
    Story,
    Told,
    write_past,
)
from shuniu.kernel.calendar import Calendar
from shuniu.kernel.period import FOREVER
from shuniu.registry.enums import Standing
from shuniu.registry.public import Coverage, Employer, Person

COUNT = 62
CLAIMS = {
    DisputeClass.RELATION: ("要求确认劳动关系", "入职未签合同，工资现金发放，单位否认劳动关系。", "确认自入职之日起存在劳动关系。"),
    DisputeClass.CONTRACT: ("未签书面劳动合同争议", "入职满八个月，单位一直未签订书面劳动合同。", "支付未签书面劳动合同的二倍工资差额。"),
    DisputeClass.DISMISSAL: ("被口头辞退", "主管口头通知次日不用上班，没有书面通知和理由。", "撤销辞退决定或者支付赔偿金。"),
    DisputeClass.CONDITIONS: ("年休假未安排", "连续两年未安排年休假，也未支付报酬。", "支付未休年休假工资报酬。"),
    DisputeClass.MONEY: ("拖欠工资", "单位以资金周转为由，已三个月未足额发放工资。", "支付拖欠的工资。"),
}  # fmt: skip
WEIGHTS = (6, 10, 13, 11, 22)
ENDS = ("performed", "agreed", "failed", "refused", "withdrawn", "declined")
END_WEIGHTS = (46, 7, 20, 14, 6, 5)


@dataclass(slots=True)
class Tale:
    """A mediation with what stands beside its case."""

    story: Story
    dispute: DisputeClass
    other: str
    end: str
    amount: int
    people: int
    known_on: date
    days: dict[str, datetime]


def mediate(desk: Desk, built: Places, random: Random) -> list[Case]:
    """Write the mediations of 2026 as they stand this morning."""
    sides = _sides(random)
    servers = desk.servers["mediation"]
    tales = [_tale(at, sides[number % len(sides)], servers, random) for number, at in enumerate(_moments(random))]
    tales += _on_their_way(sides, servers, random)
    tales.sort(key=lambda tale: tale.story.opened_at)
    cases = write_past(desk.lines["mediation"], [tale.story for tale in tales], NOW)
    _beside(tales, cases)
    return cases


def _sides(random: Random) -> list[tuple[int, int, str]]:
    """Members and their employers."""
    employers = dict(Coverage.everything.filter(ends_on=FOREVER).values_list("organisation_id", "employer_id"))
    names = dict(Employer.everything.filter(closed_on=None).values_list("pk", "name"))
    rows = Person.everything.filter(standing=Standing.ACTIVE, home_id__in=employers).order_by("pk")
    found = [
        (person, employers[home], names[employers[home]])
        for person, home in rows.values_list("pk", "home_id")[5::37]
        if employers[home] in names
    ]
    random.shuffle(found)
    return found


def _moments(random: Random) -> list[datetime]:
    calendar, first = Calendar.official(), date(2026, 1, 5)
    work = [day for n in range(300) if calendar.is_workday(day := first + timedelta(days=n))]
    return [_at(day, random) for day in sorted(random.choices(work, k=COUNT))]


def _at(day: date, random: Random) -> datetime:
    return datetime.combine(day, time(random.randint(1, 8), random.randint(0, 59)), UTC)


def _tale(at: datetime, side: tuple[int, int, str], servers: Sequence[Server], random: Random) -> Tale:
    dispute = random.choices(list(DisputeClass), WEIGHTS)[0]
    end = random.choices(ENDS, END_WEIGHTS)[0]
    server = servers[random.randrange(len(servers))]
    tale = _begun(at, side, dispute, end, server if end in {"performed", "agreed", "failed"} else None, random)
    _go(tale, server.user.name, random)
    return tale


def _begun(
    at: datetime, side: tuple[int, int, str], dispute: DisputeClass, end: str, server: Server | None, random: Random
) -> Tale:
    person, employer, other = side
    title, facts, claim = CLAIMS[dispute]
    people = random.choice((1, 1, 1, 1, 1, 2, 3, 5, 12))
    amount = 0 if dispute == DisputeClass.RELATION else random.randrange(30, 600) * 100 * people
    known = timezone.localtime(at).date() - timedelta(days=random.randint(10, 200))
    answers: dict[str, Any] = {
        "dispute": str(dispute), "other_side": other, "facts": facts, "claim": claim, "amount": amount, "people": people,
        "since": known.isoformat(), "arrears": dispute == DisputeClass.MONEY,
    }  # fmt: skip
    story = Story(
        title=title, answers=answers, opened_at=at, channel=random.choice((Channel.WEB, Channel.VISIT)), filer=person,
        employer=employer, handler=server.user.pk if server else None, professional=server.professional if server else None,
        provider=server.provider if server else None,
    )  # fmt: skip
    return Tale(story, dispute, other, end, amount * 100, people, known, {"received": at})


def _go(tale: Tale, by: str, random: Random) -> None:
    """Asked, accepted within three working days, mediated within fifteen days, performed in the month after."""
    at, desk = tale.story.opened_at, "秦语桐"
    told: list[Told] = []

    def step(name: str, days: float, text: str = "", who: str = desk, *, by_filer: bool = False) -> None:
        nonlocal at
        at = at + timedelta(days=days, minutes=random.randint(5, 90))
        tale.days[name] = at
        told.append(Told(at, name, text, "" if by_filer else who, by_filer))

    if tale.end == "declined":
        step("decline", 1, "争议属于行政管理事项，不属于劳动争议调解范围。")
    else:
        step("ask_other", 0.2)
        if tale.end == "refused":
            step("refuse", 1, "用人单位不同意调解，您可以依法申请劳动争议仲裁。")
        elif tale.end == "withdrawn":
            step("withdraw", 2, by_filer=True)
        else:
            step("accept", random.choice((0.5, 1)))
            step("assign", 0.2, by)
            _mediate(tale, by, step, random)
    _tell(tale, told)


def _mediate(tale: Tale, by: str, step: Any, random: Random) -> None:
    length = random.randint(3, 10)
    if tale.end == "failed":
        step("fail", length, "双方分歧较大，未达成调解协议，可以依法申请仲裁。", by)
        return
    step("agree", length, "双方达成调解协议并签字盖章。", by)
    if tale.end == "performed":
        step("perform", random.randint(3, 25), "", by)


def _tell(tale: Tale, told: Sequence[Told]) -> None:
    values = {name: getattr(tale.story, name) for name in Story.__slots__}
    tale.story = Story(**{**values, "told": tuple(one for one in told if one.at <= NOW)})


def _on_their_way(sides: Sequence[tuple[int, int, str]], servers: Sequence[Server], random: Random) -> list[Tale]:
    """Just come in, waiting for the other side, accepted, being mediated with little time left, agreed and overdue."""
    found = []
    for number, (days, end) in enumerate(
        ((0, "new"), (2, "asked"), (2, "accepted"), (13, "working"), (6, "working"), (45, "open"))
    ):
        at = NOW - timedelta(days=days, hours=2 if days else 0, minutes=30)
        server = servers[0]
        handled = end in {"working", "open"}
        side, dispute = sides[-1 - number], list(DisputeClass)[-1 - number % 5]
        tale = _begun(at, side, dispute, end, server if handled else None, random)
        way = {"new": 0, "asked": 1, "accepted": 2, "working": 3, "open": 4}[end]
        names = ("ask_other", "accept", "assign", "agree")[:way]
        told = []
        for place, name in enumerate(names):
            moment = at + timedelta(hours=3 * (place + 1)) if name != "agree" else at + timedelta(days=8)
            tale.days[name] = moment
            told.append(Told(moment, name, "双方达成调解协议并签字盖章。" if name == "agree" else "", "秦语桐"))
        _tell(tale, told)
        found.append(tale)
    return found


def _beside(tales: Sequence[Tale], cases: Sequence[Case]) -> None:
    pairs = list(zip(tales, cases, strict=True))
    Mediation.everything.bulk_create(_row(tale, case) for tale, case in pairs)
    MediationSession.everything.bulk_create(
        MediationSession(
            case=case, number=number, held_at=tale.days["assign"] + timedelta(days=number), place="区总工会职工服务中心调解室",
            present="申请人；用人单位人事负责人；调解员",
            record="调解员核对身份、告知权利义务。双方陈述事实和请求，围绕金额和支付时间进行协商。",
        )
        for tale, case in pairs
        if "assign" in tale.days
        for number in ((1, 2) if "agree" in tale.days else (1,))
        if tale.days["assign"] + timedelta(days=number) < NOW
    )  # fmt: skip
    MediationAgreement.everything.bulk_create(_agreement(tale, case) for tale, case in pairs if "agree" in tale.days)


def _row(tale: Tale, case: Case) -> Mediation:
    ended = next(
        (tale.days[name] for name in ("agree", "fail", "refuse", "withdraw", "decline") if name in tale.days), None
    )
    received, last = timezone.localtime(case.opened_at).date(), _day(ended)
    answered = tale.days.get("refuse") or tale.days.get("accept")
    return Mediation(
        case=case, dispute=tale.dispute, application="oral" if case.channel == Channel.VISIT else "written",
        amount=tale.amount, people=tale.people, known_on=tale.known_on, is_arrears=tale.dispute == DisputeClass.MONEY,
        representatives="林代表\n周代表" if tale.people >= 10 else "", other_side=tale.other, other_contact="人力资源部",
        received_on=received, asked_on=_day(tale.days.get("ask_other")), answered_on=_day(answered),
        is_consented=None if answered is None else "refuse" not in tale.days, accepted_on=_day(tale.days.get("accept")),
        agreed_on=_day(tale.days.get("agree")), ended_on=last,
        days=(last - received).days if last else None,
    )  # fmt: skip


def _agreement(tale: Tale, case: Case) -> MediationAgreement:
    on = _day(tale.days["agree"]) or TODAY
    performed = _day(tale.days.get("perform"))
    sum_agreed = tale.amount * 8 // 10
    return MediationAgreement(
        case=case, terms="一、用人单位于约定期限内一次性支付约定款项。\n二、双方就本争议再无其他纠纷。", amount=sum_agreed,
        perform_by=on + timedelta(days=30), worker_on=on, employer_on=on, mediator_on=on, sealed_on=on,
        performed_on=performed, followed_up_on=performed, follow_up="已按约定支付。" if performed else "",
        confirmed_on=on + timedelta(days=4) if case.pk % 3 == 0 and on + timedelta(days=4) < TODAY else None,
    )  # fmt: skip


def _day(moment: datetime | None) -> date | None:
    return timezone.localtime(moment).date() if moment else None

"""A year of duty of 22 lawyers, counsellors with their hours, bookings past and ahead, a swap, a crisis; nobody real."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import cycle
from random import Random

from shuniu.accounts.public import User
from shuniu.demo.providers import Hub
from shuniu.desk.enums import (
    BookingState,
    CrisisLevel,
    CrisisStep,
    LineRole,
    Meeting,
    RosterState,
    ShiftState,
    SolvingState,
    SwapState,
    Theme,
)
from shuniu.desk.public import (
    Booking,
    Consent,
    Course,
    Crisis,
    CrisisTask,
    Hotline,
    NightDuty,
    Roster,
    ServiceLine,
    Shift,
    Swap,
    TeamMember,
    WorkPlan,
    add_staff,
    blueprints,
    fill_roster,
    publish_line,
    set_up_line,
)
from shuniu.hub.enums import ServiceKind
from shuniu.hub.public import Conflict, Professional
from shuniu.kernel.period import FOREVER
from shuniu.kernel.scope import Actor
from shuniu.registry.public import Coverage, Organisation, Person

TODAY = date(2026, 11, 25)
"""The demo's services run on to this day."""
NOW = datetime(2026, 11, 25, 1, tzinfo=UTC)
MADE = datetime(2025, 12, 18, 2, tzinfo=UTC)
PLACE, PHONE = "区职工服务中心一楼法律援助窗口", "12351"
COUNSELLORS = 12
OWN_DAYS = (TODAY, date(2026, 12, 3), date(2026, 12, 16))
"""Days on which the lawyer with the account is on duty."""
HOURS: Sequence[Mapping[str, Mapping[str, str]]] = (
    {"a": {"1": "13:30-17:30", "3": "13:30-17:30"}},
    {"a": {"0": "09:00-12:00"}, "b": {"2": "09:00-12:00"}},
    {"a": {"4": "09:00-12:00, 13:30-16:30"}},
    {"a": {"2": "18:00-20:00", "5": "09:00-11:00"}},
)
APPROACHES = ("认知行为", "家庭治疗", "人本取向", "正念")
ASKED = (
    "拖欠工资两个月",
    "单位不签劳动合同",
    "加班费计算",
    "工伤认定",
    "解除合同补偿",
    "社保补缴",
    "年休假工资",
    "竞业限制",
)


@dataclass(frozen=True, slots=True)
class Desk:
    """What was built."""

    advice: ServiceLine
    counselling: ServiceLine
    roster: Roster


def build(root: Organisation, users: Mapping[str, User], hub: Hub, actor: Actor) -> Desk:
    """Fill rosters and bookings of the district."""
    advice = _line(root, ServiceKind.ADVICE, "legal-advice", "FZ", "职工法律咨询", actor)
    counselling = _line(root, ServiceKind.COUNSELLING, "counselling", "XL", "职工心理咨询", actor)
    roster = _roster(advice, hub, users["district"])
    _swaps(roster, users["lawyer"])
    people = _people(root)
    member = Person.everything.get(pk=users["member"].person_id or 0)
    _advice_bookings(roster, [member, *people[:150]])
    _counselling(counselling, hub, users, people[150:210])
    _help(root, counselling, hub)
    return Desk(advice, counselling, roster)


def _line(root: Organisation, kind: ServiceKind, key: str, prefix: str, name: str, actor: Actor) -> ServiceLine:
    known = ServiceLine.everything.filter(organisation=root, kind=kind).order_by("pk").first()
    if known is not None:
        return known
    line = set_up_line(
        organisation=root, blueprint=blueprints()[kind], key=key, prefix=prefix, name=name, actor=actor, now=MADE
    )
    publish_line(line, actor=actor, now=MADE)
    line.refresh_from_db()
    return line


def _roster(line: ServiceLine, hub: Hub, publisher: User) -> Roster:
    roster: Roster = Roster.everything.create(
        line=line, organisation=line.organisation, starts_on=date(2026, 1, 1), ends_on=date(2027, 1, 1),
        place=PLACE, phone=PHONE, state=RosterState.PUBLISHED, solving=SolvingState.DONE, made_at=MADE,
        published_at=MADE + timedelta(days=2), published_by=publisher,
    )  # fmt: skip
    TeamMember.everything.bulk_create(
        TeamMember(roster=roster, professional=one, avoids=[index % 5] if index % 4 == 0 else [])
        for index, one in enumerate(hub.people["lawyers"])
    )
    lawyer = hub.people["lawyers"][0]
    fill_roster(roster, dict.fromkeys(OWN_DAYS, lawyer.pk))
    _attend(roster)
    return roster


def _attend(roster: Roster) -> None:
    """What became of the duties whose day has come: most were kept, some by the substitute, two by nobody."""
    rows = list(Shift.everything.filter(roster=roster, day__lt=TODAY).order_by("day", "pk"))
    for index, shift in enumerate(rows, start=1):
        shift.state = (
            ShiftState.MISSED if index % 97 == 0 else ShiftState.COVERED if index % 31 == 0 else ShiftState.PRESENT
        )
        if shift.state != ShiftState.MISSED:
            shift.came_at = _at(shift.day, time(8, 40 + index % 20))
    Shift.everything.bulk_update(rows, ["state", "came_at"], batch_size=300)


def _swaps(roster: Roster, lawyer: User) -> None:
    """One offer that is open and one that waits for approval; the lawyer's own duty of today stays hers."""
    coming = Shift.everything.filter(roster=roster, day__gt=TODAY + timedelta(days=6)).order_by("day")
    others = [one for one in coming.select_related("professional") if one.professional.user_id != lawyer.pk]
    offered, taken = others[0], others[4]
    Swap.everything.create(
        shift=offered, offered_by=offered.professional, reason="当天开庭", offered_at=NOW - timedelta(hours=20)
    )
    taker = next(one for one in others[9:] if one.professional.provider_id != taken.professional.provider_id)
    Swap.everything.create(
        shift=taken, offered_by=taken.professional, taken_by=taker.professional, in_return=taker,
        reason="外出培训", state=SwapState.TAKEN, offered_at=NOW - timedelta(days=2),
    )  # fmt: skip


def _people(root: Organisation) -> list[Person]:
    """Members whose employer none of the firms serves."""
    served = Conflict.everything.values("employer_id")
    unions = Coverage.everything.filter(employer_id__in=served).values("organisation_id")
    rows = Person.everything.filter(home__isnull=False).exclude(home_id__in=unions)
    return list(rows.order_by("pk")[40:280])


def _advice_bookings(roster: Roster, people: Sequence[Person]) -> None:
    """Two or three bookings on each day of duty from October on."""
    shifts = Shift.everything.filter(roster=roster, day__gte=date(2026, 10, 9), day__lt=date(2026, 12, 24))
    random, visitors, found = Random(7), cycle(people[1:]), []  # noqa: S311 -- a demo, to be the same each time
    for shift in shifts.order_by("day"):
        for hour in random.sample((9, 10, 11, 14, 15, 16), 2 + shift.day.day % 2):
            ahead = shift.day >= TODAY
            state = BookingState.CONFIRMED if ahead else random.choices(
                (BookingState.ATTENDED, BookingState.MISSED, BookingState.CANCELLED), (88, 5, 7)
            )[0]  # fmt: skip
            found.append(_booking(roster, shift, hour, next(visitors), state, random.choice(ASKED)))
    coming = next(one for one in found if one.starts_at > NOW + timedelta(days=2))
    coming.person = people[0]
    Booking.everything.bulk_create(found, batch_size=300)


def _booking(roster: Roster, shift: Shift, hour: int, person: Person, state: BookingState, topic: str) -> Booking:
    starts_at = _at(shift.day, time(hour))
    made_at = min(starts_at, NOW) - timedelta(days=2, hours=hour)
    return Booking(
        line_id=roster.line_id, shown_to=roster.organisation, professional_id=shift.professional_id, person=person,
        topic=topic, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=roster.slot_minutes),
        place=roster.place, state=state, made_at=made_at,
        settled_at=None if state == BookingState.CONFIRMED else starts_at,
    )  # fmt: skip


def _counselling(line: ServiceLine, hub: Hub, users: Mapping[str, User], people: Sequence[Person]) -> None:
    counsellors = hub.people["counsellors"][:COUNSELLORS]
    add_staff(line, users["counsellor"], LineRole.SUPERVISES, actor=Actor.system("演示数据"), now=MADE)
    WorkPlan.everything.bulk_create(
        WorkPlan(
            line=line, professional=one, starts_on=date(2026, 1, 5), ends_on=FOREVER, hours=HOURS[index % 4],
            minutes=50, buffer=10, meeting=Meeting.VIDEO if index % 4 == 3 else Meeting.VISIT,
            place="视频会议（链接于预约后发送）" if index % 4 == 3 else f"职工心理驿站{index % 3 + 1}号室",
            approach=APPROACHES[index % 4], sex="F" if index % 3 else "M",
        )
        for index, one in enumerate(counsellors)
    )  # fmt: skip
    _sessions(line, counsellors[0], people)
    _crisis(line, users["counsellor"])


def _sessions(line: ServiceLine, counsellor: Professional, people: Sequence[Person]) -> None:
    """The Tuesdays and Thursdays of the counsellor with the account, from September to the middle of December."""
    themes, visitors = cycle(Theme), cycle(people)
    found: list[Booking] = []
    day = date(2026, 9, 1)
    while day < date(2026, 12, 15):
        if day.weekday() in {1, 3} and not date(2026, 10, 1) <= day <= date(2026, 10, 7):
            for hour in (13, 14) if day < TODAY else (14,):
                found.append(
                    _session(line, counsellor, next(visitors), next(themes), _at(day, time(hour, 30)), len(found))
                )
        day += timedelta(days=1)
    Booking.everything.bulk_create(found, batch_size=200)


def _session(
    line: ServiceLine, counsellor: Professional, person: Person, theme: Theme, starts_at: datetime, number: int
) -> Booking:
    given = {"line": line, "person": person}
    Consent.everything.get_or_create(
        **given, withdrawn_at=None,
        defaults={"version": "2026-1", "text": "心理咨询知情同意书（2026-1）", "given_at": starts_at - timedelta(days=4)},
    )  # fmt: skip
    course, _made = Course.everything.get_or_create(
        **given, theme=theme, year=2026, defaults={"opened_at": starts_at - timedelta(days=3)}
    )
    past = BookingState.MISSED if number % 13 == 5 else BookingState.ATTENDED
    return Booking(
        **given, professional=counsellor, course=course, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=50),
        place="职工心理驿站1号室", made_at=starts_at - timedelta(days=3),
        state=past if starts_at < NOW else BookingState.CONFIRMED, settled_at=starts_at if starts_at < NOW else None,
    )  # fmt: skip


def _crisis(line: ServiceLine, counsellor: User) -> None:
    """An orange crisis of the day before: seen by an expert, the follow-ups are ahead."""
    found_at = NOW - timedelta(hours=21)
    crisis = Crisis.everything.create(
        line=line, level=CrisisLevel.ORANGE, what="近两周持续失眠，多次流露消极念头，暂无具体计划。", whom="来访者C0017",
        found_at=found_at, reported_by=counsellor,
    )  # fmt: skip
    hours = {CrisisStep.EXPERT: 4, CrisisStep.DAY: 24, CrisisStep.THREE_DAYS: 72, CrisisStep.WEEK: 168}
    for step, after in hours.items():
        done = step == CrisisStep.EXPERT
        CrisisTask.everything.create(
            crisis=crisis, step=step, due_at=found_at + timedelta(hours=after),
            done_at=found_at + timedelta(hours=2) if done else None, done_by=counsellor if done else None,
            note="已请督导会诊，与来访者商定安全计划，留有紧急联系人。" if done else "",
        )  # fmt: skip


def _help(root: Organisation, line: ServiceLine, hub: Hub) -> None:
    Hotline.everything.bulk_create(
        Hotline(organisation=root, name=name, number=number, hours=hours, note=note, order=order)
        for order, (name, number, hours, note) in enumerate(
            (
                ("全国统一心理援助热线", "12356", "24小时", ""),
                ("职工服务热线", "12351", "工作日8:30-17:30", "法律、欠薪、困难帮扶"),
            )
        )
    )
    counsellors = cycle(hub.people["counsellors"][:COUNSELLORS])
    days = (TODAY + timedelta(days=number) for number in range(-2, 37))
    NightDuty.everything.bulk_create(
        NightDuty(organisation=root, line=line, day=day, professional=next(counsellors), phone="12356") for day in days
    )


def _at(day: date, moment: time) -> datetime:
    """A moment of the day in China."""
    return datetime.combine(day, moment, UTC) - timedelta(hours=8)

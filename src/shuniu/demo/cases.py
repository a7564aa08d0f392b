"""Service lines of the district, the hospital and the college, who works for them, and 2026's cases; nobody real."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from shuniu.accounts.public import User, grant_role
from shuniu.demo.case_words import ANONYMOUS, ANSWERS, SUBJECTS, Subject
from shuniu.demo.places import Places
from shuniu.demo.providers import Hub
from shuniu.desk.enums import Channel, LineRole
from shuniu.desk.public import (
    Case,
    ServiceLine,
    Story,
    Told,
    add_staff,
    blueprints,
    publish_line,
    set_up_line,
    write_past,
)
from shuniu.kernel.calendar import Calendar
from shuniu.kernel.scope import Actor
from shuniu.registry.enums import Standing
from shuniu.registry.public import Coverage, Organisation, Person

TODAY = date(2026, 11, 25)
"""The demo's services run on to this day."""
NOW = datetime(2026, 11, 25, 1, tzinfo=UTC)
MADE = datetime(2025, 12, 15, 2, tzinfo=UTC)
COUNTS: Mapping[str, int] = {"advice": 1350, "counselling": 350, "grievance": 900, "letter": 400}
"""Cases of each line over the year: three thousand together. Mediations and repairs come beside them."""
LINES = (
    ("advice", "root", "法律咨询"),
    ("counselling", "root", "心理咨询"),
    ("mediation", "root", "劳动争议调解"),
    ("letter", "root", "主席信箱"),
    ("grievance", "hospital", "职工诉求中心"),
    ("repair", "college", "后勤报修"),
)

LEADS = {"grievance": "clerk", "repair": "college", "counselling": "counsellor", "letter": "deputy"}
"""Accounts that hand out the cases of a line; the service counter does so for the others. Vaults are kept from most."""


@dataclass(frozen=True, slots=True)
class Server:
    """Somebody who handles cases: the account, and the professional it stands for."""

    user: User
    professional: int | None = None
    provider: int | None = None


@dataclass(slots=True)
class Desk:
    """What was built: lines and who serves each, by the names of their templates."""

    lines: dict[str, ServiceLine]
    servers: dict[str, list[Server]]


def set_up(built: Places, users: Mapping[str, User], hub: Hub, actor: Actor) -> Desk:
    """Publish the six lines and say who works for them."""
    places = {"root": built.root, **built.special}
    lines = {key: _line(places[where], key, name, actor) for key, where, name in LINES}
    servers = {
        "advice": _professionals(hub, "lawyers", users, actor),
        "counselling": _professionals(hub, "counsellors", users, actor)[:12],
        "mediation": [Server(users["mediator"])],
        "letter": [Server(users["deputy"]), *_cadres(built.root, "letter", ("孟思齐", "段文嘉"), actor)],
        "grievance": [Server(users["clerk"]), *_cadres(places["hospital"], "grievance", ("侯佳宁", "汤予安"), actor)],
        "repair": [Server(users["repairer"])],
    }
    for key, line in lines.items():
        lead = users[LEADS.get(key, "desk")]
        add_staff(line, lead, LineRole.DISPATCHES, actor=actor, now=MADE)
        for server in servers[key]:
            if server.professional is None:
                add_staff(line, server.user, LineRole.SERVES, actor=actor, now=MADE)
        if key in {"advice", "mediation"}:
            add_staff(line, users["district"], LineRole.SUPERVISES, actor=actor, now=MADE)
    return Desk(lines, servers)


def _line(organisation: Organisation, key: str, name: str, actor: Actor) -> ServiceLine:
    blueprint = blueprints()[key]
    line = set_up_line(
        organisation=organisation,
        blueprint=blueprint,
        key=key,
        prefix=blueprint.prefix,
        name=name,
        actor=actor,
        now=MADE,
    )
    publish_line(line, actor=actor, now=MADE)
    return ServiceLine.everything.select_related("organisation__area", "current").get(pk=line.pk)


def _professionals(hub: Hub, key: str, users: Mapping[str, User], actor: Actor) -> list[Server]:
    """The professionals of a provider; those without an account get one that nobody has a password for."""
    people = hub.people[key]
    for number, one in enumerate(people):
        if one.user_id is None:
            one.user = _account(f"{key}{number:02d}", one.name)
            one.save(update_fields=["user"])
            _grant(one.user, "professional", None, actor)
    return [Server(one.user, one.pk, one.provider_id) for one in people if one.user is not None]


def _cadres(place: Organisation, key: str, names: Sequence[str], actor: Actor) -> list[Server]:
    found = []
    for number, name in enumerate(names):
        user = _account(f"{key}{number:02d}", name)
        _grant(user, "union_clerk", place, actor)
        found.append(Server(user))
    return found


def _account(username: str, name: str) -> User:
    return User.objects.create(username=username, name=name, password="!", password_changed_at=MADE, created_at=MADE)  # noqa: S106 -- opens nothing


def _grant(user: User, role: str, place: Organisation | None, actor: Actor) -> None:
    grant_role(
        user, role=role, organisation=place, starts_on=date(2026, 1, 1), reason="演示账号", actor=actor, now=MADE
    )


def tell_year(desk: Desk, built: Places, users: Mapping[str, User], random: Random) -> list[Case]:
    """Three thousand cases over 2026, most of them closed, the latest on their way."""
    filers = {key: _filers(built, key) for key in COUNTS}
    member = users["member"].person_id
    found: list[Case] = []
    for key, count in COUNTS.items():
        line, people = desk.lines[key], filers[key]
        stories = [
            _story(key, number, opened, people, desk.servers[key], random)
            for number, opened in enumerate(_moments(count, random))
        ]
        if key != "grievance" and member is not None:
            stories[-2:] = [_of(stories[-2], member, 0), _of(stories[-1], member, 1)]
        found += write_past(line, stories, NOW)
    return found


def _of(story: Story, person: int, place: int) -> Story:
    """The same story, filed by the member of the demo; the first was answered, the second waits."""
    values = {name: getattr(story, name) for name in story.__slots__}
    values |= {"filer": person, "contact": ("", ""), "channel": Channel.WEB}
    return Story(**values | ({"told": story.told[:1]} if place else {}))


def _filers(built: Places, key: str) -> list[tuple[int, int | None]]:
    """People who may turn to a line, with the employer of their union."""
    rows = Person.everything.filter(standing=Standing.ACTIVE).order_by("pk")
    rows = rows.filter(home=built.special["hospital"]) if key == "grievance" else rows
    people = list(rows.values_list("pk", "home_id")[:: 1 if key == "grievance" else 3])
    employers = dict(Coverage.everything.filter(ends_on__gt=TODAY).values_list("organisation_id", "employer_id"))
    return [(person, employers.get(home)) for person, home in people]


def _moments(count: int, random: Random) -> list[datetime]:
    """Moments of office hours over the year up to this morning; more towards its end."""
    calendar, first = Calendar.official(), date(2026, 1, 4)
    days = [first + timedelta(days=n) for n in range((TODAY - first).days)]
    work = [day for day in days if calendar.is_workday(day)]
    weights = [1 + place / len(work) for place in range(len(work))]
    chosen = sorted(random.choices(work, weights, k=count))
    return [_at(day, random) for day in chosen]


def _at(day: date, random: Random) -> datetime:
    minute = random.choice((*range(9 * 60, 11 * 60 + 30), *range(13 * 60 + 30, 17 * 60)))
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=minute - 8 * 60)


def _story(
    key: str,
    number: int,
    opened: datetime,
    people: Sequence[tuple[int, int | None]],
    servers: Sequence[Server],
    random: Random,
) -> Story:
    subject = random.choice(SUBJECTS[key])
    channel, filer, employer, contact = _came(key, people, random)
    server = servers[number % len(servers)]
    told = tuple(one for one in _way(key, subject, opened, server, random) if one.at <= NOW)
    given = told != () and told[0].move == "assign"
    answers: dict[str, Any] = {**subject.answers, "facts": subject.facts}
    return Story(
        title=subject.title, answers=answers, opened_at=opened, channel=channel, filer=filer, employer=employer,
        contact=contact, handler=server.user.pk if given else None, professional=server.professional if given else None,
        provider=server.provider if given else None, told=told,
    )  # fmt: skip


def _came(
    key: str, people: Sequence[tuple[int, int | None]], random: Random
) -> tuple[Channel, int | None, int | None, tuple[str, str]]:
    """How a case came in and from whom."""
    draw = random.random()
    if key in ANONYMOUS and draw < ANONYMOUS[key]:
        return Channel.ANONYMOUS, None, None, ("", "")
    person, employer = random.choice(people)
    if draw > 0.93:
        name = random.choice(("李先生", "王女士", "张师傅", "陈女士", "刘师傅"))
        return Channel.PHONE, None, None, (name, f"139{random.randrange(10**8):08d}")
    channel = random.choices((Channel.WEB, Channel.PHONE, Channel.VISIT), (6, 3, 1))[0]
    return channel, person, employer, ("", "")


def _way(key: str, subject: Subject, opened: datetime, server: Server, random: Random) -> Iterator[Told]:
    """What became of a case, step by step, at a pace that keeps most limits and misses a few."""
    by, slow = server.user.name, random.random() < 0.07
    at = _later(opened, 0.2 if not slow else 1.4, random)
    yield Told(at, "assign", by={"advice": "秦语桐", "counselling": "苏凝", "letter": "董思源"}.get(key, by))
    at = _later(at, 0.3 if not slow else 2.0, random)
    yield Told(at, "accept", by=by)
    if random.random() < 0.08:
        at = _later(at, 0.3, random)
        yield Told(at, "ask", "请补充有关材料，可以直接上传。", by)
        at = _later(at, 3.0, random)
        yield Told(at, "go_on", by_filer=True)
    at = _later(
        at, {"advice": 0.9, "counselling": 5.0, "grievance": 2.0, "letter": 2.2}[key] * (5 if slow else 1), random
    )
    yield Told(at, "answer", random.choice(ANSWERS[key]), by)
    if random.random() < 0.03:
        at = _later(at, 1.0, random)
        yield Told(at, "redo", "问题还没有解决。", by_filer=True)
        at = _later(at, 2.0, random)
        yield Told(at, "answer", "已再次核实并处理，请查看。", by)
    at = _later(at, 2.0, random)
    yield Told(at, "close", by=by, by_filer=random.random() < 0.4)
    if random.random() < 0.015:
        at = _later(at, 4.0, random)
        yield Told(at, "reopen", "情况又发生了，请再看看。", by_filer=True)
        at = _later(at, 2.0, random)
        yield Told(at, "answer", "已重新处理。", by)
        yield Told(_later(at, 1.0, random), "close", by=by)


def _later(at: datetime, days: float, random: Random) -> datetime:
    """Some working days later, at a moment of office hours."""
    if at > NOW:
        return at + timedelta(days=1)
    calendar = Calendar.official()
    day, wanted = timezone.localtime(at).date(), random.expovariate(1 / days)
    target = calendar.workday_from(day) if wanted < 1 else calendar.add_workdays(day, min(int(wanted), 20))
    later = _at(target, random)
    return later if later > at else at + timedelta(minutes=random.randint(5, 50))

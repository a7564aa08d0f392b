"""`shuniu bench desk`: how fast a case is filed through its form, and how fast many cases are listed, on this machine.

Peers beside it: Odoo files 61 tickets a second, django-helpdesk 134 by its API, Tryton 197 by RPC. Other parts of the
desk add their figures in `PARTS`.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from functools import partial
from random import Random
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from shuniu.accounts.public import User, grant_role
from shuniu.desk import bench_rosters
from shuniu.desk.actions.lines import publish_line, set_up_line
from shuniu.desk.blueprints import blueprints
from shuniu.desk.models import Case, ServiceLine
from shuniu.desk.past import Story, Told, write_past
from shuniu.kernel.errors import ActionError
from shuniu.kernel.measuring import PASSWORD, USER, Figure, Reader, figure, seconds, site
from shuniu.kernel.models import TrailEntry
from shuniu.kernel.scope import Actor
from shuniu.kernel.trail import record
from shuniu.registry.enums import AreaKind, MembershipAct, OrganisationType, Sex
from shuniu.registry.public import Area, Entry, Organisation, Person, enter

ROWS = 200_000
CHUNK = 20_000
NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)
MEMBERS = 8
FILED = 400
SUBJECTS = (
    "工资条没有加班费",
    "空调坏了",
    "工伤认定",
    "合同到期不续签",
    "年休假安排",
    "社保缴费基数",
    "食堂卫生",
    "夜班津贴",
    "调岗降薪",
    "培训费用",
)
PLACES = ("一车间", "二车间", "北区仓库", "门诊楼", "教学楼", "客服中心", "物流园", "研发楼")
ASKED = ("空调", "加班费", "工伤认定", "北区仓库", "教学楼 食堂")
SYSTEM = Actor.system("bench")


def run(*, rows: int | None = None) -> Iterator[Figure]:
    """Build a line with `rows` cases, then measure.

    Raises:
        ActionError: the database holds something that no bench has put there.
    """
    call_command("migrate", verbosity=0)
    _clear()
    line = _line(_union())
    yield from _fill(line, rows or ROWS)
    connection.close()
    with site() as port:
        yield from _lists(port, line, rows or ROWS)
        yield from _filing(port, line, rows or ROWS)
    for part in PARTS:
        yield from part()


PARTS: list[Callable[[], Iterator[Figure]]] = [bench_rosters.figures]


def _clear() -> None:
    if not Organisation.everything.exists():
        return
    if not TrailEntry.objects.filter(verb="bench.built").exists():
        raise ActionError("The bench writes into an empty database only; name another one with --database.")
    call_command("flush", verbosity=0, interactive=False)


def _union() -> Organisation:
    area = Area.objects.create(code="B", name="区", kind=AreaKind.DISTRICT, jurisdiction="shanghai")
    union: Organisation = Organisation.everything.create(
        code="B", name="区总工会", type=OrganisationType.PRIMARY, area=area, path="0001", founded_on=date(2003, 1, 1)
    )
    record("bench.built", None, actor=SYSTEM, now=NOW, detail={"unions": 1})
    hashed = make_password(PASSWORD)
    cadre = _account(USER, hashed, None)
    grant_role(
        cadre,
        role="district_cadre",
        organisation=union,
        starts_on=date(2020, 1, 1),
        reason="bench",
        actor=SYSTEM,
        now=NOW,
    )
    for number in range(MEMBERS):
        person = Person.everything.create(
            name=f"林{number}", sex=Sex.FEMALE, home=union, id_index=number.to_bytes(16, "big"), mobile_index=None
        )
        enter([Entry(person.pk, union.pk, MembershipAct.APPROVED, date(2020, 1, 1))])
        _account(f"{USER}{number}", hashed, person)
    return union


def _account(username: str, hashed: str, person: Person | None) -> User:
    return User.objects.create(
        username=username, name=username, password=hashed, person=person, password_changed_at=NOW, created_at=NOW
    )


def _line(union: Organisation) -> ServiceLine:
    line = set_up_line(
        organisation=union,
        blueprint=blueprints()["advice"],
        key="bench",
        prefix="FL",
        name="法律咨询",
        actor=SYSTEM,
        now=NOW,
    )
    publish_line(line, actor=SYSTEM, now=NOW)
    return ServiceLine.everything.select_related("organisation__area", "current").get(pk=line.pk)


def _fill(line: ServiceLine, rows: int) -> Iterator[Figure]:
    random, spent = Random(1), 0.0  # noqa: S311 -- the same cases each time
    step = timedelta(days=300) / rows
    for first in range(0, rows, CHUNK):
        stories = [_story(NOW - timedelta(days=305) + n * step, random) for n in range(first, min(first + CHUNK, rows))]
        spent += seconds(partial(write_past, line, stories, NOW))
    yield figure("cases", "written in bulk", rows, rows / spent, "cases/s")


def _story(at: datetime, random: Random) -> Story:
    title = f"{random.choice(PLACES)}{random.choice(SUBJECTS)}{random.randrange(1000)}号"
    told = [Told(at + timedelta(hours=2), "answer", "好"), Told(at + timedelta(hours=3), "close")]
    ways = (("answer", "close"), ("answer",), ())
    chosen = random.choices(ways, (90, 5, 5))[0]
    moves = [Told(at + timedelta(hours=1), "assign"), *(one for one in told if one.move in chosen)] if chosen else []
    return Story(title, {"topic": "pay", "facts": "详情"}, at, told=moves)


def _lists(port: int, line: ServiceLine, rows: int) -> Iterator[Figure]:
    reader = Reader(port)
    reader.sign_in()
    for state in ("open", "is-closed"):
        base = {"line": line.pk, "state": state}
        pages = [f"{reverse('desk:cases')}?{urlencode({**base, 'q': text})}" for text in ASKED]
        for page in pages:
            reader.get(page)
        times = sorted(seconds(partial(reader.get, page)) * 1000 for page in pages * 12)
        yield figure("list", f"line, {state} and text, p50", rows, statistics.median(times), "ms", 80)
        yield figure("list", f"line, {state} and text, p95", rows, times[int(len(times) * 0.95)], "ms", 80)


def _filing(port: int, line: ServiceLine, rows: int) -> Iterator[Figure]:
    members = [Reader(port) for _ in range(MEMBERS)]
    for number, reader in enumerate(members):
        reader.sign_in(f"{USER}{number}")
    address = reverse("desk:file", args=[line.key])
    before = Case.everything.count()
    times = [seconds(partial(_file, members[0], address, n)) * 1000 for n in range(60)]
    yield figure("filing", "one after another, p50", rows, statistics.median(times), "ms", 25)
    with ThreadPoolExecutor(MEMBERS) as pool:
        spent = seconds(lambda: list(pool.map(partial(_file_many, address), members)))
    yield figure(
        "filing", "8 at once", rows, FILED / spent, "cases/s", 120 if connection.vendor == "postgresql" else 80
    )
    if Case.everything.count() != before + 60 + FILED:
        raise RuntimeError("not every case that was filed is there")


def _file_many(address: str, reader: Reader) -> None:
    for number in range(FILED // MEMBERS):
        _file(reader, address, number)


def _file(reader: Reader, address: str, number: int) -> None:
    """Send the form as a browser does that has it open; the token against forged forms is asked for once."""
    token = reader.cookies.get("csrftoken") or _token(reader, address)
    sent: dict[str, Any] = {
        "csrfmiddlewaretoken": token,
        "title": f"{SUBJECTS[number % 10]}{number}",
        "topic": "pay",
        "facts": "连续三个月没有发。",
    }
    status, text = reader.request("POST", address, urlencode(sent))
    if status != 302:
        raise RuntimeError(f"filing answered {status}: {re.sub('<[^>]+>', '', text)[:200]}")


def _token(reader: Reader, address: str) -> str:
    reader.get(address)
    return reader.cookies["csrftoken"]

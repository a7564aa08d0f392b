"""The demo district's members, enrolled through the same importer that takes a cadre's spreadsheet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

from django.conf import settings
from django.db import connection, transaction

from shuniu.demo.names import Names
from shuniu.demo.places import Places
from shuniu.demo.plan import NOW, THEN, Plan, shares
from shuniu.kernel.collector import without_collector
from shuniu.kernel.exchange.importer import Row, Run, importers
from shuniu.kernel.exchange.load import staged_table
from shuniu.kernel.exchange.stage import Stage
from shuniu.kernel.scope import Actor
from shuniu.registry.enums import MembershipAct, OrganisationType
from shuniu.registry.public import Entry, Person, enter

CHUNK = 5_000
BATCH_ID = 0
"""Demo rows carry the number of no import, so that nobody can undo the demo by half."""

JOBS = {
    "C": ("装配工", "数控操作工", "质检员", "电工", "仓管员"),
    "G": ("驾驶员", "分拣员", "调度员"),
    "Q": ("护士", "医师", "药师", "检验师"),
    "P": ("教师", "教务员", "宿管员"),
    "I": ("客服专员", "软件工程师", "运维工程师"),
}
OTHER_JOBS = ("营业员", "文员", "会计", "项目主管", "保洁员", "厨师")
DEPARTMENTS = ("生产部", "行政部", "市场部", "技术部", "后勤部", "一车间", "二车间", "客户部")
TAGS = {"快递": "快递员", "配送": "网约送餐员", "货运": "货车司机", "物业": "保安员"}
EDUCATION = ("初中", "高中", "大专", "大专", "本科", "本科", "硕士")


class Drawn:
    """How many members each union has, and how many of them had joined by `THEN`."""

    def __init__(self, places: Places, plan: Plan, random: Random) -> None:
        then, total = plan.unions_then, len(places.unions)
        special = [plan.organisers + 40, plan.hospital, plan.hospital // 2, 60]
        in_new = plan.members * 345 // 1000
        in_old = plan.members - in_new - sum(special)
        self.sizes = [
            *special,
            *shares(in_old, then - len(special), random, least=8),
            *shares(in_new, total - then, random, least=4),
        ]
        early = plan.members_then - plan.left
        self.early = [size * early // sum(self.sizes[:then]) for size in self.sizes[:then]] + [0] * (total - then)
        for index in range(early - sum(self.early)):
            self.early[index] += 1
        self.left = [0] * total
        for index in range(plan.left):
            self.left[index % then] += 1


def enrol(places: Places, plan: Plan, names: Names, report: Callable[[str], None]) -> None:
    """Write `plan.members` members and the `plan.left` people who were members on `THEN` and left since."""
    drawn = Drawn(places, plan, names.random)
    importer = importers()["members"]
    run = Run(BATCH_ID, Actor.system("演示数据"), datetime(2026, 9, 30, 9, tzinfo=UTC), NOW, frozenset(_keys()))
    path = Path(settings.SHUNIU_DATA) / "demo.stage.sqlite3"
    stage = Stage(path, importer.stage_columns)
    try:
        context = importer.begin(run)
        with without_collector():
            done = 0
            for rows in _chunks(_rows(places, drawn, names)):
                numbers = range(done + 2, done + 2 + len(rows))
                stage.add_chunk(numbers[-1], importer.check_chunk(context, numbers, rows))
                done += len(rows)
        if stage.counts().wrong:
            raise RuntimeError(f"the demo world is wrong: {stage.problems(limit=1)}")
        with staged_table(connection, stage) as staged:
            importer.apply(run, staged, lambda _done, _total: None)
    finally:
        stage.delete()
    report(f"{done:,} people enrolled")
    _leave(names.random)


def _keys() -> Sequence[str]:
    return [column.key for column in importers()["members"].sheet.columns]


def _chunks(rows: Iterator[Row]) -> Iterator[list[Row]]:
    chunk: list[Row] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


LEAVING = "待离会"
"""What marks, in the column of jobs, those who are to leave; rewritten when they do."""


def _rows(places: Places, drawn: Drawn, names: Names) -> Iterator[Row]:
    keys, random = _keys(), names.random
    for index, union in enumerate(places.unions):
        industry = places.industry[index]
        jobs = JOBS.get(industry, OTHER_JOBS)
        tag = next((tag for word, tag in TAGS.items() if word in union.name), "")
        share = 0.72 if industry in {"Q", "P"} else 0.3 if industry in {"E", "G"} else 0.45
        size, early, left = drawn.sizes[index], drawn.early[index], drawn.left[index]
        for number in range(size + left):
            joined = _joined(union.founded_on, number < early or number >= size, random)
            born = joined - timedelta(days=365 * 20 + int(random.random() * 365 * 24))
            woman = random.random() < share
            cells = {
                "name": names.person(woman=woman),
                "id_number": names.id_number(f"{born:%Y%m%d}", woman=woman),
                "mobile": names.mobile(),
                "organisation": union.code,
                "joined_on": joined.isoformat(),
                "ethnicity": "汉族" if random.random() < 0.96 else "回族",
                "political": "党员" if random.random() < 0.12 else "群众",
                "education": random.choice(EDUCATION),
                "household": "农业" if random.random() < 0.35 else "非农业",
                "is_migrant": "是" if random.random() < 0.25 else "否",
                "employment": "新业态" if tag else "派遣" if random.random() < 0.08 else "合同",
                "department": random.choice(DEPARTMENTS),
                "job": LEAVING if number >= size else random.choice(jobs),
                "tags": tag if union.type == OrganisationType.JOINT else "",
            }
            yield tuple(cells.get(key, "") for key in keys)


def _joined(founded: date, early: bool, random: Random) -> date:  # noqa: FBT001 -- one of two kinds of member
    luck = random.random()
    if founded <= THEN and not early:
        day = THEN + timedelta(days=1 + int(random.random() * (NOW - THEN).days))
        return day if luck < 0.4 else _quarter(day)
    if luck < 0.65:
        return founded
    last = THEN if early else NOW
    return founded + timedelta(days=int(random.random() * ((last - founded).days + 1)))


def _quarter(day: date) -> date:
    """Collective enrolment: the first day of the quarter, where that is after `THEN`."""
    first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    return first if first > THEN else day


@transaction.atomic
def _leave(random: Random) -> None:
    people = Person.everything.filter(job=LEAVING).values_list("pk", "home_id").order_by("pk")
    entries = [
        Entry(pk, home, MembershipAct.LEFT, _quarter(THEN + timedelta(days=100 + int(random.random() * 1500))), "离职")
        for pk, home in people
    ]
    enter(entries)
    Person.everything.filter(job=LEAVING).update(job="")

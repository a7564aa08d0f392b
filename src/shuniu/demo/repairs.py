"""A year of repairs in the college: two clocks, waits for parts, materials, repeats, calls back; one is overdue right now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from shuniu.demo.cases import NOW, TODAY, Desk, Server
from shuniu.demo.places import Places
from shuniu.desk.enums import Channel, ChargedTo
from shuniu.desk.public import (
    Case,
    Material,
    PartsWait,
    Repair,
    Story,
    Told,
    is_urgent_fault,
    place_index,
    sample,
    write_past,
)
from shuniu.registry.enums import Standing
from shuniu.registry.public import Person

DAYS = 330
"""So many repairs, about one a day, and those that are on their way."""
BUILDINGS = ("1号楼", "2号楼", "3号楼", "实验楼", "图书馆", "行政楼", "体育馆", "职工公寓")
FAULTS: Sequence[tuple[str, int, tuple[str, ...]]] = (
    ("leak", 9, ("卫生间水管漏水", "开水间爆管", "洗手池下方漏水")),
    ("power", 7, ("办公室突然停电", "走廊短路跳闸")),
    ("locked", 2, ("门锁损坏打不开门",)),
    ("water", 22, ("下水道堵塞", "水龙头关不严", "冲水阀失灵")),
    ("light", 24, ("教室灯管不亮", "楼道灯闪烁", "插座没电")),
    ("door", 14, ("门把手松动", "窗户关不上", "闭门器漏油")),
    ("air", 11, ("空调不制冷", "暖气不热", "空调漏水")),
    ("furniture", 6, ("课桌椅松动", "文件柜滑轨脱落")),
    ("network", 5, ("网口无信号", "电话有杂音")),
)
MENDED = ("已更换配件，恢复正常。", "已疏通并清理现场。", "已维修，现场试用正常。", "已紧固并更换密封件。")
PARTS = {
    "leak": "DN20 球阀",
    "power": "空气开关",
    "air": "压缩机电容",
    "door": "闭门器",
    "water": "冲水阀芯",
    "light": "LED 灯管",
}
STOCK = {
    "leak": (("DN20 球阀", "个", 3_800), ("生料带", "卷", 200)), "power": (("空气开关 32A", "个", 4_600), ("铜芯线 4mm²", "米", 520)),
    "locked": (("锁芯", "个", 6_500),), "water": (("冲水阀芯", "个", 2_900),), "light": (("LED 灯管 18W", "支", 1_850),),
    "door": (("闭门器", "个", 7_800),), "air": (("启动电容", "个", 3_200), ("制冷剂 R32", "公斤", 9_500)), "furniture": (("滑轨", "副", 2_400),),
    "network": (("网络模块", "个", 1_200),),
}  # fmt: skip
LIMITS = {"leak": 15, "power": 15, "locked": 20, "water": 480, "light": 480, "door": 480, "network": 480}


@dataclass(slots=True)
class Tale:
    """A repair with what stands beside its case."""

    story: Story
    fault: str
    building: str
    room: str
    place_kind: str
    arrived_at: datetime | None = None
    fixed_at: datetime | None = None
    signed_at: datetime | None = None
    waits: list[tuple[str, datetime, datetime | None, date | None]] = field(default_factory=list)


def mend(desk: Desk, built: Places, random: Random) -> list[Case]:
    """Write the repairs of 2026 as they stand this morning."""
    reporters = list(
        Person.everything.filter(home=built.special["college"], standing=Standing.ACTIVE)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    servers = desk.servers["repair"]
    tales = [_tale(at, reporters, servers, random) for at in _moments(random)]
    tales += _on_their_way(reporters, servers)
    tales.sort(key=lambda tale: tale.story.opened_at)
    cases = write_past(desk.lines["repair"], [tale.story for tale in tales], NOW)
    _beside(tales, cases, random)
    return cases


def _moments(random: Random) -> list[datetime]:
    """Half past seven in the morning until ten at night, every day of the year until yesterday."""
    first = date(2026, 1, 4)
    days = sorted(random.randrange((TODAY - first).days - 1) for _ in range(DAYS))
    return [
        datetime(first.year, first.month, first.day, tzinfo=UTC) + timedelta(days=day, minutes=random.randint(-30, 820))
        for day in days
    ]


def _tale(at: datetime, reporters: Sequence[int], servers: Sequence[Server], random: Random) -> Tale:
    fault, _weight, titles = random.choices(FAULTS, [weight for _key, weight, _titles in FAULTS])[0]
    building = random.choice(BUILDINGS)
    room = f"{random.randint(1, 6)}{random.randint(1, 18):02d}"
    kind = "home" if building == "职工公寓" else "lab" if building == "实验楼" and random.random() < 0.3 else "public"
    server = random.choice(servers)
    tale = Tale(_story(at, random.choice(titles), fault, f"{building}{room}", kind, random.choice(reporters), server),
                fault, building, room, kind)  # fmt: skip
    _go(tale, server, random)
    return tale


def _story(
    at: datetime,
    title: str,
    fault: str,
    place: str,
    kind: str,
    filer: int,
    server: Server | None,
    told: Sequence[Told] = (),
) -> Story:
    answers: dict[str, Any] = {"fault": fault, "place": place, "place_kind": kind, "facts": title}
    return Story(
        title=title, answers=answers, opened_at=at, channel=Channel.WEB, filer=filer,
        handler=server.user.pk if server else None, professional=server.professional if server else None,
        provider=server.provider if server else None, told=tuple(told),
    )  # fmt: skip


def _go(tale: Tale, server: Server, random: Random) -> None:
    """Handed out at once, mostly there and mended in time, now and then waiting for a part; signed off the day after."""
    by, limit = server.user.name, LIMITS.get(tale.fault, 1440)
    sent = tale.story.opened_at + timedelta(minutes=2 if limit < 60 else random.randint(5, 60))
    share = random.uniform(0.3, 0.95) if random.random() < 0.96 else random.uniform(1.1, 2.5)
    arrived = max(tale.story.opened_at + timedelta(minutes=limit * share), sent + timedelta(minutes=1))
    told = [Told(sent, "assign", by="蒋文博"), Told(arrived, "arrive", by=by)]
    at = arrived + timedelta(minutes=random.randint(15, 150))
    if tale.fault in PARTS and random.random() < 0.11:
        came = at + timedelta(hours=random.randint(18, 70))
        tale.waits.append((PARTS[tale.fault], at, came, (came + timedelta(hours=8)).date()))
        told += [Told(at, "wait", PARTS[tale.fault], by), Told(came, "go_on", by=by)]
        at = came + timedelta(minutes=random.randint(20, 90))
    if random.random() < 0.05:
        at += timedelta(hours=60)
    told.append(Told(at, "fix", random.choice(MENDED), by))
    signed = at + timedelta(hours=random.randint(1, 40))
    tale.arrived_at, tale.fixed_at = arrived, at
    if signed < NOW:
        tale.signed_at = signed
        told.append(Told(signed, "close", by_filer=True))
    _tell(tale, [one for one in told if one.at <= NOW])


def _tell(tale: Tale, told: Sequence[Told]) -> None:
    values = {name: getattr(tale.story, name) for name in Story.__slots__}
    tale.story = Story(**{**values, "told": tuple(told)})


def _on_their_way(reporters: Sequence[int], servers: Sequence[Server]) -> list[Tale]:
    """Overdue at this moment, on the spot, waiting for a part, not handed out, mended and not signed off, and a repeat."""
    first, minute = servers[0], timedelta(minutes=1)
    by = first.user.name

    def tale(minutes: int, title: str, fault: str, place: tuple[str, str], *, server: Server | None = first) -> Tale:
        at = NOW - minutes * minute
        story = _story(at, title, fault, "".join(place), "public", reporters[minutes % len(reporters)], server)
        found = Tale(story, fault, *place, "public")
        if server is not None:
            _tell(found, [Told(at + 2 * minute, "assign", by="蒋文博")])
        return found

    overdue = tale(50, "开水间爆管漏水", "leak", ("2号楼", "一层开水间"))
    there = tale(130, "走廊短路跳闸", "power", ("3号楼", "四层走廊"))
    there.arrived_at = NOW - 118 * minute
    _tell(there, [*there.story.told, Told(there.arrived_at, "arrive", by=by)])
    waiting = tale(2 * 1440, "空调不制冷", "air", ("行政楼", "305"))
    waiting.arrived_at, since = NOW - 2800 * minute, NOW - 2760 * minute
    waiting.waits.append(("压缩机电容", since, None, date(2026, 11, 27)))
    _tell(
        waiting, [*waiting.story.told, Told(waiting.arrived_at, "arrive", by=by), Told(since, "wait", "压缩机电容", by)]
    )
    mended = tale(1500, "楼道灯闪烁", "light", ("1号楼", "三层"))
    mended.arrived_at, mended.fixed_at = NOW - 1300 * minute, NOW - 1250 * minute
    _tell(
        mended,
        [*mended.story.told, Told(mended.arrived_at, "arrive", by=by), Told(mended.fixed_at, "fix", MENDED[0], by)],
    )
    before = tale(4 * 1440, "下水道堵塞", "water", ("图书馆", "二层卫生间"))
    before.arrived_at, before.fixed_at, before.signed_at = (NOW - n * minute for n in (5700, 5600, 5000))
    _tell(before, [*before.story.told, Told(before.arrived_at, "arrive", by=by), Told(before.fixed_at, "fix", MENDED[1], by),
                   Told(before.signed_at, "close", by_filer=True)])  # fmt: skip
    again = tale(90, "下水道又堵了", "water", ("图书馆", "二层卫生间"))
    free = tale(25, "插座没电", "light", ("实验楼", "210"), server=None)
    return [overdue, there, waiting, mended, before, again, free]


def _beside(tales: Sequence[Tale], cases: Sequence[Case], random: Random) -> None:
    rows = [_row(tale, case, random) for tale, case in zip(tales, cases, strict=True)]
    _find_repeats(rows)
    _call_back(rows, random)
    Repair.everything.bulk_create(rows)
    PartsWait.everything.bulk_create(
        PartsWait(
            repair=row, charged_to=ChargedTo.STORES, what=what, started_at=start, ended_at=end, expected_on=expected
        )
        for tale, row in zip(tales, rows, strict=True)
        for what, start, end, expected in tale.waits
        if start <= NOW
    )
    used = [row for row in rows if row.fixed_at and random.random() < 0.45]
    Material.everything.bulk_create(
        Material(repair=row, name=name, quantity=random.choice((100, 100, 100, 200, 150)), unit=unit, price=price)
        for row in used
        for name, unit, price in STOCK[row.fault][: random.randint(1, 2)]
    )


def _row(tale: Tale, case: Case, random: Random) -> Repair:
    fixed = tale.fixed_at if tale.fixed_at and tale.fixed_at <= NOW else None
    arrived = tale.arrived_at if tale.arrived_at and tale.arrived_at <= NOW else None
    return Repair(
        case=case, organisation=case.organisation, fault=tale.fault, building=tale.building, room=tale.room,
        place_index=place_index(tale.building, tale.room), place_kind=tale.place_kind, is_urgent=is_urgent_fault(tale.fault),
        labour=random.choice((2_000, 3_000, 5_000)) if tale.place_kind != "public" and fixed else 0,
        reported_at=case.opened_at, arrived_at=arrived, fixed_at=fixed,
        signed_at=tale.signed_at if tale.signed_at and tale.signed_at <= NOW else None,
    )  # fmt: skip


def _find_repeats(rows: Sequence[Repair]) -> None:
    """As the site does it when a repair comes in: same class of fault, same place, mended within seven days before."""
    mended: dict[tuple[Any, str], Repair] = {}
    for row in rows:
        known = mended.get((row.place_index, row.fault))
        if known and known.fixed_at and timedelta() <= row.reported_at - known.fixed_at <= timedelta(days=7):
            row.repeat_of_id = known.case_id
        if row.fixed_at:
            mended[row.place_index, row.fault] = row


def _call_back(rows: Sequence[Repair], random: Random) -> None:
    """Each month its share; the present month's calls are not all made yet."""
    by_month: dict[int, list[Repair]] = {}
    for row in rows:
        if row.fixed_at:
            by_month.setdefault((row.fixed_at + timedelta(hours=8)).month, []).append(row)
    for month, mended in by_month.items():
        drawn = sample([row.case_id for row in mended], 30, month)
        for row in mended:
            row.is_drawn = row.case_id in drawn
            if row.is_drawn and row.fixed_at and (month < TODAY.month or random.random() < 0.5):
                row.called_at = min(row.fixed_at + timedelta(days=2), NOW - timedelta(minutes=5))
                row.is_confirmed = random.random() < 0.97

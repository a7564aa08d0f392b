"""`shuniu bench registry`: how fast a district's registry is loaded, listed and counted on this machine.

Every figure stands beside a floor: the least that the same database needs for it, measured in the same run.
"""

from __future__ import annotations

import csv
import io
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stdout, suppress
from datetime import UTC, date, datetime, timedelta
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote, urlencode

from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from stdnum.cn import ric

from shuniu.kernel.errors import ActionError
from shuniu.kernel.exchange.command import run_import
from shuniu.kernel.measuring import PASSWORD, USER, Figure, Reader, figure, seconds, site
from shuniu.kernel.models import TrailEntry
from shuniu.kernel.period import FOREVER
from shuniu.kernel.scope import Actor
from shuniu.kernel.trail import record
from shuniu.registry.enums import AreaKind, OrganisationType
from shuniu.registry.models import Area, Coverage, Employer, Organisation, Person, Placement
from shuniu.registry.queries import counts
from shuniu.registry.rules.tree import code

ROWS = 550_373
ROWS_OF_A_FILE = 1_000_000
"""A spreadsheet holds no more; a larger registry comes in several files."""
PER_UNION = 30
TOWNS = 15
LAST = date(2026, 9, 30)
FRAGMENTS = ("志文", "丽", "晓禾", "王", "嘉树", "明", "雨晨", "博", "远思", "国强")
SURNAMES = "王李张刘陈杨黄赵周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = "志文明华建国丽芳娜敏静秀英强磊军洋勇艳杰娟涛超霞平刚桂兰玉梅伟林晓禾雨晨思远博嘉树辰安然宁萱"


def run(*, rows: int | None = None) -> Iterator[Figure]:
    """Build a registry of `rows` members by importing a file, then measure; yields one figure after another.

    Raises:
        ActionError: the database holds something that no bench has put there.
    """
    rows = rows or ROWS
    call_command("migrate", verbosity=0)
    _clear()
    with tempfile.TemporaryDirectory(prefix="shuniu-bench-") as folder:
        _build_unions(rows)
        _add_user()
        yield from _imports(rows, Path(folder))
        yield from _counts(rows)
        yield from _lists(rows)


def _clear() -> None:
    """Empty a database of an earlier bench; refuse any other that is not empty."""
    if not Organisation.everything.exists():
        return
    if not TrailEntry.objects.filter(verb="bench.built").exists():
        raise ActionError("The bench writes into an empty database only; name another one with --database.")
    call_command("flush", verbosity=0, interactive=False)


def _build_unions(rows: int) -> None:
    district = Area.objects.create(code="B", name="区", kind=AreaKind.DISTRICT, jurisdiction="shanghai")
    areas = [
        Area.objects.create(
            code=f"B{n:02d}", name=f"{n}镇", kind=AreaKind.TOWN, parent=district, jurisdiction="shanghai"
        )
        for n in range(TOWNS)
    ]
    root = _body("B", "区总工会", OrganisationType.FEDERATION, district, None, "0001")
    root.save()
    towns = [
        _body(f"T{n}", f"{n}镇总工会", OrganisationType.TOWN, a, root, f"0001{code(n + 1)}")
        for n, a in enumerate(areas)
    ]
    Organisation.everything.bulk_create(towns)
    unions, employers = [], []
    for n in range(max(1, rows // PER_UNION)):
        town = towns[_town(n)]
        path = f"{town.path}{code(n + 1)}"
        unions.append(_body(f"U{n}", f"第{n}号厂工会", OrganisationType.PRIMARY, town.area, town, path))
        category = ("170", "159", "300", "200", "400")[n % 5]
        employers.append(Employer(name=f"第{n}号厂", category=category, industry="C", area=town.area, territory=town))
    Organisation.everything.bulk_create(unions, batch_size=5000)
    Employer.everything.bulk_create(employers, batch_size=5000)
    Placement.everything.bulk_create(
        [
            Placement(organisation=one, parent=one.parent, path=one.path or "", starts_on=one.founded_on)
            for one in [root, *towns, *unions]
        ],
        batch_size=5000,
    )
    Coverage.everything.bulk_create(
        [Coverage(organisation=u, employer=e, starts_on=u.founded_on) for u, e in zip(unions, employers, strict=True)],
        batch_size=5000,
    )
    record("bench.built", None, actor=Actor.system("bench"), now=datetime.now(UTC), detail={"unions": len(unions)})


def _town(union: int) -> int:
    """The first town has a third of all unions, the others the rest."""
    return 0 if union % 3 == 0 else 1 + union % (TOWNS - 1)


def _body(
    number: str, name: str, kind: OrganisationType, area: Area, parent: Organisation | None, path: str
) -> Organisation:
    return Organisation(
        code=number, name=name, type=kind, area=area, parent=parent, path=path, founded_on=date(2003, 1, 1)
    )


def _add_user() -> None:
    """An account that sees the whole district, made here because the registry knows no accounts."""
    now = datetime.now(UTC)
    user = apps.get_model("accounts", "User")(
        username=USER, name="bench", password=make_password(PASSWORD), password_changed_at=now, created_at=now
    )
    user.save()
    apps.get_model("accounts", "RoleGrant").everything.create(
        user=user,
        role="district_cadre",
        organisation=Organisation.everything.get(code="B"),
        starts_on=date(2020, 1, 1),
        state="approved",
        reason="bench",
        granted_at=now,
        decided_at=now,
    )


def write_members(path: Path, first: int, last: int, rows: int) -> None:
    """People number `first` to `last` of `rows` as a cadre would have them: with right identity numbers that are nobody's."""
    random = Random(first)  # noqa: S311 -- the same file each time
    unions = max(1, rows // PER_UNION)
    start = date(2003, 1, 1)
    span = (LAST - start).days
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.writer(file)
        out.writerow(
            (
                "姓名",
                "身份证号",
                "手机号码",
                "所属工会",
                "入会日期",
                "民族",
                "政治面貌",
                "学历",
                "户籍类型",
                "是否农民工",
                "用工形式",
                "部门",
                "岗位",
            )
        )
        for n in range(first, last):
            union = n % unions
            joined = start + timedelta(days=(union * 7919) % span if n % 5 < 3 else int(random.random() * span))
            born = date(joined.year - 20 - n % 20, 1 + n % 12, 1 + n % 28)
            body = f"99{n // 1000 % 10_000:04d}{born:%Y%m%d}{n % 1000:03d}"
            name = random.choice(SURNAMES) + random.choice(GIVEN) + (random.choice(GIVEN) if n % 5 else "")
            mine = (name, body + ric.calc_check_digit(body + "0"), f"100{n:08d}", f"U{union}", joined.isoformat())
            out.writerow((*mine, "汉族", "群众", "本科", "非农业", "否", "合同", "生产部", "操作工"))


def write_workbook(source: Path, path: Path) -> None:
    """The same rows as an XLSX."""
    from openpyxl import Workbook  # noqa: PLC0415 -- slow import

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    with source.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.reader(file):
            sheet.append(row)
    book.save(path)


def _imports(rows: int, folder: Path) -> Iterator[Figure]:
    files = []
    for first in range(0, rows, ROWS_OF_A_FILE):
        files.append(folder / f"members-{first}.csv")
        _apart(write_members, files[-1], first, min(first + ROWS_OF_A_FILE, rows), rows)
    with _Memory() as memory:
        spent = sum(seconds(partial(_import, file)) for file in files)
    yield figure("import", "first load of a CSV", rows, rows / spent, "rows/s", rows / _floor_of_writing())
    yield figure("import", "peak memory with its readers", rows, memory.peak, "MB")
    _analyze()
    spent = sum(seconds(partial(_import, file)) for file in files)
    yield figure("import", "the same CSV again", rows, rows / spent, "rows/s")
    if len(files) == 1:
        workbook = folder / "members.xlsx"
        _apart(write_workbook, files[0], workbook)
        _forget_members()
        with _Memory() as memory:
            spent = seconds(partial(_import, workbook))
        yield figure("import", "first load of an XLSX", rows, rows / spent, "rows/s")
        yield figure("import", "peak memory with its readers, XLSX", rows, memory.peak, "MB")
        _analyze()


def _import(path: Path) -> None:
    """The way of the command line, upload, check and application; what it says is not for the report."""
    with redirect_stdout(io.StringIO()):
        run_import("members", path, USER)


def _apart(function: Callable[..., None], *arguments: object) -> None:
    """Run in a process of its own, so that what it needs does not count as memory of the import."""
    process = get_context("fork").Process(target=function, args=arguments)
    process.start()
    process.join()
    if process.exitcode:
        raise RuntimeError(f"{function.__name__} failed")


class _Memory(threading.Thread):
    """Watches what this process and those it started hold together, in MB; what they share counts once."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak, self._over = 0.0, threading.Event()

    def run(self) -> None:
        while not self._over.wait(0.1):
            self.peak = max(self.peak, sum(map(_held, _family(os.getpid()))) / 1024)

    def __enter__(self) -> _Memory:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self.join()


def _family(root: int) -> Iterator[int]:
    """A process and all that it started, by number."""
    yield root
    with suppress(OSError):
        for task in Path(f"/proc/{root}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from _family(int(child))


def _held(process: int) -> int:
    """The process's share of memory in kB, its pages divided by those who share them; 0 where it has ended."""
    try:
        told = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:
        return 0
    return int(told.partition("Pss:")[2].split()[0]) if "Pss:" in told else 0


def _analyze() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _forget_members() -> None:
    tables = ("persontag", "membership", "membershipevent", "yeartally", "person")
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"DELETE FROM registry_{table}")  # noqa: S608 -- constants


def _floor_of_writing() -> float:
    """Seconds to write the people's rows, prepared and without any index, as fast as the driver can."""
    names = [str(field.column) for field in Person._meta.concrete_fields]
    columns = ", ".join(names)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE bench_floor AS SELECT * FROM registry_person WHERE 1 = 0")
        spent, last = 0.0, 0
        while True:
            cursor.execute(f"SELECT {columns} FROM registry_person WHERE id > %s ORDER BY id LIMIT 50000", [last])  # noqa: S608 -- our own
            prepared = cursor.fetchall()
            if not prepared:
                break
            last = prepared[-1][0]
            start = time.perf_counter()
            _write(cursor, prepared, len(names))
            spent += time.perf_counter() - start
        cursor.execute("DROP TABLE bench_floor")
    return spent


def _write(cursor: Any, rows: list[tuple[Any, ...]], width: int) -> None:
    if connection.vendor == "postgresql":
        with cursor.copy("COPY bench_floor FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    else:
        cursor.connection.executemany(f"INSERT INTO bench_floor VALUES ({', '.join('?' * width)})", rows)  # noqa: S608


def _counts(rows: int) -> Iterator[Figure]:
    town = Organisation.everything.get(code="T0")
    days = [LAST - timedelta(days=311 * n) for n in range(20)]
    for part, path in (("whole district", "0001"), ("largest town", town.path or "")):
        yield figure(
            "subtree",
            f"members as of any day, {part}",
            rows,
            _median_ms(partial(counts.members_on, path=path), days),
            "ms",
            _median_ms(partial(_raw_count, path=path), days),
        )
    value = _median_ms(counts.growth, days[:5])
    yield figure("district", "counts by area, category and year", rows, value, "ms", _median_ms(_raw_growth, days[:5]))


def _median_ms(query: Callable[[date], object], days: list[date]) -> float:
    query(days[0])
    return statistics.median(seconds(partial(query, day)) for day in days) * 1000


def _raw(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()  # type: ignore[no-any-return]


def _raw_count(day: date, path: str) -> object:
    return _raw(
        """SELECT count(*) FROM registry_membership m JOIN registry_organisation o ON o.id = m.organisation_id
           WHERE m.standing = 2 AND m.starts_on <= %s AND m.ends_on > %s AND o.path LIKE %s""",
        [day, day, f"{path}%"],
    )


def _raw_growth(day: date) -> object:
    year = "CAST(substr(CAST(m.starts_on AS text), 1, 4) AS integer)"
    return _raw(
        f"""SELECT o.area_id, e.category, {year}, count(*) FROM registry_membership m
            JOIN registry_organisation o ON o.id = m.organisation_id
            JOIN registry_coverage c ON c.organisation_id = o.id AND c.ends_on = %s
            JOIN registry_employer e ON e.id = c.employer_id
            WHERE m.standing = 2 AND m.starts_on <= %s GROUP BY 1, 2, 3""",  # noqa: S608 -- a constant
        [FOREVER, day],
    )


def _lists(rows: int) -> Iterator[Figure]:
    connection.close()
    town = Organisation.everything.get(code="T0")
    with site() as port:
        reader = Reader(port)
        reader.sign_in()
        for part, union in (("whole district", None), ("largest town", town.pk)):
            pages = [_address(fragment, union) for fragment in FRAGMENTS]
            for page in pages:
                reader.get(page)
            times = sorted(seconds(partial(reader.get, page)) * 1000 for page in pages * 20)
            floor = statistics.median(seconds(partial(_raw_page, f, town if union else None)) * 1000 for f in FRAGMENTS)
            yield figure("list", f"{part}, p50", rows, statistics.median(times), "ms", floor)
            yield figure("list", f"{part}, p95", rows, times[int(len(times) * 0.95)], "ms", floor)
            yield figure("list", f"{part}, 8 at once", rows, _rate(reader, pages), "requests/s")


def _address(fragment: str, union: int | None) -> str:
    query = {"q": fragment, **({"union": union} if union else {})}
    return f"{reverse('registry:members')}?{urlencode(query, quote_via=quote)}"


def _raw_page(fragment: str, union: Organisation | None) -> object:
    return _raw(
        """SELECT p.id, p.name, p.sex, p.joined_on, o.name FROM registry_person p
           JOIN registry_organisation o ON o.id = p.home_id WHERE p.name LIKE %s AND o.path LIKE %s
           ORDER BY p.id DESC LIMIT 51""",
        [f"%{fragment}%", f"{union.path if union else ''}%"],
    )


def _rate(reader: Reader, pages: list[str]) -> float:
    def work(number: int) -> None:
        mine = reader.again()
        for n in range(60):
            mine.get(pages[(number + n) % len(pages)])

    with ThreadPoolExecutor(8) as pool:
        spent = seconds(lambda: list(pool.map(work, range(8))))
    return 8 * 60 / spent

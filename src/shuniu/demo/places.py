"""The demo district's areas, union bodies and employers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from shuniu.demo.names import AREAS, DISTRICT, Names
from shuniu.demo.plan import NOW, THEN, Plan
from shuniu.kernel.text import initials
from shuniu.registry.enums import AreaKind, EmployerCategory, OrganisationType
from shuniu.registry.public import Area, Coverage, Employer, Guidance, Organisation, Placement, path_code

BATCH = 2_000
OLDEST = date(2003, 3, 1)
CATEGORIES = (("170", 62), ("159", 14), ("300", 9), ("200", 5), ("110", 2), ("120", 3), ("169", 2), ("151", 3))
INDUSTRIES = (
    ("C", 38),
    ("F", 14),
    ("L", 9),
    ("I", 8),
    ("G", 6),
    ("H", 6),
    ("E", 5),
    ("M", 5),
    ("O", 4),
    ("K", 3),
    ("N", 1),
    ("R", 1),
)
SCHOOLS = ("第一小学", "第二小学", "实验小学", "第一中学", "第二中学", "社区卫生服务中心", "文化馆", "幼儿园")
JOINT_KINDS = ("商务楼宇", "专业市场", "餐饮行业", "物业行业", "快递行业", "网约配送", "货运", "创业园")


@dataclass(slots=True)
class Places:
    """What was built: the root, the federation of each area, the unions old and new, and who is still without one."""

    root: Organisation
    areas: list[Area]
    federations: list[Organisation]
    unions: list[Organisation] = field(default_factory=list)
    special: dict[str, Organisation] = field(default_factory=dict)
    without_union: list[Employer] = field(default_factory=list)
    industry: dict[int, str] = field(default_factory=dict)
    """Industry of each union's first employer, by the union's place in `unions`."""


class _Tree:
    """Gives numbers and places to new bodies. Children of one parent are numbered in the order they come."""

    def __init__(self) -> None:
        self.children: dict[str, int] = {}
        self.numbers: dict[str, int] = {}

    def body(
        self, kind: OrganisationType, name: str, area: Area, parent: Organisation | None, on: date
    ) -> Organisation:
        above = (parent.path or "") if parent else ""
        self.children[above] = number = self.children.get(above, 0) + 1
        self.numbers[area.code] = serial = self.numbers.get(area.code, 0) + 1
        return Organisation(
            code=f"{area.code}-{serial:05d}",
            name=name,
            initials=initials(name),
            type=kind,
            area=area,
            parent=parent,
            path=above + path_code(number),
            founded_on=on,
            approval_number=f"云工组〔{on.year}〕{number}号",
            has_congress=serial % 5 > 0,
            has_disclosure=serial % 7 > 1,
            has_agreement=serial % 3 > 0,
            has_mediation=serial % 4 > 1,
        )


def build_places(plan: Plan, names: Names) -> Places:
    """Write areas, bodies, employers and coverage; `plan.unions` unions, of them `plan.unions_then` by `THEN`."""
    tree = _Tree()
    district = Area.objects.create(code="YC", name=DISTRICT, kind=AreaKind.DISTRICT, jurisdiction="shanghai")
    areas = [
        Area.objects.create(code=f"YC{i:02d}", name=name, kind=AreaKind[kind], parent=district, jurisdiction="shanghai")
        for i, (kind, name) in enumerate(AREAS, 1)
    ]
    root = _save([tree.body(OrganisationType.FEDERATION, f"{DISTRICT}总工会", district, None, date(2000, 5, 1))])[0]
    federations = _save(
        [
            tree.body(OrganisationType.TOWN, f"{DISTRICT}{area.name}总工会", area, root, date(2001, 5, 1))
            for area in areas
        ]
    )
    places = Places(root, areas, federations)
    _special(places, tree, names, district)
    _ordinary(places, plan, tree, names)
    _without_union(places, plan, names)
    return places


def _save(bodies: list[Organisation]) -> list[Organisation]:
    saved = Organisation.everything.bulk_create(bodies, batch_size=BATCH)
    Placement.everything.bulk_create(
        [
            Placement(organisation=one, parent=one.parent, path=one.path or "", starts_on=one.founded_on)
            for one in saved
        ],
        batch_size=BATCH,
    )
    return saved


def _special(places: Places, tree: _Tree, names: Names, district: Area) -> None:
    """The hospital, the college, the call centre, the federation's own union, and the industry bodies that guide."""
    health, education = _save(
        [
            tree.body(OrganisationType.INDUSTRY, f"{DISTRICT}医务工会", district, places.root, date(2002, 5, 1)),
            tree.body(OrganisationType.INDUSTRY, f"{DISTRICT}教育工会", district, places.root, date(2002, 5, 1)),
        ]
    )
    wanted = (
        ("office", f"{DISTRICT}总工会机关", "500", "S", 6, None, ()),
        ("hospital", f"{DISTRICT}中心医院", "400", "Q", 8, health, ("内科", "外科", "护理", "医技", "行政", "后勤")),
        ("college", "云川职业技术学院", "400", "P", 11, education, ("教学", "行政", "后勤服务中心")),
        ("call_centre", "云川客户服务中心有限公司", "159", "I", 12, None, ("晨曦班组", "启明班组", "远航班组")),
    )
    for key, name, category, industry, where, guide, parts in wanted:
        area, federation = places.areas[where], places.federations[where]
        parent = places.root if key == "office" else federation
        union = _save([tree.body(OrganisationType.PRIMARY, f"{name}工会", area, parent, date(2004, 6, 1))])[0]
        employer = _employer(names, name, category, industry, area, federation, opened=date(2000, 1, 1))
        _cover([(union, Employer.everything.bulk_create([employer])[0])])
        kind = OrganisationType.GROUP if key == "call_centre" else OrganisationType.BRANCH
        suffix = "" if kind == OrganisationType.GROUP else "分会"
        _save([tree.body(kind, f"{name}工会{part}{suffix}", area, union, date(2004, 9, 1)) for part in parts])
        if guide:
            Guidance.everything.create(organisation=union, parent=guide, starts_on=union.founded_on)
        places.industry[len(places.unions)] = industry
        places.unions.append(union)
        places.special[key] = union


def _ordinary(places: Places, plan: Plan, tree: _Tree, names: Names) -> None:
    random = names.random
    count = plan.unions - len(places.unions)
    old = plan.unions_then - len(places.unions)
    bodies: list[Organisation] = []
    employers: list[list[Employer]] = []
    for number in range(count):
        where = min(int(random.triangular(0, len(places.areas), 3)), len(places.areas) - 1)
        area, federation = places.areas[where], places.federations[where]
        founded = (
            _day(random.random(), OLDEST, THEN) if number < old else _day(random.random(), THEN + timedelta(1), NOW)
        )
        kind = random.choices(
            (OrganisationType.PRIMARY, OrganisationType.JOINT, OrganisationType.ORGANISER_POINT), (86, 10, 4)
        )[0]
        own = [_some_employer(places, names, area, federation, founded) for _ in range(_covered(kind, random.random()))]
        bodies.append(tree.body(kind, _union_name(kind, own[0], area, number, names), area, federation, founded))
        employers.append(own)
        places.industry[len(places.unions) + number] = own[0].industry
    saved = _save(bodies)
    Employer.everything.bulk_create([one for own in employers for one in own], batch_size=BATCH)
    _cover((union, one) for union, own in zip(saved, employers, strict=True) for one in own)
    places.unions.extend(saved)


def _covered(kind: OrganisationType, luck: float) -> int:
    return 2 + int(luck * 5) if kind == OrganisationType.JOINT else 1


def _union_name(kind: OrganisationType, employer: Employer, area: Area, number: int, names: Names) -> str:
    if kind == OrganisationType.JOINT:
        return f"{area.name}{names.random.choice(JOINT_KINDS)}第{number + 1}联合工会"
    return f"{employer.name}工会" + ("组织员" if kind == OrganisationType.ORGANISER_POINT else "")


def _day(luck: float, first: date, last: date) -> date:
    return first + timedelta(days=int(luck * ((last - first).days + 1)))


def _some_employer(places: Places, names: Names, area: Area, federation: Organisation, founded: date) -> Employer:
    random = names.random
    opened = founded - timedelta(days=200 + int(random.random() * 3000))
    if random.random() < 0.04:
        name = f"{area.name}{random.choice(SCHOOLS)}{names.credit_code()[-5:]}"
        return _employer(names, name, EmployerCategory.INSTITUTION, "P", area, federation, opened=opened)
    category = random.choices([key for key, _ in CATEGORIES], [weight for _, weight in CATEGORIES])[0]
    industry = random.choices([key for key, _ in INDUSTRIES], [weight for _, weight in INDUSTRIES])[0]
    return _employer(names, names.firm(industry, category), category, industry, area, federation, opened=opened)


def _employer(
    names: Names, name: str, category: str, industry: str, area: Area, federation: Organisation, *, opened: date
) -> Employer:
    return Employer(
        name=name,
        initials=initials(name),
        credit_code=names.credit_code("12" if category in {"400", "500"} else "91"),
        category=category,
        industry=industry,
        area=area,
        territory=federation,
        address=f"{DISTRICT}{area.name}{names.random.choice('枫柳松桂兰菊')}{names.random.choice('园江湖溪')}路{names.random.randint(1, 1999)}号",
        opened_on=opened,
        counted_on=NOW,
    )


def _cover(pairs: Iterable[tuple[Organisation, Employer]]) -> None:
    Coverage.everything.bulk_create(
        [Coverage(organisation=union, employer=employer, starts_on=union.founded_on) for union, employer in pairs],
        batch_size=BATCH,
    )


def _without_union(places: Places, plan: Plan, names: Names) -> None:
    """Employers that have no union yet: one for every eight unions, some of them small."""
    found = []
    for number in range(plan.unions // 8):
        where = number % len(places.areas)
        opened = _day(names.random.random(), date(2015, 1, 1), date(2026, 2, 1))
        one = _some_employer(places, names, places.areas[where], places.federations[where], opened)
        one.opened_on, one.headcount = opened, 8 + int(names.random.lognormvariate(3.4, 0.8))
        one.women = int(one.headcount * 0.4)
        found.append(one)
    places.without_union = Employer.everything.bulk_create(found, batch_size=BATCH)


def set_headcounts(members: dict[int, tuple[int, int]]) -> None:
    """Give employers their staff: what their union has in members and women, and some more."""
    changed = []
    shares = Counter(Coverage.everything.values_list("organisation_id", flat=True))
    for coverage in Coverage.everything.select_related("employer").order_by("pk"):
        total, women = members.get(coverage.organisation_id, (0, 0))
        employer, share = coverage.employer, shares[coverage.organisation_id]
        employer.headcount = total * 115 // (100 * share) + 3
        employer.women = min(employer.headcount, women // share + 1)
        employer.migrants = employer.headcount // 4
        employer.dispatched = employer.headcount // 12
        changed.append(employer)
    Employer.everything.bulk_update(changed, ["headcount", "women", "migrants", "dispatched"], batch_size=200)

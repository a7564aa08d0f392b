"""Committees, their terms, organisers and what officers are qualified for."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from random import Random

from shuniu.demo.places import BATCH, Places
from shuniu.demo.plan import NOW, Plan
from shuniu.registry.enums import OrganisationType, PostKind, PostTime, QualificationKind, Sex
from shuniu.registry.public import Person, Post, Qualification, StudyRecord, Term, Territory

COURSES = (
    "基层工会主席任职培训",
    "集体协商实务",
    "劳动争议调解员研修",
    "会员实名制管理",
    "女职工权益保护",
    "工会财务与经审",
)
HOSTS = ("云川区总工会干部学校", "云川职业技术学院工会专修班", "东江市工会干部学院")


def appoint(places: Places, plan: Plan, random: Random) -> dict[str, list[Post]]:
    """Fill the posts of every union; the organisers and the federation's cadres, by kind, are returned."""
    people = _people_by_union()
    office = places.special["office"].pk
    staff = [pk for pk, _ in people[office]]
    posts, terms = [], []
    for index, union in enumerate(places.unions):
        members = people[union.pk]
        start, years, number = _term(union.founded_on, index, random)
        terms.append(
            Term(organisation=union, number=number, starts_on=start, years=years, due_on=_years_on(start, years))
        )
        if index % 37 == 5 and union.pk not in {one.pk for one in places.special.values()}:
            members = members[1:]  # no chair since the last one left
            posts += _committee(union.pk, members, start, chair=False)
        else:
            posts += _committee(union.pk, members, start, chair=union.type != OrganisationType.ORGANISER_POINT)
    Term.everything.bulk_create(terms, batch_size=BATCH)
    Post.everything.bulk_create(posts, batch_size=BATCH)
    cadres = [
        Post(
            person_id=pk, organisation=places.root, kind=PostKind.CADRE, time=PostTime.FULL, starts_on=date(2022, 3, 1)
        )
        for pk in staff[:8]
    ]
    wanted = staff[8 : 8 + plan.organisers]
    organisers = [
        Post(
            person_id=pk,
            organisation=places.federations[index % len(places.federations)],
            kind=PostKind.ORGANISER,
            time=PostTime.SOCIALISED,
            starts_on=date(2023, 1, 1),
        )
        for index, pk in enumerate(wanted)
    ]
    Post.everything.bulk_create([*cadres, *organisers], batch_size=BATCH)
    Territory.everything.bulk_create(
        [
            Territory(post=post, area=places.areas[index % len(places.areas)], starts_on=post.starts_on)
            for index, post in enumerate(organisers)
        ]
    )
    _qualify([*cadres, *organisers], random)
    return {"cadres": cadres, "organisers": organisers}


def _people_by_union() -> dict[int, list[tuple[int, str]]]:
    """The first members of each union with their sex: enough for its posts."""
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    rows = Person.everything.exclude(joined_on=None).order_by("home_id", "pk").values_list("home_id", "pk", "sex")
    for home, pk, sex in rows.iterator(chunk_size=20_000):
        if len(found[home]) < 160:
            found[home].append((pk, sex))
    return found


def _term(founded: date, index: int, random: Random) -> tuple[date, int, int]:
    """Day of election, years and number of the present term; one union in sixteen has missed its last election."""
    years = 5 if random.random() < 0.7 else 3
    number = 1 + (NOW - founded).days // (365 * years + 1)
    if number > 1 and index % 16 == 3:
        number -= 1
    return _years_on(founded, years * (number - 1)), years, number


def _years_on(day: date, years: int) -> date:
    return day.replace(year=day.year + years, day=min(day.day, 28) if day.month == 2 else day.day)


def _committee(union: int, members: list[tuple[int, str]], start: date, *, chair: bool) -> list[Post]:
    size = min(len(members), 3 if len(members) < 25 else 5 if len(members) < 100 else 7)
    kinds = [PostKind.CHAIR] if chair else []
    kinds += [PostKind.COMMITTEE] * (size - len(kinds))
    if size > 4:
        kinds[2] = PostKind.VICE_CHAIR
    seated, rest = members[:size], members[size:]
    filled = [(pk, kind) for (pk, _sex), kind in zip(seated, kinds, strict=True)]
    woman = next((pk for pk, sex in rest if sex == Sex.FEMALE), None)
    filled += [(woman, PostKind.WOMEN_CHAIR)] if woman else []
    auditors = [pk for pk, _sex in rest if pk != woman][:3]
    filled += zip(auditors, (PostKind.AUDIT_CHAIR, PostKind.AUDIT, PostKind.AUDIT), strict=False)
    return [
        Post(person_id=pk, organisation_id=union, kind=kind, time=PostTime.PART, starts_on=start) for pk, kind in filled
    ]


def _qualify(posts: list[Post], random: Random) -> None:
    today = NOW
    kinds = (
        (QualificationKind.COUNSELLOR, "二级", "XL"),
        (QualificationKind.COORDINATOR, "三级", "LD"),
        (QualificationKind.MEDIATOR, "", "TJ"),
        (QualificationKind.ARBITRATOR, "", "ZC"),
        (QualificationKind.SOCIAL_WORKER, "中级", "SG"),
    )
    certificates, studies = [], []
    for index, post in enumerate(posts):
        kind, level, letters = kinds[index % len(kinds)]
        issued = today - timedelta(days=400 + int(random.random() * 600))
        expires = None if index % 4 == 0 else today + timedelta(days=20 + index * 13)
        certificates.append(
            Qualification(
                person_id=post.person_id,
                kind=kind,
                level=level,
                number=f"{letters}2024{index:05d}",
                issuer="云川区人力资源服务中心",
                issued_on=issued,
                expires_on=expires,
            )
        )
        for course in random.sample(COURSES, 2):
            day = today - timedelta(days=int(random.random() * 900))
            hours = random.choice((8, 16, 24, 40))
            studies.append(
                StudyRecord(
                    person_id=post.person_id,
                    title=course,
                    provider=random.choice(HOSTS),
                    starts_on=day,
                    hours=hours,
                    result="合格",
                )
            )
    Qualification.everything.bulk_create(certificates)
    StudyRecord.everything.bulk_create(studies)

"""Who may work for the district: law firms in a group, counsellors, bidders, repairers, mediators; nobody real."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from shuniu.accounts.public import User
from shuniu.demo.duties import moment
from shuniu.demo.names import DISTRICT, Names
from shuniu.hub.enums import (
    AbsenceReason,
    CheckResult,
    PaperKind,
    Profession,
    ProviderKind,
    ProviderState,
    ServiceKind,
)
from shuniu.hub.public import (
    Absence,
    Conflict,
    Paper,
    Professional,
    Provider,
    ProviderCheck,
    ProviderStaff,
    ProviderStep,
    vetting,
)
from shuniu.kernel.period import FOREVER
from shuniu.registry.public import Employer, Organisation

FIRMS = ("恒川", "正嘉", "瑞衡", "明湖", "云杉", "同望", "启信", "汇则", "德润", "泽安", "衡远")
SINCE = date(2023, 3, 6)
"""The day on which most were admitted."""
YEARLY = date(2027, 5, 31)
"""Lawyers' papers are good until the assessment of the next year."""
ENDING = {2: date(2027, 1, 8), 6: date(2027, 2, 12)}
"""Lawyers' licences that end sooner, by the number of the lawyer: after the year of duty, so that the roster holds."""
FIRM_ENDING = {10 + 8: date(2027, 2, 15)}
"""The same of firms, by their number in the register."""


@dataclass(slots=True)
class Hub:
    """What was built, for the parts of the demo that go on from here."""

    providers: dict[str, Provider] = field(default_factory=dict)
    """`group`, `firm1` to `firm11`, `counsellors`, `bidder1`, `bidder2`, `repairs`, `mediators`, and some that may not work."""
    people: dict[str, list[Professional]] = field(default_factory=dict)
    """By the same keys; `lawyers` are those of all firms."""


def build(root: Organisation, users: Mapping[str, User], names: Names) -> Hub:
    """Fill the register of providers of the district, and link the accounts of those who work for them."""
    hub = Hub()
    _providers(hub, root, names, users["district"], users["deputy"])
    _people(hub, names)
    _papers(hub, names)
    _links(hub, users)
    _conflicts(hub)
    _absences(hub)
    return hub


def _providers(hub: Hub, root: Organisation, names: Names, entered: User, approved: User) -> None:
    k, s = ProviderKind, ProviderState
    law, mind = [ServiceKind.ADVICE], [ServiceKind.COUNSELLING, ServiceKind.TRAINING]
    wanted: list[tuple[str, str, ProviderKind, ProviderState, list[ServiceKind]]] = [
        ("group", f"{DISTRICT}职工维权律师志愿团", k.GROUP, s.ACTIVE, law),
        ("counsellors", f"{DISTRICT}心理咨询协会", k.ASSOCIATION, s.ACTIVE, mind),
        ("bidder1", "东江衡正律师事务所", k.LAW_FIRM, s.ACTIVE, law),
        ("bidder2", "东江汇法企业服务有限公司", k.COMPANY, s.ACTIVE, law),
        ("repairs", "云川安居设施维修有限公司", k.COMPANY, s.ACTIVE, [ServiceKind.REPAIR]),
        (
            "mediators",
            f"{DISTRICT}总工会劳动争议调解中心",
            k.OWN,
            s.ACTIVE,
            [ServiceKind.MEDIATION, ServiceKind.GRIEVANCE],
        ),
        ("suspended", "云川晴语心理咨询有限公司", k.COMPANY, s.SUSPENDED, mind),
        ("applied", "云川百工技能培训学校", k.INSTITUTION, s.APPLIED, [ServiceKind.TRAINING]),
        ("vetting", "东江和谐企业评估中心", k.ASSOCIATION, s.VETTING, [ServiceKind.ASSESSMENT]),
        ("refused", "云川捷办代理有限公司", k.COMPANY, s.REFUSED, law),
    ]
    rows = [_provider(root, names, entered, approved, *one[1:]) for one in wanted]
    saved = Provider.everything.bulk_create(rows)
    hub.providers = {one[0]: row for one, row in zip(wanted, saved, strict=True)}
    firms = [
        _provider(root, names, entered, approved, f"云川{one}律师事务所", k.LAW_FIRM, s.ACTIVE, law) for one in FIRMS
    ]
    for firm in firms:
        firm.group = hub.providers["group"]
    for number, firm in enumerate(Provider.everything.bulk_create(firms), start=1):
        hub.providers[f"firm{number}"] = firm
    _history(hub.providers.values(), entered, approved)


def _provider(
    root: Organisation, names: Names, entered: User, approved: User, name: str, kind: ProviderKind, state: ProviderState,
    offers: list[ServiceKind],
) -> Provider:  # fmt: skip
    woman = names.random.random() < 0.5
    decided = state in {ProviderState.ACTIVE, ProviderState.SUSPENDED}
    code = {ProviderKind.ASSOCIATION: "51", ProviderKind.LAW_FIRM: "31", ProviderKind.INSTITUTION: "12"}.get(kind, "91")
    return Provider(
        organisation=root,
        name=name,
        kind=kind,
        state=state,
        offers=[str(one) for one in offers],
        credit_code="" if kind in {ProviderKind.GROUP, ProviderKind.OWN} else names.credit_code(code),
        address=f"{DISTRICT}望江街道文汇路{names.random.randrange(1, 400)}号",
        contact_name=names.person(woman=woman),
        contact_phone=f"1000021{names.random.randrange(10_000):04d}",
        applied_at=moment(SINCE - timedelta(days=20)),
        entered_by=entered,
        vetted_by=entered if state != ProviderState.APPLIED else None,
        approved_by=approved if decided else None,
    )


def _history(providers: Iterable[Provider], entered: User, approved: User) -> None:
    """How each came to stand where it stands, and what was checked on the way."""
    s = ProviderState
    ways = {
        s.APPLIED: (("apply", s.APPLIED, ""),),
        s.VETTING: (("apply", s.APPLIED, ""), ("vet", s.VETTING, "")),
        s.ACTIVE: (("apply", s.APPLIED, ""), ("vet", s.VETTING, ""), ("approve", s.ACTIVE, "")),
        s.REFUSED: (("apply", s.APPLIED, ""), ("refuse", s.REFUSED, "经营范围不含法律咨询，人员没有执业证。")),
    }
    ways[s.SUSPENDED] = (*ways[s.ACTIVE], ("suspend", s.SUSPENDED, "两次无故缺席预约，暂停承接新任务，限期整改。"))
    steps, checks = [], []
    for row in providers:
        for number, (step, state, reason) in enumerate(ways[s(row.state)]):
            who = approved if step in {"approve", "refuse", "suspend"} else entered
            on = SINCE + timedelta(days=1_240 if step == "suspend" else number * 7 - 14)
            steps.append(
                ProviderStep(
                    provider=row, step=step, state=state, at=moment(on), by_id=who.pk, by_name=who.name, reason=reason
                )
            )
        checks += _checks(row, entered)
    ProviderStep.everything.bulk_create(steps)
    ProviderCheck.everything.bulk_create(checks)


def _checks(row: Provider, entered: User) -> list[ProviderCheck]:
    items = vetting().items_for(row.kind) if row.vetted_by_id else ()
    done = items[:3] if row.state == ProviderState.VETTING else items
    return [
        ProviderCheck(
            provider=row,
            item=item.key,
            result=CheckResult.MET,
            checked_by=entered,
            checked_at=moment(SINCE - timedelta(days=5)),
        )
        for item in done
    ]


def _people(hub: Hub, names: Names) -> None:
    """Two lawyers a firm, a hundred counsellors, and those of the rest."""
    p, k = Profession, ServiceKind
    wanted = [(f"firm{number}", 2, p.LAWYER, [k.ADVICE]) for number in range(1, 12)]
    wanted += [
        ("counsellors", 100, p.COUNSELLOR, [k.COUNSELLING]),
        ("bidder1", 6, p.LAWYER, [k.ADVICE]),
        ("bidder2", 4, p.LAWYER, [k.ADVICE]),
        ("repairs", 8, p.REPAIRER, [k.REPAIR]),
        ("mediators", 6, p.MEDIATOR, [k.MEDIATION, k.GRIEVANCE]),
        ("suspended", 3, p.COUNSELLOR, [k.COUNSELLING]),
    ]
    rows: list[Professional] = []
    keys: list[str] = []
    for key, number, profession, serves in wanted:
        for index in range(number):
            trains = profession == p.COUNSELLOR and index % 5 == 0
            rows.append(
                Professional(
                    provider=hub.providers[key],
                    name=names.person(woman=names.random.random() < (0.2 if profession == p.REPAIRER else 0.6)),
                    profession=profession,
                    serves=[str(one) for one in ([*serves, k.TRAINING] if trains else serves)],
                    mobile=f"100003{len(rows):05d}",
                )
            )
            keys.append(key)
    for key, row in zip(keys, Professional.everything.bulk_create(rows), strict=True):
        hub.people.setdefault(key, []).append(row)
    hub.people["lawyers"] = [row for number in range(1, 12) for row in hub.people[f"firm{number}"]]


def _papers(hub: Hub, names: Names) -> None:
    """What each kind of provider and each service asks for; some of it ends soon."""
    rows: list[Paper] = []
    for number, provider in enumerate(hub.providers.values()):
        good = FOREVER if provider.kind != ProviderKind.LAW_FIRM else YEARLY
        rows += [
            _paper(provider, None, kind, number, "云川区行政审批局", good)
            for kind in vetting().papers_of(provider.kind)
        ]
    for number, person in enumerate(hub.people["lawyers"]):
        rows.append(
            _paper(person.provider, person, PaperKind.LAWYER, number, "东江市司法局", ENDING.get(number, YEARLY))
        )
    for key, kind, issuer in (
        ("counsellors", PaperKind.COUNSELLOR, "东江市心理学会"),
        ("bidder1", PaperKind.LAWYER, "东江市司法局"),
        ("bidder2", PaperKind.LAWYER, "东江市司法局"),
        ("repairs", PaperKind.TRADE, "云川区职业技能鉴定中心"),
        ("mediators", PaperKind.MEDIATOR, "东江市总工会"),
        ("suspended", PaperKind.COUNSELLOR, "东江市心理学会"),
    ):
        for number, person in enumerate(hub.people[key]):
            good = date(2026, 12, 1) + timedelta(days=5 * number) if number % 4 == 3 else FOREVER
            rows.append(_paper(person.provider, person, kind, number, issuer, good))
    Paper.everything.bulk_create(rows)


def _paper(
    provider: Provider, person: Professional | None, kind: PaperKind, number: int, issuer: str, good: date
) -> Paper:
    if kind == PaperKind.LAW_PRACTICE:
        good = FIRM_ENDING.get(number, good)
    return Paper(
        provider=provider,
        professional=person,
        kind=kind,
        level="二级" if kind == PaperKind.COUNSELLOR else "",
        number=f"{kind[:2].upper()}2019{number:06d}",
        issuer=issuer,
        issued_on=date(2019, 6, 1),
        good_until=good,
        entered_by=provider.entered_by,
        checked_by=provider.approved_by,
        checked_at=moment(SINCE) if provider.approved_by_id else None,
    )


def _links(hub: Hub, users: Mapping[str, User]) -> None:
    """The accounts of the group's manager, of a lawyer, a counsellor, a repairer and a mediator."""
    ProviderStaff.everything.create(provider=hub.providers["group"], user=users["provider"], started_at=moment(SINCE))
    for account, key in (
        ("lawyer", "firm1"),
        ("counsellor", "counsellors"),
        ("repairer", "repairs"),
        ("mediator", "mediators"),
    ):
        person = hub.people[key][0]
        person.user, person.name = users[account], users[account].name
        person.save(update_fields=["user", "name"])


def _conflicts(hub: Hub) -> None:
    """Each firm serves three employers of the district."""
    employers = list(Employer.everything.filter(closed_on=None).order_by("pk")[:33])
    Conflict.everything.bulk_create(
        Conflict(
            provider=hub.providers[f"firm{index % 11 + 1}"],
            employer=employer,
            starts_on=date(2025, 1, 1),
            ends_on=date(2027, 1, 1) if index % 2 else FOREVER,
            note="常年法律顾问",
        )
        for index, employer in enumerate(employers)
    )


def _absences(hub: Hub) -> None:
    kinds = list(AbsenceReason)
    Absence.everything.bulk_create(
        Absence(
            professional=person,
            reason=kinds[index % len(kinds)],
            starts_on=date(2026, 10, 12) + timedelta(days=9 * index),
            ends_on=date(2026, 10, 12) + timedelta(days=9 * index + 1 + index % 4),
        )
        for index, person in enumerate(hub.people["lawyers"][1::3])
    )

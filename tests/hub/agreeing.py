"""Agreements for tests, drafted, filled and signed the way people do it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

from shuniu.hub.actions import agreements as actions
from shuniu.hub.agreement_parts import Line, Norm, Part, What
from shuniu.hub.enums import Cycle, DeliveryMode, Due, Measure, ServiceKind
from shuniu.hub.models import Agreement, Milestone, Score, Standard
from shuniu.hub.queries import facts as seam
from shuniu.hub.rules.facts import ServiceFacts
from shuniu.kernel.scope import Actor, Grant
from shuniu.registry.models import Organisation
from tests.factories import make_user
from tests.hub.making import make_duty, make_provider

START, END = date(2026, 1, 1), date(2027, 1, 1)
NOW = datetime(2026, 10, 12, 2, tzinfo=UTC)
EVERYTHING = frozenset(
    {"agreement.view", "agreement.edit", "agreement.approve", "payment.request", "payment.approve", "provider.view"}
)
FACTS = ServiceFacts(
    answered=100, answered_in_time=96, booked=50, kept=50, solved=80, solved_in_time=78, ratings=40, stars=188,
    satisfied=38, complaints=1, complaints_upheld=0, served=90,
)  # fmt: skip
NORMS = (
    Norm("按时首次答复", "两个工作日内答复", Measure.ANSWERED, 4000, 9500, 100, 100),
    Norm("职工评价", "平均不低于4.5星", Measure.RATING, 4000, 450, 10, 200),
    Norm("接待规范", "一案一档", Measure.MANUAL, 2000),
)
PLAN = (
    Part("首付款", Due.SIGNING, 4_000_00, START),
    Part("中期款", Due.PERIOD, 4_000_00, date(2026, 7, 1)),
    Part("尾款", Due.ACCEPTANCE, 2_000_00, END),
)


def somebody(organisation: Organisation, *rights: str, name: str = "") -> Actor:
    """An account of its own with these rights there, by default all that agreements ask for."""
    user = make_user(name=name or "钱衡")
    path = organisation.path or ""
    return Actor(user.pk, user.name, None, (Grant("test", organisation.pk, path, frozenset(rights) or EVERYTHING),))


def what(organisation: Organisation, **given: Any) -> What:
    values: dict[str, Any] = {
        "title": "职工法律服务协议", "mode": DeliveryMode.PURCHASED, "kinds": [ServiceKind.ADVICE],
        "cycle": Cycle.QUARTER, "starts_on": START, "ends_on": END, "confidentiality": "对知悉的情况保密。",
        "personal_information": "个人信息只用于本服务。",
    }  # fmt: skip
    values |= given
    if "duty" not in values:
        values["duty"] = make_duty(organisation, mode=DeliveryMode.PURCHASED)
    if "provider" not in values:
        values["provider"] = make_provider(organisation, papers=False)
    return What(**values)


def make_draft(organisation: Organisation, **given: Any) -> Agreement:
    """A draft of 10,000 yuan with a plan and standards, ready to be signed, drafted by an account of its own."""
    actor = somebody(organisation)
    row = actions.draft_agreement(what(organisation, **given), actor=actor, now=NOW)
    if row.mode in (DeliveryMode.PURCHASED, DeliveryMode.COMMISSIONED):
        actions.set_lines(row, [Line("法律咨询", "天", 100, 100_00)], actor=actor, now=NOW)
        actions.set_plan(row, PLAN, actor=actor, now=NOW)
    actions.set_standards(row, NORMS, actor=actor, now=NOW)
    return fresh(row)


def make_agreement(organisation: Organisation, **given: Any) -> Agreement:
    """An agreement in force, signed by somebody else."""
    row = make_draft(organisation, **given)
    actor = somebody(organisation)
    actions.sign_agreement(row, on=START, actor=actor, now=NOW)
    actions.take_step(fresh(row), "start", on=max(row.starts_on, START), actor=actor, now=NOW)
    return fresh(row)


def fresh(row: Agreement) -> Agreement:
    related = ("organisation__area", "duty", "provider")
    found: Agreement = Agreement.everything.select_related(*related).get(pk=row.pk)
    return found


def milestone(row: Agreement, order: int) -> Milestone:
    found: Milestone = Milestone.everything.select_related("agreement__organisation__area").get(
        agreement=row, order=order
    )
    return found


def norm(row: Agreement, measure: Measure = Measure.MANUAL) -> Standard:
    found: Standard = Standard.everything.select_related("agreement__organisation").get(agreement=row, measure=measure)
    return found


def reload_score(row: Score) -> Score:
    found: Score = Score.everything.select_related("agreement__organisation__area").get(pk=row.pk)
    return found


@contextmanager
def counted(facts: ServiceFacts | None = FACTS) -> Iterator[list[tuple[Any, ...]]]:
    """The desk counts `facts` for whatever is asked, None for a desk that counts nothing; what it was asked is given."""
    asked: list[tuple[Any, ...]] = []

    def source(ids: Collection[int], kinds: Collection[ServiceKind], start: date, end: date) -> ServiceFacts:
        asked.append((sorted(ids), list(kinds), start, end))
        return facts or ServiceFacts()

    kept = dict(seam._sources)
    seam._sources.clear()
    if facts is not None:
        seam.register_facts(source)
        seam.register_professional_facts(source)
    try:
        yield asked
    finally:
        seam._sources.clear()
        seam._sources.update(kept)


def day_after(day: date, days: int = 1) -> date:
    return day + timedelta(days=days)

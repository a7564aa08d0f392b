"""Officers, their certificates and their study, within sight."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, DateField, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from shuniu.kernel.period import FOREVER, on_day
from shuniu.kernel.scope import Actor
from shuniu.registry.enums import PostKind, QualificationKind
from shuniu.registry.models import Organisation, Person, Post, Qualification, StudyRecord
from shuniu.registry.queries.limits import rule_for
from shuniu.registry.rules.officers import SERVES, PostVerdict, audit_verdict

REASON = "narrowed to the officers in the actor's sight"
WARNING = "qualification.warning_days"
"""Id of the rule that says how many days before its end a certificate is warned of."""


def posts(actor: Actor) -> QuerySet[Post]:
    """Posts in the unions within sight, past ones too, with the names they are shown by."""
    rows: QuerySet[Post] = Post.objects.visible_to(actor)
    return rows.select_related("person", "organisation")


def posts_on(actor: Actor, day: date) -> QuerySet[Post]:
    """Posts in the unions within sight that are held on a day."""
    return posts(actor).filter(on_day(day))


def qualifications(actor: Actor) -> QuerySet[Qualification]:
    """Certificates of people within sight; `expiry` is the day they end, the end of time for those that never do."""
    rows: QuerySet[Qualification] = Qualification.objects.visible_to(actor)
    forever = Value(FOREVER, output_field=DateField())
    return rows.select_related("person__home").annotate(expiry=Coalesce("expires_on", forever))


def warning_days(actor: Actor, today: date) -> tuple[int, ...]:
    """Days before the end of a certificate at which to warn, by the rule in force where the actor works."""
    return rule_for(actor, "officer.view", WARNING, today).numbers


def running_out(rows: QuerySet[Qualification], today: date, days: int) -> QuerySet[Qualification]:
    """Certificates that are still good and end within so many days."""
    return rows.filter(expires_on__gte=today, expires_on__lte=today + timedelta(days=days))


def ending_certificate(today: date, days: int) -> Exists:
    """Posts whose holder has a certificate that has ended or ends within so many days."""
    rows = Qualification.objects.unscoped(reason=REASON).filter(expires_on__lte=today + timedelta(days=days))
    return Exists(rows.filter(person=OuterRef("person")))


@dataclass(frozen=True, slots=True)
class Service:
    """How many people may do one kind of service today, by the certificates that are good."""

    kind: QualificationKind
    label: object
    people: int


def services(actor: Actor, today: date) -> list[Service]:
    """Who may serve what: people with a good certificate, kind by kind."""
    good = qualifications(actor).filter(Q(expires_on=None) | Q(expires_on__gte=today), issued_on__lte=today)
    found = dict(good.order_by().values_list("kind").annotate(Count("person", distinct=True)))
    return [Service(kind, label, found.get(kind, 0)) for kind, label in SERVES.items()]


def studies(actor: Actor) -> QuerySet[StudyRecord]:
    """Records of study of people within sight."""
    rows: QuerySet[StudyRecord] = StudyRecord.objects.visible_to(actor)
    return rows.select_related("person__home")


def officers_studying(actor: Actor, year: int, today: date) -> QuerySet[Person]:
    """Officers of today within sight, with the courses and hours each studied in a year."""
    held = posts_on(actor, today).order_by().values("person_id")
    rows: QuerySet[Person] = Person.objects.unscoped(reason=REASON).filter(pk__in=held)
    return rows.select_related("home").annotate(hours=_studied(year, Sum("hours")), courses=_studied(year, Count("pk")))


def _studied(year: int, total: Sum | Count) -> Coalesce:
    mine = StudyRecord.objects.unscoped(reason=REASON).filter(
        person=OuterRef("pk"), starts_on__gte=date(year, 1, 1), starts_on__lte=date(year, 12, 31)
    )
    summed = mine.order_by().values("person").annotate(total=total).values("total")
    return Coalesce(Subquery(summed, output_field=IntegerField()), 0)


def hours_of(actor: Actor, year: int, today: date) -> tuple[int, int, int]:
    """Officers of today within sight, those of them who studied in a year, and the hours of all together."""
    held = posts_on(actor, today).order_by().values("person_id")
    rows = StudyRecord.objects.unscoped(reason=REASON).filter(
        person__in=held, starts_on__gte=date(year, 1, 1), starts_on__lte=date(year, 12, 31)
    )
    total = rows.aggregate(people=Count("person", distinct=True), hours=Coalesce(Sum("hours"), 0))
    return held.distinct().count(), total["people"], total["hours"]


def audit_verdicts(union: Organisation, today: date) -> list[PostVerdict]:
    """Whether whoever chairs a union keeps out of its fund audit committee; empty where nobody does either."""
    rows = Post.objects.unscoped(reason="posts of a union that the caller may see").filter(
        on_day(today), organisation=union
    )
    held: dict[str, set[PostKind]] = {}
    for name, kind in rows.order_by("pk").values_list("person__name", "kind"):
        held.setdefault(name, set()).add(PostKind(kind))
    found = [audit_verdict(name, kinds) for name, kinds in held.items() if PostKind.CHAIR in kinds]
    return [verdict for verdict in found if verdict]


def people_called(actor: Actor, name: str, limit: int = 20) -> list[Person]:
    """People within sight by their whole name or its beginning, for choosing an officer."""
    rows = Person.objects.visible_to(actor).filter(name__prefix=name)
    return list(rows.select_related("home").order_by("name", "pk")[:limit])

"""Tables of the registry for `shuniu export`, under the headers of the sheets that imports read.

What was exported of employers and union bodies can be imported again and changes nothing. Secret columns are left out
or masked: the pages show them in full one by one, with a reason.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

from django.db.models import Q
from django.utils.translation import gettext as _

from shuniu.kernel.exchange.exporter import Exporter, register
from shuniu.kernel.exchange.sheet import Sheet, Words
from shuniu.kernel.period import on_day
from shuniu.kernel.scope import Actor
from shuniu.kernel.vault import mask_id_number, mask_mobile
from shuniu.registry.enums import Standing
from shuniu.registry.imports import employers_sheet, members_sheet, officers_sheet, unions_sheet
from shuniu.registry.models import Coverage, Employer, Organisation, Person, Post, Term
from shuniu.registry.queries.organisations import standing

REASON: Final = "belongs to rows that the actor sees"
CHUNK: Final = 2000


class SheetExporter:
    """Rows under the headers of a sheet. `values` gives the cells of one row by column; missing ones are empty."""

    sheet: Sheet
    permission: str

    def __init__(self) -> None:
        self.key: str = self.sheet.key
        self.title: Words = self.sheet.title
        self.headers: Sequence[Words] = [column.title for column in self.sheet.columns]

    def rows(self, actor: Actor, day: date) -> Iterator[Sequence[Any]]:
        for values in self.values(actor, day):
            yield [values.get(column.key, "") for column in self.sheet.columns]

    def values(self, actor: Actor, day: date) -> Iterator[dict[str, Any]]:
        """The rows within the actor's reach as of the day."""
        raise NotImplementedError


class Employers(SheetExporter):
    sheet, permission = employers_sheet.SHEET, "employer.view"

    def values(self, actor: Actor, day: date) -> Iterator[dict[str, Any]]:
        rows = Employer.objects.visible_to(actor).filter(Q(closed_on=None) | Q(closed_on__gt=day)).order_by("pk")
        plain = (
            "name",
            "credit_code",
            "address",
            "headcount",
            "women",
            "migrants",
            "dispatched",
            "counted_on",
            "opened_on",
        )
        for row in rows.select_related("area", "territory").iterator(chunk_size=CHUNK):
            yield {
                **{name: getattr(row, name) for name in plain},
                "category": row.get_category_display(),
                "industry": row.get_industry_display(),
                "area": row.area.name,
                "territory": row.territory.code,
            }


class Unions(SheetExporter):
    sheet, permission = unions_sheet.SHEET, "organisation.view"

    def values(self, actor: Actor, day: date) -> Iterator[dict[str, Any]]:
        covered, terms = _covered(day), _terms(day)
        seen = Organisation.objects.visible_to(actor).filter(path__isnull=False)
        rows = standing(seen, day).select_related("area", "parent").order_by("path")
        plain = ("name", "code", "short_name", "founded_on", "approval_number", "credit_code", "contact_name")
        flags = ("small_payer", "has_congress", "has_disclosure", "has_agreement", "has_mediation")
        for row in rows.defer("contact_phone", "bank_account").iterator(chunk_size=CHUNK):
            yield {
                **{name: getattr(row, name) for name in plain},
                **{name: _("Yes") if getattr(row, name) else _("No") for name in flags},
                **terms.get(row.pk, {}),
                "type": row.get_type_display(),
                "parent": row.parent.code if row.parent else "",
                "area": row.area.name,
                "employers": "、".join(covered.get(row.pk, ())),
            }


class Officers(SheetExporter):
    sheet, permission = officers_sheet.SHEET, "officer.view"

    def values(self, actor: Actor, day: date) -> Iterator[dict[str, Any]]:
        rows = Post.objects.visible_to(actor).filter(on_day(day)).order_by("organisation__path", "pk")
        sealed = ("person__id_number", "person__mobile", "organisation__contact_phone", "organisation__bank_account")
        for row in rows.select_related("person", "organisation").defer(*sealed).iterator(chunk_size=CHUNK):
            yield {
                "name": row.person.name,
                "organisation": row.organisation.code,
                "kind": row.get_kind_display(),
                "time": row.get_time_display(),
                "starts_on": row.starts_on,
            }


class Members(SheetExporter):
    sheet, permission = members_sheet.SHEET, "member.export"

    def values(self, actor: Actor, day: date) -> Iterator[dict[str, Any]]:
        place = actor.reach(self.permission).condition("home__path")
        rows = Person.objects.visible_to(actor).filter(place, standing=Standing.ACTIVE).order_by("pk")
        shown = ("id_type", "sex", "political", "education", "household", "employment")
        plain = ("name", "joined_on", "born_on", "ethnicity", "department", "job")
        sealed = ("home__contact_phone", "home__bank_account")
        for row in rows.select_related("home").defer(*sealed).iterator(chunk_size=CHUNK):
            yield {
                **{name: getattr(row, name) for name in plain},
                **{name: getattr(row, f"get_{name}_display")() for name in shown},
                "id_number": mask_id_number(row.id_number),
                "mobile": mask_mobile(row.mobile),
                "organisation": row.home.code if row.home else "",
                "is_migrant": _("Yes") if row.is_migrant else _("No"),
            }


def _covered(day: date) -> dict[int, list[str]]:
    """By union, its employers' credit codes, or names where there is no code."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = Coverage.objects.unscoped(reason=REASON).filter(on_day(day)).order_by("pk")
    for pk, code, name in rows.values_list("organisation_id", "employer__credit_code", "employer__name"):
        found[pk].append(code or name)
    return found


def _terms(day: date) -> dict[int, dict[str, Any]]:
    rows = Term.objects.unscoped(reason=REASON).filter(Q(ended_on=None) | Q(ended_on__gt=day), starts_on__lte=day)
    names = ("term_number", "term_from", "term_years", "term_due")
    columns = rows.order_by("number").values_list("organisation_id", "number", "starts_on", "years", "due_on")
    return {pk: dict(zip(names, told, strict=True)) for pk, *told in columns}


def register_exporters() -> None:
    """Called once, when the site starts."""
    exporters: tuple[Exporter, ...] = (Employers(), Unions(), Members(), Officers())
    for exporter in exporters:
        register(exporter)

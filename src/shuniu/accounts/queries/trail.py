"""The audit trail, found and put into words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, Model, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shuniu.accounts.queries.users import find_user
from shuniu.accounts.rules.roles import catalogue
from shuniu.kernel.models import TrailEntry, TrailHead
from shuniu.kernel.verbs import detail_label
from shuniu.kernel.web import formats


@dataclass(frozen=True, slots=True)
class Change:
    """One field as it was and as it became, in words. What was not there is a dash."""

    label: str
    before: str
    after: str


def entries() -> QuerySet[TrailEntry]:
    """The whole trail; `trail.view` opens it."""
    return TrailEntry.objects.all()


def trail_length() -> int:
    """How many entries the trail has, as its head says; counting them would take longer every year."""
    return sum(TrailHead.objects.values_list("length", flat=True))


def narrow(
    rows: QuerySet[TrailEntry],
    *,
    who: str = "",
    verb: str = "",
    first_day: date | None = None,
    last_day: date | None = None,
    target: str = "",
    row: int | None = None,
) -> QuerySet[TrailEntry]:
    """Entries of one account (user name or mobile) or of whoever is called so, of one verb, of days, on a row."""
    if who:
        user = find_user(who)
        rows = rows.filter(actor_id=user.pk) if user else rows.filter(actor_name=who.strip())
    if verb:
        rows = rows.filter(verb=verb)
    if first_day:
        rows = rows.filter(at__gte=_midnight(first_day))
    if last_day:
        rows = rows.filter(at__lt=_midnight(last_day + timedelta(days=1)))
    if target:
        rows = rows.filter(target_type=target)
    return rows.filter(target_id=row) if row is not None else rows


def target_label(entry: TrailEntry) -> str:
    """What kind of row was changed and its number; a dash for what concerns the whole site."""
    if not entry.target_type:
        return formats.DASH
    model = _model(entry)
    return f"{model._meta.verbose_name if model else entry.target_type} {entry.target_id}"


def changes(entry: TrailEntry) -> list[Change]:
    """What became different, field by field, in the order it was written."""
    before, after, model = _part(entry, "before"), _part(entry, "after"), _model(entry)
    return [
        Change(_field_label(model, name), _said(model, name, before.get(name)), _said(model, name, after.get(name)))
        for name in {**before, **after}
    ]


def details(entry: TrailEntry) -> list[tuple[str, str]]:
    """What else was kept: reason, place, counts."""
    model = _model(entry)
    rest = {key: value for key, value in entry.changes.items() if key not in {"before", "after"}}
    return [(detail_label(key), _said(model, key, value)) for key, value in rest.items()]


def told(entry: TrailEntry) -> str:
    """Changes and details in one line, for a spreadsheet."""
    return _("; ").join(_lines(entry))


def target_choices() -> list[tuple[str, str]]:
    """The kinds of rows of our rooms, by name."""
    ours = (model for model in apps.get_models() if model.__module__.startswith("shuniu."))
    return sorted(
        ((model._meta.label_lower, str(model._meta.verbose_name)) for model in ours), key=lambda pair: pair[1]
    )


def _lines(entry: TrailEntry) -> Iterator[str]:
    for one in changes(entry):
        yield _("{label}: {before} → {after}").format(label=one.label, before=one.before, after=one.after)
    for label, value in details(entry):
        yield _("{label}: {value}").format(label=label, value=value)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _model(entry: TrailEntry) -> type[Model] | None:
    try:
        return apps.get_model(entry.target_type)
    except (LookupError, ValueError):
        return None


def _part(entry: TrailEntry, name: str) -> Mapping[str, Any]:
    part = entry.changes.get(name)
    return part if isinstance(part, dict) else {}


def _field(model: type[Model] | None, name: str) -> Field[Any, Any] | None:
    try:
        found = model._meta.get_field(name) if model else None
    except FieldDoesNotExist:
        return None
    return found if isinstance(found, Field) else None


def _field_label(model: type[Model] | None, name: str) -> str:
    field = _field(model, name)
    return str(field.verbose_name) if field else detail_label(name)


def _names(model: type[Model] | None, name: str) -> Mapping[Any, Any]:
    """What the values of a field are called: the choices of its model, or what `roles.toml` says."""
    field = _field(model, name)
    if name == "role":
        return {role.key: role.title for role in catalogue().roles.values()}
    return catalogue().permissions if name == "scopes" else dict(field.flatchoices) if field else {}


def _said(model: type[Model] | None, name: str, value: Any) -> str:
    names = _names(model, name)
    match value:
        case str() | int() if value in names:
            return str(names[value])
        case bool():
            return pgettext("answer", "yes") if value else pgettext("answer", "no")
        case list():
            return pgettext("list of names", ", ").join(_said(model, name, one) for one in value)
        case dict():
            return pgettext("list of names", ", ").join(
                f"{detail_label(str(key))} {_said(None, str(key), one)}" for key, one in value.items()
            )
        case str():
            return formats.text(_moment(value))
        case _:
            return formats.text(value)


def _moment(text: str) -> Any:
    """A day or moment where the text is one, else the text."""
    try:
        return (parse_datetime(text) or text) if "T" in text else (parse_date(text) or text)
    except ValueError:
        return text

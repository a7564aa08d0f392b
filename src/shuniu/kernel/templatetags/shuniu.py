"""Tags and filters of every template (a builtin: no `{% load %}` is needed)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.forms import BoundField
from django.template import Context
from django.utils.functional import Promise
from django.utils.html import json_script
from django.utils.safestring import SafeString

from shuniu.kernel.web import formats
from shuniu.kernel.web.charts import as_table
from shuniu.kernel.web.drawing import css_of, draw_field
from shuniu.kernel.web.icons import draw_icon

register = template.Library()

Text = str | Promise


@register.filter
def date_local(day: date | None) -> str:
    """2026年3月5日, or 5 Mar 2026."""
    return formats.date_text(day)


@register.filter
def moment_local(moment: datetime | None) -> str:
    """2026年3月5日 14:05."""
    return formats.moment_text(moment)


@register.filter
def thousands(number: float | None) -> str:
    return formats.thousands(number)


@register.filter
def money(fen: int | None) -> str:
    """Yuan from fen: 120050 is 1,200.50."""
    return formats.money(fen)


@register.filter
def percent(numerator: int | None, denominator: int | None) -> str:
    """`{{ members|percent:staff }}`: one place; a dash where the base is nothing."""
    return formats.percent(numerator, denominator)


@register.filter
def dash(value: Any) -> str:
    """The value as text, a dash where there is none."""
    return formats.text(value)


@register.simple_tag
def icon(name: str, size: int = 20) -> SafeString:
    """A Tabler icon inline, hidden from screen readers: the word stands beside it."""
    return draw_icon(str(name), size)


@register.inclusion_tag("kernel/components/pill.html")
def pill(label: Text, tone: str = "neutral") -> dict[str, Any]:
    """A state. `tone`: neutral, active, good, warn, bad or done; colour means state and nothing else."""
    return {"label": label, "tone": tone}


@register.inclusion_tag("kernel/components/stat.html")
def stat(
    title: Text,
    value: Any,
    *,
    unit: Text = "",
    of: int | None = None,
    base: Text = "",
    note: Text = "",
    url: str = "",
    tone: str = "",
) -> dict[str, Any]:
    """A figure that does not travel alone: with `of` it is shown as a share, numerator, denominator and base beside it."""
    shown = formats.thousands(value) if isinstance(value, int) else formats.text(value)
    share = formats.percent(value, of) if of is not None else ""
    return {
        "title": title,
        "shown": shown,
        "share": share,
        "of": of,
        "unit": unit,
        "base": base,
        "note": note,
        "url": url,
        "tone": tone,
    }


@register.inclusion_tag("kernel/components/progress.html")
def progress(done: int, total: int, label: Text = "") -> dict[str, Any]:
    """How far something has come; `label` says what is counted."""
    return {"done": done, "total": total, "label": label, "share": formats.percent(done, total, 0)}


@register.simple_tag
def field(bound: BoundField) -> SafeString:
    """A form field: label, widget, help beside it, errors at it."""
    return draw_field(bound)


@register.inclusion_tag("kernel/components/box.html")
def box(bound: BoundField) -> dict[str, Any]:
    """A form field in a cell of a table: the widget under the name of its column, errors at it."""
    css = css_of(bound.field.widget)
    return {"bound": bound, "drawn": bound.as_widget(attrs={"class": css, "aria-label": str(bound.label)})}


@register.inclusion_tag("kernel/components/masked.html", takes_context=True)
def masked(context: Context, value: str, reveal_url: str = "") -> dict[str, Any]:
    """A masked value; with `reveal_url`, the way to the page that asks for a reason and shows it in full."""
    return {"value": value, "reveal_url": reveal_url}


@register.inclusion_tag("kernel/components/chart.html")
def chart(name: str, options: Mapping[str, Any], caption: Text = "") -> dict[str, Any]:
    """An ECharts figure from its `options`, and the same data as a table for print, screen readers and no JavaScript."""
    return {
        "name": name,
        "caption": caption,
        "script": json_script(options, f"chart-{name}", encoder=DjangoJSONEncoder),
        "table": as_table(options),
    }


@register.simple_tag(takes_context=True)
def query_string(context: Context, **changes: Any) -> str:
    """The present query string with some values changed; an empty value leaves its name out."""
    query = context["request"].GET.copy()
    for key, value in changes.items():
        query.pop(key, None)
        if value not in {None, ""}:
            query[key] = str(value)
    return f"?{query.urlencode()}"

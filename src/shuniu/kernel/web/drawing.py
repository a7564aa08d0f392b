"""How the commonest form widgets become HTML: the same HTML as Django's own templates make, without a template.

Django draws each option of a select with two templates. A list page has some fifty options in its filters, which took a
fifth of the page's time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

Widget = Mapping[str, Any]


class Renderer(DjangoTemplates):
    """Django's renderer of forms, except for the widgets in `DRAWN`."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        draw = DRAWN.get(template_name)
        return draw(context["widget"]) if draw else super().render(template_name, context, request)


def draw_input(widget: Widget) -> SafeString:
    """An `<input>` of any type."""
    value = "" if widget["value"] is None else f' value="{conditional_escape(widget["value"])}"'
    return mark_safe(  # noqa: S308 -- every value is escaped
        f'<input type="{conditional_escape(widget["type"])}" name="{conditional_escape(widget["name"])}"'
        f"{value}{_attributes(widget['attrs'])}>"
    )


def draw_select(widget: Widget) -> SafeString:
    """A `<select>` with its options and groups of options."""
    groups = "".join(_group(name, options) for name, options, _index in widget["optgroups"])
    name = conditional_escape(widget["name"])
    return mark_safe(f'<select name="{name}"{_attributes(widget["attrs"])}>{groups}</select>')  # noqa: S308 -- as above


def _group(name: Any, options: list[Widget]) -> str:
    drawn = "".join(map(_option, options))
    return f'<optgroup label="{conditional_escape(name)}">{drawn}</optgroup>' if name else drawn


def _option(option: Widget) -> str:
    value = conditional_escape(str(option["value"]))
    return f'<option value="{value}"{_attributes(option["attrs"])}>{conditional_escape(option["label"])}</option>'


def _attributes(attrs: Mapping[str, Any]) -> str:
    return "".join(
        f" {name}" if value is True else f' {name}="{conditional_escape(value)}"'
        for name, value in attrs.items()
        if value is not False
    )


DRAWN: Mapping[str, Callable[[Widget], str]] = {
    "django/forms/widgets/select.html": draw_select,
    **dict.fromkeys(
        (f"django/forms/widgets/{kind}.html" for kind in ("text", "hidden", "number", "date", "email", "password")),
        draw_input,
    ),
}

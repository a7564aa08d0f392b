"""How form fields and the commonest widgets become HTML without a template; of widgets, the same as Django's own.

Django draws each option of a select with two templates. A list page has some fifty options in its filters, which took a
fifth of the page's time.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.forms import BoundField
from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from shuniu.kernel.web.icons import draw_icon

Widget = Mapping[str, Any]


def escaped(value: Any) -> str:
    """The value as text that HTML takes as it stands; what is safe already stays as it is."""
    if type(value) is str:
        return html.escape(value)
    if isinstance(value, Promise):
        value = str(value)
    return value.__html__() if hasattr(value, "__html__") else html.escape(str(value))


class Renderer(DjangoTemplates):
    """Django's renderer of forms, except for the widgets in `DRAWN`."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        draw = DRAWN.get(template_name)
        return draw(context["widget"]) if draw else super().render(template_name, context, request)


def draw_input(widget: Widget) -> SafeString:
    """An `<input>` of any type."""
    value = "" if widget["value"] is None else f' value="{escaped(widget["value"])}"'
    return mark_safe(  # noqa: S308 -- every value is escaped
        f'<input type="{escaped(widget["type"])}" name="{escaped(widget["name"])}"'
        f"{value}{_attributes(widget['attrs'])}>"
    )


def draw_select(widget: Widget) -> SafeString:
    """A `<select>` with its options and groups of options."""
    groups = "".join(_group(name, options) for name, options, _index in widget["optgroups"])
    name = escaped(widget["name"])
    return mark_safe(f'<select name="{name}"{_attributes(widget["attrs"])}>{groups}</select>')  # noqa: S308 -- as above


def draw_field(bound: BoundField) -> SafeString:
    """A form field: its label, its widget, what was wrong with it, and its help."""
    widget = bound.field.widget
    drawn = bound.as_widget(attrs={"class": f"{css_of(widget)} {widget.attrs.get('class', '')}".strip()})
    check, wrong = isinstance(widget, forms.CheckboxInput), _errors(bound)
    name = escaped(bound.label) + ("" if bound.field.required else _optional())
    if check:
        label, text = "", escaped(bound.label)
        drawn = mark_safe(  # noqa: S308 -- every value is escaped
            f'<label class="form-check">{drawn}<span class="form-check-label">{text}</span></label>'
        )
    elif bound.use_fieldset:
        label = f'<legend class="form-label">{name}</legend>'
    else:
        label = f'<label class="form-label" for="{escaped(bound.id_for_label)}">{name}</label>'
    tag = "fieldset" if bound.use_fieldset else "div"
    css = f"field{' field-wrong' if wrong else ''}{' field-check' if check else ''}"
    return mark_safe(  # noqa: S308 -- every value is escaped, help is written by ourselves
        f'<{tag} class="{css}">\n{label}\n<div class="field-body">\n<div class="field-input">\n{drawn}\n{wrong}</div>\n'
        f"{_help(bound)}</div>\n</{tag}>"
    )


def css_of(widget: forms.Widget) -> str:
    """The class that Tabler wants of a widget."""
    match widget:
        case forms.CheckboxSelectMultiple() | forms.RadioSelect():
            return ""
        case forms.Select():
            return "form-select"
        case forms.CheckboxInput():
            return "form-check-input"
        case _:
            return "form-control"


def _optional() -> str:
    label = gettext("optional")
    return f'<span class="optional">{escaped(label)}</span>'


def _errors(bound: BoundField) -> str:
    if not bound.errors:
        return ""
    lines = "".join(f"<p>{draw_icon('alert-circle', 16)}{escaped(error)}</p>" for error in bound.errors)
    return f'<div class="field-errors" id="{escaped(bound.auto_id)}_error">{lines}</div>\n'


def _help(bound: BoundField) -> str:
    text = bound.help_text
    return f'<p class="field-help" id="{escaped(bound.auto_id)}_helptext">{text}</p>\n' if text else ""


def _group(name: Any, options: list[Widget]) -> str:
    drawn = "".join(map(_option, options))
    return f'<optgroup label="{escaped(name)}">{drawn}</optgroup>' if name else drawn


def _option(option: Widget) -> str:
    value = escaped(str(option["value"]))
    return f'<option value="{value}"{_attributes(option["attrs"])}>{escaped(option["label"])}</option>'


def _attributes(attrs: Mapping[str, Any]) -> str:
    return "".join(
        f" {name}" if value is True else f' {name}="{escaped(value)}"'
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

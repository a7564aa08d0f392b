"""The one way to make a list page. A room declares a `ListPage`; a view narrows the rows to what the actor may see and
answers with it. Filters, order and place live in the URL, so that a list can be sent to a colleague or kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property, reduce
from typing import Any, Generic, TypeVar

from django import forms
from django.db.models import Model, QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.template.loader import get_template
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from shuniu.kernel.scope import Actor
from shuniu.kernel.web import formats, keyset
from shuniu.kernel.web.drawing import escaped
from shuniu.kernel.web.requests import PageRequest, wants_part

M = TypeVar("M", bound=Model)
Text = str | Promise

TEMPLATE = "kernel/kinds/list.html"
PAGE_SIZE = 50
COUNT_LIMIT = 1000
"""Rows counted on every page; what lies beyond is "over N" until somebody asks for the exact count."""


class Kind(StrEnum):
    """How a cell is shown. Numbers and money stand to the right in tabular figures."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    MOMENT = "moment"
    CODE = "code"


@dataclass(frozen=True)
class Column(Generic[M]):
    """One column. `value`: a function of the row, or an attribute path such as `home.name` (default: the key).

    `template`: renders the cell instead, given `row` and `value`. `order`: the fields the column sorts by (never null);
    empty: not sortable. `mask`: what is shown in place of the value.
    `tone`: the value is a state, shown as a pill of this tone (as plain text where it is empty). `link`: the cell leads to the row's page.
    `narrow`: False leaves the column out on phones.
    """

    key: str
    title: Text
    value: Callable[[M], Any] | str = ""
    kind: Kind = Kind.TEXT
    template: str = ""
    order: tuple[str, ...] = ()
    mask: Callable[[str], str] | None = None
    tone: Callable[[M], str] | None = None
    link: bool = False
    narrow: bool = True

    def of(self, row: M) -> Any:
        found = self.value(row) if callable(self.value) else _follow(row, self.value or self.key)
        return self.mask(found) if self.mask and found else found


@dataclass(frozen=True, slots=True)
class Empty:
    """What a list without rows says, and the one thing to do then (an URL name that takes no arguments)."""

    title: Text
    text: Text = ""
    action: Text = ""
    url_name: str = ""
    permission: str = ""


@dataclass(frozen=True, slots=True)
class Export:
    """A link that takes the list's filters along, to a page that makes the file."""

    label: Text
    url_name: str
    permission: str = ""


@dataclass(frozen=True, slots=True)
class Bulk:
    """A button under the list that posts the chosen rows' keys as `row`."""

    label: Text
    url_name: str
    icon: str = "checks"
    permission: str = ""
    confirm: Text = ""


class FilterForm(forms.Form):
    """The filters of a list. Subclasses declare fields (a search box is `q`) and override `narrow`.

    `actor` and `today` serve to offer choices, which `prepare` fills in. A value that is not valid is shown with its reason and not applied.
    """

    use_required_attribute = False

    def __init__(self, data: QueryDict | Mapping[str, Any] | None = None, *, actor: Actor, today: date) -> None:
        self.actor = actor
        self.today = today
        super().__init__(data or None, auto_id="filter-%s", label_suffix="")
        self.prepare()
        for one in self.fields.values():
            one.required = False
        self.values: dict[str, Any] = {}
        self.counted: int | None = None
        """How many rows `narrow` found, where it learnt that on the way; whatever is over `COUNT_LIMIT` is "over" it."""
        if self.is_bound:
            self.is_valid()
            self.values = {
                key: value for key, value in self.cleaned_data.items() if value not in forms.Field.empty_values
            }

    def prepare(self) -> None:
        """Fill in the choices of `self.fields` that depend on who looks and when; before values are checked."""

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows that meet `self.values` (the valid, non-empty ones)."""
        return rows


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows there are. `over`: at least one more than `shown`. `base` is the list without its filters."""

    shown: int
    over: bool = False
    base: int | None = None
    base_label: Text = ""


@dataclass(frozen=True)
class ListPage(Generic[M]):
    """A list page: what it is called, what its columns are, how it is filtered and ordered.

    `default_order` ends in a unique field. `row_url` makes the cell marked `link` a link, where it gives one.
    """

    title: Text
    columns: tuple[Column[M], ...]
    default_order: tuple[str, ...] = ("pk",)
    filters: type[FilterForm] = FilterForm
    row_url: Callable[[M], str] | None = None
    empty: Empty | None = None
    exports: tuple[Export, ...] = ()
    bulk: tuple[Bulk, ...] = ()
    template: str = TEMPLATE
    page_size: int = PAGE_SIZE
    unit: Text = ""
    extra: Mapping[str, Any] = field(default_factory=dict)

    def answer(
        self,
        request: PageRequest,
        rows: QuerySet[M],
        *,
        base: int | None = None,
        base_label: Text = "",
        form: FilterForm | None = None,
        **context: Any,
    ) -> HttpResponse:
        """The page, or only its rows for htmx. `base`: the rows before filtering, where the caller knows it cheaply,
        `base_label`: what they are, e.g. "all members of the Eastern Street". `form`: the filters, where the caller
        has read them already.
        """
        form = form or self.filters(request.GET, actor=request.actor, today=request.today)
        view = ListView(self, request, form, rows, base=base, base_label=base_label)
        template = f"{TEMPLATE}#rows" if wants_part(request) else self.template
        response = render(request, template, {"list": view, "filter": form, **self.extra, **context})
        patch_vary_headers(response, ["HX-Request"])
        return response


@dataclass(frozen=True, slots=True)
class Head:
    """A column's heading; `sorted` is "", "ascending" or "descending"."""

    title: Text
    css: str
    url: str
    sorted: str


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force and the address of the list without it."""

    label: Text
    value: str
    url: str


class ListView(Generic[M]):
    """One answer of a list page, ready for its template."""

    def __init__(
        self,
        page: ListPage[M],
        request: PageRequest,
        form: FilterForm,
        rows: QuerySet[M],
        *,
        base: int | None,
        base_label: Text,
    ) -> None:
        self.page = page
        self.form = form
        self._request = request
        self._chosen = _chosen_order(page, request.GET.get("sort", ""))
        narrowed = form.narrow(rows)
        self._slice = keyset.take(narrowed, self._order(), request.GET.get("at", ""), page.page_size)
        shown, over = self._count(narrowed, base)
        self.count = Count(shown, over, base if form.values else None, base_label)

    def _order(self) -> tuple[str, ...]:
        column, sign = self._chosen
        if column is None:
            return self.page.default_order
        terms = tuple(_signed(term, sign) for term in column.order)
        tail = self.page.default_order[-1]
        return terms if terms[-1].lstrip("-") == tail.lstrip("-") else (*terms, tail)

    def _count(self, rows: QuerySet[M], base: int | None) -> tuple[int, bool]:
        if base is not None and not self.form.values:
            return base, False
        if self._alone:
            return len(self._slice.rows), False
        unordered = rows.order_by().values("pk")  # the keys alone, so that nothing annotated is worked out for a count
        if self._request.GET.get("count") == "exact":
            return unordered.count(), False
        known = self.form.counted
        counted = unordered[: COUNT_LIMIT + 1].count() if known is None else known
        return min(counted, COUNT_LIMIT), counted > COUNT_LIMIT

    @property
    def _alone(self) -> bool:
        return not self._slice.after and not self._slice.before

    def _url(self, **changes: str) -> str:
        query = self._request.GET.copy()
        for key in ("at", "count"):
            query.pop(key, None)
        for key, value in changes.items():
            query.pop(key, None)
            if value:
                query[key] = value
        kept = QueryDict(mutable=True)
        for key, values in query.lists():
            kept.setlist(key, [value for value in values if value])
        return f"?{kept.urlencode()}"

    @cached_property
    def heads(self) -> list[Head]:
        return [self._head(column) for column in self.page.columns]

    def _head(self, column: Column[M]) -> Head:
        chosen, sign = self._chosen
        mine = column.key == (chosen.key if chosen else _leading(self.page))
        state = ("descending" if sign else "ascending") if mine and column.order else ""
        target = f"-{column.key}" if state == "ascending" else column.key
        return Head(column.title, _css(column), self._url(sort=target) if column.order else "", state)

    @cached_property
    def body(self) -> SafeString:
        """The rows as HTML. Not a template: five hundred cells a page would take most of the page's time."""
        drawn = [self._drawing(column) for column in self.page.columns]
        if self.bulk:
            drawn.insert(0, _chooser())
        lines = ["".join([draw(row) for draw in drawn]) for row in self._slice.rows]
        return mark_safe("".join([f"<tr>{line}</tr>\n" for line in lines]))  # noqa: S308 -- cells are escaped one by one

    def _drawing(self, column: Column[M]) -> Callable[[M], str]:
        """Draws one column's cells."""
        opening = f'<td class="{_css(column)}" data-label="{escaped(column.title)}">'
        shown = self._showing(column)
        row_url, tone = self.page.row_url if column.link else None, column.tone

        def draw(row: M) -> str:
            if row_url and (url := row_url(row)):
                return f'{opening}<a href="{escaped(url)}">{shown(row)}</a></td>'
            if tone and (colour := tone(row)):
                return f'{opening}<span class="pill pill-{escaped(colour)}">{shown(row)}</span></td>'
            return f"{opening}{shown(row)}</td>"

        return draw

    def _showing(self, column: Column[M]) -> Callable[[M], str]:
        """What stands in one column's cells."""
        if not column.template:
            written = FORMATS[column.kind]
            return lambda row: escaped(written(column.of(row)))
        template = get_template(column.template)
        return lambda row: template.render({"row": row, "value": column.of(row)}, self._request)

    @property
    def rows(self) -> list[M]:
        return self._slice.rows

    @cached_property
    def next_url(self) -> str:
        return self._url(at=self._slice.after) if self._slice.after else ""

    @cached_property
    def previous_url(self) -> str:
        return self._url(at=self._slice.before) if self._slice.before else ""

    @cached_property
    def first_url(self) -> str:
        return self._url()

    @cached_property
    def exact_url(self) -> str:
        return self._url(count="exact")

    @property
    def filtered(self) -> bool:
        return bool(self.form.values)

    @cached_property
    def sort(self) -> str:
        return self._request.GET.get("sort", "") if self._chosen[0] else ""

    @cached_property
    def search_field(self) -> forms.BoundField | None:
        return self.form["q"] if "q" in self.form.fields else None

    @cached_property
    def other_fields(self) -> list[forms.BoundField]:
        return [bound for bound in self.form if bound.name != "q"]

    @cached_property
    def chips(self) -> list[Chip]:
        return [Chip(self.form[key].label, _said(self.form, key), self._url(**{key: ""})) for key in self.form.values]

    @cached_property
    def exports(self) -> list[tuple[Text, str]]:
        query = self._url()
        return [
            (export.label, reverse(export.url_name) + (query if query != "?" else ""))
            for export in self.page.exports
            if _open(export.permission, self._request.actor)
        ]

    @cached_property
    def bulk(self) -> list[Bulk]:
        return [button for button in self.page.bulk if _open(button.permission, self._request.actor)]

    @property
    def empty(self) -> Empty | None:
        return self.page.empty

    @property
    def empty_url(self) -> str:
        empty = self.page.empty
        if not empty or not empty.url_name or not _open(empty.permission, self._request.actor):
            return ""
        return reverse(empty.url_name)


def _chooser() -> Callable[[Any], str]:
    """Draws the box in front of each row by which it is chosen."""
    label = escaped(gettext("Choose this row"))

    def draw(row: Any) -> str:
        box = f'<input class="form-check-input" type="checkbox" name="row" value="{escaped(row.pk)}" aria-label="{label}">'
        return f'<td class="cell-choose"><label class="choose">{box}</label></td>'

    return draw


def _follow(row: Any, path: str) -> Any:
    return reduce(lambda value, name: None if value is None else getattr(value, name), path.split("."), row)


def _open(permission: str, actor: Actor) -> bool:
    return not permission or actor.may(permission)


def _css(column: Column[Any]) -> str:
    return f"cell-{column.kind}" + ("" if column.narrow else " wide-only") + (" cell-link" if column.link else "")


def _signed(term: str, sign: str) -> str:
    return term if not sign else term[1:] if term.startswith("-") else f"-{term}"


def _chosen_order(page: ListPage[M], sort: str) -> tuple[Column[M] | None, str]:
    sign, key = ("-", sort[1:]) if sort.startswith("-") else ("", sort)
    return next((column for column in page.columns if column.key == key and column.order), None), sign


def _leading(page: ListPage[Any]) -> str:
    first = page.default_order[0]
    return next((column.key for column in page.columns if column.order[:1] == (first,)), "")


def _said(form: FilterForm, key: str) -> str:
    """A filter's value in the words of its field."""
    bound, value = form.fields[key], form.values[key]
    if isinstance(bound, forms.ModelMultipleChoiceField):
        return "、".join(str(one) for one in value)
    if isinstance(bound, forms.ChoiceField) and not isinstance(bound, forms.ModelChoiceField):
        labels = {str(code): label for code, label in _flat(bound.choices)}
        return "、".join(str(labels.get(str(one), one)) for one in (value if isinstance(value, list) else [value]))
    if isinstance(bound, forms.BooleanField):
        return ""
    return formats.text(value)


def _flat(choices: Any) -> list[tuple[Any, Any]]:
    return [
        pair for code, label in choices for pair in (label if isinstance(label, (list, tuple)) else [(code, label)])
    ]


FORMATS: Mapping[Kind, Callable[[Any], str]] = {
    Kind.TEXT: formats.text,
    Kind.CODE: formats.text,
    Kind.NUMBER: formats.thousands,
    Kind.MONEY: formats.money,
    Kind.DATE: formats.date_text,
    Kind.MOMENT: formats.moment_text,
}

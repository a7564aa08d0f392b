"""The public directory: services, providers, who is on duty, and the same as data. No account is needed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from shuniu.desk.public import (
    lines_open_to,
    lines_with_duty,
    night_duty,
    numbers_to_call,
    on_duty_by_line,
    public_lines,
)
from shuniu.hub.public import offers, public_providers
from shuniu.kernel.web import keyset
from shuniu.kernel.web.page import page
from shuniu.kernel.web.requests import PageRequest, get_or_404
from shuniu.portal.queries import directory
from shuniu.portal.web.forms_directory import ProviderFilter, ServiceFilter
from shuniu.portal.web.open_data import entry_data, service_data

PAGE = 30
BATCH = 200
"""Services or providers of one page of the data."""
ORDER = ("name", "pk")
WEEK = timedelta(days=6)


@page(public=True)
def services(request: PageRequest) -> HttpResponse:
    """What workers can ask for, and who gives it."""
    form = ServiceFilter(request.GET, actor=request.actor, today=request.today)
    found = keyset.take(form.narrow(public_lines()), ORDER, request.GET.get("at", ""), PAGE)
    context = {
        "filter": form,
        "services": directory.services(found.rows, request.today),
        "window": directory.Window.before(request.today),
        "hotlines": numbers_to_call(),
        **_turning(found),
    }
    return render(request, "portal/services.html", context)


@page(public=True)
def service(request: PageRequest, key: str) -> HttpResponse:
    """One service: who gives it, when and where, on what terms, and what those say who were served."""
    line = get_or_404(public_lines(), key=key)
    (one,) = directory.services([line], request.today)
    days = on_duty_by_line([line.pk], request.today, request.today + WEEK).get(line.pk, [])
    context = {
        "service": one,
        "days": days,
        "window": directory.Window.before(request.today),
        "crumbs": _crumbs(),
        "may_file": line in lines_open_to(request.actor),
    }
    return render(request, "portal/service.html", context)


@page(public=True)
def providers(request: PageRequest) -> HttpResponse:
    """The admitted providers."""
    form = ProviderFilter(request.GET, actor=request.actor, today=request.today)
    found = keyset.take(form.narrow(public_providers()), ORDER, request.GET.get("at", ""), PAGE)
    context = {
        "filter": form,
        "entries": directory.entries(found.rows, request.today),
        "window": directory.Window.before(request.today),
        "crumbs": _crumbs(),
        **_turning(found),
    }
    return render(request, "portal/providers.html", context)


@page(public=True)
def provider(request: PageRequest, pk: int) -> HttpResponse:
    """One provider: what it does, under which agreements, and what those say who were served by it."""
    row = get_or_404(public_providers(), pk=pk)
    firms = directory.firms_of(row)
    agreed = offers(request.today, providers=[row.pk, *([row.group_id] if row.group_id else [])])
    context = {
        "entry": directory.entries([row], request.today)[0],
        "firms": directory.entries(firms, request.today),
        "offers": agreed,
        "window": directory.Window.before(request.today),
        "crumbs": [*_crumbs(), (_("Providers"), reverse("portal:providers"))],
    }
    return render(request, "portal/provider.html", context)


@page(public=True)
def duty(request: PageRequest) -> HttpResponse:
    """Who is on duty today and this week, and who can be reached at night."""
    first = _monday(request)
    lines = lines_with_duty(first, first + WEEK)
    by_line = on_duty_by_line([line.pk for line in lines], first, first + WEEK)
    context = {
        "lines": [(line, by_line.get(line.pk, [])) for line in lines],
        "nights": night_duty(first, first + WEEK),
        "hotlines": numbers_to_call(),
        "first": first,
        "last": first + WEEK,
        "earlier": first - timedelta(days=7),
        "later": first + timedelta(days=7),
        "crumbs": _crumbs(),
    }
    return render(request, "portal/duty.html", context)


@page(public=True)
def services_data(request: PageRequest) -> HttpResponse:
    """The directory of services as data; the same figures as on the pages."""
    form = ServiceFilter(request.GET, actor=request.actor, today=request.today)
    found = keyset.take(form.narrow(public_lines()), ORDER, request.GET.get("at", ""), BATCH)
    rows = [service_data(one) for one in directory.services(found.rows, request.today)]
    return _data(request, "services", rows, found)


@page(public=True)
def providers_data(request: PageRequest) -> HttpResponse:
    """The directory of providers as data; the same figures as on the pages."""
    form = ProviderFilter(request.GET, actor=request.actor, today=request.today)
    found = keyset.take(form.narrow(public_providers()), ORDER, request.GET.get("at", ""), BATCH)
    rows = [entry_data(one) for one in directory.entries(found.rows, request.today)]
    return _data(request, "providers", rows, found)


def _data(request: PageRequest, name: str, rows: list[dict[str, Any]], found: keyset.Slice[Any]) -> JsonResponse:
    window = directory.Window.before(request.today)
    query = request.GET.copy()
    query["at"] = found.after
    told = {
        "made_on": request.today,
        "results_from": window.start,
        "results_before": window.end,
        name: rows,
        "next": f"{request.path}?{query.urlencode()}" if found.after else None,
    }
    return JsonResponse(told, json_dumps_params={"ensure_ascii": False})


def _turning(found: keyset.Slice[Any]) -> dict[str, str]:
    return {"after": found.after, "before": found.before}


def _crumbs() -> list[tuple[str, str]]:
    return [(_("Services"), reverse("portal:services"))]


def _monday(request: PageRequest) -> date:
    """The Monday of the week asked for; of the present week where none, or none that can be, is."""
    try:
        day = parse_date(request.GET.get("week", "")) or request.today
        monday = day - timedelta(days=day.weekday())
        return monday if abs(monday - request.today) < timedelta(days=800) else request.today
    except (ValueError, OverflowError):
        return request.today - timedelta(days=request.today.weekday())

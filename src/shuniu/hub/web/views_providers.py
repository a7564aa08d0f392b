"""The register of providers: the list, one provider, and its way through vetting."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from shuniu.hub.actions import providers as actions
from shuniu.hub.enums import CheckResult, ProviderKind, ProviderState, ServiceKind
from shuniu.hub.hands import APPROVE, EDIT, is_keeper, may_change
from shuniu.hub.models import Paper, Provider
from shuniu.hub.queries import providers as queries
from shuniu.hub.queries.duties import warning_days
from shuniu.hub.rules.providers import NEEDS_REASON, PROVIDER, STAGES
from shuniu.hub.rules.vetting import vetting
from shuniu.hub.web import forms_providers as own
from shuniu.kernel.flow import Transition
from shuniu.kernel.period import FOREVER
from shuniu.kernel.web.doing import done, posted
from shuniu.kernel.web.files import workbook
from shuniu.kernel.web.lists import Column, Empty, Export, Kind, ListPage
from shuniu.kernel.web.page import page
from shuniu.kernel.web.requests import PageRequest, get_or_404

BOTH = ("GET", "POST")
SEES = ("provider.view", "provider.own")
PEOPLE_SHOWN = 200


def state_tone(row: Provider) -> str:
    return PROVIDER.of(ProviderState(row.state)).tone


def services_text(keys: list[str]) -> str:
    """Kinds of service as people call them."""
    return "、".join(str(ServiceKind(key).label) for key in keys if key in ServiceKind)


COLUMNS: tuple[Column[Any], ...] = (
    Column("name", gettext_lazy("Provider"), link=True, order=("name", "pk")),
    Column("kind", pgettext_lazy("provider", "Kind"), value=lambda row: row.get_kind_display(), narrow=False),
    Column(
        "group", pgettext_lazy("provider", "Group"), value=lambda row: row.group.name if row.group else "", narrow=False
    ),
    Column("offers", gettext_lazy("Services"), value=lambda row: services_text(row.offers), narrow=False),
    Column("people", gettext_lazy("Serving"), kind=Kind.NUMBER),
    Column("state", pgettext_lazy("provider", "State"), value=lambda row: row.get_state_display(), tone=state_tone),
)

LIST = ListPage[Any](
    title=gettext_lazy("Providers"),
    unit=pgettext_lazy("unit", "providers"),
    columns=COLUMNS,
    default_order=("name", "pk"),
    filters=own.ProviderFilter,
    row_url=lambda row: reverse("hub:provider", args=[row.pk]),
    empty=Empty(
        gettext_lazy("No providers yet"),
        gettext_lazy("Providers apply on the public page, or you enter them here; then they are vetted and admitted."),
        gettext_lazy("Enter a provider"),
        "hub:provider_new",
        EDIT,
    ),
    exports=(Export(gettext_lazy("Export to Excel"), "hub:providers_export", "provider.view"),),
    template="hub/providers.html",
)


@page(*SEES)
def providers(request: PageRequest) -> HttpResponse:
    """The register within sight; for a manager, the firms that she acts for."""
    rows = queries.providers(request.actor)
    may_enter = request.actor.may(EDIT)
    return LIST.answer(request, rows, base=rows.count(), base_label=_("all providers you may see"), may_enter=may_enter)


@page("provider.view")
def providers_export(request: PageRequest) -> HttpResponse:
    """The providers of the list as a workbook."""
    form = own.ProviderFilter(request.GET, actor=request.actor, today=request.today)
    rows = form.narrow(queries.providers(request.actor)).order_by("name", "pk")
    return workbook(LIST.title, [column.title for column in COLUMNS], _cells(rows))


def _cells(rows: Any) -> Iterator[list[Any]]:
    for row in rows.iterator(chunk_size=2000):
        values = [column.of(row) for column in COLUMNS]
        yield [str(value) if isinstance(value, Promise) else value for value in values]


@page("provider.own")
def provider_mine(request: PageRequest) -> HttpResponseBase:
    """The provider that the actor acts for, or what to do where there is none yet."""
    row = queries.own_provider(request.actor)
    return redirect("hub:provider", row.pk) if row else render(request, "hub/provider_none.html")


@page(*SEES)
def provider(request: PageRequest, pk: int) -> HttpResponse:
    """One provider: where it stands, its papers, people, conflicts and the accounts that act for it."""
    row = get_or_404(queries.providers(request.actor), pk=pk)
    keeper = is_keeper(request.actor, row, "provider.view")
    context = {
        "provider": row,
        "state": PROVIDER.of(ProviderState(row.state)),
        "stages": _stages(row),
        "facts": _facts(row),
        "papers": _papers(request, row),
        "people": queries.professionals(request.actor)
        .filter(provider=row)
        .order_by("-is_active", "name", "pk")[:PEOPLE_SHOWN],
        "conflicts": queries.conflicts(request.actor)
        .filter(provider=row, ends_on__gt=request.today)
        .order_by("-starts_on")[:50],
        "firms": queries.providers(request.actor).filter(group=row).order_by("name"),
        "staff": queries.staff_of(row),
        "events": [_event(one) for one in queries.steps_of(row)[:50]],
        "keeper": keeper,
        **_rights(request, row, keeper=keeper),
    }
    return render(request, "hub/provider.html", context)


def _rights(request: PageRequest, row: Provider, *, keeper: bool) -> dict[str, Any]:
    """What this reader may do, and the checklist for whoever keeps the register."""
    moves = PROVIDER.available(queries.standing(row), request.actor, row.organisation.path or "") if keeper else []
    blocked = PROVIDER.transition("approve").refusal(queries.standing(row), request.actor)
    waits = row.state == ProviderState.VETTING and is_keeper(request.actor, row, APPROVE)
    return {
        "buttons": [_button(move, row) for move in moves],
        "blocked": blocked if waits else "",
        "items": _items(row) if keeper else [],
        "may_change": may_change(request.actor, row),
        "may_check": is_keeper(request.actor, row) and row.state == ProviderState.VETTING,
        "may_check_papers": is_keeper(request.actor, row),
        "may_link": is_keeper(request.actor, row, APPROVE),
        "user_id": request.actor.user_id,
    }


def _button(move: Transition[Any], row: Provider) -> dict[str, Any]:
    return {"move": move, "url": reverse("hub:provider_move", args=[row.pk, move.name])}


def _stages(row: Provider) -> list[dict[str, Any]]:
    if row.state not in STAGES:
        return []
    here = STAGES.index(ProviderState(row.state))
    return [
        {"label": stage.label, "current": number == here, "done": number < here} for number, stage in enumerate(STAGES)
    ]


def _facts(row: Provider) -> list[tuple[str, Any]]:
    told = [
        (_("Kind"), row.get_kind_display()),
        (_("Unified social credit code"), row.credit_code),
        (_("Services offered"), services_text(row.offers)),
        (_("Address"), row.address),
        (_("Contact"), row.contact_name),
        (_("Telephone"), row.contact_phone),
        (_("Register of"), row.organisation),
        (_("Applied at"), row.applied_at),
        (_("About the provider"), row.about),
    ]
    return [(pgettext("provider", "Group"), row.group), *told] if row.group else told


def _papers(request: PageRequest, row: Provider) -> list[dict[str, Any]]:
    days = max(warning_days(queries.WARNING, request.actor, "provider.view", request.today))
    rows = queries.papers(request.actor).filter(provider=row, renewed=False).order_by("good_until", "pk")
    return [{"row": one, **_validity(one, request, days)} for one in rows[:PEOPLE_SHOWN]]


def _validity(row: Paper, request: PageRequest, days: int) -> dict[str, Any]:
    """How good a paper is today, in a word and a tone."""
    if row.good_until < request.today:
        return {"label": _("Expired"), "tone": "bad", "open": True}
    if row.checked_at is None:
        return {"label": _("Not checked yet"), "tone": "warn", "open": True}
    if row.good_until <= request.today + timedelta(days=days):
        return {"label": _("Ends soon"), "tone": "warn", "open": True}
    return {"label": _("Good"), "tone": "good", "open": row.good_until != FOREVER}


def _items(row: Provider) -> list[dict[str, Any]]:
    found = queries.checks_of(row)
    tones = {CheckResult.MET: "good", CheckResult.NOT_MET: "bad", CheckResult.NOT_APPLICABLE: "neutral"}
    told = []
    for item in vetting().items_for(row.kind):
        check = found.get(item.key)
        tone = tones[CheckResult(check.result)] if check else "warn"
        told.append({"item": item, "check": check, "tone": tone})
    return told


def _event(one: Any) -> dict[str, Any]:
    names = {"apply": _("Applied")}
    title = names.get(one.step) or str(PROVIDER.transition(one.step).label)
    return {
        "at": one.at,
        "title": title,
        "text": one.reason,
        "who": one.by_name,
        "tone": PROVIDER.of(ProviderState(one.state)).tone,
    }


@page(EDIT, methods=BOTH)
def provider_new(request: PageRequest) -> HttpResponseBase:
    """Enter a provider as an applicant."""
    form = own.ProviderForm(posted(request), actor=request.actor)
    entered: list[Provider] = []

    def act(data: dict[str, Any]) -> None:
        body = data.pop("organisation")
        entered.append(actions.enter_provider(body, details_of(data), actor=request.actor, now=request.now))

    if done(form, act):
        messages.success(request, _("The provider is entered. Now hand in its papers and vet it."))
        return redirect("hub:provider", entered[0].pk)
    return answer_form(request, form, _("Enter a provider"), reverse("hub:providers"), draft="provider-new")


def details_of(data: dict[str, Any]) -> actions.ProviderDetails:
    """What a form says of a provider."""
    plain = ("name", "credit_code", "address", "about", "contact_name", "contact_phone")
    return actions.ProviderDetails(
        **{key: data[key] for key in plain},
        kind=ProviderKind(data["kind"]),
        offers=[ServiceKind(one) for one in data["offers"]],
        group=data.get("group"),
    )


@page(EDIT, APPROVE, methods=BOTH)
def provider_move(request: PageRequest, pk: int, move: str) -> HttpResponseBase:
    """Take one step with a provider."""
    row = get_or_404(queries.providers(request.actor), pk=pk)
    taken = next((one for one in PROVIDER.transitions if one.name == move), None)
    if taken is None:
        raise Http404
    if not is_keeper(request.actor, row, taken.permission):
        raise PermissionDenied(taken.permission)
    form = own.MoveForm(posted(request), needed=move in NEEDS_REASON)

    def act(data: dict[str, Any]) -> None:
        actions.move_provider(row, move, actor=request.actor, now=request.now, reason=data["reason"])

    if done(form, act):
        messages.success(request, _("Done. {name}: {state}.").format(name=row, state=PROVIDER.of(taken.target).label))
        return redirect("hub:provider", row.pk)
    title = _("{step}: {name}").format(step=taken.label, name=row)
    return answer_form(
        request, form, title, reverse("hub:provider", args=[row.pk]), submit=taken.label, danger=taken.danger
    )


@page(EDIT, methods=BOTH)
def provider_check(request: PageRequest, pk: int, item: str) -> HttpResponseBase:
    """Say what came of one item of the checklist."""
    row = get_or_404(queries.providers(request.actor), pk=pk)
    if not is_keeper(request.actor, row):
        raise PermissionDenied(EDIT)
    asked = next((one for one in vetting().items_for(row.kind) if one.key == item), None)
    if asked is None:
        raise Http404
    form = own.CheckForm(posted(request))

    def act(data: dict[str, Any]) -> None:
        result = CheckResult(data["result"])
        actions.check_item(row, item, result, actor=request.actor, now=request.now, note=data["note"])

    if done(form, act):
        return redirect(reverse("hub:provider", args=[row.pk]) + "#checklist")
    title = _("Check: {name}").format(name=row)
    return answer_form(request, form, title, reverse("hub:provider", args=[row.pk]), note=asked)


def answer_form(request: PageRequest, form: forms.Form, title: str, cancel_url: str, **context: Any) -> HttpResponse:
    """A page with one form."""
    return render(request, "hub/form.html", {"form": form, "title": title, "cancel_url": cancel_url, **context})

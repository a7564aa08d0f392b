"""What I was told, which ways out of the site I want, and for the operator what did not go out."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from shuniu.kernel.notices import actions, kinds, queries
from shuniu.kernel.notices.models import Delivery, Notice
from shuniu.kernel.notices.web.forms import ChannelsForm, NoticeFilter
from shuniu.kernel.web.doing import key_in, posted
from shuniu.kernel.web.lists import Column, Empty, Kind, ListPage
from shuniu.kernel.web.page import page
from shuniu.kernel.web.requests import PageRequest, get_or_404

NOTICES = ListPage[Notice](
    title=gettext_lazy("Notices"),
    unit=pgettext_lazy("unit", "notices"),
    columns=(
        Column("title", pgettext_lazy("notice", "Notice"), template="kernel/notices/_notice.html"),
        Column("created_at", pgettext_lazy("notice", "When"), kind=Kind.MOMENT),
    ),
    default_order=("-pk",),
    filters=NoticeFilter,
    empty=Empty(
        gettext_lazy("Nothing yet"),
        gettext_lazy("Whatever concerns you will be told here: a case given to you, an answer, a duty day."),
    ),
    template="kernel/notices/list.html",
)
TROUBLED = ListPage[Delivery](
    title=gettext_lazy("Messages that did not go out"),
    unit=pgettext_lazy("unit", "messages"),
    columns=(
        Column("told_at", pgettext_lazy("notice", "When"), value="notice.created_at", kind=Kind.MOMENT),
        Column("kind", pgettext_lazy("notice", "About"), value=lambda row: kind_label(row.notice.kind)),
        Column("channel", pgettext_lazy("notice", "By"), value=lambda row: channel_label(row.channel)),
        Column("attempts", gettext_lazy("Attempts"), kind=Kind.NUMBER),
        Column("state", gettext_lazy("State"), value=lambda row: row.get_state_display(), tone=lambda row: "warn"),
        Column("problem", gettext_lazy("What the gateway said"), kind=Kind.CODE),
    ),
    default_order=("-pk",),
    empty=Empty(gettext_lazy("Every message went out")),
)


def kind_label(key: str) -> Any:
    kind = kinds.kind_of(key)
    return kind.label if kind else key


def channel_label(key: str) -> Any:
    gateway = kinds.gateways().get(key)
    return gateway.label if gateway else key


@page()
def notices(request: PageRequest) -> HttpResponse:
    """What I was told, the newest first."""
    rows = queries.notices_of(request.actor)
    newest = rows.order_by("-pk").values_list("pk", flat=True).first()
    return NOTICES.answer(request, rows, newest=newest or 0)


@page(methods=["POST"])
def open_notice(request: PageRequest, pk: int) -> HttpResponse:
    """Mark a notice as read and go where it leads."""
    notice = get_or_404(queries.notices_of(request.actor), pk=pk)
    actions.mark_read(notice, actor=request.actor, now=request.now)
    return redirect(notice.url or reverse("notices:list"))


@page(methods=["POST"])
def read_all(request: PageRequest) -> HttpResponse:
    """Mark as read whatever stood on the list."""
    up_to = key_in(request.POST.get("up_to", "")) or 0
    actions.mark_all_read(up_to=up_to, actor=request.actor, now=request.now)
    return redirect("notices:list")


@page(methods=["GET", "POST"])
def channels(request: PageRequest) -> HttpResponse:
    """Which kinds of notices go out to me, and how."""
    user = request.actor.user_id or 0
    chosen = queries.choices_of([user])
    form = ChannelsForm(posted(request), concerned=kinds.kinds_for(request.actor), choices=chosen, user=user)
    if form.is_valid():
        actions.choose_channels(form.wanted, actor=request.actor, now=request.now)
        messages.success(request, _("Your choice is kept."))
        return redirect("notices:channels")
    context = {"form": form, "ways": [_way(channel, user) for channel in kinds.gateways()], "submit": _("Keep")}
    return render(request, "kernel/notices/channels.html", context)


def _way(channel: str, user: int) -> dict[str, Any]:
    """A channel as its reader sees it: what it is called, whether she is reached by it, where she says so."""
    change = kinds.address_page(channel)
    return {
        "label": channel_label(channel),
        "known": bool(kinds.addresses(channel, [user]).get(user)),
        "url": reverse(change) if change else "",
    }


@page("site.operate")
def troubled(request: PageRequest) -> HttpResponse:
    """What did not go out, without a word of what it said or to whom."""
    return TROUBLED.answer(request, queries.troubled())

"""What rosters, bookings and counselling show in the shell: navigation and cards of the home page."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shuniu.desk.enums import BookingState, SwapState
from shuniu.desk.queries import bookings, counselling, rosters
from shuniu.kernel.notices import Kind, register_kind
from shuniu.kernel.scope import Actor
from shuniu.kernel.web import cards, nav
from shuniu.kernel.web.formats import date_text

LINES = 5
GIVES, OWN = ("service.give",), ("own.view",)


def duty_today(actor: Actor, today: date) -> cards.Due | None:
    """One's own duties of today and the next days."""
    rows = list(rosters.own_shifts(actor, today)[:LINES])
    if not rows:
        return None
    url = reverse("desk:my_days")
    lines = tuple(cards.DueLine(str(one.line), url, one.day) for one in rows)
    return cards.Due(_("My coming duties"), len(rows), url, lines=lines)


def booked_with_me(actor: Actor, today: date) -> cards.Due | None:
    """Bookings with oneself that are ahead."""
    rows = bookings.served_bookings(actor, today).filter(state=BookingState.CONFIRMED)
    found = list(rows[:LINES])
    if not found:
        return None
    lines = tuple(
        cards.DueLine(str(one.line), reverse("desk:booking", args=[one.pk]), timezone.localtime(one.starts_at).date())
        for one in found
    )
    return cards.Due(_("Bookings with me"), rows.count(), reverse("desk:my_days"), lines=lines)


def swaps_to_approve(actor: Actor, today: date) -> cards.Due | None:
    """Swaps that wait for somebody who may approve them."""
    place = actor.reach("roster.approve").condition("shift__roster__organisation__path")
    rows = rosters.swaps(actor).filter(place, state=SwapState.TAKEN).order_by("shift__day", "pk")
    lines = tuple(
        cards.DueLine(f"{one.offered_by} → {one.taken_by}", reverse("desk:swap", args=[one.pk]), one.shift.day)
        for one in rows[:LINES]
    )
    return cards.Due(_("Swaps to approve"), rows.count(), reverse("desk:swaps"), lines=lines) if lines else None


def steps_due(actor: Actor, today: date) -> cards.Due | None:
    """Open steps of crises that one reported or supervises."""
    rows = list(counselling.due_steps_of(actor, timezone.now())[: LINES + 1])
    lines = tuple(
        cards.DueLine(
            str(one.get_step_display()),
            reverse("desk:crisis", args=[one.crisis_id]),
            timezone.localtime(one.due_at).date(),
        )
        for one in rows[:LINES]
    )
    return (
        cards.Due(_("Steps of crises"), len(rows), reverse("desk:crises"), tone="bad", lines=lines) if lines else None
    )


def my_next(actor: Actor, today: date) -> cards.Mine | None:
    """A member's next bookings."""
    rows = bookings.own_bookings(actor).filter(state__in=[BookingState.CONFIRMED, BookingState.OFFERED])
    ahead = [one for one in rows[:20] if timezone.localtime(one.starts_at).date() >= today]
    return cards.Mine(_("My bookings"), "desk/_mine_bookings.html", {"bookings": ahead[::-1][:3]})


def to_book(actor: Actor, today: date) -> cards.Shortcut | None:
    """The way to book."""
    return cards.Shortcut(_("Book a time"), reverse("desk:book"), "calendar-plus", _("Legal advice, counselling"))


def on_duty_today(actor: Actor, today: date) -> cards.Shortcut | None:
    """Who is on duty."""
    names = [one.name for line in rosters.lines_with_duty(today, today) for one in rosters.on_duty(line, today)]
    note = "、".join(names[:3]) or date_text(today)
    return cards.Shortcut(_("Who is on duty"), reverse("desk:duty_public"), "user-check", note)


def register() -> None:
    """Called once, when the site starts."""
    nav.register(
        nav.NavItem(_("My days"), "desk:my_days", "calendar", GIVES, 5, "desk", key="d"),
        nav.NavItem(_("Book a time"), "desk:book", "calendar-plus", (*OWN, "booking.edit"), 30, "desk"),
        nav.NavItem(_("My bookings"), "desk:my_bookings", "calendar-event", OWN, 31, "desk"),
        nav.NavItem(_("All bookings"), "desk:bookings", "calendar-event", ("booking.edit",), 32, "desk"),
        nav.NavItem(_("Duty rosters"), "desk:rosters", "calendar-stats", ("roster.view",), 40, "desk"),
        nav.NavItem(_("Swaps of duty"), "desk:swaps", "arrows-exchange", ("roster.view", *GIVES), 41, "desk"),
        nav.NavItem(_("Working plans"), "desk:plans", "clock", ("roster.view", *GIVES), 42, "desk"),
    )
    cards.register(
        cards.Card("desk.duty", duty_today, cards.Slot.DUE, GIVES, 10),
        cards.Card("desk.served", booked_with_me, cards.Slot.DUE, GIVES, 11),
        cards.Card("desk.swaps", swaps_to_approve, cards.Slot.DUE, ("roster.approve",), 30),
        cards.Card("desk.crises", steps_due, cards.Slot.DUE, (*GIVES, "case.view"), 1),
        cards.Card("desk.book", to_book, cards.Slot.SHORTCUTS, (*OWN, "booking.edit"), 10),
        cards.Card("desk.on_duty", on_duty_today, cards.Slot.SHORTCUTS, (*OWN, "roster.view"), 11),
        cards.Card("desk.my_bookings", my_next, cards.Slot.MINE, OWN, 30),
    )
    register_kind(Kind("desk.booking", _("Bookings"), permissions=(*OWN, *GIVES)))
    register_kind(Kind("desk.duty", _("Days of duty"), permissions=GIVES))
    register_kind(Kind("desk.crisis", _("Crises in counselling"), permissions=(*GIVES, "case.view")))

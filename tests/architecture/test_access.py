"""Every page, every role, every method: the answer is the one written down. See docs/develop/add-a-page.md."""

from __future__ import annotations

import pytest

from shuniu.accounts.public import catalogue
from shuniu.kernel.web import nav
from tests.architecture import access
from tests.factories import Cast

HINT = "See docs/develop/add-a-page.md, step 4 (python -m tests.architecture.print_access_row)."
PUBLIC = {
    "accounts:sign_in": "the front door",
    "accounts:second_factor": "the second step of the front door",
    "accounts:sign_out": "harmless without a session, and a session that ended meanwhile is no error",
    "desk:anonymous": "a letter without a name is written without an account",
    "desk:anonymous_new": "a letter without a name is written without an account",
    "desk:anonymous_follow": "the receipt opens the letter",
    "desk:anonymous_write": "the receipt opened the letter",
    "desk:hotlines": "whoever is in danger needs a number, not an account",
    "hub:apply": "a provider that applies has no account yet",
    "hub:applied": "shows the receipt of one's own session, once",
    "hub:application": "whoever holds the receipt follows the application",
    "kernel:language": "the visitor's own way of reading",
    "kernel:text_size": "the visitor's own way of reading",
    "desk:duty_public": "who is on duty is published",
    "desk:line_feed": "who is on duty is published",
    "desk:feed": "opens by a secret address that its owner can revoke; times only",
    "desk:help_now": "nobody in distress should have to sign in",
    "portal:home": "visitors learn what this is",
    "portal:services": "what workers may ask for is published",
    "portal:service": "what workers may ask for is published",
    "portal:services_data": "the same as data",
    "portal:providers": "who is admitted is published",
    "portal:provider": "who is admitted is published",
    "portal:providers_data": "the same as data",
    "portal:duty": "who is on duty is published, and whoever is in distress has no account at hand",
    "hub:acceptances_public": "results of acceptances are published (Regulation on the Government Procurement Law, 45)",
    "hub:acceptance_public": "results of acceptances are published",
    "portal:help": "whoever cannot sign in needs help most",
    "desk:repair_board": "what the unions promise about repairs and how they kept it, as sums",
    "desk:limits": "time limits of the law, asked without a name; nothing is kept",
    "hub:notices": "tenders are announced to everybody who might bid",
    "hub:notice": "what is bought, how it is scored, and who was awarded it, is public by law",
    "hub:notice_releases": "the same as open data",
    "hub:notice_record": "the same as open data",
    "hub:releases_of_year": "the same as open data, a year at a time",
    "voice:rate": "whoever has the one-use link rates the service, without an account",
    "voice:rated": "thanks, and says nothing else",
}
"""Pages that the whole world may open, and why."""
NOBODYS_BUSINESS = ("registry", "exchange", "api")
"""Rooms with data of members, which none of the three powers may open."""
POWERS = ("operator", "security", "audit")
CLOSED = {302, 401, 403, 404, 405}


def test_matrix_has_a_row_for_every_page_and_none_for_others() -> None:
    kept, wanted = set(access.matrix()), set(access.keys())

    assert sorted(wanted - kept) == [], f"Rows are missing. {HINT}"
    assert sorted(kept - wanted) == [], f"Rows of pages that are gone. {HINT}"


def test_every_url_has_a_name() -> None:
    assert [route.path for route in access.routes() if not route.name and not route.path.startswith("/api/")] == []


@pytest.mark.parametrize("room", access.rooms())
def test_every_role_gets_the_answer_written_down(room: str, cast: Cast) -> None:
    walk = access.Walk(cast)
    wrong = []
    for route in access.of_room(room):
        for method in access.methods_of(route):
            key = f"{route.name} {method}"
            told = dict(zip(access.COLUMNS, access.matrix().get(key, ()), strict=False))
            asked = access.columns_to_ask(tuple(told.values())) if told else ()
            found = dict(zip(asked, walk.row(route, method, asked), strict=True))
            if told | found != told:
                wrong.append(access.suggested(key, tuple((told | found).values())))

    assert wrong == [], f"These pages answer otherwise than the matrix says. {HINT}"


@pytest.mark.one_database
@pytest.mark.parametrize("room", access.rooms())
def test_methods_that_a_page_does_not_name_do_nothing(room: str, cast: Cast) -> None:
    walk = access.Walk(cast)
    answered = [
        f"{method} {route.name}"
        for route in access.of_room(room)
        if route.methods
        for method in access.ASKED
        if method not in route.methods and walk.status("dana", method, route) != 405
    ]

    assert answered == []


def test_only_listed_pages_are_public() -> None:
    assert {route.name for route in access.all_routes() if route.public} == PUBLIC.keys()


def test_nobody_gets_in_without_signing_in() -> None:
    open_to_all = {key for key, row in access.matrix().items() if row[access.COLUMNS.index("erin")] not in CLOSED}

    assert {key.split()[0] for key in open_to_all} <= PUBLIC.keys()


@pytest.mark.parametrize("power", POWERS)
def test_no_power_reads_members_data(power: str) -> None:
    column = access.COLUMNS.index(power)
    seen = {
        key
        for key, row in access.matrix().items()
        if key.split(":")[0] in NOBODYS_BUSINESS and row[column] not in CLOSED
    }

    assert seen == set()


def test_pages_of_one_object_are_not_found_by_strangers() -> None:
    """Wherever Alice is shown an object of her union, Charlie is not."""
    columns = access.COLUMNS
    alice, charlie, stranger = (columns.index(name) for name in ("alice", "charlie", "stranger"))
    objects = {route.name for route in access.all_routes() if "<" in route.path and access.room_of(route) == "registry"}
    leaks = {
        key
        for key, row in access.matrix().items()
        if key.split()[0] in objects and row[alice] == 200 and (row[charlie] == 200 or row[stranger] == 200)
    }

    assert leaks == set()


def test_permissions_of_pages_and_navigation_exist() -> None:
    asked = {permission for route in access.all_routes() for permission in route.permissions}
    shown = {permission for item in nav._items.all() for permission in item.permissions}

    assert (asked | shown) - catalogue().permissions.keys() == set()

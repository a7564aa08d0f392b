"""Print rows for the access matrix as the pages answer now: `python -m tests.architecture.print_access_row [NAME ...]`.

Without a name: every row that is missing. Think about each number before you keep it: the matrix says what should be.
"""

from __future__ import annotations

import logging
import os
import sys

import django
from django.db import connection, transaction
from django.test.utils import setup_test_environment


def main(names: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    logging.disable()  # refusals are what we came for
    setup_test_environment()
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    whole = transaction.atomic()
    whole._from_testcase = True  # type: ignore[attr-defined]  # actions may ask to be the outermost transaction
    try:
        with whole:
            print_rows(names)
            transaction.set_rollback(True)
    finally:
        connection.creation.destroy_test_db(os.devnull, verbosity=0)


def print_rows(names: list[str]) -> None:
    from tests.architecture import access  # once Django is set up
    from tests.factories import make_cast

    walk = access.Walk(make_cast())
    print(f"# {' '.join(access.COLUMNS)}")  # noqa: T201
    for route in access.all_routes():
        for method in access.methods_of(route):
            key = f"{route.name} {method}"
            if route.name in names or (not names and key not in access.matrix()):
                try:
                    print(access.suggested(key, walk.row(route, method)))  # noqa: T201
                except LookupError as error:
                    print(f"# {error}")  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1:])

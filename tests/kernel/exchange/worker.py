"""A process that works on batches of toys and can be killed: `python -m tests.kernel.exchange.worker VERBS SECONDS`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from shuniu.kernel import actors  # noqa: E402
from shuniu.kernel.exchange import actions, importer, jobs  # noqa: E402
from shuniu.kernel.exchange.checked import Checked  # noqa: E402
from shuniu.kernel.exchange.importer import Row  # noqa: E402
from shuniu.kernel.exchange.models import ImportBatch  # noqa: E402
from tests.kernel.exchange.conftest import cadre  # noqa: E402
from tests.kernel.exchange.toys import ToyImporter, csv_file, make_toy_table  # noqa: E402


class Noted(ToyImporter):
    """Writes down the first row of each chunk it checks."""

    def check_chunk(self, context: Any, numbers: Sequence[int], rows: Sequence[Row]) -> Checked:
        checked = super().check_chunk(context, numbers, rows)
        with (Path(settings.SHUNIU_DATA) / "chunks").open("a") as file:
            file.write(f"{numbers[0]}\n")
        return checked


def prepare() -> None:
    """Tables, and a file of many rows that waits to be checked."""
    if connection.vendor == "sqlite":
        call_command("migrate", "kernel", verbosity=0)
        call_command("migrate", "django_tasks_database", verbosity=0)
        make_toy_table()
    rows = [(f"A-{n}", "小汽车", "car", "2026-03-05", "") for n in range(40_000)]
    who, now = cadre(7), timezone.now()
    batch = actions.start_upload("toys", csv_file(*rows), "玩具.csv", language="zh-hans", actor=who, now=now)
    actions.choose_mapping(batch, batch.columns, actor=who, now=now)


def ask_to_apply() -> None:
    actions.apply_batch(ImportBatch.everything.get(), actor=cadre(7), now=timezone.now())


def work() -> None:
    """Do what is queued, as the site's worker does."""
    call_command("db_worker", batch=True, interval=0.0, startup_delay=False, verbosity=0)


def requeue() -> None:
    sys.stdout.write(f"requeued {len(jobs.requeue(timezone.now() + timedelta(minutes=1)))}\n")


def tell() -> None:
    batch = ImportBatch.everything.get()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), count(DISTINCT code) FROM toy")
        sys.stdout.write(" ".join(map(str, (batch.state, batch.new, batch.wrong, *cursor.fetchone()))) + "\n")


if __name__ == "__main__":
    importer.register(Noted(float(sys.argv[2])))
    actors.register(lambda account, on: cadre(7))
    verbs = {"prepare": prepare, "ask": ask_to_apply, "work": work, "requeue": requeue, "tell": tell}
    for verb in sys.argv[1].split(","):
        verbs[verb]()

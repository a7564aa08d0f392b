from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

import pytest

from shuniu.kernel import upkeep
from shuniu.kernel.upkeep import Chore, Rounds

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_a_new_worker_does_everything_at_once_and_then_waits() -> None:
    done: list[datetime] = []
    rounds = Rounds([Chore("sweep", 10 * MINUTE, done.append)])

    for minute in (0, 1, 9, 10, 11, 20):
        rounds.go(NOW + minute * MINUTE)

    assert done == [NOW, NOW + 10 * MINUTE, NOW + 20 * MINUTE]


def test_each_chore_has_its_own_interval() -> None:
    done: list[str] = []
    rounds = Rounds(
        [
            Chore("often", MINUTE, lambda now: done.append("often")),
            Chore("seldom", 3 * MINUTE, lambda now: done.append("seldom")),
        ]
    )

    for minute in range(4):
        rounds.go(NOW + minute * MINUTE)

    assert done == ["often", "seldom", "often", "often", "often", "seldom"]


def test_a_chore_that_fails_is_told_and_keeps_no_other_from_being_done(caplog: pytest.LogCaptureFixture) -> None:
    done: list[datetime] = []

    def fail(now: datetime) -> None:
        raise RuntimeError("no broom")

    rounds = Rounds([Chore("broken", MINUTE, fail), Chore("sweep", MINUTE, done.append)])

    with caplog.at_level(logging.ERROR):
        rounds.go(NOW)
        rounds.go(NOW + MINUTE)

    assert done == [NOW, NOW + MINUTE]
    assert [record.message for record in caplog.records] == ["The chore broken failed."] * 2


def test_a_clock_put_back_a_year_delays_nothing() -> None:
    done: list[datetime] = []
    rounds = Rounds([Chore("sweep", MINUTE, done.append)])
    rounds.go(NOW)

    rounds.go(NOW - timedelta(days=365))

    assert len(done) == 2


def test_the_kernel_looks_after_imports_sessions_and_the_queue() -> None:
    assert {"imports.requeue", "imports.purge", "sessions.clear", "jobs.prune"} <= {
        chore.name for chore in upkeep.chores()
    }


@pytest.mark.django_db
def test_every_registered_chore_can_be_done_on_an_empty_site(caplog: pytest.LogCaptureFixture) -> None:
    Rounds(upkeep.chores()).go(NOW)

    assert caplog.records == []

"""Papers that end are called to mind: ninety and thirty days before and when they have ended, each once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from shuniu.hub.actions.papers import warn_of_papers
from shuniu.hub.enums import PaperKind, ProviderState
from shuniu.hub.queries.warnings import due_warning
from shuniu.kernel.notices.models import Notice
from shuniu.kernel.scope import Actor
from tests.factories import Cast
from tests.hub.making import make_manager, make_paper, make_provider

pytestmark = pytest.mark.django_db
WORKER = Actor.system("worker")


@pytest.mark.parametrize(("left", "due"), [(91, None), (90, 90), (31, 90), (30, 30), (0, 30), (-1, 0), (-400, 0)])
def test_the_warning_that_is_due(left: int, due: int | None) -> None:
    assert due_warning(left, (90, 30)) == due


def told(cast: Cast) -> int:
    return Notice.everything.filter(user_id=cast.manager.user.pk, kind="hub.papers").count()


def test_each_warning_of_a_paper_goes_out_once_to_those_who_answer_for_it(cast: Cast) -> None:
    provider, now = make_provider(cast.district), timezone.now()
    make_manager(provider, cast.manager)
    make_paper(provider, PaperKind.INSURANCE, good_until=timezone.localdate() + timedelta(days=95))

    counts = []
    for later in (0, 5, 6, 64, 65, 66, 95, 96, 97):
        warn_of_papers(actor=WORKER, now=now + timedelta(days=later))
        counts.append(told(cast))

    assert counts == [0, 1, 1, 1, 2, 2, 2, 3, 3]
    assert set(Notice.everything.values_list("user_id", flat=True)) == {cast.manager.user.pk, cast.dana.user.pk}
    assert "责任保险" not in Notice.everything.first().title


def test_what_is_renewed_or_of_a_provider_that_left_is_passed_over(cast: Cast) -> None:
    provider, gone = make_provider(cast.district), make_provider(cast.district, state=ProviderState.REMOVED)
    for row in (provider, gone):
        make_paper(row, PaperKind.INSURANCE, good_until=timezone.localdate())
    make_paper(provider, PaperKind.INSURANCE)

    assert warn_of_papers(actor=WORKER, now=timezone.now()) == 0
    assert not Notice.everything.exists()


def test_several_papers_of_a_provider_are_one_notice(cast: Cast) -> None:
    provider = make_provider(cast.district)
    make_manager(provider, cast.manager)
    for kind in (PaperKind.INSURANCE, PaperKind.YEARLY, PaperKind.RECORD):
        make_paper(provider, kind, good_until=timezone.localdate())

    assert warn_of_papers(actor=WORKER, now=timezone.now()) == 3
    assert told(cast) == 1

"""Letters of nobody: filed without an account, followed by a receipt, erased when their time is over.

Nothing of whoever writes is kept: no account, address, device or cookie; moments are cut to the hour.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from shuniu.desk.actions.cases import add_message, begin_case
from shuniu.desk.casework import CaseError, locked, tell_trail
from shuniu.desk.enums import Channel
from shuniu.desk.models import Case, ReceiptTries, ServiceLine
from shuniu.desk.receipts import coarse, erasable, new_receipt, read_receipt, receipt_hash, stretch
from shuniu.kernel.exchange.store import delete_upload
from shuniu.kernel.scope import Actor

NOBODY: Final = Actor(None, "")


@transaction.atomic(durable=True)
def file_anonymously(
    line: ServiceLine, *, title: str, answers: Mapping[str, Any], actor: Actor, now: datetime, once: str = ""
) -> tuple[Case, str]:
    """Open a case of nobody; the case and the receipt, which is told here and never again. `actor` is not looked at.

    A form that is sent twice opens one case, under the receipt that the second answer tells.

    Raises:
        CaseError: the line takes no anonymous letters. Others as `open_case`.
    """
    line = (
        ServiceLine.everything.select_related("organisation__area", "current")
        .defer("setup", "current__setup")
        .get(pk=line.pk)
    )
    if not line.takes_anonymous:
        raise CaseError(_("“{line}” takes no anonymous letters.").format(line=line))
    shown = new_receipt()
    mark = receipt_hash(read_receipt(shown))
    case = begin_case(
        line, channel=Channel.ANONYMOUS, title=title, answers=answers, actor=NOBODY, now=coarse(now), once=once,
        receipt=mark,
    )  # fmt: skip
    if case.receipt != mark:
        Case.everything.filter(pk=case.pk, channel=Channel.ANONYMOUS).update(receipt=mark)
    return case, shown


@transaction.atomic(durable=True)
def count_wrong_receipt(*, actor: Actor, now: datetime) -> None:
    """Count a receipt that opened nothing, of everybody together. `actor` is not looked at."""
    since = stretch(now)
    ReceiptTries.objects.get_or_create(since=since)
    ReceiptTries.objects.filter(since=since).update(wrong=F("wrong") + 1)
    ReceiptTries.objects.filter(since__lt=since - timedelta(days=1)).delete()


@transaction.atomic(durable=True)
def write_anonymously(case: Case, text: str, *, actor: Actor, now: datetime) -> Case:
    """What whoever holds the receipt adds. `actor` is not looked at."""
    return add_message(case, text, actor=NOBODY, now=coarse(now), as_filer=True)


@transaction.atomic(durable=True)
def erase_case(case: Case, *, actor: Actor, now: datetime) -> bool:
    """Delete what an anonymous case says, its dialogue, files and receipt, once its time is over; whether that was so.
    Its number, line, state and times stay for the counts.
    """
    case = locked(case)
    if not erasable(case, now):
        return False
    stored = list(case.files.values_list("stored", flat=True))
    case.files.all().delete()
    case.steps.update(text="")
    case.extensions.update(reason="")
    case.words.all().delete()
    empty = {"title": "", "answers": "", "contact_name": "", "contact_phone": "", "receipt": None, "once": None}
    Case.everything.filter(pk=case.pk).update(erased_at=now, **empty)
    tell_trail("case.erased", case, actor, now)
    for one in stored:
        transaction.on_commit(partial(delete_upload, one))
    return True

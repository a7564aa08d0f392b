"""Objects of pages about duties and providers: always at Alice's union, and of the provider that the manager acts for."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

from django.utils import timezone

from shuniu.hub.enums import PaperKind, ProviderState
from shuniu.hub.models import Conflict, Duty, Paper, Professional, Provider, ProviderStaff
from shuniu.kernel.exchange.store import save_upload
from tests.factories import Cast
from tests.hub.making import make_duty, make_manager, make_paper, make_professional, make_provider
from tests.registry.making import make_employer


def duty(cast: Cast) -> Duty:
    return make_duty(cast.union)


def provider(cast: Cast) -> Provider:
    row = make_provider(cast.union, state=ProviderState.VETTING)
    staff(row, cast)
    return row


def staff(row: Provider, cast: Cast) -> ProviderStaff:
    ProviderStaff.everything.filter(user=cast.manager.user).update(ended_at=timezone.now())
    return make_manager(row, cast.manager)


def professional(cast: Cast) -> Professional:
    Professional.everything.filter(user=cast.lawyer.user).update(user=None)
    return make_professional(provider(cast), user=cast.lawyer.user)


def paper(cast: Cast) -> Paper:
    stored = save_upload(BytesIO(b"%PDF-1.7"))
    return make_paper(
        provider(cast), PaperKind.INSURANCE, checked_at=None, file_id=stored.id, file_name="a.pdf", professional=None
    )


def conflict(cast: Cast) -> Conflict:
    return Conflict.everything.create(
        provider=provider(cast), employer=make_employer(cast.union), starts_on=timezone.localdate()
    )


def unlinking(cast: Cast) -> dict[str, Any]:
    row = make_provider(cast.union)
    return {"pk": row.pk, "staff": staff(row, cast).pk}


DUTY_PAGES = ("duty", "duty_edit", "duty_decide")
PROVIDER_PAGES = ("provider", "paper_new", "professional_new", "conflict_new", "account_link")
PEOPLE_PAGES = (
    "professional", "professional_paper_new", "professional_admit", "professional_retire", "absence_new",
    "professional_link",
)  # fmt: skip

BY_PAGE: dict[str, Callable[[Cast], dict[str, Any]]] = {
    **{f"hub:{name}": lambda cast: {"pk": duty(cast).pk} for name in DUTY_PAGES},
    **{f"hub:{name}": lambda cast: {"pk": provider(cast).pk} for name in PROVIDER_PAGES},
    **{f"hub:{name}": lambda cast: {"pk": professional(cast).pk} for name in PEOPLE_PAGES},
    **{f"hub:{name}": lambda cast: {"pk": paper(cast).pk} for name in ("paper_file", "paper_check")},
    "hub:provider_move": lambda cast: {"pk": provider(cast).pk, "move": "approve"},
    "hub:provider_check": lambda cast: {"pk": provider(cast).pk, "item": "identity"},
    "hub:conflict_end": lambda cast: {"pk": conflict(cast).pk},
    "hub:account_unlink": unlinking,
}
BY_PAGE |= {
    "api:duty": lambda cast: {"key": duty(cast).pk},
    "api:provider": lambda cast: {"key": provider(cast).pk},
}

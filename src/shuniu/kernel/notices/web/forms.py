"""What a reader chooses about notices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shuniu.kernel.notices import kinds
from shuniu.kernel.notices.kinds import Kind
from shuniu.kernel.notices.queries import Choices, wants
from shuniu.kernel.web.lists import FilterForm


class ChannelsForm(forms.Form):
    """A row for each kind of notice, a box in it for each way out of the site."""

    use_required_attribute = False

    def __init__(
        self, data: Mapping[str, Any] | None, *, concerned: Iterable[Kind], choices: Choices, user: int
    ) -> None:
        super().__init__(data, label_suffix="")
        self._concerned = list(concerned)
        for kind in self._concerned:
            for channel, gateway in kinds.gateways().items():
                chosen = wants(choices, user, kind, channel)
                box = forms.BooleanField(label=str(gateway.label), required=False, initial=chosen)
                self.fields[f"{kind.key}-{channel}"] = box

    @property
    def rows(self) -> list[tuple[Kind, list[forms.BoundField]]]:
        """Each kind with its boxes, in the order of `heads`."""
        ways = kinds.gateways()
        return [(kind, [self[f"{kind.key}-{channel}"] for channel in ways]) for kind in self._concerned]

    @property
    def wanted(self) -> dict[tuple[str, str], bool]:
        """What was chosen, by kind and channel."""
        ways = kinds.gateways()
        return {
            (kind.key, channel): self.cleaned_data[f"{kind.key}-{channel}"]
            for kind in self._concerned
            for channel in ways
        }


class NoticeFilter(FilterForm):
    """Unread ones only."""

    unread = forms.BooleanField(label=_("Unread only"))

    def narrow(self, rows: Any) -> Any:
        return rows.filter(read_at=None) if self.values.get("unread") else rows

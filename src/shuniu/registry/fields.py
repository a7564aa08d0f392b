"""Fields of forms that name what the registry keeps. Any room may use them; see `kernel.web.fields`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Q
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy

from shuniu.kernel.web.doing import key_in
from shuniu.kernel.web.fields import NamedField
from shuniu.registry.queries.members import numbered


class OrganisationField(NamedField):
    """One union body."""

    suggest_url = reverse_lazy("registry:organisations_suggest")


class EmployersField(NamedField):
    """Some employers, one a box."""

    suggest_url = reverse_lazy("registry:employers_suggest")
    number = "credit_code"
    most = 4


class PersonField(NamedField):
    """One person: by name where one only bears it, by mobile or identity number in full, or as suggested.

    `rows` are the people in the actor's sight, with `home`.
    """

    suggest_url = reverse_lazy("registry:people_suggest")
    number = "pk"
    secretly = True

    def label_of(self, row: Any) -> str:
        return f"{row.name} · {row.home}（{row.pk}）" if row.home else f"{row.name}（{row.pk}）"

    def meant_by(self, written: str, numbers: Sequence[str]) -> Q:
        keys = [key for text in numbers[1:] if (key := key_in(text)) is not None]
        return Q(pk__in=keys) if keys else Q(name=written) | numbered(written)


class AreaChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """An area, searchable by its name."""

    widget = forms.Select(attrs={"data-search": ""})

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"empty_label": gettext_lazy("Please choose"), **options})

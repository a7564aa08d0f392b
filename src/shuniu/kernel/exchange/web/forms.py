"""The forms of an import: the file, and which column is which."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuniu.kernel.exchange.limits import LIMITS
from shuniu.kernel.exchange.matching import named_places
from shuniu.kernel.exchange.queries import Preview
from shuniu.kernel.exchange.sheet import Column, Sheet
from shuniu.kernel.vault import mask_id_number

_LONG_NUMBER = re.compile(r"(?<!\d)(\d{3})\d{4,}(\d{3}[\dXx])(?!\d)")


class UploadForm(forms.Form):
    """One file."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        allow_empty_file=True,  # refused with a better sentence where the file is read
        max_length=255,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["file"].help_text = _("XLSX or CSV, at most {limit} MB.").format(limit=LIMITS.file >> 20)


class TableForm(forms.Form):
    """Which sheet of the workbook is imported, by its place from 0, and which of its rows has the headers."""

    table = forms.IntegerField(min_value=0, max_value=LIMITS.sheets)
    header_row = forms.IntegerField(min_value=1, max_value=LIMITS.rows, required=False)

    @property
    def choice(self) -> tuple[int, int | None]:
        """Sheet and row, of a valid form."""
        return self.cleaned_data["table"], self.cleaned_data["header_row"]


@dataclass(frozen=True, slots=True)
class MappingLine:
    """One column of the sheet, the field that says where it is in the file, and what stands there."""

    column: Column
    bound: forms.BoundField
    samples: Sequence[str]
    doubtful: bool


class MappingForm(forms.Form):
    """For each column of the sheet, the column of the file that it is read from."""

    use_required_attribute = False

    def __init__(self, data: object = None, *, sheet: Sheet, preview: Preview) -> None:
        super().__init__(data, auto_id="column-%s", label_suffix="")  # type: ignore[arg-type]
        self.sheet, self.preview = sheet, preview
        headers = preview.matching.headers
        self.places = {str(place): place for place in named_places(headers)}
        choices = [("", _("not in the file")), *((key, headers[place]) for key, place in self.places.items())]
        for column in sheet.columns:
            place = preview.matching.columns.get(column.key)
            self.fields[column.key] = forms.ChoiceField(
                label=str(column.title),
                choices=choices,
                required=False,
                initial="" if place is None else str(place),
                widget=forms.Select(attrs={"class": "form-select"}),
            )

    @property
    def columns(self) -> dict[str, int]:
        """Key to position, of a valid form."""
        return {key: int(place) for key, place in self.cleaned_data.items() if place}

    def lines(self) -> Iterator[MappingLine]:
        for column in self.sheet.columns:
            bound = self[column.key]
            chosen = str(bound.value() or "")
            place = self.places.get(chosen)
            hide = mask_id_number if column.secret else masked
            samples = [] if place is None else [hide(value) for value in self.preview.values(place)]
            yield MappingLine(column, bound, samples, column.key in self.preview.proposed.ambiguous)

    def unread(self) -> list[str]:
        """Headers of the file that no column is read from."""
        return [self.preview.matching.headers[place] for place in self.preview.matching.unmatched]


def masked(value: str) -> str:
    """A sample without the middle of long numbers: identity cards, telephones, bank accounts."""
    return _LONG_NUMBER.sub(r"\1****\2", value)[:40]

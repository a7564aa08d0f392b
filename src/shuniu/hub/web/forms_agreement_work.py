"""Forms of what goes on under an agreement, and the pictures that come with them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import FileResponse, Http404
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shuniu.hub.models import Professional, Standard
from shuniu.hub.web.fields import HundredthsField
from shuniu.hub.web.forms_agreements import area
from shuniu.kernel.exchange.store import open_upload, save_upload
from shuniu.kernel.web.doing import day_field

MOST_BYTES = 8 * 1024 * 1024
KINDS = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png", b"%PDF-": "application/pdf"}
"""What a picture or a scan begins with; the name it comes under is not believed."""
ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf"}


def kind_of(head: bytes) -> str:
    """The kind of file by its first bytes; empty for one that is not taken."""
    return next((kind for start, kind in KINDS.items() if head.startswith(start)), "")


class PictureField(forms.FileField):
    """A photo or a scan, by its content and size."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**{"required": False, "help_text": _("JPEG, PNG or PDF, at most 8 MB."), **given})
        self.widget.attrs |= {"accept": "image/jpeg,image/png,application/pdf"}

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if not file:
            return None
        if file.size > MOST_BYTES:
            raise ValidationError(_now("The file is larger than 8 MB."))
        head = file.read(16)
        file.seek(0)
        if not kind_of(head):
            raise ValidationError(_now("This is neither a JPEG nor a PNG nor a PDF."))
        return file


def stored(file: Any) -> str:
    """The key of the file in the encrypted store; empty for none."""
    return save_upload(file).id if file else ""


def handed_out(key: str, name: str) -> FileResponse:
    """The stored file, to be saved and not shown."""
    try:
        file = open_upload(key)
    except FileNotFoundError as error:
        raise Http404 from error
    kind = kind_of(file.read(16))
    file.seek(0)
    named = f"{name}.{ENDINGS.get(kind, 'bin')}"
    answer = FileResponse(file, as_attachment=True, filename=named, content_type=kind or "application/octet-stream")
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


class People(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """A choice of professionals, by name and provider."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name}（{obj.provider.name}）"


class InductForm(forms.Form):
    course = forms.CharField(label=_("Course"), max_length=80, initial=_("Work standards of the union's services"))

    def __init__(self, data: Any, *, people: QuerySet[Professional], today: date) -> None:
        super().__init__(data, label_suffix="")
        self.fields["on"] = day_field(_("On"), today)
        self.fields["professionals"] = People(
            label=_("Professionals"), queryset=people, widget=forms.CheckboxSelectMultiple
        )


class InspectForm(forms.Form):
    def __init__(self, data: Any, files: Any, *, items: QuerySet[Standard], today: date) -> None:
        super().__init__(data, files, label_suffix="")
        fields: Mapping[str, forms.Field] = {
            "standard": forms.ModelChoiceField(label=_("Item"), queryset=items, empty_label=None),
            "on": day_field(_("Inspected on"), today),
            "place": forms.CharField(label=pgettext_lazy("inspection", "Place"), max_length=80, required=False),
            "issue": forms.CharField(
                label=_("Issue"), max_length=80, required=False,
                help_text=_("A short name, the same each time. Empty: nothing was found."),
            ),
            "note": forms.CharField(label=_("What was found"), max_length=500, required=False, widget=area()),
            "deduct": HundredthsField(label=_("Points off"), required=False, max_value=100),
            "due_on": day_field(
                _("To be put right by"), required=False, help_text=_("Empty: it is noted and nothing is to be done.")
            ),
            "photo": PictureField(label=_("Photo")),
        }  # fmt: skip
        self.fields |= fields


def inspected(data: Mapping[str, Any]) -> dict[str, Any]:
    """The valid form as the action takes it, its photo put away."""
    return dict(data) | {"photo": stored(data.get("photo"))}


class EvidenceForm(forms.Form):
    def __init__(self, data: Any, files: Any = None) -> None:
        super().__init__(data, files, label_suffix="")
        self.fields["text"] = forms.CharField(label=_("What was done"), max_length=500, widget=area(4))
        self.fields["file"] = PictureField(label=_("Photo or scan"))

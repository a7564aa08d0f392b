"""What is kept about a person, checked and made ready for the row. Shared code below the actions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shuniu.kernel.errors import FieldError
from shuniu.kernel.text import initials, normal
from shuniu.kernel.vault import blind_index, mask_id_number, mask_mobile
from shuniu.registry.enums import IdType, Sex
from shuniu.registry.ledger import change_sex
from shuniu.registry.models import Person
from shuniu.registry.rules.numbers import NumberError, read_id_number
from shuniu.registry.rules.people import (
    ID_PURPOSE,
    MOBILE_PURPOSE,
    conflicts,
    id_key,
    read_document,
    read_mobile,
)

MASKS: Final[Mapping[str, Callable[[str], str]]] = {"id_number": mask_id_number, "mobile": mask_mobile}
"""The sealed fields of a person, and how each is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """What is kept about a person. Numbers are as somebody wrote them; an empty one, in a correction, changes nothing."""

    name: str
    id_type: str = IdType.RESIDENT
    id_number: str = ""
    mobile: str = ""
    sex: str = ""
    born_on: date | None = None
    ethnicity: str = ""
    political: str = ""
    education: str = ""
    household: str = ""
    is_migrant: bool = False
    employment: str = ""
    job: str = ""
    department: str = ""


def columns(particulars: Particulars) -> dict[str, Any]:
    """The columns of a new person: numbers checked, sex and day of birth derived where they can be.

    Raises:
        FieldError: the name is missing, a number is wrong, or contradicts sex or day of birth.
    """
    values: dict[str, Any] = asdict(particulars)
    values["name"] = normal(particulars.name)
    if not values["name"]:
        raise FieldError("name", _("The name is missing."))
    values["initials"] = initials(values["name"])
    values |= _identity(particulars)
    values["mobile"], values["mobile_index"] = _mobile(particulars.mobile)
    return values


def corrected(person: Person, particulars: Particulars) -> dict[str, Any]:
    """The columns of a person known already; numbers left empty stay as they are.

    Raises:
        FieldError: as `columns`.
    """
    same_kind = particulars.id_type == person.id_type
    number = particulars.id_number or (person.id_number if same_kind else "")
    return columns(replace(particulars, id_number=number, mobile=particulars.mobile or person.mobile))


def correct(person: Person, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Write the columns that differ; what the trail may keep of them before and after, numbers masked.

    Raises:
        FieldError: the identity number is somebody else's.
    """
    before = {key: getattr(person, key) for key in values}
    changed = [key for key, value in values.items() if before[key] != value]
    if "sex" in changed:
        change_sex(person, Sex(values["sex"]))
    for key in changed:
        setattr(person, key, values[key])
    try:
        with transaction.atomic():
            person.save(update_fields=changed)
    except IntegrityError as error:
        raise FieldError("id_number", _("Somebody else in the registry has this identity number.")) from error
    return _shown(before, changed), _shown(values, changed)


def refuse_day(on: date, born_on: date | None, now: datetime) -> None:
    """Nothing, if something can have happened to a person on this day.

    Raises:
        FieldError: the day lies in the future or before the day of birth; the field is `on`.
    """
    if on > timezone.localtime(now).date():
        raise FieldError("on", _("The day lies in the future."))
    if born_on and on <= born_on:
        raise FieldError("on", _("The day lies before the day of birth."))


def number_sentence(error: NumberError) -> str:
    """What is wrong with a number, said to the person who typed it."""
    return {
        "length": _("An identity number has 18 characters."),
        "characters": _("An identity number has 17 digits and a digit or X at the end."),
        "date": _("The day of birth in the identity number does not exist."),
        "check": _("The check digit of the identity number is wrong; please compare it with the card."),
        "document": _("A document number has 5 to 20 letters and digits."),
        "mobile": _("This is not a mobile number: eleven digits that begin with 1 are needed."),
    }[error.reason]


def _identity(particulars: Particulars) -> dict[str, Any]:
    try:
        number = read_document(particulars.id_type, particulars.id_number)
    except NumberError as error:
        raise FieldError("id_number", number_sentence(error)) from error
    sex, born_on = particulars.sex, particulars.born_on
    if particulars.id_type == IdType.RESIDENT:
        facts = read_id_number(number)
        _refuse_conflicts(conflicts(facts, sex=sex, born_on=born_on))
        sex, born_on = facts.sex.value, facts.born_on
    if not sex:
        raise FieldError("sex", _("The sex is needed, because it does not follow from this kind of document."))
    index = blind_index(id_key(particulars.id_type, number), ID_PURPOSE)
    return {"id_number": number, "id_index": index, "sex": sex, "born_on": born_on}


def _refuse_conflicts(fields: Sequence[str]) -> None:
    sentences = {
        "sex": _("The sex does not agree with the identity number."),
        "born_on": _("The day of birth does not agree with the identity number."),
    }
    for field in fields:
        raise FieldError(field, sentences[field])


def _mobile(text: str) -> tuple[str, bytes | None]:
    if not text:
        return "", None
    try:
        number = read_mobile(text)
    except NumberError as error:
        raise FieldError("mobile", number_sentence(error)) from error
    return number, blind_index(number, MOBILE_PURPOSE)


def _shown(values: Mapping[str, Any], keys: Sequence[str]) -> dict[str, Any]:
    return {key: MASKS[key](values[key]) if key in MASKS else values[key] for key in keys if not key.endswith("_index")}

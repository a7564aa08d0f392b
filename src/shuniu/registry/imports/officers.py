"""Officers from a spreadsheet: their posts in unions, and the certificates they hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

from django.utils.translation import gettext as _

from shuniu.kernel import vault
from shuniu.kernel.exchange.checked import ERROR, Problem
from shuniu.kernel.exchange.importer import Report, Run
from shuniu.kernel.exchange.sheet import Sheet
from shuniu.kernel.exchange.stage import Stage
from shuniu.kernel.period import FOREVER
from shuniu.kernel.scope import Reach
from shuniu.kernel.web.formats import date_text
from shuniu.registry.enums import IdType, PostKind, PostTime, Standing
from shuniu.registry.imports.common import (
    Entry,
    Finding,
    Line,
    Names,
    RowImporter,
    remove,
    restore,
    rewrite,
    staged_payloads,
)
from shuniu.registry.imports.officers_sheet import SHEET
from shuniu.registry.models import Organisation, Person, Post, Qualification
from shuniu.registry.rules.numbers import NumberError
from shuniu.registry.rules.officers import STAFF_POSTS, excluded
from shuniu.registry.rules.people import ID_PURPOSE, MOBILE_PURPOSE, id_key, read_document, read_mobile

REASON: Final = "compared with the file; who is out of reach is refused and not shown"
CERTIFICATE: Final = ("qualification", "level", "number", "issuer", "issued_on", "expires_on")
MEMBERS: Final = frozenset({Standing.ACTIVE, Standing.RESERVED})


class Known(NamedTuple):
    """What the registry knows of somebody a line may be about."""

    pk: int
    name: str
    path: str
    standing: int


class Held(NamedTuple):
    """A post somebody holds."""

    pk: int
    person_id: int
    kind: str
    time: str
    starts_on: date


@dataclass(slots=True)
class Context:
    """What lines are held against: unions within reach, posts held in them, certificates."""

    run: Run
    reach: Reach
    unions: Names
    founded: dict[int, date]
    posts: dict[int, list[Held]]
    past: set[tuple[int, int, str, date]]
    certificates: dict[tuple[str, str], tuple[int, int, dict[str, Any]]]


class OfficersImporter(RowImporter[Context]):
    """Rows of posts. A post that is held already stays; its time may change, and it may end."""

    sheet: Sheet = SHEET
    permission = "officer.edit"
    marks: Mapping[str, str] = {"post_mark": "kind", "open_mark": "kind", "chair_mark": "kind"}

    def begin(self, run: Run) -> Context:
        reach = run.actor.reach(self.permission)
        bodies = Organisation.objects.unscoped(reason=REASON).filter(
            reach.condition("path"), dissolved_on__gt=run.day, path__isnull=False
        )
        rows = list(bodies.values_list("pk", "name", "code", "founded_on"))
        posts: dict[int, list[Held]] = defaultdict(list)
        held = Post.objects.unscoped(reason=REASON).filter(ends_on=FOREVER)
        for union, *values in held.values_list("organisation_id", "pk", "person_id", "kind", "time", "starts_on"):
            posts[union].append(Held(*values))
        ended = Post.objects.unscoped(reason=REASON).filter(ends_on__lt=FOREVER)
        return Context(
            run,
            reach,
            Names((pk, name, code) for pk, name, code, _founded in rows),
            {pk: founded for pk, _name, _code, founded in rows},
            posts,
            set(ended.values_list("organisation_id", "person_id", "kind", "starts_on")),
            _certificates(),
        )

    def find(self, context: Context, line: Line) -> Finding | None:
        union = _union(context, line)
        person = _person(context, line)
        if union is None or person is None:
            return None
        _check_days(line, context, union)
        certificate = _certificate(context, line, person)
        if not {"kind", "starts_on"} <= line.values.keys():
            return None
        kind = PostKind(line.values["kind"])
        post = _post(context, line, union, person, kind)
        if line.is_wrong:
            return None
        is_open = "ends_on" not in line.values
        marks = (
            f"{union} {person.pk} {kind} {line.get('starts_on')}",
            f"{union} {person.pk} {kind}" if is_open else None,
            f"{union}" if kind is PostKind.CHAIR and is_open else None,
        )
        payload = {"post": post, "certificate": certificate}
        touched = bool(post or (certificate and certificate["changes"]))
        return Finding(None if post and post["pk"] is None else person.pk, payload, marks, changed=touched)

    def finish_check(self, context: Context, stage: Stage) -> None:
        super().finish_check(context, stage)
        stage.add_problems(_shared_certificates(stage))

    def create(self, run: Run, entries: Sequence[Entry], report: Report) -> None:
        _write(run, entries)

    def change(self, run: Run, entries: Sequence[Entry]) -> None:
        _write(run, entries)

    def undo(self, run: Run, report: Report) -> None:
        for model in (Post, Qualification):
            restore(model, run.batch_id)
        made = Post.objects.unscoped(reason=REASON).filter(batch_id=run.batch_id)
        remove(made, _("Areas or leads belong to a post of this import by now, so it cannot be undone."))
        Qualification.objects.unscoped(reason=REASON).filter(batch_id=run.batch_id).delete()
        report(1, 1)


def _certificates() -> dict[tuple[str, str], tuple[int, int, dict[str, Any]]]:
    rows = Qualification.objects.unscoped(reason=REASON).values(
        "pk", "person_id", "kind", "number", "level", "issuer", "issued_on", "expires_on"
    )
    return {(row["kind"], row["number"]): (row["pk"], row["person_id"], row) for row in rows.iterator(chunk_size=5000)}


def _union(context: Context, line: Line) -> int | None:
    word = line.get("organisation")
    if word is None:
        return None
    if context.unions.is_doubtful(word):
        line.refuse(
            "organisation", _("Several unions are called “{name}”. Write the union's number instead.").format(name=word)
        )
        return None
    found = context.unions.find(word)
    if found is None:
        line.refuse("organisation", _("You have no union with the name or number “{name}”.").format(name=word))
    return found


def _person(context: Context, line: Line) -> Known | None:
    """The one person a line names: by identity number, else by mobile and name."""
    if "id_number" in line.values:
        found = _by_document(line)
    elif "mobile" in line.values:
        found = _by_mobile(line)
    else:
        line.refuse("id_number", _("Give the identity number or the mobile."))
        return None
    if line.is_wrong:
        return None
    column = "id_number" if "id_number" in line.values else "mobile"
    if len(found) != 1 or not context.reach.includes(found[0].path):
        line.refuse(column, _("Nobody within your reach has this number. Import members first."))
        return None
    if line.get("name") and found[0].name != line.get("name"):
        line.refuse("name", _("The registry has another name with this number."))
        return None
    return found[0]


def _by_document(line: Line) -> list[Known]:
    found: list[Known] = []
    for kind in IdType:
        try:
            number = read_document(kind, line.get("id_number"))
        except NumberError:
            continue
        found += _people(id_index=vault.blind_index(id_key(kind, number), ID_PURPOSE))
    if not found and len(line.get("id_number")) == 18:
        _refuse_wrong_digits(line)
    return found


def _refuse_wrong_digits(line: Line) -> None:
    try:
        read_document(IdType.RESIDENT, line.get("id_number"))
    except NumberError:
        line.refuse("id_number", _("The identity number is wrong; please compare it with the card."))


def _by_mobile(line: Line) -> list[Known]:
    try:
        number = read_mobile(line.get("mobile"))
    except NumberError:
        line.refuse("mobile", _("This is not a mobile number: eleven digits that begin with 1 are needed."))
        return []
    return _people(mobile_index=vault.blind_index(number, MOBILE_PURPOSE), name=line.get("name", ""))


def _people(**lookup: Any) -> list[Known]:
    rows = Person.objects.unscoped(reason=REASON).filter(**lookup).values_list("pk", "name", "home__path", "standing")
    return [Known(pk, name, path or "~", standing) for pk, name, path, standing in rows[:2]]


def _check_days(line: Line, context: Context, union: int) -> None:
    today, starts_on, ends_on = context.run.day, line.get("starts_on"), line.get("ends_on")
    for key in ("starts_on", "ends_on", "issued_on"):
        if line.get(key) and line.get(key) > today:
            line.refuse(key, _("The day lies in the future."))
    if starts_on and starts_on < context.founded[union]:
        day = date_text(context.founded[union])
        line.refuse("starts_on", _("The union was founded on {day} only.").format(day=day))
    if starts_on and ends_on and ends_on <= starts_on:
        line.refuse("ends_on", _("The post ends before it begins."))


def _certificate(context: Context, line: Line, person: Known) -> dict[str, Any] | None:
    """The certificate a line names: its key, and what is to be written of it."""
    if not any(key in line.values for key in CERTIFICATE):
        return None
    for name in ("qualification", "number", "issued_on"):
        if name not in line.values:
            line.refuse(name, _("A certificate needs its kind, its number and the day of issue."))
            return None
    if line.get("expires_on") and line.get("expires_on") <= line.get("issued_on"):
        line.refuse("expires_on", _("It expires before it was issued."))
    key: tuple[str, str] = (line.values["qualification"], line.values["number"])
    told = {name: line.values[name] for name in ("level", "issuer", "issued_on", "expires_on") if name in line.values}
    known = context.certificates.get(key)
    if known and known[1] != person.pk:
        line.refuse("number", _("Somebody else has a certificate of this number."))
    changes = {name: value for name, value in told.items() if not known or known[2][name] != value}
    return {"pk": known[0] if known else None, "person_id": person.pk, "key": key, "changes": changes}


def _shared_certificates(stage: Stage) -> list[Problem]:
    """Rows that name a certificate which a row before them gives to somebody else."""
    first: dict[tuple[str, str], tuple[int, int]] = {}
    found = []
    for number, _row_id, payload in staged_payloads(stage):
        one = payload["certificate"]
        if one:
            row, holder = first.setdefault(tuple(one["key"]), (number, one["person_id"]))
            if holder != one["person_id"]:
                told = _("Row {row} gives this certificate to somebody else.").format(row=row)
                found.append(Problem(number, "number", ERROR, told))
    return found


def _post(context: Context, line: Line, union: int, person: Known, kind: PostKind) -> dict[str, Any] | None:
    """What is to be written of the post; None where the registry has it so."""
    held = [post for post in context.posts[union] if post.person_id == person.pk]
    same = next((post for post in held if post.kind == kind), None)
    starts_on, ends_on = line.get("starts_on"), line.get("ends_on")
    if ends_on and (union, person.pk, kind.value, starts_on) in context.past:
        return None
    if same is not None and (ends_on is None or starts_on == same.starts_on):
        return _changed_post(line, same)
    _refuse_post(context, line, union, person, kind, held)
    values = {"kind": kind.value, "time": line.get("time", PostTime.PART.value), "starts_on": starts_on}
    return {"pk": None, "person_id": person.pk, "organisation_id": union, "ends_on": ends_on or FOREVER, **values}


def _changed_post(line: Line, post: Held) -> dict[str, Any] | None:
    if line.get("starts_on") != post.starts_on:
        told = _("The registry has this post since {day}. End it on its page first.")
        line.refuse("starts_on", told.format(day=date_text(post.starts_on)))
        return None
    changes = {"time": line.get("time"), "ends_on": line.get("ends_on")}
    changes = {key: value for key, value in changes.items() if value and value != getattr(post, key, None)}
    return {"pk": post.pk, **changes} if changes else None


def _refuse_post(context: Context, line: Line, union: int, person: Known, kind: PostKind, held: Sequence[Held]) -> None:
    if "ends_on" in line.values:
        return
    if kind not in STAFF_POSTS and person.standing not in MEMBERS:
        line.refuse("kind", _("Only members can be elected to this post."))
    if against := excluded(kind, [PostKind(post.kind) for post in held]):
        other = next(iter(against)).label
        line.refuse(
            "kind", _("The same person holds the post “{post}” there; nobody may hold both.").format(post=other)
        )
    if kind is PostKind.CHAIR and any(post.kind == PostKind.CHAIR for post in context.posts[union]):
        line.refuse("kind", _("The union has a chair. Replace the chair on the union's page."))


def _write(run: Run, entries: Sequence[Entry]) -> None:
    posts = [entry.payload["post"] for entry in entries if entry.payload["post"]]
    certificates = [entry.payload["certificate"] for entry in entries if entry.payload["certificate"]]
    Post.everything.bulk_create(
        (Post(batch_id=run.batch_id, **_columns(post)) for post in posts if post["pk"] is None), batch_size=500
    )
    rewrite(Post, run.batch_id, {post["pk"]: _columns(post) for post in posts if post["pk"] is not None})
    new = {tuple(one["key"]): one for one in certificates if one["pk"] is None}  # one person's posts share it
    Qualification.everything.bulk_create(
        (
            Qualification(batch_id=run.batch_id, person_id=one["person_id"], kind=kind, number=number, **one["changes"])
            for (kind, number), one in new.items()
        ),
        batch_size=500,
    )
    known = {one["pk"]: one["changes"] for one in certificates if one["pk"] is not None and one["changes"]}
    rewrite(Qualification, run.batch_id, known)


def _columns(post: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in post.items() if key != "pk"}

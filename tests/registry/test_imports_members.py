"""Members from a spreadsheet: what is refused and why, what a second import changes, what undo takes back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.utils import translation

from shuniu.kernel.errors import ActionError
from shuniu.kernel.exchange.checked import Problem
from shuniu.kernel.exchange.importer import Run
from shuniu.kernel.exchange.load import staged_table
from shuniu.kernel.exchange.stage import Stage
from shuniu.kernel.vault import blind_index
from shuniu.registry.actions.members import take_step
from shuniu.registry.enums import MembershipAct, OrganisationType, Sex, Standing
from shuniu.registry.imports.members import MembersImporter
from shuniu.registry.ledger import Entry, enter
from shuniu.registry.models import Membership, MembershipEvent, Organisation, Person, PersonTag
from shuniu.registry.queries.counts import members_on
from shuniu.registry.rules.people import ID_PURPOSE, id_key
from tests.factories import NOW, TODAY, Cast
from tests.registry.making import make_body

WOMAN = "990101199003070023"
MAN = "990101198811210018"
IMPORTER = MembersImporter()


class File:
    """A file of members, checked and applied as the worker does, on one day by one actor."""

    def __init__(self, path: Path, cast: Cast) -> None:
        self.path, self.cast = path, cast
        self.actor, self.batch = cast.dana.actor, 0

    def check(self, *rows: dict[str, str]) -> Stage:
        self.batch += 1
        present = frozenset(key for row in rows for key in row)
        self.run = Run(self.batch, self.actor, NOW, TODAY, present)
        stage = Stage(self.path / f"{self.batch}.sqlite3", IMPORTER.stage_columns)
        cells = [tuple(row.get(column.key, "") for column in IMPORTER.sheet.columns) for row in rows]
        context = IMPORTER.begin(self.run)
        stage.add_chunk(len(rows) + 1, IMPORTER.check_chunk(context, range(2, len(rows) + 2), cells))
        with stage.transaction():
            IMPORTER.finish_check(context, stage)
            stage.finish()
        return stage

    def apply(self, stage: Stage) -> None:
        with staged_table(connection, stage) as staged:
            IMPORTER.apply(self.run, staged, lambda done, total: None)

    def take(self, *rows: dict[str, str]) -> tuple[int, ...]:
        """Check and apply; (new, changed, unchanged, wrong)."""
        stage = self.check(*rows)
        self.apply(stage)
        return stage.counts()[:4]

    def undo(self) -> None:
        IMPORTER.undo(self.run, lambda done, total: None)


@pytest.fixture
def file(tmp_path: Path, cast: Cast) -> Iterator[File]:
    with translation.override("en"):
        yield File(tmp_path, cast)


def row(union: Organisation, id_number: str = WOMAN, **cells: str) -> dict[str, str]:
    return {"name": "林晓禾", "id_number": id_number, "organisation": union.name, "joined_on": "2021-05-01", **cells}


def problems(stage: Stage) -> list[tuple[int, str, str]]:
    return [(problem.row_no, problem.column, problem.message) for problem in stage.problems()]


def find(id_number: str) -> Person:
    return Person.everything.get(id_index=blind_index(id_key("resident", id_number), ID_PURPOSE))


def test_a_new_member_is_entered_with_what_the_number_says(file: File, cast: Cast) -> None:
    cells = {"mobile": "139 0000-0001", "tags": "快递员、网约车司机", "education": "大学本科", "is_migrant": "是"}

    assert file.take(row(cast.union, **cells)) == (1, 0, 0, 0)

    person = find(WOMAN)
    assert (person.name, person.initials, person.sex, person.born_on) == ("林晓禾", "lxh", Sex.FEMALE, date(1990, 3, 7))
    assert (person.id_number, person.mobile, person.is_migrant) == (WOMAN, "13900000001", True)
    assert (person.home, person.standing, person.joined_on) == (cast.union, Standing.ACTIVE, date(2021, 5, 1))
    assert set(PersonTag.everything.filter(person=person).values_list("tag", flat=True)) == {"courier", "ride"}
    assert list(MembershipEvent.everything.filter(person=person).values_list("act", "on")) == [
        (MembershipAct.APPROVED, date(2021, 5, 1))
    ]


def test_the_counts_know_the_imported(file: File, cast: Cast) -> None:
    before, old = (members_on(day, cast.union.path or "") for day in (TODAY, date(2020, 1, 1)))
    old = old.members

    file.take(row(cast.union), row(cast.union, MAN, name="王建国", joined_on="2019-01-01"))

    after = members_on(TODAY, cast.union.path or "")
    assert (after.members - before.members, after.women - before.women) == (2, 1)
    early = date(2020, 1, 1)
    assert members_on(early, cast.union.path or "").members == old + 1


def test_the_same_file_again_changes_nothing(file: File, cast: Cast) -> None:
    rows = (row(cast.union, mobile="13900000001", tags="快递员"), row(cast.union, MAN, name="王建国"))
    file.take(*rows)
    before = list(Person.everything.order_by("pk").values())

    assert file.take(*rows) == (0, 0, 2, 0)

    assert list(Person.everything.order_by("pk").values("name", "home", "joined_on")) == [
        {"name": r["name"], "home": r["home_id"], "joined_on": r["joined_on"]} for r in before
    ]


def test_a_row_of_somebody_known_corrects_the_record_and_undo_brings_the_old_one_back(file: File, cast: Cast) -> None:
    file.take(row(cast.union, mobile="13900000001", job="焊工", department="一车间"))

    assert file.take(row(cast.union, name="林晓荷", mobile="13900000002", job="班长", department="")) == (0, 1, 0, 0)
    person = find(WOMAN)
    assert (person.name, person.mobile, person.job, person.department) == ("林晓荷", "13900000002", "班长", "一车间")

    file.undo()
    person = find(WOMAN)
    assert (person.name, person.mobile, person.job) == ("林晓禾", "13900000001", "焊工")


def test_a_column_the_file_lacks_blanks_nothing(file: File, cast: Cast) -> None:
    file.take(row(cast.union, job="焊工", is_migrant="是"))

    file.take(row(cast.union, education="大专"))

    person = find(WOMAN)
    assert (person.job, person.is_migrant, person.education) == ("焊工", True, "college")


@pytest.mark.parametrize(
    ("cells", "column", "said"),
    [
        ({"name": ""}, "name", "The name is missing."),
        ({"id_number": ""}, "id_number", "An identity number has 18 characters; this one has 0."),
        ({"id_number": "990101199003070026"}, "id_number", "The check digit of the identity number is wrong"),
        ({"id_number": "990101199013070027"}, "id_number", "The day of birth in the identity number does not exist."),
        ({"id_number": "9.90101E+17"}, "id_number", "The spreadsheet has turned the number into 3.1E+17"),
        ({"sex": "男"}, "sex", "The sex does not agree with the identity number."),
        ({"born_on": "1990-03-08"}, "born_on", "The day of birth does not agree with the identity number."),
        ({"mobile": "12345"}, "mobile", "This is not a mobile number"),
        ({"organisation": "没有的工会"}, "organisation", "You have no union with the name or number “没有的工会”."),
        ({"organisation": ""}, "organisation", "The union is missing."),
        ({"joined_on": "2026-03-06"}, "joined_on", "The day of joining lies in the future."),
        ({"joined_on": "1990-03-07"}, "joined_on", "The day of joining lies before the day of birth."),
        ({"joined_on": "2021-02-30"}, "joined_on", "There is no such day in the calendar."),
        ({"education": "博士后后"}, "education", "This is not among the possible values"),
        ({"id_type": "护照", "id_number": "E12345678"}, "sex", "The sex is needed"),
        ({"id_type": "护照", "id_number": "E 1", "sex": "女"}, "id_number", "A document number has 5 to 20"),
    ],
)
def test_a_wrong_cell_is_named_with_its_row_column_and_reason(
    file: File, cast: Cast, cells: dict[str, str], column: str, said: str
) -> None:
    stage = file.check(row(cast.union, **cells))

    assert [(number, key) for number, key, _ in problems(stage)] == [(2, column)]
    assert problems(stage)[0][2].startswith(said)
    assert stage.counts()[:4] == (0, 0, 0, 1)


def test_messages_never_repeat_a_number(file: File, cast: Cast) -> None:
    stage = file.check(row(cast.union, "990101199003070026", mobile="1390000"))

    assert not [m for _, _, m in problems(stage) if "990101" in m or "1390000" in m]


def test_wrong_rows_do_not_keep_right_ones_out(file: File, cast: Cast) -> None:
    assert file.take(row(cast.union), row(cast.union, MAN, name="")) == (1, 0, 0, 1)

    assert Person.everything.filter(name="林晓禾").count() == 1


def test_one_person_twice_in_a_file_is_told_with_the_first_row(file: File, cast: Cast) -> None:
    stage = file.check(row(cast.union), row(cast.union, MAN), row(cast.union, WOMAN.lower(), name="林小禾"))

    assert problems(stage) == [(4, "id_number", "The same identity number already stands in row 2.")]
    assert stage.counts()[:4] == (2, 0, 0, 1)


def test_a_shared_mobile_is_a_warning_only(file: File, cast: Cast) -> None:
    stage = file.check(row(cast.union, mobile="13900000001"), row(cast.union, MAN, mobile="13900000001"))

    assert stage.problems() == [Problem(3, "mobile", "warning", "The same mobile already stands in row 2.")]
    assert stage.counts() == (2, 0, 0, 0, 1)


def test_a_member_of_another_union_is_offered_a_transfer(file: File, cast: Cast) -> None:
    file.take(row(cast.union))

    stage = file.check(row(cast.other_union))

    assert problems(stage) == [
        (2, "organisation", "This person is already a member of another union. Ask for a transfer instead.")
    ]


def test_a_chair_can_only_import_into_her_own_union(file: File, cast: Cast) -> None:
    file.actor = cast.charlie.actor

    stage = file.check(row(cast.union))

    assert problems(stage) == [(2, "organisation", f"You have no union with the name or number “{cast.union.name}”.")]


def test_a_name_borne_by_two_unions_asks_for_the_number(file: File, cast: Cast) -> None:
    twin = make_body(cast.other_town, name=cast.union.name, kind=OrganisationType.PRIMARY)

    assert "Write the union's number instead." in problems(file.check(row(cast.union)))[0][2]
    assert file.take(row(cast.union, organisation=twin.code)) == (1, 0, 0, 0)
    assert find(WOMAN).home == twin


def test_somebody_who_left_becomes_a_member_again(file: File, cast: Cast) -> None:
    file.take(row(cast.union))
    person = find(WOMAN)
    take_step(person, "leave", on=date(2022, 1, 1), reason="离职", actor=cast.dana.actor, now=NOW)

    assert file.take(row(cast.other_union, joined_on="2023-01-01")) == (0, 1, 0, 0)

    periods = Membership.everything.filter(person=person).order_by("starts_on")
    assert list(periods.values_list("organisation", "starts_on")) == [
        (cast.union.pk, date(2021, 5, 1)),
        (cast.other_union.pk, date(2023, 1, 1)),
    ]


def test_undo_takes_back_the_people_and_their_count(file: File, cast: Cast) -> None:
    before = members_on(TODAY).members, Person.everything.count()
    file.take(row(cast.union, tags="快递员"), row(cast.other_union, MAN))

    file.undo()

    assert (members_on(TODAY).members, Person.everything.count()) == before


def test_undo_is_refused_once_something_was_built_upon_it(file: File, cast: Cast) -> None:
    file.take(row(cast.union))
    enter([Entry(find(WOMAN).pk, cast.union.pk, MembershipAct.RESERVED, date(2023, 1, 1))])

    with pytest.raises(ActionError, match="something has since been recorded of 1 person"):
        file.undo()

    assert find(WOMAN).standing == Standing.RESERVED


def test_a_person_entered_since_the_check_stops_the_whole_batch(file: File, cast: Cast) -> None:
    late = file.check(row(cast.union), row(cast.union, MAN))
    late_run = file.run
    file.take(row(cast.other_union))
    file.run = late_run

    with pytest.raises(ActionError, match="1 person of this file was entered in the registry since the check"):
        file.apply(late)

    assert Person.everything.filter(home=cast.union, sex=Sex.MALE, batch_id=1).count() == 0

"""Setting up lines: templates, drafts, what keeps one from being published, and that cases keep their version."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from shuniu.desk.actions import lines
from shuniu.desk.blueprints import blueprints
from shuniu.desk.casework import effects
from shuniu.desk.enums import LineRole
from shuniu.desk.lineage import setup_of
from shuniu.desk.models import LineStaff, ServiceLine
from shuniu.desk.rules.graph import GUARDS
from shuniu.desk.rules.setup import problems, read_setup
from shuniu.desk.web.diagram import draw
from shuniu.kernel.toml import DataFileError
from shuniu.rulebook.public import official
from tests.desk.making import MORNING, SYSTEM, make_case, make_line, staff
from tests.factories import make_player, make_user
from tests.registry.making import actor_at, make_body, make_district


def sound(setup: Any) -> list[str]:
    return list(problems(setup, guards=GUARDS, effects=effects(), rules=official().topics))


@pytest.mark.parametrize("key", sorted(blueprints()))
def test_every_template_is_sound_and_can_be_drawn(key: str) -> None:
    setup = read_setup(blueprints()[key].setup, key)

    assert sound(setup) == []
    assert len(draw(setup).boxes) == len(setup.states)


BROKEN = {
    "no beginning": (lambda s: s.update(initial=""), "初始状态"),
    "no end": (lambda s: [one.pop("final", None) for one in s["states"]], "办结状态"),
    "an island": (lambda s: s["states"].append({"key": "moon", "label": {"zh": "月亮"}, "tone": "neutral"}), "没有流转通向“月亮”"),
    "a trap": (
        lambda s: (
            s["states"].append({"key": "trap", "label": {"zh": "陷阱"}, "tone": "warn"}),
            s["moves"].append({"name": "fall", "label": {"zh": "落入"}, "from": ["new"], "to": "trap", "who": ["handler"]}),
        ),
        "从“陷阱”出发无法办结",
    ),
    "a way to nowhere": (lambda s: s["moves"][0].update(to="nowhere"), "起止状态"),
    "an unknown guard": (lambda s: s["moves"][0].update(guards=["magic"]), "本系统没有“magic”"),
    "an unknown effect": (lambda s: s["moves"][0].update(effects=["magic"]), "本系统没有“magic”"),
    "an unknown rule": (lambda s: s["clocks"][0].update(rule="no.such"), "没有规则“no.such”"),
    "a clock without end": (lambda s: s["clocks"][0].update(stops=[]), "计时“接单”"),
    "a name twice": (lambda s: s["fields"].append(s["fields"][0]), "短名称“topic”重复"),
    "a choice that is none": (lambda s: s["clocks"][0].update(by="topic", rules={"moon": "case.accept_workdays"}), "没有这样的选项"),
}  # fmt: skip


@pytest.mark.parametrize("how", BROKEN)
def test_what_is_wrong_with_a_setup_is_said_in_words(how: str) -> None:
    spoil, said = BROKEN[how]
    setup = copy.deepcopy(blueprints()["advice"].setup)
    spoil(setup)

    assert any(said in sentence for sentence in sound(read_setup(setup, "x")))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda s: s["fields"][0].update(kind="colour"),
        lambda s: s["fields"][0].pop("choices"),
        lambda s: s["states"][0].update(share=101),
        lambda s: s["states"][0].update(key="Not A Key"),
        lambda s: s["moves"][0].update(who=["everybody"]),
        lambda s: s["moves"][0].update(who=[]),
        lambda s: s.update(extra=1),
        lambda s: s["fields"][0].update(label={"en": "only English"}),
    ],
)
def test_data_of_another_shape_is_no_setup(spoil: Any) -> None:
    setup = copy.deepcopy(blueprints()["advice"].setup)
    spoil(setup)

    with pytest.raises(DataFileError):
        read_setup(setup, "x")


@pytest.fixture
def line(db: None) -> ServiceLine:
    return make_line(make_district()[0], "grievance")


def renamed(line: ServiceLine, name: str) -> dict[str, Any]:
    setup = copy.deepcopy(line.setup)
    setup["states"][0]["label"]["zh"] = name
    return setup


def test_a_case_keeps_the_version_it_was_opened_under(line: ServiceLine) -> None:
    old = make_case(line)
    lines.change_setup(line, renamed(line, "已登记"), part="states", actor=SYSTEM, now=MORNING)
    assert make_case(line).version_id == old.version_id

    version = lines.publish_line(line, actor=SYSTEM, now=MORNING)
    new = make_case(line)

    assert (new.version_id, version.number) == (version.pk, 2)
    old.refresh_from_db()
    assert [str(setup_of(case.version).state("new").label) for case in (old, new)] == ["已受理", "已登记"]


def test_publishing_twice_makes_one_version(line: ServiceLine) -> None:
    first, second = (lines.publish_line(line, actor=SYSTEM, now=MORNING) for _ in range(2))

    assert (first.pk, first.number) == (second.pk, 1)


def test_a_draft_that_is_not_sound_is_kept_and_not_published(line: ServiceLine) -> None:
    broken = copy.deepcopy(line.setup)
    broken["initial"] = ""
    lines.change_setup(line, broken, part="initial", actor=SYSTEM, now=MORNING)

    with pytest.raises(lines.LineError, match="初始状态"):
        lines.publish_line(line, actor=SYSTEM, now=MORNING)
    lines.drop_draft(line, actor=SYSTEM, now=MORNING)
    line.refresh_from_db()
    assert line.setup["initial"] == "new"


def test_letters_and_short_names_are_given_once(line: ServiceLine) -> None:
    values = {
        "organisation": line.organisation,
        "blueprint": blueprints()["advice"],
        "name": "x",
        "actor": SYSTEM,
        "now": MORNING,
    }

    with pytest.raises(lines.LineError):
        lines.set_up_line(key="other", prefix=line.prefix, **values)  # type: ignore[arg-type]
    with pytest.raises(lines.LineError):
        lines.set_up_line(key=line.key, prefix="ZZ", **values)  # type: ignore[arg-type]


def test_who_may_not_set_up_lines_there_changes_nothing(line: ServiceLine) -> None:
    stranger, user = actor_at(make_body(line.organisation), "line.edit", "case.view"), make_user()

    for act in (
        lambda: lines.change_setup(line, line.setup, part="fields", actor=stranger, now=MORNING),
        lambda: lines.publish_line(line, actor=stranger, now=MORNING),
        lambda: lines.drop_draft(line, actor=stranger, now=MORNING),
        lambda: lines.add_staff(line, user, LineRole.SERVES, actor=stranger, now=MORNING),
        lambda: lines.keep_answer(line, title="a", text="b", actor=stranger, now=MORNING),
    ):
        with pytest.raises(PermissionDenied):
            act()
    assert not LineStaff.everything.exists()


def test_staff_is_added_once_and_ended_once(line: ServiceLine) -> None:
    user = make_user()
    staff(line, user)
    staff(line, user)
    row = LineStaff.everything.get()

    lines.end_staff(row, actor=SYSTEM, now=MORNING)
    lines.end_staff(row, actor=SYSTEM, now=MORNING.replace(hour=5))
    row.refresh_from_db()
    assert row.ended_at == MORNING


@pytest.fixture
def cadre(line: ServiceLine) -> Client:
    return make_player("district_cadre", line.organisation).client


def test_a_line_is_set_up_in_forms_without_code(line: ServiceLine, cadre: Client) -> None:
    place = f"{line.organisation.name}（{line.organisation.code}）"
    made = cadre.post(
        "/desk/lines/new/advice/",
        {"organisation": place, "name": "夜间热线", "about": "", "key": "night", "letters": "ye"},
    )
    night = ServiceLine.everything.get(key="night")
    assert made["Location"] == reverse("desk:line", args=[night.pk])
    question = {
        "key": "shift", "label_zh": "班次", "label_en": "Shift", "kind": "choice", "required": "on",
        "choices": "day，白班，Day\nnight, 夜班",
    }  # fmt: skip
    cadre.post(reverse("desk:line_part", args=[night.pk, "fields", 4]), question)
    clock = {
        "key": "accept", "label_zh": "接单", "unit": "workday", "rule": "case.accept_workdays", "starts": "new",
        "stops": "working", "by": "shift",
    }  # fmt: skip
    cadre.post(reverse("desk:line_part", args=[night.pk, "clocks", 0]), clock)
    cadre.post(
        reverse("desk:line_part", args=[night.pk, "clocks", 0]), clock | {"rule_night": "case.solve_workdays_general"}
    )
    cadre.post(reverse("desk:line_publish", args=[night.pk, "publish"]))

    night.refresh_from_db()
    assert night.current is not None
    setup = setup_of(night.current)
    field = setup.field("shift")
    assert field is not None
    assert [(choice.key, choice.label.zh, choice.label.en) for choice in field.choices] == [
        ("day", "白班", "Day"),
        ("night", "夜班", ""),
    ]
    assert setup.clocks[0].rule_for({"shift": "night"}) == "case.solve_workdays_general"
    assert setup.clocks[0].rule_for({"shift": "day"}) == "case.accept_workdays"
    assert "班次" in cadre.get(reverse("desk:line_preview", args=[night.pk])).content.decode()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"kind": "choice", "choices": ""}, "选择题需要选项"),
        ({"kind": "text", "choices": "a, 甲"}, "选择题需要选项"),
        ({"kind": "choice", "choices": "甲"}, "格式不对"),
        ({"key": "Not a key"}, "有效"),
    ],
)
def test_a_question_that_is_no_question_stays_in_the_form(
    line: ServiceLine, cadre: Client, given: Any, said: str
) -> None:
    values = {"key": "x", "label_zh": "问", "kind": "text", "choices": "", **given}

    answer = cadre.post(reverse("desk:line_part", args=[line.pk, "fields", 0]), values)

    assert (answer.status_code, said in answer.content.decode()) == (200, True)
    line.refresh_from_db()
    assert line.setup["fields"][0]["key"] == "topic"


def test_entries_are_taken_out_and_moved_up(line: ServiceLine, cadre: Client) -> None:
    keys = [field["key"] for field in line.setup["fields"]]

    cadre.post(reverse("desk:line_part_turn", args=[line.pk, "fields", 1, "up"]))
    cadre.post(reverse("desk:line_part_turn", args=[line.pk, "fields", 2, "remove"]))

    line.refresh_from_db()
    assert [field["key"] for field in line.setup["fields"]] == [keys[1], keys[0], *keys[3:]]
    for args in ([line.pk, "fields", 99, "up"], [line.pk, "nothing", 0, "up"], [line.pk, "fields", 0, "spin"]):
        assert cadre.post(reverse("desk:line_part_turn", args=args)).status_code == 404


def test_every_part_has_a_form_for_every_entry(line: ServiceLine, cadre: Client) -> None:
    for part in ("fields", "states", "moves", "clocks", "tells", "rating"):
        for index in range(len(line.setup[part]) + 1):
            page = reverse("desk:line_part", args=[line.pk, part, index])
            assert (page, cadre.get(page).status_code) == (page, 200)


def test_a_form_sent_unchanged_changes_nothing(line: ServiceLine, cadre: Client) -> None:
    """What a form shows is what it keeps: no part of an entry is lost on the way."""
    before = read_setup(line.setup, "x")
    for part in ("fields", "states", "moves", "clocks", "tells", "rating"):
        for index in range(len(line.setup[part])):
            page = reverse("desk:line_part", args=[line.pk, part, index])
            form = cadre.get(page).context["form"]
            sent = {key: value for key in form.fields if (value := form[key].value()) not in (None, False, "")}
            assert cadre.post(page, sent).status_code == 302

    line.refresh_from_db()
    assert read_setup(line.setup, "x") == before

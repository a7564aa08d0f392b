"""Import and export from the command line, and what is done about old batches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from shuniu.kernel import actors
from shuniu.kernel.errors import ActionError
from shuniu.kernel.exchange import actions, engine, exporter, jobs
from shuniu.kernel.exchange.command import run_export, run_import
from shuniu.kernel.exchange.enums import BatchState
from shuniu.kernel.exchange.models import ImportBatch
from shuniu.kernel.exchange.progress import Desk
from shuniu.kernel.exchange.store import open_upload
from shuniu.kernel.models import TrailEntry
from shuniu.kernel.scope import Actor
from tests.kernel.exchange.conftest import NOW, cadre
from tests.kernel.exchange.toys import ToyImporter, csv_file, toys


@pytest.fixture
def chen(toy_db: ToyImporter, monkeypatch: pytest.MonkeyPatch) -> str:
    """A user name; all others are nobody's."""
    monkeypatch.setattr(actors, "_find", [lambda account, on: cadre(7) if account == "chen" else None])
    return "chen"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "玩具.csv"
    path.write_bytes(csv_file(("A-1", "小汽车", "汽车", "", ""), ("A-2", "", "", "", "")).getvalue())
    return path


def test_import_takes_in_what_is_right_and_tells_what_is_wrong(chen: str, table: Path) -> None:
    told: list[str] = []

    code = run_import("toys", table, chen, say=told.append)

    assert code == 1
    assert told == ["新增1行，变更0行，无变化0行，有误1行。", "第3行：名称没有填写。"]
    assert toys() == [("A-1", "小汽车")]
    assert ImportBatch.everything.get().user_id == 7


def test_import_of_what_is_known_already_ends_well(chen: str, table: Path) -> None:
    table.write_bytes(csv_file(("A-1", "小汽车", "汽车", "", "")).getvalue())
    run_import("toys", table, chen, say=str)
    told: list[str] = []

    assert run_import("toys", table, chen, say=told.append) == 0
    assert told == ["新增0行，变更0行，无变化1行，有误0行。"]


@pytest.mark.parametrize(
    ("sheet", "user", "sentence"),
    [
        ("toys", "nobody", "没有可用的账号nobody。"),
        ("stamps", "chen", "没有名为“stamps”的可导入数据表。"),
    ],
)
def test_import_is_refused_with_a_sentence(chen: str, table: Path, sheet: str, user: str, sentence: str) -> None:
    with pytest.raises(ActionError) as refused:
        run_import(sheet, table, user)

    assert str(refused.value) == sentence


def test_import_without_the_right_is_refused(chen: str, table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actors, "_find", [lambda account, on: cadre(7, "import.run")])

    with pytest.raises(ActionError, match="chen没有此项导入权限。"):
        run_import("toys", table, chen)


def test_import_of_a_file_without_the_required_columns_says_which(chen: str, table: Path) -> None:
    table.write_bytes("编号\nA-1\n".encode())

    with pytest.raises(ActionError, match="请指明文件的哪一列是“名称”。"):
        run_import("toys", table, chen)


class ToyExporter:
    key = "toys"
    title = "玩具"
    permission = "toy.edit"
    headers = ("编号", "名称")

    def rows(self, actor: Actor, day: date) -> Iterable[Sequence[Any]]:
        yield from [("A-1", "=小汽车"), (actor.name, day)]


@pytest.fixture
def toy_exporter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporter, "_exporters", {})
    exporter.register(ToyExporter())


@pytest.mark.usefixtures("toy_exporter")
def test_export_writes_csv_and_an_entry_of_the_trail(chen: str, capfdbinary: Any) -> None:
    assert run_export("toys", chen) == 0

    lines = capfdbinary.readouterr().out.decode("utf-8-sig").split("\r\n")
    assert lines[:2] == ["编号,名称", "A-1,'=小汽车"]
    assert lines[2].startswith("cadre 7,20")
    entry = TrailEntry.objects.get()
    assert (entry.verb, entry.actor_id, entry.changes["sheet"]) == ("export.made", 7, "toys")


@pytest.mark.usefixtures("toy_exporter")
@pytest.mark.parametrize(
    ("key", "permission", "sentence"),
    [("toys", "import.run", "chen没有此项导出权限。"), ("stamps", "toy.edit", "没有名为“stamps”的可导出数据表。")],
)
def test_export_is_refused_with_a_sentence(
    chen: str, monkeypatch: pytest.MonkeyPatch, key: str, permission: str, sentence: str
) -> None:
    monkeypatch.setattr(actors, "_find", [lambda account, on: cadre(7, permission)])

    with pytest.raises(ActionError) as refused:
        run_export(key, chen)

    assert str(refused.value) == sentence
    assert not TrailEntry.objects.exists()


def checked_batch(alice: Actor) -> ImportBatch:
    file = csv_file(("A-1", "小汽车", "汽车", "", ""))
    batch = actions.start_upload("toys", file, "玩具.csv", language="zh-hans", actor=alice, now=NOW)
    actions.choose_mapping(batch, batch.columns, actor=alice, now=NOW)
    engine.carry_on(batch.pk, now=NOW)
    batch.refresh_from_db()
    return batch


@pytest.mark.usefixtures("toy_db")
def test_files_are_kept_for_their_time_and_no_longer(alice: Actor) -> None:
    batch = checked_batch(alice)

    assert jobs.purge(NOW + jobs.KEPT) == []
    assert open_upload(batch.file_id).read(3)
    assert jobs.purge(NOW + jobs.KEPT + timedelta(seconds=1)) == [batch.pk]

    assert not Desk(batch.pk).stage_path.exists()
    with pytest.raises(FileNotFoundError):
        open_upload(batch.file_id)
    batch.refresh_from_db()
    assert (batch.state, batch.file_id) == (BatchState.CHECKED, "")


@pytest.mark.usefixtures("toy_db")
def test_batch_whose_files_are_gone_is_not_taken_in(alice: Actor) -> None:
    batch = checked_batch(alice)
    jobs.purge(NOW + timedelta(days=99))
    actions.apply_batch(batch, actor=alice, now=NOW)

    engine.carry_on(batch.pk, now=NOW)

    batch.refresh_from_db()
    assert batch.state == BatchState.CHECKED
    assert batch.refusal == "校验结果已不存在，请重新校验。"
    assert toys() == []


@pytest.mark.usefixtures("toy_db")
def test_batch_that_is_worked_on_or_queued_is_not_queued_again(alice: Actor) -> None:
    file = csv_file(("A-1", "小汽车", "汽车", "", ""))
    batch = actions.start_upload("toys", file, "玩具.csv", language="zh-hans", actor=alice, now=NOW)
    actions.choose_mapping(batch, batch.columns, actor=alice, now=NOW)
    later = NOW + timedelta(minutes=1)

    assert jobs.requeue(later) == []  # it is in the queue
    jobs.DBTaskResult.objects.update(status="RUNNING")
    with Desk(batch.pk).taken():
        assert jobs.requeue(later) == []  # a worker has it
    assert jobs.requeue(later) == [batch.pk]  # nobody has it
    assert sorted(jobs.DBTaskResult.objects.values_list("status", flat=True)) == ["FAILED", "READY"]


@pytest.mark.usefixtures("toy_db")
def test_batch_at_rest_is_never_queued(alice: Actor) -> None:
    checked_batch(alice)
    jobs.DBTaskResult.objects.all().delete()

    assert jobs.requeue(NOW + timedelta(minutes=1)) == []

"""From an uploaded file to rows in a table, and back."""

from __future__ import annotations

import io

import pytest
from django.core.exceptions import PermissionDenied
from django_tasks_db.models import DBTaskResult
from openpyxl import load_workbook

from shuniu.kernel.errors import ActionError
from shuniu.kernel.exchange import actions, engine
from shuniu.kernel.exchange.checked import Counts
from shuniu.kernel.exchange.enums import BatchState
from shuniu.kernel.exchange.models import ImportBatch
from shuniu.kernel.exchange.progress import Desk
from shuniu.kernel.exchange.store import open_upload
from shuniu.kernel.models import TrailEntry
from shuniu.kernel.scope import Actor
from tests.kernel.exchange.conftest import NOW, cadre
from tests.kernel.exchange.toys import ToyImporter, csv_file, toys, xlsx_file

pytestmark = pytest.mark.usefixtures("toy_db")

GOOD = (("A-1", "小汽车", "汽车", "2026-03-05", "13800001234"), ("A-2", "娃娃", "娃娃", "2026/3/6", ""))


def upload(*rows: tuple[str, ...], actor: Actor) -> ImportBatch:
    return actions.start_upload("toys", csv_file(*rows), "玩具.csv", language="zh-hans", actor=actor, now=NOW)


def check(batch: ImportBatch, actor: Actor) -> ImportBatch:
    actions.choose_mapping(batch, batch.columns, actor=actor, now=NOW)
    return carry_on(batch)


def carry_on(batch: ImportBatch) -> ImportBatch:
    engine.carry_on(batch.pk, now=NOW)
    batch.refresh_from_db()
    return batch


def test_upload_proposes_the_columns(alice: Actor) -> None:
    batch = upload(*GOOD, actor=alice)

    assert batch.state == BatchState.UPLOADED
    assert batch.columns == {"code": 0, "name": 1, "kind": 2, "made_on": 3, "phone": 4}
    assert batch.header_row == 1


def test_a_file_goes_all_the_way_in(alice: Actor) -> None:
    batch = check(upload(*GOOD, ("A-3", "", "", "", ""), actor=alice), alice)
    assert batch.state == BatchState.CHECKED
    assert batch.counts == Counts(new=2, wrong=1)
    assert toys() == []

    actions.apply_batch(batch, actor=alice, now=NOW)
    carry_on(batch)

    assert batch.state == BatchState.APPLIED
    assert batch.applied_at == NOW
    assert toys() == [("A-1", "小汽车"), ("A-2", "娃娃")]


def test_xlsx_goes_in_like_csv(alice: Actor) -> None:
    file = xlsx_file(("玩具登记表",), (), ("编码*", "玩具名称", "生产日期"), ("A-1", "小汽车", "2026年3月5日"))
    batch = actions.start_upload("toys", file, "玩具.xlsx", language="zh-hans", actor=alice, now=NOW)

    check(batch, alice)

    assert batch.header_row == 3
    assert batch.counts == Counts(new=1, warned=1)


def test_rows_that_clash_with_each_other_are_wrong(alice: Actor) -> None:
    batch = check(upload(*GOOD, ("A-1", "另一个", "", "", ""), actor=alice), alice)

    assert batch.counts == Counts(new=1, wrong=2)


def test_second_import_of_the_same_file_changes_nothing(alice: Actor) -> None:
    first = check(upload(*GOOD, actor=alice), alice)
    actions.apply_batch(first, actor=alice, now=NOW)
    carry_on(first)

    second = check(upload(*GOOD, actor=alice), alice)

    assert second.counts == Counts(unchanged=2)
    with pytest.raises(ActionError, match="没有"):
        actions.apply_batch(second, actor=alice, now=NOW)


def test_undo_takes_the_rows_back(alice: Actor) -> None:
    batch = check(upload(*GOOD, actor=alice), alice)
    actions.apply_batch(batch, actor=alice, now=NOW)
    carry_on(batch)

    actions.undo_batch(batch, actor=alice, now=NOW)
    carry_on(batch)

    assert batch.state == BatchState.UNDONE
    assert toys() == []


def test_undo_is_refused_where_something_was_built_upon_it(alice: Actor) -> None:
    batch = check(upload(("A-1", "loved", "汽车", "", ""), actor=alice), alice)
    actions.apply_batch(batch, actor=alice, now=NOW)
    carry_on(batch)

    actions.undo_batch(batch, actor=alice, now=NOW)
    carry_on(batch)

    assert batch.state == BatchState.APPLIED
    assert batch.refusal == "有玩具已经送人，不能撤回。"
    assert toys() == [("A-1", "loved")]


def test_refused_apply_leaves_nothing_behind(alice: Actor) -> None:
    batch = check(upload(*GOOD, ("A-9", "unlucky", "汽车", "", ""), actor=alice), alice)
    actions.apply_batch(batch, actor=alice, now=NOW)
    entries = TrailEntry.objects.count()

    carry_on(batch)

    assert batch.state == BatchState.CHECKED
    assert batch.refusal == "有一个玩具不吉利。"
    assert batch.applied_at is None
    assert toys() == []
    assert TrailEntry.objects.count() == entries


def test_every_step_is_in_the_trail(alice: Actor) -> None:
    batch = check(upload(*GOOD, actor=alice), alice)
    actions.apply_batch(batch, actor=alice, now=NOW)
    carry_on(batch)
    actions.undo_batch(batch, actor=alice, now=NOW)
    carry_on(batch)

    told = TrailEntry.objects.filter(target_type="kernel.importbatch", target_id=batch.pk).order_by("number")

    assert list(told.values_list("verb", flat=True)) == [
        "import.uploaded",
        "import.mapped",
        "import.checked",
        "import.apply_asked",
        "import.applied",
        "import.undo_asked",
        "import.undone",
    ]
    assert {entry.actor_id for entry in told} == {7}


def test_mapping_queues_a_job(alice: Actor) -> None:
    batch = upload(*GOOD, actor=alice)

    actions.choose_mapping(batch, batch.columns, actor=alice, now=NOW)

    job = DBTaskResult.objects.get()
    assert job.args_kwargs["args"] == [batch.pk]
    assert batch.state == BatchState.MATCHED


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"code": 0}, "请指明文件的哪一列是“名称”。"),
        ({"code": 0, "name": 0}, "不能从文件的同一列读取两项内容。"),
        ({"code": 0, "name": 1, "colour": 2}, "所选的列不存在。"),
        ({"code": 0, "name": -1}, "所选的列不存在。"),
    ],
)
def test_mapping_is_refused(alice: Actor, columns: dict[str, int], sentence: str) -> None:
    batch = upload(*GOOD, actor=alice)

    with pytest.raises(ActionError) as refused:
        actions.choose_mapping(batch, columns, actor=alice, now=NOW)

    assert str(refused.value) == sentence
    batch.refresh_from_db()
    assert batch.state == BatchState.UPLOADED


def test_changed_mapping_is_checked_anew(alice: Actor) -> None:
    batch = check(upload(*GOOD, actor=alice), alice)
    without_kind = {key: place for key, place in batch.columns.items() if key != "kind"}

    actions.choose_mapping(batch, without_kind, actor=alice, now=NOW)
    carry_on(batch)

    assert batch.counts == Counts(new=2, warned=2)


def test_file_without_rows_fails_with_a_sentence(alice: Actor) -> None:
    batch = check(upload(actor=alice), alice)

    assert batch.state == BatchState.FAILED
    assert batch.refusal == "表头以下没有数据行。"


def test_cancelled_batch_keeps_no_file(alice: Actor) -> None:
    batch = check(upload(*GOOD, actor=alice), alice)
    file_id = batch.file_id

    actions.cancel_batch(batch, actor=alice, now=NOW)

    assert batch.state == BatchState.CANCELLED
    assert not Desk(batch.pk).stage_path.exists()
    with pytest.raises(FileNotFoundError):
        open_upload(file_id)


def test_cancelled_while_waiting_is_not_checked(alice: Actor) -> None:
    batch = upload(*GOOD, actor=alice)
    actions.choose_mapping(batch, batch.columns, actor=alice, now=NOW)
    actions.cancel_batch(batch, actor=alice, now=NOW)

    carry_on(batch)

    assert batch.state == BatchState.CANCELLED


def test_cancelled_in_the_middle_of_a_check_stops_there(alice: Actor, toy_db: ToyImporter) -> None:
    batch = upload(*GOOD, actor=alice)
    actions.choose_mapping(batch, batch.columns, actor=alice, now=NOW)
    original = toy_db.check_chunk

    def cancel_then_check(*arguments: object) -> object:
        seen = ImportBatch.objects.visible_to(alice).get(pk=batch.pk)
        actions.cancel_batch(seen, actor=alice, now=NOW)
        return original(*arguments)  # type: ignore[arg-type]

    toy_db.check_chunk = cancel_then_check  # type: ignore[method-assign, assignment]
    carry_on(batch)

    assert batch.state == BatchState.CANCELLED


def test_applied_batch_cannot_be_cancelled(alice: Actor) -> None:
    batch = check(upload(*GOOD, actor=alice), alice)
    actions.apply_batch(batch, actor=alice, now=NOW)
    carry_on(batch)

    with pytest.raises(ActionError) as refused:
        actions.cancel_batch(batch, actor=alice, now=NOW)

    assert str(refused.value) == "此操作已不可行：该次导入现在的状态是“已入库”。"


def test_apply_asked_twice_is_done_once(alice: Actor) -> None:
    batch = check(upload(*GOOD, actor=alice), alice)
    actions.apply_batch(batch, actor=alice, now=NOW)
    with pytest.raises(ActionError):
        actions.apply_batch(batch, actor=alice, now=NOW)

    carry_on(batch)
    carry_on(batch)

    assert toys() == [("A-1", "小汽车"), ("A-2", "娃娃")]


def test_worker_leaves_a_batch_alone_that_another_has(alice: Actor) -> None:
    batch = upload(*GOOD, actor=alice)
    actions.choose_mapping(batch, batch.columns, actor=alice, now=NOW)

    with Desk(batch.pk).taken() as mine:
        assert mine
        carry_on(batch)

    assert batch.state == BatchState.MATCHED


def test_step_that_never_ends_is_given_up(alice: Actor) -> None:
    batch = upload(*GOOD, actor=alice)
    actions.choose_mapping(batch, batch.columns, actor=alice, now=NOW)
    ImportBatch.everything.filter(pk=batch.pk).update(attempts=engine.ATTEMPTS)

    carry_on(batch)

    assert batch.state == BatchState.FAILED
    assert batch.refusal == "这一步多次启动都没有完成。请把文件拆分后重试。"


def test_rights_lost_meanwhile_stop_the_job(alice: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = upload(*GOOD, actor=alice)
    actions.choose_mapping(batch, batch.columns, actor=alice, now=NOW)
    monkeypatch.setattr(engine, "actor_of", lambda account, day: cadre(7, "import.run"))

    carry_on(batch)

    assert batch.state == BatchState.FAILED
    assert batch.refusal == "您已不再具有此项导入的权限。"


def test_fault_of_the_importer_is_told_without_its_details(
    alice: Actor, toy_db: ToyImporter, caplog: pytest.LogCaptureFixture
) -> None:
    batch = upload(*GOOD, actor=alice)
    toy_db.check_chunk = None  # type: ignore[method-assign, assignment]

    check(batch, alice)

    assert batch.state == BatchState.FAILED
    assert batch.refusal == "系统内部出错，运维人员可在日志中查到原因。"
    assert "TypeError" in caplog.text


def test_upload_needs_the_right_to_what_is_imported() -> None:
    with pytest.raises(PermissionDenied):
        upload(*GOOD, actor=cadre(7, "import.run"))
    with pytest.raises(PermissionDenied):
        upload(*GOOD, actor=cadre(7, "toy.edit"))
    assert not ImportBatch.everything.exists()


def test_batches_of_others_are_out_of_sight(alice: Actor, charlie: Actor) -> None:
    mine, theirs = upload(*GOOD, actor=alice), upload(*GOOD, actor=charlie)

    assert list(ImportBatch.objects.visible_to(alice)) == [mine]
    assert list(ImportBatch.objects.visible_to(charlie)) == [theirs]
    assert not ImportBatch.objects.visible_to(Actor(None, "")).exists()


def test_another_sheet_of_the_workbook_can_be_chosen(alice: Actor) -> None:
    file = xlsx_file(("编号", "名称", "种类"), ("A-1", "小汽车", "汽车"))
    book = load_workbook(file)
    other = book.create_sheet("另表")
    other.append(("品名", "No"))
    other.append(("布偶", "B-1"))
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    batch = actions.start_upload("toys", file, "玩具.xlsx", language="zh-hans", actor=alice, now=NOW)
    assert batch.layout.title == "玩具"

    actions.choose_table(batch, 1, actor=alice, now=NOW)

    assert batch.layout.title == "另表"
    assert batch.columns == {"name": 0, "code": 1}

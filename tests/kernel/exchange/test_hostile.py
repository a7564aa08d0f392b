"""Files made to hurt: each is refused with a sentence, quickly, in little memory, and nothing of it is kept."""

from __future__ import annotations

import io
import random
import re
import struct
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from shuniu.kernel.exchange import importer, read
from shuniu.kernel.exchange.limits import FileRefused
from shuniu.kernel.exchange.models import ImportBatch
from tests.factories import make_cast
from tests.kernel.exchange.test_read import HEAD, MAIN, PARTS, packed, rows_of
from tests.kernel.exchange.toys import ToyImporter, csv_file, toy_table, xlsx_file

DAMAGED = "工作簿已损坏。请打开后重新另存为XLSX再试。"
TOO_LARGE = "工作簿解压后的内容过大。请只保留需要的工作表，或另存为CSV。"
ROOT = Path(__file__).resolve().parents[3]


def archive_of(parts: dict[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return io.BytesIO(file.getvalue())


def zip_bomb() -> io.BytesIO:
    """Nothing but zeros where the sheet should be, as the directory honestly says."""
    return archive_of({**PARTS, "xl/worksheets/sheet1.xml": b"\0" * (20 << 20)})


def sheet_bomb() -> io.BytesIO:
    """A sheet that is one endless row."""
    row = f'<worksheet xmlns="{MAIN}"><sheetData><row r="1">' + '<c r="A1"><v>1</v></c>' * 100
    return archive_of({**PARTS, "xl/worksheets/sheet1.xml": row + noise(12)})


def noise(megabytes: int) -> str:
    """Text that does not pack well."""
    return random.Random(1).randbytes(megabytes << 19).hex()


def overlapping(megabytes: int = 1) -> io.BytesIO:
    """Five hundred entries in the directory that all name the same bytes."""
    whole = archive_of({"xl/worksheets/sheet1.xml": b"a" * (megabytes << 20)}).getvalue()
    start = whole.index(b"PK\x01\x02")
    end = whole.index(b"PK\x05\x06")
    entry, name = whole[start : start + 46], b"xl/worksheets/sheet1.xml"
    entries = b"".join(entry + f"xl/worksheets/sheet{n:04d}.xml".encode()[: len(name)] for n in range(500))
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 500, 500, len(entries), start, 0)
    assert end
    return io.BytesIO(whole[:start] + entries + tail)


def with_entity(part: str) -> io.BytesIO:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
    told = {**PARTS, "xl/worksheets/sheet1.xml": f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData/></worksheet>'}
    return archive_of({**told, part: told[part].replace("?>\n", f"?>{bomb}\n", 1).replace("><", ">&c;<", 1)})


def with_flag(bit: int) -> io.BytesIO:
    raw = bytearray(xlsx_file(("a",)).getvalue())
    for found in re.finditer(rb"PK\x01\x02", bytes(raw)):
        raw[found.start() + 8] |= bit
    return io.BytesIO(bytes(raw))


def renamed(old: str, new: str) -> io.BytesIO:
    with zipfile.ZipFile(xlsx_file(("a",))) as archive:
        return archive_of({name.replace(old, new): archive.read(name) for name in archive.namelist()})


def outside_link() -> io.BytesIO:
    relations = PARTS["xl/_rels/workbook.xml.rels"].replace(
        'Target="worksheets/sheet1.xml"', 'TargetMode="External" Target="http://127.0.0.1:9/sheet1.xml"'
    )
    return archive_of({**PARTS, "xl/_rels/workbook.xml.rels": relations})


HOSTILE: dict[str, tuple[Callable[[], io.BytesIO], str]] = {
    "zip bomb": (zip_bomb, TOO_LARGE),
    "overlapping entries": (overlapping, DAMAGED),
    "more than a gigabyte": (lambda: overlapping(10), TOO_LARGE),
    "too many entries": (lambda: archive_of({f"{n}.xml": "" for n in range(2500)}), TOO_LARGE),
    "encrypted": (lambda: with_flag(1), "工作簿设有密码。请取消密码后重试。"),
    "macros": (lambda: renamed("xl/styles.xml", "xl/vbaProject.bin"), "工作簿中含有宏。请另存为不含宏的XLSX后重试。"),
    "binary workbook": (
        lambda: renamed("xl/workbook.xml", "xl/workbook.bin"),
        "不支持此类工作簿。请另存为XLSX或CSV后重试。",
    ),
    "a document": (lambda: archive_of({"word/document.xml": "<x/>"}), "这不是工作簿。请把表格另存为XLSX或CSV后重试。"),
    "entities in the list of sheets": (lambda: with_entity("xl/workbook.xml"), DAMAGED),
    "entities in the relations": (lambda: with_entity("xl/_rels/workbook.xml.rels"), DAMAGED),
    "bzip2": (lambda: archive_of({**PARTS, "a": b"x" * 999}, zipfile.ZIP_BZIP2), DAMAGED),
    "huge list of sheets": (
        lambda: archive_of({**PARTS, "xl/workbook.xml": f"<workbook><!-- {noise(17)} --></workbook>"}),
        DAMAGED,
    ),
    "cut off": (lambda: io.BytesIO(xlsx_file(("a",)).getvalue()[:-30]), DAMAGED),
    "empty": (lambda: io.BytesIO(), "文件是空的。"),
    "old workbook": (
        lambda: io.BytesIO(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
        "这是旧版工作簿（.xls）或设有密码的工作簿。请另存为不设密码的XLSX。",
    ),
    "web page": (
        lambda: io.BytesIO("\ufeff <HTML><table>".encode()),
        "这是以工作簿命名的网页文件。请打开后另存为XLSX。",
    ),
    "program": (lambda: io.BytesIO(b"\x7fELF" + b"\0" * 600), "这不是工作簿。请把表格另存为XLSX或CSV后重试。"),
    "text named like a workbook": (lambda: io.BytesIO("姓名,单位".encode()), DAMAGED),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_is_refused_at_the_door(name: str) -> None:
    make, sentence = HOSTILE[name]

    with pytest.raises(FileRefused) as refused:
        read.layouts(make(), "会员.xlsx")

    assert str(refused.value) == sentence


def doctype_in_sheet() -> io.BytesIO:
    return with_entity("xl/worksheets/sheet1.xml")


def row(number: int, letters: str = "A", value: str = "1") -> str:
    return f'<row r="{number}"><c r="{letters}{number}"><v>{value}</v></c></row>'


INSIDE: dict[str, tuple[Callable[[], io.BytesIO], str]] = {
    "row beyond the last": (lambda: packed(row(1_048_577)), "文件超过1048576行，请拆分后上传。"),
    "row without end": (sheet_bomb, DAMAGED),
    "column beyond the last": (lambda: packed(row(1) + row(2, "XFD")), "第2行超过200列。"),
    "rows in disorder": (lambda: packed(row(5) + row(5)), DAMAGED),
    "shared text that is not there": (
        lambda: packed('<row r="1"><c r="A1" t="s"><v>7</v></c></row>', "<si><t>a</t></si>"),
        DAMAGED,
    ),
    "shared text at no place": (
        lambda: packed('<row r="1"><c r="A1" t="s"><v>x</v></c></row>', "<si><t>a</t></si>"),
        DAMAGED,
    ),
    "number that is none": (lambda: packed(row(1, value="1e")), DAMAGED),
    "sheet in another encoding": (
        lambda: archive_of({**PARTS, "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"/>'.encode("utf-16")}),
        DAMAGED,
    ),
    "half a cell": (lambda: packed('<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</c></row>'), DAMAGED),
    "entity of the sheet's own": (lambda: packed('<row r="1"><c r="A1"><f/><f/><v>&lol;</v></c></row>'), DAMAGED),
    "text longer than any cell": (
        lambda: packed('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', f"<si><t>{'长' * 60_000}</t></si>"),
        DAMAGED,
    ),
    "spoilt in the middle": (lambda: spoilt(packed("".join(row(n) for n in range(1, 2000)))), DAMAGED),
    "sheet that is not there": (lambda: archive_of(PARTS), DAMAGED),
}


def spoilt(file: io.BytesIO) -> io.BytesIO:
    """With a byte changed in the middle of the largest part."""
    raw = bytearray(file.getvalue())
    with zipfile.ZipFile(file) as archive:
        part = max(archive.infolist(), key=lambda entry: entry.compress_size)
    raw[part.header_offset + 60 + part.compress_size // 2] ^= 0xFF
    return io.BytesIO(bytes(raw))


@pytest.mark.parametrize("name", INSIDE)
def test_hostile_sheet_is_refused_on_the_way(name: str) -> None:
    make, sentence = INSIDE[name]

    with pytest.raises(FileRefused) as refused:
        rows_of(make())

    assert str(refused.value) == sentence


def test_link_to_the_outside_is_not_followed() -> None:
    assert read.layouts(outside_link(), "a.xlsx") == []


def test_formula_numbers_do_not_grow() -> None:
    assert rows_of(packed(row(1, value="1E+999") + row(2, value="1E+300") + row(3, value="NaN"))) == [
        (1, ["1.00000E+999"]),
        (2, ["1.00000E+300"]),
        (3, ["NaN"]),
    ]


def test_million_formatted_rows_without_content_are_read_in_passing() -> None:
    empty = "".join(f'<row r="{n}" s="1" customFormat="1"><c r="A{n}" s="1"/></row>' for n in range(2, 300_000))

    assert rows_of(packed(row(1) + empty + row(1_048_576))) == [(1, ["1"]), (1_048_576, ["1"])]


def test_claimed_dimension_is_not_believed() -> None:
    sheet = (
        f'{HEAD}<worksheet xmlns="{MAIN}"><dimension ref="A1:XFD1048576"/><sheetData>{row(1)}</sheetData></worksheet>'
    )

    assert rows_of(packed("", **{"xl/worksheets/sheet1.xml": sheet})) == [(1, ["1"])]


def test_text_with_more_rows_than_a_spreadsheet_is_refused() -> None:
    with pytest.raises(FileRefused, match="文件超过1048576行"):
        rows_of(io.BytesIO(b"a,b\n" + b"\n" * 1_048_576), "a.csv")


def test_text_with_more_columns_than_allowed_is_refused() -> None:
    with pytest.raises(FileRefused, match="第2行超过200列。"):
        rows_of(io.BytesIO(b"a,b\n" + b"x," * 300), "a.csv")
    assert rows_of(io.BytesIO(b"a,b\n" + b"x" + b"," * 300), "a.csv")[1][1][:2] == ["x", ""]


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(FileRefused, match="无法识别文件中的文字。"):
        read.layouts(io.BytesIO(b"\xff\xfe\xfd" + bytes(range(256)) * 8), "a.csv")


MEASURED = """
import re, sys
import django
from django.conf import settings
settings.configure(USE_I18N=False)
django.setup()
from shuniu.kernel.exchange import read
from shuniu.kernel.exchange.limits import FileRefused
file = open(sys.argv[1], "rb")
try:
    for layout in read.layouts(file, "a.xlsx"):
        for chunk in read.chunks(file, layout, after=0):
            pass
except FileRefused:
    pass
print(int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) // 1024)
"""


def texts_bomb() -> io.BytesIO:
    """As many and as long shared texts as fit, and a cell that asks for the last."""
    strings = "".join(f"<si><t>{n:07d}{'x' * 60}</t></si>" for n in range(1_500_000))
    return packed('<row r="1"><c r="A1" t="s"><v>1499999</v></c></row>', strings)


def wide_bomb() -> io.BytesIO:
    """Every cell of many rows refers to the same long text."""
    cells = [read_letters(n) for n in range(200)]
    rows = "".join(
        f'<row r="{n}">' + "".join(f'<c r="{one}{n}" t="s"><v>0</v></c>' for one in cells) + "</row>"
        for n in range(1, 400)
    )
    return packed(rows, f"<si><t>{'长' * 30_000}</t></si>")


def read_letters(place: int) -> str:
    first, second = divmod(place, 26)
    return (chr(64 + first) if first else "") + chr(65 + second)


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
@pytest.mark.parametrize("make", [texts_bomb, wide_bomb, sheet_bomb, overlapping], ids=lambda make: make.__name__)
def test_memory_stays_small(make: Callable[[], io.BytesIO], tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    path.write_bytes(make().getvalue())

    environment = {"PYTHONPATH": str(ROOT / "src"), "PATH": ""}
    command = [sys.executable, "-c", MEASURED, str(path)]
    told = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)

    assert int(told.stdout) < 300


def mutations(count: int) -> Iterator[tuple[str, bytes]]:
    """Files that were once good, cut, swapped, doubled and spoilt, the same each time."""
    chance = random.Random(20260305)
    good = [
        ("a.csv", csv_file(*[(f"A-{n}", "小汽车", "汽车", "2026-03-05", "13800001234") for n in range(20)]).getvalue()),
        ("a.csv", csv_file(("A", "好"), encoding="gb18030").getvalue()),
        ("a.csv", csv_file(("A", "好"), encoding="utf-16").getvalue()),
        ("a.xlsx", xlsx_file(("编号", "名称"), ("A-1", "好"), ("A-2", 46086)).getvalue()),
        ("a.xlsx", packed(row(1) + row(2), "<si><t>a</t></si>").getvalue()),
        *(
            (f"{name}.xlsx", make().getvalue())
            for name, (make, _) in HOSTILE.items()
            if name not in ("zip bomb", "huge list of sheets")
        ),
        *((f"{name}.xlsx", make().getvalue()) for name, (make, _) in INSIDE.items() if name != "row without end"),
    ]
    for _ in range(count):
        name, content = chance.choice(good)
        yield name, _spoil(content, chance)


def _spoil(content: bytes, chance: random.Random) -> bytes:
    raw = bytearray(content)
    for _ in range(chance.randrange(4)):
        place = chance.randrange(len(raw) + 1)
        match chance.randrange(5):
            case 0:
                raw[place : place + 1] = bytes([chance.randrange(256)])
            case 1:
                del raw[place : place + chance.randrange(1, 40)]
            case 2:
                raw[place:place] = chance.randbytes(chance.randrange(1, 40))
            case 3:
                raw[place:place] = raw[: chance.randrange(200)]
            case 4:
                raw[place : place + 4] = chance.choice(
                    [b"PK\3\4", b"\0\0\0\0", b"\xff\xff\xff\xff", b'",\r\n', b"<!DO"]
                )
    return bytes(raw)


def test_spoilt_files_are_read_or_refused_and_nothing_else() -> None:
    outcomes: Counter[bool] = Counter()

    for name, content in mutations(3000):
        try:
            file = io.BytesIO(content)
            for layout in read.layouts(file, name):
                for _ in read.chunks(file, layout, after=0):
                    pass
            outcomes[True] += 1
        except FileRefused:
            outcomes[False] += 1

    assert outcomes[True] > 100
    assert outcomes[False] > 300


@pytest.mark.one_database
@pytest.mark.django_db
def test_a_thousand_hostile_uploads_bring_no_fault_and_leave_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    toy = ToyImporter()
    toy.permission = "member.edit"
    monkeypatch.setattr(importer, "_importers", {"toys": toy})
    client = make_cast().cadre.client
    stored = Path(settings.SHUNIU_DATA) / "files"
    before = files_in(stored)
    answers: Counter[int] = Counter()

    with toy_table():
        for name, content in mutations(1000):
            answer = client.post("/imports/new/toys/", {"file": SimpleUploadedFile(name, content)})
            answers[answer.status_code] += 1
            if answer.status_code == 200:
                assert 'id="id_file_error"' in answer.content.decode()

    assert set(answers) == {200, 302}
    assert ImportBatch.everything.count() == answers[302]
    assert files_in(stored) - before == answers[302]


def files_in(folder: Path) -> int:
    return sum(path.is_file() for path in folder.rglob("*"))

"""An inbox of everything at once: a verdict for each file, and the good ones read as if the others were not there."""

from __future__ import annotations

import io
import struct
import time
import zipfile
from functools import partial
from pathlib import Path

import pytest
from made_workbooks import (
    MAIN,
    biff8_label,
    biff_book,
    ods,
    ole,
    problem_of,
    record,
    sheet_xml,
    text_cell,
    written,
    xlsx,
    xlsx_parts,
    zipped,
)
from worker_stages import read

from kbxt_merge.intake.inbox.listing import walk
from kbxt_merge.intake.pool.processes import read_all
from kbxt_merge.model.limits import Limits

GOOD = xlsx(f'<row r="1">{text_cell("A1", "姓名")}</row>')
LIMITS = Limits()
LAUGHS = '<!DOCTYPE a [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {chr(98 + level)} "{f"&{chr(97 + level)};" * 10}">' for level in range(10)
)


def with_part(name: str, part: str | bytes) -> bytes:
    return zipped(xlsx_parts({"表": sheet_xml(f'<row r="1">{text_cell("A1", "1")}</row>')}) | {name: part})


def overlapping() -> bytes:
    """A zip whose directory lists one and the same bytes as a thousand parts."""
    parts = xlsx_parts({"表": sheet_xml("")}) | {"xl/media/a.bin": bytes(1 << 20)}
    data = zipped(parts)
    start = data.rindex(b"PK\x01\x02")
    entry, end = data[start : data.rindex(b"PK\x05\x06")], data[data.rindex(b"PK\x05\x06") :]
    copies = b"".join(entry.replace(b"a.bin", f"{number:05}".encode()) for number in range(1000))
    count, size = len(parts) + 1000, data.rindex(b"PK\x05\x06") - data.index(b"PK\x01\x02") + len(copies)
    return data[:start] + entry + copies + end[:8] + struct.pack("<HHI", count, count, size) + end[16:]


def size_lie() -> bytes:
    """A sheet that inflates to a hundred times what the directory says."""
    rows = "<row><c/></row>" * 400_000
    data = bytearray(zipped(xlsx_parts({"表": sheet_xml(rows)})))
    size = struct.pack("<I", len(sheet_xml(rows)))
    return bytes(data.replace(size, struct.pack("<I", 6000)))


def many_sheets() -> bytes:
    tabs = "".join(f'<sheet name="{number}" sheetId="{number}" r:id="r1"/>' for number in range(1, 100_001))
    book = xlsx_parts({"表": sheet_xml("")})["xl/workbook.xml"]
    return with_part("xl/workbook.xml", str(book).replace("<sheets>", f"<sheets>{tabs}"))


def many_strings(count: int) -> bytes:
    """A sheet of as many rows, each with a text of its own."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        strings = "".join(f"<si><t>{number}</t></si>" for number in range(count))
        rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>{n - 1}</v></c></row>' for n in range(1, count + 1))
        for name, part in xlsx_parts({"表": sheet_xml(rows)}, f'<sst xmlns="{MAIN}">{strings}</sst>').items():
            archive.writestr(name, part)
    return buffer.getvalue()


HOSTILE: dict[str, tuple[bytes, str, str]] = {
    "bomb.xlsx": (with_part("xl/media/a.bin", bytes(64 << 20)), "file-unsafe", "inflated-ratio"),
    "overlap.xlsx": (overlapping(), "file-unsafe", "overlapping-entries"),
    "lie.xlsx": (size_lie(), "file-unreadable", "damaged"),
    "entries.xlsx": (
        zipped(xlsx_parts({"表": ""}) | {f"{n}": "" for n in range(6000)}),
        "file-unsafe",
        "too-many-entries",
    ),
    "sheets.xlsx": (many_sheets(), "file-unsafe", "too-many-sheets"),
    "laughs.xlsx": (
        zipped(xlsx_parts({"表": f"<?xml version='1.0'?>{LAUGHS}]>{sheet_xml('<row><c><v>&k;</v></c></row>')}"})),
        "file-unsafe",
        "entities",
    ),
    "strings.xlsx": (
        xlsx(
            '<row r="1"><c r="A1" t="s"><v>0</v></c></row>', f'{LAUGHS}]><sst xmlns="{MAIN}"><si><t>&k;</t></si></sst>'
        ),
        "file-unsafe",
        "entities",
    ),
    "outside.xlsx": (
        with_part("xl/workbook.xml", '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><workbook>&x;</workbook>'),
        "file-unsafe",
        "entities",
    ),
    "wide.ods": (
        ods(
            '<table:table table:name="a"><table:table-row table:number-rows-repeated="1048576">'
            '<table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="1"/>'
            "</table:table-row></table:table>"
        ),
        "file-unsafe",
        "too-many-cells",
    ),
    "stairs.xlsx": (
        xlsx(
            "".join(f'<row r="{n}">{text_cell(f"XFD{n}", "x")}{text_cell(f"A{n}", "x")}</row>' for n in range(1, 3001))
        ),
        "file-unsafe",
        "too-many-cells",
    ),
    "circle.xls": (ole(biff_book(0x600, b"\x01\0a", biff8_label(0, 0, "x")), cycle=True), "", ""),
    "dimensions.xls": (
        ole(biff_book(0x600, b"\x01\0a", record(0x200, struct.pack("<IIHHH", 0, 0xFFFFFFFF, 0, 0xFFFF, 0)))),
        "",
        "",
    ),
    "far.xlsx": (
        xlsx(f'<row r="1">{text_cell("A1", "x")}</row><row r="1048576">{text_cell("XFD1048576", "x")}</row>'),
        "",
        "",
    ),
    "counts.xlsx": (
        xlsx(
            '<row r="1"><c r="A1" t="s"><v>0</v></c></row>',
            f'<sst xmlns="{MAIN}" count="4000000000" uniqueCount="4000000000"><si><t>x</t></si></sst>',
        ),
        "",
        "",
    ),
    "page.xlsx": (b"<!DOCTYPE html><html><body>404</body></html>", "file-unreadable", "html"),
    "scan.xlsx": (b"%PDF-1.4 ...", "file-unreadable", "pdf"),
    "scan.pdf": (b"%PDF-1.4 ...", "file-other", "pdf"),
    "photo.jpg": (b"\xff\xd8\xff\xe0" + bytes(99), "file-other", "image"),
    "half.xlsx": (GOOD[: len(GOOD) // 2], "file-unreadable", "truncated"),
    "empty.xlsx": (b"", "file-unreadable", "empty"),
    "noise.xlsx": (bytes(range(256)) * 9, "file-unreadable", "unknown"),
}


def test_every_file_has_its_verdict_and_the_good_ones_are_read(tmp_path: Path) -> None:
    for name, (data, _, _) in HOSTILE.items():
        written(tmp_path, name, data)
    for number in range(12):
        written(tmp_path, f"good-{number}.xlsx", GOOD)
    files = walk(tmp_path)
    began = time.monotonic()
    readings = read_all(files, partial(read, limits=LIMITS), 2, LIMITS, None)
    assert time.monotonic() - began < 60
    verdicts = {
        reading.file.path: (reading.problem.slug, reading.problem.facts["what"]) if reading.problem else ("", "")
        for reading in readings
    }
    assert verdicts == {name: (slug, what) for name, (_, slug, what) in HOSTILE.items()} | {
        f"good-{number}.xlsx": ("", "") for number in range(12)
    }
    assert [reading.unrecognised for reading in readings if reading.file.path.startswith("good")] == [("附件1-2",)] * 12


def test_a_size_that_lies_past_the_limit_is_noticed_before_anything_is_read() -> None:
    assert problem_of(size_lie(), limits=Limits(inflated_bytes=1 << 22)) == ("file-unsafe", "size-lie")


def test_what_inflates_past_the_limit_is_refused() -> None:
    assert problem_of(with_part("a.bin", bytes(3 << 20)), limits=Limits(inflated_bytes=1 << 20)) == (
        "file-unsafe",
        "inflated-size",
    )


@pytest.mark.parametrize("limit", ["cells", "sheets", "entries"])
def test_each_limit_can_be_set(limit: str) -> None:
    slug, what = problem_of(GOOD, limits=Limits(**{limit: 0}))
    assert (slug, what) == ("file-unsafe", f"too-many-{limit}")


def test_a_quarter_of_a_million_strings_are_read() -> None:
    assert problem_of(many_strings(250_000)) == ("", "")

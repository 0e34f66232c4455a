"""Valid workbooks of every kind, and what bad disks, bad lines and bad programs make of them."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable
from functools import lru_cache

import docx
import openpyxl
import xlsxwriter
from made_workbooks import biff8_label, biff_book, biff_label, biff_number, cells_of, ods, ole

from kbxt_merge.intake.formats.read_workbook import Unreadable, read_workbook
from kbxt_merge.intake.formats.sniff import kind_of
from kbxt_merge.model.limits import Limits

LIMITS = Limits(seconds=10)
HEADER = ["序号", "姓名", "性别", "身份证号", "年龄", "备注"]
ROWS = [
    [str(number), f"张{number}", "男", f"36072120100101{number:04}", 10 + number % 3, ""] for number in range(1, 31)
]
TABLE = [["赣县区义务教育阶段适龄残疾儿童就学台账"], ["学校名称：梅林小学（盖章）  2021年3月12日"], HEADER, *ROWS]


def by_xlsxwriter() -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_custom_property("kbxt_form", "3")
    for name in ("附件3", "附件4"):
        sheet = book.add_worksheet(name)
        for row, cells in enumerate(TABLE):
            sheet.write_row(row, 0, cells)
        sheet.merge_range(40, 0, 40, 5, "填表人：王五")
        sheet.write_formula(41, 4, "=SUM(E4:E33)", None, 330)
        sheet.write_formula(41, 5, "=NA()", None, "#N/A")
        sheet.set_row(10, None, None, {"hidden": True})
    book.close()
    return buffer.getvalue()


def by_openpyxl() -> bytes:
    book = openpyxl.Workbook()
    for row in TABLE:
        book.active.append(row)
    book.active["H1"] = "=A1"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def by_docx() -> bytes:
    document = docx.Document()
    document.add_paragraph("学校名称：梅林小学")
    table = document.add_table(rows=4, cols=6)
    for row, cells in zip(table.rows, TABLE[2:], strict=False):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = str(text)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def html() -> bytes:
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in TABLE)
    return f"<html><body><table>{rows}</table></body></html>".encode()


def csv() -> bytes:
    return "\n".join(",".join(map(str, row)) for row in TABLE).encode("gb18030")


def xml_2003() -> bytes:
    def cell(value: object) -> str:
        return f'<Cell><Data ss:Type="String">{value}</Data></Cell>'

    rows = "".join(f"<Row>{''.join(map(cell, row))}</Row>" for row in TABLE)
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    return (
        f'<?xml version="1.0"?><Workbook xmlns="{space}" xmlns:ss="{space}"><Worksheet ss:Name="附件3"><Table>{rows}'
        "</Table></Worksheet></Workbook>"
    ).encode()


def ods_table() -> bytes:
    def cell(value: object) -> str:
        return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'

    rows = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in TABLE)
    return ods(f'<table:table table:name="附件3">{rows}</table:table>')


def rich_text() -> bytes:
    def cell(value: object) -> str:
        return "".join(each if each.isascii() else f"\\u{ord(each)}?" for each in str(value)) + r"\cell "

    edges = "".join(rf"\cellx{1000 * number}" for number in range(1, 7))
    rows = "".join(rf"\trowd{edges}\pard\intbl {''.join(map(cell, row))}\row" + "\n" for row in TABLE)
    return (r"{\rtf1\ansi\ansicpg936{\fonttbl{\f0\fcharset134 SimSun;}}" + rows + "}").encode()


def flat_table() -> bytes:
    with zipfile.ZipFile(io.BytesIO(ods_table())) as archive:
        content = archive.read("content.xml")
    return content.replace(b"<office:body>", b"<!-- application/vnd.oasis.opendocument.spreadsheet --><office:body>", 1)


def old_cells(label: Callable[[int, int, str], bytes]) -> bytes:
    return b"".join(
        label(row, column, value) if isinstance(value, str) else biff_number(row, column, value)
        for row, cells in enumerate(TABLE)
        for column, value in enumerate(cells)
    )


def gbk_label(row: int, column: int, text: str) -> bytes:
    return biff_label(row, column, text.encode("gb18030"))


def settled(data: bytes) -> bytes:
    """The zip without the time of its making: the same bytes in every run."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in archive.namelist():
            part = re.sub(rb"20[0-9]{2}-[0-9-]+T[0-9:]+Z", b"2021-03-12T00:00:00Z", archive.read(name))
            copy.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


@lru_cache(maxsize=1)
def originals() -> dict[str, bytes]:
    """A valid file of each kind by its name."""
    new = biff_book(0x600, b"\x03\x01" + "附件三".encode("utf-16-le"), old_cells(biff8_label), 1200)
    old = biff_book(0x500, b"\x06" + "附件三".encode("gb18030"), old_cells(gbk_label), 936)
    return {
        "a.xlsx": settled(by_xlsxwriter()),
        "b.xlsx": settled(by_openpyxl()),
        "c.xls": ole(new),
        "d.xls": ole(old, "Book"),
        "e.xls": old,
        "f.ods": settled(ods_table()),
        "g.docx": settled(by_docx()),
        "h.xls": html(),
        "i.csv": csv(),
        "j.xls": xml_2003(),
        "k.doc": rich_text(),
        "l.fods": flat_table(),
    }


def flipped(data: bytes, chance: random.Random) -> bytes:
    """Some bits of some bytes turned over."""
    changed = bytearray(data)
    for _ in range(chance.choice([1, 2, 8, 64])):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data))]


def holed(data: bytes, chance: random.Random) -> bytes:
    """A block of zeros, as a disk or a line leaves it."""
    start = chance.randrange(len(data))
    return data[:start] + bytes(min(512, len(data) - start)) + data[start + 512 :]


def shuffled(data: bytes, chance: random.Random) -> bytes:
    """A piece of the file moved to another place."""
    start, length = chance.randrange(len(data)), chance.randrange(1, 600)
    rest = data[:start] + data[start + length :]
    place = chance.randrange(len(rest) + 1)
    return rest[:place] + data[start : start + length] + rest[place:]


def edited_numbers(data: bytes, chance: random.Random) -> bytes:
    """A field of four bytes set to something extreme."""
    place = chance.randrange(max(1, len(data) - 4))
    return data[:place] + chance.choice([b"\xff\xff\xff\xff", bytes(4), b"\xff\xff\xff\x7f"]) + data[place + 4 :]


def edited_part(data: bytes, chance: random.Random) -> bytes:
    """One part of a zip damaged inside, and the zip itself sound; other files are damaged as they are."""
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return edited_text(data, chance)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = chance.choice(sorted(parts))
    parts[name] = chance.choice([edited_text, cut, flipped, shuffled])(parts[name], chance) if parts[name] else b"x"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return buffer.getvalue()


EDITS: tuple[tuple[bytes, bytes], ...] = (
    (rb'"[0-9]+"', b'"99999999999"'),
    (rb'"[0-9]+"', b'"-1"'),
    (rb'"[0-9]+"', b'""'),
    (rb'"[^"]*"', b'"x"'),
    (rb"<[a-zA-Z:]+", b"<y"),
    (rb"</[a-zA-Z:]+>", b""),
    (rb">[^<]+<", b">&nothing;<"),
    (rb">[^<]+<", b"><![CDATA[z]]><"),
    (rb' [a-zA-Z:]+="[^"]*"', b""),
    (rb"<", b"<!-- --><"),
)


def edited_text(data: bytes, chance: random.Random) -> bytes:
    """A number, a name, a tag or a text of XML replaced by what should not stand there."""
    pattern, text = chance.choice(EDITS)
    places = list(re.finditer(pattern, data))
    if not places:
        return flipped(data, chance)
    place = chance.choice(places)
    return data[: place.start()] + text + data[place.end() :]


MUTATIONS = (flipped, cut, holed, shuffled, edited_numbers)


def mutated(number: int) -> tuple[str, bytes]:
    """The name and the bytes of the mutated file of this number; the same every time."""
    chance = random.Random(number)
    name = chance.choice(sorted(originals()))
    data = originals()[name]
    if chance.random() < 0.5:
        data = edited_part(data, chance)
    for _ in range(chance.choice([0, 0, 1, 2]) if data != originals()[name] else 1):
        data = chance.choice(MUTATIONS)(data, chance) if data else data
    return name, data


def read_as_it_was(number: int) -> str:
    """Whether a zipped workbook, damaged as a whole, is refused, read as it was, or read otherwise."""
    chance = random.Random(number)
    name = chance.choice(["a.xlsx", "b.xlsx", "f.ods", "g.docx"])
    original = originals()[name]
    data = chance.choice(MUTATIONS)(original, chance)
    try:
        workbook = read_workbook(data, kind_of(data, name), LIMITS, name=name)
    except Unreadable:
        return "refused"
    whole = read_workbook(original, kind_of(original, name), LIMITS)
    same = len(workbook.grids) == len(whole.grids) and all(
        cells_of(workbook, sheet) == cells_of(whole, sheet) for sheet in range(len(whole.grids))
    )
    return "as it was" if same else f"other: {name}"


def verdict_on(number: int) -> str:
    """What reading makes of the mutated file of this number."""
    name, data = mutated(number)
    try:
        read_workbook(data, kind_of(data, name), LIMITS, name=name)
    except Unreadable as error:
        return f"{error.problem.slug} {error.problem.facts['what']}"
    return "read"

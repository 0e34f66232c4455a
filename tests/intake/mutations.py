"""Valid workbooks of every kind, and what bad disks, bad lines and bad programs make of them."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable
from functools import lru_cache
from unittest.mock import patch

import docx
import openpyxl
import xlsxwriter
from made_workbooks import biff8_label, biff_book, biff_label, biff_number, cells_of, ods, ole

from kbxt_merge.intake.formats import ooxml
from kbxt_merge.intake.formats.plain_sheet import plain_sheet
from kbxt_merge.intake.formats.read_workbook import Unreadable, read_workbook
from kbxt_merge.intake.formats.sniff import kind_of
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.returns import Kind

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


PLAIN_PARTS = ("xl/worksheets/sheet1.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml")
PLAIN_EDITS: tuple[tuple[bytes, bytes], ...] = (
    (rb"<v>[0-9.]+</v>", b"<v>1E5</v>"),
    (rb"<v>[0-9.]+</v>", b"<v>-007.50</v>"),
    (rb"<v>[0-9.]+</v>", b"<v> 3 </v>"),
    (rb"<v>[0-9.]+</v>", b"<v>0.1</v><f>A1</f>"),
    (rb"<v>[0-9.]+</v>", b"<v/>"),
    (rb' t="s"', b' t="n"'),
    (rb' t="s"', b' t="str"'),
    (rb' t="s"', b' t="b"'),
    (rb' t="s"', b""),
    (rb' s="[0-9]+"', b' s="3"'),
    (rb' s="[0-9]+"', b' s="77"'),
    (rb'<c r="[A-Z]+[0-9]+"', b'<c r="B7"'),
    (rb'<c r="[A-Z]+[0-9]+"', b'<c r="AB7"'),
    (rb'<row r="[0-9]+"', b'<row r="9"'),
    (rb'<row r="[0-9]+"', b'<row hidden="1" r="9"'),
    (rb' spans="[0-9:]+"', b' hidden="1"'),
    (rb' spans="[0-9:]+"', b" hidden='1'"),
    (rb' spans="[0-9:]+"', b' ht="0" customHeight="1"'),
    (rb"</row>", b'</row><row r="500"/>'),
    (rb"</row>", b'<c r="F500" s="1"/></row>'),
    (rb"</row>", b'<c r="ZZ500000"><v>1</v></c></row>'),
    (rb"<t>[^<]+</t>", b"<t/>"),
    (rb"<t>[^<]+</t>", b"<t> a &amp;lt; b&#20013;</t>"),
    (rb"<t>[^<]+</t>", b'<t xml:space="preserve">  </t>'),
    (rb"<t>[^<]+</t>", b"<t>a\r\nb_x000D_</t>"),
    (rb"<t>[^<]+</t>", b"<t>a &lt;&amp;amp;&gt;\n\tb </t>"),
    (rb"<t>[^<]+</t>", b'<t>a</t><phoneticPr fontId="1" type="noConversion"/>'),
    (rb"<t>[^<]+</t>", b"<r><t>a</t></r><r><t>b</t></r>"),
    (rb"<t>[^<]+</t>", b'<t>a</t><rPh sb="0" eb="1"><t>b</t></rPh>'),
    (rb'numFmtId="[0-9]+"', b'numFmtId="14"'),
    (rb'numFmtId="[0-9]+"', b'numFmtId="10"'),
    (rb"<fonts", b'<numFmts count="1"><numFmt numFmtId="0" formatCode="yyyy"/></numFmts><fonts'),
)
"""What programs write otherwise, or amiss, where a list holds texts and numbers and nothing else."""


@lru_cache(maxsize=1)
def plain_list() -> bytes:
    """A list of texts and numbers, with a line that spans it, formats, blank cells and a row out of sight."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    percent = book.add_format({"num_format": 10})
    sheet = book.add_worksheet("附件3")
    for row, cells in enumerate(TABLE, start=1):
        sheet.write_row(row, 1, cells, bold if row == 3 else None)
    for row in range(4, 34):
        sheet.write_number(row, 7, row / 7, percent)
        sheet.write_blank(row, 8, None, day)
    sheet.merge_range(40, 1, 40, 5, "填表人：王五", bold)
    sheet.set_row(10, None, None, {"hidden": True})
    book.close()
    return settled(buffer.getvalue())


def edited_plainly(data: bytes, chance: random.Random) -> bytes:
    """One of the parts that values stand in edited as programs differ, or damaged inside."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = chance.choice(PLAIN_PARTS)
    edits = [(places, text) for pattern, text in PLAIN_EDITS if (places := list(re.finditer(pattern, parts[name])))]
    if edits and chance.random() < 0.8:
        places, text = chance.choice(edits)
        place = chance.choice(places)
        parts[name] = parts[name][: place.start()] + text + parts[name][place.end() :]
    else:
        parts[name] = chance.choice([edited_text, cut, flipped, shuffled])(parts[name], chance)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return buffer.getvalue()


def read_both_ways(number: int) -> str:
    """How an edited plain sheet is read: in one pass as by the readers that this spares, by these, or not so."""
    chance, data = random.Random(number), plain_list()
    for _ in range(chance.choice([1, 1, 2, 3])):
        data = edited_plainly(data, chance)
    with patch.object(ooxml, "plain_sheet", wraps=plain_sheet) as tried:
        in_one_pass = _outcome(data)
    with patch.object(ooxml, "plain_sheet", return_value=None):
        by_others = _outcome(data)
    if in_one_pass != by_others:
        return f"{in_one_pass}\n{by_others}"
    return "in one pass" if tried.called and plain_sheet(*tried.call_args.args) else "by others"


def _outcome(data: bytes) -> str:
    try:
        return repr(read_workbook(data, Kind.XLSX, LIMITS))  # 1 and 1.0 are alike, but not as they are written
    except Unreadable as error:
        return f"{error.problem.slug} {error.problem.facts['what']}"

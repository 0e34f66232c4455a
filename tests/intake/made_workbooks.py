"""Workbooks written by hand, part by part and record by record: what no office program would write."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import py7zr

from kbxt_merge.intake.formats.read_workbook import Unreadable, read_workbook
from kbxt_merge.intake.formats.sniff import kind_of
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.returns import Cell, Workbook

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
LIMITS = Limits()


def workbook_of(data: bytes, name: str = "附件1-2.xlsx", limits: Limits = LIMITS, **kwargs: Sequence[str]) -> Workbook:
    return read_workbook(data, kind_of(data, name), limits, name=name, **kwargs)


def problem_of(data: bytes, name: str = "附件1-2.xlsx", limits: Limits = LIMITS) -> tuple[str, str]:
    """Slug and machine word of why the file cannot be read."""
    try:
        workbook_of(data, name, limits)
    except Unreadable as error:
        return error.problem.slug, error.problem.facts["what"]
    return "", ""


def cells_of(workbook: Workbook, sheet: int = 0) -> dict[tuple[int, int], Cell]:
    """The filled cells of a sheet by row and column from zero."""
    grid = workbook.grids[sheet]
    return {
        (grid.top + row, grid.left + column): cell
        for row, cells in enumerate(grid.rows)
        for column, cell in enumerate(cells)
        if cell is not None
    }


def zipped(parts: Mapping[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return buffer.getvalue()


def sheet_xml(rows: str, after: str = "", before: str = "") -> str:
    return f'<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def xlsx_parts(
    sheets: Mapping[str, str | bytes], strings: str = "", types: Sequence[str] = ("worksheet",)
) -> dict[str, bytes | str]:
    """The parts of a workbook with these sheets' XML; `types` are their relations' types, the last for the rest."""
    kinds = [types[min(number, len(types) - 1)] for number in range(len(sheets))]
    tabs = "".join(
        f'<sheet name="{name}" sheetId="{number}" r:id="r{number}"/>' for number, name in enumerate(sheets, 1)
    )
    relations = "".join(
        f'<Relationship Id="r{number}" Type="{RELATIONS}/{kind}" Target="worksheets/sheet{number}.xml"/>'
        for number, kind in enumerate(kinds, 1)
    )
    text = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{text}.worksheet+xml"/>'
        for number in range(1, len(sheets) + 1)
    )
    shared = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{text}.sharedStrings+xml"/>'
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{text}.sheet.main+xml"/>{overrides}'
        f"{shared if strings else ''}</Types>",
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>{tabs}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{relations}'
        f'<Relationship Id="s" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
    }
    parts |= {f"xl/worksheets/sheet{number}.xml": xml for number, xml in enumerate(sheets.values(), 1)}
    if strings:
        parts["xl/sharedStrings.xml"] = strings
    return parts


def xlsx(rows: str, strings: str = "", after: str = "", before: str = "") -> bytes:
    """A workbook of one sheet, 附件1-2, with these rows."""
    return zipped(xlsx_parts({"附件1-2": sheet_xml(rows, after, before)}, strings))


def text_cell(address: str, text: str) -> str:
    return f'<c r="{address}" t="inlineStr"><is><t>{text}</t></is></c>'


def record(number: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", number, len(body)) + body


def biff_label(row: int, column: int, text: bytes) -> bytes:
    """LABEL of BIFF3 to BIFF5: the text in the code page."""
    return record(0x204, struct.pack("<HHHH", row, column, 0, len(text)) + text)


def biff8_label(row: int, column: int, text: str) -> bytes:
    return record(0x204, struct.pack("<HHHHB", row, column, 0, len(text), 1) + text.encode("utf-16-le"))


def biff_number(row: int, column: int, number: float) -> bytes:
    return record(0x203, struct.pack("<HHHd", row, column, 0, number))


def biff_book(version: int, name: bytes, cells: bytes, codepage: int | None = None, head: bytes = b"") -> bytes:
    """A workbook stream of one sheet: BIFF5 (0x500) or BIFF8 (0x600); `name` as that version writes it."""
    page = b"" if codepage is None else record(0x42, struct.pack("<H", codepage))
    opening = record(0x809, struct.pack("<HHHH", version, 5, 0x0DBB, 0x07CC) + b"\0" * 8 * (version == 0x600)) + head
    start = len(opening) + len(page) + 4 + 6 + len(name) + 4
    listed = record(0x85, struct.pack("<IBB", start, 0, 0) + name)
    sheet = record(0x809, struct.pack("<HHHH", version, 0x10, 0x0DBB, 0x07CC) + b"\0" * 8 * (version == 0x600))
    return opening + page + listed + record(0x0A) + sheet + cells + record(0x0A)


SECTOR = 512
END, FREE, FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def ole(stream: bytes, name: str = "Workbook", cycle: bool = False) -> bytes:
    """An OLE file that holds one stream; with `cycle` the stream's sectors lead back to the first."""
    size = max(len(stream), 4096)  # less would stand in the small sectors
    stream = stream.ljust(-(-size // SECTOR) * SECTOR, b"\0")
    count = len(stream) // SECTOR
    chain = [*range(1, count), 0 if cycle else END]
    table = [*chain, END, FAT]
    table += [FREE] * (SECTOR // 4 - len(table))
    assert len(table) == SECTOR // 4
    header = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 16
    header += struct.pack("<HHHHHHIIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 0, 0, 1, count, 0, 4096, END, 0, END, 0)
    header += struct.pack("<I", count + 1) + struct.pack("<I", FREE) * 108
    folders = _folder("Root Entry", 5, 1, END, 0) + _folder(name, 2, FREE, 0, size) + b"\0" * 256
    return header + stream + folders + struct.pack(f"<{len(table)}I", *table)


def _folder(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    raw = (name + "\0").encode("utf-16-le")
    return (
        raw.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(raw), kind, 1, FREE, FREE, child)
        + b"\0" * 36
        + struct.pack("<III", start, size, 0)
    )


def ods(table: str, styles: str = "", declared: str = "") -> bytes:
    """An OpenDocument spreadsheet with this content in its body."""
    names = {name: f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0" for name in ("office", "table", "text", "style")}
    spaces = "".join(f' xmlns:{name}="{urn}"' for name, urn in names.items())
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>{declared}<office:document-content{spaces} '
        'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body></office:document-content>"
    )
    return zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content})


def written(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def rar(name: str, data: bytes, method: int = 0x30) -> bytes:
    """A RAR 4 archive of one file, stored (0x30) or said to be compressed."""

    def block(kind: int, flags: int, body: bytes) -> bytes:
        rest = struct.pack("<BHH", kind, flags, 7 + len(body)) + body
        return struct.pack("<H", zlib.crc32(rest) & 0xFFFF) + rest

    raw = name.encode()
    head = struct.pack("<IIBIIBBHI", len(data), len(data), 2, zlib.crc32(data), 0x526C6000, 29, method, len(raw), 0x20)
    return (
        b"Rar!\x1a\x07\0" + block(0x73, 0, bytes(6)) + block(0x74, 0x8000, head + raw) + data + block(0x7B, 0x4000, b"")
    )


def seven_zip(files: dict[str, bytes], password: str | None = None, *, names: bool = False) -> bytes:
    """A 7z; with `names` its password hides even what its files are called."""
    buffer = io.BytesIO()
    with py7zr.SevenZipFile(buffer, "w", password=password, header_encryption=names) as archive:
        for name, data in files.items():
            archive.writestr(data, name)
    return buffer.getvalue()

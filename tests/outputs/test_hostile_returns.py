"""Workbooks that nobody's office program writes are marked, or go back as less; none costs more than it holds."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import openpyxl
import pytest
from growth import is_a_square
from lxml import etree
from marked_returns import SEAL, write_returned
from returned_cases import CATALOGUE, Found, by_openpyxl, district, findings, mark, returned_file

from kbxt_merge.model.finding import Findings
from kbxt_merge.model.limits import Unreadable
from kbxt_merge.model.returns import Grid, Kind
from kbxt_merge.model.rule import Severity
from kbxt_merge.outputs.returned.book import WORKSHEET_TYPE, Book
from kbxt_merge.outputs.returned.filled import merged_within
from kbxt_merge.outputs.returned.marking import Marked, Marker
from kbxt_merge.outputs.returned.notes import _shapes
from kbxt_merge.outputs.returned.package import Package
from kbxt_merge.outputs.returned.plain_copy import plain_copy, sheet_names
from kbxt_merge.outputs.returned.styles import FILLS
from kbxt_merge.outputs.returned.write import FreePaths, ReturnedWorkbooks

ERROR: Sequence[Found] = [("Sheet1", "A2", "id-checksum", "error")]
SHEET, STYLES, COMMENTS = "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/comments/comment1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def changed(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The package with one part changed."""
    package = Package(content)
    package.put(name, change(package.part(name)))
    return package.save()


def with_remarks(part: bytes) -> bytes:
    """The part with a comment and a processing instruction before and behind every element but the root."""
    head, root, rest = re.split(rb"(<\w[^>?]*>)", part, maxsplit=1)
    return head + root + re.sub(rb"(<[\w/][^>]*>)(?=<)", rb"\1<!-- s --><?p i?>", rest)


def without(pattern: bytes) -> Callable[[bytes], bytes]:
    """A change that takes out what matches."""
    return lambda part: re.sub(pattern, b"", part, flags=re.S)


def opened(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def fills(content: bytes) -> list[str]:
    """The colours of A2 on every sheet behind 核查意见."""
    return [str(sheet["A2"].fill.fgColor.rgb) for sheet in opened(content).worksheets[1:]]


def own(content: bytes) -> bool:
    """Whether it is the school's own package, not a copy."""
    return "xl/charts/chart1.xml" in Package(content)


# --- what stands in the XML -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("gone", [rb"<authors>.*?</authors>", rb"<commentList>.*?</commentList>"])
def test_comments_without_their_authors_or_their_list_get_what_is_missing(gone: bytes, tmp_path: Path) -> None:
    whole = changed(by_openpyxl(), "xl/comments/comment1.xml", lambda part: re.sub(gone, b"", part, flags=re.S))
    with zipfile.ZipFile(io.BytesIO(mark(whole, ERROR, tmp_path))) as marked:
        comments = [marked.read(name) for name in marked.namelist() if "omments" in name and name.endswith(".xml")]
    assert [b"id-checksum@A2" in each for each in comments] == [True]


@pytest.mark.parametrize(
    "name",
    [
        "[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml",
        "xl/worksheets/sheet1.xml", "xl/worksheets/_rels/sheet1.xml.rels", "xl/comments/comment1.xml",
    ],
)  # fmt: skip
def test_comments_and_instructions_may_stand_anywhere(name: str, tmp_path: Path) -> None:
    content = mark(changed(by_openpyxl(), name, with_remarks), ERROR, tmp_path)
    assert own(content)
    assert b"id-checksum@A2" in Package(content).part("xl/comments/comment1.xml")
    assert FILLS[Severity.ERROR].encode() in Package(content).part("xl/styles.xml")


@pytest.mark.parametrize("number", ["-1", "7777"])
@pytest.mark.parametrize("where", ["xl/styles.xml", "xl/worksheets/sheet1.xml"])
def test_a_format_that_is_not_there_is_none(where: str, number: str, tmp_path: Path) -> None:
    pattern, put = (rb'fillId="\d+"', b'fillId="%s"') if "styles" in where else (rb' s="\d+"', b' s="%s"')
    odd = changed(by_openpyxl(), where, lambda part: re.sub(pattern, put % number.encode(), part))
    content = mark(odd, ERROR, tmp_path)
    assert own(content)
    sheet, styles = Package(content).part("xl/worksheets/sheet1.xml"), Package(content).part("xl/styles.xml")
    marked = re.search(rb'r="A2"[^>]* s="(\d+)"|s="(\d+)"[^>]* r="A2"', sheet)
    assert marked is not None
    format_of_mark = re.findall(rb"<xf .*?(?:/>|</xf>)", styles.partition(b"<cellXfs")[2])[int(marked[1] or marked[2])]
    fill = re.search(rb'fillId="(\d+)"', format_of_mark)
    assert fill is not None
    assert FILLS[Severity.ERROR].encode() in re.findall(rb"<fill>.*?</fill>", styles)[int(fill[1])]


ODD_FORMATS = ("-1", "7777", "abc", "1.5", "", "99999999999999999999")


@pytest.mark.parametrize("number", ODD_FORMATS)
@pytest.mark.parametrize(
    ("pattern", "put"),
    [
        (rb"<row ", b'<row s="%s" customFormat="1" '),
        (rb"<sheetData>", b'<cols><col min="1" max="2" style="%s"/></cols><sheetData>'),
        (rb'<c r="A3"', b'<c r="A3" s="%s"'),
    ],
)
def test_the_number_of_a_format_that_is_none_is_gone_for_readers_that_refuse_it(
    pattern: bytes, put: bytes, number: str, tmp_path: Path
) -> None:
    plain = changed(by_openpyxl(), SHEET, lambda part: re.sub(rb' s="[0-9]+"|<cols>.*</cols>', b"", part))
    odd = changed(plain, SHEET, lambda part: re.sub(pattern, put % number.encode(), part, count=1))
    assert Package(odd).part(SHEET) != Package(plain).part(SHEET)
    content = mark(odd, ERROR, tmp_path)
    assert own(content)
    assert openpyxl.load_workbook(io.BytesIO(content)).worksheets[1]["A2"].fill.fgColor.rgb == FILLS[Severity.ERROR]


@pytest.mark.parametrize(
    ("name", "pattern", "put"),
    [
        (SHEET, rb'<row r="2"', b'<row r="0"'),
        (SHEET, rb'<row r="3"', b'<row r="2"'),
        (SHEET, rb'<c r="B2"', b'<c r="A2"'),
        (SHEET, rb'<c r="B2"', b'<c r="2B"'),
        (SHEET, rb"</sheetData>", b'</sheetData><sheetData><row r="90"/></sheetData>'),
        (SHEET, rb'xmlns="[^"]*"', b'xmlns="urn:other"'),
        (STYLES, rb'xmlns="[^"]*"', b'xmlns="urn:other"'),
        (STYLES, rb"(<cellXfs.*</cellXfs>)", rb"\1\1"),
        (COMMENTS, rb"(<authors>.*</authors>)", rb"\1\1"),
    ],
)
def test_what_readers_take_each_in_its_own_way_is_not_edited(
    name: str, pattern: bytes, put: bytes, tmp_path: Path
) -> None:
    odd = changed(by_openpyxl(), name, lambda part: re.sub(pattern, put, part, count=1, flags=re.S))
    assert Package(odd).part(name) != Package(by_openpyxl()).part(name)
    content = mark(odd, ERROR, tmp_path, grids=[Grid("Sheet1", [["姓名"], ["张三"]])])
    assert not own(content)
    assert openpyxl.load_workbook(io.BytesIO(content)).worksheets[1]["A2"].value == "张三"


def test_of_two_parts_under_one_name_none_is_edited(tmp_path: Path) -> None:
    twice = io.BytesIO(by_openpyxl())
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(twice, "a") as archive:
        archive.writestr(SHEET, b"<x/>")
    assert not own(mark(twice.getvalue(), ERROR, tmp_path, grids=[Grid("Sheet1", [["姓名"], ["张三"]])]))


def test_a_package_with_a_type_for_each_part_gets_one_for_ours(tmp_path: Path) -> None:
    by_override = changed(by_openpyxl(), "[Content_Types].xml", lambda part: part.replace(b'"rels"', b'"none"'))
    without_relations = changed(by_override, "xl/worksheets/sheet1.xml", without(rb"<(legacyD|d)rawing[^>]*/>"))
    package = Package(without_relations)
    package.remove(["xl/worksheets/_rels/sheet1.xml.rels"])
    content = mark(package.save(), ERROR, tmp_path)
    marked = Package(content)
    types = marked.part("[Content_Types].xml").decode()
    extensions = set(re.findall(r'Extension="(\w+)"', types))
    overridden = set(re.findall(r'PartName="/([^"]+)"', types))
    parts = [name for name in marked.names() if name != "[Content_Types].xml"]
    assert [name for name in parts if name.rpartition(".")[2] not in extensions and name not in overridden] == []


def test_the_styles_that_a_package_lacks_lie_where_readers_look_for_them(tmp_path: Path) -> None:
    bare = changed(
        by_openpyxl(), "xl/_rels/workbook.xml.rels", without(rb'<Relationship [^>]*relationships/styles"[^>]*/>')
    )
    package = Package(changed(bare, "xl/worksheets/sheet1.xml", without(rb' s="\d+"')))
    package.remove(["xl/styles.xml"])
    content = mark(package.save(), ERROR, tmp_path)
    assert own(content)
    assert fills(content)[0] == FILLS[Severity.ERROR]


def test_two_sheets_of_one_name_are_not_marked_at_cells_that_may_be_the_others(tmp_path: Path) -> None:
    twice = changed(
        by_openpyxl(),
        "xl/workbook.xml",
        lambda part: re.sub(rb'name="(?!Sheet1")[^"]+" sheetId', b'name="Sheet1" sheetId', part),
    )
    content = mark(twice, ERROR, tmp_path)
    assert FILLS[Severity.ERROR] not in fills(content)[:2]
    assert [cell.value for cell in opened(content).worksheets[0]["D"]][3:] == ["A2"]


# --- copies of what is no .xlsx ---------------------------------------------------------------------------------------


def copied(grids: Sequence[Grid], found: Sequence[Found], folder: Path) -> openpyxl.Workbook:
    return opened(mark(b"", found, folder, path="一中/名单.xls", kind=Kind.XML2003, grids=grids))


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        (["表", "表"], ["表(2)", "表(3)"]),
        (["a", "A"], ["a", "A(2)"]),
        (["附" * 30 + "'1"], ["附" * 30]),
        (["'", "''"], ["Sheet", "Sheet(2)"]),
        (["表\x07一", "\ud800"], ["表一", "Sheet"]),
        (["表(2)", "表", "表"], ["表(2)", "表(3)", "表(4)"]),
    ],
)
def test_every_sheet_has_a_name_that_excel_takes(names: list[str], wanted: list[str]) -> None:
    grids = [Grid(name, [["姓名"]]) for name in names]
    assert sheet_names(grids) == wanted
    assert opened(plain_copy(grids)).sheetnames == wanted


def test_of_a_copys_sheets_with_one_name_none_is_marked(tmp_path: Path) -> None:
    found: Sequence[Found] = [("表", "A1", "id-checksum", "error"), ("另", "A1", "id-checksum", "error")]
    book = copied([Grid("表", [["甲"]]), Grid("表", [["乙"]]), Grid("另", [["丙"]])], found, tmp_path)
    marks = [str(sheet["A1"].fill.fgColor.rgb) == FILLS[Severity.ERROR] for sheet in book.worksheets[1:]]
    assert (book.sheetnames[1:], marks) == (["表(2)", "表(3)", "另"], [False, False, True])


def test_only_sheets_with_a_form_are_copied(tmp_path: Path) -> None:
    reading = returned_file("一中/名单.xls", Kind.XLS, {"表": "一中"})
    found = Findings(findings("一中/名单.xls", "一中", [("表", "A1", "id-checksum", "error")]), catalogue=CATALOGUE)
    returned = ReturnedWorkbooks(district([reading]), found, CATALOGUE, SEAL)
    grids = [Grid("说明", [["请如实填写"]] * 3), Grid("表", [["姓名"]])]
    (path,) = write_returned(returned, tmp_path, lambda _: b"", lambda _: grids)
    assert openpyxl.load_workbook(path).sheetnames == ["核查意见", "表"]


def test_a_file_without_a_form_is_not_read_again(tmp_path: Path) -> None:
    def never(_: object) -> Sequence[Grid]:
        raise AssertionError("read again")

    reading = returned_file("一中/相册.xls", Kind.XLS, {})
    found = Findings(findings("一中/相册.xls", "一中", [("", "", "file-unreadable", "error")]), catalogue=CATALOGUE)
    (path,) = write_returned(
        ReturnedWorkbooks(district([reading]), found, CATALOGUE, SEAL), tmp_path, lambda _: b"", never
    )
    assert openpyxl.load_workbook(path).sheetnames == ["核查意见", "Sheet1"]


@pytest.mark.parametrize(
    ("merged", "kept"),
    [
        ([(0, 0, 1_048_575, 16_383)], [(0, 0, 3, 3)]),
        ([(2, 0, 9, 0)], [(2, 0, 3, 0)]),
        ([(3, 3, 9, 9), (7, 0, 8, 0)], []),
        ([(0, 0, 3, 3), (1, 0, 2, 0)], [(0, 0, 3, 3)]),
        (
            [(0, 0, 0, 1), (0, 2, 0, 3), (1, 0, 2, 0), (1, 1, 1, 2)],
            [(0, 0, 0, 1), (0, 2, 0, 3), (1, 0, 2, 0), (1, 1, 1, 2)],
        ),
        ([(0, 1, 2, 1), (1, 0, 1, 3), (3, 0, 3, 3)], [(0, 1, 2, 1), (3, 0, 3, 3)]),
    ],
)
def test_merged_ranges_are_cut_to_what_is_filled_and_do_not_overlap(
    merged: list[tuple[int, int, int, int]], kept: list[tuple[int, int, int, int]]
) -> None:
    grid = Grid("表", [["x"] * 4 for _ in range(4)], merged=tuple(merged))
    assert list(merged_within(grid)) == kept
    assert len(opened(plain_copy([grid]))["表"].merged_cells.ranges) == len(kept)


def test_control_characters_are_left_out_of_all_that_is_written(tmp_path: Path) -> None:
    names = ("一\x07中", "名\x1b[31m单.xls", "表\x07")
    found = Findings(
        findings(names[1], names[0], [(names[2], "A1", "id-checksum", "error")], value="\x00\ufffe7"),
        catalogue=CATALOGUE,
    )
    reading = returned_file(names[1], Kind.XLS, {names[2]: names[0]})
    returned = ReturnedWorkbooks(district([reading]), found, CATALOGUE, SEAL)
    (path,) = write_returned(returned, tmp_path, lambda _: b"", lambda _: [Grid(names[2], [["姓\x07名\ud800"]])])
    assert path.relative_to(tmp_path).as_posix() == "退回/一_中/名_[31m单.xlsx"
    book = openpyxl.load_workbook(path)
    assert (book.sheetnames, book["表"]["A1"].value) == (["核查意见", "表"], "姓名")


# --- the bytes that were read -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [Kind.XLSX, Kind.XLS])
def test_what_cannot_be_had_as_it_was_read_goes_back_as_its_findings_alone(kind: Kind) -> None:
    asked: list[str] = []

    def gone(_: object, sha256: str) -> bytes:
        asked.append(sha256)
        raise Unreadable("file-unreadable", "changed-since")

    reading = returned_file("一中/名单.xlsx", kind, {"Sheet1": "一中"})
    found = Findings(findings("一中/名单.xlsx", "一中", ERROR), catalogue=CATALOGUE)
    work = ReturnedWorkbooks(district([reading]), found, CATALOGUE, SEAL).to_mark(0)
    marked = Marker(gone, gone)(work)  # type: ignore[arg-type]
    assert (asked, marked.own) == (["0" * 64], False)
    assert marked.trouble is not None
    assert marked.trouble.facts["what"] == "changed-since"
    assert [row[3].value for row in opened(marked.content).worksheets[0].iter_rows(min_row=4)] == ["A2"]


# --- twice as much costs twice as much --------------------------------------------------------------------------------


def rows_without_cells(size: int) -> Callable[[], object]:
    """Marks in rows that have one cell, on a sheet with formats of columns."""
    rows = "".join(f'<row r="{n}"><c r="A{n}"/></row>' for n in range(1, size + 1)).encode()
    cols = b'<cols><col min="1" max="9" width="9" style="1"/></cols><sheetData>'
    whole = changed(
        by_openpyxl(),
        "xl/worksheets/sheet1.xml",
        lambda part: re.sub(
            rb"(?:<cols>.*</cols>)?<sheetData>.*</sheetData>", lambda _: cols + rows + b"</sheetData>", part, flags=re.S
        ),
    )
    return marking(whole, [("Sheet1", f"C{n}", "id-checksum", "error") for n in range(1, size + 1)])


def rows_that_are_not_there(size: int) -> Callable[[], object]:
    return marking(by_openpyxl(), [("Sheet1", f"C{n}", "id-checksum", "error") for n in range(9, 9 + size)])


def cells_of_one_row(size: int) -> Callable[[], object]:
    names = (f"{chr(65 + n // 676)}{chr(65 + n // 26 % 26)}{chr(65 + n % 26)}" for n in range(size))
    return marking(by_openpyxl(), [("Sheet1", f"{name}9", "id-checksum", "error") for name in names])


def marking(content: bytes, found: Sequence[Found]) -> Callable[[], object]:
    reading = returned_file("一中/名单.xlsx", Kind.XLSX, {"Sheet1": "一中"})
    told = Findings(findings("一中/名单.xlsx", "一中", found), catalogue=CATALOGUE)
    work = ReturnedWorkbooks(district([reading]), told, CATALOGUE, SEAL).to_mark(0)
    return lambda: Marker(lambda *_: content, lambda *_: [])(work)


def unclosed_shapes(size: int) -> Callable[[], object]:
    return lambda: list(_shapes(b"<v:shape>" * (20 * size) + b"<v:shape" * (20 * size)))


def overlapping_ranges(size: int) -> Callable[[], object]:
    merged = tuple((n, n % 50, n + 9, n % 50 + 9) for n in range(10 * size))
    grid = Grid("表", [["x"] * 60] * (10 * size), merged=merged)
    return lambda: list(merged_within(grid))


def sheets_of_ours(size: int) -> Callable[[], object]:
    """A workbook with many sheets 核查意见, each pointed to by a type, a relation and a name of its own."""
    marked = marking(by_openpyxl(), ERROR)()
    assert isinstance(marked, Marked)
    package = Package(marked.content)
    book = Book(package)
    (ours,) = [sheet.part for sheet in book.sheets() if sheet.name == "核查意见"]
    content = package.part(ours)
    sheets = package.edit(book.part).find(book.tag("sheets"))
    assert sheets is not None
    for number in range(size // 20):
        part = f"xl/worksheets/more{number}.xml"
        package.add(part, content, WORKSHEET_TYPE)
        sheet = etree.SubElement(sheets, book.tag("sheet"))
        sheet.set("name", f"核查意见({number})")
        sheet.set("sheetId", str(100 + number))
        sheet.set(book.relation_attribute, package.relate(book.part, f"{book.office}/worksheet", part))
    whole = package.save()
    return marking(whole, ERROR)


def sheets_of_one_name(size: int) -> Callable[[], object]:
    return lambda: sheet_names([Grid("表", [])] * (10 * size))


def files_of_one_name(size: int) -> Callable[[], object]:
    def given() -> Iterator[Path]:
        free = FreePaths()
        return (free.path(Path("退回/一中/名单.xlsx")) for _ in range(5 * size))

    return lambda: list(given())


@pytest.mark.parametrize(
    "work",
    [
        rows_without_cells, rows_that_are_not_there, cells_of_one_row, unclosed_shapes, overlapping_ranges,
        sheets_of_one_name, files_of_one_name, sheets_of_ours,
    ],
)  # fmt: skip
def test_twice_as_much_costs_no_more_than_twice_as_much(work: Callable[[int], Callable[[], object]]) -> None:
    assert not is_a_square(work(1000), work(4000))


def test_a_marked_copy_of_everything_is_still_a_zip(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(mark(by_openpyxl(), ERROR, tmp_path))) as archive:
        assert archive.testzip() is None

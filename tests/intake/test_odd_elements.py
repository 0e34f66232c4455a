"""One odd element of a workbook costs itself, and is seen; the cells around it are read."""

from __future__ import annotations

import datetime as dt
import io
import re
import warnings
import zipfile
from collections.abc import Callable

import pytest
from made_workbooks import cells_of, problem_of, workbook_of, zipped
from mutations import TABLE, by_docx, by_openpyxl, by_xlsxwriter, ods_table

from kbxt_merge.model.returns import ErrorValue

Made = Callable[[], bytes]
SHEET, BOOK, STYLES, STRINGS = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
ALTERNATIVES = 'xmlns:m="http://schemas.openxmlformats.org/markup-compatibility/2006"'
WHOLE = cells_of(workbook_of(by_xlsxwriter(), "a.xlsx"))
AGE = rb'<c r="E5"[^>]*><v>[^<]*</v>'


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def in_part(data: bytes, name: str, pattern: str, put: str) -> bytes:
    """The zip with something else in one part, once."""
    parts = parts_of(data)
    text, count = re.subn(pattern, put, parts[name].decode(), count=1)
    assert count
    return zipped(parts | {name: text})


def with_name(put: str) -> bytes:
    """The workbook with something else where the second child's name stands; {} is the number of its text."""
    parts = parts_of(by_xlsxwriter())
    found = re.search(rb'<c r="B5" t="s"><v>([0-9]+)</v></c>', parts[SHEET])
    assert found
    cell = put.replace("{}", found[1].decode()).encode()
    return zipped(parts | {SHEET: parts[SHEET].replace(found[0], cell)})


def changed(data: bytes, pattern: bytes, put: bytes) -> bytes:
    """The workbook with something else in its first sheet."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(buffer, "w") as copy:
        for name in archive.namelist():
            part, count = re.subn(pattern, lambda _: put, archive.read(name), count=1)
            assert count or name != SHEET
            copy.writestr(name, part if name == SHEET else archive.read(name))
    return buffer.getvalue()


@pytest.mark.parametrize("made", [by_openpyxl, by_xlsxwriter])
@pytest.mark.parametrize("number", ["abc", "1,5", "0x1F", "--1", "１１", "1.2.3"])
def test_what_is_no_number_is_a_text_and_its_neighbours_are_read(number: str, made: Made) -> None:
    odd = changed(made(), AGE, f'<c r="E5" s="0"><v>{number}</v>'.encode())
    rows = workbook_of(odd, "a.xlsx").grids[0].rows
    assert rows[4][:6] == [*TABLE[4][:4], number, None]
    assert [row[1] for row in rows[3:33]] == [row[1] for row in TABLE[3:33]]


@pytest.mark.parametrize(
    ("put", "seen"),
    [
        (b'<c r="E5" s="99999"><v>12</v>', "12"),
        (b'<c r="E5" t="zz"><v>12</v>', "12"),
        (b'<c r="E5" t="d"><v>2021-99-99</v>', "2021-99-99"),
        (b'<c r="E5" t="e"><v>#FOO!</v>', "#FOO!"),
        (b'<c r="E5"/></row><row r="5"><c r="E5"><v>12</v>', "12"),
    ],
)
def test_an_odd_cell_is_read_as_it_stands(put: bytes, seen: str) -> None:
    rows = workbook_of(changed(by_openpyxl(), AGE, put), "a.xlsx").grids[0].rows
    assert str(rows[4][4]).removesuffix(".0") == seen
    assert rows[5][1] == TABLE[5][1]


@pytest.mark.parametrize("merged", ["A:B", "ZZZZ1:B", "A1:XFD1048576", "", "A1:B2:C3"])
def test_a_merged_range_that_is_none_costs_nothing(merged: str) -> None:
    put = f'</sheetData><mergeCells count="9"><mergeCell ref="{merged}"/></mergeCells>'.encode()
    assert problem_of(changed(by_openpyxl(), rb"</sheetData>", put)) == ("", "")


@pytest.mark.parametrize("number", ["999", "-1", "99999999999999999999"])
@pytest.mark.parametrize("made", [by_openpyxl, by_xlsxwriter])
def test_a_text_that_points_nowhere_is_told_at_its_cell(number: str, made: Made) -> None:
    """What stood there is lost, and nobody can tell what it was; it is never the text of another cell."""
    rows = workbook_of(changed(made(), AGE, f'<c r="E5" t="s"><v>{number}</v>'.encode()), "a.xlsx").grids[0].rows
    assert rows[4][4] == ErrorValue("#REF!")
    assert rows[5][:4] == TABLE[5][:4]


@pytest.mark.parametrize("lost", [rb"<si><t>[^<]*</t></si></sst>", rb"<si>.*</sst>"])
def test_texts_that_are_fewer_than_the_workbook_says_are_told_with_the_file(lost: bytes) -> None:
    """The texts behind the lost one would stand in other children's rows."""
    with zipfile.ZipFile(io.BytesIO(by_xlsxwriter())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/sharedStrings.xml"] = re.sub(lost, b"</sst>", parts["xl/sharedStrings.xml"])
    assert problem_of(zipped(parts), "a.xlsx") == ("file-unreadable", "damaged")


@pytest.mark.parametrize(
    ("put", "seen"),
    [
        ('<c r="5B" t="s"><v>{}</v></c>', "张2"),
        ('<c r="$B$5" t="s"><v>{}</v></c>', "张2"),
        ('<c r=" b5 " t="s"><v>{}</v></c>', "张2"),
        ('<c r="" t="s"><v>{}</v></c>', "张2"),
        ('<c r="B0" t="s"><v>{}</v></c>', "张2"),
        ('<c r="BBBBBBBB5" t="s"><v>{}</v></c>', "张2"),
        ('<c r="B1048577" t="s"><v>{}</v></c>', "张2"),
        ('<c r="XFE5" t="s"><v>{}</v></c>', "张2"),
        ('<c r="附件3!B5" t="s"><v>{}</v></c>', "张2"),
        ('<c r="B5" t="s"><v> {} </v></c>', "张2"),
        ('<c r="B5" t="s"><v>{}.0</v></c>', "张2"),
        ('<c r="B5" t="s"><v>张2</v></c>', "张2"),
        ('<c r="B5" t="s"><c r="B5" t="s"><v>{}</v></c></c>', "张2"),
        ('<c r="B5" t="s"><v>{}</v></c><c r="B5" t="s"><v>{}</v></c>', "张2"),
        ('<c r="B5" t="s"><v>{}</v></c><c r="B5" t="s"><v>0</v></c>', "#VALUE!"),
        ('<c r="B5" t="s"><v>0</v><v>{}</v></c>', "张2"),
        ('<c r="B5" t="inlineStr"><v>张2</v></c>', "张2"),
        ('<c r="B5" t="inlineStr"><t>张2</t></c>', "张2"),
        ('<c r="B5" t="inlineStr"><is><t>张</t></is><is><t>2</t></is></c>', "张2"),
        ('<c r="B5"><is><t>张2</t></is></c>', "张2"),
        ('<c r="B5" t="e"><v>#WAT!</v></c>', "#WAT!"),
        ('<c r="B5" t="b"><v>maybe</v></c>', "maybe"),
        ('<c r="B5"><v>1<!-- x -->2</v></c>', "12.0"),
        ('<c r="B5"><v><b>12</b></v></c>', "12.0"),
        ('<c r="B5"><v>A&B</v></c>', "A&B"),
        ('<c r="B5"><v>A&nbsp;B\2</v></c>', "A&nbsp;B"),
        ('<z:z xmlns:z="urn:z"><z:c r="A5"><z:v>9</z:v></z:c></z:z><c r="B5" t="s"><v>{}</v></c>', "张2"),
        (
            '<m:AlternateContent xmlns:m="http://schemas.openxmlformats.org/markup-compatibility/2006"><m:Choice '
            'Requires="z" xmlns:z="urn:z"><c r="B5"><v>1</v></c></m:Choice><m:Fallback><c r="B5" t="s"><v>{}</v></c>'
            "</m:Fallback></m:AlternateContent>",
            "张2",
        ),
    ],
)
def test_an_odd_cell_between_others_costs_them_nothing(put: str, seen: str) -> None:
    rows = workbook_of(with_name(put), "a.xlsx").grids[0].rows
    assert str(rows[4][1]) == seen
    assert [rows[4][0], *rows[4][2:4]] == [TABLE[4][0], *TABLE[4][2:4]]
    assert [row[1] for row in (*rows[3:4], *rows[5:33])] == [row[1] for row in (*TABLE[3:4], *TABLE[5:33])]


@pytest.mark.parametrize("number", ["0", "-5", "five", "", "5.0", "99999999999", "4"])
def test_a_row_whose_number_is_none_holds_its_cells_where_they_say(number: str) -> None:
    odd = changed(by_xlsxwriter(), b'<row r="5"', f'<row r="{number}"'.encode())
    assert cells_of(workbook_of(odd, "a.xlsx")) == cells_of(workbook_of(by_xlsxwriter(), "a.xlsx"))


@pytest.mark.parametrize(
    ("written", "otherwise", "rows", "columns"),
    [
        ('<row r="5"', '<row hidden="1"', {4}, set()),
        ('<row r="5"', '<row ht="0" customHeight="1"', {4}, set()),
        ('<row r="5"', '<row r="5" ht="0.00"', {4}, set()),
        ("<sheetData>", '<cols><col min="2" max="3" width="0.0"/></cols><sheetData>', set(), {1, 2}),
    ],
)
def test_what_is_out_of_sight_is_so_however_it_is_written(
    written: str, otherwise: str, rows: set[int], columns: set[int]
) -> None:
    before = workbook_of(by_xlsxwriter(), "a.xlsx").grids[0]
    grid = workbook_of(changed(by_xlsxwriter(), written.encode(), otherwise.encode()), "a.xlsx").grids[0]
    assert (grid.hidden_rows - before.hidden_rows, grid.hidden_columns - before.hidden_columns) == (rows, columns)


@pytest.mark.parametrize(
    ("part", "pattern", "put"),
    [
        (SHEET, '<dimension ref="[^"]*"/>', '<dimension ref="::"/>'),
        (SHEET, '<row r="11"', '<row q="1" hidden="1"/><row r="11"'),
        (SHEET, "<sheetData>", '<cols><col min="x" max="2" hidden="1"/></cols><sheetData>'),
        (SHEET, "</sheetData>", "</sheetData><!-- \x02 -->"),
        (SHEET, "$", "\n\0\0 zz"),
        (BOOK, ' sheetId="1"', ' sheetId="1" state="wat"'),
        (BOOK, "</sheets>", '<sheet name="x" sheetId="9" r:id="nope"/></sheets>'),
        (
            BOOK,
            '(<sheet name="附件3"[^>]*/>)',
            rf"<m:AlternateContent {ALTERNATIVES}><m:Choice>\1</m:Choice></m:AlternateContent>",
        ),
        (RELATIONS, 'Id="rId3"', 'Id="rId1"'),
        (RELATIONS, '/worksheet"', '/wat"'),
        (RELATIONS, 'Target="worksheets/sheet1.xml"', 'Target=" xl\\\\worksheets//sheet%31.xml#a "'),
        (RELATIONS, 'Target="worksheets/sheet1.xml"', 'Target="NULL"'),
        (RELATIONS, 'Id="rId1"', 'Id="other"'),
        (
            STYLES,
            "<numFmt|<cellXfs",
            '<numFmts><numFmt/><numFmt numFmtId="x" formatCode="[$-zz]&quot;"/></numFmts><cellXfs',
        ),
        (STYLES, "</styleSheet>", ""),
        (
            STRINGS,
            "(<si><t>张2</t></si>)",
            rf"<m:AlternateContent {ALTERNATIVES}><m:Choice>\1</m:Choice><m:Fallback>\1</m:Fallback>"
            "</m:AlternateContent>",
        ),
        ("docProps/custom.xml", "</Properties>", ""),
    ],
)
def test_an_odd_element_of_the_package_costs_no_cell(part: str, pattern: str, put: str) -> None:
    parts = parts_of(by_xlsxwriter())
    text, count = re.subn(pattern, lambda match: match.expand(put), parts[part].decode(), count=1)
    assert count
    assert cells_of(workbook_of(zipped(parts | {part: text}), "a.xlsx")) == WHOLE


@pytest.mark.parametrize("part", [SHEET, BOOK, STYLES, STRINGS])
@pytest.mark.parametrize("encoding", ["gbk", "utf-16", "utf-16-le"])
def test_parts_in_another_encoding_are_read(part: str, encoding: str) -> None:
    parts = parts_of(by_xlsxwriter())
    coded = parts[part].decode().replace('encoding="UTF-8"', f'encoding="{encoding}"').encode(encoding)
    assert cells_of(workbook_of(zipped(parts | {part: coded}), "a.xlsx")) == WHOLE


@pytest.mark.parametrize("part", [SHEET, BOOK, STYLES, STRINGS])
@pytest.mark.parametrize("second", [b"<x/>", b"", None])
def test_of_two_parts_under_one_name_the_one_that_holds_something_is_read(part: str, second: bytes | None) -> None:
    parts, buffer = parts_of(by_xlsxwriter()), io.BytesIO()
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(buffer, "w") as archive:
        for name, content in (*parts.items(), (part, parts[part] if second is None else second)):
            archive.writestr(name, content)
    assert cells_of(workbook_of(buffer.getvalue(), "a.xlsx")) == WHOLE


@pytest.mark.parametrize("before", ["/", "./"])
def test_names_of_parts_that_begin_at_the_root_are_read(before: str) -> None:
    odd = zipped({before + name: part for name, part in parts_of(by_xlsxwriter()).items()})
    assert cells_of(workbook_of(odd, "a.xlsx")) == WHOLE


def test_two_sheets_of_one_name_are_read_each() -> None:
    parts = parts_of(by_xlsxwriter())
    parts[BOOK] = parts[BOOK].replace("附件4".encode(), "附件3".encode())
    parts["xl/worksheets/sheet2.xml"] = parts[SHEET].replace(b'<c r="A1"', b'<c r="C1"')
    first, second = workbook_of(zipped(parts), "a.xlsx").grids
    assert (first.rows[0][0], second.rows[0][2]) == (TABLE[0][0], TABLE[0][0])


def test_formats_under_another_name_make_days_of_numbers() -> None:
    parts = parts_of(by_xlsxwriter())
    parts[SHEET] = re.sub(AGE, b'<c r="E5" s="1"><v>44197</v>', parts[SHEET], count=1)
    parts[RELATIONS] = parts[RELATIONS].replace(b"styles.xml", b"looks.xml")
    styles = re.sub(rb"<cellXfs.*</cellXfs>", b'<cellXfs><xf/><xf numFmtId="14"/></cellXfs>', parts.pop(STYLES))
    assert workbook_of(zipped(parts | {"xl/looks.xml": styles}), "a.xlsx").grids[0].rows[4][4] == dt.date(2021, 1, 1)


def test_elements_with_a_prefix_and_texts_that_are_blank_are_read_as_others() -> None:
    parts = parts_of(by_xlsxwriter())
    prefixed = re.sub(rb"<(/?)(?=[a-z])", rb"<\1x:", parts[SHEET]).replace(b"xmlns=", b"xmlns:x=")
    assert cells_of(workbook_of(zipped(parts | {SHEET: prefixed}), "a.xlsx")) == WHOLE
    blank = parts[STRINGS].replace("<t>张2</t>".encode(), b"<t></t>")
    assert cells_of(workbook_of(zipped(parts | {STRINGS: blank}), "a.xlsx")) == {
        place: cell for place, cell in WHOLE.items() if cell != "张2"
    }


@pytest.mark.parametrize("times", ["x", "-1", "", "99999999999", "1.5"])
@pytest.mark.parametrize("attribute", ["number-columns-repeated", "number-columns-spanned", "number-rows-spanned"])
def test_how_often_a_cell_of_open_document_is_there_is_once_where_it_is_no_number(attribute: str, times: str) -> None:
    plain = ods_table()
    odd = in_part(plain, "content.xml", "<table:table-cell ", f'<table:table-cell table:{attribute}="{times}" ')
    assert cells_of(workbook_of(odd, "a.ods")) == cells_of(workbook_of(plain, "a.ods"))


@pytest.mark.parametrize(
    ("pattern", "put", "seen"),
    [
        ("张1<", "张&李<", "张&李"),
        ("张1<", "张\x02&#3;1<", "张1"),
        ("$", "\x00", "张1"),
        ("张1<", "张&nbsp;<", "张&nbsp;"),
    ],
)
@pytest.mark.parametrize(("made", "part"), [(ods_table, "content.xml"), (by_docx, "word/document.xml")])
def test_a_slip_in_the_xml_costs_itself(made: Made, part: str, pattern: str, put: str, seen: str) -> None:
    workbook = workbook_of(in_part(made(), part, pattern, put))
    assert next(cell for cell in cells_of(workbook).values() if str(cell).startswith("张")) == seen


def test_a_row_in_two_versions_for_readers_of_two_ages_is_one_row() -> None:
    with zipfile.ZipFile(io.BytesIO(by_docx())) as archive:
        row = re.findall(r"<w:tr>.*?</w:tr>", archive.read("word/document.xml").decode(), re.S)[1]
    both = f"<m:AlternateContent {ALTERNATIVES}><m:Choice>{row}</m:Choice><m:Fallback>{row}</m:Fallback>"
    odd = in_part(by_docx(), "word/document.xml", re.escape(row), f"{both}</m:AlternateContent>")
    assert cells_of(workbook_of(odd, "a.docx")) == cells_of(workbook_of(by_docx(), "a.docx"))


def test_what_a_spreadsheet_is_is_known_without_its_mimetype() -> None:
    parts = parts_of(ods_table())
    manifest = b'<m><e media-type="application/vnd.oasis.opendocument.spreadsheet"/></m>'
    odd = zipped({"content.xml": parts["content.xml"], "META-INF/manifest.xml": manifest})
    assert cells_of(workbook_of(odd, "a.ods")) == cells_of(workbook_of(ods_table(), "a.ods"))

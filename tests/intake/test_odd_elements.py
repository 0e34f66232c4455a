"""One odd element of a workbook costs itself, and is seen; the cells around it are read."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from made_workbooks import problem_of, workbook_of
from mutations import TABLE, by_openpyxl, by_xlsxwriter

SHEET = "xl/worksheets/sheet1.xml"
AGE = rb'<c r="E5"[^>]*><v>[^<]*</v>'


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
def test_what_is_no_number_is_a_text_and_its_neighbours_are_read(number: str, made: object) -> None:
    odd = changed(made(), AGE, f'<c r="E5" s="0"><v>{number}</v>'.encode())  # type: ignore[operator]
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


def test_a_text_that_points_nowhere_is_told_with_its_file() -> None:
    """What stood there is lost, and nobody can tell what it was."""
    odd = changed(by_openpyxl(), AGE, b'<c r="E5" t="s"><v>999</v>')
    assert problem_of(odd)[0] == "file-unreadable"

"""What a school finds in the workbook that comes back: marked cells, comments, the sheet 核查意见 and where it lies."""

from __future__ import annotations

import datetime as dt
import io
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from marked_returns import SEAL, write_returned
from openpyxl.worksheet.worksheet import Worksheet
from returned_cases import (
    CATALOGUE,
    Found,
    by_openpyxl,
    by_xlsxwriter,
    converted,
    district,
    findings,
    mark,
    returned_file,
    unmarked,
)

from kbxt_merge.model.answer import IDENTITY_COLUMNS
from kbxt_merge.model.finding import Findings
from kbxt_merge.model.returns import ErrorValue, Grid, Kind, MissingResult, Problem
from kbxt_merge.model.rule import Severity
from kbxt_merge.outputs.returned.styles import FILLS
from kbxt_merge.outputs.returned.write import ReturnedWorkbooks

FOUND: Sequence[Found] = [
    ("Sheet1", "C2", "value-normalised", "info"),
    ("Sheet1", "A2", "id-checksum", "error"),
    ("Sheet1", "B4", "grade-age-mismatch", "warning"),
    ("Sheet1", "A2", "grade-age-mismatch", "warning"),
    ("", "", "file-unreadable", "error"),
]


def opened(content: bytes) -> openpyxl.Workbook:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".* extension is not supported")  # openpyxl drops them; we do not
        return openpyxl.load_workbook(io.BytesIO(content))


def opinions(book: openpyxl.Workbook) -> list[dict[str, object]]:
    """The lines of 核查意见 by header."""
    rows = list(book.worksheets[0].iter_rows(min_row=3, values_only=True))
    return [dict(zip(map(str, rows[0]), row, strict=True)) for row in rows[1:]]


def fill(sheet: Worksheet, cell: str) -> str:
    return str(sheet[cell].fill.fgColor.rgb)


def comment(sheet: Worksheet, cell: str) -> str:
    found = sheet[cell].comment
    return found.text if found else ""


def test_cells_are_filled_by_their_gravest_finding_and_keep_their_other_format(tmp_path: Path) -> None:
    sheet = opened(mark(by_openpyxl(), FOUND, tmp_path))["Sheet1"]
    wanted = {"A2": Severity.ERROR, "B4": Severity.WARNING, "C2": Severity.INFO}
    assert {cell: fill(sheet, cell) for cell in wanted} == {cell: FILLS[each] for cell, each in wanted.items()}
    assert (sheet["A2"].font.b, sheet["A2"].font.color.rgb) == (True, "FF112233")
    assert sheet["A2"].border.left.style == "thin"


def test_a_comment_says_message_and_suggestion_behind_what_the_school_wrote(tmp_path: Path) -> None:
    sheet = opened(mark(by_openpyxl(), FOUND, tmp_path))["Sheet1"]
    assert comment(sheet, "A2").startswith("家长已联系\n")
    assert all(each in comment(sheet, "A2") for each in ("id-checksum@A2", "grade-age-mismatch@A2", "改为甲"))
    assert "value-normalised@C2" in comment(sheet, "C2")
    assert sheet["B4"].comment.author == "李老师"


def test_the_first_sheet_lists_every_finding_errors_first(tmp_path: Path) -> None:
    book = opened(mark(by_openpyxl(), FOUND, tmp_path))
    assert book.sheetnames[0] == "核查意见"
    assert book.active == book.worksheets[0]
    listed = [(each["kbxt.rule"], each["单元格"]) for each in opinions(book)]
    assert listed == [
        ("id-checksum", "A2"),
        ("file-unreadable", None),
        ("grade-age-mismatch", "B4"),
        ("grade-age-mismatch", "A2"),
        ("value-normalised", "C2"),
    ]


def test_each_line_links_to_its_cell_and_only_warnings_can_be_verified(tmp_path: Path) -> None:
    content = by_xlsxwriter()
    sheet = opened(mark(content, [("词表", "A2", "id-checksum", "error"), *FOUND], tmp_path)).worksheets[0]
    links = {cell.coordinate: cell.hyperlink.location for row in sheet for cell in row if cell.hyperlink}
    assert links == {
        "D4": "'词表'!A2", "D5": "'Sheet1'!A2", "D7": "'Sheet1'!B4", "D8": "'Sheet1'!A2", "D9": "'Sheet1'!C2",
    }  # fmt: skip
    choices = {str(each.sqref): each.formula1 for each in sheet.data_validations.dataValidation}
    assert choices == {"K4:K6": '"已改"', "K7:K8": '"已改,核实无误"'}


@pytest.mark.parametrize("writer", [by_openpyxl, by_xlsxwriter])
def test_its_headers_are_printed_on_every_page_and_go_with_it(writer: Callable[[], bytes], tmp_path: Path) -> None:
    marked = mark(writer(), FOUND, tmp_path)
    assert opened(marked).worksheets[0].print_title_rows == "$3:$3"
    again = opened(mark(unmarked(marked), FOUND, tmp_path))
    assert [sheet.print_title_rows for sheet in again] == [sheet.print_title_rows for sheet in opened(marked)]


def test_each_line_knows_its_finding_in_hidden_columns(tmp_path: Path) -> None:
    book = opened(mark(by_openpyxl(), FOUND, tmp_path))
    assert [each for each in opinions(book)[0] if each.startswith("kbxt.")] == [
        *(f"kbxt.{name}" for name in IDENTITY_COLUMNS),
        "kbxt.fill",
        "kbxt.seal",
    ]
    hidden = [each.hidden for each in book.worksheets[0].column_dimensions.values() if each.min > 12]
    assert hidden == [True]
    assert "360721200901011234" not in str(opinions(book))


def test_a_sheet_of_the_schools_own_by_that_name_is_left_alone(tmp_path: Path) -> None:
    own = opened(by_openpyxl())
    own.create_sheet("核查意见")["A1"] = "我校自查"
    out = io.BytesIO()
    own.save(out)
    marked = opened(mark(out.getvalue(), FOUND, tmp_path))
    assert marked.sheetnames == ["核查意见(2)", "Sheet1", "第二张 表", "核查意见"]
    assert marked["核查意见"]["A1"].value == "我校自查"


def test_names_of_one_sheet_still_belong_to_it(tmp_path: Path) -> None:
    marked = mark(by_openpyxl(), FOUND, tmp_path)
    for content in (marked, unmarked(marked)):
        book = opened(content)
        assert list(book["第二张 表"].defined_names) == ["本表"]
        assert book["Sheet1"].print_title_rows == "$1:$1"


@pytest.mark.parametrize("writer", [by_openpyxl, by_xlsxwriter])
def test_libreoffice_opens_it_and_what_it_saves_is_still_known_as_ours(writer: object, tmp_path: Path) -> None:
    assert callable(writer)
    saved = converted(mark(writer(), FOUND, tmp_path / "1"), tmp_path / "lo", "xlsx")
    book = opened(saved)
    assert opinions(book)[0]["kbxt.rule"] == "id-checksum"
    assert "id-checksum@A2" in comment(book["Sheet1"], "A2")
    assert fill(book["Sheet1"], "B4") == FILLS[Severity.WARNING]
    cleared = opened(unmarked(saved))
    own = opened(converted(writer(), tmp_path / "own", "xlsx"))
    assert cleared.sheetnames == own.sheetnames
    for cell in ("A2", "B4", "C2"):
        assert comment(cleared["Sheet1"], cell) == comment(own["Sheet1"], cell)
        assert fill(cleared["Sheet1"], cell) == fill(opened(writer())["Sheet1"], cell)


@pytest.mark.parametrize(
    "typed",
    [
        "<fill",
        "随便写的",
        "<font/>",
        '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>',
        '<?xml version="1.0" encoding="x"?><a/>',
    ],
)
def test_what_a_school_types_over_the_fills_that_its_sheet_remembers_is_no_fill(typed: str, tmp_path: Path) -> None:
    book = opened(mark(by_openpyxl(), FOUND, tmp_path / "1"))
    opinion = book.worksheets[0]
    column = [cell.value for cell in opinion[3]].index("kbxt.fill") + 1
    for row in range(4, opinion.max_row + 1):
        opinion.cell(row, column, typed)
    book.save(tmp_path / "typed.xlsx")
    again = (tmp_path / "typed.xlsx").read_bytes()
    assert fill(opened(mark(again, FOUND[:2], tmp_path / "2"))["Sheet1"], "A2") == FILLS[Severity.ERROR]
    assert opened(unmarked(again))["Sheet1"]["A2"].fill.fill_type is None


# --- what is no .xlsx -------------------------------------------------------------------------------------------------


def test_what_cannot_be_edited_comes_back_with_its_cells_as_read(tmp_path: Path) -> None:
    rows = [
        ["360721200901011234", 12.0, True, None],
        [dt.datetime(2021, 3, 1), "=1+1", ErrorValue("#N/A"), MissingResult("SUM(A1)")],
        ["合计"],
    ]
    grid = Grid("Sheet1", rows, top=1, left=1, merged=((3, 1, 9, 3),), hidden_rows=frozenset({2, 9}))
    content = mark(b"\xd0\xcf", [("Sheet1", "B2", "id-checksum", "error")], tmp_path, kind=Kind.XLS, grids=[grid])
    sheet = opened(content)["Sheet1"]
    assert [cell.value for cell in sheet[2][1:5]] == ["360721200901011234", 12, True, None]
    assert [cell.value for cell in sheet[3][1:5]] == [dt.datetime(2021, 3, 1), "=1+1", "#N/A", "=SUM(A1)"]
    assert [cell.data_type for cell in sheet[3][1:5]] == ["d", "s", "s", "s"]
    assert [str(each) for each in sheet.merged_cells.ranges] == ["B4:D4"]  # no further than cells are
    assert [row for row, each in sheet.row_dimensions.items() if each.hidden] == [3]
    assert fill(sheet, "B2") == FILLS[Severity.ERROR]


def test_sheets_whose_names_excel_refuses_are_found_under_the_names_they_get(tmp_path: Path) -> None:
    names = ["一/二", "一?二", "长" * 40]
    grids = [Grid(name, [["姓名"]]) for name in names]
    found: Sequence[Found] = [(name, "A1", "id-checksum", "error") for name in names]
    book = opened(mark(b"", found, tmp_path, path="一中/名单.ods", kind=Kind.ODS, grids=grids))
    assert book.sheetnames == ["核查意见", "一_二", "一_二(2)", "长" * 31]
    assert [fill(sheet, "A1") for sheet in book.worksheets[1:]] == [FILLS[Severity.ERROR]] * 3


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 damaged", by_openpyxl()[:2000]])
def test_a_damaged_package_becomes_a_plain_copy(content: bytes, tmp_path: Path) -> None:
    grid = Grid("Sheet1", [["姓名"], ["张三"]])
    book = opened(mark(content, [("Sheet1", "A2", "id-checksum", "error")], tmp_path, grids=[grid]))
    assert book["Sheet1"]["A2"].value == "张三"


# --- where it lies ----------------------------------------------------------------------------------------------------


def written(tmp_path: Path, frames: Sequence[pd.DataFrame], **files: tuple[Kind, str, Problem | None]) -> list[str]:
    """The paths below 退回/ of what is written; each file named by its path: (kind, school, problem)."""
    readings = [
        returned_file(path, kind, {"Sheet1": school} if school else {}, problem)
        for path, (kind, school, problem) in files.items()
    ]
    found = Findings(pd.concat(frames, ignore_index=True), catalogue=CATALOGUE)
    returned = ReturnedWorkbooks(district(readings), found, CATALOGUE, SEAL)
    paths = write_returned(returned, tmp_path, lambda _: by_openpyxl(), lambda _: [Grid("Sheet1", [["姓名"]])])
    assert all(path.exists() for path in paths)
    return [path.relative_to(tmp_path / "退回").as_posix() for path in paths]


ERROR: Sequence[Found] = [("Sheet1", "A2", "id-checksum", "error")]
AT_FILE: Sequence[Found] = [("", "", "file-unreadable", "error")]
SET_ASIDE: Sequence[Found] = [("", "", "file-superseded", "info")]


def test_each_file_lies_in_its_schools_folder_under_its_own_name(tmp_path: Path) -> None:
    files = {
        "一中/名单.xlsx": (Kind.XLSX, "一中", None),
        "二次/名单.xlsx": (Kind.XLSX, "一中", None),
        "包.zip/里/旧表.xls": (Kind.XLS, "二小/分校", None),
        "假.xls": (Kind.XLSX, "二小/分校", None),
        "无名.csv": (Kind.CSV, "", None),
    }
    frames = [findings(path, school, ERROR) for path, (_, school, _) in files.items()]
    assert written(tmp_path, frames, **files) == [
        "一中/名单.xlsx",
        "一中/名单(2).xlsx",
        "二小_分校/旧表.xlsx",
        "二小_分校/假.xlsx",
        "未注明学校/无名.xlsx",
    ]


def test_a_file_without_findings_or_only_set_aside_does_not_go_back(tmp_path: Path) -> None:
    files = {
        "一.xlsx": (Kind.XLSX, "一中", None),
        "二.xlsx": (Kind.XLSX, "一中", None),
        "三.xlsx": (Kind.XLSX, "一中", None),
    }
    frames = [findings("二.xlsx", "一中", SET_ASIDE), findings("三.xlsx", "一中", ERROR)]
    assert written(tmp_path, frames, **files) == ["一中/三.xlsx"]


def test_an_unreadable_file_comes_back_as_its_findings_alone(tmp_path: Path) -> None:
    files = {"坏.xlsx": (Kind.UNKNOWN, "", Problem("file-unreadable"))}
    assert written(tmp_path, [findings("坏.xlsx", "一中", AT_FILE)], **files) == ["一中/坏.xlsx"]
    book = openpyxl.load_workbook(tmp_path / "退回/一中/坏.xlsx")
    assert [each["kbxt.rule"] for each in opinions(book)] == ["file-unreadable"]
    assert [cell.value for row in book.worksheets[1] for cell in row] == []

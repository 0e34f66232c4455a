"""The foot of 核查意见: each finding leads to what its rule means, and nothing there is taken for an answer."""

from __future__ import annotations

import io
import warnings
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from returned_cases import Found, by_openpyxl, by_xlsxwriter, converted, mark

from kbxt_merge.intake.formats.read_workbook import read_workbook
from kbxt_merge.intake.recognition.answers import is_opinion_sheet, read_opinions
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.returns import Grid, Kind
from kbxt_merge.model.rule import RuleExample
from kbxt_merge.model.text import Words

NUMBER = "360721200901011234"
EXAMPLES = {
    "id-checksum": RuleExample(
        "附件.xlsx",
        "B4",
        ("A", "B"),
        (("3", ("姓名", "身份证号")), ("4", ("赖小满", NUMBER))),
        Words("请改正。", "do."),
    )
}
FOUND: list[Found] = [
    ("Sheet1", "A2", "id-checksum", "error"),
    ("Sheet1", "A3", "id-checksum", "error"),
    ("Sheet1", "B4", "grade-age-mismatch", "warning"),
    ("", "", "id-checksum", "error"),
    ("Sheet1", "C2", "value-normalised", "info"),
]
"""Of what only informs nothing is to be put right."""
EXPLAINED = {
    "id-checksum": ("id-checksum", "请改正。", "姓名 ｜ 身份证号\n赖小满 ｜ 【360***************】"),
    "grade-age-mismatch": ("grade-age-mismatch", "grade-age-mismatch@…中文", None),
}
"""Of each rule its title, what to do, and its example."""


def first_sheet(content: bytes) -> Worksheet:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".* extension is not supported")  # openpyxl drops them; we do not
        return openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]


def block(sheet: Worksheet) -> dict[int, tuple[object, object, object]]:
    """By its number the title, what to do and the example of each line at the foot."""
    [below] = [cell.row for cell in sheet["A"] if str(cell.value).startswith(("问题怎样改", "How to put it right"))]
    cells = {row: [sheet[f"{column}{row}"].value for column in "BGI"] for row in range(below + 2, sheet.max_row + 1)}
    return {row: (str(title).partition("\n")[0], said, shown) for row, (title, said, shown) in cells.items()}


def led_to(sheet: Worksheet) -> dict[str, tuple[object, object, object]]:
    """By the cell under 怎样改 the line to which it leads."""
    lines = block(sheet)
    linked = [cell for cell in sheet["H"] if cell.hyperlink]
    assert {cell.hyperlink.location.rpartition("!")[0] for cell in linked} == {f"'{sheet.title}'"}
    return {cell.coordinate: lines[int(cell.hyperlink.location.rpartition("!A")[2])] for cell in linked}


@pytest.mark.parametrize(
    ("content", "kind"), [(by_openpyxl(), Kind.XLSX), (by_xlsxwriter(macros=True), Kind.XLSX), (b"", Kind.CSV)]
)
def test_each_finding_leads_to_what_its_rule_means_said_once(content: bytes, kind: Kind, tmp_path: Path) -> None:
    grids = [Grid("Sheet1", [["姓名"], ["甲"], ["乙"], ["丙"]])] if kind is Kind.CSV else []
    sheet = first_sheet(mark(content, FOUND, tmp_path, kind=kind, grids=grids, examples=EXAMPLES))
    rules = ["id-checksum"] * 3 + ["grade-age-mismatch"]
    assert led_to(sheet) == {f"H{row}": EXPLAINED[rule] for row, rule in enumerate(rules, 4)}
    assert list(block(sheet).values()) == list(EXPLAINED.values())


def test_it_speaks_the_language_of_the_sheet(tmp_path: Path) -> None:
    sheet = first_sheet(mark(by_openpyxl(), FOUND, tmp_path, examples=EXAMPLES, language="en"))
    assert [said for _, said, _ in led_to(sheet).values()] == ["do.", "do.", "do.", "grade-age-mismatch@… English"]


def test_without_examples_the_words_are_of_other_forms_and_none_is_led_anywhere(tmp_path: Path) -> None:
    sheet = first_sheet(mark(by_openpyxl(), FOUND, tmp_path))
    assert [cell.coordinate for row in sheet for cell in row if cell.hyperlink] == ["D4", "D5", "D7", "D8"]
    assert sheet.max_row == 8
    assert sheet.column_dimensions["H"].hidden


def test_what_is_typed_at_the_foot_is_no_answer_and_the_next_round_takes_all_of_it_off(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(mark(by_openpyxl(), FOUND, tmp_path / "1", examples=EXAMPLES)))
    sheet = book.worksheets[0]
    for row in block(sheet):
        sheet.unmerge_cells(f"I{row}:L{row}")
        sheet[f"K{row}"], sheet[f"L{row}"] = "核实无误", "已电话核实"
    sheet["K7"], sheet["L7"] = "核实无误", "跳级"
    out = io.BytesIO()
    book.save(out)
    content = converted(out.getvalue(), tmp_path / "lo", "xlsx")
    grids = read_workbook(content, Kind.XLSX, Limits()).grids
    ours = [grid for grid in grids if is_opinion_sheet(grid)]
    assert [(each.rule, each.explanation) for grid in ours for each in read_opinions(grid, "一")] == [
        ("grade-age-mismatch", "跳级")
    ]
    again = openpyxl.load_workbook(io.BytesIO(mark(content, FOUND[:1], tmp_path / "2", examples=EXAMPLES)))
    assert again.sheetnames == ["核查意见", "Sheet1", "第二张 表"]
    assert list(block(again.worksheets[0]).values()) == [EXPLAINED["id-checksum"]]

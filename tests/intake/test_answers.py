"""What a school writes on 核查意见 is read by the sheet's hidden columns, whatever else became of the sheet."""

from __future__ import annotations

import pytest

from kbxt_merge.intake.recognition.answers import is_opinion_sheet, read_opinions
from kbxt_merge.model.answer import IDENTITY_COLUMNS, Answer, Treatment
from kbxt_merge.model.returns import Cell, Grid

HIDDEN = [f"kbxt.{name}" for name in (*IDENTITY_COLUMNS, "fill")]
HEADER: list[Cell] = ["序号", "单元格", "问题", "处理", "说明", *HIDDEN]
IDENTITY: list[Cell] = [
    "grade-age-mismatch", "1-2", "一中", "一中/名单.xlsx", "Sheet1", "C5", "grade", "00ab", "11cd", "22ef",
]  # fmt: skip


def line(treatment: Cell, explanation: Cell, identity: list[Cell] = IDENTITY) -> list[Cell]:
    return [1.0, "C5", "年级与年龄不符", treatment, explanation, *identity, None]


def sheet(*lines: list[Cell], name: str = "核查意见", above: int = 2) -> Grid:
    return Grid(name, [*([["核查意见：名单.xlsx"]] * above), HEADER, *lines])


def answers(*lines: list[Cell]) -> list[Answer]:
    return list(read_opinions(sheet(*lines), "退回/名单.xlsx"))


def test_a_line_is_read_with_the_identity_of_its_finding() -> None:
    found = answers(line("核实无误", "留级一年"))
    identity = dict(zip(IDENTITY_COLUMNS, map(str, IDENTITY), strict=True))
    wanted = Answer(**identity, treatment=Treatment.VERIFIED, explanation="留级一年", answered_in="退回/名单.xlsx")
    assert found == [wanted]


@pytest.mark.parametrize(
    ("typed", "treatment"),
    [
        ("已改", Treatment.CORRECTED),
        (" 已 改 ", Treatment.CORRECTED),
        ("已修改", Treatment.CORRECTED),
        ("核实无误", Treatment.VERIFIED),
        ("已核实", Treatment.VERIFIED),
        ("verified correct", Treatment.VERIFIED),
        ("不知道", Treatment.NONE),
    ],
)
def test_treatments_are_read_as_schools_type_them(typed: str, treatment: Treatment) -> None:
    assert [each.treatment for each in answers(line(typed, "因病"))] == [treatment]


def test_lines_without_an_answer_are_not_answers() -> None:
    assert answers(line(None, None), line("", " "), line("已改", None, [None] * 10)) == []


def test_a_number_as_an_explanation_is_its_text() -> None:
    assert answers(line("核实无误", 12.0))[0].explanation == "12"


@pytest.mark.parametrize(
    ("grid", "ours"),
    [
        (sheet(line("已改", None)), True),
        (sheet(name="Findings", above=5), True),
        (Grid("核查意见", [["序号", "处理", "说明"], [1.0, "已改", ""]]), False),
        (Grid("名单", []), False),
    ],
)
def test_the_sheet_is_known_by_its_hidden_columns_not_by_its_name(grid: Grid, ours: bool) -> None:
    assert is_opinion_sheet(grid) is ours


def test_columns_that_a_school_moved_or_added_are_no_matter() -> None:
    turned = [list(reversed(HEADER)), list(reversed(line("核实无误", "留级")))]
    assert next(read_opinions(Grid("核查意见", turned), "f")).cell == "C5"

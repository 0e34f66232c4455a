"""Rows that are joined out of columns: every cell where it belongs, whatever it holds; and comments as xlsxwriter's."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter.packager
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree
from xlsxwriter.comments import Comments, CommentType
from xlsxwriter.vml import Vml
from xlsxwriter.workbook import Workbook

from kbxt_merge.outputs.returned.sheet_rows import TextColumn, heights_of, rows_of
from kbxt_merge.outputs.sheets.bulk_sheet import LONGEST_TEXT, Block, BulkColumn, BulkSheet, Link
from kbxt_merge.outputs.sheets.comment_parts import CommentBoxes, CommentTexts
from kbxt_merge.outputs.sheets.text_width import line_count, tall_rows
from kbxt_merge.outputs.sheets.workbook import open_book

TEXTS = st.text(st.sampled_from("aB9 <&>\"'_x001张𠮷\n\t"), max_size=6)
ROWS = st.lists(st.tuples(TEXTS, TEXTS, st.sampled_from(["", "A1", "必须修改"])), min_size=1, max_size=12)
CODES = [(f"c{number}", f" {number}", "") for number in range(8)]


def cells(xml: bytes) -> dict[str, tuple[str, str]]:
    """By address the text of each cell that holds one, and its format."""
    return {
        str(each.get("r")): ("".join(each.itertext()), each.get("s", "0"))
        for each in etree.fromstring(b"<all>" + xml + b"</all>").iter("c")
        if "".join(each.itertext())
    }


@given(ROWS)
@example(CODES)
def test_rows_of_text_columns_say_each_text_at_its_address(rows: list[tuple[str, ...]]) -> None:
    looks = [row % 2 + 3 for row in range(len(rows))]
    texts = list(zip(*rows, strict=True))
    columns = [TextColumn(texts[0]), TextColumn(texts[1], 2), TextColumn(texts[2], looks)]
    expected = {
        f"{letter}{row + 5}": (text.replace("\r", ""), str(look))
        for row, line in enumerate(rows)
        for letter, text, look in zip("ABC", line, (0, 2, looks[row]), strict=True)
        if text
    }
    xml = rows_of(4, columns, [18] * len(rows))
    assert cells(xml) == expected
    assert [each.get("r") for each in etree.fromstring(b"<all>" + xml + b"</all>").iter("row")] == [
        str(row + 5) for row in range(len(rows))
    ]


def test_a_code_that_no_cell_can_hold_is_cut() -> None:
    said = cells(rows_of(0, [TextColumn(["a", "b" * 40_000])], [18, 18]))
    assert {at: len(text) for at, (text, _) in said.items()} == {"A1": 1, "A2": 32_767}


def test_a_row_is_as_high_as_its_tallest_text() -> None:
    assert heights_of([["a", "b" * 30, "c"], ["d", "e", "f\ng\nh"]], [20, 40]) == [18, 33, 48]


MIXED = ["one", "two & three", " four", "_x0041_", "", 5, 6.5, Link("a.xlsx#'表'!B2", "打开"), Link('a"b.xlsx', "<2>")]
LONG = "长" * (LONGEST_TEXT + 5)


@pytest.mark.parametrize(
    "column",
    [
        ["甲", "乙", "丙"], ["甲"] * 3, [1, 2, 3], [1.5, 2.5, 3.5], MIXED, ["", "", "丁"], [1, 2.5, "三"], [LONG, "b"],
        [Link("a.xlsx", "打开"), Link("b.xlsx", "打开")],
    ],
)  # fmt: skip
def test_a_bulk_column_holds_what_it_was_given(tmp_path: Path, column: list[object]) -> None:
    with Workbook(str(tmp_path / "out.xlsx")) as book:
        sheet = book.add_worksheet("表", BulkSheet)
        sheet.add_block(Block(1, [BulkColumn(column, book.add_format())]))  # type: ignore[arg-type]
    found = [row[0].value for row in openpyxl.load_workbook(tmp_path / "out.xlsx")["表"].iter_rows(min_row=2)]

    def expected(cell: object) -> object:
        if isinstance(cell, Link):
            target, text = (each.replace('"', '""') for each in cell)
            return f'=HYPERLINK("{target}","{text}")'
        return (cell[:LONGEST_TEXT] or None) if isinstance(cell, str) else cell

    told = [value.replace("_x005F_", "_") if isinstance(value, str) else value for value in found]
    assert told + [None] * (len(column) - len(told)) == [expected(cell) for cell in column]


@given(st.lists(st.text(st.sampled_from("aé张𠮷\n1 "), max_size=30), min_size=1, max_size=8))
def test_texts_are_measured_together_as_one_by_one(texts: list[str]) -> None:
    needed = {row: line_count(text, 12) for row, text in enumerate(texts) if line_count(text, 12) > 1}
    assert tall_rows([(texts, 12)]).keys() == needed.keys()


def written(make: Callable[[], object], comments: list[CommentType]) -> str:
    part, file = make(), io.StringIO()
    part._set_xml_writer(file)  # type: ignore[attr-defined]
    if isinstance(part, Vml):
        part._assemble_xml_file("1", 1024, comments, [])
    else:
        part._assemble_xml_file(comments)  # type: ignore[attr-defined]
    return file.getvalue()


def test_comments_and_their_boxes_are_written_as_xlsxwriter_writes_them(tmp_path: Path) -> None:
    comments = []
    for row, text in enumerate(["年龄 < 0\n请改正", " blank before", "_x0041_"]):
        comment = CommentType(row, row + 1, text, {"author": "kbxt", "font_name": "宋体", "width": 300 + row})
        comment.vertices = [row, 0, 15, 10, row + 3, 4, 83, 61, 123.5, 117, comment.width, 51]
        comment.is_visible = row == 1
        comments.append(comment)
    assert written(CommentTexts, comments) == written(Comments, comments)
    assert written(CommentBoxes, comments) == written(Vml, comments)
    with open_book(tmp_path / "本局.xlsx", dt.date(2021, 3, 20), 1) as book:
        book.add_worksheet("表").write_comment("A1", "请改正")
    assert (xlsxwriter.packager.Comments, xlsxwriter.packager.Vml) == (Comments, Vml)  # to others all is as it was

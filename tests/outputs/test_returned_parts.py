"""Nothing of the school's is lost by marking: every part of every writer's workbook is compared before and after."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from returned_cases import by_openpyxl, by_us, by_xlsxwriter, converted, essence, mark, strict, threaded, unmarked

from kbxt_merge.outputs.returned.book import Book
from kbxt_merge.outputs.returned.package import Package
from kbxt_merge.outputs.returned.part_xml import NotEditableError

MARKS = [
    ("Sheet1", "A2", "id-checksum", "error"),
    ("Sheet1", "C2", "grade-age-mismatch", "warning"),
    ("Sheet1", "A1", "value-normalised", "info"),
]
WRITERS = ["openpyxl", "xlsxwriter", "macros", "libreoffice", "blank", "strict", "threaded"]


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], bytes]:
    libreoffice = converted(by_openpyxl(), tmp_path_factory.mktemp("lo"), "xlsx")
    made = {
        "openpyxl": by_openpyxl(),
        "xlsxwriter": by_xlsxwriter(),
        "macros": by_xlsxwriter(macros=True),
        "libreoffice": libreoffice,
        "blank": by_us(tmp_path_factory.mktemp("blank")),
        "strict": strict(by_openpyxl()),
        "threaded": threaded(by_openpyxl()),
    }
    return made.__getitem__


@pytest.mark.parametrize("writer", WRITERS)
def test_every_part_is_kept(workbook: Callable[[str], bytes], writer: str, tmp_path: Path) -> None:
    before = workbook(writer)
    after = mark(before, MARKS, tmp_path)
    old, new = Package(before), Package(after)
    rewritten = {name for name in old.names() if old.part(name) != new.part(name)}
    may_be = ("[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml")
    of_sheets = ("xl/worksheets/", "xl/comments", "xl/drawings/comments", "xl/drawings/vmlDrawing", "xl/chartsheets/")
    assert {name for name in rewritten if name not in may_be and not name.startswith(of_sheets)} == set()
    added = set(new.names()) - set(old.names())
    assert all("kbxt" in name or name.endswith(".rels") for name in added)


@pytest.mark.parametrize("writer", WRITERS)
def test_without_our_marks_it_is_what_it_was(workbook: Callable[[str], bytes], writer: str, tmp_path: Path) -> None:
    before = workbook(writer)
    assert essence(unmarked(mark(before, MARKS, tmp_path))) == essence(before)


@pytest.mark.parametrize("writer", WRITERS)
def test_a_second_round_leaves_one_set_of_marks(workbook: Callable[[str], bytes], writer: str, tmp_path: Path) -> None:
    first = mark(workbook(writer), MARKS, tmp_path / "1")
    second = mark(first, MARKS, tmp_path / "2")
    third = mark(second, MARKS, tmp_path / "3")
    assert essence(second) == essence(first)
    assert third == second


def test_the_lists_and_steps_of_a_blank_are_not_looked_into(workbook: Callable[[str], bytes], tmp_path: Path) -> None:
    def damaged(name: str) -> bytes:
        package = Package(workbook("blank"))
        package.put(name, b"<damaged>")
        return package.save().replace(zlib.compress(b"<damaged>", 3)[2:-4], zlib.compress(b"<DAMAGED>", 3)[2:-4])

    options = "xl/worksheets/sheet3.xml"
    assert "xl/worksheets/kbxt1.xml" in Package(mark(damaged(options), MARKS, tmp_path / "own"))
    with pytest.raises(NotEditableError):
        Book(Package(damaged("xl/worksheets/sheet2.xml")))


def test_marks_put_nothing_where_a_row_or_cell_was_missing_but_an_empty_cell(tmp_path: Path) -> None:
    before = by_xlsxwriter()
    marks = [("Sheet1", cell, "required-missing", "error") for cell in ("B2", "A6", "K3", "M40", "A39")]
    after = Package(unmarked(mark(before, marks, tmp_path)))
    after.bring_back("xl/worksheets/sheet1.xml")
    tree = after.tree("xl/worksheets/sheet1.xml")
    rows = [int(row.get("r", "0")) for row in tree.iter("{*}row")]
    assert rows == sorted(set(rows))
    made = {cell.get("r"): cell for cell in tree.iter("{*}c")}
    assert all(len(made[cell]) == 0 for cell in ("B2", "A6", "K3", "M40", "A39"))
    bold = made["A1"].get("s")
    assert {made[cell].get("s") != "0" for cell in ("A6", "K3")} == {True}
    assert bold is not None


def test_a_cell_with_a_threaded_comment_is_filled_and_its_thread_left_alone(tmp_path: Path) -> None:
    before = threaded(by_openpyxl())
    after = Package(mark(before, MARKS, tmp_path))
    name = "xl/comments/comment1.xml"
    words = {each.get("ref"): "".join(each.itertext()) for each in after.tree(name).iter("{*}comment")}
    assert "id-checksum" not in words["A2"]
    assert "grade-age-mismatch" in words["C2"]
    assert after.part("xl/threadedComments/threadedComment1.xml") == Package(before).part(
        "xl/threadedComments/threadedComment1.xml"
    )


def test_libreoffice_reads_the_strict_dialect_marked(tmp_path: Path) -> None:
    saved = converted(mark(strict(by_openpyxl()), MARKS, tmp_path), tmp_path / "lo", "xlsx")
    assert openpyxl.load_workbook(io.BytesIO(saved)).sheetnames == ["核查意见", "Sheet1", "第二张 表"]

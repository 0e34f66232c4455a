"""A number that only a register knows stands whole in 比对清单.xlsx, and in no other file, page or line."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from cast import CAST, card, listed
from click.testing import CliRunner
from sheets import PRIMARY

from kbxt_merge.cli import main
from kbxt_merge.model.out_folder import DIFFERENCE_LIST
from kbxt_merge.model.returns import Grid

KNOWN = {"赖小满": "360704200805219877", "温小暑": "360721200707079881", "钟立秋": "360704201108079856"}
"""What the registers hold; beside them only the first digits and the birth date are the schools' own."""
WRONG = "360704201108070530"
"""钟立秋's number as the school has it: it fails its check character."""
ROLL_NUMBER = "J36072120070707778X"
TAIL = 10
"""From here on a number's digits are told by nothing else that a school knows."""


def save(path: Path, *grids: Grid) -> None:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for at, grid in enumerate(grids):
        page = book.create_sheet(f"表{at}")
        for row in grid.rows:
            page.append(row)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)


@pytest.fixture(scope="module")
def merged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A merge, a second one with `--unmasked`, and what both said on the terminal."""
    folder = tmp_path_factory.mktemp("registers")
    lists = listed("1-2", f"| 姓名 | 身份证号码 |\n| 赖小满 | 1 |\n| 温小暑 | 2 |\n| 钟立秋 | {WRONG} |")
    for row in lists.rows[3:5]:
        row[1] = CAST[str(row[0])].id_number
    cards = [card("温小暑", f"| 全国学籍号 | G{CAST['温小暑'].id_number} |")]
    save(folder / "收件夹" / f"{PRIMARY}.xlsx", lists, listed("3", "| 姓名 |\n| 赖小满 |"), *cards)
    roll = openpyxl.Workbook()
    for line in (
        ("姓名", "身份证件号", "学校名称", "全国学籍号", "学生状态"),
        ("赖小满", KNOWN["赖小满"], PRIMARY, "", "辍学"),
        ("温小暑", CAST["温小暑"].id_number, PRIMARY, ROLL_NUMBER, "辍学"),
        ("钟立秋", KNOWN["钟立秋"], PRIMARY, "", "辍学"),
        ("申屠小寒", KNOWN["温小暑"], PRIMARY, "", "辍学"),
    ):
        roll.worksheets[0].append(line)
    (folder / "比对库").mkdir()
    roll.save(folder / "比对库" / "学籍.xlsx")
    said = ""
    for more in ([], ["--unmasked", "--verbose"]):
        arguments = [
            "merge",
            str(folder / "收件夹"),
            "--out",
            str(folder / "结果"),
            "--period",
            "2021春",
            "--jobs",
            "0",
        ]
        done = CliRunner().invoke(main, [*arguments, "--as-of", "2021-03-20", *more])
        assert done.exit_code == 0, done.output
        said += done.output
    (folder / "结果" / "said.txt").write_text(said, encoding="utf-8")
    return folder / "结果"


def texts(path: Path) -> Iterator[str]:
    """All that a file of an output folder shows, comments of cells too."""
    if path.suffix == ".xlsx":
        for sheet in openpyxl.load_workbook(path).worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    yield str(cell.value or "")
                    yield cell.comment.text if cell.comment else ""
    elif path.suffix == ".db":
        yield from sqlite3.connect(path).iterdump()
    else:
        yield path.read_text(encoding="utf-8", errors="replace")


def test_no_file_but_the_bureaus_list_tells_a_number_that_only_a_register_knows(merged: Path) -> None:
    secret = [*(number[TAIL:] for number in KNOWN.values()), ROLL_NUMBER[TAIL:]]
    files = [path for path in merged.rglob("*") if path.is_file()]
    told = {path.name for path in files for text in texts(path) if any(tail in text for tail in secret)}
    assert told == {DIFFERENCE_LIST}
    assert len(files) > 12


def test_the_school_is_told_where_to_look_and_the_bureaus_list_holds_the_number(merged: Path) -> None:
    [back] = merged.glob(f"退回/{PRIMARY}/*.xlsx")
    told = "\n".join(texts(back))
    assert "第 15、16、17、18 位不同" in told
    assert "***" not in "".join(text for text in texts(back) if "建议" in text)
    listed_for = "\n".join(texts(merged / "汇总" / DIFFERENCE_LIST))
    assert KNOWN["赖小满"] in listed_for
    assert KNOWN["温小暑"] in listed_for


def test_district_workbooks_and_report_count_what_was_compared(merged: Path) -> None:
    [lists] = merged.glob("汇总/附件1-2*.xlsx")
    sheet = openpyxl.load_workbook(lists)["比对"]
    rows = [[cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]
    assert rows[1] == ["学校", "学籍"]
    assert next(row for row in rows if row and row[0] == PRIMARY)[2:] == [2, 1, 0, 1, 0]
    report = (merged / "核查报告.html").read_text(encoding="utf-8")
    assert report.index('id="aims"') < report.index('id="glance"') < report.index('id="registers"')
    school = merged / "退回" / PRIMARY / "核查报告.html"
    assert 'id="registers"' not in school.read_text(encoding="utf-8")

"""One file in, the forms found in it out, or why it was not read."""

from __future__ import annotations

import hashlib
import pickle
import zipfile
from pathlib import Path

import openpyxl
import pytest
from cast import card, listed
from made_workbooks import zipped
from sheets import FORMS, page

from kbxt_merge.intake.inbox.listing import walk
from kbxt_merge.intake.reading.read_file import ReadReturn
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.returns import Grid, Kind, Reading

READ = ReadReturn(FORMS, Limits())
LIST = listed("1-2", "| 姓名 |\n| 赖小满 |", sheet="名单")


def save(path: Path, *grids: Grid) -> Path:
    """A real workbook of these sheets."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for grid in grids:
        sheet = book.create_sheet(grid.sheet)
        for row in grid.rows:
            sheet.append(row)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


def read(inbox: Path) -> list[Reading]:
    return [READ(file) for file in walk(inbox, Limits())]


def test_a_workbook_gives_its_forms_and_tells_what_else_is_in_it(tmp_path: Path) -> None:
    timetable = page("| 课程表 | |\n| 周一 | 周二 |", "课程表")
    letter = page("| 本校无辍学学生。 |", "说明")
    path = save(tmp_path / "梅林小学" / "报表.xlsx", LIST, timetable, card("赖小满", sheet="卡"), letter)
    before = path.stat()
    (reading,) = read(tmp_path)
    assert [(sheet.sheet, sheet.form) for sheet in reading.sheets] == [("名单", "1-2"), ("卡", "5")]
    assert (reading.unrecognised, reading.texts) == (("课程表",), ("说明",))
    assert (reading.kind, reading.problem) == (Kind.XLSX, None)
    assert reading.file.path == "梅林小学/报表.xlsx"
    assert reading.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    after = path.stat()
    assert (after.st_size, after.st_mtime_ns, after.st_mode) == (before.st_size, before.st_mtime_ns, before.st_mode)


def test_a_blank_of_ours_hands_its_marks_to_each_of_its_forms(tmp_path: Path) -> None:
    path = save(tmp_path / "附件1-2.xlsx", LIST)
    book = openpyxl.load_workbook(path)
    for name, value in (("kbxt_form", "1-2"), ("kbxt_version", "2021.1"), ("kbxt_school_code", "2136000001")):
        book.custom_doc_props.append(openpyxl.packaging.custom.StringProperty(name=name, value=value))
    book.save(path)
    (reading,) = read(tmp_path)
    assert reading.sheets[0].marks["kbxt_school_code"] == "2136000001"


def problem_of(path: Path, data: bytes) -> tuple[str, str]:
    path.write_bytes(data)
    (reading,) = read(path.parent)
    assert reading.problem
    assert reading.sheets == []
    return reading.problem.slug, reading.problem.facts.get("what", "")


@pytest.mark.parametrize("name", ["~$附件3.xlsx", ".DS_Store", "Thumbs.db", "desktop.ini"])
def test_what_programs_leave_behind_is_ignored(name: str, tmp_path: Path) -> None:
    assert problem_of(tmp_path / name, b"whatever")[0] == "file-ignored"


def test_a_scan_is_kept_beside_the_return_unless_it_is_called_a_workbook(tmp_path: Path) -> None:
    assert problem_of(tmp_path / "盖章.pdf", b"%PDF-1.4\n1 0 obj") == ("file-other", "pdf")
    (tmp_path / "盖章.pdf").unlink()
    assert problem_of(tmp_path / "附件3.xlsx", b"%PDF-1.4\n1 0 obj") == ("file-unreadable", "pdf")


def test_a_page_under_a_workbooks_name_is_unreadable_unless_a_form_stands_on_it(tmp_path: Path) -> None:
    assert problem_of(tmp_path / "附件3.xls", "<html><p>请先登录</p></html>".encode()) == ("file-unreadable", "html")
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row if cell is not None)}</tr>" for row in LIST.rows)
    (tmp_path / "附件3.xls").write_bytes(f"<html><table>{rows}</table></html>".encode())
    (reading,) = read(tmp_path)
    assert [sheet.form for sheet in reading.sheets] == ["1-2"]


def test_a_workbook_that_was_not_sent_in_full_is_unreadable(tmp_path: Path) -> None:
    whole = save(tmp_path / "附件3.xlsx", LIST).read_bytes()
    assert problem_of(tmp_path / "附件3.xlsx", whole[: len(whole) // 2])[0] == "file-unreadable"


def test_an_archive_stands_for_itself_beside_its_members(tmp_path: Path) -> None:
    book = save(tmp_path / "附件1-2.xlsx", LIST)
    with zipfile.ZipFile(tmp_path / "茅店中学.zip", "w") as archive:
        archive.write(book, "附件/名单.xlsx")
    book.unlink()
    readings = {reading.file.path: reading for reading in read(tmp_path)}
    archived = readings["茅店中学.zip"].problem
    assert archived
    assert archived.slug == "file-container"
    assert [sheet.form for sheet in readings["茅店中学.zip/附件/名单.xlsx"].sheets] == ["1-2"]


@pytest.mark.parametrize("parts", [{}, {"梅林小学/": b""}])
def test_an_archive_in_which_nothing_lies_is_an_empty_file(parts: dict[str, bytes], tmp_path: Path) -> None:
    assert problem_of(tmp_path / "梅林小学.zip", zipped(parts)) == ("file-unreadable", "empty")


def test_the_stage_can_be_sent_to_another_process_whether_it_has_read_or_not(tmp_path: Path) -> None:
    save(tmp_path / "附件1-2.xlsx", LIST)
    first = read(tmp_path)
    sent = pickle.loads(pickle.dumps(READ))
    assert [sent(file) for file in walk(tmp_path, Limits())] == first

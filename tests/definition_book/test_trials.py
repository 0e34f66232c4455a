"""`kbxt forms --try`: each cell of some files, and as what the definitions read it; nothing is merged."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from kbxt_merge.cli import main
from kbxt_merge.form_definitions.trying import try_out
from kbxt_merge.outputs.trial import As, TrialSheet
from kbxt_merge.settings import Settings, load_settings

OTHERS = Path(__file__).parent.parent / "forms_of_others"
LISTED, CARD = "01-left-behind-list", "06-school-bus"
SCHOOL = "云岭县江口中学.xlsx"


def settings_of(name: str) -> Settings:
    return load_settings({"schemas": OTHERS / name / "definition", "as_of": "2021-09-15"}, {}, OTHERS)


def tried(name: str, *files: Path) -> list[TrialSheet]:
    trial, page = try_out(files or (OTHERS / name / "inbox" / SCHOOL,), settings_of(name))
    assert page is None
    return list(trial.sheets)


def taken(sheet: TrialSheet) -> dict[str, tuple[As, str, str]]:
    return {cell.cell: (cell.taken, cell.field, cell.meant) for cell in sheet.cells}


def test_a_list_is_told_cell_by_cell() -> None:
    (sheet,) = tried(LISTED)
    cells = taken(sheet)
    assert (sheet.form, sheet.unit, sheet.date, sheet.records) == (
        "农村留守儿童花名册", "云岭县江口中学", "2021-09-10", 3,
    )  # fmt: skip
    assert cells["A3"] == (As.DATE, "", "")
    assert cells["B4"] == (As.HEADER, "学生姓名", "")
    assert cells["E5"] == (As.VALUE, "年级", "")
    assert cells["L6"] == (As.READ_AS, "监护类型", "一方外出另一方无监护能力")
    assert cells["K7"] == (As.UNREAD, "联系电话", "")
    assert cells["A9"] == (As.LEFT_OUT, "", "说明文字")


def test_a_card_and_the_list_in_it_are_told() -> None:
    cells = taken(tried(CARD)[0])
    assert cells["B3"] == (As.HEADER, "校车牌号", "")
    assert cells["C3"] == (As.VALUE, "校车牌号", "")
    assert cells["B12"] == (As.VALUE, "学生姓名", "")
    assert cells["A10"] == (As.NOTHING, "", "")


def test_a_blank_has_its_headers_and_no_record() -> None:
    (sheet,) = tried(LISTED, next((OTHERS / LISTED / "blank").iterdir()))
    assert sheet.records == 0
    assert sum(cell.taken is As.HEADER for cell in sheet.cells) == 14
    assert not any(cell.taken in (As.VALUE, As.READ_AS, As.UNREAD) for cell in sheet.cells)


def test_what_is_no_form_in_force_is_told_so() -> None:
    (sheet,) = tried(LISTED, OTHERS / CARD / "inbox" / SCHOOL)
    assert sheet.form == ""
    assert {cell.taken for cell in sheet.cells} == {As.NOTHING}


def test_a_hidden_sheet_is_told_where_it_is_read_and_an_empty_file_as_well(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(OTHERS / LISTED / "inbox" / SCHOOL)
    book.worksheets[0].sheet_state = "hidden"
    for name, state in (("封面", "visible"), ("选项", "hidden")):
        book.create_sheet(name)["A1"] = name
        book[name].sheet_state = state
    book.active = 1
    book.save(tmp_path / SCHOOL)
    openpyxl.Workbook().save(tmp_path / "空.xlsx")
    read, cover, empty = tried(LISTED, tmp_path / SCHOOL, tmp_path / "空.xlsx")
    assert (read.form, read.records) == ("农村留守儿童花名册", 3)
    assert (cover.sheet, cover.form) == ("封面", "")
    assert list(empty.lines("zh")) == ["空.xlsx：没有内容"]


def test_the_command_tells_it_and_writes_one_page_without_a_whole_number(tmp_path: Path) -> None:
    shutil.copy(OTHERS / LISTED / "inbox" / SCHOOL, tmp_path)
    before = {each.name for each in tmp_path.iterdir()}
    options = ["--schemas", str(OTHERS / LISTED / "definition"), "--to", str(tmp_path / "试")]
    run = CliRunner().invoke(main, ["forms", "--try", str(tmp_path / SCHOOL), *options])
    assert run.exit_code == 0, run.output
    assert "L6 监护类型：2 → 一方外出另一方无监护能力" in run.output
    assert "K7 联系电话：138*****67 没有读懂" in run.output
    assert {each.name for each in tmp_path.iterdir()} - before == {"试"}
    (page,) = (tmp_path / "试").iterdir()
    text = page.read_text(encoding="utf-8")
    assert "农村留守儿童花名册" in text
    for told in (text, run.output):
        assert "360721" not in told
        assert "13812345678" not in told


@pytest.mark.parametrize("content", ["", "姓名"])
def test_what_cannot_be_read_is_told_in_a_sentence(content: str, tmp_path: Path) -> None:
    path = tmp_path / "样表.xlsx"
    path.write_text(content, encoding="utf-8")
    run = CliRunner().invoke(main, ["forms", "--try", str(path)])
    assert run.exit_code == 2
    assert "样表.xlsx" in run.output

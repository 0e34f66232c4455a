"""The bureau's own registers as rows of 比对库 and 比对库核对, added and changed as a clerk does."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import pytest
import yaml
from openpyxl.worksheet.worksheet import Worksheet

from kbxt_merge.errors import SchemaError
from kbxt_merge.form_definitions.exporting import export
from kbxt_merge.form_definitions.in_force import forms_of
from kbxt_merge.intake.definitions.loader import load_forms
from kbxt_merge.model.definition_book.layout import BOOK
from kbxt_merge.model.register import Register
from kbxt_merge.rules.catalogue import CATALOGUE

OTHERS = Path(__file__).parent.parent / "forms_of_others"
COLUMNS, QUESTIONS = "比对库", "比对库核对"
LOW_INCOME = """
低保:
  office: 民政局
  called: [低保]
  columns:
    name: {header: 姓名, also: [家庭成员姓名]}
    id: {header: 身份证号}
    allowance: {header: 保障金额, also: [低保金]}
    state: {header: 状态, values: {在保: [享受中], 停保: []}}
  marks: [allowance]
  gone: {state: [停保]}
  knows:
    - {form: y2, field: 困难类型, standing: 低保}
  must_stand:
    - {form: y2, where: {困难类型: [低保]}}
"""


def add(page: Worksheet, **told: str) -> int:
    """Write texts below their headers in the next row, which is returned."""
    columns = {cell.value: cell.column for cell in page[4]}
    row = 5 + sum(any(cell.value for cell in line) for line in page.iter_rows(min_row=5))
    for header, text in told.items():
        page.cell(row, columns[header]).value = text
    return row


def registers_of(book: openpyxl.Workbook, path: Path) -> tuple[Register, ...]:
    book.save(path)
    return forms_of(path).registers


@pytest.fixture(scope="module")
def of_aid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbook of a form of aid, which has no register yet."""
    folder = tmp_path_factory.mktemp("aid")
    export(folder / "out", OTHERS / "02-aid-list" / "definition")
    return folder / "out" / BOOK


@pytest.fixture(scope="module")
def with_yaml(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same definitions with a register that was written as YAML."""
    folder = tmp_path_factory.mktemp("yaml") / "definition"
    shutil.copytree(OTHERS / "02-aid-list" / "definition", folder)
    (folder / "registers.yaml").write_text(LOW_INCOME, encoding="utf-8")
    return folder


def test_a_register_that_a_clerk_adds_is_what_the_yaml_would_say(of_aid: Path, with_yaml: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(of_aid)
    page = book[COLUMNS]
    of_all = {"比对库": "低保", "由谁保管": "民政局", "文件名、标题里的字样": "低保"}
    add(page, **of_all, 表头="姓名", 说的是本人的="姓名", 其他叫法="家庭成员姓名")
    add(page, 比对库="低保", 表头="身份证号", 说的是本人的="证件号码")
    add(page, 比对库="低保", 表头="保障金额", 凭这栏认出="是", 其他叫法="低保金")
    add(page, 表头="状态", 词及其他写法="在保=享受中；停保=", 是这些词就不在册="停保")
    aid = {"比对库": "低保", "表": "困难学生认定汇总表"}
    add(book[QUESTIONS], **aid, 核对什么="在册的才是这个词", 表里的栏="困难类型", 哪个词="低保")
    add(book[QUESTIONS], **aid, 核对什么="表里的人必须在册", 只看="困难类型=低保")
    mine = registers_of(book, tmp_path / BOOK)[-1]
    its = load_forms(CATALOGUE, with_yaml).registers[-1]
    assert (mine.slug, mine.office.zh, mine.knows, mine.must_stand) == (
        its.slug, its.office.zh, its.knows, its.must_stand,
    )  # fmt: skip
    assert [(each.header, each.also) for each in mine.columns] == [(each.header, each.also) for each in its.columns]
    assert mine.by_name[mine.marks[0]].header == "保障金额"
    assert list(mine.gone.values()) == [("停保",)]


def test_registers_go_round_and_leave_no_line_among_other_settings(with_yaml: Path, tmp_path: Path) -> None:
    export(tmp_path / "out", with_yaml)
    assert forms_of(tmp_path / "out" / BOOK) == load_forms(CATALOGUE, with_yaml)
    assert "其他设置" not in openpyxl.load_workbook(tmp_path / "out" / BOOK).sheetnames


def test_headers_registers_and_words_that_are_renamed_keep_the_thread(with_yaml: Path, tmp_path: Path) -> None:
    export(tmp_path / "out", with_yaml)
    book = openpyxl.load_workbook(tmp_path / "out" / BOOK)
    columns = {cell.value: cell.column for cell in book[COLUMNS][4]}
    for row in range(5, 9):
        book[COLUMNS].cell(row, columns["比对库"]).value = "最低生活保障"
    book[COLUMNS].cell(7, columns["表头"]).value = "保障金"
    for line in book["词表"].iter_rows(min_row=5):
        line[3].value = "特困户" if line[3].value == "特别困难" else line[3].value
    register = registers_of(book, tmp_path / BOOK)[-1]
    assert (register.slug, register.label.zh) == ("低保", "最低生活保障")
    assert (register.marks, register.by_name["allowance"].header) == (("allowance",), "保障金")
    assert register.knows


def test_a_register_that_is_not_in_use_is_off(of_aid: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(of_aid)
    before = forms_of(of_aid).registers
    add(book[COLUMNS], 比对库="户籍", 在用="否")
    assert registers_of(book, tmp_path / BOOK) == tuple(each for each in before if each.slug != "户籍")


def test_mistakes_are_told_by_cell(with_yaml: Path, tmp_path: Path) -> None:
    export(tmp_path / "out", with_yaml)
    book = openpyxl.load_workbook(tmp_path / "out" / BOOK)
    columns = {name: {cell.value: cell.column_letter for cell in book[name][4]} for name in (COLUMNS, QUESTIONS)}
    wrong = [
        (COLUMNS, "填什么", 7, "金钱"),
        (COLUMNS, "词及其他写法", 8, "在保、停保"),
        (QUESTIONS, "哪个词", 5, "低收入"),
        (QUESTIONS, "只看", 6, "困难类型 低保"),
    ]
    for sheet, header, row, text in wrong:
        book[sheet][f"{columns[sheet][header]}{row}"].value = text
    row = add(book[QUESTIONS], 比对库="低保户", 核对什么="表里的人必须在册", 表="困难学生认定汇总表")
    cells = [(sheet, f"{columns[sheet][header]}{row}") for sheet, header, row, _ in wrong]
    cells.append((QUESTIONS, f"A{row}"))
    row = add(book[QUESTIONS], 比对库="低保", 核对什么="要在册", 表="困难学生认定汇总表")
    cells.append((QUESTIONS, f"{columns[QUESTIONS]['核对什么']}{row}"))
    book.save(tmp_path / BOOK)
    with pytest.raises(SchemaError) as raised:
        forms_of(tmp_path / BOOK)
    lines = [line for line in raised.value.words.zh.splitlines() if "工作表" in line]
    for sheet, cell in cells:
        assert any(f"工作表“{sheet}” {cell}：" in line for line in lines), (sheet, cell, lines)
    assert len(lines) == len(cells), lines
    copy = openpyxl.load_workbook(tmp_path / "表格定义（有错处）.xlsx")
    assert all(copy[sheet][cell].comment for sheet, cell in cells)


def test_registers_among_other_settings_of_an_older_workbook_are_still_read(of_aid: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(of_aid)
    page = book.create_sheet("其他设置")
    page.append(["文件", "项目", "内容"])
    for path, text in (("called", "[低保]"), ("columns / name / header", "姓名"), ("columns / id / header", "证号")):
        page.append(["registers.yaml", f"低保 / {path}", text])
    register = registers_of(book, tmp_path / BOOK)[-1]
    assert (register.slug, register.called, [each.header for each in register.columns]) == (
        "低保", ("低保",), ["姓名", "证号"],
    )  # fmt: skip


def test_the_yaml_beside_the_workbook_says_the_same(with_yaml: Path, tmp_path: Path) -> None:
    export(tmp_path / "out", with_yaml)
    written = (tmp_path / "out" / "registers.yaml").read_text(encoding="utf-8")
    assert yaml.safe_load(written) == yaml.safe_load(LOW_INCOME)

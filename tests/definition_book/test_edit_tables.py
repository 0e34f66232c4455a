"""The definition workbook as tables: what is edited in one is what the workbook says then, and nothing else of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from kbxt_merge.desk.typed_table import edit_of
from kbxt_merge.form_definitions.editing import load_book
from kbxt_merge.form_definitions.exporting import export
from kbxt_merge.form_definitions.opened_book import read_book, write_book, write_with_new, write_without
from kbxt_merge.intake.definitions.loader import load_forms, read_forms
from kbxt_merge.model.definition_book.layout import (
    BUREAU_SHEET,
    CHOICE_SHEET,
    REGISTER_SHEET,
    RELATION_SHEET,
    WORD_SHEET,
)
from kbxt_merge.model.definition_book.tables import BookTable, NewSheet, TableEdit
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.limits import Limits
from kbxt_merge.rules.catalogue import CATALOGUE

LIST = "残疾儿童就学台账"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    *_, made = export(tmp_path_factory.mktemp("book"), None)
    return made


@pytest.fixture(scope="module")
def tables(book: Path) -> Mapping[str, BookTable]:
    return {each.sheet: each for each in read_book(book, Limits()).tables}


@pytest.fixture(scope="module")
def small(book: Path) -> Path:
    """A workbook that has one form, and no page of our own but the bureau's."""
    made = openpyxl.load_workbook(book)
    for name in set(made.sheetnames) - {BUREAU_SHEET, LIST, CHOICE_SHEET}:
        made.remove(made[name])
    path = book.with_name("一张表.xlsx")
    made.save(path)
    return path


def kept(table: BookTable) -> list[tuple[int | None, Mapping[int, str]]]:
    return [(row, {}) for row in table.rows]


def edited(book: Path, table: BookTable, rows: Sequence[tuple[int | None, Mapping[int, str]]], copy: Path) -> Path:
    write_book(book, copy, TableEdit(table.sheet, {}, table.header, list(table.rows), rows), Limits())
    return copy


def labels(forms: Forms, slug: str) -> list[str]:
    return [field.label.zh for field in forms.by_slug[slug].fields]


def test_every_sheet_is_a_table_and_every_cell_of_it_says_what_the_workbook_does(
    book: Path, tables: Mapping[str, BookTable]
) -> None:
    read = read_book(book, Limits())
    grids = {grid.sheet: grid for grid in read.grids}
    assert set(tables) == set(grids) - {"可选"}
    cells = [
        (table.sheet, cell.place, cell.text)
        for table in tables.values()
        for cell in (*table.lines.values(), *(each for row in table.rows.values() for each in row.values()))
        if cell.text
    ]
    assert len(cells) > 2000
    for sheet, (row, column), text in cells:
        grid = grids[sheet]
        assert str(grid.rows[row - grid.top][column - grid.left]) == text
    assert tables[BUREAU_SHEET].lines["county"].text == "赣县区"
    assert tables[LIST].lines["was"].text == ""
    assert "民族" in tables[LIST].offered["type"]


def test_a_row_is_moved_one_added_and_one_struck(book: Path, tables: Mapping[str, BookTable], tmp_path: Path) -> None:
    table = tables[LIST]
    before = labels(load_forms(CATALOGUE), "3")
    rows = kept(table)
    rows.pop(0)
    moved = rows.pop(-1)
    added = (None, {table.columns["header"]: "民族", table.columns["type"]: "民族"})
    copy = edited(book, table, [rows[0], moved, added, *rows[1:]], tmp_path / "表格定义.xlsx")
    forms = load_forms(CATALOGUE, copy)
    assert labels(forms, "3") == [before[1], before[-1], "民族", *before[2:-1]]
    by_name = {field.name: field for field in load_forms(CATALOGUE).by_slug["3"].fields}
    assert [by_name[each.name] == each for each in forms.by_slug["3"].fields if each.name in by_name] == [True] * 11
    assert [each for each in forms.forms if each.slug != "3"] == [
        each for each in load_forms(CATALOGUE).forms if each.slug != "3"
    ]


def test_a_row_stands_where_its_number_says(tables: Mapping[str, BookTable]) -> None:
    """One that is moved, up or down, has that number then; those between move on."""
    table = tables[LIST]
    one, two, three, four, five, six, seven, eight, *rest = table.rows
    typed = {
        str(three): {"order": "5"},
        str(eight): {"order": "2"},
        str(six): {"order": "second", "header": table.rows[six]["header"].text},
        "new0": {"order": "4", "header": "民族"},
        "new1": {"header": " "},
    }
    edit = edit_of(table, typed, frozenset({str(seven)}))
    assert [row for row, _ in edit.rows] == [one, eight, two, None, four, five, three, six, *rest]
    assert [texts for _, texts in edit.rows if texts] == [{table.columns["header"]: "民族"}]


def test_what_is_wrong_is_told_at_the_cell_where_it_was_typed(
    book: Path, tables: Mapping[str, BookTable], tmp_path: Path
) -> None:
    table = tables[LIST]
    rows = kept(table)
    at = table.columns["type"]
    rows[1] = (rows[1][0], {at: "=1+1"})
    copy = edited(book, table, rows, tmp_path / "表格定义.xlsx")
    _, (fault,) = read_forms(CATALOGUE, copy)
    cell = list(table.rows.values())[1]["type"]
    assert fault.mark is not None
    assert (fault.mark.sheet, fault.mark.cell) == (LIST, cell.address)
    again = {each.sheet: each for each in read_book(copy, Limits()).tables}
    assert list(again[LIST].rows.values())[1]["type"].text == "=1+1"


def test_lines_and_words_are_edited_alike(book: Path, tables: Mapping[str, BookTable], tmp_path: Path) -> None:
    bureau, words = tables[BUREAU_SHEET], tables[WORD_SHEET]
    one, two = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    write_book(book, one, TableEdit(BUREAU_SHEET, {bureau.lines["county"].place: "云岭县"}, 0, [], []), Limits())
    row = next(row for row, cells in words.rows.items() if cells["value"].text == "男")
    edited(one, words, [(at, {words.columns["variants"]: "男生、男孩"} if at == row else {}) for at in words.rows], two)
    forms = load_forms(CATALOGUE, two)
    assert forms.county == "云岭县"
    assert set(forms.vocabularies["sex"].variants) >= {"男孩"}


def with_sheet(book: Path, new: NewSheet, copy: Path) -> str:
    return write_with_new(book, copy, new, "zh", Limits())


def changed(copy: Path, table: BookTable, lines: Mapping[str, str], *rows: Mapping[str, str]) -> Path:
    """The copy with these lines, and these rows below the others."""
    added = [(None, {table.columns[key]: text for key, text in row.items()}) for row in rows]
    typed = {table.lines[key].place: text for key, text in lines.items()}
    edit = TableEdit(table.sheet, typed, table.header, list(table.rows), [*kept(table), *added])
    write_book(copy, copy, edit, Limits())
    return copy


def headers(table: BookTable) -> list[str]:
    return [each["header"].text for each in table.rows.values()]


def tables_now(copy: Path) -> Mapping[str, BookTable]:
    return {each.sheet: each for each in read_book(copy, Limits()).tables}


def test_a_form_is_added_with_nothing_in_it_and_filled_in(small: Path, tmp_path: Path) -> None:
    """What it still lacks is told at its sheet, as of any workbook; then it is a form among the others."""
    copy = tmp_path / "表格定义.xlsx"
    assert with_sheet(small, NewSheet("校车/台账"), copy) == "校车_台账"
    forms, faults = read_forms(CATALOGUE, copy)
    assert {each.mark.sheet for each in faults if each.mark} == {"校车_台账"}
    table = tables_now(copy)["校车_台账"]
    assert (table.rows, table.lines["label.zh"].text, table.is_form) == ({}, "校车/台账", True)
    fields = (
        {"header": "序号", "type": "序号"},
        {"header": "车牌号", "type": "编码", "kind": "车牌号", "part": "凭它认"},
    )
    changed(copy, table, {"form": "7", "shape": "名单", "bearer": "其他（车辆、设施……）"}, *fields)
    forms = load_forms(CATALOGUE, copy)
    assert [each.slug for each in forms.forms] == ["3", "7"]
    assert labels(forms, "7") == ["序号", "车牌号"]


def test_a_form_is_added_as_another_is_and_taken_out_again(small: Path, tmp_path: Path) -> None:
    """Its fields are the other's, its number its own; drop-downs come along."""
    copy = tmp_path / "表格定义.xlsx"
    assert with_sheet(small, NewSheet("孤儿台账", LIST), copy) == "孤儿台账"
    tables = tables_now(copy)
    one, other = tables[LIST], tables["孤儿台账"]
    assert headers(one) == headers(other)
    assert {key for key, cell in other.lines.items() if cell.text != one.lines[key].text} == {
        "title", "label.zh", "form", "file", "version",
    }  # fmt: skip
    made = openpyxl.load_workbook(copy)
    assert len(made["孤儿台账"].data_validations.dataValidation) == len(made[LIST].data_validations.dataValidation) > 5
    changed(copy, other, {"form": "8"})
    forms = load_forms(CATALOGUE, copy)
    assert (labels(forms, "8"), forms.by_slug["8"].was) == (labels(forms, "3"), ())
    write_without(copy, copy, "孤儿台账", Limits())
    assert load_forms(CATALOGUE, copy) == load_forms(CATALOGUE, small)


@pytest.mark.parametrize("name", [RELATION_SHEET, REGISTER_SHEET, WORD_SHEET])
def test_a_sheet_of_our_own_that_is_lacking_is_added_and_says_nothing_yet(
    name: str, small: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "表格定义.xlsx"
    assert with_sheet(small, NewSheet(name), copy) == name
    assert (tables_now(copy)[name].rows, load_forms(CATALOGUE, copy)) == ({}, load_forms(CATALOGUE, small))
    with pytest.raises(ValueError, match=name):
        with_sheet(copy, NewSheet(name), copy)


def test_a_workbook_from_elsewhere_costs_a_process_and_nothing_else(book: Path) -> None:
    """One that swells is not read, nor one that asks for more memory than a worker may have."""
    bomb = Path(__file__).parents[2] / "examples" / "returned" / "压缩炸弹.xlsx"
    for path, limits in ((bomb, Limits()), (book, replace(Limits(), memory_bytes=1 << 20))):
        loaded = load_book(path, limits)
        assert (loaded.forms, loaded.tables) == (None, ())
        assert [(each.sheet, each.cell) for each in loaded.mistakes] == [("", "")]

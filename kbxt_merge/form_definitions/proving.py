"""A definition is proven before schools see it: its own blank reads back empty, and filled with its example clean."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from pathlib import Path

from kbxt_merge.errors import SchemaError
from kbxt_merge.intake.assembly.assemble import assemble
from kbxt_merge.intake.formats.read_workbook import read_workbook
from kbxt_merge.intake.formats.sniff import kind_of
from kbxt_merge.intake.reading.read_file import ReadReturn
from kbxt_merge.model.field import ROW_LABEL
from kbxt_merge.model.form import Form, Shape
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.period import Period
from kbxt_merge.model.returns import Grid, Kind, Reading, Sheet, SourceFile, Workbook, address
from kbxt_merge.model.rule import Scope
from kbxt_merge.model.school import Roster, School
from kbxt_merge.model.text import Words
from kbxt_merge.model.wording import Wording
from kbxt_merge.outputs.blanks.examples import example_row, example_rows
from kbxt_merge.outputs.blanks.master import Master
from kbxt_merge.rules.catalogue import CATALOGUE
from kbxt_merge.rules.run import check

_SCHOOL = "第一实验学校"
_DAY = dt.date(2021, 9, 10)
"""When blanks are filled in for proof, unless a field's dates must lie elsewhere."""
_PRINTED_DAY = re.compile(r"[ 　_]*年[ 　_]*月(?:[ 　_]*日)?")
_OF_ONE_FORM = frozenset({Scope.CELL, Scope.ROW})
_OF_THE_SHEET = frozenset(
    {"form-unrecognised", "column-missing", "column-unexpected", "school-missing", "fill-date-missing", "row-sum"}
)
_EITHER_WIDTH = {"(": "[(（]", ")": "[)）]"}
_LONGEST_LINE = 120
_NOT_AN_EXAMPLE = "……"
"""What the example says where nothing is known of a text."""


def refuse_unproven(forms: Forms) -> None:
    """Raise SchemaError where a form's own blank, empty or filled in, is not read as the form means it."""
    faults = [fault for form in forms.handed_out for fault in faults_of(forms, form)]
    if faults:
        raise SchemaError(
            "这些表还不能下发，请先改表格定义：\n" + "\n".join(each.zh for each in faults),
            "these forms can't be handed out yet; correct the definitions first:\n"
            + "\n".join(each.en for each in faults),
        )


def faults_of(forms: Forms, form: Form) -> Iterator[Words]:
    """What is not read as the form means it, in sentences."""
    made = Master.of(forms, [form], roster=None, period=Period.of(_day_of(form)), language="zh").stamped(_SCHOOL, "")
    book = read_workbook(made, Kind.XLSX, Limits())
    stage = ReadReturn(forms, Limits())
    sheets = _read(stage, book).sheets
    faults = list(blank_faults(form, forms, sheets))
    if any(len(each.rows) for each in sheets) and form.shape is not Shape.STATISTICS:
        faults.append(
            _told(form, "空表里没有填的行被当成了记录", "a row of the blank that nobody filled in is a record")
        )
    yield from faults
    if not faults:
        yield from _filled_faults(stage, forms, form, book, sheets)


def blank_faults(form: Form, forms: Forms, sheets: Sequence[Sheet]) -> Iterator[Words]:
    """Whether every field is found on a blank, no column is left over, and the unit line is read."""
    own = [each for each in sheets if each.form == form.slug]
    if not own:
        other = next((forms.by_slug[each.form].label for each in sheets), None)
        zh = (
            f"它的空表被当成了“{other.zh}”，两张表太像：请改标题或表头"
            if other
            else "它的空表认不出来：请核对标题和表头"
        )
        en = f"its blank is taken for {other.en}: they are too alike" if other else "its blank is not recognised"
        yield _told(form, zh, en)
        return
    sheet = own[0]
    for name in sheet.missing:
        label = form.by_name[name].label if name in form.by_name else Words(name, name)
        yield _told(form, f"空表里找不到“{label.zh}”一栏", f"the column {label.en} is not found on the blank")
    for row, column, text in sheet.unexpected:
        cell = address(row, column)
        yield _told(
            form, f"空表里多出“{text}”一栏（{cell}），定义里没有", f"the column `{text}` ({cell}) is not defined"
        )
    is_of_school = form.shape is Shape.CARD and form.by_name[form.record_field].type == "school"
    if "{school}" in form.unit_line.printed and not sheet.unit and not is_of_school:
        yield _told(form, "没有读到填报单位一行：请核对“校名前的字样”", "the line of the unit is not read")


def faults_on(path: Path, forms: Forms) -> Iterator[Words]:
    """What of the forms is not found on a blank that somebody else made, a school's name written into it."""
    data = path.read_bytes()
    stage = ReadReturn(forms, Limits())
    book = read_workbook(data, kind_of(data, path.name), Limits(), (), path.name)
    for grid in book.grids:
        _fill_school(grid, forms)
    first = {sheet.sheet: sheet for sheet in _read(stage, book).sheets}
    for grid in book.grids:
        if sheet := first.get(grid.sheet):
            _fill_columns(grid, forms.by_slug[sheet.form], sheet)
    reading = _read(stage, book)
    found = {each.form for each in reading.sheets}
    for form in forms.handed_out:
        if form.slug in found:
            yield from blank_faults(form, forms, reading.sheets)
    for name in reading.unrecognised:
        yield Words(
            f"{path.name} 的工作表“{name}”认不出是哪张表", f"the sheet {name} of {path.name} is none of the forms"
        )


def _read(stage: ReadReturn, book: Workbook) -> Reading:
    file = SourceFile(f"{_SCHOOL}.xlsx", "", 1, 0.0)
    return stage.reading_of(file, Kind.XLSX, "proof", book)


def _filled_faults(
    stage: ReadReturn, forms: Forms, form: Form, book: Workbook, sheets: Sequence[Sheet]
) -> Iterator[Words]:
    own = next(each for each in sheets if each.form == form.slug)
    grids = [_filled(grid, form, own) if grid.sheet == own.sheet else grid for grid in book.grids]
    reading = _read(stage, Workbook(grids, book.marks))
    roster = Roster((School("", _SCHOOL),), (forms.city, forms.county))
    district = assemble([reading], forms, roster, Period.of(_day_of(form)), _day_of(form), whole=False)
    records = len(district.records[form.slug])
    wanted = len(form.row_labels) or 1
    if records != wanted:
        yield _told(
            form,
            f"填上示例后应读出 {wanted} 条，读出 {records} 条",
            f"filled with its example {wanted} records should be read, and {records} are",
        )
        return
    found = check(district)
    own_rules = _OF_THE_SHEET | {slug for slug, card in CATALOGUE.items() if card.scope in _OF_ONE_FORM}
    frame = found.frame
    frame = frame[(frame["severity"] != "info") & frame["form"].isin((form.slug, "")) & frame["rule"].isin(own_rules)]
    sentences = {language: Wording(CATALOGUE, forms, language).sentences(frame) for language in ("zh", "en")}
    labels = [form.by_name[name].label if name in form.by_name else Words(name, name) for name in frame["field"]]
    for label, zh, en in zip(labels, sentences["zh"], sentences["en"], strict=True):
        yield _told(form, f"填上示例后“{label.zh}”有错：{zh}", f"its own example is faulty at {label.en}: {en}")


def _filled(grid: Grid, form: Form, sheet: Sheet) -> Grid:
    """The blank's grid with the day and the example typed in."""
    made = deepcopy(grid)
    _fill_day(made, form)
    example = example_row(form, Period.of(_day_of(form)), None)
    values = {field.name: _value(field.type, example[field.name]) for field in form.fields}
    if form.shape is Shape.CARD:
        for name, row in sheet.card_rows.items():
            _put(made, row, sheet.columns[name], values.get(name, ""))
    elif form.shape is Shape.ROWS:
        _fill_rows(made, form, sheet)
    else:
        below = (sheet.header_row or 0) + 1 + bool(form.column_codes)
        for name, column in sheet.columns.items():
            _put(made, below, column, values[name])
    return made


def _day_of(form: Form) -> dt.date:
    """The day on which a form is filled in for proof: as near to the usual one as its fields' bounds let it."""
    least = [each.least for each in form.fields if isinstance(each.least, dt.date)]
    most = [each.most for each in form.fields if isinstance(each.most, dt.date)]
    return min([max([_DAY, *least]), *most])


def _value(type_: str, example: str) -> str:
    if type_ == "sequence":
        return "1"
    if type_ == "school":
        return _SCHOOL
    return "" if example == _NOT_AN_EXAMPLE and type_ != "text" else example


def _fill_rows(grid: Grid, form: Form, sheet: Sheet) -> None:
    """The example of every printed row, beside what the blank prints."""
    label = sheet.columns[form.record_field]
    examples = example_rows(form, Period.of(_day_of(form)), None)
    typed = [each for each in form.fields if each.name in sheet.columns and not each.printed]
    for offset, row in enumerate(grid.rows):
        at = label - grid.left
        example = examples.get(str(row[at]).strip(), {}) if at < len(row) else {}
        for each in typed if example else ():
            if each.type not in (ROW_LABEL, "sequence"):
                _put(grid, grid.top + offset, sheet.columns[each.name], _value(each.type, example[each.name]))


def _fill_day(grid: Grid, form: Form) -> None:
    """The form's day, where its blank is printed: in the first such cell of the unit line."""
    for row in grid.rows:
        for at, cell in enumerate(row):
            found = _PRINTED_DAY.search(cell) if isinstance(cell, str) and len(cell) < _LONGEST_LINE else None
            if found and ("：" in str(cell) or found[0].strip() == str(cell).strip()):
                filled = _day_of(form)
                day = f"{filled.year}年{filled.month}月" + ("" if form.unit_line.by_month else f"{filled.day}日")
                row[at] = f"{str(cell)[: found.start()]}{day}{str(cell)[found.end() :]}"
                return


def _fill_columns(grid: Grid, form: Form, sheet: Sheet) -> None:
    """The example below the header, and a mark in every other column: one that holds nothing is nobody's."""
    if form.shape in (Shape.CARD, Shape.ROWS) or sheet.header_row is None:
        return
    grid.rows[:] = _filled(grid, form, sheet).rows
    below = sheet.header_row + 1 + bool(form.column_codes)
    header = grid.rows[sheet.header_row - grid.top]
    for column in range(grid.left, grid.left + len(header)):
        if column not in sheet.columns.values():
            _put(grid, below, column, "甲")


def _fill_school(grid: Grid, forms: Forms) -> None:
    """A school's name behind each word that stands before one."""
    labels = {label for form in forms.forms for label in form.unit_line.labels}
    spaced = (
        r"\s*".join(_EITHER_WIDTH.get(each, re.escape(each)) for each in label)
        for label in sorted(labels, key=len, reverse=True)
    )
    words = "|".join(spaced)
    pattern = re.compile(rf"(?:{words})\s*(?:[（(][^）)]*[）)])?\s*[:：]")
    for row in grid.rows:
        for at, cell in enumerate(row):
            found = pattern.search(cell) if isinstance(cell, str) else None
            if found:
                row[at] = f"{str(cell)[: found.end()]}{_SCHOOL}{str(cell)[found.end() :]}"


def _put(grid: Grid, row: int, column: int, text: str) -> None:
    while len(grid.rows) <= row - grid.top:  # a grid ends with the last row that holds something
        grid.rows.append([])
    line = grid.rows[row - grid.top]
    at = column - grid.left
    line += [None] * (at + 1 - len(line))
    line[at] = text or None


def _told(form: Form, zh: str, en: str) -> Words:
    return Words(f"“{form.label.zh}”：{zh.rstrip('。')}。", f"{form.label.en}: {en.rstrip('.')}.")

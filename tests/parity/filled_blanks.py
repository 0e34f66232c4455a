"""Blanks filled in by a script, worked out by LibreOffice, and what their self-check then says."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet
from typed_rows import Row

from kbxt_merge.model.form import Form, Shape
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.own_workbook import CHECK_HEADER
from kbxt_merge.outputs.blanks.master import Master

SCHOOL = "赣县区梅林第一中心小学"

_AT_ONCE = 12
"""Files a call of LibreOffice: few enough for its memory, many enough for its start not to matter."""

Said = set[tuple[str, str, str]]
"""What is wrong: sheet and row, the field's label, the words."""


def recalculated(files: Sequence[Path], folder: Path, kind: str = "xlsx") -> list[Path]:
    """The files as LibreOffice saves them when it has worked out every formula."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", str(folder)]
    for start in range(0, len(files), _AT_ONCE):
        some = map(str, files[start : start + _AT_ONCE])
        subprocess.run([*command, *some], check=True, capture_output=True, timeout=900)
    return [folder / f"{file.stem}.{kind}" for file in files]


@dataclass(frozen=True)
class FilledBlank:
    """A form's blank with rows typed into it, and room for them all; a card has a copy of its sheet for each row."""

    forms: Forms
    form: Form
    rows: Sequence[Row]
    date: str

    def save(self, path: Path) -> Path:
        """Fill it in as a school would, and save it."""
        roomy = replace(self.form, printed_rows=max(len(self.rows), 1))
        forms = replace(self.forms, forms=tuple(roomy if each is self.form else each for each in self.forms.forms))
        blank = Master.of(forms, [roomy], None, None, "zh").stamped(SCHOOL, "2136000001")
        book = openpyxl.load_workbook(BytesIO(blank))
        fill(book, book.worksheets[0], self.form, self.rows, self.date)
        book.save(path)
        return path


def fill(
    book: openpyxl.Workbook, sheet: Worksheet, form: Form, rows: Sequence[Row], date: str, *, keep_sums: bool = False
) -> None:
    """Type the form's date and the rows into a blank's sheet; with `keep_sums` its formulas stay."""
    _date(sheet, form, date)
    if form.shape is not Shape.CARD:
        _fill_table(sheet, form, rows, keep_sums)
        return
    cells = _card_cells(sheet, form)
    copies = [sheet, *(book.copy_worksheet(sheet) for _ in rows[1:])]
    for number, (copy, row) in enumerate(zip(copies, rows, strict=True)):
        copy.title = f"card{number}"
        for name, (line, column) in cells.items():
            if row.get(name) is not None:
                copy.cell(line, column).value = row[name]  # type: ignore[union-attr]


def said_by_table(path: Path, form: Form) -> tuple[Said, set[str]]:
    """What the self-check of a list says, and the rows that it takes for records."""
    column: int | None = None
    said, records = set(), set()
    with closing(openpyxl.load_workbook(path, data_only=True, read_only=True)) as book:  # its steps are never parsed
        for number, cells in enumerate(book.worksheets[0].iter_rows(values_only=True), 1):
            if column is None:
                column = cells.index(CHECK_HEADER) if CHECK_HEADER in cells else None
            elif len(cells) > column and cells[column]:
                records.add(str(number))
                said |= {(str(number), *each) for each in _parts(str(cells[column]), "；")}
    return said, records


def said_by_cards(path: Path) -> tuple[Said, set[str]]:
    """What the self-check of every card says, by the name of its sheet."""
    book = openpyxl.load_workbook(path, data_only=True)
    cards = [sheet for sheet in book.worksheets if sheet.title.startswith("card")]
    columns = [next(cell.column for cell in sheet[1] if str(cell.value).startswith(CHECK_HEADER)) for sheet in cards]
    texts = {sheet.title: str(sheet.cell(2, column).value or "") for sheet, column in zip(cards, columns, strict=True)}
    return {(name, *each) for name, text in texts.items() for each in _parts(text, "\n")}, set(texts)


def _parts(text: str, mark: str) -> Iterator[tuple[str, str]]:
    for part in filter(None, text.split(mark)):
        label, colon, words = part.partition("：")
        if colon and words:
            yield label, words


def _date(sheet: Worksheet, form: Form, date: str) -> None:
    """Type the form's date where the blanks for it are printed."""
    lines = [sheet[3]] if not form.unit_line.below else list(sheet.iter_rows(min_row=4))
    cell = next(each for line in lines for each in line if "年    月" in str(each.value) and each.column > 1)
    label, colon, _ = str(cell.value).partition("：")
    cell.value = f"{label}{colon}{date}" if colon else date


def _fill_table(sheet: Worksheet, form: Form, rows: Sequence[Row], keep_sums: bool) -> None:
    first = next(cell.row for cell in sheet["A"] if cell.value == 1)
    for number, row in enumerate(rows, first):
        for column, each in enumerate(form.fields, 1):
            cell = sheet.cell(number, column)
            if each.name in row and not (keep_sums and str(cell.value).startswith("=")):
                cell.value = row[each.name]  # type: ignore[assignment]


def _card_cells(sheet: Worksheet, form: Form) -> Mapping[str, tuple[int, int]]:
    """The cell right of each label: labels come in the order of the fields, left to right, top to bottom."""
    labels = {each.header for each in form.fields}
    cells = [cell for line in sheet.iter_rows(min_row=4) for cell in line if cell.value in labels]
    return {each.name: (cell.row, cell.column + 1) for each, cell in zip(form.fields, cells, strict=True)}

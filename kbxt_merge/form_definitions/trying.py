"""Some files read by the definitions in force, cell by cell; nothing is merged and nothing of it kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kbxt_merge.errors import InboxError, OutputError
from kbxt_merge.form_definitions.in_force import forms_of
from kbxt_merge.intake.assembly.assemble import assemble
from kbxt_merge.intake.formats.read_workbook import Unreadable, read_workbook
from kbxt_merge.intake.formats.sniff import kind_of
from kbxt_merge.intake.reading.read_file import ReadReturn
from kbxt_merge.model.cell import CellState, shown
from kbxt_merge.model.district import District, Records
from kbxt_merge.model.form import Form, Shape
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.period import Period
from kbxt_merge.model.privacy import MASKED
from kbxt_merge.model.returns import Cell, Grid, Sheet, SourceFile, Workbook, address, is_blank, position
from kbxt_merge.outputs.trial import TRIAL, As, Trial, TrialCell, TrialSheet, write_trial
from kbxt_merge.settings import Settings

_UNREAD = frozenset({CellState.UNREADABLE, CellState.ERROR_VALUE, CellState.NO_RESULT})
_READ_AS = frozenset({CellState.NORMALISED, CellState.AMBIGUOUS})

Place = tuple[int, int]
"""Row and column, counted from 0."""


def try_out(paths: Sequence[Path], settings: Settings, folder: Path | None = None) -> tuple[Trial, Path | None]:
    """How each cell of the files is read; with a folder, the page that shows it stands there.

    Raises InboxError for a file that can't be read, OutputError for a folder that can't be written.
    """
    forms = forms_of(settings.schemas)
    stage = ReadReturn(forms, settings.limits)
    sheets = [sheet for path in paths for sheet in _tried(path, stage, settings)]
    trial = Trial(sheets)
    if folder is None:
        return trial, None
    page = folder / TRIAL
    try:
        folder.mkdir(parents=True, exist_ok=True)
        page.touch(mode=0o600)
        write_trial(page, trial, settings.language)
    except OSError as error:
        raise OutputError(f"无法写入“{page}”（{error.strerror}）", f"can't write {page} ({error.strerror})") from error
    return trial, page


def _tried(path: Path, stage: ReadReturn, settings: Settings) -> Iterator[TrialSheet]:
    try:
        data = path.read_bytes()
        kind = kind_of(data, path.name)
        book = read_workbook(data, kind, settings.limits, settings.passwords, path.name)
    except OSError as error:
        raise InboxError(f"无法读取“{path}”（{error.strerror}）", f"can't read {path} ({error.strerror})") from error
    except Unreadable as error:
        raise InboxError(f"无法读取“{path}”：不是能读的表格，或者有密码", f"can't read {path}: {error}") from error
    reading = stage.reading_of(SourceFile(path.name, str(path), len(data), 0.0), kind, path.name, book)
    as_of = settings.as_of or dt.date.today()
    district = assemble([reading], stage.forms, None, settings.period or Period.of(as_of), as_of, whole=False)
    grids = list(_shown(book, {sheet.sheet for sheet in reading.sheets}))
    yield from (_told(path.name, grid, district, stage.forms) for grid in grids)
    if not grids:
        yield TrialSheet(path.name)


def _shown(book: Workbook, read: Collection[str]) -> Iterator[Grid]:
    """The sheets with something on them; of hidden ones those that are read as a form, for a merge reads them too."""
    looked_at = (grid for grid in book.grids if not grid.hidden or grid.sheet in read)
    return (grid for grid in looked_at if any(not is_blank(cell) for row in grid.rows for cell in row))


def _told(file: str, grid: Grid, district: District, forms: Forms) -> TrialSheet:
    sheets = [each for reading in district.readings for each in reading.sheets if each.sheet == grid.sheet]
    known: dict[Place, TrialCell] = {}
    for sheet in sheets:
        form = forms.by_slug[sheet.form]
        known |= dict(_SheetCells(grid, sheet, form, district.records[form.slug]).all())
    rows = [
        [_cell(cell, (grid.top + at, grid.left + column), known) for column, cell in enumerate(row)]
        for at, row in enumerate(grid.rows)
    ]
    first = sheets[0] if sheets else None
    if first is None:
        return TrialSheet(file, grid.sheet, rows=rows, first_column=grid.left, first_row=grid.top)
    form = forms.by_slug[first.form]
    return TrialSheet(
        file,
        grid.sheet,
        "、".join(dict.fromkeys(forms.by_slug[each.form].label.zh for each in sheets)),
        first.unit or "",
        first.date.last.isoformat() if first.date else "",
        sum(len(each.rows) for each in sheets),
        [form.by_name[name].label.zh for name in first.missing if name in form.by_name],
        rows,
        grid.left,
        grid.top,
    )


def _cell(cell: Cell, place: Place, known: Mapping[Place, TrialCell]) -> TrialCell | None:
    if place in known:
        return known[place]
    text = shown(cell)
    return TrialCell(address(*place), MASKED.text[text], As.NOTHING) if text.strip() else None


@dataclass(frozen=True)
class _SheetCells:
    """The cells of one form on a sheet."""

    grid: Grid
    sheet: Sheet
    form: Form
    records: Records

    def all(self) -> Iterator[tuple[Place, TrialCell]]:
        """Every cell that is taken for something."""
        for cell, taken in ((self.sheet.unit_cell, As.UNIT), (self.sheet.date_cell, As.DATE)):
            if place := position(cell):
                yield self._taken(place, taken)
        yield from self._values()
        yield from self._headers()
        for each in self.sheet.left_out:
            yield self._taken((each.row, each.column), As.LEFT_OUT, meant=each.reason.words.zh)
        for row, column, _ in self.sheet.unexpected:
            yield self._taken((row, column), As.UNKNOWN_COLUMN)

    def _headers(self) -> Iterator[tuple[Place, TrialCell]]:
        for at, field in enumerate(self.form.fields):
            column = self.sheet.columns.get(field.name)
            if column is None:
                continue
            if self.form.shape is Shape.CARD:
                row = self.sheet.card_rows.get(field.name, self.grid.top)
                place = self._label((row, column - 1), (0, -1))
            else:
                place = self._label((self.sheet.header_row or self.grid.top, column), (-1, 0))
            if place:
                yield self._taken(place, As.HEADER, field.label.zh, colour=at)

    def _label(self, place: Place, step: Place) -> Place | None:
        """The first filled cell from a place on, upwards or to the left."""
        row, column = place
        while row >= self.grid.top and column >= self.grid.left:
            if shown(self._typed((row, column))).strip():
                return row, column
            row, column = row + step[0], column + step[1]
        return None

    def _values(self) -> Iterator[tuple[Place, TrialCell]]:
        records = self.records
        own = [at for at in range(len(records)) if records.returned[records.sheet[at]].sheet is self.sheet]
        for colour, field in enumerate(self.form.fields):
            column = self.sheet.columns.get(field.name)
            if column is None:
                continue
            states = records.states[field.name]
            values = records.shown[field.name].tolist()
            hide = MASKED.value(field.mask)
            for at in own:
                row = self.sheet.card_rows.get(field.name, int(records.row[at]))
                state = CellState(int(states[at]))
                if state is CellState.BLANK:
                    continue
                taken = As.UNREAD if state in _UNREAD else As.READ_AS if state in _READ_AS else As.VALUE
                text = shown(records.typed[field.name][at])
                meant = hide[values[at]] if taken is As.READ_AS else ""
                cell = TrialCell(address(row, column), hide[text], taken, field.label.zh, meant, colour)
                yield (row, column), cell

    def _typed(self, place: Place) -> Cell:
        row, column = place[0] - self.grid.top, place[1] - self.grid.left
        line = self.grid.rows[row] if 0 <= row < len(self.grid.rows) else []
        return line[column] if 0 <= column < len(line) else None

    def _taken(
        self, place: Place, taken: As, field: str = "", meant: str = "", colour: int = -1
    ) -> tuple[Place, TrialCell]:
        text = MASKED.text[shown(self._typed(place))]
        return place, TrialCell(address(*place), text, taken, field, meant, colour)

"""The records that a page shows beside its findings, as the schools typed them, each once."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain, count

import numpy as np

from kbxt_merge.model.cell import shown
from kbxt_merge.model.district import District, Records
from kbxt_merge.model.finding import Place
from kbxt_merge.model.form import Form, Shape
from kbxt_merge.model.returns import Cell, Sheet, address, column_letters
from kbxt_merge.outputs.report.masked import Shown


class Texts:
    """Every text of a page once; columns hold positions in it."""

    def __init__(self) -> None:
        """Begin with the blank text, so that it is always the first."""
        self._positions: defaultdict[str, int] = defaultdict(count().__next__)
        self.position("")

    def position(self, text: str) -> int:
        """Where the text stands; a new one stands last."""
        return self._positions[text]

    def positions(self, texts: Iterable[str]) -> list[int]:
        """Where each text stands."""
        return list(map(self._positions.__getitem__, texts))

    def all(self) -> list[str]:
        """The texts in order."""
        return list(self._positions)


@dataclass(slots=True)
class Rows:
    """The rows of a page, by form; a row's number is its place among the rows of its form."""

    district: District
    shown: Shown
    texts: Texts = field(default_factory=Texts)
    _numbers: dict[str, defaultdict[int, int]] = field(init=False)

    def __post_init__(self) -> None:
        """Begin without any row."""
        self._numbers = {form: defaultdict(count().__next__) for form in self.district.records}

    def number(self, form: str, record: int) -> int:
        """The number of the row of a record; -1 where there is none."""
        return self._numbers[form][record] if record >= 0 and form in self._numbers else -1

    def numbers(self, forms: Iterable[str], records: Iterable[int]) -> list[int]:
        """The number of the row of each record."""
        known = self._numbers
        return [
            known[form][record] if record >= 0 and form in known else -1
            for form, record in zip(forms, records, strict=True)
        ]

    def columns(self) -> dict[str, list[list[int]]]:
        """Per form a column of texts a field, in the form's order."""
        shown = ((form, numbers) for form, numbers in self._numbers.items() if numbers)
        return {form: self._columns(self.district.records[form], numbers) for form, numbers in shown}

    def _columns(self, records: Records, numbers: Mapping[int, int]) -> list[list[int]]:
        """The columns, all that are masked alike at once: a school's page has many short ones."""
        at = np.fromiter(numbers, dtype=np.intp, count=len(numbers))
        alike: dict[int, dict[str, str]] = {}
        for each in records.form.fields:
            alike.setdefault(id(self.shown.value(each.mask)), {})[each.name] = each.mask
        columns: dict[str, list[int]] = {}
        for fields in alike.values():
            cells = chain.from_iterable([records.typed[name][at].tolist() for name in fields])
            places = self._positions(cells, next(iter(fields.values())))
            columns |= {name: places[first : first + len(at)] for name, first in zip(fields, count(0, len(at)))}
        return [columns[each.name] for each in records.form.fields]

    def _positions(self, cells: Iterable[Cell], field_type: str) -> list[int]:
        """Cells as a page shows them: as typed and masked."""
        texts = [cell if isinstance(cell, str) else shown(cell) for cell in cells]
        return self.texts.positions(self.shown.cells(field_type, texts))


@dataclass(frozen=True, slots=True)
class End:
    """The other end of a finding: its place, and where it lies in a record, the record and its field."""

    place: Place
    form: str = ""
    record: int = -1
    field: str = ""
    school: str = ""


_CELL = re.compile(r"([A-Z]+)([0-9]+)")


class Ends:
    """Finds the records that the other ends of findings lie in."""

    def __init__(self, district: District) -> None:
        """Index the sheets of the district by file and name."""
        self._records = district.records
        self._rows: dict[tuple[str, int], dict[int, int]] = {}
        self._sheets: dict[tuple[str, str], list[tuple[str, int]]] = {}
        for slug, records in district.records.items():
            for number, each in enumerate(records.returned):
                self._sheets.setdefault((each.file.path, each.sheet.sheet), []).append((slug, number))

    def find(self, text: str) -> End:
        """The end that a place, as printed, means."""
        place = Place.parse(text)
        cell = _CELL.fullmatch(place.cell)
        if not cell:
            return End(place)
        for slug, number in self._sheets.get((place.file, place.sheet), ()):
            records = self._records[slug]
            record = self._record(slug, number, int(cell[2]) - 1)
            if record is not None:
                name = _field_at(records.form, records.returned[number].sheet, place.cell, cell[1])
                return End(place, slug, record, name, str(records.school[record]))
        return End(place)

    def _record(self, slug: str, number: int, row: int) -> int | None:
        records = self._records[slug]
        if (slug, number) not in self._rows:
            here = np.flatnonzero(records.sheet == number)
            self._rows[slug, number] = dict(zip(records.row[here].tolist(), here.tolist(), strict=True))
        rows = self._rows[slug, number]
        if records.form.shape is Shape.CARD:
            return next(iter(rows.values()), None)
        return rows.get(row)


def _field_at(form: Form, sheet: Sheet, cell: str, letters: str) -> str:
    """The field whose cell this is; blank where it is no field's."""
    if form.shape is Shape.CARD:
        cells = {address(sheet.card_rows[name], sheet.columns[name]): name for name in sheet.card_rows}
        return cells.get(cell, "")
    return next((name for name, column in sheet.columns.items() if column_letters(column) == letters), "")

"""One file of the registers' folder → the registers on its sheets, by columns: a pure function of bytes and YAML."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, islice
from pathlib import PurePosixPath

import numpy as np
import numpy.typing as npt
import pandas as pd

from kbxt_merge.intake.formats.damage import Unreadable
from kbxt_merge.intake.formats.long_tables import Table, long_tables
from kbxt_merge.intake.inbox.listing import content
from kbxt_merge.intake.recognition.headers import header_text
from kbxt_merge.intake.registers.header import DEPTH, FoundHeader, Headers
from kbxt_merge.intake.values.columns import read_column
from kbxt_merge.intake.values.dates import find_date
from kbxt_merge.model.cell import CellState
from kbxt_merge.model.field import Field
from kbxt_merge.model.id_number import NOT_A_DAY, Digits
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.period_names import span_named
from kbxt_merge.model.reference import Coded, ReferencePart
from kbxt_merge.model.register import BIRTH, ID, NAME, Register
from kbxt_merge.model.returns import Cell, Grid, Problem, SourceFile, is_blank
from kbxt_merge.model.text import Words, plain

_AT_ONCE = 20_000
"""Rows that are held as they were read, before their columns are picked."""
_TOTALS = frozenset({"合计", "小计", "总计", "总数"})


@dataclass(frozen=True, slots=True)
class FoundRegister:
    """A register that a file holds: its rows, the columns that some sheet of it lacks, and the one without which
    nothing can be held against it."""

    slug: str
    part: ReferencePart
    missing: frozenset[str] = frozenset()
    lacks: str = ""


@dataclass(frozen=True, slots=True)
class RegisterReading:
    """What one file holds; `dated` is the last day that its name and titles speak of, None where they say none.

    `problem` says why it could not be read.
    """

    file: SourceFile
    sha256: str = ""
    found: tuple[FoundRegister, ...] = ()
    dated: dt.date | None = None
    problem: Problem | None = None


@dataclass
class ReadRegister:
    """Reads one file; can be sent to a worker process."""

    registers: tuple[Register, ...]
    others: tuple[str, ...]
    limits: Limits
    passwords: tuple[str, ...] = field(default=(), repr=False)

    def __call__(self, file: SourceFile) -> RegisterReading:
        """What the file holds, or why it could not be read."""
        digest = ""
        if file.refused is not None:
            return RegisterReading(file, problem=file.refused)
        try:
            data = content(file, self.limits, self.passwords)
            digest = hashlib.sha256(data).hexdigest()
            return self.reading_of(file, digest, long_tables(data, file.path, self.limits, self.passwords))
        except Unreadable as unreadable:
            return RegisterReading(file, digest, problem=unreadable.problem)

    def reading_of(self, file: SourceFile, digest: str, tables: Iterable[Table]) -> RegisterReading:
        """What the sheets of a file hold; raises Unreadable."""
        name = PurePosixPath(file.path).stem
        sheets: dict[str, list[_Sheet]] = {}
        titles: list[str] = [name]
        header, width = None, 0
        for table in tables:
            rows = iter(table.rows)
            first = list(islice(rows, DEPTH))
            grid = Grid(table.sheet, [list(row) for row in first], table.top, table.left)
            found = self._headers.find(grid, [name, table.sheet])
            if found is None and header is not None and _goes_on(first, header, width):
                found = FoundHeader(header.register, -1, header.columns)
            if found is None:
                continue
            header, width = found, max(map(len, first), default=0)
            titles += [table.sheet, *found.titles]
            sheets.setdefault(found.register.slug, []).append(_Sheet.of(table, found, chain(first, rows)))
        registers = {each.slug: each for each in self.registers}
        read = tuple(_found(registers[slug], parts) for slug, parts in sheets.items())
        return RegisterReading(file, digest, read, _day_of(titles))

    @cached_property
    def _headers(self) -> Headers:
        return Headers(self.registers, self.others)

    def __getstate__(self) -> dict[str, object]:
        """Travel without what each process prepares."""
        return {name: getattr(self, name) for name in ("registers", "others", "limits", "passwords")}


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The columns of one sheet as typed, without rows that name nobody; `rows` count from one."""

    name: str
    pointed_at: int
    lacks: str
    columns: Mapping[str, list[Cell]]
    rows: npt.NDArray[np.int32]

    @classmethod
    def of(cls, table: Table, header: FoundHeader, rows: Iterable[Sequence[Cell]]) -> _Sheet:
        """Pick the columns of the rows below the header."""
        columns: dict[str, list[Cell]] = {name: [] for name in header.columns}
        numbers: list[int] = []
        key = [name for name in (NAME, ID) if name in columns]
        printed = {header_text(header.register.by_name[name].header) for name in key}
        below, start = islice(rows, header.row + 1, None), table.top + header.row + 2
        while some := list(islice(below, _AT_ONCE)):
            cells = {name: [row[at] if at < len(row) else None for row in some] for name, at in header.columns.items()}
            kept = [
                at for at, who in enumerate(zip(*(cells[name] for name in key), strict=True)) if _is_one(who, printed)
            ]
            for name, column in cells.items():
                columns[name] += [column[at] for at in kept]
            numbers += [start + at for at in kept]
            start += len(some)
        pointed_at = table.left + header.columns[key[0]]
        return cls(table.sheet, pointed_at, header.lacks, columns, np.array(numbers, dtype=np.int32))


def _is_one(who: Sequence[Cell], printed: set[str]) -> bool:
    """Whether name and number, as far as there are columns for them, are a person's: no blank, total or header."""
    filled = [cell for cell in who if not is_blank(cell)]
    if not filled:
        return False
    first = filled[0]
    return not (isinstance(first, str) and len(first) < _LONGEST_HEADER and _is_none(first, printed))


_LONGEST_HEADER = 12


def _is_none(text: str, printed: set[str]) -> bool:
    return plain(text) in _TOTALS or header_text(text) in printed


def _goes_on(first: Sequence[Sequence[Cell]], header: FoundHeader, width: int) -> bool:
    """Whether rows without a header go on with those of the sheet before: as wide, a number in the number's column."""
    at = header.columns.get(ID, -1)
    if at < 0 or not first or max(map(len, first)) != width:
        return False
    return bool(Digits.of(_numbers([row[at] if at < len(row) else None for row in first])).well_formed.mean() > _MOSTLY)


_MOSTLY = 0.9
_ID_FIELD = Field(ID, "id_number", "身份证号", Words("身份证号", "ID number"))


def _numbers(cells: Sequence[Cell]) -> pd.Series[str]:
    typed: pd.Series[str] = read_column(cells, _ID_FIELD).values
    return typed


def _found(register: Register, sheets: Sequence[_Sheet]) -> FoundRegister:
    lacks = next((each.lacks for each in sheets if each.lacks), "")
    missing = frozenset(each.name for each in register.columns for sheet in sheets if each.name not in sheet.columns)
    part = _part(register, sheets, missing)
    if len(part) and not (part.numbers != b"").any():
        lacks = ID  # hidden by stars, or all of them numbers that lost their last digits
    return FoundRegister(register.slug, part, missing, lacks)


def _part(register: Register, sheets: Sequence[_Sheet], missing: frozenset[str]) -> ReferencePart:
    rows = np.concatenate([each.rows for each in sheets])
    sheet = np.repeat(np.arange(len(sheets), dtype=np.int32), [len(each.rows) for each in sheets])

    def cells(name: str) -> list[Cell]:
        return [cell for each in sheets for cell in each.columns[name]]

    numbers = np.full(len(rows), b"", dtype="S18")
    births = np.full(len(rows), NOT_A_DAY)
    columns: dict[str, Coded] = {}
    for each in register.columns:
        if each.name in missing:
            continue
        read = read_column(cells(each.name), each)
        if each.name == ID:
            sound = Digits.of(read.values).well_formed & (read.states != CellState.DAMAGED)
            numbers[sound] = read.values.to_numpy(dtype=object)[sound].astype("S18")
            births = np.where(sound, Digits.of(read.values).births, births)
        elif each.type == "date" and read.last_days is not None:
            first = read.values.to_numpy(dtype="datetime64[D]")
            day = np.where(first == read.last_days, first, NOT_A_DAY)
            if each.name == BIRTH:
                births = np.where(np.isnat(births), day, births)
        else:
            columns[each.name] = _coded(read.texts, plain if each.type == "person_name" else str)
    places = tuple((each.name, each.pointed_at) for each in sheets)
    order = np.argsort(numbers, kind="stable").astype(np.int32)
    return ReferencePart(numbers, births.astype("datetime64[D]"), columns, places, sheet, rows, order)


def _coded(texts: npt.NDArray[np.object_], as_compared: Callable[[str], str]) -> Coded:
    codes, distinct = pd.factorize(texts)
    again, distinct = pd.factorize(np.array(list(map(as_compared, distinct.tolist())), dtype=object), sort=True)
    codes = again[codes]
    blank = np.flatnonzero(distinct == "")
    if len(blank):  # sorted, it is the first
        codes, distinct = codes - 1, distinct[1:]
    return Coded(np.asarray(distinct, dtype=object), codes.astype(np.int32))


def _day_of(titles: Sequence[str]) -> dt.date | None:
    """The last day that the file's name, its sheets' or the lines above their headers speak of.

    Where one says that it was exported on a day, a title that names the term doesn't make it of the term's last.
    """
    days = [(any(word in plain(text) for word in _OF_A_DAY), day) for text in titles for day in _days_in(text)]
    return max(days, default=(False, None))[1]


def _days_in(text: str) -> Iterator[dt.date]:
    """The last day that a name or a title speaks of; a long text only where it says that it is of that day."""
    compact = plain(text)
    if len(compact) > _LONGEST_NAME and not any(word in compact for word in _OF_A_DAY):
        return
    if date := find_date(text):
        yield date.last
    elif span := span_named(text, years=False):
        yield span[1]


_OF_A_DAY = ("截至", "截止", "导出", "更新", "数据日期", "统计日期", "生成")
_LONGEST_NAME = 40

"""What the schools of a district return, before anything is written: records, sheets, files, and what must be found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from fictional.cells import Cell
from fictional.people import Child
from fictional.school_years import FORM_DATE


@dataclass(frozen=True, slots=True)
class School:
    """A school of the roster; it may sign with its name or its alias."""

    code: str
    name: str
    alias: str
    stage: str
    grades: tuple[int, ...]
    contact: str
    phone: str
    mail: str


@dataclass(slots=True, eq=False)
class Record:
    """One row, or one card: what is meant, field by field, and what was typed."""

    form: str
    meant: dict[str, Cell]
    child: Child | None = None
    typed: dict[str, Cell] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.typed = self.typed or dict(self.meant)

    def put(self, **values: Cell) -> None:
        """Types other values, and means them."""
        self.meant.update(values)
        self.typed.update(values)


@dataclass(slots=True)
class Layout:
    """How a sheet is laid out; the defaults are the form as printed. A ghost is a far cell that has only a style."""

    lead_rows: int = 0
    lead_columns: int = 0
    attachment: str = ""
    title: str = ""
    unit: str = "line"
    unit_below: bool | None = None
    header: str = "printed"
    order: tuple[str, ...] = ()
    gaps: frozenset[int] = frozenset()
    numbered_rows: int = 3
    total_row: str = ""
    notes: bool = True
    signature: bool = False
    empty_column: str = ""
    card_widths: tuple[int, ...] = (1,) * 9
    split_birth_date: bool = False
    hints_left: bool = False
    ghost: bool = False


@dataclass(slots=True, eq=False)
class Sheet:
    """One form of one school on one sheet. `counted` is false where another file sets it aside.

    `unit` is the school's name as the unit line has it; `fill_date` is the date as typed,
    `dated` the last day it means.
    `places` and `headers` are the addresses, known once the sheet is laid out.
    """

    form: str
    school: School
    records: list[Record]
    name: str
    unit: str
    fill_date: Cell = "2021年3月12日"
    dated: dt.date = FORM_DATE
    layout: Layout = field(default_factory=Layout)
    dropped: set[str] = field(default_factory=set)
    unexpected: tuple[str, tuple[Cell, ...]] | None = None
    hidden: str = ""
    counted: bool = True
    places: dict[tuple[int, str], str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    def place(self, record: Record, name: str) -> str:
        """The address of a record's field."""
        return self.places[id(record), name]


@dataclass(slots=True, eq=False)
class PlainSheet:
    """A sheet that is none of the forms."""

    name: str
    rows: list[list[Cell]]


@dataclass(slots=True, eq=False)
class File:
    """A file below the inbox, or, where the path leads through `.zip/`, a member of a zip.

    `content` is that of a file which holds no sheets of ours; `suffix` says what a file is whose name says otherwise.
    A file with a `twin` has the same bytes.
    """

    path: str
    sheets: list[Sheet | PlainSheet] = field(default_factory=list)
    content: bytes | None = None
    modified: float = dt.datetime(2021, 3, 13, 1, 46, 40, tzinfo=dt.UTC).timestamp()
    suffix: str = ""
    epoch_1904: bool = False
    twin: File | None = None

    @property
    def kind(self) -> str:
        """xlsx, xls or ods."""
        return self.suffix or self.path.rsplit(".", 1)[-1].lower()


class Truth(NamedTuple):
    """A finding that a merge must make; cell * is any cell of the sheet."""

    file: str
    sheet: str
    cell: str
    rule: str


@dataclass(slots=True, eq=False)
class Expected:
    """A finding that a merge must make, where the addresses are not known yet; `note` says in words what is wrong."""

    rule: str
    note: str
    file: File | None = None
    sheet: Sheet | PlainSheet | None = None
    record: Record | None = None
    field: str = ""
    cell: str = ""

    def truth(self) -> Truth:
        """The finding with its addresses; every sheet must have been laid out."""
        cell = self.cell
        if isinstance(self.sheet, Sheet) and self.field:
            cell = self.sheet.place(self.record, self.field) if self.record else self.sheet.headers[self.field]
        return Truth(self.file.path if self.file else "", self.sheet.name if self.sheet else "", cell, self.rule)


@dataclass(slots=True)
class District:
    """The roster, what each school filled in, the files it came in, and what a merge must find there."""

    schools: list[School]
    sheets: dict[str, dict[str, list[Sheet]]]
    files: list[File] = field(default_factory=list)
    expected: list[Expected] = field(default_factory=list)
    used: set[str] = field(default_factory=set)

    def sheet(self, school: School, form: str) -> Sheet:
        """The school's sheet of a form; of the cards, the first."""
        return self.sheets[school.name][form][0]

    def file_of(self, sheet: Sheet | PlainSheet) -> File:
        """The file that holds a sheet."""
        return next(file for file in self.files if sheet in file.sheets)

    def counted_sheets(self) -> Iterator[tuple[File, Sheet]]:
        """Every sheet whose records a merge must keep, with its file."""
        for file in self.files:
            for sheet in file.sheets:
                if isinstance(sheet, Sheet) and sheet.counted:
                    yield file, sheet

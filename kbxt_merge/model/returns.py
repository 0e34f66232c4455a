"""What a school returned: the file, its grids as typed, and the forms found in them.

Free of pandas: these nouns cross process borders, and the workers that make them start fast.
Rows and columns are counted from zero here, as the sheet counts them; `address` turns them into A1.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from kbxt_merge.model.answer import Answer
from kbxt_merge.model.left_out import RowLeftOut

_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


@dataclass(frozen=True, slots=True)
class ErrorValue:
    """A cell that holds a spreadsheet error, such as `#N/A`."""

    code: str

    def __str__(self) -> str:
        """The code as the sheet shows it."""
        return self.code


@dataclass(frozen=True, slots=True)
class MissingResult:
    """A formula that was saved without its result."""

    formula: str = ""

    def __str__(self) -> str:
        """The formula, as it would be typed."""
        return f"={self.formula.removeprefix('=')}"


Cell = str | float | int | bool | dt.datetime | dt.date | dt.time | dt.timedelta | ErrorValue | MissingResult | None
"""A cell as typed; None where the sheet holds nothing, or only an empty string."""


class Kind(StrEnum):
    """What a file is by its content, whatever its name says."""

    XLSX = "xlsx"
    XLSB = "xlsb"
    XLS = "xls"
    BIFF = "biff"
    ODS = "ods"
    FODS = "fods"
    XML2003 = "xml2003"
    HTML = "html"
    CSV = "csv"
    DOCX = "docx"
    DOC = "doc"
    RTF = "rtf"
    SYLK = "sylk"
    IWORK = "iwork"
    PDF = "pdf"
    IMAGE = "image"
    ZIP = "zip"
    SEVEN_ZIP = "7z"
    RAR = "rar"
    EML = "eml"
    MSG = "msg"
    TNEF = "tnef"
    VOLUME = "volume"
    SHORTCUT = "shortcut"
    RESOURCE_FORK = "resource-fork"
    MEDIA = "media"
    PROGRAM = "program"
    ENCRYPTED = "encrypted"
    TEXT = "text"
    EMPTY = "empty"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a file could not be read: a rule's slug and the facts its sentence needs."""

    slug: str
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file below the inbox, or a member of a zip there.

    `path` is the name in every output: the path below the inbox with `/`, a zip's members below the zip's own path.
    `modified` is in seconds since 1970, UTC. `members` leads from the file at `location` to the member.
    `location` is a path on disk, or begins with a URL that may carry a password: it stands in no output and no log.
    `version` is its storage's mark of the state that `location` was in, where there is one. `finished` says of a half
    download that the whole file lies beside it. `refused` says why nothing in an archive was looked at. What lies in an
    archive `arrived` when the archive did, whatever day it bears inside; `sender` is the address from which the mail
    came that it lies in.
    """

    path: str
    location: str = field(repr=False)
    size: int
    modified: float
    members: tuple[str, ...] = ()
    version: str = ""
    finished: bool = False
    refused: Problem | None = field(default=None, hash=False)
    sender: str = ""
    arrived: float | None = field(default=None, compare=False)

    @property
    def arrival(self) -> float:
        """When it came, in seconds since 1970: by its mail or its archive, else when it was last changed."""
        return self.modified if self.arrived is None else self.arrived


@dataclass(slots=True)
class Grid:
    """The cells of one sheet as typed, at the sheet's own addresses.

    `rows[i][j]` is the cell at row `top + i`, column `left + j` (from zero); rows may differ in length.
    `merged` are rectangles (first row, first column, last row, last column), all inclusive. `struck` are the (row,
    column) of the cells whose text is crossed out. `beside` are the texts that stand in no cell: the printed page's
    header and footer, text boxes.
    """

    sheet: str
    rows: list[list[Cell]]
    top: int = 0
    left: int = 0
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    merged: tuple[tuple[int, int, int, int], ...] = ()
    struck: frozenset[tuple[int, int]] = frozenset()
    beside: tuple[str, ...] = ()


@dataclass(slots=True)
class Workbook:
    """A file's grids and the marks that a blank of this tool carries."""

    grids: list[Grid]
    marks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TypedDate:
    """A date as a school wrote it: `last` is the last day it can mean (a month: the month's last day)."""

    typed: str
    first: dt.date
    last: dt.date


@dataclass(slots=True)
class Sheet:
    """A form found in a grid: whose it is, which day, where its columns stand, and its records as typed.

    `columns[field]` is the field's column; in a card `card_rows[field]` is its row besides.
    `cells[field]` holds one typed cell a record, `rows` the sheet row of each record (a card: the row of its name);
    from the reading of its file on they are `PackedCells`.
    `struck` are the rows of records whose name, or all of whose cells, are crossed out.
    `left_out` are the rows below the header that hold more than a printed number and were not taken as records.
    `unit` is the school that the unit line names, `stamp` one that stands before a place for its stamp, `headings` are
    the titles and names that stand alone: the sheet may be theirs.
    `block` is a school that stands alone in a row between the children of a list: those below it may be its own.
    `row_schools` are the cells of a column of schools that the form itself does not have, one a record.
    `score` says how well it fits its form (1: header or labels whole; more with the title), `header_row` where its
    header ends; a card has none.
    Blank rows never stand in it. `unexpected` are (row, column, text) of the headers that the form does not have.
    """

    sheet: str
    form: str
    shape: str
    rows: Sequence[int]
    columns: Mapping[str, int]
    cells: Mapping[str, list[Cell]]
    card_rows: Mapping[str, int] = field(default_factory=dict)
    unit: str | None = None
    unit_cell: str = ""
    stamp: str = ""
    headings: tuple[str, ...] = ()
    block: str = ""
    title: str = ""
    date: TypedDate | None = None
    date_cell: str = ""
    missing: tuple[str, ...] = ()
    unexpected: tuple[tuple[int, int, str], ...] = ()
    hidden: tuple[str, ...] = ()
    marks: Mapping[str, str] = field(default_factory=dict)
    score: float = 0.0
    header_row: int | None = None
    row_schools: list[Cell] = field(default_factory=list)
    left_out: tuple[RowLeftOut, ...] = ()
    struck: tuple[int, ...] = ()

    @property
    def rows_below(self) -> int:
        """How many rows below the header hold more than a printed number; a card is one."""
        return len(self.rows) + len(self.left_out)


@dataclass(slots=True)
class Reading:
    """What the per-workbook stage makes of one file: its forms, what it could not place, or why it could not read it.

    `unrecognised` are sheets with a table that is no form, `texts` sheets that hold lines of text and no table.
    `answers` are what the school answered to the findings of an earlier round.
    """

    file: SourceFile
    kind: Kind
    sha256: str
    sheets: list[Sheet] = field(default_factory=list)
    unrecognised: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    problem: Problem | None = None
    answers: list[Answer] = field(default_factory=list)


def column_letters(column: int) -> str:
    """The letters of a column counted from zero: 0 is A, 26 is AA; there is none before."""
    letters = ""
    number = column + 1
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def address(row: int, column: int) -> str:
    """The A1 address of a cell counted from zero."""
    return f"{column_letters(column)}{row + 1}"


@lru_cache(maxsize=4096)
def position(cell: str) -> tuple[int, int] | None:
    """The row and column, counted from zero, of an A1 address; None for anything else.

    >>> position("AB12"), position("")
    ((11, 27), None)
    """
    match = _ADDRESS.fullmatch(cell)
    if match is None:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1


def is_blank(cell: Cell) -> bool:
    """Tell whether a cell holds nothing that a reader would see."""
    return cell is None or (isinstance(cell, str) and not cell.strip("\u200b\u200c\u200d\ufeff \t\r\n\u3000\xa0"))


def first_filled(cells: Sequence[Cell]) -> int | None:
    """The position of the first cell that holds something, or None."""
    return next((i for i, cell in enumerate(cells) if not is_blank(cell)), None)

"""What was read of the bureau's own registers.

A register is the bureau's: of it only the value that differs is told, to the school whose child it is, and never a
number. What a `Reference` says of the returned children is the affair of `rules`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np
import numpy.typing as npt

from kbxt_merge.model.compact.cells import renumbered
from kbxt_merge.model.district import Flags, Positions, Texts
from kbxt_merge.model.finding import Place
from kbxt_merge.model.register import Register
from kbxt_merge.model.returns import Problem, column_letters
from kbxt_merge.model.text import Language, Words


class Trouble(StrEnum):
    """Why a file of the registers' folder is not, or not wholly, held against."""

    UNREADABLE = "unreadable"
    UNKNOWN = "unknown"
    NO_KEY = "no-key"
    EMPTY = "empty"
    OLD = "old"
    COPY = "copy"

    @property
    def words(self) -> Words:
        """What the clerk is told."""
        return _TROUBLES[self]


_TROUBLES = {
    Trouble.UNREADABLE: Words(
        "读不出来（{what}）：请用 Excel 或 WPS 打开后另存为 .xlsx，不要加密",
        "can't be read ({what}); open it and save it as .xlsx without a password",
    ),
    Trouble.UNKNOWN: Words(
        "没有认出是哪种比对库：表头要有“姓名”和“身份证号”，以及该库特有的一栏，或在文件名中写明（如“学籍”“脱贫户”）；"
        "自己的名册要先在表格定义的“比对库”（或 registers.yaml）里定义",
        "is none of the registers: its header needs 姓名, 身份证号 and a column of that register's own, "
        "or its name must say which it is; one of your own is defined first, in 比对库 of the definition workbook or "
        "in registers.yaml",
    ),
    Trouble.NO_KEY: Words(
        "没有找到“{what}”这一栏，无法核对：请重新导出，带上这一栏",
        "has no column {what}, and can't be held against; export it again with that column",
    ),
    Trouble.EMPTY: Words("只有表头，没有一行内容：请重新导出", "holds a header and no row; export it again"),
    Trouble.OLD: Words(
        "是 {what} 的，早于本期，没有用来核对：请重新导出",
        "is of {what}, before this period, and was not held against; export it again",
    ),
    Trouble.COPY: Words("与另一个文件内容相同（{what}），只用一次", "is the same as {what}, which is used"),
}


_NOTHING = Words("", "")
_LACKS = Words("没有{columns}，有关的核对没有进行", "has no column {columns}: what rests on it was not checked")


@dataclass(frozen=True, slots=True)
class ReferenceFile:
    """One file of the registers' folder, and what became of it.

    `register` is the slug of what it was recognised as, blank where it was not. `missing` are columns of the register
    that it lacks. `problem` is why it could not be read. `dated` is the day it is of in ISO format: what it says itself
    (`says_day`), else when its file was saved. `rows` counts those that are used.
    """

    path: str
    register: str = ""
    rows: int = 0
    dated: str = ""
    says_day: bool = False
    missing: tuple[str, ...] = ()
    trouble: Trouble | None = None
    what: Words = _NOTHING
    problem: Problem | None = None

    def why(self, language: Language) -> str:
        """Say what is wrong with it, or what it lacks; blank where nothing is."""
        if self.trouble:
            return self.trouble.words.of(language).format(what=self.what.of(language))
        if self.missing:
            named = f"“{'”“'.join(self.missing)}”" + ("这一栏" if len(self.missing) == 1 else "这几栏")
            return _LACKS.of(language).format(columns=named if language == "zh" else ", ".join(self.missing))
        return ""

    def told(self, language: Language) -> str:
        """Say it in a line that names the file; blank where nothing is wrong."""
        why = self.why(language)
        return f"{self.path}{'：' if language == 'zh' else ': '}{why}" if why else ""


@dataclass(frozen=True)
class Coded:
    """A column of texts, each once: `texts` are sorted, `codes` has one a row, -1 where the cell is blank."""

    texts: Texts
    codes: npt.NDArray[np.int32]

    def at(self, rows: Positions) -> Texts:
        """The texts of these rows; blank where there is none, and for the row -1."""
        codes = np.where(rows >= 0, self.codes[rows], -1)
        found = np.full(len(rows), "", dtype=object)
        found[codes >= 0] = self.texts[codes[codes >= 0]]
        return found

    @classmethod
    def stacked(cls, parts: Sequence[Coded]) -> Coded:
        """One column of several, one below the other."""
        if len(parts) == 1:
            return parts[0]
        texts, codes = np.unique(np.concatenate([each.texts for each in parts]), return_inverse=True)
        moved = renumbered([(part.codes, len(part.texts)) for part in parts], codes)
        return cls(texts, moved.astype(np.int32))


@dataclass(frozen=True)
class ReferencePart:
    """The rows of one file of a register.

    `numbers` are ID numbers as bytes (S18), empty where there is none that may be a child's; `births` are as the column
    says, else as the number does. `columns` are the other columns. `sheet` is the position in `sheets`, which hold name
    and the letters of the column that a row is pointed at by; `row` counts from one.
    """

    numbers: npt.NDArray[np.bytes_]
    births: npt.NDArray[np.datetime64]
    columns: Mapping[str, Coded]
    sheets: tuple[tuple[str, int], ...]
    sheet: npt.NDArray[np.int32]
    row: npt.NDArray[np.int32]
    order: npt.NDArray[np.int32]

    def __len__(self) -> int:
        """How many rows it has."""
        return len(self.numbers)

    def holding(self, wanted: npt.NDArray[np.bytes_]) -> tuple[Positions, Positions]:
        """The rows that hold one of these numbers, and which of them."""
        if not len(self) or not len(wanted):
            return np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.intp)
        first, end = (np.searchsorted(self.numbers, wanted, side, sorter=self.order) for side in ("left", "right"))
        sizes = end - first
        which = np.repeat(np.arange(len(wanted)), sizes)
        within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        return self.order[np.repeat(first, sizes) + within].astype(np.intp), which


@dataclass(frozen=True)
class Reference:
    """All that was read of one register, a row a person; `files` are those used, `whole` says that none is wanting.

    `missing` are columns that some file lacks: what rests on them is not checked.
    """

    register: Register
    files: tuple[str, ...]
    parts: tuple[ReferencePart, ...]
    missing: frozenset[str] = frozenset()
    whole: bool = True

    def __len__(self) -> int:
        """How many rows it has."""
        return len(self.numbers)

    @cached_property
    def numbers(self) -> npt.NDArray[np.bytes_]:
        """The ID numbers of all rows."""
        return np.concatenate([each.numbers for each in self.parts])

    @cached_property
    def births(self) -> npt.NDArray[np.datetime64]:
        """The birth dates of all rows."""
        return np.concatenate([each.births for each in self.parts])

    def holding(self, wanted: npt.NDArray[np.bytes_]) -> tuple[Positions, Positions]:
        """The rows that hold one of these numbers, and which of them."""
        starts = np.cumsum([0, *(len(each) for each in self.parts)])
        found = [each.holding(wanted) for each in self.parts]
        rows = [part + start for (part, _), start in zip(found, starts, strict=False)]
        return np.concatenate(rows), np.concatenate([which for _, which in found])

    def has(self, column: str) -> bool:
        """Tell whether every file has this column."""
        return column not in self.missing and all(column in each.columns for each in self.parts)

    def column(self, name: str) -> Coded:
        """A column of all rows."""
        if name not in self._columns:
            self._columns[name] = Coded.stacked([each.columns[name] for each in self.parts])
        return self._columns[name]

    @cached_property
    def _columns(self) -> dict[str, Coded]:
        return {}

    @cached_property
    def stands(self) -> Flags:
        """Which rows still stand on the register."""
        gone = np.zeros(len(self), dtype=bool)
        for name, values in self.register.gone.items():
            if self.has(name):
                gone |= self.reads(name, values)
        return ~gone

    def reads(self, name: str, values: Sequence[str]) -> Flags:
        """Which rows hold one of these values in a column."""
        column = self.column(name)
        wanted = np.flatnonzero(np.isin(column.texts.astype(str), list(values)))
        found: Flags = np.isin(column.codes, wanted)
        return found

    def places(self, rows: Positions) -> list[str]:
        """Where these rows stand, as findings print related places; blank for -1."""
        starts = np.cumsum([0, *(len(each) for each in self.parts)])
        return ["" if row < 0 else self._place(int(row), starts) for row in rows.tolist()]

    def _place(self, row: int, starts: npt.NDArray[np.intp]) -> str:
        at = int(np.searchsorted(starts, row, side="right")) - 1
        part, within = self.parts[at], row - int(starts[at])
        sheet, column = part.sheets[int(part.sheet[within])]
        return str(Place(self.files[at], sheet, f"{column_letters(column)}{int(part.row[within])}"))


@dataclass(frozen=True)
class References:
    """The registers' folder as it was read: every file of it, and the registers that can be held against."""

    files: tuple[ReferenceFile, ...] = ()
    registers: Mapping[str, Reference] = dataclasses.field(default_factory=dict)

    def troubles(self, slug: str) -> tuple[ReferenceFile, ...]:
        """The files of a register that could not be used."""
        return tuple(each for each in self.files if each.register == slug and each.trouble)

    @property
    def named(self) -> frozenset[str]:
        """The registers of which a file lies in the folder, used or not."""
        return frozenset(each.register for each in self.files if each.register)

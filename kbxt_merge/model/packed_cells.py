"""The cells of a sheet as bytes: so they travel, are kept and wait until rows are made of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import Self

from kbxt_merge.model.kept import Nouns
from kbxt_merge.model.returns import Cell, ErrorValue, MissingResult, Sheet

MOST_RECORDS = 50_000
"""Records whose cells stay unpacked: a district's, which are asked for several times, and not a province's."""

TIMES = (dt.datetime, dt.date, dt.time, dt.timedelta, dt.timezone)
"""What days and times are made of."""

_NOUNS = Nouns.of(others=(ErrorValue, MissingResult, *TIMES))
"""What a cell may be besides texts and numbers."""

Columns = Mapping[str, list[Cell]]


@dataclass(frozen=True, slots=True, eq=False)
class PackedCells(Mapping[str, list[Cell]]):
    """The cells of each field of a sheet, a fifth as large as the objects; equal ones may be packed as other bytes.

    Who asks for one field has all unpacked; those unpacked last, of whatever sheets, are remembered in this module.
    Nobody changes what they are given.
    """

    packed: bytes

    @classmethod
    def of(cls, cells: Columns) -> Self:
        """These cells; texts that are equal become one."""
        known = dict[str, str]().setdefault
        shared = {
            known(name, name): [known(cell, cell) if type(cell) is str else cell for cell in column]
            for name, column in cells.items()
        }
        return cls(_NOUNS.packed(shared))

    @property
    def are_sound(self) -> bool:
        """Whether they can be unpacked: bytes out of a file may be any."""
        try:
            _RECENT.of(self.packed)
        except ValueError:
            return False
        return True

    def __getitem__(self, name: str) -> list[Cell]:
        """The cells of a field."""
        return _RECENT.of(self.packed)[name]

    def __iter__(self) -> Iterator[str]:
        """The names of the fields."""
        return iter(_RECENT.of(self.packed))

    def __len__(self) -> int:
        """How many fields there are."""
        return len(_RECENT.of(self.packed))


class LetGo(Mapping[str, list[Cell]]):
    """Stands where a sheet's cells stood of which rows were made: of very many, none are held twice.

    Who asks for one all the same is told by a RuntimeError: that must not look like a blank sheet.
    """

    def __getitem__(self, name: str) -> list[Cell]:
        """No cells."""
        raise _were_let_go()

    def __iter__(self) -> Iterator[str]:
        """No fields."""
        raise _were_let_go()

    def __len__(self) -> int:
        """No number."""
        raise _were_let_go()


def _were_let_go() -> RuntimeError:
    return RuntimeError("the cells of this sheet were let go")


def let_go_of_cells(sheet: Sheet) -> None:
    """Let go of a sheet's cells, of which rows were made."""
    sheet.cells = LetGo()


def are_held(sheets: Iterable[Sheet]) -> bool:
    """Whether rows can be made of these sheets."""
    return not any(isinstance(each.cells, LetGo) for each in sheets)


def packed(sheet: Sheet) -> Sheet:
    """The sheet as it is held from its reading on."""
    return replace(sheet, cells=PackedCells.of(sheet.cells), rows=_as_run(sheet.rows))


def _as_run(rows: Sequence[int]) -> Sequence[int]:
    """The rows; as a range where several follow each other."""
    run = range(rows[0], rows[0] + len(rows)) if len(rows) > 1 else ()
    return run if run and list(run) == rows else rows


def let_go_of_unpacked() -> None:
    """Let go of all cells that stay unpacked: rows were made of them."""
    _RECENT.clear()


class _Recent:
    """The cells that were unpacked last: of so many records, or of one larger sheet."""

    def __init__(self) -> None:
        """None are unpacked yet."""
        self._columns: dict[bytes, Columns] = {}
        self._records = 0
        self._lock = Lock()

    def of(self, packed: bytes) -> Columns:
        """The cells in these bytes."""
        columns = self._columns.get(packed)
        if columns is None:
            columns = _unpacked(packed)
            self._remember(packed, columns)
        return columns

    def clear(self) -> None:
        """Remember none."""
        with self._lock:
            self._columns.clear()
            self._records = 0

    def _remember(self, packed: bytes, columns: Columns) -> None:
        with self._lock:
            if packed in self._columns:  # another thread asked for them too
                return
            self._columns[packed] = columns
            self._records += _records(columns)
            while self._records > MOST_RECORDS and len(self._columns) > 1:
                oldest = next(iter(self._columns))
                self._records -= _records(self._columns.pop(oldest))


_RECENT = _Recent()


def _records(columns: Columns) -> int:
    return max(map(len, columns.values()), default=0)


def _unpacked(packed: bytes) -> Columns:
    columns = _NOUNS.unpacked(packed)
    if isinstance(columns, dict) and all(type(column) is list for column in columns.values()):
        return columns
    raise ValueError("these are no cells")

"""What is told of a trial: every filled cell, and as what it is read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from kbxt_merge.model.text import Language, Words


class As(StrEnum):
    """What a cell is taken for."""

    HEADER = "header"
    VALUE = "value"
    READ_AS = "read as"
    UNREAD = "unread"
    UNIT = "unit"
    DATE = "date"
    LEFT_OUT = "left out"
    UNKNOWN_COLUMN = "unknown column"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class TrialCell:
    """One filled cell as it may be shown: its address, its text, what it is taken for, its field, and what was read."""

    cell: str
    text: str
    taken: As
    field: str = ""
    meant: str = ""
    colour: int = -1


@dataclass(frozen=True)
class TrialSheet:
    """One sheet: its form, what was read of whose it is, and its rows of cells, None where a cell is empty.

    A file on which nothing stands has one without a name.
    """

    file: str
    sheet: str = ""
    form: str = ""
    unit: str = ""
    date: str = ""
    records: int = 0
    missing: Sequence[str] = ()
    rows: Sequence[Sequence[TrialCell | None]] = ()
    first_column: int = 0
    first_row: int = 0

    @property
    def cells(self) -> Iterator[TrialCell]:
        """Every filled cell in reading order."""
        return (cell for row in self.rows for cell in row if cell)

    def lines(self, language: Language) -> Iterator[str]:
        """What a terminal tells: the form, its columns, and every cell that is read otherwise than typed, or not."""
        if not self.sheet:
            yield Words(f"{self.file}：没有内容", f"{self.file}: nothing stands on it").of(language)
            return
        place = f"{self.file} · {self.sheet}"
        if not self.form:
            yield Words(f"{place}：不是在用的表", f"{place}: none of the forms in force").of(language)
            return
        unit, date = self.unit or "没有读到", self.date or "没有读到"
        yield Words(
            f"{place}：{self.form}；填报单位：{unit}；日期：{date}；{self.records} 条",
            f"{place}: {self.form}; unit: {self.unit or 'not read'}; date: {self.date or 'not read'}; "
            f"{self.records} records",
        ).of(language)
        headers = [cell for cell in self.cells if cell.taken is As.HEADER]
        if headers:
            yield "  " + "  ".join(f"{cell.cell} {cell.field}" for cell in headers)
        for name in self.missing:
            yield Words(f"  没有找到：{name}", f"  not found: {name}").of(language)
        for cell in self.cells:
            words = _SAID.get(cell.taken)
            if words:
                yield "  " + words.of(language).format(
                    cell=cell.cell, field=cell.field, text=cell.text, meant=cell.meant
                )


_SAID = {
    As.READ_AS: Words("{cell} {field}：{text} → {meant}", "{cell} {field}: {text} → {meant}"),
    As.UNREAD: Words("{cell} {field}：{text} 没有读懂", "{cell} {field}: {text} is not understood"),
    As.LEFT_OUT: Words("{cell} 这一行不是记录（{meant}）", "{cell} this row is no record ({meant})"),
    As.UNKNOWN_COLUMN: Words("{cell} “{text}”一栏定义里没有", "{cell} the column {text} is not defined"),
}


@dataclass(frozen=True)
class Trial:
    """All sheets of all files."""

    sheets: Sequence[TrialSheet]

    def lines(self, language: Language) -> Iterator[str]:
        """What a terminal tells of them."""
        for sheet in self.sheets:
            yield from sheet.lines(language)

"""Rows of an RTF table, whose cells are told by where they end → a table of columns (RTF 1.9.1, Table Definitions)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from kbxt_merge.intake.formats.text_tables import Table, TableCell

SAME_EDGE = 30
"""Edges that lie no farther apart, in twips (1/1440 inch), are one: programs round them."""
UNTOLD_WIDTH = 1000
CONTINUES_LEFT, CONTINUES_ABOVE = "clmrg", "clvmrg"


@dataclass(frozen=True, slots=True)
class CellEdge:
    """Where a cell ends on the right, in twips, and the words that say what it is merged with."""

    right: int
    merged: frozenset[str] = frozenset()


@dataclass(slots=True)
class Row:
    """A row's cells as text, the numbers of those that are crossed out, and the edges that were told for them."""

    left: int = 0
    edges: list[CellEdge] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    struck: set[int] = field(default_factory=set)

    def told(self) -> list[CellEdge]:
        """An edge for each cell: those that were told, and made ones for cells beyond them."""
        last = self.edges[-1].right if self.edges else self.left
        missing = range(1, len(self.texts) - len(self.edges) + 1)
        return [*self.edges, *(CellEdge(last + number * UNTOLD_WIDTH) for number in missing)]


@dataclass(frozen=True, slots=True)
class _Place:
    text: str
    columns: int
    is_continued: bool
    struck: bool = False


def table_of(rows: Sequence[Row]) -> Table:
    """The rows as a table whose columns lie between the edges that any row has."""
    edges = _distinct(edge for row in rows for edge in (row.left, *(each.right for each in row.told())))
    placed = [_places(row, edges) for row in rows]
    return Table([list(_cells(placed, number)) for number in range(len(placed))])


def _distinct(edges: Iterable[int]) -> list[int]:
    found: list[int] = []
    for edge in sorted(edges):
        if not found or edge - found[-1] > SAME_EDGE:
            found.append(edge)
    return found


def _column(edges: Sequence[int], edge: int) -> int:
    """The number of the edge among the distinct ones."""
    return bisect_left(edges, edge - SAME_EDGE)


def _places(row: Row, edges: Sequence[int]) -> dict[int, _Place]:
    """The row's cells by their column."""
    places: dict[int, _Place] = {}
    left = start = _column(edges, row.left)
    if left:
        places[0] = _Place("", left, False)
    for number, edge in enumerate(row.told()):
        right = max(_column(edges, edge.right), left)
        text = row.texts[number] if number < len(row.texts) else ""
        if CONTINUES_LEFT in edge.merged and start in places:
            before = places[start]
            places[start] = _Place(before.text + text, right - start, before.is_continued, before.struck)
        elif right > left:
            start = left
            places[start] = _Place(text, right - left, CONTINUES_ABOVE in edge.merged, number in row.struck)
        left = right
    return places


def _cells(rows: Sequence[dict[int, _Place]], number: int) -> Iterable[TableCell]:
    """The row's cells less those that only continue a cell above."""
    for column, place in rows[number].items():
        if not place.is_continued:
            below = takewhile(lambda row: column in row and row[column].is_continued, rows[number + 1 :])  # noqa: B023
            yield TableCell(place.text, place.columns, 1 + sum(1 for _ in below), place.struck)

"""Grid → which form stands on it, and where: titles and headers are scored against the definitions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import product

from rapidfuzz import fuzz, process

from kbxt_merge.model.form import Field, Form, Forms, Shape
from kbxt_merge.model.submission import Cell, Grid
from kbxt_merge.model.text import bare_header, plain

HEADER_DEPTH = 60
"""How many rows from the first filled one a header is looked for."""

OWN_SHEETS = frozenset({"填表说明", "选项"})
"""Sheets of this tool's own blanks that are never a form."""

OWN_HEADERS = frozenset({"自查"})
"""Headers of this tool's own columns beside a table."""

_SIMILAR = 80.0
_ENOUGH = 0.5
_TITLE_WEIGHT = 0.6
_PLACEHOLDER = re.compile(r"\{\w+\}")


@dataclass(frozen=True, slots=True)
class HeaderCell:
    """A header as it stands on a sheet: its own text, and that of the cell that spans its group."""

    row: int
    column: int
    text: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Header:
    """Where a form's header stands: its first and last row, the column of each field, and the headers of no field."""

    first: int
    last: int
    columns: Mapping[str, int]
    others: tuple[HeaderCell, ...]


@dataclass(frozen=True, slots=True)
class Recognised:
    """A form found in a grid; a card has no header."""

    form: Form
    header: Header | None
    title: str
    score: float


@lru_cache(maxsize=16384)
def header_text(text: str) -> str:
    """A header as it is compared: without hints, a leading `其中：` and a trailing colon."""
    return bare_header(text).removeprefix("其中:").removeprefix("其中").rstrip(":")


def text_of(cell: Cell) -> str:
    """The text of a cell that may be a header or a label: blank for anything but text."""
    return cell if isinstance(cell, str) else ""


class Recogniser:
    """The forms in force, prepared for comparing; one a process."""

    def __init__(self, forms: Forms) -> None:
        """Prepare every form's headers, labels and title."""
        self._forms = forms
        self._signs = [_Signs(form, self._rarity, forms.county) for form in forms.forms]
        self._texts = sorted(set().union(*(signs.texts for signs in self._signs)))

    @cached_property
    def _rarity(self) -> Mapping[str, float]:
        """How much a header tells: one over the number of forms that print it."""
        prints: dict[str, int] = {}
        for form in self._forms.forms:
            for text in {header_text(each.header) for each in form.fields}:
                prints[text] = prints.get(text, 0) + 1
        return {text: 1 / count for text, count in prints.items()}

    def recognise(self, grid: Grid) -> Recognised | None:
        """The form on this grid, or None when no form fits well enough."""
        if plain(grid.sheet) in OWN_SHEETS:
            return None
        rows = grid.rows[:HEADER_DEPTH]
        words = _words(rows)
        titles = [text for text in words if 6 <= len(text) <= 60]
        like = self._like_headers(rows)
        found = (self._fit(signs, grid, rows, words, titles, like) for signs in self._signs)
        best = max((each for each in found if each), key=lambda each: each.score, default=None)
        return best if best and best.score >= _ENOUGH else None

    def _like_headers(self, rows: Sequence[Sequence[Cell]]) -> list[list[str]]:
        """The texts of each row that are like some form's header; spares the rows of records the costly look."""
        texts = [[header_text(cell) for cell in row if isinstance(cell, str) and cell] for row in rows]
        like = {text for text in set().union(*texts) if _nearest(text, self._texts)}
        return [[text for text in row if text in like] for row in texts]

    def _fit(
        self,
        signs: _Signs,
        grid: Grid,
        rows: Sequence[Sequence[Cell]],
        words: set[str],
        titles: list[str],
        like: Sequence[Sequence[str]],
    ) -> Recognised | None:
        if not signs.may_stand_in(words):
            return None
        title = signs.title_among(titles)
        bonus = _TITLE_WEIGHT if title else 0.0
        if signs.form.shape is Shape.CARD:
            share = signs.label_share(words)
            return Recognised(signs.form, None, title, share + bonus) if share >= _ENOUGH / 2 else None
        header, share = signs.best_header(grid, rows, like)
        return Recognised(signs.form, header, title, share + bonus) if header else None


class _Signs:
    """By what one form is known."""

    def __init__(self, form: Form, rarity: Mapping[str, float], county: str) -> None:
        self.form = form
        self._keys = {each.name: _keys(each) for each in form.fields}
        self._weights = {each.name: rarity[header_text(each.header)] for each in form.fields}
        self._total = sum(self._weights.values())
        self.texts = {text for keys in self._keys.values() for _, text in keys}
        self._sorted_texts = sorted(self.texts)
        self._likeness: dict[str, bool] = {}
        self._title = _title_core(form.title, county)

    def may_stand_in(self, words: set[str]) -> bool:
        """Whether enough of the form's headers occur at all; spares the costly look where they don't."""
        return len(self.texts & words) >= 2

    def label_share(self, words: set[str]) -> float:
        """How much of a card's labels stand somewhere on the grid, from 0 to 1."""
        hit = sum(w for name, w in self._weights.items() if any(text in words for _, text in self._keys[name]))
        return hit / self._total

    def title_among(self, titles: Iterable[str]) -> str:
        """The text that holds this form's title, or is like it; blank where none is."""
        for text in titles:
            if self._title in text:
                return text
        return next((text for text in titles if fuzz.ratio(self._title, text[-len(self._title) :]) >= 88), "")

    def best_header(
        self, grid: Grid, rows: Sequence[Sequence[Cell]], like: Sequence[Sequence[str]]
    ) -> tuple[Header | None, float]:
        """The rows that hold most of the form's headers, with the share of them by weight.

        `like` holds the texts of each row that are like some form's header.
        """
        best: Header | None = None
        best_share = 0.0
        heights = range(1, self.form.header_rows + 1)
        for position, height in product(range(len(rows)), heights):
            texts = [text for row in like[position : position + height] for text in row if self._is_like(text)]
            if len(texts) < 2:
                continue
            cells = _header_cells(grid, rows, position, height)
            columns = self._columns([each for each in cells if header_text(each.text) in texts])
            share = sum(self._weights[name] for name in columns) / self._total
            if len(columns) >= 2 and share > best_share:
                last = max(each.row for each in cells if each.column in columns.values())
                others = tuple(each for each in cells if each.column not in columns.values())
                best, best_share = Header(grid.top + position, last, columns, others), share
        return best, best_share

    def _is_like(self, text: str) -> bool:
        if text not in self._likeness:
            self._likeness[text] = _nearest(text, self._sorted_texts)
        return self._likeness[text]

    def _columns(self, cells: Sequence[HeaderCell]) -> dict[str, int]:
        columns: dict[str, int] = {}
        taken: set[int] = set()
        for likeness in (_same, _alike):
            for name, keys in self._keys.items():
                if name in columns:
                    continue
                hit = next((each for each in cells if each.column not in taken and likeness(keys, each)), None)
                if hit:
                    columns[name] = hit.column
                    taken.add(hit.column)
        return columns


def _keys(field: Field) -> tuple[tuple[str, str], ...]:
    """The (group, header) pairs by which a field is known."""
    group = header_text(field.group) if field.group else ""
    own = tuple((group, header_text(text)) for text in (field.header, *field.also))
    return own + tuple(("", group + text) for _, text in own) if group else own


def _same(keys: tuple[tuple[str, str], ...], cell: HeaderCell) -> bool:
    return (header_text(cell.group), header_text(cell.text)) in keys


def _alike(keys: tuple[tuple[str, str], ...], cell: HeaderCell) -> bool:
    group, text = header_text(cell.group), header_text(cell.text)
    return any(group == own and fuzz.ratio(text, wanted) >= _SIMILAR for own, wanted in keys)


def _nearest(text: str, headers: Sequence[str]) -> bool:
    """Whether a text is like one of these headers."""
    return process.extractOne(text, headers, scorer=fuzz.ratio, score_cutoff=_SIMILAR) is not None


def _title_core(title: str, county: str) -> str:
    """The longest part of a title that every school prints alike, without the county before it."""
    parts = _PLACEHOLDER.split(plain(title))
    return max(parts, key=len).removeprefix(county).lstrip("年季")


def _words(rows: Sequence[Sequence[Cell]]) -> set[str]:
    words: set[str] = set()
    for row in rows:
        for cell in row:
            if isinstance(cell, str) and cell and len(cell) < 80:
                words.add(header_text(cell))
    return words


def _header_cells(grid: Grid, rows: Sequence[Sequence[Cell]], position: int, height: int) -> list[HeaderCell]:
    """The header cells of a header whose upper row is at this position, one a column."""
    upper = rows[position]
    row = grid.top + position
    lower = rows[position + 1] if height == 2 and position + 1 < len(rows) else ()
    cells: list[HeaderCell] = []
    group = ""
    for offset in range(max(len(upper), len(lower))):
        over = text_of(upper[offset]).strip() if offset < len(upper) else ""
        under = text_of(lower[offset]).strip() if offset < len(lower) else ""
        column = grid.left + offset
        if over:
            group = over
        if under:
            cells.append(HeaderCell(row + 1, column, under, group))
        elif over:
            cells.append(HeaderCell(row, column, over))
    return cells

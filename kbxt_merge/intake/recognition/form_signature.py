"""By what one form is known on a sheet: its title, its labels, its header."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from rapidfuzz import fuzz, process

from kbxt_merge.intake.recognition.card_labels import fields_by_label
from kbxt_merge.intake.recognition.field_words import FieldWords, Like
from kbxt_merge.intake.recognition.headers import Header, HeaderCell, header_cells, header_text, text_of
from kbxt_merge.model.form import Form
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.returns import Cell, Grid
from kbxt_merge.model.text import plain

_TITLE_SIMILAR = 88.0
_WHOLE = 1 - 1e-9
"""The share of a header that lacks nothing: none can be better."""
_PLACEHOLDER = re.compile(r"\{\w+\}")

MOST_ROWS = 3
"""Rows that a header takes at most, those of the school's own above or below the printed ones included."""


_MOST_KEPT = 500
"""Cells of a header at most that is known again: a row may hold thousands."""

Texts = tuple[tuple[str, ...], ...]
Rectangle = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class _Found:
    """A header, and the share of the form's fields that it has."""

    header: Header | None = None
    share: float = 0.0


class FormSigns:
    """A form's headers, labels and title, prepared for comparing."""

    def __init__(self, form: Form, rarity: Mapping[str, float], forms: Forms) -> None:
        """Prepare the signs of one of the `forms`; `rarity` is how much each header tells."""
        self.form = form
        self._words = FieldWords(form, forms)
        self._weights = {each.name: rarity[header_text(each.header)] for each in form.fields}
        self._total = sum(self._weights.values())
        self.texts = self._words.texts
        self.labels = fields_by_label(form)
        self._title = _title_core(form.title, forms.county)
        self._most = lru_cache(maxsize=1024)(self._reach)
        self._made_before = lru_cache(maxsize=64)(self._made)  # schools fill in the same few blanks

    def may_stand_in(self, words: Set[str]) -> bool:
        """Whether enough of the form's headers occur at all; spares the costly look where they don't."""
        return len(self.texts & words) >= 2

    def label_share(self, words: Set[str]) -> float:
        """How much of a card's labels stand somewhere on the grid, from 0 to 1."""
        return self._reach(words)

    def title_among(self, titles: Sequence[str]) -> str:
        """The text that holds this form's title, or is like it; blank where none is."""
        for text in titles:
            if self._title in text:
                return text
        ends = {text: text[-len(self._title) :] for text in titles}
        found = process.extractOne(self._title, ends, scorer=fuzz.ratio, score_cutoff=_TITLE_SIMILAR)
        return found[2] if found else ""

    def best_header(self, grid: Grid, typed: Sequence[Sequence[str]], like: Like) -> tuple[Header | None, float]:
        """The rows that hold most of the form's headers, with the share of them by weight.

        `typed` holds the texts of the rows looked at; `like` names, for each as a header, the headers it is like.
        """
        wanted: list[frozenset[str]] = []
        best = _Found()
        for position, height in product(range(len(typed)), range(1, self.form.header_rows + 1)):
            if best.share > _WHOLE:
                break
            for row in typed[len(wanted) : position + height]:
                texts = map(header_text, row)
                wanted.append(frozenset(each for text in texts for each in like(text) if each in self.texts))
            held = frozenset().union(*wanted[position : position + height])
            if len(held) >= 2 and self._most(held) > best.share:
                best = max(best, self._header(grid, position, height), key=lambda found: found.share)
        return self._with_more_rows(grid, best)

    def _with_more_rows(self, grid: Grid, best: _Found) -> tuple[Header | None, float]:
        """The header, and the rows above or below it where these tell more: 监护人 over 姓名 and 电话."""
        if best.header is None or best.share > _WHOLE:
            return best.header, best.share
        first = best.header.first - grid.top
        last = max(best.header.last - grid.top, first + self.form.header_rows - 1)
        for begin, end in ((first, last + 1), (first - 1, last), (first - 1, last + 1)):
            if begin >= 0 and end < len(grid.rows) and end - begin < MOST_ROWS:
                best = max(best, self._header(grid, begin, end - begin + 1), key=lambda found: found.share)
        return best.header, best.share

    def _header(self, grid: Grid, position: int, height: int) -> _Found:
        """What the rows make as a header."""
        texts = tuple(tuple(map(text_of, row)) for row in grid.rows[position : position + height])
        top = grid.top + position
        merged = tuple(each for each in grid.merged if top <= each[0] < top + height) if height > 1 else ()
        make = self._made_before if sum(map(len, texts)) <= _MOST_KEPT else self._made
        return make(texts, top, grid.left, merged)

    def _made(self, texts: Texts, top: int, left: int, merged: Sequence[Rectangle]) -> _Found:
        """What rows of these texts make as a header; `merged` are the rectangles that begin in them."""
        rows = [list[Cell](row) for row in texts]
        cells = header_cells(Grid("", rows, top, left, merged=tuple(merged)), 0, len(rows))
        columns = self._columns(cells)
        own = _before_gap(cells)
        if len(own) < len(cells) and columns.keys() == (in_one := self._columns(own)).keys():
            columns = in_one  # what stands apart to the right is another table's
        if len(columns) < 2:
            return _Found()
        used = frozenset(columns.values())
        last = max(each.row for each in cells if each.column in used)
        others = tuple(each for each in cells if each.column not in used)
        return _Found(Header(top, last, columns, others), self._share(columns))

    def _columns(self, cells: Sequence[HeaderCell]) -> dict[str, int]:
        """The column of each field that one of these cells heads."""
        return {name: cells[at].column for name, at in self._words.place(tuple(e.compared for e in cells)).items()}

    def _reach(self, texts: Set[str]) -> float:
        """The share of the fields for which one of these headers stands, from 0 to 1."""
        return self._share(each.name for each in self.form.fields if not texts.isdisjoint(self._words.of[each.name]))

    def _share(self, names: Iterable[str]) -> float:
        return sum(self._weights[name] for name in names) / self._total


def _before_gap(cells: Sequence[HeaderCell]) -> Sequence[HeaderCell]:
    """The cells up to the last column after which one has no header."""
    gap = next((i for i in range(len(cells) - 1, 0, -1) if cells[i].column - cells[i - 1].column > 1), len(cells))
    return cells[:gap]


def _title_core(title: str, county: str) -> str:
    """The longest part of a title that every school prints alike, without the county before it."""
    parts = _PLACEHOLDER.split(plain(title))
    return max(parts, key=len).removeprefix(county).lstrip("年季月度").removeprefix("学期")

"""By what one form is known on a sheet: its title, its labels, its header."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from functools import lru_cache
from itertools import product

from rapidfuzz import fuzz, process

from kbxt_merge.intake.recognition.headers import Header, HeaderCell, header_cells, header_text
from kbxt_merge.model.form import Field, Form
from kbxt_merge.model.returns import Grid
from kbxt_merge.model.text import plain

SIMILAR = 80.0
"""How alike, of 100, a header is to the one it means."""
_TITLE_SIMILAR = 88.0
_WHOLE = 1 - 1e-9
"""The share of a header that lacks nothing: none can be better."""
_PLACEHOLDER = re.compile(r"\{\w+\}")

Compared = tuple[str, str]
"""A header's group and its text, as they are compared."""


class FormSigns:
    """A form's headers, labels and title, prepared for comparing."""

    def __init__(self, form: Form, rarity: Mapping[str, float], county: str) -> None:
        """Prepare the signs; `rarity` is how much each header tells."""
        self.form = form
        self._keys = {each.name: _keys(each) for each in form.fields}
        self._weights = {each.name: rarity[header_text(each.header)] for each in form.fields}
        self._total = sum(self._weights.values())
        self.texts = {text for keys in self._keys.values() for _, text in keys}
        self._title = _title_core(form.title, county)
        # schools print the same headers, and their records repeat the same few words
        self._placed = lru_cache(maxsize=1024)(self._place)
        self._most = lru_cache(maxsize=1024)(self._reach)

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

    def best_header(
        self, grid: Grid, texts: Sequence[Sequence[str]], like: Callable[[str], frozenset[str]]
    ) -> tuple[Header | None, float]:
        """The rows that hold most of the form's headers, with the share of them by weight.

        `texts` holds the header texts of the rows looked at; `like` names, for each, the headers it is like.
        """
        wanted: list[list[tuple[str, frozenset[str]]]] = []
        best: Header | None = None
        best_share = 0.0
        for position, height in product(range(len(texts)), range(1, self.form.header_rows + 1)):
            if best_share > _WHOLE:
                break
            for row in texts[len(wanted) : position + height]:
                wanted.append([(text, own) for text in row if (own := like(text) & self.texts)])
            held = [pair for each in wanted[position : position + height] for pair in each]
            if len(held) < 2 or self._most(frozenset[str]().union(*(own for _, own in held))) <= best_share:
                continue
            cells, among = header_cells(grid, position, height), {text for text, _ in held}
            hits = [each for each in cells if header_text(each.text) in among]
            placed = self._placed(tuple(each.compared for each in hits))
            columns = {name: hits[at].column for name, at in placed.items()}
            share = self._share(columns)
            if len(columns) >= 2 and share > best_share:
                best, best_share = _header(grid.top + position, cells, columns), share
        return best, best_share

    def _reach(self, texts: Set[str]) -> float:
        """The share of the fields for which one of these headers stands, from 0 to 1."""
        return self._share(name for name, keys in self._keys.items() if any(text in texts for _, text in keys))

    def _share(self, names: Iterable[str]) -> float:
        return sum(self._weights[name] for name in names) / self._total

    def _place(self, cells: Sequence[Compared]) -> Mapping[str, int]:
        """The field that each header cell means: the names of the fields, with the positions of the cells."""
        places: dict[str, int] = {}
        free = dict(enumerate(cells))
        for means in (_same, _alike):
            for name, keys in self._keys.items():
                if name not in places:
                    hit = next((at for at, cell in free.items() if means(keys, cell)), None)
                    if hit is not None:
                        places[name] = hit
                        del free[hit]
        return places


def _header(first: int, cells: Sequence[HeaderCell], columns: Mapping[str, int]) -> Header:
    used = frozenset(columns.values())
    last = max(each.row for each in cells if each.column in used)
    return Header(first, last, columns, tuple(each for each in cells if each.column not in used))


def _keys(field: Field) -> tuple[Compared, ...]:
    """The (group, header) pairs by which a field is known."""
    group = header_text(field.group) if field.group else ""
    own = tuple((group, header_text(text)) for text in (field.header, *field.also))
    return own + tuple(("", group + text) for _, text in own) if group else own


def _same(keys: Sequence[Compared], cell: Compared) -> bool:
    return cell in keys


def _alike(keys: Sequence[Compared], cell: Compared) -> bool:
    group, text = cell
    return any(group == own and fuzz.ratio(text, wanted) >= SIMILAR for own, wanted in keys)


def _title_core(title: str, county: str) -> str:
    """The longest part of a title that every school prints alike, without the county before it."""
    parts = _PLACEHOLDER.split(plain(title))
    return max(parts, key=len).removeprefix(county).lstrip("年季")

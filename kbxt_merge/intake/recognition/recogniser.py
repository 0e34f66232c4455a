"""Grid → which form stands on it, and where: titles and headers are scored against the definitions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property, lru_cache

from rapidfuzz import fuzz, process

from kbxt_merge.intake.recognition.form_signature import SIMILAR, FormSigns
from kbxt_merge.intake.recognition.headers import Header, header_text
from kbxt_merge.intake.recognition.unit_line import is_unit_line
from kbxt_merge.model.form import Form, Forms, Shape
from kbxt_merge.model.own_workbook import OWN_SHEETS
from kbxt_merge.model.returns import Grid
from kbxt_merge.model.text import plain

HEADER_DEPTH = 60
"""How many rows from the first filled one a header is looked for."""

_ENOUGH = 0.5
_TITLE_WEIGHT = 0.6
_TITLE_LENGTHS = range(6, 61)
_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Recognised:
    """A form found in a grid; a card has no header."""

    form: Form
    header: Header | None
    title: str
    score: float


class Recogniser:
    """The forms in force, prepared for comparing; one a process."""

    def __init__(self, forms: Forms) -> None:
        """Prepare every form's headers, labels and title; `headers` are all of them, as they are compared."""
        self._forms = forms
        self._signs = [FormSigns(form, self._rarity, forms.county) for form in forms.forms]
        self.headers: frozenset[str] = frozenset().union(*(signs.texts for signs in self._signs))
        self._letters = frozenset("".join(self.headers))
        self._like = lru_cache(maxsize=16384)(self._likened)

    @cached_property
    def _rarity(self) -> Mapping[str, float]:
        """How much a header tells: one over the number of forms that print it."""
        prints: dict[str, int] = {}
        for form in self._forms.forms:
            for text in {header_text(each.header) for each in form.fields}:
                prints[text] = prints.get(text, 0) + 1
        return {text: 1 / count for text, count in prints.items()}

    @cached_property
    def _in_order(self) -> Sequence[str]:
        return sorted(self.headers)

    def is_title(self, text: str) -> bool:
        """Whether a text is the title of one of the forms, or like it."""
        return any(each.title_among([header_text(text)]) for each in self._signs)

    def is_unit_line(self, text: str) -> bool:
        """Whether a text names the school or the date of one of the forms."""
        return is_unit_line(text, self._unit_labels)

    @cached_property
    def _unit_labels(self) -> Sequence[str]:
        return sorted({label for form in self._forms.forms for label in form.unit_line.labels})

    def recognise(self, grid: Grid) -> Recognised | None:
        """The form on this grid, or None when no form fits well enough."""
        if plain(grid.sheet) in OWN_SHEETS:
            return None
        texts = [
            [header_text(cell) for cell in row if isinstance(cell, str) and cell] for row in grid.rows[:HEADER_DEPTH]
        ]
        words = dict.fromkeys(text for row in texts for text in row)
        titles = [text for text in words if len(text) in _TITLE_LENGTHS and not text.isascii()]
        signs = [(each, each.title_among(titles)) for each in self._signs if each.may_stand_in(words.keys())]
        best: Recognised | None = None
        for each, title in sorted(signs, key=lambda pair: not pair[1]):
            if best and best.score >= (1 + _TITLE_WEIGHT if title else 1):  # the most that it could reach
                continue
            found = self._fit(each, title, grid, texts, words.keys())
            if found and (best is None or found.score > best.score):
                best = found
        return best if best and best.score >= _ENOUGH else None

    def _fit(
        self, signs: FormSigns, title: str, grid: Grid, texts: Sequence[Sequence[str]], words: Set[str]
    ) -> Recognised | None:
        bonus = _TITLE_WEIGHT if title else 0.0
        if signs.form.shape is Shape.CARD:
            share = signs.label_share(words)
            return Recognised(signs.form, None, title, share + bonus) if share >= _ENOUGH / 2 else None
        header, share = signs.best_header(grid, texts, self._like)
        return Recognised(signs.form, header, title, share + bonus) if header else None

    def _likened(self, text: str) -> frozenset[str]:
        """The headers that a text is like."""
        if self._letters.isdisjoint(text):
            return _NONE
        found = process.extract(text, self._in_order, scorer=fuzz.ratio, score_cutoff=SIMILAR, limit=None)
        return frozenset(header for header, _, _ in found) if found else _NONE

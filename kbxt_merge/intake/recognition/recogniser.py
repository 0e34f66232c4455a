"""Grid → which form stands on it, and where: titles and headers are scored against the definitions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache

from rapidfuzz import fuzz, process

from kbxt_merge.intake.recognition.card_labels import Known
from kbxt_merge.intake.recognition.field_words import SIMILAR
from kbxt_merge.intake.recognition.form_signature import FormSigns
from kbxt_merge.intake.recognition.headers import Header, header_text, is_automatic
from kbxt_merge.intake.recognition.number_headers import with_number_headers
from kbxt_merge.intake.recognition.tick_columns import with_ticks
from kbxt_merge.intake.recognition.unit_line import is_unit_line
from kbxt_merge.model.field import Field
from kbxt_merge.model.form import Form, Shape
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.own_workbook import is_own_sheet
from kbxt_merge.model.returns import Cell, Grid

HEADER_DEPTHS = (60, 600)
"""How many rows from the first filled one a header is looked for: further down only where there is none above."""

_ENOUGH = 0.5
_TITLE_WEIGHT = 0.6
_TITLE_LENGTHS = range(6, 61)
_TEXTS_BESIDE_TITLE = 4
"""Texts in a row at most that holds a title: with more it is a header's, or a record's."""
_LABELS_IN_A_ROW = 8
"""Labels in one row of a card at most; two cards beside each other have no more."""
_NONE: frozenset[str] = frozenset()
_ALL_ALIKE: Mapping[str, float] = defaultdict(lambda: 1.0)
"""How much a header tells within one list."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """A form found in a grid; a card has no header, but fields that each wording of a label may mean.

    `inside` is the list that the card prints below itself, where it stands on the grid. `block` is the school that
    stands alone above this part of a list.
    """

    form: Form
    header: Header | None
    title: str
    score: float
    labels: Known = field(default_factory=dict)
    block: str = ""
    inside: Recognised | None = None


class Recogniser:
    """The forms in force, prepared for comparing; one a process."""

    def __init__(self, forms: Forms) -> None:
        """Prepare every form's headers, labels and title; `headers` are all of them, as they are compared."""
        self._forms = forms
        self._signs = [FormSigns(form, self._rarity, forms) for form in forms.handed_out]
        inside = {card: replace(form, fields=form.printed_fields) for card, form in forms.lists_inside.items()}
        self._inside = {card: FormSigns(form, _ALL_ALIKE, forms) for card, form in inside.items()}
        self.headers: frozenset[str] = frozenset().union(*(signs.texts for signs in self._signs))
        self._letters = frozenset("".join(self.headers))
        self._like = lru_cache(maxsize=16384)(self._likened)

    @cached_property
    def _rarity(self) -> Mapping[str, float]:
        """How much a header tells: one over the number of forms that print it."""
        prints: dict[str, int] = {}
        for form in self._forms.handed_out:
            for text in {header_text(each.header) for each in form.fields}:
                prints[text] = prints.get(text, 0) + 1
        return {text: 1 / count for text, count in prints.items()}

    @cached_property
    def firsts(self) -> frozenset[str]:
        """The headers and labels with which a list or a card begins: its number, and the child's name."""
        names = {form.child_name for form in self._forms.forms}
        return self.numbers | self._called(lambda each: each.name in names)

    @cached_property
    def no_values(self) -> frozenset[str]:
        """The headers that are no value of a vocabulary: every row of headers holds one, and few records do."""
        words = {
            word
            for form in self._forms.forms
            for each in form.fields
            if each.vocabulary
            for word in each.vocabulary.values
        }
        return self.headers - words

    @cached_property
    def _numbers(self) -> frozenset[str]:
        """The headers that are numbers, as the days of a month."""
        return frozenset(filter(str.isdecimal, self.headers))

    @cached_property
    def numbers(self) -> frozenset[str]:
        """The headers of the numbers of rows."""
        return self._called(lambda each: each.type == "sequence")

    def _called(self, is_meant: Callable[[Field], bool]) -> frozenset[str]:
        fields = (each for form in self._forms.forms for each in form.fields if is_meant(each))
        return frozenset(header_text(text) for each in fields for text in (each.header, *each.also))

    @cached_property
    def _in_order(self) -> Sequence[str]:
        return sorted(self.headers)

    def is_title(self, text: str) -> bool:
        """Whether a text is the title of one of the forms, or like it."""
        return any(each.title_among([header_text(text)]) for each in self._signs)

    def heads_list_inside(self, row: Sequence[Cell]) -> bool:
        """Whether a row is the header, or its uppermost row, of a list that some card prints below itself."""
        if not self._inside:
            return False
        texts = {header_text(cell) for cell in row if isinstance(cell, str) and cell}
        heads = ((each.texts, len(each.form.fields)) for each in self._inside.values())
        return any(len(texts & known) > count * _ENOUGH for known, count in (*heads, *self._uppermost))

    @cached_property
    def _uppermost(self) -> Sequence[tuple[frozenset[str], int]]:
        """The texts of the first row of each such header that has several rows, and how many they are."""
        lists = (each.form.fields for each in self._inside.values() if each.form.header_rows > 1)
        rows = (frozenset(header_text((*field.groups, field.header)[0]) for field in fields) for fields in lists)
        return [(row, len(row)) for row in rows]

    def is_unit_line(self, text: str) -> bool:
        """Whether a text names the school or the date of one of the forms."""
        return is_unit_line(text, self._unit_labels)

    @cached_property
    def _unit_labels(self) -> Sequence[str]:
        return sorted({label for form in self._forms.forms for label in form.unit_line.labels})

    def recognise(self, grid: Grid) -> Recognised | None:
        """The form on this grid, or None when no form fits well enough."""
        if is_own_sheet(grid.sheet):
            return None
        if self._numbers:
            grid = with_number_headers(grid, self._numbers, HEADER_DEPTHS[0])
        for depth in HEADER_DEPTHS:
            best = self._best(grid, depth)
            if best and best.score >= _ENOUGH:
                if best.header is None:
                    return None if self._is_table(grid.rows[:depth], best) else self._with_list(grid, best)
                return replace(best, header=self._complete(grid, best.form, best.header))
            if len(grid.rows) <= depth:
                break
        return None

    def _best(self, grid: Grid, depth: int) -> Recognised | None:
        is_none = str.isdecimal if self._say_no_numbers else str.isspace
        typed = [
            [cell for cell in row if isinstance(cell, str) and cell and not is_none(cell)] for row in grid.rows[:depth]
        ]
        lines = (map(header_text, row) for row in typed if len(row) <= _TEXTS_BESIDE_TITLE)
        titles = [text for row in lines for text in row if len(text) in _TITLE_LENGTHS and not text.isascii()]
        signs = [(each, each.title_among(titles)) for each in self._signs]
        titled = [each for each, title in signs if title]
        if len(titled) == 1 and (alone := self._fit_alone(titled[0], dict(signs)[titled[0]], grid, typed)):
            return alone
        known = self.headers.intersection(header_text(text) for row in typed for text in row)
        best: Recognised | None = None
        for each, title in sorted(signs, key=lambda pair: not pair[1]):
            if best and best.score >= (1 + _TITLE_WEIGHT if title else 1):  # the most that it could reach
                continue
            found = self._fit(each, title, grid, typed, known) if each.may_stand_in(known) else None
            if found and (best is None or found.score > best.score):
                best = found
        return best

    def _fit_alone(self, signs: FormSigns, title: str, grid: Grid, typed: Sequence[Sequence[str]]) -> Recognised | None:
        """The list whose title stands alone on the grid, where no form without a title could fit it better: what
        stands below its header, every child's cells, then need not be looked at for headers."""
        found = None if signs.form.shape is Shape.CARD else self._fit(signs, title, grid, typed, _NONE)
        if found is None or found.header is None or found.score < 1:
            return None
        rows = typed[found.header.first - grid.top : found.header.last + 1 - grid.top]
        known = self.headers.intersection(header_text(text) for row in rows for text in row)
        return found if signs.may_stand_in(known) else None

    def _with_list(self, grid: Grid, card: Recognised) -> Recognised:
        """The card with the list that it prints below itself."""
        signs = self._inside.get(card.form.slug)
        if signs is None:
            return card
        typed = [[cell for cell in row if isinstance(cell, str) and cell] for row in grid.rows]
        header, share = signs.best_header(grid, typed, lambda text: frozenset({text}))
        if header is None or share < _ENOUGH:
            return card
        return replace(card, inside=Recognised(signs.form, header, "", share))

    def _is_table(self, rows: Sequence[Sequence[Cell]], card: Recognised) -> bool:
        """Whether a card's labels stand in one row, over one child a row: that is a form that nobody handed out."""
        wide = (row for row in rows if len(row) - row.count(None) > _LABELS_IN_A_ROW)
        counts = (sum(isinstance(cell, str) and header_text(cell) in card.labels for cell in row) for row in wide)
        return any(count > _LABELS_IN_A_ROW for count in counts)

    def _complete(self, grid: Grid, form: Form, header: Header) -> Header:
        """The header with its columns to tick, and those that a collecting tool filled in."""
        by_tools = frozenset(each.column for each in header.others if self._is_by_tool(each.text))
        return with_ticks(grid, form, replace(header, beside=by_tools) if by_tools else header)

    def _is_by_tool(self, text: str) -> bool:
        return is_automatic(text) or header_text(text) in self._forms.automatic_headers

    def _fit(
        self, signs: FormSigns, title: str, grid: Grid, typed: Sequence[Sequence[str]], words: Set[str]
    ) -> Recognised | None:
        bonus = _TITLE_WEIGHT if title else 0.0
        if signs.form.shape is Shape.CARD:
            share = signs.label_share(words)
            is_enough = share >= _ENOUGH / 2
            return Recognised(signs.form, None, title, share + bonus, signs.labels) if is_enough else None
        header, share = signs.best_header(grid, typed, self._like)
        return Recognised(signs.form, header, title, share + bonus) if header else None

    def _likened(self, text: str) -> frozenset[str]:
        """The headers that a text is like."""
        if len(text) > self._longest or self._letters.isdisjoint(text):
            return _NONE
        found = process.extract(text, self._in_order, scorer=fuzz.ratio, score_cutoff=SIMILAR, limit=None)
        return frozenset(header for header, _, _ in found) if found else _NONE

    @cached_property
    def _say_no_numbers(self) -> bool:
        """Whether no number is a header, or like one: those of children and of telephones need not be compared."""
        return not any(sum(map(str.isdecimal, header)) * 2 > len(header) for header in self.headers)

    @cached_property
    def _longest(self) -> float:
        """Characters of the longest text that can be like a header."""
        return max(map(len, self.headers), default=0) * (2 / (SIMILAR / 100) - 1)

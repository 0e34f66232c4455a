"""The foot of 核查意见: of each rule that occurs above what it means, how to put it right, and an example.

Its rows bear nothing in the hidden columns, by which alone a returned line is known: nobody answers them. An example
is the text of one cell, so that no header stands there that a reader could take for a form's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise

from kbxt_merge.model.explained import Explained
from kbxt_merge.model.text import Language, Words
from kbxt_merge.outputs.returned.sheet_rows import LETTERS, filled, frame_of, height_of
from kbxt_merge.outputs.returned.styles import Looks

_TITLE = Words("问题怎样改（例子都是虚构的）", "How to put it right (all examples are invented)")
_HEADERS = (Words("序号", "No."), Words("问题", "What is wrong"), Words("怎样改", "What to do"), Words("例", "Example"))
_FIRST_COLUMNS = (0, 1, 6, 8, 12)
"""Where the four columns of the block begin in the sheet's own, and where the last of them ends."""

_BLANK = Words("空", "blank")
_POINTED_AT = "【{}】"
_NAMED = Words("第 {} 条", "no. {}")
_BETWEEN = " ｜ "


class HowBlock:
    """The rows of the block, of which the first is this one, counted from zero."""

    def __init__(self, first: int, rules: Sequence[Explained], looks: Looks, widths: Sequence[int], language: Language):
        """Take what is explained; without rules there is no block."""
        self._first = first
        self._rules = rules
        self._looks = looks
        self._widths = [sum(widths[start:end]) for start, end in self._columns]
        self._language = language

    @cached_property
    def named(self) -> Mapping[str, str]:
        """By rule what leads to its row."""
        return {each.slug: _NAMED.of(self._language).format(number) for number, each in enumerate(self._rules, 1)}

    @cached_property
    def rows_of(self) -> Mapping[str, int]:
        """By rule its row, counted from zero: title and headers stand above the first."""
        return {each.slug: row for row, each in enumerate(self._rules, self._first + 2)}

    def rows(self) -> Iterator[str]:
        """The rows as XML."""
        if not self._rules:
            return
        looks, language = self._looks, self._language
        yield filled(frame_of([looks.title]), self._first, [_TITLE.of(language)])
        wide = _FIRST_COLUMNS[-1]
        headers = self._spread([each.of(language) for each in _HEADERS])
        yield filled(frame_of([looks.header] * wide), self._first + 1, headers)
        frame = frame_of([looks.text] * wide, high=True)
        for number, each in enumerate(self._rules, 1):
            texts = str(number), f"{each.title}\n{each.when}", each.said, self._example(each)
            yield filled(frame, self.rows_of[each.slug], self._spread(texts), height_of(texts, self._widths))

    def merged(self) -> Iterator[str]:
        """The ranges that are one cell."""
        for row in range(self._first + 2, self._first + 3 + len(self._rules)) if self._rules else ():
            for start, end in self._columns:
                if end - start > 1:
                    yield f"{LETTERS[start]}{row}:{LETTERS[end - 1]}{row}"

    @property
    def _columns(self) -> Sequence[tuple[int, int]]:
        return list(pairwise(_FIRST_COLUMNS))

    def _spread(self, texts: Sequence[str]) -> list[str]:
        """The texts of a row, each at the first of its columns."""
        row = [""] * _FIRST_COLUMNS[-1]
        for column, text in zip(_FIRST_COLUMNS, texts, strict=False):
            row[column] = text
        return row

    def _example(self, rule: Explained) -> str:
        """A line a row of the example, the cell in question in brackets."""
        blank = _BLANK.of(self._language)
        return "\n".join(
            _BETWEEN.join(_POINTED_AT.format(cell or blank) if marked else cell for cell, marked in cells)
            for _, cells in rule.rows
        )

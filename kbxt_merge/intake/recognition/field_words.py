"""Which field a header cell means, by the words of the form's definition."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from rapidfuzz import fuzz

from kbxt_merge.intake.recognition.headers import group_text, header_text
from kbxt_merge.model.field import Field
from kbxt_merge.model.form import Form
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.text import compact_value, plain

SIMILAR = 80.0
"""How alike, of 100, a header is to the one it means."""

_OF_A_PERSON = frozenset({"person_name", "id_number", "sex", "age", "ethnicity"})
"""Types of data that everyone has: below another person's header they are not the child's."""

Compared = tuple[str, str, str]
"""A header's group, its text and what stands above its group, as they are compared."""


class FieldWords:
    """The words by which the fields of one form are known."""

    def __init__(self, form: Form, forms: Forms) -> None:
        """Prepare for one of the `forms`.

        `of` are the texts by which each field is known, `texts` all of them.
        """
        self._form = form
        self._others = tuple(map(header_text, forms.other_persons))
        self._group = {each.name: group_text(each.group) for each in form.fields}
        self._groups = frozenset(self._group.values()) - {""}
        self._printed = {each.name: header_text(each.header) for each in form.fields}
        self._above = self._needed_above(form.fields)
        self._vague = {each.name for each in form.fields if _is_vague(each, forms)}
        self._words = {each.name: frozenset(map(header_text, (each.header, *each.also))) for each in form.fields}
        self._split = {
            each.name: set(map(group_text, self._words[each.name])) for each in form.fields if each.vocabulary
        }
        self._joined = {each.name: frozenset(self._join(each)) for each in form.fields}
        self.of = {name: words | self._joined[name] for name, words in self._words.items()}
        self.texts = frozenset().union(*self.of.values())
        # schools print the same headers, and their records repeat the same few words
        self.place = lru_cache(maxsize=1024)(self._place)

    def _needed_above(self, fields: Sequence[Field]) -> Mapping[str, str]:
        """What must stand above the group of a field whose header and group another field has too."""
        pairs = [(self._group[each.name], self._printed[each.name]) for each in fields]
        shared = {pair for pair in pairs if pairs.count(pair) > 1}
        both = zip(fields, pairs, strict=True)
        return {each.name: group_text(each.above[-1]) for each, pair in both if each.above and pair in shared}

    def _join(self, field: Field) -> list[str]:
        group = self._group[field.name]
        return [group + word for word in self._words[field.name]] if group else []

    def _place(self, cells: Sequence[Compared]) -> Mapping[str, int]:
        """The field that each header cell means: the names of the fields, with the positions of the cells.

        A word of the form's own goes before one that schools use for it, that before what stands below a group of the
        school's own or may mean something else, and that before what is only like it.
        """
        places: dict[str, int] = {}
        free: dict[Compared, deque[int]] = {}  # a row may hold one text a thousand times
        for at, cell in enumerate(cells):
            free.setdefault(cell, deque()).append(at)
        for means in (self._as_printed, self._as_called, self._within_group, self._vaguely, self._alike):
            for each in self._form.fields:
                if each.name not in places:
                    above = self._above.get(each.name, "")
                    hits = (cell for cell in free if above in ("", cell[2]) and means(each, cell))
                    first = min(hits, key=lambda cell: free[cell][0], default=None)
                    if first is not None:
                        places[each.name] = free[first].popleft()
                        if not free[first]:
                            del free[first]
        return places

    def _as_printed(self, field: Field, cell: Compared) -> bool:
        return self._vaguely(field, cell) and field.name not in self._vague

    def _vaguely(self, field: Field, cell: Compared) -> bool:
        return cell[:2] == (self._group[field.name], self._printed[field.name])

    def _as_called(self, field: Field, cell: Compared) -> bool:
        group, text, _ = cell
        own = self._group[field.name]
        if field.name in self._vague and self._vaguely(field, cell):
            return False
        if group == own and text in self._words[field.name]:
            return True
        if (
            group in self._split.get(field.name, ())
            and field.vocabulary
            and compact_value(text) in field.vocabulary.variants
        ):
            return True  # the first of the columns to tick below it
        return group + text in (self._joined if own else self._words)[field.name]

    def _within_group(self, field: Field, cell: Compared) -> bool:
        return bool(cell[0]) and self._may_be(field, cell) and cell[1] in self._words[field.name]

    def _alike(self, field: Field, cell: Compared) -> bool:
        group, text, _ = cell
        if group != self._group[field.name] and not self._may_be(field, cell):
            return False
        return any(
            fuzz.ratio(text, word) >= SIMILAR and self._person(text) == self._person(word)
            for word in self._words[field.name]
        )

    def _may_be(self, field: Field, cell: Compared) -> bool:
        """Whether a cell below a group that is none of the form's may hold a field that stands below none."""
        group, *_ = cell
        if self._group[field.name] or group in self._groups:
            return False
        return not (field.type in _OF_A_PERSON and self._person(group))

    def _person(self, text: str) -> str:
        return next((each for each in self._others if each in text), "")


def _is_vague(field: Field, forms: Forms) -> bool:
    """Whether only its hint tells a header from one that other forms print for something else: 备注（建档立卡户…）."""
    bare = header_text(field.header)
    if bare == plain(field.header):
        return False
    return any(
        header_text(each.header) == bare and each.type != field.type for form in forms.forms for each in form.fields
    )


Like = Callable[[str], frozenset[str]]
"""Names, for a text, the headers of all forms that it is like."""

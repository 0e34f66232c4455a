"""What the cells of a row hold that only a child's row does: a name, a number, values that its columns ask for."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

from kbxt_merge.intake.recognition.row_words import closes, is_filler, is_heading, is_printed_number, said_by
from kbxt_merge.intake.values import cells
from kbxt_merge.intake.values.dates import read_date_cell
from kbxt_merge.intake.values.nothing import Nothing
from kbxt_merge.intake.values.words import WordReader
from kbxt_merge.model.cell import shown
from kbxt_merge.model.field import Field
from kbxt_merge.model.form import Form, Shape
from kbxt_merge.model.returns import Cell, is_blank
from kbxt_merge.model.text import compact_value, plain

Held = Mapping[int, Cell]
"""The filled cells of a row in the form's columns, by column."""

_NAME = re.compile(
    r"[※★☆▲△●◆*#]?(?:[\u3400-\u9fff]{2,4}|[\u3400-\u9fff]+[·•.∙・][\u3400-\u9fff·•.∙・]+|[A-Za-z .·]{4,30})(?:\(.*\))?"
)
_DIGITS = re.compile(r"[0-9]{13,}[Xx]?")
_NUMBER_WITHIN = re.compile(r"(?<![0-9])(?:[0-9]{17}[0-9Xx]|[0-9]{15})(?![0-9])")
_PHONES = re.compile(r"(?:(?:1[3-9][0-9]|0[0-9]{2,3}|8[0-9])[0-9]{7,9})+")
_APART = re.compile(r"[^0-9Xx\u3400-\u9fff]+")
_WORDS_BESIDE = re.compile(r"[\u3400-\u9fff]+")
_FULL = frozenset({15, 18})
_LARGE = 1e13
NOWHERE = -1

_ENOUGH_REQUIRED = 4
"""A form that requires fewer cells says too little of its records for those to tell one."""
_READERS: Mapping[str, cells.Reader] = {
    "age": cells.read_age,
    "count": cells.read_count,
    "phone": cells.read_phone,
    "date": read_date_cell,
    "number": partial(cells.read_number, ""),
}


def is_number(cell: Cell) -> bool:
    """Tell what can be meant as a child's ID number, short, damaged or in parts, from any other number or text."""
    if isinstance(cell, float | int):
        return cell >= _LARGE
    if not isinstance(cell, str):
        return False
    digits = _WORDS_BESIDE.sub("", _APART.sub("", plain(cell)))
    return _DIGITS.search(digits) is not None and _PHONES.fullmatch(digits) is None


def is_whole_number(cell: Cell) -> bool:
    """Tell a cell that holds an ID number of full length and nothing else."""
    if not isinstance(cell, str):
        return False
    compact = _APART.sub("", plain(cell))
    return len(compact) in _FULL and _DIGITS.fullmatch(compact) is not None


def names_number(cell: Cell) -> bool:
    """Tell a text in which an ID number of full length stands, whatever stands around it."""
    return isinstance(cell, str) and _NUMBER_WITHIN.search(_APART.sub("", plain(cell))) is not None


def is_name(cell: Cell) -> bool:
    """Tell what can be a person's name: no word for a total, nobody, a group or whoever signs."""
    if not isinstance(cell, str) or _NAME.fullmatch(plain(cell)) is None:
        return False
    return said_by(cell) is None and not is_heading(cell)


@dataclass(frozen=True)
class Row:
    """A row that holds something: its position in the grid, its cells, and those in the form's columns.

    `follows` says that the row right above is a record or a part of one; `below` is where the rows below the header
    begin.
    """

    at: int
    cells: Sequence[Cell]
    held: Held
    follows: bool
    below: int

    @cached_property
    def lead(self) -> str:
        """The first text of the row, wherever it stands."""
        return next((cell for cell in self.cells if isinstance(cell, str) and not is_blank(cell)), "")


class Evidence:
    """What a form's rows hold of a child.

    `fields` are the form's fields by their columns; `name`, `number` and `sequence` the columns of the record's name,
    of the child's ID number and of the row's number, NOWHERE where the sheet lacks them.
    """

    def __init__(self, form: Form, columns: Mapping[str, int]) -> None:
        """Prepare for rows whose fields stand in these columns."""
        self.lists_children = form.shape is Shape.LIST and form.child_name is not None
        self.fields = {columns[each.name]: each for each in form.fields if each.name in columns}
        self.name = columns.get(form.record_field, NOWHERE)
        self.number = columns.get(form.child_id or "", NOWHERE)
        self.sequence = next((at for at, each in self.fields.items() if each.type == "sequence"), NOWHERE)
        self._required = {at: each for at, each in self.fields.items() if each.required}
        self._most = max(len(self._required) // 2 + 1, 2)
        self._telling = [at for at, each in self.fields.items() if each.vocabulary or each.type in _READERS]
        """Columns of a vocabulary, of days, of numbers: what a note has none of."""
        self._vocabularies = [each.vocabulary for each in form.fields if each.vocabulary]
        self._senses: dict[int, Callable[[Cell], bool]] = {}

    def _is_of_kind(self, held: Held, at: int) -> bool:
        """Whether a column holds a value of its field's kind: most rows that are asked about fill few of them."""
        if at not in held:
            return False
        if at not in self._senses:
            self._senses[at] = _sense(self.fields[at])
        return self._senses[at](held[at])

    def is_child(self, held: Held) -> bool:
        """Tell whether the row holds a child's number, or most of what the form requires; of a form that requires
        little, half of what no note holds: a foreign teacher with a passport is one, though only names are required.
        """
        if self.has_number(held) or self.answers(held) >= self._most:
            return True
        if len(self._required) >= _ENOUGH_REQUIRED:
            return False
        told = sum(self._is_of_kind(held, at) for at in self._telling)
        return told >= max(_ENOUGH_REQUIRED, len(self._telling) // 2)

    def has_number(self, held: Held) -> bool:
        """Tell whether an ID number stands in its column, or whole in another one."""
        return is_number(held.get(self.number)) or any(is_whole_number(cell) for cell in held.values())

    def answers(self, held: Held) -> int:
        """How many required columns hold a value of the kind that they ask for."""
        return sum(self._is_of_kind(held, at) for at in self._required)

    def is_word(self, cell: Cell) -> bool:
        """Tell a value of one of the form's vocabularies, which is nobody's name."""
        return isinstance(cell, str) and any(compact_value(cell) in each.variants for each in self._vocabularies)

    def is_numbered(self, held: Held) -> bool:
        """Tell a row that bears its printed number."""
        return self.sequence in held and is_printed_number(shown(held[self.sequence]))

    def is_chosen(self, at: int) -> bool:
        """Tell a column whose values are chosen or filled down: a vocabulary's, or a school."""
        field = self.fields[at]
        return at != self.name and (field.vocabulary is not None or field.type == "school")


def _sense(field: Field) -> Callable[[Cell], bool]:
    """How to tell a value of this field's kind."""
    if field.vocabulary is not None:
        return partial(_is_read, partial(cells.read_word, WordReader(field.vocabulary), Nothing(field)))
    if field.type in _READERS:
        return partial(_is_read, _READERS[field.type])
    return {"id_number": is_number, "person_name": is_name}.get(field.type, _is_text)


def _is_read(reader: cells.Reader, cell: Cell) -> bool:
    return not is_blank(cell) and cells.read(cell, reader)[0] is not None


def _is_text(cell: Cell) -> bool:
    return isinstance(cell, str) and not is_filler(cell) and said_by(cell) is None and not closes(cell)

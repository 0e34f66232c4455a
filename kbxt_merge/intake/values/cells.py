"""What one typed cell means, a reader a field type: the value, or None, and how it was read."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable

from kbxt_merge.intake.values import cleaning, numbers
from kbxt_merge.intake.values.nothing import Nothing
from kbxt_merge.intake.values.phones import read_phones
from kbxt_merge.intake.values.words import UndecidedError, WordReader
from kbxt_merge.model.cell import EXACT, CellState, shown
from kbxt_merge.model.returns import Cell, ErrorValue, MissingResult, is_blank
from kbxt_merge.model.text import shortened

Reading = tuple[object, CellState]
"""The value, or None, and its state."""

Reader = Callable[[Cell], Reading]

BLANK, AS_TYPED, NORMALISED, UNREADABLE = (
    CellState.BLANK,
    CellState.AS_TYPED,
    CellState.NORMALISED,
    CellState.UNREADABLE,
)
ERROR_VALUE, NO_RESULT, DAMAGED = CellState.ERROR_VALUE, CellState.NO_RESULT, CellState.DAMAGED
# By their names here: Python 3.11 takes 0.2 µs to look up a member of an enumeration, half the cost of a cell.

_ERROR_CODES = frozenset(("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"))
"""What a spreadsheet's errors become where they are copied or saved as text."""

_DAMAGED_TEXT = re.compile(r"\s*[0-9](?:\.[0-9]+)?[eE]\+1[4-9]\s*")
_PLAIN_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_PLAIN_INTEGERS = 1e6
"""Numbers below it are read alike by all patterns of whole numbers."""


LONGEST = 500
"""Characters of a cell in which anything but free text is looked for: what is longer is no name, number, day or word,
and reading all of it would cost the whole district."""


def read(cell: Cell, reader: Reader, longest: int = LONGEST) -> Reading:
    """What `reader` makes of the cell, of a text that is too long of its beginning; no value where the cell is a
    spreadsheet's error or a formula without its result."""
    if type(cell) is str:
        if len(cell) > longest:
            cell = shortened(cell.strip(), longest)
        return (None, ERROR_VALUE) if cell[:1] == "#" and cell.strip() in _ERROR_CODES else reader(cell)
    if isinstance(cell, ErrorValue):
        return None, ERROR_VALUE
    if isinstance(cell, MissingResult):
        return None, NO_RESULT
    return reader(cell)


def _as_text(cell: Cell, clean: Callable[[str], str]) -> Reading:
    if is_blank(cell):
        return None, BLANK
    typed = shown(cell)
    value = clean(typed)
    return value, AS_TYPED if value == typed else NORMALISED


def read_text(cell: Cell) -> Reading:
    """Any text, without outer white space: that alone is nothing worth a note."""
    return (None, BLANK) if is_blank(cell) else (shown(cell).strip(), AS_TYPED)


def read_name(cell: Cell) -> Reading:
    """A person's name, whether it is one or not."""
    return _as_text(cell, cleaning.clean_name)


def read_school(cell: Cell) -> Reading:
    """A school's name, whether a roster knows it or not."""
    return _as_text(cell, cleaning.clean_school)


def read_id(cell: Cell) -> Reading:
    """An ID number's characters, whether they are sound or not."""
    if type(cell) is str and len(cell) == 18 and cell.isascii() and cell.isdigit():
        return cell, AS_TYPED
    if isinstance(cell, int | float) and abs(cell) >= EXACT:
        return shown(cell), DAMAGED
    if isinstance(cell, str) and _DAMAGED_TEXT.fullmatch(cell):
        return cell.strip(), DAMAGED
    return _as_code(cell, cleaning.clean_id)


def read_roll_number(cell: Cell) -> Reading:
    """A roll number's characters, whether they are sound or not."""
    return _as_code(cell, cleaning.clean_roll_number)


def _as_code(cell: Cell, clean: Callable[[str], str]) -> Reading:
    """The cleaned text; as typed where cleaning leaves nothing, or where a day stands in the cell."""
    if isinstance(cell, dt.date | dt.time | dt.timedelta):
        return shown(cell), AS_TYPED
    value, state = _as_text(cell, clean)
    return (shown(cell), AS_TYPED) if value == "" else (value, state)


def read_phone(cell: Cell) -> Reading:
    """One phone number or several."""
    if is_blank(cell):
        return None, BLANK
    typed = shown(cell)
    phones = read_phones(typed)
    if phones is None:
        return None, UNREADABLE
    return phones, AS_TYPED if phones == typed else NORMALISED


def read_number(unit: str, cell: Cell) -> Reading:
    """A number in the field's own unit; of how many places, and how large, is a rule's question."""
    if is_blank(cell):
        return None, BLANK
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return (float(cell), AS_TYPED) if math.isfinite(cell) else (None, UNREADABLE)
    number = numbers.read_amount(cell, unit) if isinstance(cell, str) else None
    if number is None:
        return None, UNREADABLE
    return number, AS_TYPED if _PLAIN_NUMBER.fullmatch(str(cell).strip().removesuffix(unit)) else NORMALISED


def read_code(keeps_case: bool, cell: Cell) -> Reading:
    """A code's characters, whether it is one or not; a spreadsheet number that lost digits is none."""
    if isinstance(cell, int | float) and abs(cell) >= EXACT:
        return shown(cell), DAMAGED
    return _as_code(cell, cleaning.clean_cased_code if keeps_case else cleaning.clean_code)


def read_word(words: WordReader, nothing: Nothing, cell: Cell) -> Reading:
    """A value of a vocabulary; boxes to tick that are all empty, and words for nothing, are as a blank cell is."""
    if is_blank(cell):
        return words.blank, BLANK
    typed = shown(cell)
    try:
        value = words.meaning(typed)
    except UndecidedError:
        return words.blank, BLANK
    if value is None and nothing.is_said(typed):
        return words.blank, BLANK if words.blank is None else NORMALISED
    if value is None:
        return None, UNREADABLE
    return value, AS_TYPED if value == typed else NORMALISED


def read_sequence(cell: Cell) -> Reading:
    """A running number; what is none is no fault, for rows are renumbered."""
    value, state = _as_integer(cell, numbers.read_sequence)
    return (value, AS_TYPED) if state == UNREADABLE else (value, state)


def read_age(cell: Cell) -> Reading:
    """An age in years; whether it can be one is a rule's question."""
    return _as_integer(cell, numbers.read_age)


def read_count(cell: Cell) -> Reading:
    """A number of persons or times."""
    return _as_integer(cell, numbers.read_count)


def _as_integer(cell: Cell, number_in: Callable[[str], int | None]) -> Reading:
    if type(cell) is float and 0 <= cell < _PLAIN_INTEGERS and cell.is_integer():
        return int(cell), AS_TYPED
    if is_blank(cell):
        return None, BLANK
    typed = shown(cell)
    number = number_in(typed) if isinstance(cell, str | int | float) else None
    if number is None:
        return None, UNREADABLE
    return number, AS_TYPED if str(number) == typed else NORMALISED


def or_nothing(reader: Reader, nothing: Nothing, meant: Reading) -> Reader:
    """The reader, but for texts that say nothing: those are read as `meant`."""

    def read(cell: Cell) -> Reading:
        return meant if type(cell) is str and nothing.is_said(cell) else reader(cell)

    return read

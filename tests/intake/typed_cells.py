"""One cell or a column of cells, read as a field of some type."""

from __future__ import annotations

from functools import cache

from kbxt_merge.intake.definitions.loader import read_forms
from kbxt_merge.intake.values.columns import Column, read_column
from kbxt_merge.model.cell import CellState
from kbxt_merge.model.field import BASIC_TYPES, Field, Vocabulary
from kbxt_merge.model.returns import Cell
from kbxt_merge.model.text import Words

VOCABULARIES = (
    "sex",
    "person_category",
    "registration_type",
    "enrolment",
    "disability",
    "grade",
    "yes_no",
    "ethnicity",
)
TYPES = (*BASIC_TYPES, *VOCABULARIES)
AS_TYPED, NORMALISED, UNREADABLE, BLANK = "AS_TYPED", "NORMALISED", "UNREADABLE", "BLANK"


@cache
def vocabulary(name: str) -> Vocabulary | None:
    return read_forms({})[0].vocabularies.get(name)


def field(type_: str, *, required: bool = False) -> Field:
    return Field("x", type_, "x", Words("x", "x"), required=required, vocabulary=vocabulary(type_))


def read(type_: str, *cells: Cell, required: bool = False) -> Column:
    return read_column(cells, field(type_, required=required))


def outcome(type_: str, cell: Cell, *, required: bool = False) -> tuple[str, str]:
    """How one cell is shown after it was read, and its state."""
    column = read(type_, cell, required=required)
    return str(column.texts[0]), CellState(column.states[0]).name

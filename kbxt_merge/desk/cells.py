"""The row that a finding stands in, as its school typed it, masked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kbxt_merge.model.cell import shown
from kbxt_merge.model.form import Shape
from kbxt_merge.model.privacy import MASKED
from kbxt_merge.model.text import LONGEST_CELL, Language, shortened

if TYPE_CHECKING:
    from kbxt_merge.model.district import District


@dataclass(frozen=True, slots=True)
class RowCell:
    """One cell of a record: its address, what its column is called, what was typed, and whether it is meant."""

    address: str
    label: str
    typed: str
    is_meant: bool


def cells_of(district: District, form: str, record: int, field: str, language: Language) -> tuple[RowCell, ...]:
    """The cells of a record, the one of `field` marked; of a card only those that are filled."""
    if record < 0 or form not in district.records:
        return ()
    records = district.records[form]
    import numpy as np

    at = np.array([record], dtype=np.intp)
    cells = []
    for each in records.form.fields:
        text = MASKED.value(each.mask)[shown(records.typed[each.name][record])]
        if text or each.name == field or records.form.shape is not Shape.CARD:
            address = str(records.cells(each.name, at)[0])
            cells.append(RowCell(address, each.label.of(language), shortened(text, LONGEST_CELL), each.name == field))
    return tuple(cells)

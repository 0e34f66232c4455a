"""The children of returned forms before they are put together: as their cells are read, cell by cell."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from kbxt_merge.intake.values.cells import Reader, read, read_id, read_name
from kbxt_merge.model.cell import CellState
from kbxt_merge.model.child import Children, blank
from kbxt_merge.model.district import Returned
from kbxt_merge.model.id_number import are_sound
from kbxt_merge.model.text import plain


def children_of(returned: Sequence[Returned]) -> Children:
    """The children of these forms' records, one form after the other; of a statistic its school stands as the name."""
    lengths = [len(each.sheet.rows) for each in returned]
    of_record = np.repeat(np.arange(len(returned)), lengths)
    typed = [pair for each in returned for pair in _read(each, each.form.child_id, read_id)]
    numbers, names = blank(len(typed)), blank(len(typed))
    numbers[:] = [number for number, _ in typed]
    names[:] = [plain(name) for each in returned for name, _ in _read(each, each.form.record_field, read_name)]
    schools = np.array([each.school for each in returned], dtype=object)[of_record]
    days = np.array([each.day or "NaT" for each in returned], dtype="datetime64[D]")[of_record]
    damaged = np.array([state == CellState.DAMAGED for _, state in typed], dtype=bool)
    return Children(
        schools=schools,
        numbers=numbers,
        sound=are_sound(pd.Series(numbers, dtype="string"), damaged, days),
        names=names,
        sexes=blank(len(typed)),
        ages=np.full(len(typed), np.nan),
        days=days,
    )


def _read(returned: Returned, name: str | None, reader: Reader) -> list[tuple[str, CellState]]:
    """What each record holds in a field, blank where it holds nothing or the sheet lacks the field."""
    cells = returned.sheet.cells.get(name or "") or [None] * len(returned.sheet.rows)
    return [(str(value or ""), state) for value, state in (read(cell, reader) for cell in cells)]

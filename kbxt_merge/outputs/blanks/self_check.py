"""The self-check of a whole form: the steps of its records, what they say of each cell, and of each record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kbxt_merge.model.form import Form
from kbxt_merge.outputs.blanks.cell_checks import check_cell
from kbxt_merge.outputs.blanks.formula import quoted
from kbxt_merge.outputs.blanks.row_checks import RowCheck, check_row, fault_of
from kbxt_merge.outputs.blanks.workings import Checked, Workings

SOUND = "✓"
"""What the self-check says of a record without a fault."""


@dataclass(frozen=True, slots=True)
class Verdicts:
    """References of the self-check's results: what is wrong with each field's cell, and with the whole record."""

    cells: Mapping[str, str]
    line: str


def check_fields(workings: Workings, form: Form, column: Callable[[str], str] | None) -> dict[str, Checked]:
    """Add the steps of every cell and every rule of the form; the fields that are checked are returned."""
    checked = {each.name: check_cell(workings, each) for each in form.fields if each.type != "sequence"}
    row = RowCheck(form, workings, checked, column)
    for use in form.rules:
        check_row(row, use)
    return checked


def add_verdicts(workings: Workings, form: Form, checked: dict[str, Checked]) -> Verdicts:
    """Add the steps that say all that is wrong with a cell, and with the record as a whole."""
    cells = {name: fault_of(workings, each) for name, each in checked.items()}
    labels = {name: quoted(form.by_name[name].label.of(workings.language) + "：") for name in cells}
    found = workings.step("&".join(f'IF({cell}="","",{labels[name]}&{cell}&"；")' for name, cell in cells.items()))
    line = workings.step(f'IF({workings.is_record},IF({found}="","{SOUND}",LEFT({found},LEN({found})-1)),"")')
    return Verdicts(cells, line)

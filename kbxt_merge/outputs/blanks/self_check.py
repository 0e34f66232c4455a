"""The self-check of a whole form: the steps of its records, what they say of each cell, and of each record."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kbxt_merge.model.form import Form
from kbxt_merge.outputs.blanks.cell_checks import check_cell
from kbxt_merge.outputs.blanks.formula import quoted
from kbxt_merge.outputs.blanks.row_checks import RowCheck, check_conditions, check_row, fault_of
from kbxt_merge.outputs.blanks.workings import Checked, Workings


def check_fields(workings: Workings, form: Form, column: Callable[[str], str] | None) -> dict[str, Checked]:
    """Add the steps of every cell and every rule of the form; the fields that are checked are returned."""
    checked = {each.name: check_cell(workings, each) for each in form.fields if each.type != "sequence"}
    row = RowCheck(form, workings, checked, column)
    check_conditions(row)
    for use in form.rules:
        check_row(row, use)
    return checked


def add_verdicts(workings: Workings, checked: Mapping[str, Checked]) -> dict[str, str]:
    """Add the steps that say what is wrong with each field's cell; their references are returned."""
    return {name: fault_of(workings, each) for name, each in checked.items()}


def all_faults(workings: Workings, form: Form, verdicts: Mapping[str, str], end: str) -> str:
    """The formula of all that is wrong with a record, each fault with its field's label before it and `end` behind."""
    labels = {name: quoted(form.by_name[name].label.of(workings.language) + "：") for name in verdicts}
    return "&".join(f'IF({cell}="","",{labels[name]}&{cell}&{end})' for name, cell in verdicts.items())

"""Readings → the district: whose each form is, which counts, and per form one frame of records as they were meant."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
import pandas as pd

from kbxt_merge.intake.assembly.answers import attributed
from kbxt_merge.intake.assembly.attribution import returned_forms
from kbxt_merge.intake.assembly.joined import Marks, joined
from kbxt_merge.intake.assembly.stack import Stack
from kbxt_merge.intake.assembly.superseding import copies, with_standing
from kbxt_merge.intake.assembly.yearless_dates import with_years
from kbxt_merge.intake.values.columns import Column, read_column
from kbxt_merge.intake.values.ditto import with_dittos_filled
from kbxt_merge.model.at_once import AtOnce, in_turn
from kbxt_merge.model.cell import CellState
from kbxt_merge.model.decision import NONE_YET, Decisions
from kbxt_merge.model.district import District, Positions, Records, Rows, Texts
from kbxt_merge.model.form import Form, Shape
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.packed_cells import let_go_of_unpacked
from kbxt_merge.model.period import Period
from kbxt_merge.model.returned_form import NamedBy, Returned, Standing
from kbxt_merge.model.returns import Reading
from kbxt_merge.model.school import Roster, name_of_school
from kbxt_merge.model.school_names import is_own
from kbxt_merge.model.seal import Seal


def assemble(
    readings: Sequence[Reading],
    forms: Forms,
    roster: Roster | None,
    period: Period,
    as_of: dt.date,
    *,
    whole: bool = True,
    seal: Seal | None = None,
    decisions: Decisions = NONE_YET,
    before: Mapping[str, Records | Rows] | None = None,
    at_once: AtOnce = in_turn,
) -> District:
    """The district that these files make; `whole` says whether they are all that came, `seal` knows what was asked,
    `decisions` what the bureau decided of files. `before` are the records, by form, that were made of some of these
    sheets with the same forms, roster, period and day. Parts of very many are made `at_once`.
    """
    readings = sorted(readings, key=lambda each: each.file.path)
    same = copies(readings, roster)
    schools = roster or _schools_as_named(readings, forms)
    own = returned_forms((reading for reading in readings if reading.file.path not in same), forms, schools, decisions)
    aside = {each.file.path for each in readings if decisions.aside(each.sha256)}
    returned = with_standing(own, period, schools, aside)
    in_force: dict[str, list[Returned]] = {form.slug: [] for form in forms.forms}
    for each in returned:
        if each.standing is Standing.IN_FORCE:
            in_force[each.form.slug].append(each)
    marks = Marks(readings, has_roster=roster is not None)
    records = {
        form.slug: joined(
            in_force[form.slug],
            list(map(marks.of, in_force[form.slug])),
            before.get(form.slug) if before else None,
            partial(_records, form, roster=schools, period=period, as_of=as_of),
            at_once,
        )
        for form in forms.forms
    }
    let_go_of_unpacked()
    answers = list(attributed(readings, returned, same, schools, seal))
    return District(
        forms, roster, period, as_of, readings, returned, same, records, whole, answers=answers, decisions=decisions
    )


def _schools_as_named(readings: Sequence[Reading], forms: Forms) -> Roster:
    """The schools as the unit lines name them, where the bureau gave no roster."""
    units = (name_of_school(sheet.unit) for reading in readings for sheet in reading.sheets if sheet.unit)
    return Roster.of_names(list(filter(None, units)), (forms.city, forms.county))


def _records(form: Form, returned: Sequence[Returned], roster: Roster, period: Period, as_of: dt.date) -> Records:
    lengths = [len(each.sheet.rows) for each in returned]
    sheet = np.repeat(np.arange(len(returned), dtype=np.intp), lengths)
    typed = _stacked(form, returned)
    filled = with_dittos_filled(form, typed, sheet)
    schools = _schools(form, returned, sheet, typed, roster)
    columns = {}
    for field in form.fields:
        lacking = np.array([field.name not in each.sheet.columns for each in returned], dtype=bool)
        cells, repeated = filled.get(field.name, (typed[field.name], None))
        if field.type == "date":
            cells, dated = with_years(form, field, cells, returned, sheet, period)
            repeated = dated if repeated is None else repeated | dated
        columns[field.name] = read_column(list(cells), field, lacking[sheet] if len(sheet) else None, repeated)
        if field.type == "school":
            _name_own_school(columns[field.name], schools)
        columns[field.name].share(typed[field.name])
    days = np.array([each.day or as_of for each in returned], dtype="datetime64[D]")
    return Records(
        form=form,
        returned=tuple(returned),
        values={name: column.values for name, column in columns.items()},
        states={name: column.states for name, column in columns.items()},
        typed=typed,
        shown={name: column.texts for name, column in columns.items()},
        last_days={name: column.last_days for name, column in columns.items() if column.last_days is not None},
        sheet=sheet,
        row=np.array([row for each in returned for row in each.sheet.rows], dtype=np.intp),
        school=schools,
        day=days[sheet] if len(sheet) else np.empty(0, dtype="datetime64[D]"),
    )


def _name_own_school(column: Column, schools: Texts) -> None:
    """Read 本校 and 我校 as the school that the record is of, where that is known."""
    own = {text for text in set(column.texts.tolist()) if text and is_own(text)}
    if own:
        named = np.array([text in own for text in column.texts], dtype=bool) & (schools != "")
        column.values = column.values.mask(named, pd.Series(schools, dtype="string"))
        column.texts[named] = schools[named]
        column.states[named] = CellState.NORMALISED


def _stacked(form: Form, returned: Sequence[Returned]) -> dict[str, Texts]:
    """The cells of each field over all sheets, None for the rows of a sheet that lacks it."""
    stacks = {field.name: Stack() for field in form.fields}
    for each in returned:
        for name, stack in stacks.items():
            stack.add(each.sheet.cells.get(name) or [None] * len(each.sheet.rows))
    return {field.name: stacks.pop(field.name).column() for field in form.fields}


def _schools(
    form: Form, returned: Sequence[Returned], sheet: Positions, typed: dict[str, Texts], roster: Roster
) -> Texts:
    """Whose each record is: its sheet's school; in the statistics the one its own row names.

    A name nobody knows is taken as given where other schools' rows stand beside it; alone on its sheet, it is only
    another spelling of the school that the sheet is of.
    """
    of_sheets = np.array([each.school for each in returned], dtype=object)
    schools: Texts = of_sheets[sheet] if len(sheet) else np.empty(0, dtype=object)
    if form.shape is not Shape.STATISTICS:
        return _with_village_schools(schools, returned, roster)
    shared = np.bincount(sheet, minlength=len(returned)) > 1
    decided = np.array([each.named_by is NamedBy.DECISION for each in returned], dtype=bool) & ~shared
    for position, cell in enumerate(typed[form.record_field]):
        if decided[sheet[position]]:
            continue
        written = name_of_school(cell) if isinstance(cell, str) else ""
        named = roster.find(written)
        if named:
            schools[position] = named.name
        elif written and (shared[sheet[position]] or not schools[position]):
            schools[position] = written
    return schools


def _with_village_schools(schools: Texts, returned: Sequence[Returned], roster: Roster) -> Texts:
    """The schools of a list's records: where nothing names the sheet's, or it is a central school by the roster's
    中心校, the school that a column of its own names.
    """
    if not any(each.sheet.row_schools for each in returned):
        return schools
    cells = [cell for each in returned for cell in each.sheet.row_schools or [None] * len(each.sheet.rows)]
    for position, cell in enumerate(cells):
        named = roster.find(name_of_school(cell)) if isinstance(cell, str) else None
        if named and (
            not schools[position] or (named.centre and roster.find(named.centre) is roster.find(schools[position]))
        ):
            schools[position] = named.name
    return schools

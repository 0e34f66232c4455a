"""Of one school's one form: which of the sheets that came count, and what becomes of the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cmp_to_key
from itertools import groupby

from kbxt_merge.intake.assembly.children import names_of, who_is_who
from kbxt_merge.intake.assembly.one_workbook import Held, in_force, settle_workbook
from kbxt_merge.intake.assembly.return_signs import (
    arrival,
    came_together,
    is_correction,
    is_of_period,
    says_part,
)
from kbxt_merge.model import left_out
from kbxt_merge.model.cell import shown
from kbxt_merge.model.form import Shape
from kbxt_merge.model.period import Period
from kbxt_merge.model.returned_form import Reason, Returned, Standing
from kbxt_merge.model.returns import Sheet
from kbxt_merge.model.school import Roster


@dataclass
class _Return:
    """The sheets of one file that may count: one return of the form."""

    sheets: list[Held]

    @property
    def first(self) -> Returned:
        return self.sheets[0].returned

    @property
    def children(self) -> set[int]:
        return {child for sheet in self.sheets for child in sheet.standing}


def with_fates(came: Sequence[Returned], period: Period, roster: Roster | None) -> list[list[Returned]]:
    """What becomes of each sheet that came of one school's one form, in their order.

    One of which some children were replaced is two: what still counts, and what does not.
    """
    held = [Held(*pair) for pair in zip(came, who_is_who(came, roster), strict=True)]
    _set_aside_other_periods(held, period)
    files = [list(own) for _, own in groupby(in_force(held), key=lambda each: each.file)]
    for own in files:
        settle_workbook(own, period)
    returns = [_Return(sheets) for own in files if (sheets := list(in_force(own)))]
    _settle_returns(sorted(returns, key=cmp_to_key(_came_before)))
    still = {child for each in in_force(held) for at, child in enumerate(each.children) if at not in each.gone}
    named = Counter(name for each in in_force(held) for name in _names_counting(each))
    return [_told(each, still, named) for each in held]


def _names_counting(held: Held) -> list[str]:
    """Of a form with a key by what each record that counts is called: one that was corrected is not left behind."""
    names = names_of(held.returned) if held.returned.form.key else []
    return [name for at, name in enumerate(names) if at not in held.gone]


def _says_zero(returned: Returned) -> bool:
    """A list without a record that was dated, or says in words that there is nobody: a zero return, no blank."""
    sheet = returned.sheet
    in_words = any(row.reason is left_out.Reason.ZERO_RETURN for row in sheet.left_out)
    return returned.form.shape is Shape.LIST and not sheet.rows and (sheet.date is not None or in_words)


def _set_aside_other_periods(held: Sequence[Held], period: Period) -> None:
    """Where something of the period came, what is of another term or month does not count beside it."""
    own = [each for each in held if is_of_period(each.returned, period)]
    counting = next((each.returned for each in own if each.standing or _says_zero(each.returned)), None)
    for each in held if counting else ():
        if counting and not any(each is other for other in own):
            each.set_aside(Standing.SET_ASIDE, counting, Reason.of_another(period))


def _came_before(one: _Return, other: _Return) -> int:
    """Whether one return came before the other (negative): by their own dates where these differ, then by arrival,
    by what their names say, by path.
    """
    first, second = one.first, other.first
    dates = first.sheet.date, second.sheet.date
    if dates[0] and dates[1]:
        if dates[0].last < dates[1].first:
            return -1
        if dates[1].last < dates[0].first:
            return 1
    key, other_key = ((arrival(each), is_correction(each), each.file.path) for each in (first, second))
    return -1 if key < other_key else 1


def _settle_returns(returns: Sequence[_Return]) -> None:
    """Let each return in turn stand beside those before it as a part, correct some of their children, or replace them.

    A blank replaces nothing but blanks; a zero return replaces what came before it.
    """
    counting: list[_Return] = []
    filled = [each for each in returns if each.children]
    for each in returns:
        if each.children:
            counting = [*_beside(each, counting), each]
        elif not filled or _says_zero(each.first):
            for other in counting:
                _supersede(other, each)
            counting = [each]
        else:
            for sheet in each.sheets:
                sheet.set_aside(Standing.BLANK, filled[-1].first)


def _beside(later: _Return, counting: Sequence[_Return]) -> list[_Return]:
    """Those of the returns before that still count, at least in part, beside a later one.

    One that shares no child with it is a part where both came as parts, or where it is another part that is corrected.
    A short one that holds only children known, or says that it adds to them, replaces just these.
    """
    shares = any(each.children & later.children for each in counting)
    parts = [each for each in counting if each.children and _stands_beside(each, later, shares=shares)]
    replaced = [each for each in counting if not any(each is part for part in parts)]
    known = {child for each in replaced for child in each.children}
    adds = says_part(later.first) or is_correction(later.first)
    if 2 * len(later.children & known) < len(known) and (later.children <= known or (adds and later.children & known)):
        for each in replaced:
            _replace_children(each, later)
        return list(counting)
    for each in replaced:
        _supersede(each, later)
    if parts:
        for sheet in later.sheets:
            sheet.returned = replace(sheet.returned, part_of=parts[0].first.file.path)
    return parts


def _stands_beside(earlier: _Return, later: _Return, *, shares: bool) -> bool:
    """Whether an earlier return is another part of the list than a later one; `shares`: that one shares a child with
    some return. Of two that say which part they are, a child may stand in both: that is a fault to be told.
    """
    first, second = earlier.first, later.first
    together, said = came_together(first, second), (says_part(first), says_part(second))
    common = earlier.children & later.children
    if common:
        return together and all(said) and 2 * len(common) <= min(len(earlier.children), len(later.children))
    return shares or together or any(said)


def _supersede(earlier: _Return, later: _Return) -> None:
    for sheet in earlier.sheets:
        sheet.set_aside(Standing.SUPERSEDED, later.first)


def _replace_children(earlier: _Return, later: _Return) -> None:
    for sheet in earlier.sheets:
        for position, child in enumerate(sheet.children):
            if child in later.children:
                sheet.gone.setdefault(position, later.first)


def _told(held: Held, still: set[int], named: Mapping[str, int]) -> list[Returned]:
    """The sheet with whom it leaves behind; of one that was replaced in part, what counts and what does not.

    `named` are the records of each name that still count, of a form with a key: not as many as here are too few.
    """
    returned = held.returned
    if returned.standing is Standing.IN_FORCE and not held.gone:
        return [returned]
    if returned.standing is Standing.IN_FORCE and len(held.gone) < len(held.children):
        by = next(iter(held.gone.values()))
        rest = [position for position in range(len(held.children)) if position not in held.gone]
        replaced = replace(_rows(returned, sorted(held.gone)), left_out=())  # told once, with what still counts
        gone = replace(returned, sheet=replaced, standing=Standing.SUPERSEDED, replaced_by=by.file.path, partly=True)
        return [replace(returned, sheet=_rows(returned, rest)), gone]
    if held.gone:
        by = next(iter(held.gone.values()))
        returned = replace(returned, standing=Standing.SUPERSEDED, replaced_by=by.file.path)
    meant = names_of(returned)
    own = Counter(meant)
    records = zip(held.children, _names(returned), meant, strict=True)
    left = dict.fromkeys(
        name for child, name, of in records if child not in still and name and named.get(of, 0) < own[of]
    )
    return [replace(returned, left_behind=tuple(left))]


def _names(returned: Returned) -> list[str]:
    """The names of a return's records as typed; of statistics the schools'."""
    cells = returned.sheet.cells.get(returned.form.record_field) or [None] * len(returned.sheet.rows)
    return [shown(cell).strip() for cell in cells]


def _rows(returned: Returned, positions: Sequence[int]) -> Sheet:
    """The sheet with the records at these positions only."""
    sheet = returned.sheet
    cells = {name: [column[position] for position in positions] for name, column in sheet.cells.items()}
    schools = [sheet.row_schools[position] for position in positions] if sheet.row_schools else []
    rows = [sheet.rows[position] for position in positions]
    struck = tuple(row for row in sheet.struck if row in rows)
    return replace(sheet, rows=rows, cells=cells, row_schools=schools, struck=struck)

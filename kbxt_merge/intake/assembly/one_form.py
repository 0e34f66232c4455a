"""Of one school's one form: which of the sheets that came count, and what becomes of the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cmp_to_key
from itertools import groupby

from kbxt_merge.intake.assembly.children import who_is_who
from kbxt_merge.intake.assembly.return_signs import (
    arrival,
    came_together,
    is_correction,
    is_of_period,
    is_sum,
    month_of,
    says_part,
)
from kbxt_merge.model.cell import shown
from kbxt_merge.model.district import Reason, Returned, Standing
from kbxt_merge.model.form import Shape
from kbxt_merge.model.period import Period
from kbxt_merge.model.returns import Sheet
from kbxt_merge.model.school import Roster
from kbxt_merge.model.text import plain


@dataclass
class _Held:
    """A sheet that came, and the children of its records; `gone` are the positions of records replaced one by one."""

    returned: Returned
    children: list[int]
    gone: dict[int, Returned] = field(default_factory=dict)

    @property
    def file(self) -> str:
        return self.returned.file.path

    def set_aside(self, standing: Standing, by: Returned, why: Reason | None = None) -> None:
        """Let another return count in this one's stead."""
        self.returned = replace(self.returned, standing=standing, replaced_by=by.file.path, why=why)


@dataclass
class _Return:
    """The sheets of one file that may count: one return of the form."""

    sheets: list[_Held]

    @property
    def first(self) -> Returned:
        return self.sheets[0].returned

    @property
    def children(self) -> set[int]:
        return {
            child
            for sheet in self.sheets
            for position, child in enumerate(sheet.children)
            if position not in sheet.gone
        }


def with_fates(came: Sequence[Returned], period: Period, roster: Roster | None) -> list[list[Returned]]:
    """What becomes of each sheet that came of one school's one form, in their order.

    One of which some children were replaced is two: what still counts, and what does not.
    """
    held = [_Held(*pair) for pair in zip(came, who_is_who(came, roster), strict=True)]
    _set_aside_other_periods(held, period)
    files = [list(own) for _, own in groupby(_in_force(held), key=lambda each: each.file)]
    for own in files:
        _settle_workbook(own, period)
    returns = [_Return(sheets) for own in files if (sheets := list(_in_force(own)))]
    _settle_returns(sorted(returns, key=cmp_to_key(_came_before)))
    still = {child for each in _in_force(held) for at, child in enumerate(each.children) if at not in each.gone}
    return [_told(each, still) for each in held]


def _in_force(held: Iterable[_Held]) -> Iterator[_Held]:
    return (each for each in held if each.returned.standing is Standing.IN_FORCE)


def _says_zero(returned: Returned) -> bool:
    """A list without a record that was dated: a zero return, and no untouched blank."""
    return returned.form.shape is Shape.LIST and not returned.sheet.rows and returned.sheet.date is not None


def _set_aside_other_periods(held: Sequence[_Held], period: Period) -> None:
    """Where something of the period came, what is of another term or month does not count beside it."""
    own = [each for each in held if is_of_period(each.returned, period)]
    counting = next((each.returned for each in own if each.children or _says_zero(each.returned)), None)
    for each in held if counting else ():
        if counting and not any(each is other for other in own):
            each.set_aside(Standing.SET_ASIDE, counting, Reason.TERM if period.term else Reason.MONTH)


def _settle_workbook(own: Sequence[_Held], period: Period) -> None:
    """Of one workbook: blanks beside filled sheets, earlier months, and sheets that hold again what others hold."""
    filled = [each for each in own if each.children]
    if not filled:
        return
    for each in own:
        if not each.children:
            each.set_aside(Standing.BLANK, filled[0].returned)
    _set_aside_months(filled, period)
    kept = list(_in_force(filled))
    for each in reversed(sorted(kept, key=lambda each: (len(each.children), is_sum(each.returned)))):
        others = [other for other in _in_force(kept) if other is not each]
        again = [other for other in others if set(other.children) & set(each.children)]
        covered = {child for other in others for child in other.children}
        if again and covered.issuperset(each.children) and (is_sum(each.returned) or _say_the_same(each, again)):
            why = Reason.COPY if len(again) == 1 else Reason.UNION
            each.set_aside(Standing.SET_ASIDE, again[0].returned, why)


def _set_aside_months(filled: Sequence[_Held], period: Period) -> None:
    """Of a list kept month by month the last month counts, or the period's own; one with other children is a part."""
    months = [month_of(each.returned, period) for each in filled]
    known = {month for month in months if month}
    if len(known) < 2 or None in months:
        return
    own = (period.year, period.month)
    last = own if period.month and own in known else max(known)
    kept = [each for each, month in zip(filled, months, strict=True) if month == last]
    children = {child for each in kept for child in each.children}
    for each in filled:
        if not any(each is other for other in kept) and children & set(each.children):
            each.set_aside(Standing.SET_ASIDE, kept[0].returned, Reason.MONTH)


def _say_the_same(one: _Held, others: Sequence[_Held]) -> bool:
    """Whether every record of a sheet stands in the others, word for word, but for its number in the list."""
    known = {record for other in others for record in _records(other.returned)}
    return all(record in known for record in _records(one.returned))


def _records(returned: Returned) -> Iterator[tuple[str, ...]]:
    names = [each.name for each in returned.form.fields if each.type != "sequence"]
    columns = [returned.sheet.cells.get(name) or [None] * len(returned.sheet.rows) for name in names]
    return (tuple(plain(shown(cell)) for cell in row) for row in zip(*columns, strict=True))


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
    """
    shares = any(each.children & later.children for each in counting)
    others = [each for each in counting if each.children and not each.children & later.children]
    parts = [each for each in others if shares or _are_parts(each.first, later.first)]
    replaced = [each for each in counting if not any(each is part for part in parts)]
    known = {child for each in replaced for child in each.children}
    if later.children <= known and 2 * len(later.children) < len(known):
        for each in replaced:
            _replace_children(each, later)
        return list(counting)
    for each in replaced:
        _supersede(each, later)
    if parts:
        for sheet in later.sheets:
            sheet.returned = replace(sheet.returned, part_of=parts[0].first.file.path)
    return parts


def _are_parts(one: Returned, other: Returned) -> bool:
    """Whether two returns that share no child are parts of one list."""
    return came_together(one, other) or says_part(one) or says_part(other)


def _supersede(earlier: _Return, later: _Return) -> None:
    for sheet in earlier.sheets:
        sheet.set_aside(Standing.SUPERSEDED, later.first)


def _replace_children(earlier: _Return, later: _Return) -> None:
    for sheet in earlier.sheets:
        for position, child in enumerate(sheet.children):
            if child in later.children:
                sheet.gone.setdefault(position, later.first)


def _told(held: _Held, still: set[int]) -> list[Returned]:
    """The sheet with whom it leaves behind; of one that was replaced in part, what counts and what does not."""
    returned = held.returned
    if returned.standing is Standing.IN_FORCE and not held.gone:
        return [returned]
    if returned.standing is Standing.IN_FORCE and len(held.gone) < len(held.children):
        by = next(iter(held.gone.values()))
        rest = [position for position in range(len(held.children)) if position not in held.gone]
        gone = replace(returned, sheet=_rows(returned, sorted(held.gone)), standing=Standing.SUPERSEDED, partly=True)
        return [replace(returned, sheet=_rows(returned, rest)), replace(gone, replaced_by=by.file.path)]
    if held.gone:
        by = next(iter(held.gone.values()))
        returned = replace(returned, standing=Standing.SUPERSEDED, replaced_by=by.file.path)
    named = zip(held.children, _names(returned), strict=True)
    left = dict.fromkeys(name for child, name in named if child not in still and name)
    return [replace(returned, left_behind=tuple(left))]


def _names(returned: Returned) -> list[str]:
    """The names of a return's records as typed; of statistics the schools'."""
    cells = returned.sheet.cells.get(returned.form.record_field) or [None] * len(returned.sheet.rows)
    return [shown(cell).strip() for cell in cells]


def _rows(returned: Returned, positions: Sequence[int]) -> Sheet:
    """The sheet with the records at these positions only."""
    sheet = returned.sheet
    cells = {name: [column[position] for position in positions] for name, column in sheet.cells.items()}
    return replace(sheet, rows=[sheet.rows[position] for position in positions], cells=cells)

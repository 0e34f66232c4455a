"""Of the sheets of one workbook: which are parts of a list, and which are blank, earlier, or repeat the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from kbxt_merge.intake.assembly.return_signs import is_sum, month_of
from kbxt_merge.model.cell import shown
from kbxt_merge.model.form import Shape
from kbxt_merge.model.period import Period
from kbxt_merge.model.returned_form import Reason, Returned, Standing
from kbxt_merge.model.text import plain


@dataclass
class Held:
    """A sheet that came, and the children of its records; `gone` are the positions of records replaced one by one."""

    returned: Returned
    children: list[int]
    gone: dict[int, Returned] = field(default_factory=dict)

    @property
    def file(self) -> str:
        """The path of its file."""
        return self.returned.file.path

    @property
    def standing(self) -> set[int]:
        """The children whose records were not replaced and say something."""
        empty = _rows_left_empty(self.returned)
        return {each for at, each in enumerate(self.children) if at not in self.gone and at not in empty}

    def set_aside(self, standing: Standing, by: Returned, why: Reason | None = None) -> None:
        """Let another return count in this one's stead."""
        self.returned = replace(self.returned, standing=standing, replaced_by=by.file.path, why=why)


def in_force(held: Iterable[Held]) -> Iterator[Held]:
    """Those that count so far."""
    return (each for each in held if each.returned.standing is Standing.IN_FORCE)


def _rows_left_empty(returned: Returned) -> frozenset[int]:
    """The positions of rows of the statistics in which nothing stands but the school's name, as the blank has it."""
    form, cells = returned.form, returned.sheet.cells
    if form.child_name is not None or form.shape is Shape.CARD:
        return frozenset()
    typed = [cells[each.name] for each in form.fields if each.name in cells and each.type not in ("sequence", "school")]
    rows = range(len(returned.sheet.rows))
    return frozenset(at for at in rows if not any(shown(column[at]).strip() for column in typed))


def settle_workbook(own: Sequence[Held], period: Period) -> None:
    """Of one workbook: blanks beside filled sheets, earlier months, and sheets that hold again what others hold."""
    filled = [each for each in own if each.standing]
    if not filled:
        return
    for each in own:
        if not each.standing:
            each.set_aside(Standing.BLANK, filled[0].returned)
    _set_aside_months(filled, period)
    kept = list(in_force(filled))
    sizes = [(len(each.children), is_sum(each.returned), position) for position, each in enumerate(kept)]
    for _, _, position in sorted(sizes, reverse=True):  # the largest first, of equals the last
        each = kept[position]
        others = [other for other in in_force(kept) if other is not each]
        again = [other for other in others if set(other.children) & set(each.children)]
        covered = {child for other in others for child in other.children}
        if again and covered.issuperset(each.children) and (is_sum(each.returned) or _say_the_same(each, again)):
            why = Reason.COPY if len(again) == 1 else Reason.UNION
            each.set_aside(Standing.SET_ASIDE, again[0].returned, why)


def _set_aside_months(filled: Sequence[Held], period: Period) -> None:
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


def _say_the_same(one: Held, others: Sequence[Held]) -> bool:
    """Whether every record of a sheet stands in the others, word for word, but for its number in the list."""
    known = {record for other in others for record in _records(other.returned)}
    return all(record in known for record in _records(one.returned))


def _records(returned: Returned) -> Iterator[tuple[str, ...]]:
    names = [each.name for each in returned.form.fields if each.type != "sequence"]
    columns = [returned.sheet.cells.get(name) or [None] * len(returned.sheet.rows) for name in names]
    return (tuple(plain(shown(cell)) for cell in row) for row in zip(*columns, strict=True))

"""Rates over all schools: of sums, as a form's own rule says, never a sum of rates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kbxt_merge.model.field import PER_CENT, Field
from kbxt_merge.model.form import Form

_PLACES = 2


@dataclass(frozen=True)
class Rate:
    """What is added up, and what it is divided by; a hundred times that where it is per cent."""

    added: tuple[str, ...]
    by: str
    times: int
    places: int

    def formula(self, cells: Mapping[str, str]) -> str:
        """The formula over the cells of one row, by their fields."""
        added, by = "+".join(cells[each] for each in self.added), cells[self.by]
        return f'=IF({by}=0,"",ROUND(({added})/{by}*{self.times},{self.places}))'

    def worth(self, sums: Mapping[str, float]) -> float | str:
        """What the formula comes to; blank where there is nobody."""
        by = sums.get(self.by, 0)
        return round(sum(sums.get(each, 0) for each in self.added) / by * self.times, self.places) if by else ""


def rate_of(form: Form, field: Field, label: str = "") -> Rate | None:
    """The rate that a field is by a rule of its form, in the printed row of this label; None where it is none."""
    for use in form.rules:
        added, by = (*use.names("of"), *use.names("plus")), use.roles.get("divided_by")
        is_sum = (len(use.names("of")) == 1 and not use.names("plus")) or not use.names("of")
        holds = not use.where or (label and label in use.where.get(form.record, ()))
        if use.slug == "product" and use.at == field.name and isinstance(by, str) and is_sum and holds:
            summed = all(form.by_name[each].adds_up for each in (*added, by))
            places = field.places if field.places is not None else _PLACES
            return Rate(added, by, 100 if field.unit == PER_CENT else 1, places) if summed else None
    return None

"""What forms hold already when they are handed out: the children still open from the period before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kbxt_merge.model.period import Period
from kbxt_merge.model.school import Roster

Row = Mapping[str, str]
"""One record to be typed in: values by field as files show them, those left open not among them."""

Rows = Mapping[str, Sequence[Row]]
"""One school's records, by form."""


@dataclass(frozen=True, slots=True)
class Carried:
    """The records that each school's forms start with; `since` is the period that they come from."""

    since: Period
    rows: Mapping[str, Rows]

    def of(self, school: str) -> Rows:
        """The records of one school, by form."""
        return self.rows.get(school, {})

    def for_roster(self, roster: Roster) -> tuple[Carried, list[str]]:
        """The records under the names that the roster gives their schools, and the schools that it does not know."""
        found = {name: roster.find(name) for name in self.rows}
        merged: dict[str, dict[str, list[Row]]] = {}
        for name, school in found.items():
            for form, rows in self.rows[name].items() if school else ():
                merged.setdefault(school.name if school else name, {}).setdefault(form, []).extend(rows)
        return Carried(self.since, merged), [name for name, school in found.items() if school is None]

    @property
    def count(self) -> int:
        """How many records there are."""
        return sum(len(records) for rows in self.rows.values() for records in rows.values())

"""What the rules say of a form's records, by their positions: so that it can be said again of those that stay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from kbxt_merge.model.district import Flags, Positions, Texts
from kbxt_merge.model.finding import FindingColumns
from kbxt_merge.model.form import RuleUse

MOST_PARTS = 200
"""In so many parts findings may lie."""


@dataclass
class Judged:
    """What some rules said of the records of one form, so many in `length`.

    `found` are findings, each part with the positions of the records they are of; -1 for what stands on no record.
    `open` are found and wait for what the district offers. `skipped` are the records that a rule could not judge, and
    `absent` the schools of children who stand in no record and could not be judged, both by the rule's place among the
    uses of the form. `errors` and `warnings` are as in `Records`, when these rules had run.
    """

    length: int = 0
    found: list[tuple[FindingColumns, Positions]] = field(default_factory=list)
    open: list[tuple[RuleUse, Positions]] = field(default_factory=list)
    skipped: dict[int, Positions] = field(default_factory=dict)
    absent: dict[int, Texts] = field(default_factory=dict)
    errors: Mapping[str, Flags] = field(default_factory=dict)
    warnings: Mapping[str, Flags] = field(default_factory=dict)

    def moved(self, to: Positions, length: int) -> Judged:
        """The same of records among so many others: `to` has the new position of each, -1 for one that is gone."""
        found = [(_kept(columns, to[at] >= 0, to), _there(to, at)) for columns, at in self.found]
        return Judged(
            length,
            [each for each in found if len(each[1])],
            [(use, new) for use, at in self.open if len(new := _there(to, at))],
            {use: new for use, at in self.skipped.items() if len(new := _there(to, at))},
            errors={name: _spread(flags, to, length) for name, flags in self.errors.items()},
            warnings={name: _spread(flags, to, length) for name, flags in self.warnings.items()},
        )

    def beside(self, other: Judged) -> Judged:
        """Both together, where each speaks of records of its own among the same."""
        uses = sorted(self.skipped.keys() | other.skipped.keys())
        return Judged(
            self.length,
            _few([*self.found, *other.found]),
            [*self.open, *other.open],
            {use: np.concatenate([each.skipped[use] for each in (self, other) if use in each.skipped]) for use in uses},
            errors=_either(self.errors, other.errors),
            warnings=_either(self.warnings, other.warnings),
        )


def _few(parts: list[tuple[FindingColumns, Positions]]) -> list[tuple[FindingColumns, Positions]]:
    """The same findings in few parts: each merge of a desk that stays open adds some."""
    if len(parts) <= MOST_PARTS:
        return parts
    columns, positions = zip(*parts, strict=True)
    together = {name: np.concatenate([each[name] for each in columns]) for name in columns[0]}
    return [(together, np.concatenate(positions))]


def _there(to: Positions, at: Positions) -> Positions:
    return to[at][to[at] >= 0]


def _kept(columns: FindingColumns, there: Flags, to: Positions) -> FindingColumns:
    kept = {name: column[there] for name, column in columns.items()}
    records = kept["record"]
    return {**kept, "record": np.where(records < 0, -1, to[records]).astype("int64")}


def _spread(flags: Flags, to: Positions, length: int) -> Flags:
    spread = np.zeros(length, dtype=bool)
    spread[to[flags & (to >= 0)]] = True
    return spread


def _either(one: Mapping[str, Flags], other: Mapping[str, Flags]) -> Mapping[str, Flags]:
    return {**one, **{name: flags | one[name] if name in one else flags for name, flags in other.items()}}

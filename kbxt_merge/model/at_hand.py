"""What a merge leaves in memory for the next one of the same process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the desk's first page is shown before pandas is there
    from kbxt_merge.model.district import Records, Rows
    from kbxt_merge.model.judged import Judged
    from kbxt_merge.model.returns import Reading


@dataclass
class AtHand:
    """The part that each file had in the last merge: what was read of it, and what was made and said of its rows.

    `readings` are by the keys of the store, the `digests` of the files' bytes by path. `records` and `judged` are by
    form, and of use only in the same `surroundings`: forms, limits, roster, period, day. Of another process's records
    there is only where they stood.
    """

    readings: dict[bytes, Reading] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    records: Mapping[str, Records | Rows] = field(default_factory=dict)
    judged: Mapping[str, Judged] = field(default_factory=dict)
    surroundings: tuple[object, ...] = ()

    def come_into(self, *surroundings: object) -> None:
        """Let go of what was made and said in others than these."""
        if self.surroundings != surroundings:
            self.surroundings, self.records, self.judged = surroundings, {}, {}

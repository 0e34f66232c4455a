"""What a merge leaves in memory for the next one of the same process."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the desk's first page is shown before pandas is there
    from kbxt_merge.model.district import Records
    from kbxt_merge.model.judged import Judged
    from kbxt_merge.model.returns import Reading


@dataclass
class AtHand:
    """The part that each file had in the last merge: what was read of it, and what was made and said of its rows.

    `readings` are by the keys of the store, the `digests` of the files' bytes by path. `records` and `judged` are by
    form, and of use only in the same `surroundings`: forms, roster, period, day.
    """

    readings: dict[bytes, Reading] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    records: dict[str, Records] = field(default_factory=dict)
    judged: dict[str, Judged] = field(default_factory=dict)
    surroundings: tuple[object, ...] = ()

    def come_into(self, *surroundings: object) -> None:
        """Let go of what was made and said in others than these."""
        if self.surroundings != surroundings:
            self.surroundings, self.records, self.judged = surroundings, {}, {}

"""Marked workbooks kept from one merge to the next: a file is marked again only when something about it is new."""

from __future__ import annotations

from dataclasses import dataclass

from kbxt_merge.outputs.publish.result_store import Kept
from kbxt_merge.outputs.returned.marking import Marked
from kbxt_merge.outputs.returned.write import ReturnedWorkbooks

_OWN, _COPY = b"o", b"c"


@dataclass(frozen=True)
class KeptReturns:
    """The marked workbooks of a district, by their positions in `asking`."""

    kept: Kept
    returned: ReturnedWorkbooks

    def known(self) -> dict[int, Marked]:
        """Those that are kept, for the next run too."""
        if self.kept.is_empty:
            return {}
        found = ((at, self.kept.get(self.returned.key(at))) for at in range(len(self.returned.asking)))
        return {at: Marked(kept[1:], own=kept[:1] == _OWN) for at, kept in found if kept}

    def keep(self, at: int, marked: Marked) -> None:
        """Keep a workbook, unless something was amiss that may be better next time."""
        if marked.trouble is None:
            self.kept.put(self.returned.key(at), (_OWN if marked.own else _COPY) + marked.content)

"""Marked workbooks kept from one merge to the next: a file is marked again only when something about it is new."""

from __future__ import annotations

from dataclasses import dataclass

from kbxt_merge.outputs.publish.result_store import ResultStore
from kbxt_merge.outputs.returned.marking import Marked
from kbxt_merge.outputs.returned.write import ReturnedWorkbooks

_OWN, _COPY = b"o", b"c"


@dataclass(frozen=True)
class ReturnCache:
    """The marked workbooks of a district, by their positions in `asking`."""

    store: ResultStore
    returned: ReturnedWorkbooks

    def known(self) -> dict[int, Marked]:
        """Those that are kept, for the next run too."""
        if self.store.is_empty:
            return {}
        found = ((at, self.store.get(key)) for at, key in enumerate(self.returned.keys))
        return {at: Marked(stored[1:], own=stored[:1] == _OWN) for at, stored in found if stored}

    def keep(self, at: int, marked: Marked) -> None:
        """Keep a workbook, unless something was amiss that may be better next time."""
        if marked.trouble is None:
            self.store.put(self.returned.keys[at], (_OWN if marked.own else _COPY) + marked.content)

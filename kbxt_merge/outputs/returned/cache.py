"""Marked workbooks kept from one merge to the next: a file is marked again only when something about it is new."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass

from kbxt_merge.outputs.publish.result_store import Kept
from kbxt_merge.outputs.returned.write import ReturnedWorkbooks

_NOT_EDITABLE = b""
"""What stands for a workbook whose package can't be edited."""


@dataclass(frozen=True)
class KeptReturns:
    """The marked workbooks of a district."""

    kept: Kept
    returned: ReturnedWorkbooks

    def contents(self, begin: Callable[[int], Future[bytes | None]]) -> Iterator[bytes | None]:
        """Each workbook marked, in order, as it is asked for; `begin` is called at once for those that are not kept."""
        positions = range(len(self.returned.asking))
        known = {} if self.kept.is_empty else self._known(positions)  # a first run finds its keys while others mark
        begun = {position: begin(position) for position in positions if position not in known}
        return self._in_order(positions, known, begun)

    def _known(self, positions: Iterable[int]) -> dict[int, bytes]:
        found = ((position, self.kept.get(self.returned.key(position))) for position in positions)
        return {position: content for position, content in found if content is not None}

    def _in_order(
        self, positions: Iterable[int], known: Mapping[int, bytes], begun: dict[int, Future[bytes | None]]
    ) -> Iterator[bytes | None]:
        for position in positions:
            content = known.get(position)
            if content is None:
                content = begun.pop(position).result() or _NOT_EDITABLE
                self.kept.put(self.returned.key(position), content)
            yield content or None

"""Marked workbooks kept from one merge to the next: a file is marked again only when something about it is new."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from kbxt_merge.outputs.kept import Kept
from kbxt_merge.outputs.returned_workbooks import ReturnedWorkbooks

_NOT_EDITABLE = b""
"""What stands for a workbook whose package can't be edited."""


@dataclass(frozen=True)
class KeptReturns:
    """The marked workbooks of a district."""

    kept: Kept
    returned: ReturnedWorkbooks

    def contents(self, begin: Callable[[int], Future[bytes | None]]) -> Iterator[bytes | None]:
        """Each workbook marked, in order, as it is asked for; `begin` is called at once for those that are not kept."""
        keys = [self.returned.key(position) for position in range(len(self.returned.asking))]
        known = {} if self.kept.is_empty else {key: each for key in keys if (each := self.kept.get(key)) is not None}
        begun = {key: begin(position) for position, key in enumerate(keys) if key not in known}
        return self._in_order(keys, known, begun)

    def _in_order(
        self, keys: Sequence[bytes], known: Mapping[bytes, bytes], begun: dict[bytes, Future[bytes | None]]
    ) -> Iterator[bytes | None]:
        for key in keys:
            content = known.get(key)
            if content is None:
                content = begun.pop(key).result() or _NOT_EDITABLE
                self.kept.put(key, content)
            yield content or None

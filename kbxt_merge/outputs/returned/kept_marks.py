"""Workbooks marked in an earlier run: what is to be marked in the same way again is taken from there."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from kbxt_merge.outputs.kept import Kept
from kbxt_merge.outputs.program import program_files
from kbxt_merge.outputs.returned.marking import ToMark

Mark = Callable[[ToMark], bytes | None]
MarkAll = Callable[[Mark, Sequence[ToMark]], Iterable[bytes | None]]
"""What marks many workbooks, in processes of their own where they are many."""

_NOT_EDITABLE = b""
"""What stands for a workbook whose package can't be edited."""


def keeping(kept: Kept, mark_all: MarkAll) -> Callable[[Mark, Iterable[ToMark]], Iterator[bytes | None]]:
    """Maps the marking over workbooks, begun at once, but only over those that were not marked so before."""

    def over(mark: Mark, work: Iterable[ToMark]) -> Iterator[bytes | None]:
        wanted = [(_key(each), each) for each in work]
        known = {key: content for key, _ in wanted if (content := kept.get(key)) is not None}
        made = iter(mark_all(mark, [each for key, each in wanted if key not in known]))
        return _in_order([key for key, _ in wanted], known, made, kept)

    return over


def _in_order(
    wanted: Sequence[bytes], known: Mapping[bytes, bytes], made: Iterator[bytes | None], kept: Kept
) -> Iterator[bytes | None]:
    """Each as it is wanted: known from before, or made and kept from now on."""
    for key in wanted:
        content = known.get(key)
        if content is None:
            content = next(made) or _NOT_EDITABLE
            kept.put(key, content)
        yield content or None


def _key(work: ToMark) -> bytes:
    """A digest of all that the marked workbook is made of."""
    told = json.dumps((program_files(), work.name, work.language, work.opinions))
    return hashlib.sha256(told.encode() + b"\0" + work.content).digest()

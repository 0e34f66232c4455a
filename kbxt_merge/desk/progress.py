"""How far a merge is, told to every open page."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from kbxt_merge.desk.events import Events
from kbxt_merge.model.first_look import FirstLook
from kbxt_merge.model.returns import Reading
from kbxt_merge.model.text import Language, Words

_TOLD_EVERY = 0.1
"""Seconds between two events: a page need not hear of each of ten thousand files."""
_LOOKED = Words(
    "{file}：刚读到 {rows} 行，单看这份文件：必须修改 {errors} 处，请核实 {warnings} 处；正在与全区核对……",
    "{file}: {rows} rows were read; by itself: {errors} errors, {warnings} warnings; the district is being checked…",
)


@dataclass
class ProgressTold:
    """Counts the files of one merge, and tells of them now and then; of those `looked` at more is to be told."""

    events: Events
    language: Language
    _count: int = 0
    _done: int = 0
    _told: float = float("-inf")
    looked: set[str] = field(default_factory=set)

    def on_files(self, found: int) -> None:
        """So many files are to be read."""
        self._count = found
        self.events.publish("progress", done=0, count=found)

    def on_file(self, _: Reading) -> None:
        """One has been read."""
        self.on_known(1)

    def on_known(self, files: int) -> None:
        """So many more are done."""
        self._done += files
        now = time.monotonic()
        if now - self._told > _TOLD_EVERY or self._done == self._count:
            self._told = now
            self.events.publish("progress", done=self._done, count=self._count)

    def on_looked(self, look: FirstLook) -> None:
        """A file was looked at by itself; the district is judged after it."""
        self.looked.add(look.file)
        told = {"file": look.file, "rows": look.rows, "errors": look.errors, "warnings": look.warnings}
        self.events.tell(_LOOKED.of(self.language).format(**told), "file")

    def on_open(self, words: Words) -> None:
        """Outputs are open in another program."""
        self.events.tell(words.of(self.language), "error")

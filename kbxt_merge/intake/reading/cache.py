"""What was read of each file, kept from one merge to the next: a file is read again only when its bytes are others.

A reading's key covers the file's bytes, its path, the definitions, the limits and the code that reads; where it may
depend on them, the passwords.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from kbxt_merge.intake.formats.damage import Unreadable
from kbxt_merge.intake.inbox.storage import by_storage, storage_of
from kbxt_merge.intake.reading.read_file import ReadReturn, is_opened
from kbxt_merge.intake.reading.whole_inbox import is_given_up
from kbxt_merge.model import answer, left_out, returns
from kbxt_merge.model.inbox import is_url
from kbxt_merge.model.kept import Nouns, Store, digest_of
from kbxt_merge.model.program import code_of
from kbxt_merge.model.returns import Cell, Kind, Reading, SourceFile

MOST_TEXTS = 20_000
"""Texts that are known again; names and numbers, which hardly come twice, would fill any number of them."""

SAMPLE = 1000
"""Cells that tell of a longer column whether its texts come again."""


class SharedTexts:
    """The texts met so far; each reading that comes from another process brings copies of its own."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        self._texts: dict[str, str] = {}

    def share(self, reading: Reading) -> None:
        """Let the cells of a reading be texts that are there already."""
        for sheet in reading.sheets:
            for name, cells in sheet.cells.items():
                sheet.cells[name] = self._shared(cells)

    def _shared(self, cells: list[Cell]) -> list[Cell]:
        if len(set(cells[:SAMPLE])) > SAMPLE // 2:
            return cells
        know = self._texts.setdefault if len(self._texts) < MOST_TEXTS else self._texts.get
        return [know(cell, cell) if type(cell) is str else cell for cell in cells]


_NOUNS = Nouns.of(returns, answer, left_out, others=(dt.datetime, dt.date, dt.time, dt.timedelta, dt.timezone))
"""What a reading is made of."""

Read = Callable[[Sequence[SourceFile]], Sequence[Reading]]


@dataclass(frozen=True, slots=True)
class _Seen:
    """A file's keys, without the passwords and with them, and its storage's mark of the state that they are of."""

    key: bytes
    locked_key: bytes
    version: str


@dataclass
class ReadingCache:
    """The readings kept in a store, for files read by `stage`; those that are `at_hand` are taken as they are."""

    store: Store
    stage: ReadReturn
    at_hand: dict[bytes, Reading] = field(default_factory=dict)
    _taken: dict[bytes, Reading] = field(default_factory=dict, init=False)
    _seen: dict[str, _Seen] = field(default_factory=dict, init=False)
    _texts: SharedTexts = field(default_factory=SharedTexts, init=False)

    def read(
        self,
        files: Sequence[SourceFile],
        read: Read,
        on_known: Callable[[int], None],
        on_kept: Callable[[Reading], None] = lambda reading: None,
    ) -> list[Reading]:
        """The readings of these files, in their order: those kept, and for all others what `read` makes of them.

        `on_known` is told how many need not be read, `on_kept` each of these.
        """
        known: dict[str, Reading] = {}
        for path, reading in self._known(files):
            on_kept(reading)
            known[path] = reading
        on_known(len(known))
        others = [each for each in files if each.path not in known]
        anew = {reading.file.path: reading for reading in (read(others) if others else ())}
        if self.store.is_empty:
            self._see(others, {path: reading.sha256 for path, reading in anew.items()})
        self._keep(list(anew.values()))
        self.at_hand.clear()
        self.at_hand.update(self._taken)
        return [known.get(each.path) or anew[each.path] for each in files]

    def _known(self, files: Sequence[SourceFile]) -> Iterator[tuple[str, Reading]]:
        """The files that need not be read, each with its reading; where nothing is kept no file is looked at."""
        yield from ((file.path, self.stage(file)) for file in files if not is_opened(file))
        if self.store.is_empty:
            return
        wanted = [file for file in files if is_opened(file)]
        self._see(wanted, {})
        for file in wanted:
            seen = self._seen.get(file.path)
            reading = (self._kept_reading(seen.key) or self._kept_reading(seen.locked_key)) if seen else None
            if reading is not None:
                yield file.path, replace(reading, file=file)

    def _see(self, files: Sequence[SourceFile], digests: Mapping[str, str]) -> None:
        """Find the keys of these files; `digests`, by path, are of the bytes of those that have been read.

        Found before the reading or after it, a key is of the bytes that were read: `_keep` takes no file that has
        changed since it was listed.
        """
        identities: dict[str, str | None] = {}
        for file in files:
            try:
                if file.location not in identities:  # of a member of an archive it is the archive's
                    identities[file.location] = self._identity(file, digests.get(file.path, ""))
            except Unreadable:
                continue  # whoever reads it says why
            identity = identities[file.location]
            if identity is not None:
                parts = (self._definitions, identity, file.path, *file.members)
                keys = digest_of(*parts), digest_of(*parts, self.stage.passwords.all(file.path))
                self._seen[file.path] = _Seen(*keys, file.version)

    def _identity(self, file: SourceFile, digest: str) -> str | None:
        if digest and not file.members and not is_url(file.location):
            return digest
        return storage_of(file.location).identity(file, self.stage.limits)

    def _kept_reading(self, key: bytes) -> Reading | None:
        payload = self.store.get(key)
        if payload is None:
            return None
        reading = self.at_hand.get(key) or self._unpacked(payload)
        if reading is not None:
            self._taken[key] = reading
        return reading

    def _unpacked(self, payload: bytes) -> Reading | None:
        reading = _NOUNS.unpacked(payload)
        if not isinstance(reading, Reading):
            return None
        self._texts.share(reading)
        return reading

    def _keep(self, readings: Sequence[Reading]) -> None:
        """Keep the readings of those files that could be opened and have not changed since they were listed."""
        found = [each for each in readings if each.sha256 and each.file.path in self._seen and not is_given_up(each)]
        versions: dict[str, str] = {}
        for storage, locations in by_storage(reading.file.location for reading in found):
            versions |= storage.versions(locations)
        for reading in found:
            seen = self._seen[reading.file.path]
            if versions.get(reading.file.location) == seen.version:
                # a location may carry a password
                bare = replace(reading, file=replace(reading.file, location=""))
                key = seen.locked_key if _may_need_password(reading) else seen.key
                self.store.put(key, _NOUNS.packed(bare))
                self._taken[key] = bare

    @cached_property
    def _definitions(self) -> bytes:
        """A digest of all that decides, besides its bytes and path, what is read of a file."""
        stage = self.stage
        return digest_of(code_of("intake", "model"), stage.forms, stage.limits)


def _may_need_password(reading: Reading) -> bool:
    """Whether the passwords decide what is read of a file; its archive, too, may be locked."""
    refused = reading.problem is not None and reading.problem.slug == "file-encrypted"
    return refused or reading.kind is Kind.ENCRYPTED or bool(reading.file.members)

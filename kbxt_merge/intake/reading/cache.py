"""What was read of each file, kept from one merge to the next: a file is read again only when its bytes are others.

A reading's key covers the file's bytes, its path, the definitions, the limits and the code that reads; where it may
depend on them, the passwords.
"""

from __future__ import annotations

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
from kbxt_merge.model.packed_cells import TIMES, PackedCells, are_held
from kbxt_merge.model.program import code_of
from kbxt_merge.model.returns import Kind, Reading, SourceFile

_NOUNS = Nouns.of(returns, answer, left_out, others=(PackedCells, range, *TIMES))
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
            reading = (self._kept(seen.key, file) or self._kept(seen.locked_key, file)) if seen else None
            if reading is not None:
                yield file.path, reading

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

    def _kept(self, key: bytes, file: SourceFile) -> Reading | None:
        payload = self.store.get(key)
        if payload is None:
            return None
        reading = self.at_hand.get(key)
        if reading is None or not are_held(reading.sheets):
            reading = _unpacked(payload)
        if reading is None:
            return None
        self._taken[key] = replace(reading, file=file)
        return replace(reading, file=file)  # one that is given up loses its sheets

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
                self._taken[key] = reading

    @cached_property
    def _definitions(self) -> bytes:
        """A digest of all that decides, besides its bytes and path, what is read of a file."""
        stage = self.stage
        return digest_of(code_of("intake", "model"), stage.forms, stage.limits)


def _unpacked(payload: bytes) -> Reading | None:
    """The reading that was kept; None where it, or a sheet's cells in it, are damaged."""
    reading = _NOUNS.unpacked(payload)
    if not isinstance(reading, Reading):
        return None
    cells = (sheet.cells for sheet in reading.sheets)
    return reading if all(isinstance(each, PackedCells) and each.are_sound for each in cells) else None


def _may_need_password(reading: Reading) -> bool:
    """Whether the passwords decide what is read of a file; its archive, too, may be locked."""
    refused = reading.problem is not None and reading.problem.slug == "file-encrypted"
    return refused or reading.kind is Kind.ENCRYPTED or bool(reading.file.members)

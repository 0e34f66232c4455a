"""The registers' folder (比对库) → every register that can be held against, and what became of each of its files."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kbxt_merge.errors import RegisterError
from kbxt_merge.intake.formats.damage import Unreadable
from kbxt_merge.intake.inbox.listing import content, identity_of, is_folder_at, is_ignored, prepare, walk
from kbxt_merge.intake.pool.processes import Pool, in_order
from kbxt_merge.intake.registers.index_store import IndexStore, index_folder
from kbxt_merge.intake.registers.read_register import FoundRegister, ReadRegister, RegisterReading
from kbxt_merge.model.china_time import in_china, moment_of
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.inbox import REGISTERS_FOLDER, Inbox, RemoteInbox, beside, name_of, path_of, registers_beside
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.period import Period
from kbxt_merge.model.reference import Reference, ReferenceFile, ReferencePart, References, Trouble
from kbxt_merge.model.register import MOST_DAYS_OLD
from kbxt_merge.model.returns import Problem, SourceFile
from kbxt_merge.model.text import Words

TIMES_A_RETURN = 15
"""How much longer than a return a register may take to be read."""
TIMES_ITS_MEMORY = 4
"""How much more memory than a return: a million rows of twelve columns took 3.1 GB."""

Read = tuple[RegisterReading, FoundRegister]


def find_registers(inbox: Inbox) -> Inbox | None:
    """The registers' folder beside the inbox, on disk or at its URL, or None."""
    if (place := path_of(inbox)) is not None:
        folder = registers_beside(place)
        return folder if folder.is_dir() else None
    there = beside(inbox, REGISTERS_FOLDER) if isinstance(inbox, RemoteInbox) else None
    return there if there is not None and is_folder_at(there) else None


@dataclass(frozen=True)
class RegistersFolder:
    """A folder of registers, or an archive of them, and how it is read; beside `out` is kept what was read."""

    folder: Inbox
    forms: Forms
    limits: Limits
    passwords: tuple[str, ...] = ()
    jobs: int = 0
    out: Path | None = None

    def read(self, period: Period) -> References:
        """Every register of the folder as it stands against this period; raises RegisterError."""
        if isinstance(self.folder, Path) and not self.folder.exists():
            raise RegisterError(
                f"没有这个比对库文件夹：{self.folder}，请检查路径",
                f"there is no folder of registers {self.folder}; check the path",
            )
        listed = walk(self.folder, self.limits, self.jobs)
        archives = {each.location for each in listed if each.members}
        files = [
            each for each in listed if not is_ignored(each.path) and (each.members or each.location not in archives)
        ]
        name = name_of(self.folder)
        named = all(f"{each.path}/".startswith(f"{name}/") for each in files)  # as what lies in an archive is
        return references_of(self._readings(files), self.forms, period, "" if named else f"{name}/")

    def _readings(self, files: Sequence[SourceFile]) -> list[RegisterReading]:
        limits = replace(
            self.limits,
            seconds=self.limits.seconds * TIMES_A_RETURN,
            memory_bytes=self.limits.memory_bytes * TIMES_ITS_MEMORY,
        )
        reader = ReadRegister(self.forms.registers, self.forms.other_persons, limits, self.passwords)
        store = IndexStore(index_folder(self.out), reader) if self.out is not None else None
        states = {each.path: state for each in files if store and (state := self._state(store, each, limits))}
        known = {
            each.path: kept
            for each in files
            if store and each.path in states and (kept := store.get(each, states[each.path]))
        }
        anew = [each for each in files if each.path not in known]
        if self.jobs:
            prepare(anew)
        pool = Pool(reader, _lost, min(self.jobs, len(anew)), limits)
        read = dict(zip((each.path for each in anew), in_order(pool.over(anew)), strict=True))
        readings = [known.get(each.path) or read[each.path] for each in files]
        if store is not None:
            sound = [(each, states.get(each.file.path) or each.sha256) for each in readings if each.problem is None]
            for reading, state in sound:
                if state and reading.file.path in read:
                    store.put(reading, state)
            store.keep_only((each.file, state) for each, state in sound if state)
        return readings

    def _state(self, store: IndexStore, file: SourceFile, limits: Limits) -> str | None:
        """What is another text for other bytes of a file: its server's mark, else its digest where something is kept.

        To fetch a register from its server takes longer than to read it.
        """
        try:
            if (mark := identity_of(file, limits)) is not None:
                return mark
            if not store.folder.is_dir():
                return None
            return hashlib.sha256(content(file, limits, self.passwords)).hexdigest()
        except Unreadable:
            return None  # whoever reads it says why


def _lost(file: SourceFile, problem: Problem) -> RegisterReading:
    return RegisterReading(file, problem=problem)


def references_of(readings: Sequence[RegisterReading], forms: Forms, period: Period, folder: str) -> References:
    """The registers that these files make, held against a period; `folder` is put before the files' paths."""
    return _References(forms, period, folder).of(readings)


@dataclass(frozen=True)
class _References:
    """Puts the readings of one folder together, for one period."""

    forms: Forms
    period: Period
    folder: str

    def of(self, readings: Sequence[RegisterReading]) -> References:
        """The registers and the files of the folder; a file that holds none of them is told as well."""
        files: list[ReferenceFile] = []
        used: dict[str, list[Read]] = {}
        first: dict[str, str] = {}
        for reading in readings:
            copy_of = first.setdefault(reading.sha256, reading.file.path) if reading.sha256 else reading.file.path
            if reading.problem is not None or not reading.found:
                files += self._of_no_register(reading)
                continue
            for found in reading.found:
                line = self._line(reading, found, copy_of)
                files.append(line)
                if line.trouble is None:
                    used.setdefault(found.slug, []).append((reading, found))
        wanting = {each.register for each in files if each.trouble and each.trouble is not Trouble.COPY}
        registers = {
            each.slug: self._reference(each.slug, used[each.slug], whole=each.slug not in wanting)
            for each in self.forms.registers
            if each.slug in used
        }
        return References(tuple(files), registers)

    def _reference(self, slug: str, read: Sequence[Read], *, whole: bool) -> Reference:
        register = next(each for each in self.forms.registers if each.slug == slug)
        parts: tuple[ReferencePart, ...] = tuple(found.part for _, found in read)
        missing = frozenset(name for _, found in read for name in found.missing)
        return Reference(register, tuple(self._path(each) for each, _ in read), parts, missing, whole)

    def _line(self, reading: RegisterReading, found: FoundRegister, copy_of: str) -> ReferenceFile:
        register = next(each for each in self.forms.registers if each.slug == found.slug)
        day = reading.dated or _saved(reading.file)
        missing = tuple(register.by_name[name].header for name in sorted(found.missing & register.asked))
        says = reading.dated is not None
        line = ReferenceFile(self._path(reading), found.slug, len(found.part), day.isoformat(), says, missing)
        if copy_of != reading.file.path:
            return replace(line, rows=0, trouble=Trouble.COPY, what=_same(f"{self.folder}{copy_of}"))
        if found.lacks:
            return replace(line, rows=0, trouble=Trouble.NO_KEY, what=register.by_name[found.lacks].label)
        if not len(found.part):
            return replace(line, trouble=Trouble.EMPTY)
        if day < self.period.first - dt.timedelta(days=MOST_DAYS_OLD):
            return replace(line, rows=0, trouble=Trouble.OLD, what=_same(day.isoformat()))
        return line

    def _of_no_register(self, reading: RegisterReading) -> Iterator[ReferenceFile]:
        """A file that can't be read is of the registers that its name names, of which it may be a part."""
        line = ReferenceFile(self._path(reading))
        if reading.problem is None or reading.problem.slug == "file-other":
            yield replace(line, trouble=Trouble.UNKNOWN)
            return
        slugs = [each.slug for each in self.forms.registers if any(word in reading.file.path for word in each.called)]
        for slug in slugs or [""]:
            yield replace(line, register=slug, trouble=Trouble.UNREADABLE, problem=reading.problem)

    def _path(self, reading: RegisterReading) -> str:
        return f"{self.folder}{reading.file.path}"


def _same(text: str) -> Words:
    return Words(text, text)


def _saved(file: SourceFile) -> dt.date:
    return in_china(moment_of(file.modified)).date()

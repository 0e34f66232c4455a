"""The per-workbook stage: one file in, the forms found in it out; a pure function of bytes and definitions."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from kbxt_merge.intake.formats.containers import CONTAINERS
from kbxt_merge.intake.formats.damage import PICTURE_ONLY, Unreadable
from kbxt_merge.intake.formats.encryption import unlocked
from kbxt_merge.intake.formats.read_workbook import read_workbook
from kbxt_merge.intake.formats.sniff import kind_of
from kbxt_merge.intake.inbox.archives import check_archive
from kbxt_merge.intake.inbox.listing import content, is_ignored
from kbxt_merge.model.file_names import BESIDE, Promise, promise_of
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.packed_cells import packed
from kbxt_merge.model.passwords import Passwords
from kbxt_merge.model.returns import Grid, Kind, Problem, Reading, SourceFile, Workbook

if TYPE_CHECKING:
    from kbxt_merge.intake.reading.read_sheets import ReadSheets

SCANS = frozenset({Kind.PDF, Kind.IMAGE})
"""What schools keep beside a return: read by people, not by us."""

NAMED_SO = frozenset({Promise.VOLUME, Promise.SHORTCUT, Promise.SEALED})
"""Promises that say what a file is where its bytes say nothing."""

NOTHING_SAID = frozenset({"unknown", "empty", "text", "html", "unlisted", "archive-in-archive"})
"""Reasons that leave open what a file is."""

PAGES = frozenset({Kind.CSV, Kind.HTML, Kind.TEXT})
"""Kinds that may hold a form's table, and are as often only a page that was given a workbook's name."""


@dataclass
class ReadReturn:
    """Reads one file of the inbox; can be sent to a worker process, where it prepares its recogniser once."""

    forms: Forms
    limits: Limits
    passwords: Passwords = field(default_factory=Passwords)

    def __call__(self, file: SourceFile) -> Reading:
        """What the file holds, or why it could not be read; never raises for what a file may hold."""
        if not is_opened(file):
            return Reading(file, Kind.UNKNOWN, "", problem=file.refused or _unopened(file))
        kind, digest = Kind.UNKNOWN, ""
        try:
            data = self._content(file)
            digest = hashlib.sha256(data).hexdigest()
            kind = kind_of(data, file.path)
            if kind in CONTAINERS:
                check_archive(file, data, kind, self.limits, self.passwords.likely(file.path))
                return Reading(file, kind, digest, problem=Problem("file-container", {"what": kind.value}))
            if kind in SCANS:
                raise Unreadable("file-other", kind.value)
            return self.reading_of(file, kind, digest, self._workbook(file, data, kind))
        except Unreadable as unreadable:
            return Reading(file, kind, digest, problem=self._as_named(unreadable.problem, file))

    def unlocked(self, file: SourceFile, sha256: str) -> bytes:
        """The bytes of a file that was read, without the lock that one of the passwords opened.

        `sha256` is the digest of what was read: raises Unreadable where the file is gone, or another by now.
        """
        data = self._same(file, sha256)
        return unlocked(data, self.passwords.all(file.path)) if kind_of(data, file.path) is Kind.ENCRYPTED else data

    def grids(self, file: SourceFile, sha256: str) -> list[Grid]:
        """The grids of a file that was read before; raises as `unlocked`."""
        data = self._same(file, sha256)
        return self._workbook(file, data, kind_of(data, file.path)).grids

    def _same(self, file: SourceFile, sha256: str) -> bytes:
        data = self._content(file)
        if hashlib.sha256(data).hexdigest() != sha256:
            raise Unreadable("file-unreadable", "changed-since")
        return data

    def _content(self, file: SourceFile) -> bytes:
        """The bytes of a file; an archive is no mail of ours, so that it has no password of another school."""
        return content(file, self.limits, self.passwords.likely(file.path))

    def _workbook(self, file: SourceFile, data: bytes, kind: Kind) -> Workbook:
        return read_workbook(data, kind, self.limits, self.passwords.all(file.path))

    def __getstate__(self) -> dict[str, object]:
        """Travel without the recogniser: each process prepares its own."""
        return {"forms": self.forms, "limits": self.limits, "passwords": self.passwords}

    @cached_property
    def _read_sheets(self) -> ReadSheets:
        from kbxt_merge.intake.reading.read_sheets import ReadSheets  # only whoever reads needs recognition

        return ReadSheets(self.forms)

    def reading_of(self, file: SourceFile, kind: Kind, digest: str, workbook: Workbook) -> Reading:
        """What the forms on a file's grids make of the file."""
        found = self._read_sheets(workbook, file.path)
        self.limits.check_records(sum(len(sheet.rows) for sheet in found.sheets))
        reading = Reading(file, kind, digest, sheets=list(map(packed, found.sheets)), answers=found.answers)
        reading.unrecognised, reading.texts = tuple(found.strange), tuple(found.texts)
        if reading.sheets:
            return reading
        if found.answered and not (found.strange or found.texts):
            return replace(reading, problem=Problem("file-other", {"what": "answers-alone"}))
        if kind is Kind.DOCX or promise_of(file.path) in BESIDE:
            problem = Problem("file-other", {"what": kind.value})
            return replace(reading, unrecognised=(), problem=self._as_named(problem, file))
        if kind in PAGES and promise_of(file.path) is Promise.WORKBOOK:
            what = "html" if kind is Kind.HTML else "text"
            return replace(reading, unrecognised=(), problem=Problem("file-unreadable", {"what": what}))
        return reading

    def _as_named(self, problem: Problem, file: SourceFile) -> Problem:
        """What is no return is a fault only where its name says that it should be one, and kept beside one else."""
        promise, what = promise_of(file.path), problem.facts.get("what")
        if promise in BESIDE and problem.slug in ("file-unreadable", "file-other"):
            return Problem("file-other", {"what": promise.value})
        if promise in NAMED_SO and what in NOTHING_SAID:
            return Problem("file-unreadable", {"what": promise.value})
        is_due = promise is Promise.WORKBOOK or (promise is Promise.CONTAINER and what in NOTHING_SAID)
        is_form = what == PICTURE_ONLY and any(form.is_named_in(file.path) for form in self.forms.forms)
        if problem.slug == "file-other" and (is_due or is_form):
            return replace(problem, slug="file-unreadable")
        return problem


def is_opened(file: SourceFile) -> bool:
    """Whether there is anything to be found out about a file by opening it."""
    return file.refused is None and not is_ignored(file.path)


def _unopened(file: SourceFile) -> Problem:
    """What becomes of a file that is not opened: a half download is a fault unless all of it came too."""
    if promise_of(file.path) is Promise.HALF and not file.finished:
        return Problem("file-unreadable", {"what": Promise.HALF.value})
    return Problem("file-ignored", {"what": "passing"})

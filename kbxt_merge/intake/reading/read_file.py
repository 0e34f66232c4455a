"""The per-workbook stage: one file in, the forms found in it out; a pure function of bytes and definitions."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from kbxt_merge.intake.formats.containers import CONTAINERS
from kbxt_merge.intake.formats.damage import PICTURE_ONLY, Unreadable
from kbxt_merge.intake.formats.encryption import unlocked
from kbxt_merge.intake.formats.read_workbook import read_workbook
from kbxt_merge.intake.formats.sniff import kind_of
from kbxt_merge.intake.inbox.archives import check_archive
from kbxt_merge.intake.inbox.listing import content, is_ignored
from kbxt_merge.intake.recognition.answers import is_opinion_sheet, read_opinions
from kbxt_merge.intake.recognition.continued import more_of_it
from kbxt_merge.intake.recognition.extract import extract
from kbxt_merge.intake.recognition.recogniser import Recognised, Recogniser
from kbxt_merge.intake.recognition.split_tables import tables
from kbxt_merge.model.file_names import BESIDE, Promise, promise_of
from kbxt_merge.model.form import Forms
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.own_workbook import is_own_sheet
from kbxt_merge.model.passwords import Passwords
from kbxt_merge.model.returns import Grid, Kind, Problem, Reading, Sheet, SourceFile, Workbook, is_blank

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
                check_archive(file, data, kind, self.limits)
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
    def _recogniser(self) -> Recogniser:
        return Recogniser(self.forms)

    def reading_of(self, file: SourceFile, kind: Kind, digest: str, workbook: Workbook) -> Reading:
        """What the forms on a file's grids make of the file."""
        reading = Reading(file, kind, digest)
        strange: list[str] = []
        texts: list[str] = []
        lists: list[Recognised] = []
        answered = False
        for grid in workbook.grids:
            if is_opinion_sheet(grid):
                answered = True
                reading.answers += read_opinions(grid, file.path)
                continue
            read = self._sheets(grid, lists, reading.sheets)
            reading.sheets += [replace(sheet, marks=workbook.marks) for sheet in read]
            if read:
                continue
            if not is_own_sheet(grid.sheet) and (width := _widest_row(grid)):
                (strange if width > 1 else texts).append(grid.sheet)
        self.limits.check_records(sum(len(sheet.rows) for sheet in reading.sheets))
        reading.unrecognised, reading.texts = tuple(strange), tuple(texts)
        if reading.sheets:
            return reading
        if answered and not (strange or texts):
            return replace(reading, problem=Problem("file-other", {"what": "answers-alone"}))
        if kind is Kind.DOCX or promise_of(file.path) in BESIDE:
            problem = Problem("file-other", {"what": kind.value})
            return replace(reading, unrecognised=(), problem=self._as_named(problem, file))
        if kind in PAGES and promise_of(file.path) is Promise.WORKBOOK:
            what = "html" if kind is Kind.HTML else "text"
            return replace(reading, unrecognised=(), problem=Problem("file-unreadable", {"what": what}))
        return reading

    def _sheets(self, grid: Grid, lists: list[Recognised], read: Sequence[Sheet]) -> list[Sheet]:
        """What a grid holds: its own forms, noted in `lists`, or more of the last one of them, the last one read."""
        found = tables(grid, self._recogniser)
        lists += [form for _, form in found]
        if not found and lists:
            return more_of_it(grid, lists[-1], read[-1])
        return _with_lines_above([sheet for part, form in found for sheet in extract(part, form)])

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


def _with_lines_above(sheets: Sequence[Sheet]) -> list[Sheet]:
    """The forms of one grid, a further one below another under the line of its unit, where it has none itself."""
    told: list[Sheet] = []
    for each in sheets:
        above = told[-1] if told else None
        if above and above.form != each.form and above.unit and not (each.unit or each.block or each.stamp):
            each = replace(each, unit=above.unit, unit_cell=above.unit_cell, date=each.date or above.date)
        told.append(each)
    return told


def is_opened(file: SourceFile) -> bool:
    """Whether there is anything to be found out about a file by opening it."""
    return file.refused is None and not is_ignored(file.path)


def _unopened(file: SourceFile) -> Problem:
    """What becomes of a file that is not opened: a half download is a fault unless all of it came too."""
    if promise_of(file.path) is Promise.HALF and not file.finished:
        return Problem("file-unreadable", {"what": Promise.HALF.value})
    return Problem("file-ignored", {"what": "passing"})


def _widest_row(grid: Grid) -> int:
    """The most filled cells in one row: a table has two and more, a page of text one."""
    return max((sum(not is_blank(cell) for cell in row) for row in grid.rows), default=0)

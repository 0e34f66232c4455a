"""What a run decided of each file, sheet and row, and why: for whoever has to explain what came out of it.

It tells paths, sheets, addresses, counts, rules and the roster's names for schools, and never what stands in a cell,
nor a whole ID number that is part of a name.
"""

from __future__ import annotations

import logging
import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import groupby
from pathlib import Path
from typing import Any

import pandas as pd

from kbxt_merge import __version__
from kbxt_merge.log_words import BY_SIGNS, LINES, MATCHED, NAMED_BY, REPLACED
from kbxt_merge.model.district import District
from kbxt_merge.model.finding import Place
from kbxt_merge.model.form import Shape
from kbxt_merge.model.merge_result import Checked
from kbxt_merge.model.out_folder import LOG_FILE
from kbxt_merge.model.privacy import Once, of_names
from kbxt_merge.model.returned_form import NamedBy, Returned, Standing
from kbxt_merge.model.returns import Reading, address
from kbxt_merge.model.rule import Severity
from kbxt_merge.model.school import School
from kbxt_merge.model.text import Language, plain, printable
from kbxt_merge.model.verdict import Verdict

LOG = logging.getLogger("kbxt_merge")


class _Shown(logging.Formatter):
    """Lines for a terminal, which must not obey what a file's name may hold, nor show a whole ID number in it."""

    def format(self, record: logging.LogRecord) -> str:
        """The record's lines."""
        return "\n".join(of_names(printable(line)) for line in super().format(record).split("\n"))


@contextmanager
def log_on_terminal() -> Iterator[None]:
    """Show on the error stream, for the time of a block, all that is logged."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Shown("%(asctime)s %(message)s", "%H:%M:%S"))
    level = LOG.level
    LOG.addHandler(handler)
    LOG.setLevel(logging.INFO)
    try:
        yield
    finally:
        LOG.setLevel(level)
        LOG.removeHandler(handler)


def decisions(checked: Checked, language: Language) -> Iterator[str]:
    """A line a decision: of the run, then of each file with its sheets and rows, then of what was not checked."""
    told = _Telling(checked, language)
    yield from told.run()
    for reading in checked.district.readings:
        yield from told.file(reading)
    yield from told.whole()


def log_decisions(checked: Checked, language: Language) -> None:
    """Log what was decided, if anybody listens."""
    if LOG.isEnabledFor(logging.INFO):
        for line in decisions(checked, language):
            LOG.info("%s", line)


def log_not_made(checked: Checked, language: Language) -> None:
    """Log what could not be made for the schools: that is known only once all is written."""
    for name, what in checked.not_made:
        LOG.info("%s", LINES["not-made"].of(language).format(name=name, what=what))


def write_log(checked: Checked, folder: Path, language: Language) -> Path:
    """Write what was decided into a file of the data folder, readable by its owner only."""
    path = folder / LOG_FILE
    with open(path, "w", encoding="utf-8", opener=partial(os.open, mode=0o600)) as stream:
        stream.write("".join(f"{line}\n" for line in decisions(checked, language)))
    return path


@dataclass
class _Telling:
    """Words what a checked district knows of how it came about."""

    checked: Checked
    language: Language

    @property
    def district(self) -> District:
        return self.checked.district

    def say(self, line: str, **facts: str | int) -> str:
        """A line of these facts, of each of which is shown what may be: most stand in many lines."""
        shown = {name: self._shown[fact] if isinstance(fact, str) else fact for name, fact in facts.items()}
        return LINES[line].of(self.language).format_map(shown)

    @cached_property
    def _shown(self) -> Once:
        return Once(lambda text: of_names(printable(text)))

    def run(self) -> Iterator[str]:
        district, roster = self.district, self.district.roster
        yield self.say("run", version=__version__, period=district.period.label, as_of=str(district.as_of))
        yield self.say("roster", schools=len(roster.schools)) if roster else self.say("no-roster")
        for each in district.references.files if district.references else ():
            why = each.why(self.language) or "-"
            yield self.say("register", file=each.path, register=each.register or "?", rows=each.rows, why=why)

    def file(self, reading: Reading) -> Iterator[str]:
        """Tell what became of a file, then of each sheet in it."""
        path = reading.file.path
        slug, *counts = self._verdicts[path]
        rows = dict(zip(("read", "merged", "left_out"), counts, strict=True))
        words = Verdict(slug).words.of(self.language)
        yield self.say("kind", file=path, kind=reading.kind.value, size=reading.file.size)
        yield self.say("verdict", file=path, slug=slug, verdict=words, **rows)
        if reading.problem:
            yield self.say("problem", file=path, slug=reading.problem.slug, title=self._title(reading.problem.slug))
        if reading.answers:
            yield self.say("answers", file=path, count=len(reading.answers))
        yield from (self.say("no-form", place=str(Place(path, sheet))) for sheet in reading.unrecognised)
        yield from (self.say("text", place=str(Place(path, sheet))) for sheet in reading.texts)
        if path in self.district.copies:
            yield self.say("copy", file=path, other=self.district.copies[path])
        for each in self._returned.get(path, ()):
            yield from self._sheet(each)
        yield from self._found.get(path, ())

    def whole(self) -> Iterator[str]:
        """Tell what was confirmed, and what could not be checked."""
        checked, language = self.checked, self.language
        if checked.confirmed:
            yield self.say("confirmed", count=len(checked.confirmed))
        skipped: Counter[tuple[str, str]] = Counter()
        for rule, form, count in _rows(checked.findings.skipped, "rule", "form", "count"):
            skipped[rule, form] += count
        for (rule, form), count in sorted(skipped.items()):
            yield self.say("skipped", rule=rule, title=self._title(rule), form=form, count=count)
        yield from (self.say("not-made", name=name, what=what) for name, what in checked.not_made)
        for each in self.district.forms.relations.off:
            yield self.say("off", feature=each.feature.words.of(language), why=each.why(language))
        for gap in self.district.gaps:
            yield self.say("gap", what=gap.what.of(language), why=gap.why.of(language))

    def _sheet(self, each: Returned) -> Iterator[str]:
        """Tell how a form was known, whose it is, of which day, which rows are records, and whether it counts."""
        sheet, at = each.sheet, Place(each.file.path, each.sheet.sheet)
        place = str(at)
        yield from self._recognition(each, place)
        yield self.say("school", place=place, by=self._named_by(each), match=self._match(each))
        yield self.say("dated", place=place, cell=sheet.date_cell) if sheet.date else self.say("undated", place=place)
        yield self.say("rows", place=place, count=len(sheet.rows), rows=_ranges(sheet.rows))
        for row in sheet.left_out:
            cell = str(replace(at, cell=address(row.row, row.column)))
            why = row.reason.words.of(self.language)
            yield self.say("left-out", place=cell, slug=row.reason, why=why)
        if each.standing is not Standing.IN_FORCE:
            why = (each.why.words if each.why else REPLACED[each.standing]).of(self.language)
            yield self.say("set-aside", place=place, why=why, other=each.replaced_by)
        if each.part_of:
            yield self.say("part", place=place, other=each.part_of)

    def _recognition(self, each: Returned, place: str) -> Iterator[str]:
        sheet = each.sheet
        signs = BY_SIGNS[each.form.shape is Shape.CARD, bool(sheet.title)].of(self.language)
        yield self.say("form", place=place, form=each.form.slug, signs=signs, score=f"{sheet.score:.2f}")
        if sheet.header_row is not None:
            yield self.say("header", place=place, row=sheet.header_row + 1)
        if sheet.missing:
            names = (each.form.by_name[name].label.of(self.language) for name in sheet.missing)
            yield self.say("missing", place=place, count=len(sheet.missing), fields="、".join(names))
        if sheet.unexpected:
            cells = ", ".join(address(row, column) for row, column, _ in sheet.unexpected)
            yield self.say("unexpected", place=place, count=len(sheet.unexpected), cells=cells)
        if sheet.hidden:
            yield self.say("hidden", place=place, what=", ".join(sheet.hidden))

    def _named_by(self, each: Returned) -> str:
        by = NAMED_BY[each.named_by].of(self.language)
        return f"{by} {each.sheet.unit_cell}" if each.named_by is NamedBy.UNIT_LINE else by

    def _match(self, each: Returned) -> str:
        roster = self.district.roster
        if not each.school or roster is None:
            return self.say("as-written") if each.school else self.say("no-school")
        if each.listed is None:
            near = roster.nearest(each.school)
            return self.say("unknown-near", near=near.name) if near else self.say("unknown")
        how = MATCHED[_spelling(each, each.listed)].of(self.language)
        return self.say("listed", school=each.listed.name, how=how)

    def _title(self, rule: str) -> str:
        card = self.checked.findings.catalogue.get(rule)
        return card.title.of(self.language) if card else ""

    @cached_property
    def _verdicts(self) -> Mapping[str, tuple[Any, ...]]:
        columns = ("verdict", "rows_read", "rows_merged", "rows_left_out")
        return dict(zip(self.checked.verdicts["file"], _rows(self.checked.verdicts, *columns), strict=True))

    @cached_property
    def _returned(self) -> Mapping[str, Sequence[Returned]]:
        found: dict[str, list[Returned]] = {}
        for each in self.district.returned:
            found.setdefault(each.file.path, []).append(each)
        return found

    @cached_property
    def _found(self) -> Mapping[str, Sequence[str]]:
        """How often each rule found something on each sheet, as lines by file."""
        counts = Counter(_rows(self.checked.findings.frame, "file", "sheet", "rule", "severity"))
        lines: dict[str, list[str]] = {}
        for (file, sheet, rule, severity), count in sorted(counts.items()):
            asks = Severity(severity).words.of(self.language)
            facts = {"rule": rule, "title": self._title(rule), "severity": asks, "count": count}
            lines.setdefault(file, []).append(self.say("found", place=str(Place(file, sheet)), **facts))
        return lines


def _rows(frame: pd.DataFrame, *columns: str) -> Iterator[tuple[Any, ...]]:
    return zip(*(frame[name].tolist() for name in columns), strict=True)


def _spelling(each: Returned, school: School) -> str:
    """Tell how the unit line writes a school of the roster: `name`, `alias` or `other`; `known` where it does not."""
    if each.named_by is not NamedBy.UNIT_LINE:
        return "known"
    written = plain(each.sheet.unit or "")
    if written == plain(school.name):
        return "name"
    return "alias" if written in map(plain, school.aliases) else "other"


def _ranges(rows: Iterable[int]) -> str:
    """Rows counted from zero as people read them.

    >>> _ranges([4, 5, 6, 9])
    '5-7, 10'
    """
    runs = groupby(enumerate(sorted(rows)), key=lambda pair: pair[1] - pair[0])
    ends = ([row + 1 for _, row in run] for _, run in runs)
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in ends)

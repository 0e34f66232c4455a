"""Summary workbooks kept from one merge to the next: one is written again only when something in it is new.

A workbook's key covers all that it is made of: definitions, returns, findings, schools, and the program.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import numpy as np

from kbxt_merge.model.district import District, Records
from kbxt_merge.model.finding import Findings
from kbxt_merge.model.kept import digest_of
from kbxt_merge.model.program import code_of
from kbxt_merge.model.text import Language
from kbxt_merge.outputs.publish.result_store import ResultStore
from kbxt_merge.outputs.summary.write import SummaryBooks

MOST_KEPT = 1 << 26
"""Bytes of a workbook that is kept."""


class Book(NamedTuple):
    """A summary workbook: its form, and its path below the folder."""

    form: str
    name: str


class Written(NamedTuple):
    """A workbook that was written, and its key; `anew`: it was not kept."""

    book: Book
    key: bytes
    anew: bool


@dataclass(frozen=True)
class SummaryCache:
    """The summary workbooks of a district, below `folder`."""

    store: ResultStore
    district: District
    findings: Findings
    folder: Path
    language: Language
    final: bool = False

    @property
    def books(self) -> Sequence[Book]:
        """All workbooks, form by form."""
        return [Book(slug, name) for slug, books in self._of_forms.items() for name in books.names]

    def shares(self, count: int) -> Sequence[Sequence[Book]]:
        """All workbooks in so many parts that take as long, in each the dearest first."""
        cost = {book: self._of_forms[book.form].cost(book.name) for book in self.books}
        parts: list[list[Book]] = [[] for _ in range(min(count, len(cost)))]
        taken = [0] * len(parts)
        for book in sorted(cost, key=lambda each: -cost[each]):
            least = taken.index(min(taken))
            parts[least].append(book)
            taken[least] += cost[book]
        return parts

    def write_all(self, books: Sequence[Book]) -> Sequence[Written]:
        """Write these workbooks."""
        return [self.write(book) for book in books]

    def write(self, book: Book) -> Written:
        """Write a workbook as it is kept, or anew; nothing is kept yet, so that a copy can do it."""
        key = self._key(book)
        content = self.store.peek(key)
        if content is None:
            self._of_forms[book.form].write(book.name, self.folder)
        else:
            path = self._path(book)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return Written(book, key, anew=content is None)

    def keep(self, written: Written) -> None:
        """Keep what was written; what is as large as a province's not, as all of it would stand in memory twice."""
        path = self._path(written.book)
        if path.stat().st_size <= MOST_KEPT:
            self.store.put(written.key, path.read_bytes())

    def _path(self, book: Book) -> Path:
        return self.folder / PurePosixPath(book.name)

    @cached_property
    def _of_forms(self) -> Mapping[str, SummaryBooks]:
        return {
            form.slug: SummaryBooks(self.district, self.findings, form, self.language, final=self.final)
            for form in self.district.forms.forms
        }

    def _key(self, book: Book) -> bytes:
        books = self._of_forms[book.form]
        own = self._facts(book.form) if books.is_first(book.name) else self._facts_of_cards(books, book.name)
        return digest_of(self._shared, book, *own)

    @cached_property
    def _shared(self) -> bytes:
        """A digest of what all workbooks are made of."""
        district = self.district
        code = code_of("intake", "outputs", "model", "rules")
        return digest_of(code, self.language, self.final, district.forms, district.period, district.as_of)

    @cached_property
    def _returns(self) -> bytes:
        """A digest of what tells which schools there are, and what each returned."""
        district = self.district
        standings = sorted({(each.school, each.form.slug, each.standing.value) for each in district.returned})
        return digest_of(district.roster, district.schools, standings)

    def _facts(self, slug: str) -> Iterator[object]:
        """What the workbook of all records of a form is made of besides."""
        yield self._returns
        records = self.district.records[slug]
        for at in np.unique(records.sheet).tolist():
            yield _facts_of(records, at)
        compared, read = self.findings.comparison, self.district.references
        if compared is not None and read is not None:
            yield compared.counts.loc[compared.counts["form"] == slug].to_dict(orient="list"), read.files
        found = self.findings.frame
        yield from (column.tolist() for _, column in found[found["form"] == slug].items())

    @staticmethod
    def _facts_of_cards(books: SummaryBooks, name: str) -> Iterator[object]:
        """What a workbook of single cards is made of besides: their places among all stand in its sheets' names."""
        records, merged = books.records, books.merged
        for line in books.lines(name):
            at = int(merged.order[line])
            yield line, _facts_of(records, int(records.sheet[at])), int(records.row[at]), merged.said.get(line)


def _facts_of(records: Records, at: int) -> tuple[object, ...]:
    """What is known of a return: its mark; of one that is not as it was read all there is."""
    mark, returned = records.marks[at] if records.marks else None, records.returned[at]
    if mark is not None:
        return tuple(mark)
    sheet = returned.sheet
    places = sheet.sheet, sheet.columns, sheet.card_rows, sheet.rows
    whose = returned.file.path, returned.school, returned.named_by, returned.day
    return *whose, sheet.date, places, dict(sheet.cells), sheet.row_schools

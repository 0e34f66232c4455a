"""Summary workbooks kept from one merge to the next: a form's are written again only when something in them is new.

A form's key covers all that its workbooks are made of: definitions, returns, findings, schools, and the program.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import numpy as np

from kbxt_merge.model.district import District
from kbxt_merge.model.finding import Findings
from kbxt_merge.model.kept import digest_of
from kbxt_merge.model.program import code_of
from kbxt_merge.model.returned_form import Returned
from kbxt_merge.model.text import Language
from kbxt_merge.outputs.publish.result_store import ResultStore
from kbxt_merge.outputs.summary.write import write_summary


class Written(NamedTuple):
    """A form whose workbooks were written: its key, and their paths below the folder; `anew`: they were not kept."""

    key: bytes
    names: Sequence[str]
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

    def write(self, slug: str) -> Written:
        """Write the workbooks of a form as they are kept, or anew; nothing is kept yet, so that a copy can do it."""
        key = self._key(slug)
        listed = self.store.peek(key)
        names: list[str] = json.loads(listed) if listed else []
        books = [self.store.peek(_of_book(key, name)) for name in names]
        if not names or None in books:
            form = self.district.forms.by_slug[slug]
            paths = write_summary(self.district, self.findings, form, self.folder, self.language, final=self.final)
            return Written(key, [path.relative_to(self.folder).as_posix() for path in paths], anew=True)
        for name, content in zip(names, books, strict=True):
            path = self.folder / PurePosixPath(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content or b"")
        return Written(key, names, anew=False)

    def keep(self, written: Written) -> None:
        """Keep what was written."""
        key, names, _ = written
        self.store.put(key, json.dumps(names).encode())
        for name in names:
            self.store.put(_of_book(key, name), (self.folder / name).read_bytes())

    def _key(self, slug: str) -> bytes:
        return digest_of(self._shared, *self._facts(slug))

    @cached_property
    def _shared(self) -> bytes:
        """A digest of what the workbooks of all forms are made of."""
        district = self.district
        standings = sorted({(each.school, each.form.slug, each.standing.value) for each in district.returned})
        whole = (district.forms, district.period, district.as_of, district.roster, district.schools)
        return digest_of(code_of("intake", "outputs", "model", "rules"), self.language, self.final, *whole, standings)

    def _facts(self, slug: str) -> Iterator[object]:
        """What the form's own workbooks are made of besides."""
        yield slug
        records = self.district.records[slug]
        for at in np.unique(records.sheet).tolist():
            mark = records.marks[at] if records.marks else None
            yield tuple(mark) if mark else _facts_of(records.returned[at])
        compared, read = self.findings.comparison, self.district.references
        if compared is not None and read is not None:
            yield compared.counts.loc[compared.counts["form"] == slug].to_dict(orient="list"), read.files
        found = self.findings.frame
        yield from (column.tolist() for _, column in found[found["form"] == slug].items())


def _facts_of(each: Returned) -> tuple[object, ...]:
    """All that is known of a return that has no mark, for it is not as it was read."""
    sheet = each.sheet
    places = sheet.sheet, sheet.columns, sheet.card_rows, sheet.rows
    return each.file.path, each.school, each.named_by, each.day, places, sheet.cells, sheet.row_schools


def _of_book(key: bytes, name: str) -> bytes:
    return digest_of(key, name)

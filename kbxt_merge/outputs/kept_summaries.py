"""Summary workbooks kept from one merge to the next: a form's are written again only when something in them is new.

A form's key covers all that its workbooks are made of: definitions, records, findings, schools, and the program.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from kbxt_merge.model.district import District
from kbxt_merge.model.finding import Findings
from kbxt_merge.model.text import Language
from kbxt_merge.outputs.kept import Kept
from kbxt_merge.outputs.program import program_files
from kbxt_merge.outputs.summary_workbooks import write_summary

Made = tuple[bytes, Sequence[str]]
"""Of a form written its key, and the paths of its workbooks below the folder."""


@dataclass(frozen=True)
class KeptSummaries:
    """The summary workbooks of a district, below `folder`."""

    kept: Kept
    district: District
    findings: Findings
    folder: Path
    language: Language

    def restore(self) -> list[str]:
        """Write the workbooks that are kept; the forms whose workbooks are to be made are returned, by their slugs."""
        slugs = list(self.district.forms.by_slug)
        return slugs if self.kept.is_empty else [slug for slug in slugs if not self._restored(slug)]

    def make(self, slug: str) -> Made:
        """Write the workbooks of a form; nothing is kept yet, so that a copy of this process can do it."""
        form = self.district.forms.by_slug[slug]
        paths = write_summary(self.district, self.findings, form, self.folder, self.language)
        return self._key(slug), [path.relative_to(self.folder).as_posix() for path in paths]

    def keep(self, made: Made) -> None:
        """Keep what was made."""
        key, names = made
        self.kept.put(key, json.dumps(names).encode())
        for name in names:
            self.kept.put(_of_book(key, name), (self.folder / name).read_bytes())

    def _restored(self, slug: str) -> bool:
        key = self._key(slug)
        listed = self.kept.get(key)
        names: list[str] = json.loads(listed) if listed else []
        books = [self.kept.get(_of_book(key, name)) for name in names]
        for name, content in zip(names, books, strict=True):
            if content is None or None in books:
                return False
            path = self.folder / PurePosixPath(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return bool(names)

    def _key(self, slug: str) -> bytes:
        return _digest([self._shared, *self._facts(slug)])

    @cached_property
    def _shared(self) -> bytes:
        """A digest of what the workbooks of all forms are made of."""
        district = self.district
        standings = sorted({(each.school, each.form.slug, each.standing.value) for each in district.returned})
        whole = (district.forms, district.period, district.as_of, district.roster, district.schools)
        return _digest([program_files(), self.language, *whole, standings])

    def _facts(self, slug: str) -> Iterator[object]:
        """What the form's own workbooks are made of besides."""
        yield slug
        records = self.district.records[slug]
        yield [
            (each.file.path, each.sheet.sheet, each.sheet.columns, each.sheet.card_rows) for each in records.returned
        ]
        yield records.sheet.tolist(), records.row.tolist(), records.school.tolist(), records.day.tolist()
        yield from (records.typed[field.name].tolist() for field in records.form.fields)
        found = self.findings.frame
        yield from (column.tolist() for _, column in found[found["form"] == slug].items())


def _digest(facts: Iterable[object]) -> bytes:
    digest = hashlib.sha256()
    for fact in facts:
        digest.update(repr(fact).encode("utf-8", "surrogateescape") + b"\0")
    return digest.digest()


def _of_book(key: bytes, name: str) -> bytes:
    return hashlib.sha256(key + name.encode()).digest()

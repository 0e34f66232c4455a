"""Schools' reports kept from one merge to the next: a page is made again only when something on it is new.

A page's key covers its findings, the files in which they and their other ends stand, what was fixed and what was not
checked, and what all pages share. The moment at which it is made is put into it when it is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from kbxt_merge.model.finding import Place
from kbxt_merge.model.kept import Store, digest_of
from kbxt_merge.model.program import code_of
from kbxt_merge.outputs.report.page import Reports
from kbxt_merge.outputs.report.template import digest_of_templates, fixed_texts


@dataclass(frozen=True)
class ReportCache:
    """The reports of schools that are kept in a store."""

    store: Store
    reports: Reports
    _keys: dict[str, bytes] = field(default_factory=dict, init=False)

    def write(self, school: str, path: Path) -> bool:
        """Write a school's report as it is kept, and tell whether it is."""
        kept = None if self.store.is_empty else self.store.get(self._key(school))
        if kept is None:
            return False
        for whole, bare in self._left_out:
            kept = kept.replace(bare, whole, 1)
        path.write_bytes(kept)
        return True

    def keep(self, school: str, path: Path) -> None:
        """Keep a school's report that was written."""
        page = path.read_bytes()
        for whole, bare in self._left_out:
            page = page.replace(whole, bare, 1)
        self.store.put(self._key(school), page)

    def _key(self, school: str) -> bytes:
        if school not in self._keys:
            self._keys[school] = self._digest(school)
        return self._keys[school]

    def _digest(self, school: str) -> bytes:
        facts = self.reports.facts_of(school)
        columns = facts.pop("columns")
        told = {**columns, "record": list(map(self._row, columns["form"], columns["record"]))}
        related = (Place.parse(line).file for text in columns["related"] if text for line in text.split("\n"))
        places = {name: self._files.get(name) for name in dict.fromkeys([*columns["file"], *related])}
        return digest_of(self._shared, school, told, places, facts)

    def _row(self, form: str, record: int) -> int:
        """The row of a record on its sheet: a finding may have no cell, and among all records others may move it."""
        known = self.reports.district.records.get(form)
        return -1 if known is None or record < 0 else int(known.row[record])

    @cached_property
    def _shared(self) -> bytes:
        """A digest of what the pages of all schools are made of."""
        reports, district = self.reports, self.reports.district
        head = (reports.language, district.period, dict(reports.examples), reports.run.get("version"))
        code = code_of("outputs", "model", "rules"), digest_of_templates()  # rules are told of as their code has them
        return digest_of(*code, district.forms, district.roster or district.schools, head)

    @cached_property
    def _files(self) -> Mapping[str, tuple[object, ...]]:
        """Each file's bytes, and whose each of its sheets is, whether it counts, and by which rows."""
        district = self.reports.district
        states: dict[str, tuple[object, ...]] = {each.file.path: (each.sha256,) for each in district.readings}
        for each in district.returned:
            own = (each.sheet.sheet, each.form.slug, each.school, each.standing.value, list(each.sheet.rows))
            states[each.file.path] = (*states[each.file.path], own)
        return states

    @cached_property
    def _left_out(self) -> list[tuple[bytes, bytes]]:
        """What stands on every page, and what is kept in its place."""
        return [
            (f"<{tag}>{text}</{tag}>".encode(), f"<{tag}></{tag}>".encode())
            for tag, text in (*fixed_texts().items(), ("time", self.reports.made))
        ]

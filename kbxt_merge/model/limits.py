"""How much a returned file may ask of the machine."""

from __future__ import annotations

from dataclasses import dataclass

from kbxt_merge.model.returns import Problem


class Unreadable(Exception):  # noqa: N818 - a state of the file, not a fault of the program
    """A file that cannot be read, and why: a data fault, which the per-workbook stage turns into a finding."""

    def __init__(self, slug: str, what: str, **facts: object) -> None:
        """`what` is the short machine word of the reason, `facts` the values that its sentence needs."""
        self.problem = Problem(slug, {"what": what, **{key: str(value) for key, value in facts.items()}})
        super().__init__(slug, what)

    def __reduce__(self) -> tuple[object, ...]:
        """Cross process borders whole, facts included."""
        facts = dict(self.problem.facts)
        what = facts.pop("what")
        return _rebuild, (self.problem.slug, what, facts)


def _rebuild(slug: str, what: str, facts: dict[str, str]) -> Unreadable:
    return Unreadable(slug, what, **facts)


@dataclass(frozen=True, slots=True)
class Limits:
    """The reading limits; each default lies well above what harmless workbooks need.

    Measured over 5,300 public workbooks: declared inflated size up to 114 MB, an entry's ratio up to 141, and
    1,033 entries.
    `memory_bytes` is the whole address space of a worker, `seconds` the wall-clock time of one file. `members`,
    `archive_bytes` and `archive_seconds` are of an archive with all archives in it: how many files, by how many bytes
    these may be more than the archive itself, and how long it may take to list them. `inbox_records` are of all files
    together: they stand in one process's memory, 2 KB each, and with two findings each 8 KB.
    """

    file_bytes: int = 256 << 20
    inflated_bytes: int = 1 << 30
    ratio: int = 300
    ratio_from_bytes: int = 32 << 20
    entries: int = 5_000
    members: int = 10_000
    archive_bytes: int = 2 << 30
    archive_seconds: float = 60.0
    sheets: int = 5_000
    cells: int = 20_000_000
    shared_strings: int = 4_000_000
    records: int = 20_000
    inbox_records: int = 400_000
    seconds: float = 20.0
    memory_bytes: int = 1536 << 20

    def check_cells(self, found: int) -> None:
        """Raise Unreadable past the limit of cells."""
        if found > self.cells:
            raise Unreadable("file-unsafe", "too-many-cells", limit=self.cells, found=found)

    def check_records(self, found: int) -> None:
        """Raise Unreadable past the limit of records: each costs the district, and not its file's process only."""
        if found > self.records:
            raise Unreadable("file-unsafe", "too-many-records", limit=self.records, found=found)

    def check_sheets(self, found: int) -> None:
        """Raise Unreadable past the limit of sheets."""
        if found > self.sheets:
            raise Unreadable("file-unsafe", "too-many-sheets", limit=self.sheets, found=found)

    def check_ratio(self, size: int, packed: int) -> None:
        """Raise Unreadable for a large entry of a zip that inflates by more than the limit's ratio."""
        if size > max(self.ratio_from_bytes, self.ratio * packed):
            raise Unreadable("file-unsafe", "inflated-ratio", limit=self.ratio, found=size // max(packed, 1))

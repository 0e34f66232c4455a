"""What stands on the pages, line by line: findings, files, schools."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kbxt_merge.model.overview import Arrival, FormStatus
from kbxt_merge.model.rule import Severity
from kbxt_merge.model.text import Words, compact_value
from kbxt_merge.model.verdict import Verdict

if TYPE_CHECKING:  # the first page needs none of their rooms
    from kbxt_merge.desk.cells import RowCell
    from kbxt_merge.model.decision import Decision
    from kbxt_merge.model.overview import SchoolStatus
    from kbxt_merge.model.school import School

_SET_ASIDE = Words("本局决定不采用", "set aside by the bureau")


@dataclass(frozen=True, slots=True)
class UnknownWord:
    """A word that a vocabulary does not have: as it was typed, what it may be read as, and what that changes.

    `finding` is the number of one about it on its board, `stood` the cell of that.
    """

    finding: int
    stood: str
    vocabulary: str
    typed: str
    choices: tuple[str, ...]
    count: int
    schools: int

    @property
    def key(self) -> str:
        """By what it is known on every board, however it is typed."""
        return f"{self.vocabulary}.{compact_value(self.typed)}"

    @property
    def chosen(self) -> str:
        """What a form says of it: its number, and its key."""
        return f"{self.finding}.{self.key}"


@dataclass(frozen=True, slots=True)
class FindingLine:
    """A finding as a page shows it, masked; `number` is its own on this board, `row` the cells of its record.

    `mark` is its own on every board on which it stands the same, blank where the bureau can't confirm it.
    """

    number: int
    school: str
    form: str
    rule: str
    title: str
    severity: str
    life: str
    since: str
    file: str
    sheet: str
    cell: str
    field: str
    message: str
    value: str
    suggestion: str
    related: tuple[str, ...]
    row: tuple[RowCell, ...]
    decision: Decision | None
    word: UnknownWord | None
    mark: str

    @property
    def chosen(self) -> str:
        """What a form says of it: its number, its mark, and where it stands, should it not stand there any more."""
        place = " › ".join(filter(None, (self.file, self.place)))
        return f"{self.number}.{self.mark}.{place}"

    @property
    def place(self) -> str:
        """Where it stands, without the file."""
        return " › ".join(part for part in (self.sheet, self.cell) if part)

    @property
    def can_be_confirmed(self) -> bool:
        """Whether the bureau may say that it is right as it stands."""
        return self.severity == Severity.WARNING.value


@dataclass(frozen=True, slots=True)
class FileLine:
    """What became of a file of the inbox; `called` is its path as a page shows it, masked.

    `decisions` are those that the bureau made about it.
    """

    number: int
    path: str
    called: str
    verdict: Verdict
    school: str
    forms: str
    rows_read: int
    rows_merged: int
    rows_left_out: int
    reason: str
    sha256: str
    decisions: tuple[Decision, ...]

    @property
    def key(self) -> str:
        """By what it is known on every board: what its bytes are, and its path."""
        return f"{self.sha256}.{self.called}"

    @property
    def chosen(self) -> str:
        """What a form says of it: its number, and its key."""
        return f"{self.number}.{self.key}"

    @property
    def fate(self) -> Words:
        """What became of it in words: what the bureau set aside is neither a scan nor was it replaced."""
        aside = any(each.act.value == "aside" for each in self.decisions)
        if aside and self.verdict in (Verdict.OTHER, Verdict.SUPERSEDED):
            return _SET_ASIDE
        return self.verdict.words

    @property
    def is_nobodys(self) -> bool:
        """Whether it was merged, and nobody knows whose it is."""
        merged = self.verdict in (Verdict.MERGED, Verdict.MERGED_WITH_ERRORS)
        return merged and bool(self.forms) and not self.school

    @property
    def needs_a_look(self) -> bool:
        """Whether it was not taken, or nobody knows whose it is."""
        return self.verdict is Verdict.REJECTED or self.is_nobodys


@dataclass(frozen=True, slots=True)
class SchoolLine:
    """A school, and where it stands; `new` and `fixed` count what this round changed, by form."""

    number: int
    name: str
    of_roster: School | None
    status: SchoolStatus
    new: Mapping[str, int]
    fixed: Mapping[str, int]

    @property
    def state(self) -> str:
        """How it stands, in a word that the filters know."""
        if not self.status.returned:
            return "missing"
        return "errors" if self.status.all_errors else "warnings" if self.status.all_warnings else "clean"

    @property
    def changed(self) -> bool:
        """Whether this round changed something about it."""
        return bool(sum(self.new.values()) or sum(self.fixed.values()))

    def form(self, slug: str) -> FormStatus:
        """How one of its forms stands."""
        return self.status.forms.get(slug, FormStatus(Arrival.AWAITED))

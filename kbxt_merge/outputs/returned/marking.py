"""One workbook marked: what is to be said of a file in, bytes out; pure, so that it may run in any process."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import PurePosixPath

from lxml.etree import XMLSyntaxError

from kbxt_merge.model.explained import Explained
from kbxt_merge.model.limits import Unreadable
from kbxt_merge.model.returns import Grid, Kind, Problem, SourceFile, position
from kbxt_merge.model.rule import Severity
from kbxt_merge.model.seal import Seal
from kbxt_merge.model.text import Language, Words
from kbxt_merge.outputs.returned.book import Book
from kbxt_merge.outputs.returned.marks import Mark, put_on, take_off
from kbxt_merge.outputs.returned.opinion import Opinion
from kbxt_merge.outputs.returned.opinion_sheet import HEADER_ROWS, OpinionSheet
from kbxt_merge.outputs.returned.package import Package
from kbxt_merge.outputs.returned.part_xml import NotEditableError
from kbxt_merge.outputs.returned.plain_copy import plain_copy, sheet_names
from kbxt_merge.outputs.returned.styles import Styles

EDITABLE = (Kind.XLSX, Kind.ENCRYPTED)
_SUGGESTION = Words("建议：{}", "Suggestion: {}")


@dataclass(frozen=True, slots=True)
class ToMark:
    """A file that was read, and what is to be said of it, errors first.

    `sha256` is of the bytes that were read, `sheets` are those that hold a form. Without `content` (the file could not
    be read, or costs too much) its sheet 核查意见 goes back alone. `seal` makes the codes of its lines, and
    `rules` are those by which its opinions ask something, explained.
    """

    file: SourceFile
    kind: Kind
    sha256: str
    sheets: frozenset[str]
    opinions: tuple[Opinion, ...]
    language: Language
    content: bool
    seal: Seal
    rules: tuple[Explained, ...] = ()


@dataclass(frozen=True, slots=True)
class Marked:
    """A marked workbook, the school's `own` or a copy of its cells; `trouble` is why it holds less than it should.

    The content is empty where nothing could be made.
    """

    content: bytes
    own: bool
    trouble: Problem | None = None


@dataclass(frozen=True)
class Marker:
    """Marks files; it is sent to other processes if what it asks can be.

    `content` gives the bytes of a file, unlocked where it was locked, and `grids` its cells; both take the digest of
    the bytes that were read, and raise Unreadable where these can't be had any more.
    """

    content: Callable[[SourceFile, str], bytes]
    grids: Callable[[SourceFile, str], Sequence[Grid]]

    def __call__(self, work: ToMark) -> Marked:
        """The workbook with this round's marks and no others: the school's own, else a copy of the sheets with forms,
        else 核查意见 alone."""
        try:
            if work.content and work.kind in EDITABLE:
                marked = _marked(work, self.content(work.file, work.sha256), work.opinions)
                if marked is not None:
                    return Marked(marked, own=True)
            if work.content and work.sheets:
                return Marked(_marked_copy(work, self.grids(work.file, work.sha256)), own=False)
        except Unreadable as gone:
            return Marked(_alone(work), own=False, trouble=gone.problem)
        return Marked(_alone(work), own=False)


def _marked_copy(work: ToMark, grids: Iterable[Grid]) -> bytes:
    """A copy of the sheets with forms, marked."""
    shown = [grid for grid in grids if grid.sheet in work.sheets]
    named = Counter(grid.sheet for grid in shown)
    names = {grid.sheet: name for grid, name in zip(shown, sheet_names(shown), strict=True) if named[grid.sheet] == 1}
    opinions = [each.on(names.get(each.sheet, each.sheet)) for each in work.opinions]
    return _of_our_own(work, plain_copy(shown), opinions)


def _alone(work: ToMark) -> bytes:
    return _of_our_own(work, _empty_copy(), work.opinions)


@cache
def _empty_copy() -> bytes:
    return plain_copy(())


def _of_our_own(work: ToMark, content: bytes, opinions: Sequence[Opinion]) -> bytes:
    marked = _marked(work, content, opinions)
    assert marked is not None, "a workbook of our own making can be edited"
    return marked


def _marked(work: ToMark, content: bytes, opinions: Sequence[Opinion]) -> bytes | None:
    """The workbook with its marks; None where its package can't be edited.

    So is one whose XML is broken, or holds an address or a number that is none: what reads cells may pass over it.
    """
    try:
        book = Book(Package(content))
        styles = Styles(book)
        take_off(book, styles)
        fills = put_on(book, styles, _marks(opinions, work.language))
        sheet = OpinionSheet(book, styles, work.language, work.seal, work.rules)
        styles.finish()
        part = sheet.part(PurePosixPath(work.file.path).name, opinions, fills)
        book.insert_first(sheet.name(), part, HEADER_ROWS)
        return book.package.save()
    except (NotEditableError, XMLSyntaxError, ValueError):
        return None


def _marks(opinions: Sequence[Opinion], language: Language) -> Iterator[Mark]:
    """One mark a cell: the gravest severity, and all that is said there."""
    by_cell: dict[tuple[str, str], list[Opinion]] = {}
    for each in opinions:
        by_cell.setdefault((each.sheet, each.cell), []).append(each)
    for (sheet, cell), of_cell in by_cell.items():
        place = position(cell)
        if place is not None:
            said = [_said(each.severity, each.message, each.suggestion, language) for each in of_cell]
            yield Mark(sheet, cell, place, of_cell[0].severity, "\n".join(said))


@lru_cache(maxsize=4096)
def _said(severity: Severity, message: str, suggestion: str, language: Language) -> str:
    suggested = f"\n{_SUGGESTION.of(language).format(suggestion)}" if suggestion else ""
    return f"【{severity.words.of(language)}】{message}{suggested}"

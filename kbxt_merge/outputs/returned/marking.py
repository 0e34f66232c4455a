"""One workbook marked: bytes and opinions in, bytes out; pure, so that it may run in any process."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml.etree import XMLSyntaxError

from kbxt_merge.model.returns import position
from kbxt_merge.model.text import Language, Words
from kbxt_merge.outputs.returned.book import Book
from kbxt_merge.outputs.returned.marks import Mark, put_on, take_off
from kbxt_merge.outputs.returned.opinion import Opinion
from kbxt_merge.outputs.returned.opinion_sheet import OpinionSheet
from kbxt_merge.outputs.returned.package import NotEditableError, Package
from kbxt_merge.outputs.returned.styles import Styles

_SUGGESTION = Words("建议：{}", "Suggestion: {}")


@dataclass(frozen=True, slots=True)
class ToMark:
    """A workbook and what is to be said on it, errors first; `name` is the school's name for the file."""

    name: str
    content: bytes
    opinions: tuple[Opinion, ...]
    language: Language


def marked(work: ToMark) -> bytes | None:
    """The workbook with this round's marks and no others; None where its package can't be edited.

    So is one whose XML is broken, or holds an address or a number that is none: what reads cells may pass over it.
    """
    try:
        book = Book(Package(work.content))
        styles = Styles(book)
        take_off(book, styles)
        fills = put_on(book, styles, _marks(work.opinions, work.language))
        sheet = OpinionSheet(book, styles, work.language)
        book.insert_first(sheet.name(), sheet.part(work.name, work.opinions, fills))
        return book.package.save()
    except (NotEditableError, XMLSyntaxError, ValueError):
        return None


def _marks(opinions: Sequence[Opinion], language: Language) -> Iterator[Mark]:
    """One mark a cell: the gravest severity, and all that is said there."""
    by_cell: dict[tuple[str, str], list[Opinion]] = {}
    for each in opinions:
        if position(each.cell):
            by_cell.setdefault((each.sheet, each.cell), []).append(each)
    for (sheet, cell), of_cell in by_cell.items():
        yield Mark(sheet, cell, of_cell[0].severity, "\n".join(_said(each, language) for each in of_cell))


def _said(opinion: Opinion, language: Language) -> str:
    suggestion = f"\n{_SUGGESTION.of(language).format(opinion.suggestion)}" if opinion.suggestion else ""
    return f"【{opinion.severity.words.of(language)}】{opinion.message}{suggestion}"

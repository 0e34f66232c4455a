"""The workbooks of a form that is a card: an index of the children, and the cards, ready to print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from kbxt_merge.model.district import District
from kbxt_merge.model.rule import Severity
from kbxt_merge.model.text import Language, Words, allowed_in_xml, plain
from kbxt_merge.outputs.sheets.names import Names
from kbxt_merge.outputs.sheets.page import printed_day, span
from kbxt_merge.outputs.sheets.styles import Styles
from kbxt_merge.outputs.sheets.text_width import LEAST_HEIGHT, height_of, line_count, tall_rows
from kbxt_merge.outputs.sheets.workbook import open_book
from kbxt_merge.outputs.summary.card_sheet import Cards, CardWriter
from kbxt_merge.outputs.summary.count_sheet import write_counts
from kbxt_merge.outputs.summary.merged import Merged, missing_schools
from kbxt_merge.outputs.summary.source_sheet import write_sources

MOST_CARDS = 200
"""Cards in one workbook; more are written one workbook a school."""
_MOST_LINKS = 65_000
"""Links that a sheet can hold (65,530), rounded down."""

_TITLE = Words("{title}·索引", "{title}: index")
_COLUMNS = (
    (Words("序号", "No."), 7, "number"),
    (Words("姓名（点击打开登记表）", "name (opens the card)"), 16, "link"),
    (Words("身份证号码", "ID number"), 22, "code"),
    (Words("学校", "school"), 30, "text"),
    (Severity.ERROR.words, 10, "tally"),
    (Severity.WARNING.words, 10, "tally"),
)
_WIDTH = sum(width for _, width, _ in _COLUMNS)


def are_many(cards: int) -> bool:
    """Whether so many cards are written into a workbook a school."""
    return cards > MOST_CARDS


@dataclass(frozen=True)
class CardBooks:
    """The workbooks of a form's cards: index, sources and counts, and the cards, where these are many beside it."""

    district: District
    merged: Merged
    language: Language

    @cached_property
    def of_schools(self) -> Mapping[str, Sequence[int]]:
        """The path beside the index of each school's own workbook, and the lines (from zero) of its cards."""
        if not are_many(len(self.merged)):
            return {}
        lines: dict[str, list[int]] = {}
        for line, school in enumerate(self.merged.schools):
            lines.setdefault(school, []).append(line)
        folder, names = plain(self.merged.form.called), Names()
        return {f"{folder}/{names.file(school or '未注明学校')}.xlsx": own for school, own in lines.items()}

    def write_index(self, path: Path) -> None:
        """Write index, sources and counts, and the cards where they are few."""
        merged, language = self.merged, self.language
        with open_book(path, self.district.as_of, len(merged)) as book:
            styles, names = Styles(book), Names()
            index = _Index(book.add_worksheet(names.sheet("索引")), styles, self.district, merged, language)
            write_sources(book, styles, names, merged, language)
            write_counts(book, styles, names, self.district, merged, language)
            if self.of_schools:
                index.write(self._links)
            else:
                sheets = self._write_cards(book, styles, names, range(len(merged)))
                index.write({line: f"internal:{_quoted(name)}!A1" for line, name in sheets.items()})

    def write_school(self, name: str, path: Path) -> None:
        """Write a school's own workbook."""
        lines = self.of_schools[name]
        with open_book(path, self.district.as_of, len(lines)) as book:
            self._write_cards(book, Styles(book), Names(), lines)

    def _write_cards(self, book: Workbook, styles: Styles, names: Names, lines: Sequence[int]) -> Mapping[int, str]:
        """Write these lines' cards, a sheet each; the names of the sheets by line."""
        sheets, writer = self._sheets(names, lines), CardWriter(book, styles, self._cards)
        for line, name in sheets.items():
            writer.write(name, line)
        return sheets

    def _sheets(self, names: Names, lines: Sequence[int]) -> Mapping[int, str]:
        children = self._cards.texts[self.merged.form.record_field]
        return {line: names.sheet(f"{line + 1} {children[line]}") for line in lines}

    @property
    def _links(self) -> Mapping[int, str]:
        """Per line the workbook and sheet of its card."""
        return {
            line: f"external:{book}#{_quoted(name)}!A1"
            for book, lines in self.of_schools.items()
            for line, name in self._sheets(Names(), lines).items()
        }

    @cached_property
    def _cards(self) -> Cards:
        return Cards(self.district, self.merged, self.language)


def _quoted(sheet_name: str) -> str:
    return "'" + sheet_name.replace("'", "''") + "'"


@dataclass(frozen=True)
class _Index:
    """The sheet 索引: one row a child, linked to its card."""

    sheet: Worksheet
    styles: Styles
    district: District
    merged: Merged
    language: Language

    def write(self, links: Mapping[int, str]) -> None:
        """Write the whole sheet; `links` leads from a line to its card."""
        last = len(_COLUMNS) - 1
        title = _TITLE.of(self.language).format(title=self.merged.form.titled_over(self.district.period))
        self.sheet.set_default_row(LEAST_HEIGHT)
        span(self.sheet, 0, 0, last, self.merged.form.attachment, self.styles.look("attachment"))
        span(self.sheet, 1, 0, last, title, self.styles.look("title"))
        span(self.sheet, 2, 0, 2, self.district.forms.stamped_by, self.styles.look("unit"))
        span(self.sheet, 2, 3, last, printed_day(self.district.as_of), self.styles.look("date"))
        self.sheet.set_row(1, 36)
        for column, (words, width, _) in enumerate(_COLUMNS):
            self.sheet.set_column(column, column, width)
            self.sheet.write_string(3, column, words.of(self.language), self.styles.look("screen_header"))
        self.sheet.set_row(3, height_of(2))
        below = self._write_rows(4, links)
        for row, text in enumerate(missing_schools(self.district, self.merged.form, self.language), below):
            span(self.sheet, row, 0, last, text, self.styles.look("note"))
            self.sheet.set_row(row, height_of(line_count(text, _WIDTH)))
        self._set_paper()

    def _write_rows(self, top: int, links: Mapping[int, str]) -> int:
        columns = self._columns()
        heights = tall_rows([(cells, width) for cells, (_, width, _) in zip(columns, _COLUMNS, strict=True)])
        looks = [self.styles.look(look) for _, _, look in _COLUMNS]
        for line, cells in enumerate(zip(*columns, strict=True)):
            row = top + line
            for column, (cell, look) in enumerate(zip(cells, looks, strict=True)):
                if isinstance(cell, str):
                    self.sheet.write_string(row, column, allowed_in_xml(cell), look)
                else:
                    self.sheet.write_number(row, column, cell, look)
            if line in links and line < _MOST_LINKS:
                self.sheet.write_url(row, 1, links[line], looks[1], allowed_in_xml(str(cells[1])) or "—")
            if line in heights:
                self.sheet.set_row(row, heights[line])
        return top + len(self.merged)

    def _columns(self) -> list[list[str | float]]:
        form = self.merged.form
        number = form.by_name[form.child_id] if form.child_id else None
        lines = list(range(1, len(self.merged) + 1))
        return [
            [*lines],
            self.merged.cells(form.by_name[form.record_field]),
            self.merged.cells(number) if number else [""] * len(lines),
            [*self.merged.schools],
            [*self.merged.counts(Severity.ERROR)],
            [*self.merged.counts(Severity.WARNING)],
        ]

    def _set_paper(self) -> None:
        self.sheet.set_portrait()
        self.sheet.set_paper(9)
        self.sheet.center_horizontally()
        self.sheet.fit_to_pages(1, 0)
        self.sheet.repeat_rows(3)
        self.sheet.freeze_panes(4, 2)
        self.sheet.set_footer("&C&10第 &P 页，共 &N 页")

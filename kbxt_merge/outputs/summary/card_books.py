"""The workbooks of a form that is a card: an index of the children, and the cards, ready to print."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from kbxt_merge.model.district import District
from kbxt_merge.model.rule import Severity
from kbxt_merge.model.text import Language, Words, plain
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


def write_card_books(path: Path, district: District, merged: Merged, language: Language) -> list[Path]:
    """Write index, cards, sources and counts into one workbook; where there are many cards, these beside it."""
    cards = Cards(district, merged, language)
    lines = range(len(merged))
    with open_book(path, district.as_of, len(merged)) as book:
        styles, names = Styles(book), Names()
        index = _Index(book.add_worksheet(names.sheet("索引")), styles, district, merged, language)
        write_sources(book, styles, names, merged, language)
        write_counts(book, styles, names, district, merged, language)
        if len(merged) <= MOST_CARDS:
            links = {line: f"internal:{_quoted(name)}!A1" for line, name in _write(cards, book, styles, names, lines)}
            index.write(links)
            return [path]
        folder = path.parent / plain(merged.form.called)
        books = _write_books_of_schools(folder, cards)
        index.write({line: f"external:{folder.name}/{name}" for line, name in books.links.items()})
    return [path, *books.paths]


@dataclass(frozen=True, slots=True)
class _Books:
    """The workbooks of the schools, and per line the workbook and sheet of its card."""

    paths: list[Path]
    links: Mapping[int, str]


def _write_books_of_schools(folder: Path, cards: Cards) -> _Books:
    folder.mkdir(exist_ok=True)
    by_school: dict[str, list[int]] = {}
    for line, school in enumerate(cards.merged.schools):
        by_school.setdefault(school, []).append(line)
    paths: list[Path] = []
    links: dict[int, str] = {}
    file_names = Names()
    for school, lines in by_school.items():
        paths.append(folder / f"{file_names.file(school or '未注明学校')}.xlsx")
        with open_book(paths[-1], cards.district.as_of, len(lines)) as book:
            for line, name in _write(cards, book, Styles(book), Names(), lines):
                links[line] = f"{paths[-1].name}#{_quoted(name)}!A1"
    return _Books(paths, links)


def _write(
    cards: Cards, book: Workbook, styles: Styles, names: Names, lines: range | list[int]
) -> list[tuple[int, str]]:
    """Write these lines' cards, a sheet each; each line with the name of its sheet."""
    children = cards.texts[cards.merged.form.record_field]
    sheets = [(line, names.sheet(f"{line + 1} {children[line]}")) for line in lines]
    writer = CardWriter(book, styles, cards)
    for line, name in sheets:
        writer.write(name, line)
    return sheets


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
                    self.sheet.write_string(row, column, cell, look)
                else:
                    self.sheet.write_number(row, column, cell, look)
            if line in links and line < _MOST_LINKS:
                self.sheet.write_url(row, 1, links[line], looks[1], str(cells[1]) or "—")
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

"""A sheet drawn once and filled many times: only texts, looks and heights differ, no cell moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, chain, pairwise

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from kbxt_merge.model.returns import address
from kbxt_merge.model.rule import Severity
from kbxt_merge.model.text import Language
from kbxt_merge.outputs.sheets.bulk_sheet import text_xml
from kbxt_merge.outputs.sheets.card_layout import LABEL_WIDTH, CardLayout, Slot
from kbxt_merge.outputs.sheets.styles import Styles
from kbxt_merge.outputs.sheets.text_width import balanced
from kbxt_merge.outputs.summary.table_sheet import LEGEND


@dataclass(frozen=True, slots=True)
class Rectangle:
    """Cells that hold one text, from the first to the last row and column, all counted from zero."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(slots=True)
class Template:
    """The rows of a sheet as XML with gaps.

    A gap of a text is named by whoever puts it there, and so is its look; that of a row's height is the row's number.
    A gap's name stands between two NULs: no XML has one.
    """

    merged: list[str] = field(default_factory=list)
    _rows: dict[int, dict[int, str]] = field(default_factory=dict)
    _pieces: list[str] = field(default_factory=list)

    def put(self, cells: Rectangle, text: str, look: Format) -> None:
        """Write the same text on every sheet."""
        style = str(look._get_xf_index())
        self._put(cells, style, text_xml(text))

    def leave(self, cells: Rectangle, name: str) -> None:
        """Leave a gap of this name."""
        self._put(cells, f"\0look of {name}\0", f"\0{name}\0")

    @property
    def last_row(self) -> int:
        """The last row that holds anything, from zero."""
        return max(self._rows)

    @property
    def last_column(self) -> int:
        """The last column that holds anything, from zero."""
        return max(max(row) for row in self._rows.values())

    def filled(self, texts: Mapping[str, tuple[str, Format]], heights: Mapping[int, float]) -> str:
        """The rows as XML with every gap filled."""
        if not self._pieces:
            self._pieces = self._parted()
        gaps = {f"height of {row}": f"{height:g}" for row, height in heights.items()}
        for name, (text, look) in texts.items():
            gaps[name], gaps[f"look of {name}"] = text_xml(text), str(look._get_xf_index())
        pieces = self._pieces.copy()
        pieces[1::2] = map(gaps.__getitem__, pieces[1::2])
        return "".join(pieces)

    def _parted(self) -> list[str]:
        """The XML and the names of the gaps in turn."""
        rows = (
            f'<row r="{row + 1}" ht="\0height of {row}\0" customHeight="1">'
            f"{''.join(cell for _, cell in sorted(cells.items()))}</row>"
            for row, cells in sorted(self._rows.items())
        )
        return "".join(rows).split("\0")

    def _put(self, cells: Rectangle, style: str, content: str) -> None:
        for row in range(cells.top, cells.bottom + 1):
            for column in range(cells.left, cells.right + 1):
                is_first = (row, column) == (cells.top, cells.left)
                xml = f'<c r="{address(row, column)}" s="{style}"' + (content if is_first else "/>")
                self._rows.setdefault(row, {})[column] = xml
        if (cells.top, cells.left) != (cells.bottom, cells.right):
            first, last = address(cells.top, cells.left), address(cells.bottom, cells.right)
            self.merged.append(f'<mergeCell ref="{first}:{last}"/>')


class TemplateSheet(Worksheet):  # type: ignore[misc]  # xlsxwriter has no types
    """A worksheet whose rows are those of a filled template."""

    def fill(self, template: Template, texts: Mapping[str, tuple[str, Format]], heights: Mapping[int, float]) -> None:
        """Take a template's rows: by gap a text and its look, by row a height in points."""
        self._rows_xml = template.filled(texts, heights)
        self._merged_xml = f'<mergeCells count="{len(template.merged)}">{"".join(template.merged)}</mergeCells>'
        self._check_dimensions(0, 0)
        self._check_dimensions(template.last_row, template.last_column)

    def _write_rows(self) -> None:
        self.fh.write(self._rows_xml)

    def _write_merge_cells(self) -> None:
        self.fh.write(self._merged_xml)


HEADING_HEIGHTS = (20.0, 40.0, 26.0)
"""Points of the rows above the bands: attachment, title, unit line."""

Texts = Mapping[str, tuple[str, Format]]


@dataclass(frozen=True)
class CardTemplates:
    """The templates of one workbook's cards: one for each way in which tall rows are split."""

    layout: CardLayout
    styles: Styles
    title: str
    language: Language

    def draw(self, splits: Sequence[int], unit_parts: int, is_marked: bool) -> Template:
        """The template of cards whose rows take so many sheet rows each; a marked card has a legend beside it."""
        template, last = Template(), self.layout.columns - 1
        template.put(Rectangle(0, 0, 0, last), self.layout.form.attachment, self.styles.look("attachment"))
        template.put(Rectangle(1, 0, 1, last), self.title, self.styles.look("title"))
        for place, (left, right) in enumerate(self._edges(unit_parts)):
            template.leave(Rectangle(2, left, 2, right), f"unit {place}")
        self._draw_bands(template, splits)
        if is_marked:
            self._draw_legend(template)
        return template

    def unit_texts(self, parts: Sequence[str]) -> Texts:
        """What fills the gaps of the unit line: the last part, the date, stands at the right."""
        looks = ["unit"] * (len(parts) - 1) + ["date"]
        return {f"unit {place}": (part, self.styles.look(looks[place])) for place, part in enumerate(parts)}

    def place_of(self, name: str, splits: Sequence[int]) -> tuple[int, int]:
        """The row and column where a field's value begins."""
        tops = accumulate((len(HEADING_HEIGHTS), *splits))
        rows = [slots for _, card_rows in self.layout.bands for slots in card_rows]
        return next(
            (top + self.layout.label_rows, slot.first)
            for top, slots in zip(tops, rows, strict=False)
            for slot in slots
            if slot.field.name == name
        )

    def _edges(self, parts: int) -> list[tuple[int, int]]:
        edges = [round(self.layout.columns * place / parts) for place in range(parts + 1)]
        return [(left, right - 1) for left, right in pairwise(edges)]

    def _draw_bands(self, template: Template, splits: Sequence[int]) -> None:
        row, sizes = len(HEADING_HEIGHTS), iter(splits)
        for band, card_rows in self.layout.bands:
            top = row
            for slots in card_rows:
                bottom = row + next(sizes) - 1
                for slot in slots:
                    self._draw_slot(template, slot, row, bottom)
                row = bottom + 1
            template.put(Rectangle(top, 0, row - 1, 0), "\n".join(band.label), self.styles.look("band"))

    def _draw_slot(self, template: Template, slot: Slot, top: int, bottom: int) -> None:
        above = self.layout.label_rows
        label = balanced(slot.field.header, slot.room if above else LABEL_WIDTH)
        place = Rectangle(top, slot.label, top if above else bottom, slot.last if above else slot.label)
        template.put(place, label, self.styles.look("header"))
        template.leave(Rectangle(top + above, slot.first, bottom, slot.last), slot.field.name)

    def _draw_legend(self, template: Template) -> None:
        column = self.layout.columns + 1
        template.put(Rectangle(0, column, 0, column), LEGEND.of(self.language), self.styles.look("hint"))
        for row, severity in enumerate((Severity.ERROR, Severity.WARNING), 1):
            words = severity.words.of(self.language)
            template.put(Rectangle(row, column, row, column), words, self.styles.look("legend", severity))


def row_heights(heights: Sequence[Sequence[float]]) -> dict[int, float]:
    """The height in points of each sheet row, for the heights of each card row's parts."""
    return dict(enumerate(chain(HEADING_HEIGHTS, *heights)))

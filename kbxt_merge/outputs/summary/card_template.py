"""A card as the province prints it, with gaps for what differs from child to child."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, pairwise

from xlsxwriter.format import Format

from kbxt_merge.model.rule import Severity
from kbxt_merge.model.text import Language
from kbxt_merge.outputs.summary.card_layout import LABEL_WIDTH, CardLayout, Slot
from kbxt_merge.outputs.summary.styles import Styles
from kbxt_merge.outputs.summary.table_sheet import LEGEND
from kbxt_merge.outputs.summary.template_sheet import Rectangle, Template
from kbxt_merge.outputs.summary.text_space import balanced

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
            (top, slot.first)
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
        label = balanced(slot.field.header, LABEL_WIDTH)
        template.put(Rectangle(top, slot.label, bottom, slot.label), label, self.styles.look("header"))
        template.leave(Rectangle(top, slot.first, bottom, slot.last), slot.field.name)

    def _draw_legend(self, template: Template) -> None:
        column = self.layout.columns + 1
        template.put(Rectangle(0, column, 0, column), LEGEND.of(self.language), self.styles.look("hint"))
        for row, severity in enumerate((Severity.ERROR, Severity.WARNING), 1):
            words = severity.words.of(self.language)
            template.put(Rectangle(row, column, row, column), words, self.styles.look("legend", severity))


def row_heights(heights: Sequence[Sequence[float]]) -> dict[int, float]:
    """The height in points of each sheet row, for the heights of each card row's parts."""
    return dict(enumerate(chain(HEADING_HEIGHTS, *heights)))

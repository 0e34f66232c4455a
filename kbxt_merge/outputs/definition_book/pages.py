"""What the sheets of the definition workbook are written with: the book, its looks, the lists of its drop-downs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property

from xlsxwriter.utility import xl_range_abs
from xlsxwriter.workbook import Workbook

from kbxt_merge.model.definition_book.layout import CHOICE_SHEET, OWN_SHEETS, RELATION_PARTS, Item
from kbxt_merge.model.definition_book.offers import Chosen, Offer, offers_of
from kbxt_merge.model.definition_book.rule_words import PARTS
from kbxt_merge.model.definition_book.shown_names import TYPES_OFFERED
from kbxt_merge.model.text import Language
from kbxt_merge.outputs.definition_book.definitions import Definitions
from kbxt_merge.outputs.definition_book.looks import Looks, TableSheet
from kbxt_merge.outputs.sheets.names import Names

FIRST_ROW = 4
"""The first row of a table below its heading and header, counted from 0."""


class Pages:
    """One workbook being written."""

    def __init__(self, book: Workbook, definitions: Definitions, language: Language) -> None:
        """Write these definitions into this workbook."""
        self.book, self.made, self.language = book, definitions, language
        self.looks = Looks(book)
        names = Names({name.casefold() for name in OWN_SHEETS})
        self.of_forms = [(names.sheet(rows.label), rows) for rows in definitions.rows]

    def table(self, name: str, items: Sequence[Item], title: str, about: str) -> TableSheet:
        """A sheet of rows below one header."""
        table = TableSheet(self.book.add_worksheet(name), self.looks, items, self.language)
        table.heading(title, about)
        return table

    def list_of(
        self,
        name: str,
        items: Sequence[Item],
        about: tuple[str, str],
        rows: Sequence[Mapping[str, str]],
        strong: str = "",
        folded: Collection[str] = (),
    ) -> TableSheet:
        """A whole such sheet, with its rows; `strong` is bold; of `folded` what holds nothing is folded away."""
        table = self.table(name, items, *about)
        table.header(FIRST_ROW - 1)
        for at, told in enumerate(rows, start=FIRST_ROW):
            table.row(at, told, {strong: "strong"} if strong else {})
        table.fold(folded, {key for told in rows for key, text in told.items() if text})
        self.offer(table, offers_of(name), FIRST_ROW, FIRST_ROW - 1 + len(rows))
        table.paper(FIRST_ROW - 1, FIRST_ROW - 1 + len(rows))
        return table

    def offer(self, table: TableSheet, offers: Mapping[str, Offer], first: int, last: int) -> None:
        """Let the cells of these rows choose, by column."""
        for key, offer in offers.items():
            table.offer(key, first, last, self._place_of(offer) if isinstance(offer, Chosen) else offer)

    @cached_property
    def _choices(self) -> Mapping[Chosen, Sequence[str]]:
        vocabularies = dict.fromkeys([*self.made.vocabularies, *self.made.labels])
        cards = self.made.catalogue.values()
        return {
            Chosen.TYPE: [*TYPES_OFFERED, *(self.made.types.show(name) for name in vocabularies)],
            Chosen.RULE: [card.title.zh for card in cards if card.stands_in_forms],
            Chosen.PART: list(PARTS.values()),
            Chosen.FORM: [rows.label for _, rows in self.of_forms],
            Chosen.RELATION_PART: [called for called, _ in RELATION_PARTS.values()],
        }

    def _place_of(self, chosen: Chosen) -> str:
        """Where the list of a drop-down stands."""
        return f"={CHOICE_SHEET}!{xl_range_abs(0, chosen, len(self._choices[chosen]) - 1, chosen)}"

    def write_choices(self) -> None:
        """The hidden sheet of the drop-downs' lists, a column each."""
        sheet = self.book.add_worksheet(CHOICE_SHEET)
        for column, texts in self._choices.items():
            sheet.write_column(0, column, texts)
        sheet.hide()

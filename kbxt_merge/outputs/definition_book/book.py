"""表格定义.xlsx, sheet by sheet: the bureau, a sheet a form, words, rules, and what is left."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from xlsxwriter.workbook import Workbook

from kbxt_merge.model.definition_book.cell_texts import flattened, joined, texts_of
from kbxt_merge.model.definition_book.layout import (
    BUREAU_FILE,
    BUREAU_LINES,
    BUREAU_SHEET,
    CHOICE_SHEET,
    FIELD_COLUMNS,
    FOLDED_FROM,
    HEAD_BY_KEY,
    HEADER_COLUMNS,
    HEADER_FILE,
    HEADER_KINDS,
    HEADER_SHEET,
    INSIDE,
    OTHER_COLUMNS,
    OTHER_SHEET,
    OWN_SHEETS,
    RELATION_COLUMNS,
    RELATION_FILE,
    RELATION_PARTS,
    RELATION_SHEET,
    RULE_COLUMNS,
    RULE_SHEET,
    SUM_COLUMNS,
    VOCABULARY_FILE,
    WORD_COLUMNS,
    WORD_SETTING_COLUMNS,
    WORD_SETTING_SHEET,
    WORD_SHEET,
    Item,
)
from kbxt_merge.model.definition_book.offers import Chosen, Offer, offers_of, offers_of_form, words_offered
from kbxt_merge.model.definition_book.rule_words import PARTS
from kbxt_merge.model.definition_book.shown_names import TYPES_OFFERED
from kbxt_merge.model.form import COUNTED
from kbxt_merge.model.returns import column_letters
from kbxt_merge.model.text import Language
from kbxt_merge.outputs.definition_book.definitions import Definitions
from kbxt_merge.outputs.definition_book.form_rows import FormRows
from kbxt_merge.outputs.definition_book.looks import Looks, TableSheet
from kbxt_merge.outputs.definition_book.relation_rows import RelationRows
from kbxt_merge.outputs.definition_book.rule_rows import RuleRows
from kbxt_merge.outputs.definition_book.texts import CellTexts, at_path, words_of
from kbxt_merge.outputs.sheets.names import Names
from kbxt_merge.outputs.sheets.workbook import open_book

_MADE = dt.date(2021, 1, 1)
"""The workbook's own date: what is the same comes out the same, byte for byte."""
_HEAD = (
    ("title", "shape"),
    ("label.zh", "bearer"),
    ("form", "attachment"),
    ("unit_line.printed", "unit_line.labels"),
    ("unit_line.below", "unit_line.by_month"),
    ("notes", "rows"),
    ("version", "printed_rows"),
    ("label.en", "was"),
    ("file", INSIDE),
    ("sections", "not_owed"),
)
"""The lines of a form's head, two things a line."""
_LEFT, _RIGHT = (4, 6), (9, 12)
"""First and last column of the values at the left and at the right; their labels stand before them."""
_GUESSED_OF_A_BUREAU = ("bureau", "city", "county")


def write_definition_book(path: Path, definitions: Definitions, language: Language = "zh") -> None:
    """Write the workbook; raises OSError where it can't be saved."""
    with open_book(path, _MADE, 1000) as book:
        _Writer(book, definitions, language).write()


class _Writer:
    """One workbook being written."""

    def __init__(self, book: Workbook, definitions: Definitions, language: Language) -> None:
        self._book, self._made, self._language = book, definitions, language
        self._looks = Looks(book)
        names = Names({name.casefold() for name in OWN_SHEETS})
        self._sheets = [names.sheet(rows.label) for rows in definitions.rows]

    def write(self) -> None:
        """Write all sheets in their order."""
        self._bureau()
        for name, rows in zip(self._sheets, self._made.rows, strict=True):
            self._form(name, rows)
        self._words()
        self._rules()
        self._word_settings()
        self._header_words()
        self._relations()
        self._others()
        self._choices()

    def _table(self, name: str, items: Sequence[Item], title: str, about: str) -> TableSheet:
        table = TableSheet(self._book.add_worksheet(name), self._looks, items, self._language)
        table.heading(title, about)
        return table

    def _bureau(self) -> None:
        sheet = self._book.add_worksheet(BUREAU_SHEET)
        look = self._looks.of
        sheet.set_column(0, 0, 32)
        sheet.set_column(1, 1, 34)
        sheet.set_column(2, 2, 60)
        sheet.write_string(0, 0, "表格定义", look("title"))
        sheet.write_string(1, 0, "一张表一个工作表。改好存盘，命令后加 --schemas 这个文件。", look("about"))
        sheet.set_row(0, 26)
        tree = self._made.trees.get(BUREAU_FILE)
        returns = at_path(tree, "returns")
        told = {"returns.zh": words_of(returns, "zh"), "returns.en": words_of(returns, "en")}
        for row, item in enumerate(BUREAU_LINES, start=3):
            text = told.get(item.key) if item.key in told else str(at_path(tree, item.key) or "")
            sheet.write_string(row, 0, item.called.of(self._language), look("label"))
            is_guess = bool(self._made.guesses) and item.key in _GUESSED_OF_A_BUREAU
            sheet.write_string(row, 1, text or "", look("guessed" if is_guess else "value"))
            sheet.write_string(row, 2, item.hint, look("about"))
            sheet.set_row(row, 22)
        start = 4 + len(BUREAU_LINES)
        sheet.write_string(start, 0, "在用的表", look("title"))
        sheet.set_row(start, 26)
        for at, (name, rows) in enumerate(zip(self._sheets, self._made.rows, strict=True), start=start + 1):
            sheet.write_url(at, 0, f"internal:'{name}'!A1", look("value"), name)
            sheet.write_string(at, 1, rows.form.titled(None), look("about"))
        last = start + 2 + len(self._sheets)
        notes = (
            "黄色的格子是从空表猜的：看过，改对；“为什么这样猜”一栏说明依据。",
            "加一栏：在表头下面加一行。停用一张表：删去它的工作表，并删去“表间核对”里提到它的行。",
            "填错不要紧：运行任何命令时，错处一次列出，并标在“表格定义（有错处）.xlsx”里。",
        )
        for offset, note in enumerate(notes):
            sheet.write_string(last + offset, 0, note, look("about"))
        sheet.hide_gridlines(2)
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_landscape()

    def _form(self, name: str, rows: FormRows) -> None:
        table = self._table(
            name,
            FIELD_COLUMNS,
            rows.form.titled(None),
            "上面说这张表，下面一行一栏。不常用的收在右边，点列标上方的 + 展开。",
        )
        sheet, look = table.sheet, self._looks.of
        head = rows.head()
        for at, pair in enumerate(_HEAD, start=2):
            for key, (first, last), label in zip(pair, (_LEFT, _RIGHT), (2, 7), strict=True):
                item = HEAD_BY_KEY[key]
                if label + 1 < first:
                    sheet.merge_range(at, label, at, first - 1, "", look("label"))
                sheet.write_string(at, label, item.called.of(self._language), look("label"))
                sheet.merge_range(at, first, at, last, "", look("value"))
                sheet.write_string(at, first, head[key], look("value"))
                if item.choices:
                    offered = {"validate": "list", "source": words_offered(item), "show_error": False}
                    sheet.data_validation(at, first, at, first, offered)
                elif item.hint:
                    sheet.data_validation(
                        at, first, at, first, {"validate": "any", "input_title": "", "input_message": item.hint}
                    )
                if key == "form":
                    sheet.write_string(at, 0, head[key], look("hidden"))
            tallest = max(head[key].count("\n") + 1 for key in pair)
            sheet.set_row(at, max(20, 15 * min(tallest, 8) + 4))
        header = len(_HEAD) + 4
        table.header(header)
        guesses = self._made.guesses.get(f"{rows.file}{INSIDE if rows.card else ''}", ())
        at, used = header, {"why"} if guesses else set()
        used |= set(SUM_COLUMNS) if any(each.type in COUNTED for each in rows.form.fields) else set()
        for at, told in enumerate(rows.fields(), start=header + 1):
            used |= {key for key, text in told.items() if text}
            guess = guesses[at - header - 1] if at - header - 1 < len(guesses) else None
            looks = {"header": "strong", "why": "why", "type": "short"}
            if guess:
                looks |= dict.fromkeys(guess.guessed, "guessed")
            table.row(at, {**told, **({"why": guess.why} if guess else {})}, looks)
        self._offer(table, offers_of_form(), header + 1, at)
        table.fold([item.key for item in FIELD_COLUMNS[FOLDED_FROM:]], used)
        table.paper(header, at)

    def _words(self) -> None:
        table = self._table(WORD_SHEET, WORD_COLUMNS, "词表", "一行一个词；各校写了“其他写法”，按“词”汇总，并注明。")
        table.header(3)
        at = 3
        for name, tree in self._made.vocabularies.items():
            values = at_path(tree, "values")
            for value, variants in values.items() if isinstance(values, Mapping) else ():
                at += 1
                told = {"vocabulary_id": name, "value_id": value, "vocabulary": self._made.types.show(name)}
                told |= {"value": value, "variants": joined(texts_of(variants))}
                table.row(at, told, {"value": "strong"})
        table.paper(3, at)

    def _word_settings(self) -> None:
        table = self._table(WORD_SETTING_SHEET, WORD_SETTING_COLUMNS, "词表设置", "一行一个词表，一般不必改。")
        table.header(3)
        texts = CellTexts(self._made.types)
        at = 3
        for at, (name, tree) in enumerate(self._made.vocabularies.items(), start=4):
            told = {item.key: texts.text(item, at_path(tree, item.key)) for item in WORD_SETTING_COLUMNS}
            label = at_path(tree, "label")
            told |= {"vocabulary_id": name, "label.en": words_of(label, "en")}
            table.row(at, {**told, "label.zh": words_of(label, "zh") or name}, {"label.zh": "strong"})
        table.paper(3, at)

    def _rules(self) -> None:
        about = "一行是一句话：哪张表、核对什么、在哪一栏，再加条件和内容。单格的对错自动核对，不必写。"
        table = self._table(RULE_SHEET, RULE_COLUMNS, "表内、表间核对", about)
        table.header(3)
        labels = {rows.form.slug: rows.label for rows in self._made.rows}
        writer = RuleRows(self._made.catalogue, labels, self._made.fields)
        at, used = 3, {"part1", "told1", "part2", "told2"}
        for rows in self._made.rows:
            for told in writer.rows(rows.form.slug, rows.rules):
                at += 1
                used |= {key for key, text in told.items() if text}
                table.row(at, told, {"rule": "strong"})
        table.fold([item.key for item in RULE_COLUMNS[4:]], used)
        self._offer(table, offers_of(RULE_SHEET), 4, at)
        table.paper(3, at)

    def _header_words(self) -> None:
        tree = self._made.trees.get(HEADER_FILE)
        if not isinstance(tree, Mapping):
            return
        table = self._table(HEADER_SHEET, HEADER_COLUMNS, "表头叫法", "各校对栏目的叫法，一行意思相同；所有的表都认。")
        table.header(3)
        lines = tree.get("words")
        words = [texts_of(each) for each in lines] if isinstance(lines, Sequence) else []
        rows = [("words", each) for each in words]
        rows += [(kind, texts_of(tree[kind])) for kind in ("others", "automatic") if kind in tree]
        for at, (kind, texts) in enumerate(rows, start=4):
            table.row(at, {"kind": HEADER_KINDS[kind], "words": joined(texts)}, {})
        self._offer(table, offers_of(HEADER_SHEET), 4, 3 + len(rows))
        table.paper(3, 3 + len(rows))

    def _relations(self) -> None:
        """What each form is to the others."""
        rows = self._relation_rows
        if not rows:
            return
        about = "哪张表是辍学名单、劝返台账、统计表……一行一项；没有这些关系的，不必写。"
        table = self._table(RELATION_SHEET, RELATION_COLUMNS, "各表关系", about)
        table.header(3)
        for at, told in enumerate(rows, start=4):
            table.row(at, told, {"relation": "strong"})
        last = 3 + len(rows)
        self._offer(table, offers_of(RELATION_SHEET), 4, last)
        table.paper(3, last)

    @cached_property
    def _relation_rows(self) -> Sequence[Mapping[str, str]] | None:
        own = [rows for rows in self._made.rows if not rows.card]
        labels = {rows.file: rows.label for rows in own}
        fields = {rows.file: self._made.fields[rows.form.slug] for rows in own}
        return RelationRows(labels, fields).rows(self._made.trees.get(RELATION_FILE))

    def _others(self) -> None:
        """What has no sheet, line or column of its own: the relations of forms, registers, and single keys."""
        rows = list(self._other_rows())
        if not rows:
            return
        about = "比对库（registers.yaml）和别处没有的设置，一行一项，一般不必改。"
        table = self._table(OTHER_SHEET, OTHER_COLUMNS, "其他设置", about)
        table.header(3)
        for at, (file, path, text) in enumerate(rows, start=4):
            table.row(at, {"file": file, "path": " / ".join(path), "told": text}, {})
        table.paper(3, 3 + len(rows))

    def _other_rows(self) -> Iterator[tuple[str, Sequence[str], str]]:
        known = {BUREAU_FILE, VOCABULARY_FILE, HEADER_FILE, *(f"{rows.file}.yaml" for rows in self._made.rows)}
        if self._relation_rows:
            known.add(RELATION_FILE)
        for name, tree in self._made.trees.items():
            if name not in known:
                yield from ((name, path, text) for path, text in flattened(tree))
        for rows in self._made.rows:
            if not rows.card:
                yield from ((f"{rows.file}.yaml", path, text) for path, text in rows.others())

    def _offer(self, table: TableSheet, offers: Mapping[str, Offer], first: int, last: int) -> None:
        for key, offer in offers.items():
            table.offer(key, first, last, self._reference(offer) if isinstance(offer, Chosen) else offer)

    def _reference(self, chosen: Chosen) -> str:
        letter = column_letters(chosen)
        return f"={CHOICE_SHEET}!${letter}$1:${letter}${len(self._own_choices[chosen])}"

    @cached_property
    def _own_choices(self) -> Mapping[Chosen, Sequence[str]]:
        vocabularies = dict.fromkeys([*self._made.vocabularies, *self._made.labels])
        return {
            Chosen.TYPE: [*TYPES_OFFERED, *(self._made.types.show(name) for name in vocabularies)],
            Chosen.RULE: [card.title.zh for card in self._made.catalogue.values() if card.stands_in_forms],
            Chosen.PART: list(PARTS.values()),
            Chosen.FORM: [rows.label for rows in self._made.rows],
            Chosen.RELATION_PART: [called for called, _ in RELATION_PARTS.values()],
        }

    def _choices(self) -> None:
        sheet = self._book.add_worksheet(CHOICE_SHEET)
        for column, texts in self._own_choices.items():
            sheet.write_column(0, column, texts)
        sheet.hide()

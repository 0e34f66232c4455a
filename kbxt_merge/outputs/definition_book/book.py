"""表格定义.xlsx, sheet by sheet: the bureau, a sheet a form, words, rules, and what is left."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from kbxt_merge.model.definition_book.layout import (
    BUREAU_FILE,
    HEADER_FILE,
    REGISTER_FILE,
    RELATION_FILE,
    VOCABULARY_FILE,
)
from kbxt_merge.model.text import Language
from kbxt_merge.outputs.definition_book.bureau_page import write_bureau_page
from kbxt_merge.outputs.definition_book.definitions import Definitions
from kbxt_merge.outputs.definition_book.form_page import write_form_page
from kbxt_merge.outputs.definition_book.other_page import write_others
from kbxt_merge.outputs.definition_book.pages import Pages
from kbxt_merge.outputs.definition_book.register_pages import write_registers
from kbxt_merge.outputs.definition_book.rule_pages import write_relations, write_rules
from kbxt_merge.outputs.definition_book.word_pages import write_header_words, write_word_settings, write_words
from kbxt_merge.outputs.sheets.workbook import open_book

_MADE = dt.date(2021, 1, 1)
"""The workbook's own date: what is the same comes out the same, byte for byte."""


def write_definition_book(path: Path, definitions: Definitions, language: Language = "zh") -> None:
    """Write the workbook; raises OSError where it can't be saved."""
    with open_book(path, _MADE, 1000) as book:
        pages = Pages(book, definitions, language)
        write_bureau_page(pages)
        for name, rows in pages.of_forms:
            write_form_page(pages, name, rows)
        write_words(pages)
        write_rules(pages)
        write_word_settings(pages)
        write_header_words(pages)
        told = {
            BUREAU_FILE,
            VOCABULARY_FILE,
            HEADER_FILE,
            REGISTER_FILE,
            *(f"{rows.file}.yaml" for _, rows in pages.of_forms),
        }
        if write_relations(pages):
            told.add(RELATION_FILE)
        write_registers(pages)
        write_others(pages, definitions.trees.keys() - told)
        pages.write_choices()

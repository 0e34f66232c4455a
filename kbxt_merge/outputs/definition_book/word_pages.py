"""The sheets 词表, 词表设置 and 表头叫法: what words mean, and what columns are called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from kbxt_merge.model.definition_book.cell_texts import joined, texts_of
from kbxt_merge.model.definition_book.layout import (
    HEADER_COLUMNS,
    HEADER_FILE,
    HEADER_KINDS,
    HEADER_SHEET,
    WORD_COLUMNS,
    WORD_SETTING_COLUMNS,
    WORD_SETTING_SHEET,
    WORD_SHEET,
)
from kbxt_merge.outputs.definition_book.definitions import Definitions
from kbxt_merge.outputs.definition_book.pages import Pages
from kbxt_merge.outputs.definition_book.texts import CellTexts, at_path, words_of


def write_words(pages: Pages) -> None:
    """Write a row a word of every vocabulary."""
    about = "一行一个词；各校写了“其他写法”，按“词”汇总，并注明。"
    pages.list_of(WORD_SHEET, WORD_COLUMNS, ("词表", about), list(_words(pages.made)), "value")


def _words(made: Definitions) -> Iterator[Mapping[str, str]]:
    for name, tree in made.vocabularies.items():
        values = at_path(tree, "values")
        for value, variants in values.items() if isinstance(values, Mapping) else ():
            told = {"vocabulary_id": name, "value_id": value, "vocabulary": made.types.show(name)}
            yield {**told, "value": value, "variants": joined(texts_of(variants))}


def write_word_settings(pages: Pages) -> None:
    """Write a row a vocabulary: how its words are read."""
    about = "一行一个词表，一般不必改。"
    rows = list(_settings(pages.made))
    pages.list_of(WORD_SETTING_SHEET, WORD_SETTING_COLUMNS, ("词表设置", about), rows, "label.zh")


def _settings(made: Definitions) -> Iterator[Mapping[str, str]]:
    texts = CellTexts(made.types)
    for name, tree in made.vocabularies.items():
        told = {item.key: texts.text(item, at_path(tree, item.key)) for item in WORD_SETTING_COLUMNS}
        label = at_path(tree, "label")
        told |= {"vocabulary_id": name, "label.en": words_of(label, "en")}
        yield {**told, "label.zh": words_of(label, "zh") or name}


def write_header_words(pages: Pages) -> None:
    """Write a row a line of wordings that mean one column; nothing where the bureau has none."""
    tree = pages.made.trees.get(HEADER_FILE)
    if not isinstance(tree, Mapping):
        return
    lines = tree.get("words")
    rows = [("words", texts_of(each)) for each in (lines if isinstance(lines, Sequence) else ())]
    rows += [(kind, texts_of(tree[kind])) for kind in ("others", "automatic") if kind in tree]
    told = [{"kind": HEADER_KINDS[kind], "words": joined(texts)} for kind, texts in rows]
    about = "各校对栏目的叫法，一行意思相同；所有的表都认。"
    pages.list_of(HEADER_SHEET, HEADER_COLUMNS, ("表头叫法", about), told)

"""One cell of the definition workbook → the node that it stands for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kbxt_merge.intake.definitions.book.nodes import node_of
from kbxt_merge.intake.definitions.book.tables import Told
from kbxt_merge.intake.definitions.yaml_nodes import Fault
from kbxt_merge.model.definition_book.cell_texts import (
    Naming,
    Tree,
    conditions_of,
    parted,
    parted_lines,
    texts_of,
)
from kbxt_merge.model.definition_book.layout import Item, Kind
from kbxt_merge.model.definition_book.shown_names import TYPES_OFFERED, TYPES_SHOWN, ShownNames
from kbxt_merge.model.text import Words, nearest


@dataclass(frozen=True, slots=True)
class CellReader:
    """What the texts of a workbook's cells are read with; whatever it can't read becomes a fault of that cell."""

    book: str
    types: ShownNames
    faults: list[Fault]
    fields: ShownNames = field(default_factory=ShownNames)
    renamed: Mapping[str, str] = field(default_factory=dict)
    """Words that were values when the workbook was written, with what they are called now."""

    def node(self, item: Item, told: Told) -> Any:
        """The node that a cell of this column stands for."""
        return node_of(_READERS[item.kind](self, item, told), told.mark)

    def fault(self, told: Told, zh: str, en: str) -> None:
        """Note what is wrong with a cell."""
        self.faults.append(Fault(self.book, "", told.mark.line + 1, Words(zh, en), told.mark))

    def choice(self, told: Told, choices: Mapping[str, str]) -> str:
        """What YAML says for a choice that a cell shows."""
        text = told.text.strip()
        for name, shown in choices.items():
            if text in (shown, name):
                return name
        offered = list(dict.fromkeys(choices.values()))
        meant = nearest(text, offered)
        self.fault(
            told,
            f"没有“{text}”这一项，是否“{meant}”？" if meant else f"没有“{text}”这一项；可选：{'、'.join(offered)}",
            f"`{text}` is no choice here; there are: {', '.join(offered)}",
        )
        return text

    def conditions(self, told: Told, fields: ShownNames) -> Tree:
        """The conditions on fields that a cell tells."""
        read = self.pairs(
            told,
            "条件要写成“栏目=词”，几个词用、隔开，几个条件用；隔开，如 困难类型=其他",
            "conditions are written as field=value, several values parted by 、, several conditions by ；",
            fields.name,
        )
        return {name: [self.renamed.get(word, word) for word in words] for name, words in read.items()}

    def pairs(self, told: Told, zh: str, en: str, named: Naming = str) -> Mapping[str, Sequence[str]]:
        """What a cell sets equal, each name with its words; `zh` and `en` say how it is written where it is not so."""
        read = conditions_of(told.text, named)
        if read is None:
            self.fault(told, zh, en)
        return {name: texts_of(words) for name, words in (read or {}).items()}


def _flag(reader: CellReader, item: Item, told: Told) -> Tree:
    read = reader.choice(told, item.choices or {})
    return read == "true" if read in ("true", "false") else False


def _choice(reader: CellReader, item: Item, told: Told) -> Tree:
    read = reader.choice(told, item.choices or {})
    return True if read == "true" else read


def _type(reader: CellReader, item: Item, told: Told) -> Tree:
    text = told.text.strip()
    name = reader.types.name(text)
    if name in reader.types.shown or text in TYPES_SHOWN or text in TYPES_OFFERED:
        return name
    return reader.choice(told, {**{each: each for each in TYPES_OFFERED}, **reader.types.shown})


def _pairs(reader: CellReader, item: Item, told: Told) -> Tree:
    read = reader.pairs(told, "要写成“行名=标题”，几个用；隔开", "this is written as row=line, several parted by ；")
    return {name: "、".join(words) for name, words in read.items()}


def _groups(reader: CellReader, item: Item, told: Told) -> Tree:
    return reader.pairs(
        told,
        "要写成“词=其他写法”，几种写法用、隔开，几个词用；隔开；没有其他写法的写“词=”",
        "this is written as value=variants, variants parted by 、, values by ；",
    )


def _required(reader: CellReader, item: Item, told: Told) -> Tree:
    text = told.text.strip()
    if text in ("是", "否"):
        return text == "是"
    return {"when": reader.conditions(told, reader.fields)}


_READERS: Mapping[Kind, Callable[[CellReader, Item, Told], Tree]] = {
    Kind.TEXT: lambda reader, item, told: told.text,
    Kind.TEXTS: lambda reader, item, told: parted(told.text),
    Kind.LINES: lambda reader, item, told: parted_lines(told.text),
    Kind.FLAG: _flag,
    Kind.CHOICE: _choice,
    Kind.TYPE: _type,
    Kind.REQUIRED: _required,
    Kind.PAIRS: _pairs,
    Kind.GROUPS: _groups,
    Kind.CONDITIONS: lambda reader, item, told: reader.conditions(told, reader.fields),
    Kind.PAPER_OR_CODE: lambda reader, item, told: reader.fields.name(told.text.strip()),
}

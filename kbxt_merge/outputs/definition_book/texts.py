"""What YAML says as the text of one cell: the way back of `intake.definitions.book.cells`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from kbxt_merge.model.definition_book.cell_texts import Tree, conditions_text, joined, lines, texts_of
from kbxt_merge.model.definition_book.layout import Item, Kind
from kbxt_merge.model.definition_book.shown_names import CODES_SHOWN, TYPES_SHOWN, ShownNames


@dataclass(frozen=True, slots=True)
class CellTexts:
    """What names are shown as in the cells of one form."""

    types: ShownNames
    fields: ShownNames = field(default_factory=ShownNames)

    def text(self, item: Item, tree: Tree) -> str:
        """What the cell of this column shows; blank for nothing."""
        return "" if tree is None else _WRITERS[item.kind](self, item, tree)


def at_path(tree: Tree, path: str) -> Tree:
    """What stands under a key, or keys below one another; None where nothing does."""
    for key in path.split("."):
        if not isinstance(tree, Mapping):
            return None
        tree = tree.get(key)
    return tree


def words_of(tree: Tree, language: str) -> str:
    """A name in one language; one text for both is Chinese."""
    if isinstance(tree, Mapping):
        return str(tree.get(language, ""))
    return str(tree) if isinstance(tree, str) and language == "zh" else ""


def _choice(texts: CellTexts, item: Item, tree: Tree) -> str:
    name = str(tree).lower() if isinstance(tree, bool) else str(tree)
    return (item.choices or {}).get(name, name if name != "false" else "")


def _type(texts: CellTexts, item: Item, tree: Tree) -> str:
    name = str(tree)
    return TYPES_SHOWN.get(name) or texts.types.show(name)


def _required(texts: CellTexts, item: Item, tree: Tree) -> str:
    if isinstance(tree, bool):
        return "是" if tree else "否"
    when = at_path(tree, "when")
    return conditions_text(when, texts.fields.show) if isinstance(when, Mapping) else ""


def _conditions(texts: CellTexts, item: Item, tree: Tree) -> str:
    return conditions_text(tree, texts.fields.show) if isinstance(tree, Mapping) else ""


def _pairs(texts: CellTexts, item: Item, tree: Tree) -> str:
    return conditions_text(tree, str) if isinstance(tree, Mapping) else ""


def _paper_or_code(texts: CellTexts, item: Item, tree: Tree) -> str:
    return CODES_SHOWN.get(str(tree)) or texts.fields.show(str(tree))


_WRITERS: Mapping[Kind, Callable[[CellTexts, Item, Tree], str]] = {
    Kind.TEXT: lambda texts, item, tree: str(tree),
    Kind.TEXTS: lambda texts, item, tree: joined(texts_of(tree)),
    Kind.LINES: lambda texts, item, tree: lines(texts_of(tree)),
    Kind.FLAG: _choice,
    Kind.CHOICE: _choice,
    Kind.TYPE: _type,
    Kind.REQUIRED: _required,
    Kind.CONDITIONS: _conditions,
    Kind.PAIRS: _pairs,
    Kind.GROUPS: _pairs,
    Kind.PAPER_OR_CODE: _paper_or_code,
}

"""The sheet 其他设置: what has no sheet, line or column of its own, a row a value with the way to it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from kbxt_merge.model.definition_book.cell_texts import flattened
from kbxt_merge.model.definition_book.layout import OTHER_COLUMNS, OTHER_SHEET
from kbxt_merge.outputs.definition_book.pages import Pages


def write_others(pages: Pages, files: Collection[str]) -> None:
    """Write all of these files, and of the forms what their sheets have no place for."""
    rows = [*_of_files(pages, files), *_of_forms(pages)]
    told = [{"file": file, "path": " / ".join(path), "told": text} for file, path, text in rows]
    if told:
        pages.list_of(OTHER_SHEET, OTHER_COLUMNS, ("其他设置", "别处没有的设置，一行一项，一般不必改。"), told)


_Row = tuple[str, Sequence[str], str]


def _of_files(pages: Pages, files: Collection[str]) -> Iterator[_Row]:
    for name, tree in pages.made.trees.items():
        if name in files:
            yield from ((name, path, text) for path, text in flattened(tree))


def _of_forms(pages: Pages) -> Iterator[_Row]:
    for _, rows in pages.of_forms:
        if not rows.card:
            yield from ((f"{rows.file}.yaml", path, text) for path, text in rows.others())

"""How a sheet of Excel 97 and before looks where that says something: crossed out cells, the printed page."""

from __future__ import annotations

from typing import Any

from kbxt_merge.intake.formats.page_texts import page_texts

PAGE_RECORDS = frozenset({0x14, 0x15})
"""HEADER and FOOTER."""


def page_of(body: bytes) -> list[str]:
    """The texts of a HEADER or FOOTER record as Excel 97 writes it; an older one is all Latin, and names nobody."""
    if len(body) < 4 or not body[2] & 1:
        return []
    return page_texts(body[3 : 3 + 2 * int.from_bytes(body[:2], "little")].decode("utf-16-le", "replace"))


def struck_cells(sheet: Any, book: Any) -> frozenset[tuple[int, int]]:
    """The places of the cells all of whose letters are crossed out; `sheet` and `book` are xlrd's."""
    fonts = frozenset(at for at, font in enumerate(book.font_list) if font.struck_out)
    if not fonts:
        return frozenset()
    formats = frozenset(at for at, each in enumerate(book.xf_list) if each.font_index in fonts)
    return frozenset(
        (row, column)
        for row in range(sheet.nrows)
        for column in range(sheet.row_len(row))
        if _is_struck(
            sheet.cell_xf_index(row, column) in formats, sheet.rich_text_runlist_map.get((row, column)), fonts
        )
    )


def _is_struck(begins_struck: bool, runs: list[tuple[int, int]] | None, fonts: frozenset[int]) -> bool:
    """Whether all of a text is, whose letters have the cell's font until the first of its `runs` begins."""
    if not runs:
        return begins_struck
    return (begins_struck or runs[0][0] == 0) and all(font in fonts for _, font in runs)

"""What stands on a worksheet in no cell: the printed page's header and footer, and text boxes."""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape
from xml.etree import ElementTree

from kbxt_merge.intake.formats.damage import DAMAGE, Unreadable
from kbxt_merge.intake.formats.ooxml_package import Package, SheetPart
from kbxt_merge.intake.formats.page_texts import page_texts

_TAIL_BYTES = 1 << 18
"""So much of a worksheet's end is looked at: what is beside the cells is written behind them."""
_DRAWING_BYTES = 1 << 20
"""A larger drawing is pictures' and charts', and no text box."""

_PAGE = re.compile(rb"<(?:odd|even|first)(?:Header|Footer)(?: [^<>]*)?>([^<]*)</")
_PARAGRAPH, _TEXT = (f"{{http://schemas.openxmlformats.org/drawingml/2006/main}}{name}" for name in "pt")


def texts_beside(package: Package, part: SheetPart, xml: bytes) -> tuple[str, ...]:
    """The texts of the page's header and footer, section by section, then those of text boxes, line by line."""
    tail = xml[max(xml.rfind(b"</sheetData>"), len(xml) - _TAIL_BYTES, 0) :]
    page = _PAGE.findall(tail) if b"<headerFooter" in tail else []
    boxes = _text_boxes(package, part) if b"<drawing " in tail else ()
    return tuple(text for each in (*map(_sections, page), boxes) for text in each)


@lru_cache(maxsize=64)
def _sections(coded: bytes) -> list[str]:
    return page_texts(unescape(coded.decode("utf-8", "replace")))


def _text_boxes(package: Package, part: SheetPart) -> list[str]:
    """The lines of text in the sheet's drawings; a damaged drawing says nothing, and leaves the cells as they are."""
    try:
        trees = [ElementTree.fromstring(drawing) for drawing in package.drawings(part, _DRAWING_BYTES)]
    except (Unreadable, *DAMAGE):
        return []
    lines = (
        "".join(piece.text or "" for piece in each.iter(_TEXT)) for tree in trees for each in tree.iter(_PARAGRAPH)
    )
    return [line.strip() for line in lines if line.strip()]

"""The cells of a workbook in XML whose text is crossed out, as teachers delete a child without deleting the row."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from kbxt_merge.intake.formats.damage import DAMAGE
from kbxt_merge.model.cell import position

Places = frozenset[tuple[int, int]]

_CELL = re.compile(rb"<(?:\w+:)?c ([^<>]*)>")
_SHARED = re.compile(rb'<(?:\w+:)?c ([^<>]*\bt="s"[^<>]*)><(?:\w+:)?v>([0-9]+)</')
_INLINE = re.compile(rb'<c ([^<>]*\bt="inlineStr"[^<>]*)>(<is>(?:(?!</is>).)*<strike(?:(?!</is>).)*</is>)', re.S)
_ADDRESS = re.compile(rb'\br="([A-Z]{1,3}[1-9][0-9]{0,6})"')
_OFF = ("0", "false", "off")


def struck_styles(styles: bytes) -> frozenset[bytes]:
    """The numbers of the cell formats whose font is crossed out; none where the styles are damaged."""
    if b"strike" not in styles:
        return frozenset()
    tree = _tree(styles)
    fonts = [any(map(_strikes, font)) for font in tree.iterfind("{*}fonts/{*}font")]
    formats = [int(each.get("fontId", 0)) for each in tree.iterfind("{*}cellXfs/{*}xf")]
    return frozenset(b"%d" % at for at, font in enumerate(formats) if font < len(fonts) and fonts[font])


def struck_strings(strings: bytes) -> frozenset[bytes]:
    """The numbers of the shared strings all of whose letters are crossed out; none where the strings are damaged."""
    found = _tree(strings).iterfind("{*}si") if b"strike" in strings else ()
    return frozenset(b"%d" % at for at, each in enumerate(found) if _is_struck(each))


def struck_cells(xml: bytes, styles: frozenset[bytes], strings: frozenset[bytes] = frozenset()) -> Places:
    """The places of a worksheet's cells that have one of these formats, or hold one of these shared strings."""
    found: list[bytes] = []
    if styles:
        has_style = re.compile(rb'\bs="(?:%s)"' % b"|".join(sorted(styles)))
        found += (cell for cell in _CELL.findall(xml) if has_style.search(cell))
    if strings:
        found += (cell for cell, string in _SHARED.findall(xml) if string in strings)
    if b"<strike" in xml:
        found += (cell for cell, text in _INLINE.findall(xml) if _is_struck(_tree(text)))
    places = (_ADDRESS.search(cell) for cell in found)
    return frozenset(position(each[1].decode()) for each in places if each)


def _tree(xml: bytes) -> ElementTree.Element:
    """The part's tree, an empty one where it is damaged: a reader that needs the part tells of that."""
    try:
        return ElementTree.fromstring(xml)
    except DAMAGE:
        return ElementTree.Element("damaged")


def _is_struck(string: ElementTree.Element) -> bool:
    runs = [run for run in string.iterfind("{*}r") if (run.findtext("{*}t") or "").strip()]
    return bool(runs) and all(any(map(_strikes, run.iterfind("{*}rPr/*"))) for run in runs)


def _strikes(element: ElementTree.Element) -> bool:
    return element.tag.rpartition("}")[2] == "strike" and element.get("val", "1") not in _OFF

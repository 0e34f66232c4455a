"""The cells of a workbook in XML whose text is crossed out, as teachers delete a child without deleting the row."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from kbxt_merge.intake.formats.damage import DAMAGE
from kbxt_merge.model.cell import position

Places = frozenset[tuple[int, int]]

_CELL = re.compile(rb"<(?:\w+:)?c ([^<>]*)>")
_ADDRESS = re.compile(rb'\br="([A-Z]{1,3}[1-9][0-9]{0,6})"')
_OFF = ("0", "false", "off")


def struck_styles(styles: bytes) -> frozenset[bytes]:
    """The numbers of the cell formats whose font is crossed out; none where the styles are damaged."""
    if b"strike" not in styles:
        return frozenset()
    try:
        tree = ElementTree.fromstring(styles)
    except DAMAGE:
        return frozenset()  # a reader that needs the styles tells of the damage
    fonts = [any(map(_strikes, font)) for font in tree.iterfind("{*}fonts/{*}font")]
    formats = [int(each.get("fontId", 0)) for each in tree.iterfind("{*}cellXfs/{*}xf")]
    return frozenset(b"%d" % at for at, font in enumerate(formats) if font < len(fonts) and fonts[font])


def struck_cells(xml: bytes, styles: frozenset[bytes]) -> Places:
    """The places of a worksheet's cells that have one of these formats."""
    if not styles:
        return frozenset()
    has_style = re.compile(rb'\bs="(?:%s)"' % b"|".join(sorted(styles)))
    found = (_ADDRESS.search(cell) for cell in _CELL.findall(xml) if has_style.search(cell))
    return frozenset(position(each[1].decode()) for each in found if each)


def _strikes(element: ElementTree.Element) -> bool:
    return element.tag.endswith("}strike") and element.get("val", "1") not in _OFF

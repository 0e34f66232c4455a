"""The styles part of a workbook: a cell's format again, with another fill."""

from __future__ import annotations

import copy
from functools import cached_property

from lxml import etree

from kbxt_merge.model.rule_card import Severity
from kbxt_merge.outputs.returned.book import STYLES_TYPE, Book
from kbxt_merge.outputs.returned.package import Element

FILLS = {Severity.ERROR: "FFFFC8CD", Severity.WARNING: "FFFFEC9B", Severity.INFO: "FFE3EEF7"}
"""ARGB. No palette of an office program has exactly these, so a fill of these is a mark of ours in any round."""

_DEFAULT = """<styleSheet xmlns="{}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>
<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>
<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>
<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs></styleSheet>"""
"""What a workbook without styles means."""


class Styles:
    """A workbook's cell formats, known by their numbers; a format is added only where none is the same."""

    def __init__(self, book: Book) -> None:
        """Find the styles, or give the workbook the default ones."""
        part = book.package.related(book.part, "styles")
        if part is None or part not in book.package:
            part = book.package.free_name("xl/kbxtStyles{}.xml")
            book.package.add(part, _DEFAULT.format(book.main).encode(), STYLES_TYPE)
            book.package.relate(book.part, f"{book.office}/styles", part)
        self._book = book
        self._part = part

    @property
    def _tree(self) -> Element:
        return self._book.package.tree(self._part)

    def _list(self, name: str) -> Element:
        """The list of this name, made where it is missing: fonts, fills, borders and formats stand in this order."""
        found = self._tree.find(self._book.tag(name))
        if found is None:
            order = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs")
            before = [self._tree.find(self._book.tag(each)) for each in order[: order.index(name)]]
            found = etree.Element(self._book.tag(name))
            self._tree.insert(sum(each is not None for each in before), found)
        return found

    @cached_property
    def _known(self) -> dict[str, dict[str, int]]:
        return {}

    def _number(self, name: str, element: Element) -> int:
        """The place of an equal element in the list of this name, added where there is none."""
        known = self._known.setdefault(name, {})
        listed = self._list(name)
        if not known:
            known.update({_key(each): place for place, each in reversed(list(enumerate(listed)))})
        key = _key(element)
        if key not in known:
            self._book.package.edit(self._part)
            known[key] = len(listed)
            listed.append(element)
            listed.set("count", str(len(listed)))
        return known[key]

    def _format(self, number: int) -> Element:
        formats = self._list("cellXfs")
        if number < len(formats):
            return copy.deepcopy(formats[number])
        return etree.Element(self._book.tag("xf"), numFmtId="0", fontId="0", fillId="0", borderId="0", xfId="0")

    def fill(self, number: int) -> str:
        """The fill of a format as XML; blank where the cell has none."""
        fills = self._list("fills")
        place = int(self._format(number).get("fillId", "0"))
        if place >= len(fills) or _is_none(fills[place]):
            return ""
        return _bare(fills[place])

    def filled(self, number: int, fill: str) -> int:
        """The number of the same format with this fill (XML; blank: none)."""
        changed = self._format(number)
        changed.set("fillId", str(self._number("fills", etree.fromstring(fill)) if fill else self._no_fill()))
        changed.set("applyFill", "1")
        return self._number("cellXfs", changed)

    def marked(self, number: int, severity: Severity) -> int:
        """The number of the same format with the severity's fill."""
        return self.filled(number, etree.tostring(self._solid(FILLS[severity])).decode())

    def marks(self) -> set[int]:
        """The numbers of the formats whose fill is a mark of ours."""
        fills = {place for place, each in enumerate(self._list("fills")) if self._is_mark(each)}
        return {i for i, each in enumerate(self._list("cellXfs")) if int(each.get("fillId", "0")) in fills}

    def added(
        self, font: str = "", fill: str = "", border: bool = False, alignment: dict[str, str] | None = None
    ) -> int:
        """The number of a format of ours: `font` is the inside of a font, `fill` an ARGB colour."""
        changed = etree.Element(self._book.tag("xf"), numFmtId="0", fontId="0", fillId="0", borderId="0", xfId="0")
        if font:
            element = etree.fromstring(f'<font xmlns="{self._book.main}">{font}</font>')
            changed.set("fontId", str(self._number("fonts", element)))
            changed.set("applyFont", "1")
        if fill:
            changed.set("fillId", str(self._number("fills", self._solid(fill))))
            changed.set("applyFill", "1")
        if border:
            changed.set("borderId", str(self._number("borders", self._thin_border())))
            changed.set("applyBorder", "1")
        if alignment:
            etree.SubElement(changed, self._book.tag("alignment"), alignment)
            changed.set("applyAlignment", "1")
        return self._number("cellXfs", changed)

    def _no_fill(self) -> int:
        """The number of the fill that is none: the first, by the standard, unless a writer thought otherwise."""
        found = next((place for place, each in enumerate(self._list("fills")) if _is_none(each)), None)
        if found is not None:
            return found
        fill = self._book.root("fill")
        etree.SubElement(fill, self._book.tag("patternFill"), patternType="none")
        return self._number("fills", fill)

    def _solid(self, colour: str) -> Element:
        fill = self._book.root("fill")
        pattern = etree.SubElement(fill, self._book.tag("patternFill"), patternType="solid")
        etree.SubElement(pattern, self._book.tag("fgColor"), rgb=colour)
        etree.SubElement(pattern, self._book.tag("bgColor"), indexed="64")
        return fill

    def _thin_border(self) -> Element:
        border = etree.Element(self._book.tag("border"))
        for side in ("left", "right", "top", "bottom"):
            line = etree.SubElement(border, self._book.tag(side), style="thin")
            etree.SubElement(line, self._book.tag("color"), rgb="FFBFBFBF")
        etree.SubElement(border, self._book.tag("diagonal"))
        return border

    def _is_mark(self, fill: Element) -> bool:
        colours = (each.get("rgb", "").upper() for each in fill.iter(self._book.tag("fgColor")))
        return any(colour in FILLS.values() for colour in colours)


def _is_none(fill: Element) -> bool:
    """Whether a fill leaves the cell as the paper is."""
    pattern = next(iter(fill), None)
    name = "" if pattern is None else etree.QName(pattern).localname
    return pattern is None or (name == "patternFill" and pattern.get("patternType", "none") == "none")


def _bare(element: Element) -> str:
    """An element as XML of its own, without the name spaces that only its surroundings need."""
    alone = copy.deepcopy(element)
    alone.tail = None
    etree.cleanup_namespaces(alone)
    return etree.tostring(alone, encoding="unicode")


def _key(element: Element) -> str:
    """What an element says, whatever the prefixes of its name spaces."""
    inside = "".join(_key(each) for each in element)
    return f"<{element.tag} {sorted(element.items())} {(element.text or '').strip()}{inside}>"
